"""Exchanges as Markdown, with footnotes as GitHub and Pandoc write them; nothing in a notice becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from cite.legible import fold_line, is_numbered
from cite.phrases import say
from cite.references import list_entries, write_citation_note, write_link
from cite.styles import Run, write_date
from cite.telling import Block, Chapter, Exchange, Line, Note, Remark, Said, Shape, Told, tell

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|&~^$@!]|(?<=[A-Za-z]):(?=//)|(?<=www)\.", re.IGNORECASE)
# At the beginning of a line these open a list, a heading, a rule, or the title of a link.
_OPENING = re.compile(r"[-+=:%\"'(]|(?<=\d)[.)](?=\s|$)")
_NUMBER = re.compile(r"\d{1,9}[.)](?=\s|$)")
# Where there are no footnotes, "[^1]: word" or "[^1]: word 'words'" would be the address of a link.
_ADDRESS = re.compile(r"\S+( [\"'(].*[\"')])?")


def write_markdown(exchanges: Sequence[Exchange], style: str, *, said: Said, title: str, address: str = "") -> str:
    """The exchanges as Markdown (GitHub, Pandoc); `address` of the desk, where given, is linked from each footnote.

    Each citation has one footnote, however often it is used.
    """
    told = tell(exchanges, said, each_use=False)
    exported = say("exported", told.language).format(date=write_date(date.today().isoformat(), told.language))
    blocks = [f"# {escape(title)}", escape(exported)]
    for chapter in told.chapters:
        blocks += _write_chapter(chapter)
    blocks += _write_references(told, style)
    blocks += [_write_note(note, style, address, told.language) for note in told.notes]
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """The text on one line, as words wherever it stands in Markdown."""
    line = _MARKUP.sub(lambda mark: "\\" + mark.group(), fold_line(text))
    if _NUMBER.match(line):
        return re.sub(r"(?=[.)])", r"\\", line, count=1)
    return "\\" + line if _OPENING.match(line) else line


def _write_chapter(chapter: Chapter) -> Iterator[str]:
    if chapter.question:
        yield f"## {escape(chapter.question)}"
    yield from map(escape, chapter.opening)
    for block in chapter.blocks:
        yield from _write_block(block, chapter.language)
    yield from (f"> {escape(line)}" for line in chapter.closing)


def _write_block(block: Block, language: str) -> Iterator[str]:
    if block.name:
        yield f"### {escape(block.name)}"
    if block.shape is Shape.table:
        yield _write_table(block.lines)
    elif block.shape is Shape.points:
        # Points that bear their own numbers need no bullets.
        bare = all(is_numbered(line.text) for line in block.lines)
        points = [("" if bare else "- ") + escape(line.text) + _refer(line) for line in block.lines]
        yield ("\n\n" if bare else "\n").join(points)
    else:
        strong = "**" if block.shape is Shape.heading and _can_be_marked(block.lines[0].text) else ""
        yield from (f"{strong}{escape(line.text)}{strong}{_refer(line)}" for line in block.lines)
    yield from (f"> {_write_remark(remark, language)}" for remark in block.remarks)


def _write_table(lines: Sequence[Line]) -> str:
    """A table; where no row heads it, an empty one does, since Markdown wants one."""
    columns = max(len(line.cells) for line in lines)
    rows = [[*map(escape, line.cells)] for line in lines]
    for row, line in zip(rows, lines, strict=True):
        row[-1] += _refer(line)
    if not lines[0].is_head:
        rows.insert(0, [])
    filled = [row + [""] * (columns - len(row)) for row in rows]
    filled.insert(1, ["---"] * columns)
    return "\n".join("| " + " | ".join(row) + " |" for row in filled)


def _refer(line: Line) -> str:
    """The marks of a line's notes, apart from a figure before them and from each other, lest they read as one."""
    gap = " " if line.text[-1:].isdigit() else ""
    return gap + " ".join(f"[^{number}]" for number in line.notes)


def _write_remark(remark: Remark, language: str) -> str:
    """The remark as words: a footnote's mark would read as a power."""
    note = say("note", language)
    return escape("".join(note.format(number=piece) if isinstance(piece, int) else piece for piece in remark))


def _write_references(told: Told, style: str) -> list[str]:
    entries = ["- " + _write_runs(entry) for entry in list_entries(style, told.cards)]
    return [f"## {escape(say('references', told.language))}", "\n".join(entries)] if entries else []


def _write_note(note: Note, style: str, address: str, language: str) -> str:
    text = _write_runs(write_citation_note(style, note.citation))
    if note.quote:
        text += ("" if note.citation.card.language == "zh" else " ") + f"“{escape(note.quote)}”"
    if address:
        text += f" [{escape(say('open', language))}](<{write_link(address, note.citation)}>)"
    if _ADDRESS.fullmatch(text):
        text = f"{say('see', note.citation.card.language)} {text}"
    return f"[^{note.number}]: {text}"


def _write_runs(runs: Sequence[Run]) -> str:
    """Runs as Markdown; a run that begins or ends with a mark stays upright, as stars may not mark it."""
    written = ""
    for run in runs:
        words = run.text.strip()
        before, _, after = run.text.partition(words) if words else (run.text, "", "")
        # The beginning of a line has its own rules.
        text = escape(words) if not written.strip() else escape("x" + words)[1:]
        written += before + (f"*{text}*" if run.italic and _can_be_marked(words) else text) + after
    return written.strip()


def _can_be_marked(text: str) -> bool:
    return text[:1].isalnum() and text[-1:].isalnum()
