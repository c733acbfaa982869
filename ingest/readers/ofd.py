"""OFD (GB/T 33190), the format of Chinese offices: page by page, lines by where their text stands."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from lxml import etree

from core.errors import EmptyNoticeError, IngestError, NoticeTooLargeError, UnreadableNoticeError
from core.package import open_package, parse_part
from ingest.markers import read_marker
from ingest.readers.layout import Line, join_paragraphs
from ingest.readers.pages import bind_pages
from ingest.readers.reading import Limits, Reading, is_borne_out, make_canonical
from store.words import has_chinese

_FAINT = "words on page {} are white; they are read, since they may stand on a dark ground"
# Fewer are a page number or a mark in a coloured bar.
_WORTH_TELLING = 30
_POINTS = 72 / 25.4
# In millimetres: what is printed is never so small.
_SMALLEST = 0.7
_USUAL_SIZE = 4.2
# Layers and templates that refer to each other go no deeper.
_DEEPEST = 20
_Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of text on a page: its left end on the line that it stands on, in millimetres from the upper left."""

    text: str
    left: float
    right: float
    base: float
    size: float
    is_white: bool


class _Parts:
    """The XML parts of an OFD file, each parsed once; paths are those of the archive, never of a disk."""

    def __init__(self, path: str, package: zipfile.ZipFile) -> None:
        self._path = path
        self._package = package
        self._names = {name.lstrip("/"): name for name in package.namelist()}
        self._parsed: dict[str, etree._Element] = {}

    def find(self, location: str, beside: str = "") -> tuple[str, etree._Element]:
        """(name, root) of the part at a location, which may be relative to the part `beside`."""
        folder = "" if location.startswith("/") else posixpath.dirname(beside)
        name = posixpath.normpath(posixpath.join(folder, location.strip().lstrip("/")))
        if name not in self._names:
            raise UnreadableNoticeError(self._path, "a part of the OFD file is missing")
        if name not in self._parsed:
            self._parsed[name] = parse_part(self._path, self._package.read(self._names[name]))
        return name, self._parsed[name]

    def __contains__(self, name: str) -> bool:
        return name in self._names


def read(path: str, content: bytes, limits: Limits) -> Reading:
    """An .ofd file; raises UnreadableNoticeError, NoticeTooLargeError or EmptyNoticeError."""
    try:
        with open_package(path, content, limits.unpacked_bytes) as package:
            return _read_package(path, _Parts(path, package), limits)
    except IngestError:
        raise
    except Exception as error:
        # Damage shows in zipfile, zlib and in figures that are none.
        raise UnreadableNoticeError(path, "the OFD file is damaged or incomplete") from error


def _read_package(path: str, parts: _Parts, limits: Limits) -> Reading:
    if "Encryptions.xml" in parts:
        raise UnreadableNoticeError(path, "it is protected by a password", "Ask its sender for a copy without one.")
    _, root = parts.find("OFD.xml")
    pages = [page for body in _below(root, "DocBody") for page in _find_pages(parts, body)]
    if len(pages) > limits.pages:
        raise NoticeTooLargeError(path, f"it has {len(pages)} pages, the limit is {limits.pages}")
    gathered = []
    room = limits.file_bytes
    for name, templates in pages:
        gathered.append(_read_page(parts, name, templates))
        room -= sum(len(piece.text) for piece in gathered[-1])
        if room < 0:
            raise NoticeTooLargeError(path, "its pages hold more text than the desk reads")
    reading = bind_pages([_write_page(pieces) for pieces in gathered])
    if not any(character.isalnum() for character in reading.text):
        raise EmptyNoticeError(path, "no text in it: a scan, or images only")
    title = next((found.text or "" for found in _below(root, "Title")), "").strip()
    if is_borne_out(title, reading.text):
        reading = replace(reading, properties={"title": title})
    white = [sum(len(piece.text) for piece in pieces if piece.is_white) for pieces in gathered]
    faint = [number for number, count in enumerate(white, start=1) if count >= _WORTH_TELLING]
    return reading.with_warning(_FAINT.format(faint[0])) if faint else reading


