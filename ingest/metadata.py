"""What a notice is: title, issuer, number, date and year, from sources.csv, then the file, then the text."""

from __future__ import annotations

import csv
import datetime
import io
import os
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.errors import SourcesError, WrongEncodingError
from core.types import NoticeCard
from ingest.readers.charset import decode
from ingest.readers.reading import Reading
from ingest.sentences import split_paragraphs, split_sentences
from store.catalogue import digest_text
from store.words import CJK, has_chinese, name_language

COLUMNS = ("path", "title", "issuer", "number", "issued_on", "url", "licence", "language")

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = "|".join(month.capitalize() for month in _MONTHS)
_DATES = (
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>{_MONTH}),?\s+(?P<y>\d{{4}})"),
    re.compile(rf"(?P<month>{_MONTH})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})"),
    re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日"),
    re.compile(
        r"(?P<y>[〇○零一二三四五六七八九]{4})年(?P<m>[一二三四五六七八九十]{1,3})月(?P<d>[一二三四五六七八九十]{1,3})日"
    ),
)
_ISSUED = re.compile(
    r"(?i)(?:issued|published|date of issue|dated|report of|发布日期|印发日期|成文日期|发文日期|发布时间)"
)
_IN_FORCE = re.compile(r"(?i)in force|takes effect|effective|施行|生效|实施|废止")
_ISSUER_LINE = re.compile(
    r"(?im)^(?:issuer|issued by|issuing (?:body|authority)|发文机关|发布机关|制定机关)\s*[:：\t]\s*(.+)$"
)
_ISSUER_NAME = re.compile(
    rf"^[{CJK}、 ]{{2,30}}(?:厅|局|部|委员会|政府|办公室|办公厅|教育督导室|考试院|大学|学院)$"
    r"|^(?:The )?(?:[A-Z][\w’'-]*|of|and|for|the|,)(?: (?:[A-Z][\w’'-]*|of|and|for|the))* ?"
)
_BODY = re.compile(
    r"\b(?:Department|Ministry|Bureau|Office|Authority|Commission|Council|Committee|Board|University|Congress)\b"
)
_NUMBERS = (
    re.compile(rf"[{CJK}]{{1,10}}[〔\[［]\d{{4}}[〕\]］]\s*\d{{1,4}}\s*号"),
    re.compile(
        r"(?:[A-Z][\w’'-]+ )*(?:Notice|Circular|Order|Announcement|Document|Decree)\s+No\.\s?\d+\s?[\[(〔]\d{4}[\])〕]"
    ),
)
_ISO = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Sources:
    """The rows of the sources.csv files of a folder, by absolute path, and what was wrong in them."""

    rows: Mapping[Path, Mapping[str, str]]
    warnings: tuple[tuple[str, str], ...] = ()


