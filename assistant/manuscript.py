"""A draft's text in, its statements out: what it quotes, and what it claims with a citation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.paragraphs import QUOTED_LINE, split_blocks, split_sentences, trim
from assistant.quotations import join_paragraphs
from assistant.references import Reference, ReferenceKind, find_definitions, find_references
from assistant.word_draft import read_word
from core.errors import IngestError, UsageError
from core.types import Span
from store.words import CJK, has_chinese, name_language

LONGEST_DRAFT = 200_000
MOST_STATEMENTS = 1000
_LARGEST_FILE = 20_000_000
_SPLIT_IT = "Check it in parts of at most {} characters, for example a chapter at a time."
_ENDINGS = (".txt", ".md", ".docx")
_OPENING, _CLOSING = '“「『«‘"', '”」』»’"'
# Fewer words, or Chinese characters, between quotation marks are a term; single marks need more of them.
_FEWEST_WORDS, _FEWEST_HAN = 3, 7
_FEWEST_SINGLE, _FEWEST_SINGLE_HAN = 5, 10
_FEWEST_CLAIMED = 3
# More than a term has.
_MOST_TERM, _MOST_TERM_HAN = 6, 14
_ATTRIBUTED = re.compile(r"^[ \t>]*(?:[—–]{1,2}|--)[ \t]*\S", re.MULTILINE)
_LED_IN = re.compile(r"[:：][ \t]*$")
_CLAUSE = re.compile(
    r"第\s?[零一二三四五六七八九十百\d]+\s?条|\b(?:[Ss]ection|[Aa]rticle|[Cc]lause|[Rr]egulation)\s\d+[A-Z]?(?:\(\w{1,4}\))*"
)
_IN_BRACKETS = re.compile(r"[（(][^（()）]{0,300}[)）]")
_LAST_MARK = re.compile(r"[.。！？!?；;]\s*$")
# A figure that is no part of a name or a date.
_FIGURED = re.compile(r"\d+(?:[.,]\d+)*\s?(?:[%％‰]|[个所名人万亿元项次天小]|(?!\d|[年月日号条款章])\s*[a-z]{3,})")
_RESTS = re.compile(r"[\s,，。.;；:：、()（）]*")


class StatementKind(StrEnum):
    """What a draft does: it quotes, or it claims in its own words."""

    quotation = "quotation"
    claim = "claim"


@dataclass(frozen=True, slots=True)
class Statement:
    """What is to be checked: its words, their span in the draft, and where the draft names what they are from."""

    kind: StatementKind
    text: str
    span: Span
    references: tuple[Reference, ...] = ()
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A draft as text, with its statements in order; all spans are code points of `text`."""

    text: str
    language: str
    statements: tuple[Statement, ...]


def open_manuscript(path: Path) -> Manuscript:
    """A draft in a .txt, .md or .docx file.

    Raises UsageError for one that cannot be read, or is too long.
    """
    if path.suffix.lower() not in _ENDINGS:
        raise UsageError(f"{path}: a draft is a file {', '.join(_ENDINGS)}", "Save it as one of these.")
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise UsageError(f"{path}: the file is too large", _SPLIT_IT.format(LONGEST_DRAFT))
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: the draft cannot be read ({error.strerror})", "Check the path.") from error
    return read_manuscript(read_draft(path.name, content))


def read_draft(name: str, content: bytes) -> str:
    """The text of a draft's file by its name and bytes; raises UsageError where it cannot be read."""
    if name.lower().endswith(".docx"):
        try:
            return read_word(name, content)
        except IngestError as error:
            raise UsageError(str(error), error.help) from error
        except Exception as error:
            # Damage shows in zipfile, zlib and lxml as a dozen kinds of exception.
            raise UsageError(f"{name}: the Word file is damaged", "Save a fresh copy of it in Word.") from error
    for encoding in ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UsageError(f"{name}: its encoding is not known", "Save it with the encoding UTF-8.")


