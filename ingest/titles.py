"""The title of a notice: a line that says what it is about, never a menu, a date, a number or the name of a body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from core.types import Origin
from ingest.edges import Edges
from ingest.numbers import is_number, read_decree
from ingest.readers.reading import join_lines
from ingest.title_lines import (
    LONGEST_ENGLISH,
    cut_site,
    ends_as_title,
    is_kind,
    is_label,
    is_letterhead,
    is_prose,
    is_title,
)
from store.words import CJK, has_chinese

_NAMED = re.compile(
    r"(?im)^(?:title|subject|re|信息名称|标\s*题|名\s*称|文件名称|题\s*名)\s*[:：\t]\s*(?P<said>[^\t\n]{4,150}?)(?=\t|\s*$|\s+[\u4e00-\u9fff]{3,4}[:：])"
)
_DECREED = re.compile(r"(?:现(?:予)?(?:公布|发布|将))?《(?P<said>[^》《]{3,60})》[^《。]{0,80}(?:公布|发布|施行|通过)")
_RUNNING = re.compile(r"(?m)^(?:\d{1,3}\s*\|\s*(?P<right>\S.{10,148})|(?P<left>\S.{10,148}?)\s*\|\s*\d{1,3})$")
# What stands around the title in a file name.
_COPY = re.compile(r"(?i)(?:\s*[（(]\d{1,2}[)）]|[-_ ]+(?:副本|copy|final|draft|clean|v\d+(?:\.\d+)*))+$")
_DAY = re.compile(r"[（(\[]?(?:19|20)\d{2}[-._年]?\d{1,2}[-._月]?\d{1,2}日?[)）\]]?")
_JOINS_ON = re.compile(r"(?i)\b(?:of|for|the|and|to|in|on|at|by|with|from|a|an|under|or)$|[,:–—-]$")
_LONGEST_OPENING, _MOST_LINES = 60, 6


def find_title(path: str, edges: Edges) -> tuple[str, Origin]:
    """The title by the text's first lines or the file's name, whichever says more; else its opening words.

    '' where there is neither.
    """
    stem = read_stem(path)
    opening = [_bare(line) for line in edges.head]
    twice = next((line for line in opening if _fold(line) and _fold(line) == _fold(stem)), "")
    if twice and is_title(twice):
        return twice, Origin.text
    named = _find_named(edges.head)
    if named and is_title(named):
        return named, Origin.text
    found = _find_in(opening)
    if found and not (ends_as_title(stem) and is_telling(stem) and not ends_as_title(found)):
        return found, Origin.text
    running = _find_running(edges)
    if running:
        return running, Origin.text
    kind = next((line for line in opening[:4] if is_kind(line)), "")
    return (stem, Origin.path) if is_telling(stem) else (kind or _open(opening), Origin.text)


def read_stem(path: str) -> str:
    """The name of a file as words: without its ending, days, marks of copies and the name of a site."""
    stem = _COPY.sub("", PurePosixPath(path).stem)
    stem = cut_site(_DAY.sub(" ", stem))
    return re.sub(r"[-_\s]+", " ", stem).strip(" .,()（）")


def is_telling(stem: str) -> bool:
    """Whether the name of a file is words, and not a code."""
    return bool(re.search(rf"[{CJK}]{{2}}|(?:[A-Za-z]{{3,}} ){{1,}}[A-Za-z]{{3,}}", stem)) and is_title(stem)


def _bare(line: str) -> str:
    """A line without the marks of Markdown; '' for a row of a table with words in several cells."""
    cells = [cell.strip("# *").strip() for cell in line.split("\t")]
    return cells[0] if not any(cells[1:]) or is_label(line) else ""


def _find_named(head: Sequence[str]) -> str:
    """The title that a label gives, or that a decree promulgates."""
    labelled = next((match["said"].strip() for line in head if (match := _NAMED.match(line))), "")
    if labelled or not any(read_decree(line) or is_number(line) for line in head[:3]):
        return labelled
    return next((match["said"] for line in head[:8] if (match := _DECREED.match(line))), "")


def _find_in(opening: Sequence[str]) -> str:
    """The first line that may be a title, with those that it goes on in; '' where prose comes first.

    One sentence may stand above a title that the name of a body, a number or a date follows, or is before.
    """
    passed = False
    for place, line in enumerate(opening):
        if not line or not is_title(line):
            if line and is_prose(line):
                if place:
                    return ""
                passed = True
            continue
        if is_prose(line):
            if place or len(line) > LONGEST_ENGLISH:
                return ""
            passed = True
            continue
        joined = _join(opening[place : place + _MOST_LINES])
        title = joined if is_title(joined) else line
        if passed and not (has_chinese(title) and ends_as_title(title)):
            beside = [*opening[1:place], *opening[place + 1 : place + 3]]
            return title if any(is_letterhead(other) for other in beside) else ""
        return title
    return ""


def _join(lines: Sequence[str]) -> str:
    """A title that was broken into lines, as one."""
    title, *rest = lines
    for line in rest:
        if not line or is_prose(line) or is_letterhead(line) or is_label(line):
            break
        if has_chinese(title):
            # 关于… is open until a word says what kind of document it is.
            goes_on = "关于" in title and not ends_as_title(title) and not line.startswith("关于")
        else:
            goes_on = bool(_JOINS_ON.search(title)) or line[0].islower()
        if not goes_on or len(title) + len(line) > LONGEST_ENGLISH:
            break
        # A last line is often spaced out: 通　知.
        title = join_lines(title, re.sub(r"\s", "", line) if has_chinese(line) and len(line) <= 6 else line)
    return title


def _find_running(edges: Edges) -> str:
    """The head that runs over the pages of a report, beside its page numbers."""
    for match in (match for line in edges.head for match in [_RUNNING.fullmatch(line)] if match):
        title = (match["right"] or match["left"]).strip()
        if is_title(title):
            return title
    return ""


def _open(opening: Sequence[str]) -> str:
    """The opening words of a notice whose title nothing tells."""
    lines = [line for line in opening if any(character.isalnum() for character in line)]
    first = next((line for line in lines if is_prose(line) or is_title(line)), lines[0] if lines else "")
    words = first[: _LONGEST_OPENING if has_chinese(first) else LONGEST_ENGLISH]
    if words == first and words:
        return words
    cut = words if has_chinese(words) else words.rpartition(" ")[0] or words
    return f"{cut.rstrip(' ,;:，；：')} …".strip()


def _fold(line: str) -> str:
    return re.sub(r"[\W_]+", "", line.translate(str.maketrans("〔〕［］", "[][]"))).casefold()
