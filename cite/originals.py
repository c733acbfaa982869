"""The originals of cited notices in one archive, with their references and the words that are quoted."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from io import BytesIO

from cite.legible import fold_line
from cite.references import write_entry
from cite.styles import write_bare, write_place
from core.types import Citation, NoticeCard

_FOLDER, _README, _CITATIONS = "originals/", "README.txt", "citations.txt"
# All originals together, in bytes; the name of one, its folder included.
_MOST, _LONGEST_NAME = 100_000_000, 150
# The first moment that an archive can tell: the same notices give the same bytes.
_MOMENT = (1980, 1, 1, 0, 0, 0)
# Not to be had in a file name on Windows, which also keeps these names for itself.
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")

_WORDS = {
    "en": {
        "opening": "The notices that are cited, as the desk read them. Quotes and references are in citations.txt.",
        "as_read": "{name}: the file as it was read.",
        "text": "{name}: the text that the desk read from {path}; the file itself is no longer there, or has changed.",
        "left_out": "{path}: left out, since the originals together would be larger than 100 MB.",
    },
    "zh": {
        "opening": "所引文件，与入库时一致。引文与出处见citations.txt。",
        "as_read": "{name}：原件，与入库时一致。",
        "text": "{name}：入库时从{path}读出的文本；原件已不在或已改动。",
        "left_out": "{path}：因原件总量超过100 MB而未收入。",
    },
}


@dataclass(frozen=True, slots=True)
class Original:
    """A cited notice: its `path`, the bytes of its `file` as it was read, None where it is no longer so.

    `text` is its canonical text; `citations` are those of it in what is exported.
    """

    path: str
    file: bytes | None
    text: str
    card: NoticeCard
    citations: tuple[Citation, ...] = ()


def pack_originals(originals: Sequence[Original], style: str = "plain", *, language: str = "en") -> bytes:
    """A .zip with each original, or the text that was read from it where the file is not there any more.

    What would make them larger than 100 MB together is left out; README.txt says so in `language`. The same
    originals give the same bytes.
    """
    words = _WORDS["zh" if language == "zh" else "en"]
    said, taken, left = [words["opening"], ""], set[str](), _MOST
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for original in originals:
            content = original.text.encode("utf-8", "replace") if original.file is None else original.file
            path = fold_line(original.path)
            if len(content) > left:
                said.append(words["left_out"].format(path=path))
                continue
            left -= len(content)
            name = name_member(original.path, taken, as_text=original.file is None)
            write_member(archive, name, content)
            said.append(words["text" if original.file is None else "as_read"].format(name=name, path=path))
        write_member(archive, _README, "\n".join([*said, ""]).encode("utf-8", "replace"))
        write_member(archive, _CITATIONS, _write_citations(originals, style).encode("utf-8", "replace"))
    return stream.getvalue()


def name_member(path: str, taken: set[str], *, as_text: bool = False, folder: str = _FOLDER) -> str:
    """A safe name below `folder` for the file at this path, unlike all `taken` in any case; it is added there.

    It is not over 150 bytes.
    """
    seen = "".join(c for c in unicodedata.normalize("NFC", path) if unicodedata.category(c) not in _UNSEEN)
    last = _FORBIDDEN.sub("_", re.split(r"[\\/]", seen)[-1]).strip(" .")
    last = "_" + last if _RESERVED.match(last) else last or "notice"
    ending = _ENDING.search(last)
    stem, suffix = (last[: ending.start()], ending.group()) if ending else (last, "")
    suffix = suffix + ".txt" if as_text else suffix
    return _find_free(folder, stem, suffix, taken)


def _find_free(folder: str, stem: str, suffix: str, taken: set[str]) -> str:
    count = 1
    while True:
        number = f" ({count})" if count > 1 else ""
        room = _LONGEST_NAME - len(f"{folder}{number}{suffix}".encode())
        cut = stem.encode("utf-8", "replace")[:room].decode("utf-8", "ignore").rstrip(" .")
        name = f"{folder}{cut or 'notice'}{number}{suffix}"
        key = _fold_name(name)
        if key not in taken:
            taken.add(key)
            return name
        count += 1


def _fold_name(name: str) -> str:
    """The name as file systems that know no case compare it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def write_member(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a file to an archive, as if at the first moment that an archive can tell."""
    member = zipfile.ZipInfo(name, _MOMENT)
    # As if packed on Unix, wherever it is: a plain file that everybody may read.
    member.create_system, member.external_attr = 3, 0o100644 << 16
    member.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(member, content)


def _write_citations(originals: Collection[Original], style: str) -> str:
    """Each reference, and below it the words quoted with their place."""
    blocks = []
    for original in originals:
        lines = [write_bare(write_entry(style, original.card))]
        lines += [_write_quote(citation) for citation in original.citations]
        blocks.append("\n".join(dict.fromkeys(lines)))
    return "\n\n".join(blocks) + "\n"


def _write_quote(citation: Citation) -> str:
    language = citation.card.language
    place = fold_line(write_place(citation.place, language))
    shown = f"（{place}）" if language == "zh" else f" ({place})"
    return f"    “{fold_line(citation.quote)}”" + (shown if place else "")
