"""Exchanges as a Word file: headings, paragraphs, lists and tables, with a footnote for each use of a citation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import docx
from docx.shared import Cm, Pt

from cite.footnotes import Footnotes, Link, Piece, append_pieces
from cite.legible import fold_line, is_numbered
from cite.phrases import say
from cite.references import list_entries, write_citation_note, write_link
from cite.styles import write_date
from cite.telling import Block, Chapter, Exchange, Line, Note, Remark, Said, Shape, Told, tell
from cite.word_styles import REMARK, describe, keep_row, set_look

# Word opens no table with more columns.
_MOST_COLUMNS = 63
_STYLES = {Shape.points: "List Bullet", Shape.text: "Normal", Shape.heading: "Normal", Shape.table: "Normal"}


def write_docx(exchanges: Sequence[Exchange], style: str, *, said: Said, title: str, address: str = "") -> bytes:
    """The exchanges as the bytes of a .docx; `address` of the desk, where given, is linked from each footnote.

    Each use of a citation has a footnote of its own, a later one of the same words names the first.
    """
    told = tell(exchanges, said, each_use=True)
    document = docx.Document()
    set_look(document, told.language)
    writer = _Writer(document, told, style, address)
    document.add_paragraph(style="Title")
    writer.add_words(document.paragraphs[-1], fold_line(title))
    exported = say("exported", told.language).format(date=write_date(date.today().isoformat(), told.language))
    writer.add_words(document.add_paragraph(), exported)
    for chapter in told.chapters:
        writer.add_chapter(chapter)
    writer.add_references()
    describe(document, fold_line(title))
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


class _Writer:
    """One document that is written."""

    def __init__(self, document: Any, told: Told, style: str, address: str) -> None:
        self._document, self._told, self._style, self._address = document, told, style, address
        self._footnotes = Footnotes(document)
        self._notes = {note.number: note for note in told.notes}
        self._last: Any = None

    def add_words(self, paragraph: Any, *pieces: Piece) -> Any:
        """Write pieces at the end of a paragraph, and return it."""
        self._last = paragraph
        append_pieces(paragraph._p, pieces, self._document.part)
        return paragraph

    def add_chapter(self, chapter: Chapter) -> None:
        """A question and all that is said to it."""
        if chapter.question:
            self.add_words(self._document.add_heading(level=1), chapter.question)
        for line in chapter.opening:
            self.add_words(self._document.add_paragraph(), line)
        for block in chapter.blocks:
            self._add_block(block, chapter.language)
        for line in chapter.closing:
            self._add_remark((line,), chapter.language)

    def add_references(self) -> None:
        """Each notice once, with a hanging indent."""
        entries = list_entries(self._style, self._told.cards)
        if entries:
            heading = self._document.add_heading(level=1)
            self.add_words(heading, say("references", self._told.language))
        for entry in entries:
            paragraph = self.add_words(self._document.add_paragraph(), *entry)
            paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Cm(0.8), Cm(-0.8)

    def _add_block(self, block: Block, language: str) -> None:
        if block.name:
            self.add_words(self._document.add_heading(level=2), block.name)
        if block.shape is Shape.table and max(len(line.cells) for line in block.lines) <= _MOST_COLUMNS:
            self._add_table(block.lines)
        else:
            for line in block.lines:
                self._add_line(line, block.shape)
        for remark in block.remarks:
            self._add_remark(remark, language)

    def _add_line(self, line: Line, shape: Shape) -> None:
        bare = shape is Shape.points and is_numbered(line.text)
        paragraph = self._document.add_paragraph(style="List" if bare else _STYLES[shape])
        self.add_words(paragraph, line.text)
        if shape is Shape.heading:
            _embolden(paragraph)
            paragraph.paragraph_format.keep_with_next = True
        self._add_notes(paragraph, line)

    def _add_table(self, lines: Sequence[Line]) -> None:
        table = self._document.add_table(0, max(len(line.cells) for line in lines), "Table Grid")
        for line in lines:
            row = table.add_row()
            keep_row(row, repeat=line.is_head)
            cells = row.cells
            for cell, text in zip(cells, line.cells, strict=False):
                paragraph = self.add_words(cell.paragraphs[0], text)
                if line.is_head:
                    _embolden(paragraph)
                paragraph.paragraph_format.space_after = Pt(0)
            self._add_notes(cells[len(line.cells) - 1].paragraphs[0], line)
        # Two tables that touch would be one.
        self._document.add_paragraph().paragraph_format.space_after = Pt(0)

    def _add_notes(self, paragraph: Any, line: Line) -> None:
        # Beside a figure, or beside each other, marks would read as a part of it.
        if line.text[-1:].isdigit():
            self.add_words(paragraph, "\u00a0")
        for place, number in enumerate(line.notes):
            self._footnotes.add(paragraph, self._write_note(self._notes[number]), "," if place else "")

    def _write_note(self, note: Note) -> list[Piece]:
        """The reference, or the note that it repeats; the quote where no sentence spells it; the link."""
        language = note.citation.card.language
        if note.first is None:
            pieces: list[Piece] = [*write_citation_note(self._style, note.citation)]
        else:
            before, after = say("again", self._told.language).split("{number}")
            pieces = [before, note.first, after]
        if note.quote:
            pieces.append(("" if language == "zh" else " ") + f"“{note.quote}”")
        if self._address:
            link = Link(say("open", self._told.language), write_link(self._address, note.citation))
            pieces += [" ", link]
        return pieces

    def _add_remark(self, remark: Remark, language: str) -> None:
        self._last.paragraph_format.keep_with_next = True
        paragraph = self._document.add_paragraph(style=REMARK)
        before, after = say("note", language).split("{number}")
        for piece in remark:
            self.add_words(paragraph, *((before, piece, after) if isinstance(piece, int) else (piece,)))


def _embolden(paragraph: Any) -> None:
    for run in paragraph.runs:
        run.bold = True
