"""The log of the desk as lines of JSON on stderr, one an event, without words of people unless they are wanted."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from dataclasses import fields
from datetime import UTC, datetime

from core.events import WORDS, Event, current_request, listen
from core.version import VERSION


class JsonLines(logging.Formatter):
    """A record as one line of JSON in ASCII, whatever is in it: at, level, event, version, request, and its values.

    Without `with_words` questions and answers are left out, and of an error nobody foresaw all but its class and place.
    """

    def __init__(self, *, with_words: bool) -> None:
        super().__init__()
        self._with_words = with_words

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        event = record.msg
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": event.name if isinstance(event, Event) else "message",
            "version": VERSION,
        }
        if request := current_request():
            line["request"] = request
        line |= self._read_event(event) if isinstance(event, Event) else self._read_message(record)
        # With ASCII only, nothing in a name ends the line or commands a terminal.
        return json.dumps(line, default=str)

    def _read_event(self, event: Event) -> dict[str, object]:
        told = [part.name for part in fields(event) if self._with_words or not part.metadata.get(WORDS)]
        values = {name: getattr(event, name) for name in told}
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}

    def _read_message(self, record: logging.LogRecord) -> dict[str, object]:
        kind, error, trace = record.exc_info or (None, None, None)
        told: dict[str, object] = {"logger": record.name}
        # What an error of a library says may repeat what was asked.
        if error is None or self._with_words:
            told["message"] = record.getMessage()
        if kind is not None:
            told["error"] = kind.__name__
            told["where"] = [f"{step.filename}:{step.lineno} {step.name}" for step in traceback.extract_tb(trace)]
        return told


def start_logs(kind: str, *, with_words: bool) -> None:
    """Write lines of JSON from now on where `kind` is "json"; for a process, once, at its start.

    With any other kind the logs of Python stay as they are, and events are not written.
    """
    if kind != "json":
        return
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(JsonLines(with_words=with_words))
    lines.setLevel(logging.INFO)
    logging.getLogger().addHandler(lines)
    listen(lines)
