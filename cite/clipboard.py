"""An answer for the clipboard, as HTML and as plain text: its lines with labels, and the references below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from cite.legible import is_numbered
from cite.phrases import say
from cite.references import write_citation_note
from cite.styles import Run, write_bare, write_rich
from cite.telling import Block, Exchange, Line, Remark, Said, Shape, Told, tell


def write_answer_rich(exchange: Exchange, style: str, said: Said) -> str:
    """The answer as a piece of HTML, escaped, without links or pictures."""
    told = tell([exchange], said, each_use=False)
    chapter = told.chapters[0]
    parts = [f"<p>{escape(line)}</p>" for line in chapter.opening]
    for block in chapter.blocks:
        parts += _mark_block(block)
    parts += [f"<p><small>{escape(line)}</small></p>" for line in chapter.closing]
    if told.notes:
        parts.append(f"<p><b>{escape(say('sources', told.language))}</b></p>")
        parts += [f"<p>[{number}] {write_rich(runs)}</p>" for number, runs in _list_notes(told, style)]
    language = "zh-CN" if told.language == "zh" else "en"
    return f'<div lang="{language}">' + "\n".join(parts) + "</div>"


def write_answer_bare(exchange: Exchange, style: str, said: Said) -> str:
    """The answer as plain text; the cells of a table row are divided by tabs."""
    told = tell([exchange], said, each_use=False)
    chapter = told.chapters[0]
    lines = [*chapter.opening]
    for block in chapter.blocks:
        lines += [block.name] if block.name else []
        lines += [_write_line(line, block.shape) for line in block.lines]
        lines += [_write_remark(remark) for remark in block.remarks]
    lines += chapter.closing
    if told.notes:
        lines += ["", say("sources", told.language)]
        lines += [f"[{number}] " + write_bare(runs) for number, runs in _list_notes(told, style)]
    return "\n".join(lines) + "\n"


def _mark_block(block: Block) -> Iterator[str]:
    if block.name:
        yield f"<p><b>{escape(block.name)}</b></p>"
    if block.shape is Shape.table:
        yield '<table border="1">' + "".join(map(_mark_row, block.lines)) + "</table>"
    elif block.shape is Shape.points:
        yield "<ul>" + "".join(f"<li>{escape(line.text)}{_label(line)}</li>" for line in block.lines) + "</ul>"
    else:
        strong = ("<b>", "</b>") if block.shape is Shape.heading else ("", "")
        yield from (f"<p>{escape(line.text).join(strong)}{_label(line)}</p>" for line in block.lines)
    yield from (f"<p><small>{escape(_write_remark(remark))}</small></p>" for remark in block.remarks)


def _mark_row(line: Line) -> str:
    tag = "th" if line.is_head else "td"
    cells = [escape(cell) for cell in line.cells]
    cells[-1] += _label(line)
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


def _write_line(line: Line, shape: Shape) -> str:
    if shape is Shape.table:
        return "\t".join(line.cells) + _label(line)
    bullet = "• " if shape is Shape.points and not is_numbered(line.text) else ""
    return bullet + line.text + _label(line)


def _label(line: Line) -> str:
    return " " + "".join(f"[{number}]" for number in line.notes)


def _write_remark(remark: Remark) -> str:
    return "".join(f"[{piece}]" if isinstance(piece, int) else piece for piece in remark)


def _list_notes(told: Told, style: str) -> Iterator[tuple[int, Sequence[Run]]]:
    """The number of each note, and its reference with the quote where no sentence spells it."""
    for note in told.notes:
        gap = "" if note.citation.card.language == "zh" else " "
        quote = (Run(f"{gap}“{note.quote}”"),) if note.quote else ()
        yield note.number, (*write_citation_note(style, note.citation), *quote)
