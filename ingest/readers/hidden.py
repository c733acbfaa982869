"""What an HTML page hides from its reader: by its style sheets, by an element's own style, by its colours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import lxml.html

from ingest.readers.colours import WHITE, Colour, are_alike, read_colour

# Sheets for screens of every width are followed; "print" and "(max-width: 600px)" say nothing of what is usual.
_FOR_ALL = re.compile(r"@(?:media\s+(?:only\s+)?(?:screen|all)|layer[^()]*|supports.*)", re.IGNORECASE)
_COMPOUND = re.compile(r"(?P<tag>[a-z][a-z0-9]*|\*)?(?P<marks>(?:[.#][\w-]+)*)", re.IGNORECASE)
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|%|in|cm|mm|vw|vh)?")
# What a length of one of each unit is in pixels, for text of the usual 16.
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "%": 0.16, "in": 96.0, "cm": 38.0, "mm": 3.8}
_SMALLEST_LETTER, _FAR_AWAY, _FAINTEST = 2.0, -500.0, 0.05
# Longer sheets than these are cut: a hostile page must not cost minutes.
_LONGEST_SHEETS, _MOST_RULES = 1_000_000, 1000
# A page may show the whole of it by script once it is loaded.
_WHOLE = frozenset({"html", "body"})
_TELLING = frozenset(
    """display visibility content-visibility opacity font-size font transform clip clip-path position left top right
    bottom text-indent height max-height width max-width overflow color background background-color""".split()
)

Style = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Compound:
    """A tag, an id and classes that one element must have; "" and empty ask for nothing."""

    tag: str
    id: str
    classes: frozenset[str]

    def fits(self, element: lxml.html.HtmlElement) -> bool:
        """Whether an element is such a one."""
        return (
            self.tag in ("", "*", element.tag)
            and self.id in ("", element.get("id"))
            and self.classes <= set((element.get("class") or "").split())
        )


@dataclass(frozen=True, slots=True)
class _Rule:
    """Declarations for the elements that fit the last of `path` and stand below others that fit those before."""

    path: tuple[_Compound, ...]
    style: Mapping[str, str]

    @property
    def weight(self) -> tuple[int, int, int]:
        """Which of two rules wins: by ids, then classes, then tags."""
        ids, classes = sum(bool(c.id) for c in self.path), sum(len(c.classes) for c in self.path)
        return ids, classes, sum(c.tag not in ("", "*") for c in self.path)

    def fits(self, element: lxml.html.HtmlElement) -> bool:
        """Whether the rule is for this element."""
        *above, own = self.path
        if not own.fits(element):
            return False
        ancestors = element.iterancestors()
        return all(any(compound.fits(ancestor) for ancestor in ancestors) for compound in reversed(above))


def drop_hidden(tree: lxml.html.HtmlElement) -> tuple[int, bool]:
    """Take out of a page what its styles hide: (how many characters, whether words are left that may be hidden).

    These have the colour of the page, but a style sheet is linked, which is not fetched: they may stand
    on a colour that it gives.
    """
    sheets = _Sheets(tree)
    styles = {element: sheets.read_style(element) for element in tree.iter() if isinstance(element.tag, str)}
    dropped = 0
    for element, style in styles.items():
        if element.tag not in _WHOLE and hides(style) and element.getparent() is not None:
            dropped += len(" ".join(element.text_content().split()))
            element.drop_tree()
    linked = any("stylesheet" in (link.get("rel") or "").lower() for link in tree.iter("link"))
    return dropped, _blank_invisible(tree, styles, linked)


def read_style(written: str) -> Style:
    """The declarations of a style attribute or rule that may hide, lower-case; what is important comes last."""
    plain: Style = {}
    important: Style = {}
    for declaration in _drop_comments(written).lower().split(";"):
        name, _, value = declaration.partition(":")
        if name.strip() in _TELLING:
            value, mark, _ = value.partition("!")
            (important if mark else plain)[name.strip()] = value.strip()
    return plain | important


def hides(style: Mapping[str, str]) -> bool:
    """Whether an element with these declarations, its colours and letters aside, shows nothing of what is in it."""
    said = style.get
    if said("display") == "none" or said("visibility") in ("hidden", "collapse"):
        return True
    if said("content-visibility") == "hidden" or _size(said("opacity"), 1.0) < _FAINTEST:
        return True
    if re.search(r"scale[xy]?\(\s*0(?:\.0+)?\s*[,)]", said("transform", "")):
        return True
    placed = said("position") in ("absolute", "fixed")
    away = placed and min(_size(said(side), 0.0) for side in ("left", "top", "right", "bottom")) <= _FAR_AWAY
    clipped = re.search(r"rect\(\s*(?:0|1)(?:px)?\b", said("clip", "")) or re.search(
        r"inset\(\s*(?:50|100)%|circle\(\s*0", said("clip-path", "")
    )
    sides = min(_size(said(side), 16.0) for side in ("height", "max-height", "width", "max-width"))
    shut = sides <= 1 and said("overflow") in ("hidden", "clip")
    return away or bool(clipped) or shut or _size(said("text-indent"), 0.0) <= _FAR_AWAY


def has_tiny_letters(style: Mapping[str, str]) -> bool:
    """Whether these declarations make letters too small to see."""
    return _read_letters(style, 16.0) <= _SMALLEST_LETTER


def _size(written: str | None, otherwise: float) -> float:
    """A length in pixels, or a bare number."""
    match = _LENGTH.fullmatch(written.strip()) if written else None
    return float(match.group(1)) * _PIXELS.get(match.group(2) or "", 12.0) if match else otherwise


class _Sheets:
    """The rules of a page's own style sheets, by what the last part of their selector asks for."""

    def __init__(self, tree: lxml.html.HtmlElement) -> None:
        self._rules: dict[str, list[tuple[tuple[int, int, int], int, _Rule]]] = {}
        written = "\n".join(
            sheet.text or "" for sheet in tree.iter("style") if not re.search("print|width", sheet.get("media") or "")
        )
        for place, rule in enumerate(_read_rules(written)):
            last = rule.path[-1]
            key = f"#{last.id}" if last.id else next((f".{name}" for name in sorted(last.classes)), last.tag or "*")
            self._rules.setdefault(key, []).append((rule.weight, place, rule))
            if place >= _MOST_RULES:
                break

    def read_style(self, element: lxml.html.HtmlElement) -> Style:
        """The declarations that hold for an element: of the sheets, then its own."""
        keys = ["*", str(element.tag), f"#{element.get('id')}"]
        keys += [f".{name}" for name in (element.get("class") or "").split()]
        eligible = (item for key in dict.fromkeys(keys) for item in self._rules.get(key, ()) if item[2].fits(element))
        style: Style = {}
        for _, _, rule in sorted(eligible, key=lambda item: item[:2]):
            style |= rule.style
        attributes = {"color": element.get("color"), "background-color": element.get("bgcolor")}
        style |= {name: value.lower() for name, value in attributes.items() if value}
        return style | read_style(element.get("style") or "")


