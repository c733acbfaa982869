"""The issuers that a question names, by their names, their initials or the place that they are of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from store.words import CJK, has_chinese, index_terms


@dataclass(frozen=True, slots=True)
class Naming:
    """Where a text names issuers, [start, end), and which: those of the desk that go by these words."""

    start: int
    end: int
    issuers: tuple[str, ...]


class _As(StrEnum):
    """How the words of a form must stand in a text to name its issuer."""

    written = "written"  # in these very letters
    any_case = "any_case"
    proper = "proper"  # with capitals, unless the whole text is typed without
    word = "word"  # a Chinese word of its own, of no other kind of place and no school's


def find_issuers(text: str, known: Collection[str]) -> list[Naming]:
    """The namings in `text` of issuers that are among `known`, in its order, the longest where some overlap.

    A place that stands at the front of a name is enough (青萝 for 青萝市教育局, Sichuan for Sichuan
    Provincial Department of Education), initials too (DfE); a kind of office (the ministry, 省教育厅) is not.
    """
    lower = text.lower()
    lower = lower if len(lower) == len(text) else text
    cut = frozenset(index_terms(text)) if has_chinese(text) else frozenset()
    by_place: dict[tuple[int, int], set[str]] = {}
    for issuer in known:
        for words, way in _read_forms(issuer):
            if way is _As.word and words not in cut:
                continue
            folded = way is _As.any_case or (way is _As.proper and text == lower)
            for start in _places(lower if folded else text, words.lower() if folded else words):
                end = start + len(words)
                if way is not _As.word or not _ELSEWHERE.match(text, end):
                    by_place.setdefault((start, end), set()).add(issuer)
    chosen: list[Naming] = []
    for (start, end), issuers in sorted(by_place.items(), key=lambda item: (item[0][0], -item[0][1])):
        if chosen and start < chosen[-1].end:
            continue
        if chosen and start == chosen[-1].end:
            chosen.pop()  # 云岚省青萝市教育局: the province says where the city is
        chosen.append(Naming(start, end, tuple(sorted(issuers))))
    return chosen


def read_issuers(text: str, known: Collection[str]) -> tuple[str, ...]:
    """The issuers among `known` that `text` names, as `known` writes them, in the order of the text."""
    return tuple(dict.fromkeys(issuer for naming in find_issuers(text, known) for issuer in naming.issuers))


# Words of an English issuer's name that are no name of their own.
_KINDS = frozenset(
    """
    a academic academy administration administrative advisory affairs agency and assembly association authority board
    borough branch bureau cabinet central centre center childhood children city college commission committee community
    congress council county court culture department desk development directorate district division early education
    educational elementary employment exams examinations family federal finance for general government governors group
    head health high higher house human inspectorate institute institution instruction international joint labor
    labour law learning legal legislature local metropolitan ministerial ministry municipal municipality national
    normal of office official open ordinary parliament party people's people’s peoples permanent personnel planning
    police policy post prefecture primary professional programme program province provincial public quality regional
    regulation republic research resources rural school schools science sciences secondary secretariat section senate
    service services skills social sport sports staff standards standing state statistics student students studies
    superintendent supervision supreme teacher teachers teaching technical technology the town township trade training
    union unit united university urban vocational welfare with work youth into continuing get vacancies usa uk
    """.split()
)
_LEVELS = frozenset({"Provincial", "Municipal", "City", "County", "Regional", "State"})
_KIND_ZH = r"(?:省|市|县|区|州|盟|旗|自治区|自治州|自治县|地区|特别行政区)"
# 省教育厅 is an office of any province; 市中区 and its like are places.
_ANY_OFFICE = re.compile("[省市县区](?![中南北]区)")
_PLACE_ZH = re.compile(
    rf"^(?:[{CJK}]{{2,6}}?(?:省|自治区))?(?P<name>[{CJK}]{{2,7}}?)(?P<kind>自治区|自治州|自治县|特别行政区|地区|[省市县区州盟旗])(?=[{CJK}])"
)
_PEOPLES = re.compile("(?:壮族|回族|维吾尔|藏族|苗族|侗族|彝族|蒙古族|土家族|朝鲜族|哈萨克|傣族|白族)+$")
# 教育部 is not named by 教育部门, 教育部署 or 教育部分, nor an office by the words that run on from it.
_RUNS_ON = {"部": "门署分队属落件位", "院": "校系士长", "厅": "级堂", "委": "托派员", "局": "面部限", "会": "议计"}
_SHORTER = (
    ("人民代表大会常务委员会", "人大常委会"),
    ("人民代表大会", "人大"),
    ("人民政府办公", "政府办公"),
    ("人民政府", "政府"),
    ("教育委员会", "教委"),
    ("发展和改革委员会", "发展改革委"),
    ("发展和改革委员会", "发改委"),
    ("人力资源和社会保障", "人社"),
)
_ELSEWHERE = re.compile(rf"{_KIND_ZH}|[{CJK}]{{0,6}}?(?:大学|学院)")


def _places(text: str, words: str) -> Iterator[int]:
    """Where `words` begin in `text`, not inside other words."""
    start = text.find(words)
    while start >= 0:
        before, after = text[start - 1 : start], text[start + len(words) : start + len(words) + 1]
        runs_on = (words[-1].isascii() and after.isascii() and after.isalnum()) or (
            words[0].isascii() and before.isascii() and before.isalnum()
        )
        if not runs_on and not (after and after in _RUNS_ON.get(words[-1], "")):
            yield start
        start = text.find(words, start + 1)


@lru_cache(maxsize=4096)
def _read_forms(issuer: str) -> tuple[tuple[str, _As], ...]:
    """The forms under which an issuer is named; a name that joins several by ; or 、 has those of each."""
    if not issuer.strip() or _ANY_OFFICE.match(issuer):
        return ()
    forms: dict[tuple[str, _As], None] = {(issuer, _As.written): None}
    for body in re.split(r"[;；、,，]|\s/\s", re.sub(r"[(（][^)）]*[)）]", " ", issuer)):
        name = " ".join(body.split())
        read = _read_chinese_forms if has_chinese(name) else _read_english_forms
        forms |= dict.fromkeys(read(name))
    return tuple(forms)


def _read_english_forms(name: str) -> Iterator[tuple[str, _As]]:
    words = name.split()
    if len(name) > 3:
        yield name, _As.any_case
        yield " ".join(word for word in words if word not in _LEVELS), _As.any_case
    elif name.isupper() and len(name) > 1:
        yield name, _As.written
    if len(words) > 2:
        # "DfE" for Department for Education, "DFE" as well, but never "dfe" or "De".
        for initials in ("".join(word[0] for word in words), "".join(word[0] for word in words if word[0].isupper())):
            if len(initials) > 2:
                yield from ((initials, _As.written), (initials.upper(), _As.written))
    own = _own_words(words)
    if len(own) > 3:
        yield own, _As.proper


def _own_words(words: list[str]) -> str:
    """The first run of words that are no kind of office, "" where the name has none."""
    run: list[str] = []
    for word in words:
        bare = re.sub(r"['’]s$", "", word)
        if bare[:1].isupper() and bare.lower() not in _KINDS:
            run.append(bare)
        elif run:
            break
    return " ".join(run)


def _read_chinese_forms(name: str) -> Iterator[tuple[str, _As]]:
    if len(name) < 3 or _ANY_OFFICE.match(name):
        return
    forms = {name}
    for long, short in _SHORTER:
        forms |= {form.replace(long, short) for form in forms}
    yield from ((form, _As.written) for form in sorted(forms))
    found = _PLACE_ZH.match(name)
    if found is not None:
        yield found["name"] + found["kind"], _As.written
        bare = _PEOPLES.sub("", found["name"])
        if len(bare) > 1:
            yield bare, _As.word
