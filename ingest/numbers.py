"""The number (文号) that a notice itself bears, told from those of the notices that it names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from store.words import CJK

_BRACKETED = (
    rf"[{CJK}]{{1,12}}(?:[（(][{CJK}]{{1,6}}[）)])?"
    r"\s?[〔﹝\[［【(（]\s?\d{4}\s?[〕﹞\]］】)）]\s*第?\s*\d{1,5}\s*号"
)
_DECREE = rf"[{CJK}]{{0,20}}(?:令|公告|通告)\s*(?:第\s*\d{{1,5}}\s*号|[（(]?\d{{4}}\s*年\s*第\s*\d{{1,5}}\s*号[）)]?)"
_KIND = (
    r"(?:Notice|Circular|Order|Announcement|Document|Decree|Regulation|Instruction|Directive|Letter|Memorandum|Bulletin"
    r"|Resolution)(?=\s+(?:No|\d))"
)
_ENGLISH = (
    rf"(?:[A-Z][\w’'-]+ ){{0,8}}{_KIND}"
    r"\s+(?:No\.?\s?\d{1,5}(?:\s?[\[(〔]\d{4}[\])〕]|\s?(?:of|/)\s?\d{4})|\d{1,4}/\d{2,4})"
)
_BILL = (
    r"(?:(?:Senate|House|Assembly) (?:Joint )?(?:Bill|Resolution)(?: No\.)? \d{1,5}"
    r"|Public Law \d{1,3}[-–]\d{1,4}|(?:SB|HB|HR) \d{1,5})"
)
_STATUTE = (
    r"(?:S\.?I\.? \d{4}/\d{1,5}|\d{4} (?:No\.|c\.|asp|chapter|CHAPTER) ?\d{1,5}|Cm\.? \d{4}|CP \d{2,4}"
    r"|[A-Z]{2,5} \d{1,3}/\d{2,4})"
)
_BESIDE = r"(?s)\s*(?:(?:签发人|特急|加急|急件|[秘机绝]密|平急).*)?"
_DECREED = re.compile(rf"(?:中华人民共和国)?(?P<body>[{CJK}]{{2,20}})(?:令|公告)")
_ORDINAL = re.compile(r"[（(]?(?:[〔\[]\d{4}[〕\]]\s*)?(?:第\s*\d{1,5}\s*号|\d{4}\s*年\s*第\s*\d{1,5}\s*号)[）)]?")
_OWN = tuple(re.compile(pattern) for pattern in (_BRACKETED, _DECREE, _ENGLISH, _BILL, _STATUTE))
_LABELLED = re.compile(
    r"(?im)(?:^|[\t ])(?P<label>发文字号|文\s{0,4}号|文件编号|编\s{0,4}号|policy (?:number|no\.?|code)"
    r"|circular (?:number|no\.?)"
    r"|document (?:number|no\.?)|reference(?: number| no\.?)?|our ref(?:erence)?|ref(?:\.? no)?\.?"
    r"|file(?: code)?|number)"
    r"\s*[:：\t]\s*(?P<said>[^\t\n]+)"
)
_CODE = re.compile(r"(?=[^\s]*[A-Z\d])[A-Z\d][\w/.:()\[\]-]{0,30}(?: (?:No\.? ?)?[\[(〔]?\d[\w/.\])〕-]{0,15}){0,3}")
_FILED, _LETTERS = re.compile(r"(?i)file|policy code"), re.compile(r"[A-Z]{2,6}(?:-[A-Z]{1,2})?")
# How a red-head line goes on behind the number: who signed, how urgent.
_REST = 16


def is_number(line: str) -> bool:
    """Whether a line is a number, in brackets or not, and at most who signed it or how urgent it is."""
    bare = _unwrap(line)
    return any(re.fullmatch(_BESIDE, bare[match.end() :]) for p in _OWN if (match := p.match(bare)))


def find_number(head: Sequence[str], title: str = "") -> str:
    """The number of a notice with these first lines: labelled so, or a line of its own; '' where none is sure."""
    for line in head:
        labelled = _LABELLED.search(line)
        said = _read_label(labelled["said"]) if labelled else ""
        if said:
            # School boards of the United States file their policies under letters.
            return (
                f"Policy {said}" if labelled and _FILED.match(labelled["label"]) and _LETTERS.fullmatch(said) else said
            )
    for line, below in itertools.pairwise(head):
        if _DECREED.fullmatch(line) and _ORDINAL.fullmatch(below):
            return _fold(line.removeprefix("中华人民共和国") + below.strip("（()）"))
    for line in head:
        found = _stands_in(line)
        if found:
            return found
    bill = re.match(_BILL, title)
    return bill.group() if bill else ""


def search_numbers(line: str) -> list[tuple[int, str]]:
    """(start, number) of the numbers in a line; of one with words before it, each way to begin it, longest first."""
    found: list[tuple[int, str]] = []
    for match in re.finditer(_BRACKETED, line):
        found.append((match.start(), _fold(match.group())))
    for match in re.finditer(_ENGLISH, line):
        starts = [match.start() + space.end() for space in re.finditer(r" ", match.group())]
        kind = re.search(_KIND, match.group())
        last = match.start() + (kind.start() if kind else 0)
        found += [(start, _fold(line[start : match.end()])) for start in [match.start(), *starts] if start <= last]
    return found


def read_decree(line: str) -> str:
    """The body in the head of a decree, as 教育部 in 中华人民共和国教育部令; '' in any other line."""
    decree = _DECREED.fullmatch(line)
    return decree["body"] if decree else ""


def is_ordinal(line: str) -> bool:
    """Whether a line is 第49号, as it stands below the head of a decree."""
    return bool(_ORDINAL.fullmatch(line))


def year_of(number: str) -> int | None:
    """The year in a number that has one in brackets, as in 云教发〔2021〕9号 and No. 7 [2022]."""
    found = re.search(
        r"[〔﹝\[［【(（]\s?((?:19|20)\d{2})\s?(?:[〕﹞\]］】)）]|年)|(?:of|/)\s?((?:19|20)\d{2})$", number
    )
    return int(found.group(1) or found.group(2)) if found else None


def _stands_in(line: str) -> str:
    """The number in a line of which it is all but a few words, or with which a decree's history names it."""
    bare = _unwrap(line)
    for pattern in _OWN:
        match = pattern.match(bare)
        if match and len(bare) - match.end() <= _REST:
            return _fold(match.group())
    named = re.search(r"(?:^|[\s日])(?:中华人民共和国)?(国务院令第\s*\d{1,4}\s*号)(?:公布|发布|\s|$)", line)
    english = re.search(rf"(?:^|[.;,·|] )({_ENGLISH})(?=$|[ .;,·|])", line) if len(line) <= 200 else None
    found = named or english
    return _fold(found.group(1)) if found else ""


def _read_label(said: str) -> str:
    said = said.strip()
    known = next((match for pattern in _OWN if (match := pattern.match(said))), None)
    code = known or _CODE.match(said)
    if code is None or (known is None and not re.match(r"$|[\s.;,，；]", said[code.end() :])):
        return ""
    return _fold(code.group().rstrip(".,;:"))


def _unwrap(line: str) -> str:
    line = line.strip()
    inside = re.fullmatch(r"[（(](.*)[）)]", line)
    return inside.group(1).strip() if inside else line


def _fold(number: str) -> str:
    """On one line, and without the spaces that a layout puts into a Chinese number."""
    number = " ".join(number.split())
    return re.sub(r"\s", "", number) if number.endswith("号") else number
