"""An answer or a conversation as something to hand on: Word, Markdown, the clipboard, the cited originals.

Core values go in, bytes or text come out; nothing here reads a store.
"""

from cite.clipboard import write_answer_bare, write_answer_rich
from cite.markdown import write_markdown
from cite.originals import Original, pack_originals
from cite.telling import Exchange, Said
from cite.transcripts import Transcript, pack_transcripts
from cite.word import write_docx

__all__ = [
    "Exchange",
    "Original",
    "Said",
    "Transcript",
    "pack_originals",
    "pack_transcripts",
    "write_answer_bare",
    "write_answer_rich",
    "write_docx",
    "write_markdown",
]
