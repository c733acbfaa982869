"""What a follow-up sets in the place of something in the question before it: part-time for full-time."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from retriever.issuers import find_issuers
from retriever.topic import LEAD
from store.words import CJK, content_terms, index_terms

# Words of one kind: where a question has one of them and its follow-up another, the other is meant instead.
_FAMILIES = (
    ("full[- ]?time", "part[- ]?time"),
    ("inner London", "outer London", "outside London", "(?:the )?London fringe"),
    ("undergraduates?", "postgraduates?"),
    (
        "primary", "(?<!lower )(?<!upper )(?<!junior )(?<!senior )secondary", "(?:lower|junior) secondary",
        "(?:upper|senior) secondary", "kindergartens?", "pre-?school", "nursery", "vocational",
    ),
    tuple(f"{word}(?= (?:school|kindergarten|college|universit|one))" for word in ("public", "private")),
    ("urban", "rural"),
    ("boys", "girls"),
    ("online", "face[- ]to[- ]face"),
    (
        "art", "music", "maths", "mathematics", "physics", "chemistry", "biology", "science", "history", "geography",
        "computing", "drama", "dance", "physical education", "PE",
    ),
    ("音乐", "美术", "体育", "数学", "语文", "英语", "物理", "化学", "生物", "历史", "地理", "科学", "书法", "舞蹈"),
    ("(?<!中)小学", "初中", "(?:普通)?高中", "幼儿园", "中职学?校?", "高[校等]学?校?", "大学"),
    ("公办", "民办"),
    ("公立", "私立"),
    ("城[市镇]", "[农乡]村"),
    ("本科", "专科", "硕士", "博士", "研究生"),
    ("寄宿", "走读"),
    ("男生", "女生"),
    ("春季", "秋季"),
    ("上学期", "下学期"),
    ("线上", "线下"),
    ("在职", "脱产"),
)  # fmt: skip
_GRADES = re.compile(
    r"(?i)\b(?:grade|year group|key stage|class)s?\s(?P<figures>\d{1,2}(?:\s?(?:to|-|–|and)\s?\d{1,2})?)(?!\d)"
    "|[一二三四五六七八九](?:[至到、和-][一二三四五六七八九])?(?P<zh>年级)"
)
_PLACE = re.compile(r"\b[A-Z][a-z]+(?:\s[A-Z][a-z]+)?\s(?P<level>County|City|Province|District|Prefecture|State)\b")
_PLACE_ZH = re.compile(rf"[{CJK}]{{2,6}}[省市县区州]")
_PHRASE = re.compile(
    r"(?i)^\s*(?:(?:for|to|in|of|with)\s+)?(?:the\s+)?"
    r"(?P<own>[a-z][\w’'-]*(?:\s+[\w’'-]+)?)\s+(?P<head>[a-z][a-z-]{2,})\s*$"
)


def put_in_place(before: str, asked: str, known: Collection[str] = ()) -> tuple[str, bool]:
    """(`before` with what `asked` sets in the place of something in it, whether `asked` says nothing more).

    Only where it is sure what is replaced: both name exactly one thing of a kind, and not the same.
    "What about art teachers?" after a question about music teachers makes it one about art teachers.
    """
    rest = re.sub(r"[?？!！。.\s]+$|呢\s*[?？]?\s*$", "", LEAD.sub("", asked)).strip()
    changed = False
    for pattern in _kinds():
        new, old = _one(pattern, rest), _one(pattern, before)
        if new and old and new.group().lower() != old.group().lower() and new.lastgroup == old.lastgroup:
            before = before[: old.start()] + new.group() + before[old.end() :]
            rest = rest[: new.start()] + rest[new.end() :]
            changed = True
    before, rest, named = _replace_place(before, rest, known)
    phrase = _PHRASE.match(rest) if not changed and not named else None
    if phrase:
        swapped = _replace_qualifier(before, phrase["own"], phrase["head"])
        if swapped:
            return swapped, True
    return before, (changed or named) and _says_no_more(rest, before)


def _kinds() -> Iterator[re.Pattern[str]]:
    for family in _FAMILIES:
        latin = family[0].isascii()
        pattern = "|".join(family)
        yield re.compile(rf"(?i)\b(?:{pattern})\b" if latin else pattern)
    yield from (_GRADES, _PLACE)


def _one(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The one thing of a kind in `text`; None where there is none, or several."""
    found = list(pattern.finditer(text))
    return found[0] if found and len({match.group().lower() for match in found}) == 1 else None


def _replace_place(before: str, rest: str, known: Collection[str]) -> tuple[str, str, bool]:
    """The issuer that the desk knows, or the Chinese place, that `rest` names instead of the one in `before`."""
    new, old = find_issuers(rest, known), find_issuers(before, known)
    if len(new) == len(old) == 1 and new[0].issuers != old[0].issuers:
        words = rest[new[0].start : new[0].end]
        rest = rest[: new[0].start] + rest[new[0].end :]
        return before[: old[0].start] + words + before[old[0].end :], rest, True
    # In running text only the segmenter can tell where the name of a place begins.
    places = {term for term in index_terms(before) if len(term) > 2 and _PLACE_ZH.fullmatch(term)}
    if _PLACE_ZH.fullmatch(rest) and len(places) == 1 and rest not in before:
        return before.replace(places.pop(), rest), "", True
    return before, rest, False


def _replace_qualifier(before: str, own: str, head: str) -> str:
    """`before` with `own` before its one `head`, not the word that qualifies it there; "" where none does."""
    stem = content_terms(head)
    pairs = re.finditer(r"\b(?=([\w’'-]{1,30})\s+([\w-]{1,30}))", before)
    places = [pair for pair in pairs if stem and content_terms(pair[2]) == stem]
    old = content_terms(places[0][1]) if len(places) == 1 else []
    if not old or not content_terms(own) or content_terms(own) == old:
        return ""
    return before[: places[0].start(1)] + own + before[places[0].end(1) :]


def _says_no_more(rest: str, before: str) -> bool:
    """Whether what is left of a follow-up stands in the question before it too: 民办学校 says no more than 民办."""
    return not set(content_terms(rest)) - set(content_terms(before))
