"""RTF (1.9): paragraphs and tables, Chinese in its code pages and in Unicode, without what is hidden.

striprtf 0.0.35 shows hidden text, ends cells with a sign that cells may hold, and fails on half-escaped GBK.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.errors import UnreadableNoticeError
from ingest.readers.reading import Limits, Reading, fold_spaces, is_borne_out, make_canonical

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<figure>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|[\r\n\x00]+|(?P<plain>[^\\{}\r\n\x00]+)",
    re.DOTALL,
)
# Groups that are no part of the page's text: tables of fonts and styles, fields' orders, pictures' bytes.
_ASIDE = frozenset(
    """fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr
    footerf fldinst filetbl listtable listoverridetable revtbl rsidtbl themedata colorschememapping
    datastore latentstyles generator xmlnstbl annotation atnid atnauthor atrfstart atrfend bkmkstart
    bkmkend nonesttables template mmathPr ftnsep ftnsepc aftnsep aftnsepc footnote sn sv tc xe userprops
    shprslt nonshppict""".split()
)
# Of those that may be left out by older programs, the ones with text that is seen.
_SEEN = frozenset({"shpinst", "shptxt", "pntext"})
_SIGNS = {
    "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "emspace": " ", "enspace": " ", "qmspace": " ", "tab": " ", "line": "\n",
    "nestcell": " ", "nestrow": " ",
    "par": "\n\n", "sect": "\n\n", "page": "\n\n", "column": "\n\n",
}  # fmt: skip
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
_CODE_PAGES = {932: "cp932", 936: "gb18030", 949: "cp949", 950: "cp950", 10000: "mac_roman", 65001: "utf-8"}
_DEEPEST = 10_000
# In half points: what is printed is never so small.
_SMALLEST = 4
# Where a cell, a row and a line in a cell end; of no meaning in a source.
_CELL, _ROW, _LINE = "\ue000", "\ue001", "\ue002"
_NO_MARKS = {ord(mark): None for mark in (_CELL, _ROW, _LINE)}
_ESCAPED = {b"~": " ", b"_": "-", b"\n": "\n\n", b"\r": "\n\n", b"\\": "\\", b"{": "{", b"}": "}"}
_SHADED = re.compile(rb"\\(?:clcbpat|cbpat|chcbpat|highlight|cb)[1-9]")


@dataclass(frozen=True, slots=True)
class _State:
    """What holds within a group: its code, whether it is shown, how many signs stand in for one of Unicode."""

    code: str
    is_aside: bool = False
    is_title: bool = False
    hiding: frozenset[str] = frozenset()
    stand_ins: int = 1
    in_table: bool = False

    def with_hiding(self, name: str, on: bool) -> _State:
        """The same with a property that hides text, or without it."""
        return replace(self, hiding=self.hiding | {name} if on else self.hiding - {name})


def read(path: str, content: bytes, limits: Limits) -> Reading:
    """An .rtf file; raises UnreadableNoticeError where its groups do not close."""
    scribe = _Scribe(content)
    try:
        scribe.write()
    except (ValueError, LookupError) as error:
        raise UnreadableNoticeError(path, "the Rich Text file is damaged or incomplete") from error
    text = make_canonical(_lay_out("".join(scribe.written)))
    title = fold_spaces(make_canonical("".join(scribe.title)))
    return Reading(text, (), {"title": title} if is_borne_out(title, text) else {})


def _lay_out(written: str) -> str:
    """The paragraphs, and the rows of tables with their cells by tabs."""
    # Halves of characters beyond the first plane were written one by one.
    whole = written.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    blocks: list[str] = []
    *rows, rest = whole.split(_ROW)
    for row in rows:
        # Before the first cell stand the paragraphs that come before the table.
        first, *others = row.split(_CELL)
        above, _, cell = first.rpartition("\n\n")
        cells = [cell, *(others[:-1] if others and not others[-1].strip() else others)]
        line = "\t".join(fold_spaces(words.replace(_LINE, "\n")) for words in cells)
        blocks += ["\n\n", *_fold(above), "\n\n"] if above.strip() else ["\n"]
        blocks.append(line)
    return "".join([*blocks, "\n\n", *_fold(rest.replace(_CELL, " "))])


def _fold(paragraphs: str) -> Iterator[str]:
    for paragraph in paragraphs.replace(_LINE, "\n").split("\n\n"):
        lines = (fold_spaces(line) for line in paragraph.split("\n"))
        yield "\n".join(line for line in lines if line) + "\n\n"


class _Scribe:
    """Reads an RTF file sign by sign; `written` is its text, `title` what it calls itself."""

    def __init__(self, content: bytes) -> None:
        self.written: list[str] = []
        self.title: list[str] = []
        self._content = content
        page = re.search(rb"\\ansicpg(\d{1,5})", content[:1000])
        number = int(page.group(1)) if page else 1252
        self._code = _CODE_PAGES.get(number, f"cp{number}")
        fonts = re.findall(rb"\\f(\d{1,5})[^;{}]{0,200}?\\fcharset(\d{1,3})", content[:500_000])
        self._fonts = {int(font): _CHARSETS.get(int(charset), self._code) for font, charset in fonts}
        self._white = frozenset() if _SHADED.search(content) else _find_white(content)
        self._state = _State(self._code)
        self._outer: list[_State] = []
        self._bytes = bytearray()
        self._skip = 0
        self._is_starred = False

    def write(self) -> None:
        """Read to the end; raises ValueError where groups do not close, LookupError for an unknown code."""
        position = 0
        while position < len(self._content):
            token = _TOKEN.match(self._content, position)
            if token is None:
                raise ValueError("a stroke at the end")
            position = token.end()
            if token["word"] and token["word"] == b"bin":
                position += max(0, int(token["figure"] or 0))
            elif token["brace"]:
                self._turn(token["brace"])
                if not self._outer:
                    return
            else:
                self._take(token)
        raise ValueError("a group does not close")

    def _turn(self, brace: bytes) -> None:
        self._flush()
        self._skip = 0
        if brace == b"{":
            self._outer.append(self._state)
            if len(self._outer) > _DEEPEST:
                raise ValueError("too deep")
        else:
            self._state = self._outer.pop()

    def _take(self, token: re.Match[bytes]) -> None:
        if token["word"]:
            self._flush()
            self._obey(token["word"].decode(), token["figure"])
        elif token["sign"] is not None:
            self._flush()
            self._sign(token["sign"])
        elif token["hex"] or token["plain"]:
            signs = bytes.fromhex(token["hex"].decode()) if token["hex"] else token["plain"]
            skipped = min(self._skip, len(signs))
            self._skip -= skipped
            # A Chinese character may be half in hexadecimal, half in plain: bytes are decoded together.
            self._bytes += signs[skipped:]

    def _flush(self) -> None:
        if self._bytes:
            self._put(bytes(self._bytes).decode(self._state.code, "replace").translate(_NO_MARKS))
            self._bytes.clear()

    def _put(self, text: str) -> None:
        if self._state.is_title:
            self.title.append(text)
        elif not self._state.is_aside and not self._state.hiding:
            self.written.append(text)

    def _sign(self, sign: bytes) -> None:
        """A sign after a stroke: a star opens a group that older programs leave out."""
        if sign == b"*":
            self._is_starred = True
        elif self._skip:
            self._skip -= 1
        else:
            self._put(_ESCAPED.get(sign, ""))

    def _obey(self, word: str, figure: bytes | None) -> None:
        """Follow a control word; one that is not known says nothing of the text."""
        state, number = self._state, int(figure) if figure else None
        starred, self._is_starred = self._is_starred, False
        if word == "ud":
            # The title again, in Unicode.
            self.title.clear()
        if word in _ASIDE or (starred and word not in _SEEN):
            self._state = replace(state, is_aside=True)
        elif word == "title":
            self._state = replace(state, is_title=True)
        elif word == "u":
            self._put(chr((number or 0) & 0xFFFF).translate(_NO_MARKS))
            self._skip = state.stand_ins
        elif word == "uc":
            self._state = replace(state, stand_ins=max(0, min(number or 0, 10)))
        elif word == "f":
            self._state = replace(state, code=self._fonts.get(number or 0, self._code))
        elif word in {"trowd", "intbl", "pard"}:
            self._state = replace(state, in_table=word != "pard")
        elif word in {"cell", "row"}:
            self._put(_CELL if word == "cell" else _ROW)
        elif word in _SIGNS:
            self._put(_LINE if word in {"par", "line"} and state.in_table else _SIGNS[word])
        else:
            self._hide(word, number)

    def _hide(self, word: str, number: int | None) -> None:
        """Note what hides text: hidden, deleted, struck, tiny, and white letters where nothing is shaded."""
        if word == "plain":
            self._state = replace(self._state, hiding=frozenset())
        elif word in {"v", "deleted", "strike", "striked"}:
            self._state = self._state.with_hiding(word, number != 0)
        elif word == "fs":
            self._state = self._state.with_hiding(word, number is not None and number <= _SMALLEST)
        elif word == "cf":
            self._state = self._state.with_hiding(word, number in self._white)


def _find_white(content: bytes) -> frozenset[int]:
    """The numbers of the colours that are white."""
    table = re.search(rb"\\colortbl([^{}]*)", content)
    colours = table.group(1).split(b";") if table else []
    white = (b"\\red255" in colour and b"\\green255" in colour and b"\\blue255" in colour for colour in colours)
    return frozenset(number for number, is_white in enumerate(white) if is_white)