def read_sources(file: Path) -> Sources:
    """One sources.csv on disk; raises SourcesError where it is no table with a column `path`."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SourcesError(file.name, f"it cannot be read ({error})") from error
    return parse_sources(file, content, _is_there)


def parse_sources(file: Path, content: bytes, is_there: Callable[[Path], bool]) -> Sources:
    """The rows of a sources.csv that stands at `file`; `is_there` tells what it may name. Raises SourcesError."""
    try:
        table = csv.DictReader(io.StringIO(decode(file.name, content).text.lstrip("\ufeff")))
        if "path" not in (table.fieldnames or ()):
            raise SourcesError(file.name, "there is no column 'path'")
        rows = [
            {(key or "").strip(): (value or "").strip() for key, value in row.items() if isinstance(value, str)}
            for row in table
        ]
    except (csv.Error, WrongEncodingError) as error:
        raise SourcesError(file.name, f"it cannot be read ({error})") from error
    found: dict[Path, Mapping[str, str]] = {}
    warnings: list[tuple[str, str]] = []
    for row in rows:
        name = row.get("path", "")
        if not name:
            continue
        location = Path(os.path.normpath(file.parent / PurePosixPath(name)))
        if not location.is_relative_to(file.parent):
            warnings.append((name, "named in sources.csv, but it is outside of the folder; left out"))
            continue
        if not is_there(location):
            warnings.append((name, "named in sources.csv, but there is no such file"))
        if row.get("issued_on") and not is_date(row["issued_on"]):
            warnings.append((name, f"sources.csv: {row['issued_on']!r} is no date such as 2023-03-15; left out"))
            row["issued_on"] = ""
        found[location] = {key: row.get(key, "") for key in COLUMNS[1:]}
    return Sources(found, tuple(warnings))


def _is_there(location: Path) -> bool:
    """Whether there is such a file, or one that it may lie in: who opens that can tell."""
    try:
        return location.exists() or any(above.is_file() for above in location.parents)
    except (OSError, ValueError):
        return False


def is_date(written: str) -> bool:
    """Whether this is ISO 8601, complete or not, and a day that the calendar has."""
    if not _ISO.fullmatch(written) or not written.startswith(("1", "2")):
        return False
    year, month, day = (int(part) for part in f"{written}-01-01".split("-")[:3])
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


def describe(path: str, notice_id: str, reading: Reading, row: Mapping[str, str]) -> NoticeCard:
    """The card of a notice: what `row` (sources.csv) says wins, then the file, then the text."""
    text = reading.text
    said: dict[str, str] = {}
    for source in (reading.properties, row):
        said |= {name: value for name, given in source.items() if (value := _clean(given))}
    issued_on = _complete_date(said.get("issued_on", "")) or find_date(text)
    return NoticeCard(
        notice_id=notice_id,
        path=path,
        title=said.get("title") or find_title(path, text),
        issuer=said.get("issuer") or find_issuer(text),
        number=said.get("number") or find_number(text),
        issued_on=issued_on,
        year=int(issued_on[:4]) if issued_on else find_year(path, text),
        language="zh" if said.get("language", name_language(text)).lower().startswith("zh") else "en",
        url=said.get("url", ""),
        licence=said.get("licence", ""),
        digest=digest_text(text),
    )


def _clean(value: str) -> str:
    """A value on one line, without control characters or halves of characters."""
    shown = "".join(c if c.isprintable() or c.isspace() else " " for c in value)
    return " ".join(shown.encode("utf-8", "ignore").decode().split())


def _complete_date(said: str) -> str:
    """ISO 8601, complete or not, of what a file says of its date; '' where it is no date."""
    stamp = re.match(r"(\d{4}-\d{2}-\d{2})[T ]", said)
    written = stamp.group(1) if stamp else said
    # A date of 1970-01-01 is a clock that was never set.
    if is_date(written) and written != "1970-01-01":
        return written
    return next(iter(dates_in(said)), "")


def dates_in(text: str) -> list[str]:
    """The complete dates that `text` names, as ISO 8601, in its order."""
    found: list[tuple[int, str]] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            date = _to_iso(match)
            if date:
                found.append((match.start(), date))
    return [date for _, date in sorted(found)]


def _to_iso(match: re.Match[str]) -> str:
    parts = match.groupdict()
    if parts.get("month"):
        month = _MONTHS.index(parts["month"].lower()) + 1
        year, day = int(parts["y"]), int(parts["d"])
    elif parts["y"].isdecimal():
        year, month, day = int(parts["y"]), int(parts["m"]), int(parts["d"])
    else:
        digits = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")}
        year = int("".join(digits.get(character, "0") for character in parts["y"]))
        month, day = _read_small(parts["m"]), _read_small(parts["d"])
    written = f"{year:04d}-{month:02d}-{day:02d}"
    return written if 1900 <= year <= 2100 and is_date(written) else ""


def _read_small(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    value = "一二三四五六七八九".find(ones) + 1 if ones else 0
    return value + ("一二三四五六七八九".find(tens) + 1 if tens else 1) * 10 if ten else value


def find_title(path: str, text: str) -> str:
    """The first line where it is short enough for a title, else its opening words."""
    opening = [paragraph.of(text).split("\t", 1)[0].strip("# *") for paragraph in split_paragraphs(text[:3000])[:6]]
    first = opening[0] if opening else ""
    limit = 60 if has_chinese(first) else 150
    for line in opening:
        if not (0 < len(line) <= limit) or line.endswith((".", "。", ":", "：")):
            break
        if not _is_letterhead(line):
            return line
    stem = re.sub(r"[-_\s]+", " ", PurePosixPath(path).stem).strip()
    if re.search(rf"[{CJK}]{{2}}|(?:[A-Za-z]{{3,}} ){{1,}}[A-Za-z]{{3,}}", stem):
        return stem
    words = first[:limit]
    return (words if has_chinese(words) else words.rpartition(" ")[0] or words).rstrip(" ,;:，；：") + " …"


def _is_letterhead(line: str) -> bool:
    """Whether a line above the title is the name of a body, a number or a date."""
    body = _ISSUER_NAME.fullmatch(line) and (has_chinese(line) or _BODY.search(line))
    shouted = line.isupper() and _BODY.search(line.title()) is not None
    numbered = any(pattern.fullmatch(line) for pattern in _NUMBERS)
    return bool((body and "关于" not in line) or shouted or numbered or (dates_in(line) and _stands_alone(line)))


def find_issuer(text: str) -> str:
    """The body that issued it, where the text says so in a way that leaves no doubt; else ''."""
    line = _ISSUER_LINE.search(text)
    if line:
        return line.group(1).strip(" .。")
    opening = text.split("\n", 1)[0]
    named = re.match(
        rf"([{CJK}、 ]{{2,40}}?(?:厅|局|部|委|委员会|政府|办公室|办公厅|督导室|考试院))(?:转发|关于|印发)", opening
    )
    if named:
        return named.group(1)
    paragraphs = [paragraph.of(text) for paragraph in split_paragraphs(text)]
    for candidate in [*paragraphs[:5], *paragraphs[-5:]]:
        short = candidate.strip().rstrip(".")
        if len(short) <= 90 and _ISSUER_NAME.fullmatch(short) and (has_chinese(short) or _BODY.search(short)):
            return short
    return ""


def find_number(text: str) -> str:
    """The number (文号) that the notice itself bears: the first of its kind near the beginning."""
    opening = text[:600]
    for pattern in _NUMBERS:
        match = pattern.search(opening)
        if match:
            return re.sub(r"\s+", " ", match.group())
    return ""


def find_date(text: str) -> str:
    """The date of issue: one that the text calls so, or one that stands alone at its head or end."""
    paragraphs = split_paragraphs(text)
    edges = [*paragraphs[:8], *paragraphs[-6:]]
    lines = [span.of(text) for paragraph in edges for span in split_sentences(text, paragraph)]
    eligible = [line for line in lines if not _IN_FORCE.search(line)]
    said = [line for line in eligible if _ISSUED.search(line)]
    alone = [line for line in eligible if _stands_alone(line)]
    return next((date for line in [*said, *alone] for date in dates_in(line)), "")


def _stands_alone(line: str) -> bool:
    """Whether a line is a date with hardly a word beside it, as a notice's closing date is."""
    for pattern in _DATES:
        line = pattern.sub("", line)
    return len(line.strip(" .,()（）。")) <= 12


def find_year(path: str, text: str) -> int | None:
    """The year of a notice without a date: a folder named for one, else the one it names most.

    Of years named equally often the latest counts: a report speaks of the year before and of its
    own. A year named once among many words proves nothing.
    """
    for part in PurePosixPath(path).parts[:-1]:
        if re.fullmatch(r"(?:19|20)\d{2}", part):
            return int(part)
    counts = Counter(int(year) for year in re.findall(r"(?<![\d.,])((?:19|20)\d{2})(?![\d.,]\d|\d)", text))
    if not counts:
        return None
    most = max(counts.values())
    year = max(year for year, count in counts.items() if count == most)
    return year if most >= 2 or len(text) < 600 else None
