"""A name that no notice has, read as the one that it was meant to be; the reader is told."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.names import find_names, has_other_names
from store.archive import Archive
from store.words import has_chinese, index_terms

# A shorter name is another one as soon as a letter differs.
_SHORTEST = 5
_LIKE = 8
# Hubei is not Hebei, and Shaanxi not Shanxi: of two names that sound Chinese both may be right.
_PINYIN = re.compile(
    r"(?:(?:[zcs]h|[bpmfdtnlgkhjqxzcsrwy])?(?:i?a(?:i|o|ng?)?|u?a(?:i|ng?)?|[iu]?e(?:i|ng?)?|o(?:u|ng)?|i(?:e|u|a|ao|n|ng|ong)?"
    r"|u(?:i|n|o|e)?|er)){2,5}"
)


@dataclass(frozen=True, slots=True)
class Respelt:
    """A name as it was typed, and as the notices spell it."""

    typed: str
    read: str


def mend_names(archive: Archive, question: str) -> tuple[str, tuple[Respelt, ...]]:
    """The question with the names that no notice has as the notices spell them, and which these are.

    Only where a single letter is wrong, missing, too many or swapped with its neighbour, never the first.
    """
    found = tuple(
        Respelt(name, read)
        for name in ([] if has_chinese(question) else find_names(question))
        if (read := _find_spelling(archive, name))
    )
    for respelt in found:
        question = re.sub(rf"(?<!\w){re.escape(respelt.typed)}(?!\w)", respelt.read, question)
    return question, found


def _find_spelling(archive: Archive, name: str) -> str:
    """The name of the notices that this one was meant to be; '' where it is theirs, or nobody can tell."""
    plain = re.sub(r"['’]s$", "", name)
    terms = index_terms(plain)
    if len(plain) < _SHORTEST or not plain.isalpha() or len(terms) != 1 or archive.speaks_of(terms[0]):
        return ""
    if has_other_names(plain) or _PINYIN.fullmatch(plain.lower()):
        return ""
    passages = archive.catalogue.passages(archive.find_alike(terms[0], _LIKE)).values()
    words = {word for passage, _ in passages for word in re.findall(r"(?<!\w)[A-Z][^\W\d_]+", passage.text)}
    alike = {word for word in words if _differs_by_one(plain.lower(), word.lower())}
    # Two names that are as near as each other leave it open which was meant.
    return name.replace(plain, alike.pop()) if len({word.lower() for word in alike}) == 1 else ""


def _differs_by_one(one: str, other: str) -> bool:
    """Whether one letter behind the first is wrong, missing, too many or swapped (Damerau 1964)."""
    if one == other or one[0] != other[0]:
        return False
    short, long = sorted((one, other), key=len)
    same = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    rest, other_rest = short[same:], long[same:]
    if len(rest) != len(other_rest):
        return len(other_rest) - len(rest) == 1 and other_rest[1:] == rest
    return rest[1:] == other_rest[1:] or (rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:])