def _tag(element: etree._Element) -> str:
    """The name of an element without its namespace, of which there are two."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _below(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    return (found for found in element.iter() if _tag(found) == tag)


def _find_pages(parts: _Parts, body: etree._Element) -> Iterator[tuple[str, Mapping[str, str]]]:
    """(part, templates by their id) of each page of a document, in its order."""
    for located in _below(body, "DocRoot"):
        name, document = parts.find(located.text or "")
        templates = {
            found.get("ID", ""): parts.find(found.get("BaseLoc", ""), name)[0]
            for found in _below(document, "TemplatePage")
        }
        for pages in document:
            if _tag(pages) == "Pages":
                for page in pages:
                    if _tag(page) == "Page":
                        yield parts.find(page.get("BaseLoc", ""), name)[0], templates


def _read_page(parts: _Parts, name: str, templates: Mapping[str, str]) -> list[_Piece]:
    """The runs of text of a page and of the templates that lie under it."""
    _, page = parts.find("/" + name)
    pieces = list(_pieces(page, 0))
    used = [templates[found.get("TemplateID", "")] for found in page if found.get("TemplateID", "") in templates]
    for template in dict.fromkeys(used):
        pieces += _pieces(parts.find("/" + template)[1], 0)
    return pieces


def _pieces(element: etree._Element, depth: int) -> Iterator[_Piece]:
    for child in element:
        if _tag(child) == "TextObject":
            yield from _read_object(child)
        elif child.get("Visible") != "false" and depth < _DEEPEST:
            yield from _pieces(child, depth + 1)


def _read_object(element: etree._Element) -> Iterator[_Piece]:
    """The runs of a text object; nothing of one that is invisible, without ink or too small to see."""
    a, b, c, d, e, f = _read_matrix(element.get("CTM", ""))
    scale = abs(a * d - b * c) ** 0.5
    size = float(element.get("Size", _USUAL_SIZE)) * scale
    inked = element.get("Fill") != "false" or element.get("Stroke") == "true"
    if element.get("Visible") == "false" or not inked or element.get("Alpha") == "0" or size <= _SMALLEST:
        return
    left, top = (float(figure) for figure in element.get("Boundary", "").split()[:2])
    colour = next(_below(element, "FillColor"), None)
    if colour is not None and colour.get("Alpha") == "0":
        return
    is_white = colour is not None and (colour.get("Value") or "").split() == ["255", "255", "255"]
    x = y = 0.0
    for code in _below(element, "TextCode"):
        # What is not said is as in the run before.
        x, y = float(code.get("X", x)), float(code.get("Y", y))
        text = (code.text or "").replace("\n", "")
        start, base = left + a * x + c * y + e, top + b * x + d * y + f
        steps = _read_steps(code.get("DeltaX", ""), len(text) - 1)
        end = start + (sum(steps) * abs(a) + size if steps else _width(text, size))
        if text.strip():
            yield _Piece(text, start, end, base, size, is_white)


def _width(text: str, size: float) -> float:
    return sum(size if has_chinese(character) else size / 2 for character in text)


def _read_matrix(written: str) -> _Matrix:
    figures = [float(figure) for figure in written.split()]
    return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0) if len(figures) != 6 else tuple(figures)  # type: ignore[return-value]


def _read_steps(written: str, wanted: int) -> list[float]:
    """The first `wanted` distances between characters; "g 3 4.2" says three times 4.2."""
    steps: list[float] = []
    figures = iter(written.split())
    while len(steps) < wanted and (figure := next(figures, "")):
        if figure == "g":
            times = min(int(next(figures, "0")), wanted - len(steps))
            steps += [float(next(figures, "0"))] * times
        else:
            steps.append(float(figure))
    return steps


def _write_page(pieces: list[_Piece]) -> str:
    """The text of a page: lines from top to bottom, each from left to right, joined into paragraphs."""
    lines: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.base):
        if lines and piece.base - lines[-1][0].base < min(piece.size, lines[-1][0].size) / 2:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    written = [_write_line(sorted(line, key=lambda piece: piece.left)) for line in lines]
    shown = [line for line in written if line.text]
    opening = (place for place, (before, line) in enumerate(pairwise(shown), start=1) if _opens(before, line))
    return join_paragraphs(shown, frozenset(opening))


def _opens(before: Line, line: Line) -> bool:
    """Whether a line opens a paragraph by its letters: a marker, or another size, as below a title."""
    heights = before.top - before.bottom, line.top - line.bottom
    return read_marker(line.text) is not None or max(heights) > 1.15 * min(heights)


def _write_line(pieces: list[_Piece]) -> Line:
    """A line of a page, in points from below as those of a PDF; words set apart are parted by a space."""
    parts = [pieces[0].text]
    for before, piece in pairwise(pieces):
        chinese = has_chinese(before.text[-1:]) and has_chinese(piece.text[:1])
        gap = piece.left - before.right
        parts += [" " if gap > piece.size * (0.8 if chinese else 0.2) else "", piece.text]
    text = make_canonical("".join(parts)).replace("\n", " ")
    size = max(piece.size for piece in pieces) * _POINTS
    bottom = -pieces[0].base * _POINTS
    right = max(piece.right for piece in pieces) * _POINTS
    return Line(text, pieces[0].left * _POINTS, right, bottom + size, bottom)
