"""What sentences say together: a list's opening with its points, a table's head with a row, a name with its pronoun."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.facts import Fact, FactKind, read_facts

_LISTED = re.compile(r"[;；。.]\s*(?:and\s)?(?=\S)")
_MARKER = re.compile(r"^\s*(?:[*•●▪◦·\-–—]|\d{1,3}[.)）、]|[(（]\w{1,4}[)）])\s*")
# "…must contain at least the following six points": what is listed stands in place of these words. Where one of
# several is enough, or all are needed together, no point says anything alone.
_FOLLOWING = re.compile(
    r"(?:\s(?:at least )?the following(?: \w+){0,2}|下列[\u4e00-\u9fff]{0,4}|以下[\u4e00-\u9fff]{0,4})$"
)
_SHARED = re.compile(
    r"(?i)\b(?:one|any|all|both|each|either|none|if|when|where|unless|condition)s?\b|之一|条件|情形|同时|任何|全部"
)
_PERSON = re.compile(r"^(?P<name>(?:(?P<title>Mr|Ms|Mrs|Dr) )?[A-Z][a-z]+(?: [A-Z][a-z]+)?)(?P<rest> [a-z].*)$")
_NO_NAMES = frozenset(
    "The This That These Those A An In On At By From For Every Each All No Some It He She They".split()
)
# A second person, or thing with a name, of whom the pronoun might speak.
_SOMEBODY = re.compile(
    r"[A-Z]|\b(?:hosts?|presidents?|heads?|directors?|principals?|teachers?|minister|secretary|deputy|mayor|chair\w*|colleagues?)\b"
)
_THING = re.compile(
    r"^(?:(?:From|On|Since) [^,]{4,20}?,? )?(?P<name>[Tt]he [a-z]+(?: [a-z]+)?) (?:is|was) (?P<rest>(?P<verb>\w+).*)$"
)
_ELSE = re.compile(r"\b(?:the|its|their|his|her|each|every|an|[A-Z][a-z]+)\b")
_PRONOUN = re.compile(r"^(?P<word>He|She|It) (?P<rest>[a-z].*)$", re.DOTALL)
_NOT_OF = {"Ms": "He", "Mrs": "He", "Mr": "She"}
_DONE = re.compile(r"^(?:must|shall|should|may|is|was|will)(?: not)?(?: be)? (?P<verb>\w+)")
_BRACKET = re.compile(r"\s*[（(](?P<unit>[^（）()]*)[）)]\s*")
# Words that a statement has and a table has not.
_FILLERS = frozenset("for there have where be equal total 为 是 达 到 有 共 中 则 按 执 行 进 开 展 举".split())
_EVENTS = frozenset("工作事项 事项 工作内容 内容 项目 任务 工作任务".split())
_IN_CHARGE = re.compile("(?:责任|负责|牵头)(?:单位|部门|人)")
_HEAD_FIGURE = re.compile(r"\d+")
_YEAR = re.compile(r"(?:19|20)\d{2}")


def join_lists(quotes: Sequence[str]) -> list[str]:
    """The quotes, and each sentence that ends with a colon together with each quote after it, and with all."""
    joined = list(quotes)
    for place, head in enumerate(quotes[:-1]):
        if not head.rstrip().endswith((":", "：")):
            continue
        points = [_MARKER.sub("", point) for point in quotes[place + 1 :]]
        opening = head.rstrip()[:-1]
        said = [*points, _LISTED.sub(", ", " ".join(points))]
        joined += [f"{opening} {point}" for point in said]
        if _FOLLOWING.search(opening) and not _SHARED.search(opening):
            joined += [f"{_FOLLOWING.sub('', opening)} {point}" for point in said]
    return joined


def opens_with_pronoun(quote: str) -> bool:
    """Whether a sentence begins with he, she or it."""
    return _PRONOUN.match(quote) is not None


def resolve_pronoun(before: str, quote: str) -> str:
    """A sentence that begins with a pronoun, with the name that it stands for; '' where that is not safe.

    "He" and "she" are the person with whom the sentence before begins, where it names nothing else; "it" is
    that sentence's subject where it names no other thing, or where both say what is done to it, with one verb.
    """
    pronoun = _PRONOUN.match(quote)
    if pronoun is None:
        return ""
    if pronoun["word"] == "It":
        thing = _THING.match(before.strip())
        if thing is None or not _is_same_thing(thing, pronoun["rest"]):
            return ""
        return f"{thing['name']} {pronoun['rest']}"
    person = _PERSON.match(before.strip())
    if person is None or person["name"].split()[0] in _NO_NAMES or _SOMEBODY.search(person["rest"]):
        return ""
    if (person["title"] in ("Ms", "Mrs") and pronoun["word"] == "He") or (
        person["title"] == "Mr" and pronoun["word"] == "She"
    ):
        return ""
    return f"{person['name']} {pronoun['rest']}"


def _is_same_thing(thing: re.Match[str], rest: str) -> bool:
    done = _DONE.match(rest)
    if done and done["verb"] == thing["verb"]:
        return True
    return _ELSE.search(thing["rest"]) is None


def is_row_said(claim: str, head: str, row: str) -> bool:
    """Whether a claim says one cell of a table's row: its first cell, the column's head and the cell, and no more.

    Cells are parted by tabs. The three may stand in any order, each whole; a unit in the head may be said
    with the figure. Where row and cell are both bare figures, the row's comes first.
    """
    heads, cells = head.split("\t"), row.split("\t")
    if len(heads) != len(cells) or len(cells) < 2 or not all(_is_head(one) for one in heads[1:]):
        return False
    said = read_facts(claim)
    # Without a figure there is nothing to tell a head from a row that only stands first.
    if not any(fact.form.startswith(("#", "d:")) for fact in said):
        return False
    columns = [(title, cell) for title, cell in zip(heads[1:], cells[1:], strict=True) if cell.strip()]
    # What is done on a day may be told together with the day.
    labels = [cells[0], *(cells[0] + cell for title, cell in columns if title.strip() in _EVENTS)]
    return any(_says_cell(said, heads[0], label, title, cell) for label in labels for title, cell in columns)


def _is_head(cell: str) -> bool:
    """Whether a cell may head a column: words, or years, but no other figures."""
    return bool(cell.strip()) and not [one for one in _HEAD_FIGURE.findall(cell) if not _YEAR.fullmatch(one)]


def _says_cell(said: Sequence[Fact], corner: str, label: str, title: str, cell: str) -> bool:
    return any(_is_laid(said, _forms(label), name, value, _forms(corner)) for name, value in _ways_of_cell(title, cell))


def _ways_of_cell(title: str, cell: str) -> Iterator[tuple[list[str], list[str]]]:
    """The forms of a column's name and of a cell: as they stand, with the unit, an event without its name."""
    yield _forms(title), _forms(cell)
    bracket = _BRACKET.search(title)
    if bracket:
        name, unit = _BRACKET.sub("", title), bracket["unit"]
        yield _forms(name), _forms(f"{cell}{unit}")
        parts = re.split(r"[/·]", unit)
        if len(parts) > 1:
            each = "".join(f"每{part}" for part in parts[1:])
            yield _forms(name), _forms(f"{each}{cell}{parts[0]}")
    if title.strip() in _EVENTS:
        yield [], _forms(cell)
    if _IN_CHARGE.search(title):
        yield [], _forms(f"由{cell}负责")


def _is_laid(said: Sequence[Fact], label: list[str], name: list[str], value: list[str], corner: list[str]) -> bool:
    """Whether a claim consists of a row's label, a column's name and a cell, each whole, and of words that fill."""
    left = [fact.form for fact in said]
    if not label or not value or not set(label + name + value) <= set(left):
        return False
    figures = all(form.startswith("#") for form in (*label, *value))
    if figures and _find(left, label) > _find(left, value):
        return False
    # The longest first, so that a shorter one is not taken out of it.
    for part in sorted((label, name, value), key=len, reverse=True):
        place = _find(left, part)
        if place < 0:
            return False
        left[place : place + len(part)] = ["|"] if part else []
    extra = [form for form in left if form != "|" and form not in _FILLERS]
    return set(extra) <= set(corner) and len(extra) <= len(corner)


def _find(forms: Sequence[str], part: Sequence[str]) -> int:
    """Where a run of forms begins in others, -1 where it does not stand there."""
    return next((at for at in range(len(forms) - len(part) + 1) if list(forms[at : at + len(part)]) == list(part)), -1)


def _forms(text: str) -> list[str]:
    return [fact.form for fact in read_facts(text) if fact.kind is not FactKind.number]