def read_manuscript(text: str) -> Manuscript:
    """The statements of a draft's text, in order; raises UsageError above 200,000 characters or
    1,000 statements.

    What stands between quotation marks or in a block quote is a quotation; a term of a word or two, or a title
    in 《》, is none, but where a citation stands with it. Any other sentence with a citation is a claim.
    """
    if len(text) > LONGEST_DRAFT:
        raise UsageError(
            f"the draft has {len(text):,} characters; {LONGEST_DRAFT:,} can be checked at once",
            _SPLIT_IT.format(LONGEST_DRAFT),
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    notes = find_definitions(text)
    found: list[Statement] = []
    before: tuple[Reference, ...] = ()
    blocks = list(split_blocks(text))
    for block, quoted in zip(blocks, join_paragraphs(text, blocks), strict=True):
        if QUOTED_LINE.match(text, block.start):
            found += _read_block_quote(text, block, notes, before)
            before = ()
        else:
            sentences = list(split_sentences(text, block, quoted))
            defined = any(span.start <= block.start < span.end for span, _ in notes.values())
            for sentence in sentences:
                found += _read_sentence(text, sentence, quoted, notes, defined)
            last = sentences[-1] if sentences else block
            led_in = _LED_IN.search(last.of(text)) is not None
            before = tuple(find_references(text, last.start, last.end, notes)) if led_in else ()
    if len(found) > MOST_STATEMENTS:
        raise UsageError(
            f"the draft has {len(found):,} quotations and claims; {MOST_STATEMENTS:,} can be checked at once",
            _SPLIT_IT.format(LONGEST_DRAFT),
        )
    return Manuscript(text, name_language(text), tuple(sorted(found, key=lambda one: (one.span, one.kind))))


def _read_sentence(
    text: str, sentence: Span, quoted: Sequence[Span], notes: Mapping[str, tuple[Span, str]], defined: bool
) -> Iterator[Statement]:
    """The quotations of a sentence, each with the references beside it; or the sentence as a claim with its own."""
    inside = [span for span in quoted if sentence.start <= span.start < sentence.end]
    outside = find_references(text, sentence.start, sentence.end, notes)
    outside = [one for one in outside if not any(span.overlaps(one.span) for span in inside) or _is_whole(one, inside)]
    titles = {one.span for one in outside if one.kind is ReferenceKind.titled}
    checked = [
        span
        for span in inside
        if not any(title.overlaps(span) for title in titles) and _is_quotation(text, span, bool(outside))
    ]
    for place, span in enumerate(checked):
        beside = _choose_beside(checked, place, outside) if len(checked) > 1 else outside
        clause = _find_clause(text[sentence.start : span.start]) or _find_clause(text[span.end : sentence.end])
        yield Statement(StatementKind.quotation, span.of(text).strip(), span, tuple(beside), clause)
    said = _RESTS.sub("", _without(text, sentence, [one.span for one in outside]))
    long_enough = (
        len(said) >= 4 if has_chinese(said) else len(_without(text, sentence, titles).split()) > _FEWEST_CLAIMED
    )
    only_terms = not any(_is_long(span.of(text)) for span in checked) or _says_more(text, sentence, checked, outside)
    if outside and not defined and long_enough and only_terms:
        yield Statement(StatementKind.claim, sentence.of(text), sentence, tuple(outside))


def _find_clause(words: str) -> str:
    """The last clause that some words name: 第十八条, Section 5(1); '' where they name none."""
    named = _CLAUSE.findall(words)
    return " ".join(str(named[-1]).split()) if named else ""


def _says_more(text: str, sentence: Span, quoted: Sequence[Span], outside: Sequence[Reference]) -> bool:
    """Whether a sentence states something with the terms that it quotes: it goes on behind them, or has a figure."""
    if any(_LAST_MARK.search(words) or not _is_term(words) for words in (span.of(text) for span in quoted)):
        return False
    last = max(span.end for span in quoted)
    behind = _without(text, Span(last, sentence.end), [one.span for one in outside if one.span.start >= last])
    ahead = Span(sentence.start, quoted[0].start)
    before = _without(text, ahead, [one.span for one in outside if ahead.holds(one.span)])
    behind = _IN_BRACKETS.sub(" ", behind)
    few = _FEWEST_HAN - 1 if has_chinese(behind) else _FEWEST_WORDS
    return _count(behind) > few or _FIGURED.search(before) is not None


def _is_whole(reference: Reference, inside: Sequence[Span]) -> bool:
    """Whether a reference is a title in quotation marks, not one within what is quoted."""
    return reference.kind is ReferenceKind.titled and any(
        reference.span.start == span.start - 1 and reference.span.end == span.end + 1 for span in inside
    )


def _without(text: str, sentence: Span, spans: Sequence[Span] | set[Span]) -> str:
    parts, at = [], sentence.start
    for span in sorted(spans):
        parts.append(text[at : max(at, span.start)])
        at = max(at, span.end)
    return "".join([*parts, text[at : sentence.end]])


def _choose_beside(spans: Sequence[Span], place: int, references: Sequence[Reference]) -> list[Reference]:
    """Of several quotations in a sentence, those references that follow this one, else that lead in to it, else all."""
    following = spans[place + 1].start if place + 1 < len(spans) else None
    before = spans[place - 1].end if place else -1
    behind = [
        r for r in references if r.span.start >= spans[place].end and (following is None or r.span.start < following)
    ]
    ahead = [r for r in references if before <= r.span.start < spans[place].start]
    return behind or ahead or list(references)


def _is_quotation(text: str, span: Span, is_cited: bool) -> bool:
    """Whether words between marks are quoted: more than a term, or cited; single marks take more."""
    words = span.of(text)
    if not re.search(r"\w", words):
        return False
    if text[span.start - 1] == "‘":
        return _count(words) >= (_FEWEST_SINGLE_HAN if has_chinese(words) else _FEWEST_SINGLE)
    return is_cited or _is_long(words)


def _is_term(words: str) -> bool:
    return _count(words) <= (_MOST_TERM_HAN if has_chinese(words) else _MOST_TERM)


def _is_long(words: str) -> bool:
    return _count(words) >= (_FEWEST_HAN if has_chinese(words) else _FEWEST_WORDS)


def _count(words: str) -> int:
    return len(re.findall(rf"[{CJK}]|[^\W_{CJK}]+", words) if has_chinese(words) else words.split())


def _read_block_quote(
    text: str, block: Span, notes: Mapping[str, tuple[Span, str]], before: Sequence[Reference]
) -> Iterator[Statement]:
    """A block quote, with the references of what leads in to it, and of its last line (— Ministry, 2022)."""
    end = block.end
    attributed = list(_ATTRIBUTED.finditer(text, block.start, block.end))
    beside = list(before)
    if attributed and attributed[-1].start() > block.start:
        end = attributed[-1].start()
        line = f"({QUOTED_LINE.sub('', text[end : block.end]).strip(' —–-')})"
        beside += [*find_references(text, end, block.end, notes), *find_references(line, 0, len(line), notes)]
    for span in trim(text, block.start, end):
        words = QUOTED_LINE.sub("", span.of(text)).strip()
        if words[:1] in _OPENING and words[-1:] in _CLOSING:
            words = words[1:-1]
        cited = [one for one in find_references(text, span.start, span.end, notes) if one.kind in _AT_END]
        if re.search(r"\w", words):
            yield Statement(StatementKind.quotation, words, span, (*beside, *cited))


# What names the source of a block quote from within it.
_AT_END = frozenset({ReferenceKind.note, ReferenceKind.link, ReferenceKind.issued})
