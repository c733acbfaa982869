"""Canonical text into paragraphs, sentences, headings, table rows and list points, as spans.

Two levels: a paragraph is cut into sentences, and a sentence that enumerates ("first, …; second,
…", 一是…；二是…) into points. English abbreviations, decimals and initials do not end a sentence,
nor does a stop inside Chinese quotation marks or brackets.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.types import Sentence, SentenceKind, Span
from ingest.markers import find_points, read_marker
from store.words import has_chinese

_CHINESE_STOPS = "。！？"
_CLOSERS = "”’」』）)】〉》\"'"
_DEEPEST_QUOTATION = 8
_OPENERS = {"“": "”", "「": "」", "『": "』", "（": "）", "《": "》", "【": "】"}

_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof st no nos art arts sec secs para paras cl ch fig figs vol ed eds pp p al etc e.g
    i.e cf vs approx dept govt gov inc ltd co corp jr sr hon rev gen jan feb mar apr jun jul aug sep
    sept oct nov dec a.m p.m u.s u.k u.n ph.d b.a m.a est""".split()
)


def split_paragraphs(text: str) -> list[Span]:
    """The paragraphs of canonical text, in order: lines, joined where a text was wrapped hard.

    The white space around a paragraph is not part of it.
    """
    paragraphs: list[Span] = []
    for block in re.finditer(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*", text):
        lines = [
            Span(block.start() + line.start(), block.start() + line.end())
            for line in re.finditer(r"\S(?:[^\n]*\S)?", block.group())
        ]
        wrapped = _is_wrapped([line.of(text) for line in lines])
        for place, line in enumerate(lines):
            if place and (wrapped or _continues(paragraphs[-1].of(text), line.of(text))):
                paragraphs.append(Span(paragraphs.pop().start, line.end))
            else:
                paragraphs.append(line)
    return paragraphs


def _is_wrapped(lines: list[str]) -> bool:
    """Whether a block of three or more lines is one paragraph of English, wrapped at a margin."""
    return (
        len(lines) >= 3
        and all(55 <= len(line) <= 100 for line in lines[:-1])
        and not any("\t" in line or read_marker(line) or has_chinese(line) for line in lines)
        and sum(line.rstrip().endswith((".", "!", "?", ":")) for line in lines[:-1]) * 2 < len(lines)
    )


def _continues(before: str, line: str) -> bool:
    return (
        line[0].islower()
        and len(before) > 30
        and "\t" not in before + line
        and not before.endswith((".", "!", "?", ":", ";", "。", "；", "：", "！", "？"))
        and not read_marker(line)
    )


def split_sentences(text: str, within: Span) -> list[Span]:
    """The sentences of one paragraph: they partition it but for the white space between them."""
    ends = [end for end in _sentence_ends(text, within) if end < within.end] + [within.end]
    spans: list[Span] = []
    start = within.start
    for end in ends:
        span = _trim(text, start, end)
        if len(span):
            spans.append(span)
        start = end
    return spans


def _sentence_ends(text: str, within: Span) -> Iterator[int]:
    closing: list[str] = []
    position = within.start
    while position < within.end:
        character = text[position]
        if character in _OPENERS and len(closing) < _DEEPEST_QUOTATION:
            closing.append(_OPENERS[character])
        elif closing and character in closing:
            del closing[closing.index(character) :]
        if character in _CHINESE_STOPS and (not closing or not _closes_ahead(text, position, within, closing)):
            end = _skip(text, position + 1, within.end, _CHINESE_STOPS + _CLOSERS)
            closing.clear()
            yield end
            position = end
            continue
        if character in ".!?":
            end = _skip(text, position + 1, within.end, ".!?" + _CLOSERS)
            if _ends_english(text, position, end, within):
                closing.clear()
                yield end
            position = end
            continue
        position += 1


def _closes_ahead(text: str, position: int, within: Span, closing: list[str]) -> bool:
    """Whether an open quotation or bracket is really closed later, so that the stop is inside it."""
    return closing[-1] in text[position + 1 : min(within.end, position + 400)]


def _skip(text: str, position: int, end: int, characters: str) -> int:
    while position < end and text[position] in characters:
        position += 1
    return position


def _ends_english(text: str, position: int, after: int, within: Span) -> bool:
    """Whether the stop at `position` ends a sentence; what follows it begins at `after`."""
    if after >= within.end:
        return True
    if not text[after].isspace():
        return has_chinese(text[after]) and text[position] in "!?"
    following = re.compile(r"\s*(\S)").match(text, after, within.end)
    if following is None or following.group(1).islower():
        return False
    if text[position] != ".":
        return True
    word = re.search(r"[\w.]*$", text[max(within.start, position - 24) : position])
    before = word.group() if word else ""
    if before.lower() in _ABBREVIATIONS:
        # "No. 12", "Art. 3", "Dr. Chen" go on; "etc. Schools" may end.
        return before.lower() in {"etc", "a.m", "p.m", "al"} and following.group(1).isupper()
    if re.fullmatch(r"[A-Z]|(?:[A-Za-z]\.)+[A-Za-z]", before):
        return False
    # "1. Every school": a number that opens the paragraph is not a sentence.
    return position - within.start > 8 or not re.fullmatch(
        r"\s*[“‘\"「]?(?:[\d.]{1,6}|[(（]?\w{1,3})", text[within.start : position]
    )


@dataclass(slots=True)
class _OpenList:
    """A list on lines of their own while it is read: its series, its head, its last number."""

    series: str
    head: int | None
    last: int
    item: int = 0


class _Outline:
    """The lists that are open at a line, the innermost last."""

    def __init__(self) -> None:
        self._open: list[_OpenList] = []

    def close(self) -> None:
        """A heading ends every list."""
        self._open.clear()

    def place(self, marker: tuple[str, int], previous: Sentence | None) -> tuple[int | None, int]:
        """(head, item) of a line with this marker; `previous` is the sentence before it."""
        series, number = marker
        for depth in range(len(self._open) - 1, -1, -1):
            known = self._open[depth]
            if known.series == series and (series == "bullet" or number == known.last + 1):
                del self._open[depth + 1 :]
                known.last, known.item = number, known.item + 1
                return known.head, known.item
        self._open = [known for known in self._open if known.series != series]
        self._open.append(_OpenList(series, None if previous is None else previous.ordinal, number))
        return self._open[-1].head, 0


def parse_sentences(text: str, paragraphs: Sequence[Span] | None = None) -> list[Sentence]:
    """Every sentence of canonical text in order, each with its kind, list head and item.

    `paragraphs` are those of `split_paragraphs`, where they are known.
    """
    paragraphs = split_paragraphs(text) if paragraphs is None else paragraphs
    found: list[Sentence] = []
    outline = _Outline()
    table: int | None = None  # the first row of the table that we are in
    lines = [paragraph.of(text) for paragraph in paragraphs]
    for index, (paragraph, line) in enumerate(zip(paragraphs, lines, strict=True)):
        if "\t" in line:
            found.append(Sentence(len(found), paragraph, SentenceKind.row, table))
            table = found[-1].ordinal if table is None else table
            continue
        table = None
        marker = read_marker(line)
        after = lines[index + 1] if index + 1 < len(lines) else ""
        if _is_heading(line) and (marker is None or _opens_section(marker, after)):
            found.append(Sentence(len(found), paragraph, SentenceKind.heading))
            outline.close()
        elif marker is not None:
            head, item = outline.place(marker, found[-1] if found else None)
            _add_paragraph(found, text, paragraph, head, item)
        else:
            if line.endswith((":", "：")):
                outline.close()
            _add_paragraph(found, text, paragraph, None, None)
    return found


def _opens_section(marker: tuple[str, int], after: str) -> bool:
    """Whether a short numbered line is the heading of what follows, not an item of a list."""
    if marker[0] in {"bullet", "ordinal", "chinese-is"} or not after:
        return False
    following = read_marker(after)
    return marker[0] == "chapter" or following is None or following[0] != marker[0]


def _add_paragraph(found: list[Sentence], text: str, span: Span, head: int | None, item: int | None) -> None:
    """Add the sentences of a paragraph, those that enumerate cut into lead-in and points.

    `item` is the paragraph's place in a list on lines of their own, None outside one.
    """
    kind = SentenceKind.sentence if item is None else SentenceKind.point
    starts = [span.start + start for start in find_points(span.of(text))]
    pieces = _cut_at(text, split_sentences(text, span), starts)
    if not starts:
        found += [Sentence(len(found) + i, piece, kind, head, item) for i, piece in enumerate(pieces)]
        return
    last = _last_piece(pieces, starts)
    inner: int | None = found[-1].ordinal if found and found[-1].kind is not SentenceKind.row else None
    for index, piece in enumerate(pieces):
        if piece.start >= starts[0] and index <= last:
            place = sum(start <= piece.start for start in starts) - 1
            found.append(Sentence(len(found), piece, SentenceKind.point, inner, place))
        else:
            found.append(Sentence(len(found), piece, kind, head, item))
            inner = found[-1].ordinal if index <= last else inner


def _cut_at(text: str, sentences: list[Span], starts: list[int]) -> list[Span]:
    """The sentences, cut again where a point begins inside one."""
    pieces: list[Span] = []
    for sentence in sentences:
        inner = [start for start in starts if sentence.start < start < sentence.end]
        bounds = [sentence.start, *inner, sentence.end]
        pieces += [_trim(text, a, b) for a, b in itertools.pairwise(bounds)]
    return [piece for piece in pieces if len(piece)]


def _last_piece(pieces: list[Span], starts: list[int]) -> int:
    """The index of the piece that ends the last point: it may be as long as the longest before it."""
    first = [next(i for i, piece in enumerate(pieces) if piece.start >= start) for start in starts]
    longest = max(b - a for a, b in itertools.pairwise(first))
    return min(len(pieces), first[-1] + longest) - 1


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _is_heading(line: str) -> bool:
    """Whether a line is short, ends without a stop, and is no "place: the hall" of a form."""
    limit = 45 if has_chinese(line) else 110
    if re.search(r"[:：]\s*\S", line):
        return False
    return len(line) <= limit and line[-1] not in '.。!！?？;；:：,，、…"”’)）'
