"""What a Word document hides from its reader: hidden, struck, tiny and white runs, by themselves or by their style."""

from __future__ import annotations

from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from ingest.readers.colours import WHITE, Colour, are_alike, read_colour

_RUN, _TEXT, _RUN_PROPERTIES, _PARAGRAPH_PROPERTIES = (qn(f"w:{name}") for name in ("r", "t", "rPr", "pPr"))
_STYLE_OF = {_RUN_PROPERTIES: qn("w:rStyle"), _PARAGRAPH_PROPERTIES: qn("w:pStyle")}
_VALUE, _FILL, _STYLE_ID = qn("w:val"), qn("w:fill"), qn("w:styleId")
_SHADING, _HIGHLIGHT, _COLOUR, _SIZE = qn("w:shd"), qn("w:highlight"), qn("w:color"), qn("w:sz")
_HIDING = (qn("w:vanish"), qn("w:strike"), qn("w:dstrike"))
_OFF = ("0", "false", "off")
_HOLDS_SHADING = (_PARAGRAPH_PROPERTIES, qn("w:tcPr"), qn("w:tblPr"))
# In half points: what is printed is never so small.
_SMALLEST = 4
# What white words may stand on without a word of it in the run or its paragraph: a drawing, a table with a style.
_DRAWING, _TABLE_STYLE = qn("w:txbxContent"), f"{qn('w:tblPr')}/{qn('w:tblStyle')}"
_PLAIN_TABLES = frozenset({"TableNormal", "TableGrid"})
_LONGEST_CHAIN = 20

_Properties = list[etree._Element]


def drop_hidden_runs(document: Document) -> int:
    """Take out of a document the runs that nobody sees in it; how many characters they had."""
    dropped = 0
    sheet = _Styles(document)
    body = document.element.body
    tinted = document.element.find(qn("w:background")) is not None
    for run in list(body.iter(_RUN)):
        properties = sheet.gather(run)
        if any(_is_on(properties, tag) for tag in _HIDING):
            dropped += len("".join(words.text or "" for words in run.iter(_TEXT)).strip())
            run.getparent().remove(run)
        elif _is_tiny(properties) or (not tinted and _is_white_on_white(run, properties)):
            # A drawing in the run has colours of its own.
            for words in run.findall(_TEXT):
                dropped += len((words.text or "").strip())
                run.remove(words)
    return dropped


class _Styles:
    """The styles of a document by their id, each with those that it is based on."""

    def __init__(self, document: Document) -> None:
        self._known = {style.get(_STYLE_ID): style for style in document.styles.element.iter(qn("w:style"))}
        self._chains: dict[str, _Properties] = {}

    def gather(self, run: etree._Element) -> _Properties:
        """What is said of a run, what wins first: its own, its style's, its paragraph's style's."""
        own = run.find(_RUN_PROPERTIES)
        above = next(run.iterancestors(qn("w:p")), None)
        paragraph = None if above is None else above.find(_PARAGRAPH_PROPERTIES)
        found = [] if own is None else [own]
        for properties in (own, paragraph):
            named = None if properties is None else properties.find(_STYLE_OF[properties.tag])
            found += [] if named is None else self._follow(named.get(_VALUE) or "")
        return found

    def _follow(self, name: str) -> _Properties:
        if name not in self._chains:
            chain: _Properties = []
            style = self._known.get(name)
            for _ in range(_LONGEST_CHAIN):
                if style is None:
                    break
                properties = style.find(_RUN_PROPERTIES)
                chain += [] if properties is None else [properties]
                based = style.find(qn("w:basedOn"))
                style = None if based is None else self._known.get(based.get(_VALUE))
            self._chains[name] = chain
        return self._chains[name]


def _find(properties: _Properties, tag: str) -> etree._Element | None:
    """What the first that speaks of it says."""
    return next((found for part in properties if (found := part.find(tag)) is not None), None)


def _is_on(properties: _Properties, tag: str) -> bool:
    found = _find(properties, tag)
    return found is not None and found.get(_VALUE) not in _OFF


def _is_tiny(properties: _Properties) -> bool:
    found = _find(properties, _SIZE)
    written = "" if found is None else str(found.get(_VALUE))
    return written.isdecimal() and int(written) <= _SMALLEST


def _is_white_on_white(run: etree._Element, properties: _Properties) -> bool:
    """Whether a run has the colour of the paper behind it, as far as the document says what that is."""
    found = _find(properties, _COLOUR)
    ink = read_colour("" if found is None else f"#{found.get(_VALUE)}", None)
    return ink is not None and are_alike(ink, _read_paper(run, properties))


def _read_paper(run: etree._Element, properties: _Properties) -> Colour | None:
    """What is behind a run; None where that cannot be told."""
    if _find(properties, _HIGHLIGHT) is not None:
        return None
    shading = _find(properties, _SHADING)
    for above in run.iterancestors():
        if above.tag == _DRAWING or (above.tag == qn("w:tbl") and not _is_plain(above)):
            return None
        if shading is None:
            shading = next((part.find(_SHADING) for part in above if part.tag in _HOLDS_SHADING), None)
    fill = "auto" if shading is None else shading.get(_FILL, "auto")
    return WHITE if fill == "auto" else read_colour(f"#{fill}", WHITE)


def _is_plain(table: etree._Element) -> bool:
    style = table.find(_TABLE_STYLE)
    return style is None or style.get(_VALUE) in _PLAIN_TABLES
