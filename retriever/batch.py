"""The files of questions that the command lines take, and the lines that they write."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from core.errors import UsageError

LATEST_YEAR = 9999
# Halves of characters, which no UTF-8 holds, and what some readers take for the end of a line.
_UNSAFE = re.compile("[\ud800-\udfff\x85\u2028\u2029]")


def read_year(written: str) -> int:
    """A year from the command line; raises ArgumentTypeError for what is none."""
    if not written.isdecimal() or not 1 <= int(written[:9]) <= LATEST_YEAR:
        raise argparse.ArgumentTypeError(f"{written!r} is no year such as 2023")
    return int(written)


class Turn(BaseModel):
    """An earlier turn of a conversation with its answer."""

    model_config = ConfigDict(extra="ignore")

    question: str
    answer: str = ""


class Asked(BaseModel):
    """A question of a file: `history` holds earlier questions, with their answers or without."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str = ""
    question: str
    history: list[str | Turn] | None = None
    year: int | None = Field(default=None, ge=1, le=LATEST_YEAR)

    @field_validator("question")
    @classmethod
    def _has_words(cls, question: str) -> str:
        if not any(character.isalnum() for character in question):
            raise ValueError("the question is empty")
        return question

    @property
    def earlier(self) -> list[str]:
        """The earlier questions, oldest first."""
        return [turn if isinstance(turn, str) else turn.question for turn in self.history or []]


def read_asked(file: Path | None, question: str | None) -> list[Asked]:
    """The questions of a JSON Lines file, or the one question; raises UsageError that names the line."""
    if file is None:
        return [Asked.model_construct(question=question or "", id="", history=None, year=None)]
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: it cannot be read ({error})", "Check the path; the file must be UTF-8.") from error
    asked: list[Asked] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            asked.append(Asked.model_validate_json(line))
        except ValidationError as error:
            fault = error.errors()[0]
            raise UsageError(
                f"{file}, line {number}: {fault['msg']}", 'Each line is JSON such as {"id": "1", "question": "…"}.'
            ) from error
    return asked


def read_year_filter(year: int | None, first: int | None, last: int | None, known: Iterable[int]) -> tuple[int, ...]:
    """The years that --year, --from and --to leave, of those `known`; () where none is given.

    Raises UsageError where the range is upside down.
    """
    if year is not None:
        return (year,)
    if first is None and last is None:
        return ()
    if first is not None and last is not None and first > last:
        raise UsageError(f"--from {first} is later than --to {last}", "Turn them round.")
    low, high = 1 if first is None else first, LATEST_YEAR if last is None else last
    kept = tuple(sorted({y for y in known if low <= y <= high}))
    # A range without notices must exclude everything, not nothing: keep one of its ends.
    return kept or (first if first is not None else high,)


def write_lines(lines: Iterable[dict[str, object]], file: Path | None) -> None:
    """Write JSON Lines to a file or to stdout, each as soon as it is there; raises UsageError."""
    if file is None:
        for line in lines:
            print(_write_line(line), flush=True)
        return
    try:
        with file.open("w", encoding="utf-8") as stream:
            for line in lines:
                stream.write(_write_line(line) + "\n")
    except OSError as error:
        raise UsageError(f"{file}: it cannot be written ({error.strerror})", "Check the path.") from error


def _write_line(line: dict[str, object]) -> str:
    """One line of JSON that any program can read as one, whatever a user typed."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", json.dumps(line, ensure_ascii=False))
