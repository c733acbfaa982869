"""What a program may ask of the desk, each verb over the rooms that the page uses, told as the commands tell it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from assistant.chat import Chat, open_chat
from assistant.checking import check_draft
from assistant.citing import cite_span, read_span
from assistant.fields import list_answer, list_sentence
from assistant.manuscript import read_manuscript
from assistant.marking import as_json
from assistant.spans import open_tracing
from assistant.tracing import Tracing
from assistant.watched import ask_watched
from cite.styles import write_plain
from core.errors import UsageError
from core.settings import Settings
from core.types import Answer, NoticeCard, Span
from ingest.listing import list_notices
from retriever.batch import read_year_filter
from retriever.listing import list_changes, list_hits, list_obligations
from serving.asked import AskBody, ChangesQuery, Listing, Narrowed, NoticesQuery, RequirementsQuery, SearchBody
from store.archive import Archive
from store.embedder import Embedder
from store.shelf import Scope

Line = dict[str, object]
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Verbs:
    """The verbs over one archive; safe from many threads. Each looks at the notices as they are when it begins."""

    archive: Archive
    chat: Chat | None = None
    tracing: Tracing | None = None

    def close(self) -> None:
        """Release the files, and send the traces that are left."""
        self.archive.close()
        if self.tracing is not None:
            self.tracing.close()

    def count(self) -> int:
        """How many notices there are; raises StaleIndexError where the desk could not answer from them, StoreError."""
        self.archive.reach()
        self._look().check_model()
        return len(self.archive.shelf.cards)

    def ask(self, body: AskBody) -> Line:
        """The answer; raises UsageError, also where no notice is of the issuer, and StaleIndexError."""
        return list(self.ask_in_steps(body))[-1]

    def ask_in_steps(self, body: AskBody) -> Iterator[Line]:
        """Each sentence once it is proved, then the answer, which replaces them; raises as `ask`."""
        started = time.perf_counter()
        years = self._read_years(body, self._years_of_notices())
        self._find_issuer(body.issuer, years)
        steps = ask_watched(
            self.archive,
            body.question,
            body.earlier,
            years=years,
            issuer=body.issuer,
            chat=self.chat,
            tracing=self.tracing,
        )
        for step in steps:
            if isinstance(step, Answer):
                told = replace(step, language=body.language or step.language)
                yield list_answer("", body.question, told, time.perf_counter() - started)
            else:
                yield list_sentence(step)

    def search(self, body: SearchBody) -> Line:
        """The passages that fit best; raises UsageError, StaleIndexError."""
        years = self._read_years(body, self._years_of_notices())
        return list_hits(self.archive, body.as_asked(), years, body.issuer, body.k)

    def list_notices(self, asked: NoticesQuery) -> Line:
        """The cards of notices, oldest first."""
        words = asked.words.casefold().split()
        years = () if asked.year is None else (asked.year,)
        cards = self._look().shelf.cards_in(Scope(years, issuer=asked.issuer))
        kept = [card for card in cards if all(word in _name(card) for word in words)]
        return {"total": len(kept), "notices": list(list_notices(self.archive.catalogue, _cut(kept, asked)))}

    def read_notice(self, notice_id: str, *, with_text: bool) -> Line:
        """A notice's card, and its text; raises UnknownNoticeError."""
        notice = self._look().catalogue.notice(notice_id)
        (line,) = list_notices(self.archive.catalogue, [notice.card])
        return {**line, "text": notice.text if with_text else None}

    def list_requirements(self, asked: RequirementsQuery, notice_id: str | None = None) -> Line:
        """What was required, of one notice or of all; raises UnknownNoticeError, UsageError, StaleIndexError."""
        if notice_id is not None:
            self._look().catalogue.card(notice_id)
        years = self._read_years(asked, self._look().catalogue.obligation_years())
        as_of = asked.as_of.isoformat() if asked.as_of else ""
        lines = list_obligations(self.archive, years, asked.issuer, as_of, asked.topic)
        kept = [line for line in lines if notice_id in (None, line["notice_id"])]
        return {"total": len(kept), "requirements": _cut(kept, asked)}

    def list_changes(self, asked: ChangesQuery) -> Line:
        """What changed between two years; raises UsageError where the first is not the earlier one."""
        if asked.first >= asked.last:
            raise UsageError(f"{asked.first} does not come before {asked.last}", "Give the earlier year as `from`.")
        lines = list(list_changes(self._look(), asked.first, asked.last, asked.issuer, asked.topic))
        return {"total": len(lines), "changes": _cut(lines, asked)}

    def cite(self, notice_id: str, span: str | None, style: str) -> Line:
        """A citation of a notice, or of a span START-END; raises UnknownNoticeError, UsageError."""
        catalogue = self._look().catalogue
        text = catalogue.text(notice_id)
        return {
            "notice_id": notice_id,
            "style": style,
            "citation": cite_span(catalogue, notice_id, span, style),
            "quote": "" if span is None else read_span(span, len(text)).of(text),
        }

    def check(self, draft: str) -> Line:
        """The statements of a draft, held against the notices; raises UsageError, StaleIndexError."""
        return {"statements": [as_json(checked) for checked in check_draft(self._look(), read_manuscript(draft))]}

    def refer(self, lines: Iterable[Mapping[str, object]]) -> list[Line]:
        """A citation in the plain style for each span that these lines name, once; raises UnknownNoticeError."""
        spans = dict.fromkeys((str(line["notice_id"]), line["start"], line["end"]) for line in lines)
        known = {name: self.archive.catalogue.notice(name) for name in {name for name, _, _ in spans}}
        return [
            {
                "notice_id": name,
                "start": start,
                "end": end,
                "citation": write_plain(known[name].card, known[name].locate(Span(int(str(start)), int(str(end))))),
            }
            for name, start, end in spans
        ]

    def _find_issuer(self, issuer: str, years: Sequence[int]) -> None:
        """Raise UsageError where a desk with notices has none of an issuer: the answer would call the desk empty."""
        shelf = self.archive.shelf
        if issuer and shelf.cards and not shelf.keep(Scope(tuple(years), issuer=issuer)):
            when = " of these years" if years else ""
            raise UsageError(
                f"no notice{when} is of an issuer with {issuer!r} in its name",
                "The list of notices has their issuers; give a part of one's name, or none.",
            )

    def _look(self) -> Archive:
        self.archive.refresh()
        return self.archive

    def _years_of_notices(self) -> list[int]:
        return [card.year for card in self._look().shelf.cards.values() if card.year is not None]

    def _read_years(self, asked: Narrowed, known: Iterable[int]) -> tuple[int, ...]:
        if asked.first is not None and asked.last is not None and asked.first > asked.last:
            raise UsageError(f"{asked.first} is later than {asked.last}", "Turn them round.")
        return read_year_filter(asked.year, asked.first, asked.last, known)


def open_verbs(settings: Settings) -> Verbs:
    """The verbs over the store that the settings name; raises BrokenStoreError, MissingModelError."""
    key = settings.chat_key.get_secret_value() if settings.chat_key else ""
    chat = open_chat(
        settings.chat_model, url=settings.chat_url, key=key, seconds=settings.chat_timeout, tokens=settings.chat_tokens
    )
    tracing = open_tracing(settings.otlp_endpoint, with_words=settings.log_questions)
    return Verbs(Archive(settings.place, Embedder(settings.embedding_model)), chat, tracing)


def _name(card: NoticeCard) -> str:
    return f"{card.title}\n{card.issuer}\n{card.number}".casefold()


def _cut(lines: Sequence[_Item], asked: Listing) -> Sequence[_Item]:
    return lines[asked.offset : asked.offset + asked.limit]
