"""A notice that has left, made whole again from what is kept of it: where its file is no longer there to be read."""

from __future__ import annotations

from core.types import Notice
from ingest.obligations import take_obligations
from ingest.relations import trace_notice
from ingest.sentences import parse_sentences, split_paragraphs
from ingest.splitter import split_notice
from store.catalogue import Entry


def rebuild(notice: Notice) -> Entry:
    """All that the catalogue keeps of a notice, cut from its text as it stood."""
    card, text = notice.card, notice.text
    sentences = parse_sentences(text, split_paragraphs(text))
    return Entry(
        notice,
        tuple(split_notice(card.notice_id, text, sentences)),
        tuple(sentences),
        trace_notice(card, text, sentences),
        take_obligations(card, text, sentences),
    )
