"""Answers become a file to hand on: what still holds of them, in the desk's words, in the form that was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from assistant import wording
from assistant.verify import still_holds
from cite.export import (
    Exchange,
    Original,
    Transcript,
    pack_originals,
    pack_transcripts,
    write_docx,
    write_markdown,
)
from core.errors import UnknownNoticeError, UsageError
from core.types import Answer, Citation, SentenceKind
from store.catalogue import Catalogue
from store.originals import find_originals

ENDINGS = (".docx", ".md", ".zip")


def export(
    catalogue: Catalogue, asked: Iterable[tuple[str, Answer]], file: Path, style: str, *, address: str = ""
) -> None:
    """Write questions with their answers to a file: .docx, .md, or the cited originals as .zip.

    Raises UsageError where the name has another ending, before anything is asked, or cannot be written.
    """
    if file.suffix.lower() not in ENDINGS:
        raise UsageError(f"{file}: it is not known what to export", f"Give a name that ends in {', '.join(ENDINGS)}.")
    exchanges = [make_exchange(catalogue, question, answer) for question, answer in asked]
    content = write_export(catalogue, exchanges, file.suffix.lower(), style, address=address)
    try:
        file.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{file}: it cannot be written ({error.strerror})", "Check the path.") from error


def write_export(
    catalogue: Catalogue, exchanges: Sequence[Exchange], ending: str, style: str, *, address: str = ""
) -> bytes:
    """The bytes of a file with this ending, one of ENDINGS; without exchanges that says nothing."""
    language = exchanges[0].answer.language if exchanges else "en"
    if ending == ".zip":
        return pack_originals(collect_originals(catalogue, exchanges), style, language=language)
    title = wording.say_export_title(language)
    if ending == ".md":
        return write_markdown(exchanges, style, said=wording, title=title, address=address).encode()
    return write_docx(exchanges, style, said=wording, title=title, address=address)


def export_conversations(
    catalogue: Catalogue,
    conversations: Iterable[tuple[str, str, Iterable[tuple[str, Answer]]]],
    style: str,
    *,
    address: str = "",
) -> bytes:
    """A .zip of conversations as Markdown; each is its title, its day as ISO 8601, its questions with answers."""
    transcripts = (
        Transcript(title, day, tuple(make_exchange(catalogue, question, answer) for question, answer in asked))
        for title, day, asked in conversations
    )
    return pack_transcripts(transcripts, style, said=wording, address=address)


def make_exchange(catalogue: Catalogue, question: str, answer: Answer) -> Exchange:
    """A question and its answer with the citations that still hold; a sentence without one will be left out."""
    holding = tuple(citation for citation in answer.citations if still_holds(catalogue, citation))
    held = replace(answer, citations=holding)
    return Exchange(question, held, _find_heads(catalogue, held))


def collect_originals(catalogue: Catalogue, exchanges: Sequence[Exchange]) -> list[Original]:
    """Each notice that is cited, in the order of its first citation, with all that is quoted of it."""
    cited: dict[str, dict[Citation, None]] = {}
    for exchange in exchanges:
        for citation in exchange.answer.citations:
            cited.setdefault(citation.card.notice_id, {}).setdefault(replace(citation, label=0))
    files = find_originals(catalogue, cited)
    originals = []
    for notice_id, citations in cited.items():
        try:
            notice = catalogue.notice(notice_id)
        except UnknownNoticeError:
            continue
        file = files.get(notice_id)
        path, content = (file.path, file.content) if file else (notice.card.path, None)
        originals.append(Original(path, content, notice.text, notice.card, tuple(citations)))
    return originals


def _find_heads(catalogue: Catalogue, answer: Answer) -> frozenset[int]:
    """The labels of the table rows that are the first of their table."""
    rows = {label for s in answer.sentences if s.kind is SentenceKind.row for label in s.labels}
    return frozenset(
        citation.label
        for citation in answer.citations
        if citation.label in rows
        for row in catalogue.sentences(citation.card.notice_id, citation.span)
        if row.span == citation.span and row.kind is SentenceKind.row and row.head is None
    )
