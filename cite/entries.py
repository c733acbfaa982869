"""What a card says, made ready for any style: one line each, without marks that a style adds by itself."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from cite.dates import read_date
from cite.kinds import NoticeKind, tell_kind
from cite.legible import TURNS
from core.types import NoticeCard

# The last characters of Chinese bodies, so that 体育、卫生与艺术教育司 is not taken for two.
_BODY = re.compile(r"[部委局厅会院办处署室司府联团组央心行校台所社]$")
# A semicolon inside brackets belongs to a name.
_BETWEEN = re.compile(r"[;；|](?![^()（）]*[)）])")
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
# What is no address at all, a publisher's initials for one, is not printed as if it were.
_ADDRESS = re.compile(r"(?:https?|ftp)://\S|[\w-]+(?:\.[\w-]+)+(?:[/:?#]|$)", re.IGNORECASE)
_OUTER = str.maketrans("〈〉", "《》")


@dataclass(frozen=True, slots=True)
class Entry:
    """A card as references take it; dates are (year, month, day) as far as known, `accessed` only with a `url`."""

    key: str
    title: str
    issuers: tuple[str, ...]
    number: str
    issued: tuple[int, ...]
    accessed: tuple[int, ...]
    url: str
    language: str
    kind: NoticeKind

    @property
    def number_beside(self) -> str:
        """The number, '' where the title has it already."""
        # A bare figure in a title may be anything; a number amid other characters is that of another notice.
        within = not self.number.isdecimal() and re.search(rf"(?<!\w){re.escape(self.number)}(?!\w)", self.title)
        return "" if within else self.number

    @property
    def slanted(self) -> bool:
        """Whether the title takes italics: Chinese characters have none."""
        return not _CHINESE.search(self.title)


def read_entry(card: NoticeCard) -> Entry:
    """The card as references take it; a notice without a title is called by its file."""
    url = clean(card.url).replace(" ", "%20")
    url = url if _ADDRESS.match(url) else ""
    return Entry(
        key=_make_key(card),
        title=bare_title(card.title) or clean(PurePosixPath(card.path).name),
        issuers=split_issuers(card.issuer),
        number=clean(card.number),
        # A notice without a day of issue is dated by the year that it belongs to.
        issued=read_date(card.issued_on or (str(card.year) if card.year else "")),
        accessed=read_date(card.accessed_on) if url else (),
        url=url,
        language="zh" if card.language == "zh" else "en",
        kind=tell_kind(card),
    )


def clean(text: str) -> str:
    """Text on one line, without controls, marks that turn its direction, and halves of characters."""
    folded = " ".join(text.split())
    return " ".join("".join(letter for letter in folded if _is_text(letter)).split())


def bare_title(title: str) -> str:
    """A title without the 《》 around all of it and without a full stop at its end, which styles set themselves."""
    bare = clean(title)
    while bare.startswith("《") and _closing(bare) == len(bare) - 1 and len(bare) > 2:
        bare = bare[1:-1].strip().translate(_OUTER)
    ended = bare[:-1].rstrip() if bare.endswith((".", "。")) and not bare.endswith("..") else bare
    return ended or bare


def split_issuers(issuer: str) -> tuple[str, ...]:
    """The bodies that an issuer names, each once: "A; B", 教育部、财政部."""
    bodies: list[str] = []
    for name in _BETWEEN.split(clean(issuer)):
        listed = [part.strip() for part in name.split("、")]
        bodies += listed if all(_BODY.search(part) for part in listed) else [name.strip()]
    return tuple(dict.fromkeys(body for body in bodies if body))


def end(text: str) -> str:
    """The text as a sentence: with a full stop, unless it has an end of its own."""
    return text if re.search(r"[.?!。？！…][”’」』]?$", text) else f"{text}."


def _is_text(letter: str) -> bool:
    # U+FFFE and U+FFFF are in no file of XML, and so in no file of Word.
    lost = unicodedata.category(letter) in ("Cc", "Cs") or ord(letter) & 0xFFFE == 0xFFFE
    return not lost and letter != "\ufeff" and not TURNS.match(letter)


def _closing(title: str) -> int:
    """The place of the 》 that closes the 《 at the start; -1 where none does."""
    depth = 0
    for place, letter in enumerate(title):
        depth += (letter == "《") - (letter == "》")
        if not depth:
            return place
    return -1


def _make_key(card: NoticeCard) -> str:
    """An ASCII key, the same for a notice at each time and another for each notice: be2022-1f3a09c2."""
    initials = "".join(re.findall(r"\b[A-Z]", card.issuer, re.ASCII)).lower()[:8] or "notice"
    year = "".join(str(part) for part in read_date(card.issued_on)[:1])
    named = card.notice_id
    if not re.fullmatch(r"[a-z0-9]{1,40}", named):
        named = "x" + hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{initials}{year}-{named}"