def _drop_comments(written: str) -> str:
    first, *rest = written.split("/*")
    return first + "".join(part.partition("*/")[2] for part in rest)


def _read_rules(written: str) -> Iterator[_Rule]:
    """The rules that may hide, in their order; of selectors with other relations than "below" none is read."""
    for selectors, body in _cut_rules(_drop_comments(written[:_LONGEST_SHEETS])):
        style = read_style(body)
        for selector in selectors.split(",") if style else ():
            path = [_read_compound(part) for part in selector.replace(">", " ").split()]
            known = tuple(part for part in path if part)
            if known and len(known) == len(path):
                yield _Rule(known, style)


def _cut_rules(written: str) -> Iterator[tuple[str, str]]:
    """(selectors, declarations) of each rule that holds on every screen."""
    open_blocks: list[str] = []
    start = 0
    for match in re.finditer("[{};]", written):
        piece = written[start : match.start()].strip()
        if match.group() == "{":
            open_blocks.append(piece)
        elif match.group() == "}" and open_blocks:
            selectors = open_blocks.pop()
            if not selectors.startswith("@") and all(_FOR_ALL.fullmatch(block) for block in open_blocks):
                yield selectors, piece
        elif open_blocks and not open_blocks[-1].startswith("@"):
            continue
        start = match.end()


def _read_compound(written: str) -> _Compound | None:
    match = _COMPOUND.fullmatch(written)
    if match is None:
        return None
    marks = re.findall(r"[.#][\w-]+", match.group("marks"))
    named = next((mark[1:] for mark in marks if mark[0] == "#"), "")
    classes = frozenset(mark[1:] for mark in marks if mark[0] == ".")
    return _Compound((match.group("tag") or "").lower(), named, classes)


def _blank_invisible(tree: lxml.html.HtmlElement, styles: Mapping[lxml.html.HtmlElement, Style], linked: bool) -> bool:
    """Take out words too small to see, or of the colour of what is behind them; these stay where a sheet is `linked`.

    Whether any stayed.
    """
    seen: dict[lxml.html.HtmlElement, tuple[Colour | None, Colour | None, float]] = {}
    doubtful = False
    for element in tree.iter():
        ink, paper, letters = seen.get(element.getparent(), (None, WHITE, 16.0))
        style = styles.get(element, {})
        ink = read_colour(style.get("color", ""), ink)
        paper = read_colour(style.get("background-color") or style.get("background", ""), paper, behind=True)
        letters = _read_letters(style, letters)
        seen[element] = (ink, paper, letters)
        if isinstance(element.tag, str) and letters <= _SMALLEST_LETTER:
            _blank(element)
        elif isinstance(element.tag, str) and ink is not None and are_alike(ink, paper) and _has_words(element):
            doubtful = doubtful or linked
            if not linked:
                _blank(element)
    return doubtful


def _read_letters(style: Mapping[str, str], outside: float) -> float:
    """The height of letters in pixels; `outside` is that around the element."""
    written = style.get("font-size") or next(iter(re.findall(r"[\d.]+(?:px|pt|r?em|%)", style.get("font", ""))), "")
    relative = re.search(r"(?<!r)em$|%$", written)
    return _size(written, outside) * (outside / 16 if relative else 1.0)


def _has_words(element: lxml.html.HtmlElement) -> bool:
    return any(word and word.strip() for word in (element.text, *(child.tail for child in element)))


def _blank(element: lxml.html.HtmlElement) -> None:
    """Take out an element's own words, not those of the elements in it."""
    element.text = " " if element.text else element.text
    for child in element:
        child.tail = " " if child.tail else child.tail
