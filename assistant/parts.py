"""A question that asks for several things becomes one query for each, all about the same matter."""

from __future__ import annotations

import re
from dataclasses import replace

from retriever.question import Query
from store.words import content_terms

_MOST_PARTS = 3
_AND_ASKS = re.compile(
    r"(?i)(?:\?\s+(?=\w)|,?\s+and\s+(?=(?:by\s+when|(?:in|at|on|for)\s+(?:what|which)|how|what|which|when|where|why)\s+\w+\s+\w))"
)
_ASKS = re.compile(r"(?i)\b(?:how|what|which|when|where|who|whom|whose|why|is|are|was|were|does|do|did|can|may|must)\b")
_ASKS_ZH = re.compile(r"多少|多[长久大高]|几[^乎]|什么|谁|哪|何[时地人]|怎么|怎样|如何|是否|吗|能否|可否")
_CUT_ZH = re.compile(
    r"[？?；;]+|[，、,]+(?=[^，、,？?]{0,12}?(?:多少|多[长久大高]|几[^乎]|什么|谁|哪|何[时地人]|怎么|怎样|如何|是否))"
)


def split_question(query: Query) -> tuple[Query, ...]:
    """A query for each thing that is asked, at most three; the query itself where it asks for one.

    Each part keeps the whole question's words, those of the other parts weighing as if they were
    carried over; the kind of answer is told by its own.
    """
    chinese = query.language == "zh"
    pieces = [piece.strip(" ,，、?？") for piece in (_CUT_ZH if chinese else _AND_ASKS).split(query.asked)]
    asks = _ASKS_ZH if chinese else _ASKS
    asking = [piece for piece in pieces if piece]
    if not 2 <= len(asking) <= _MOST_PARTS or not all(asks.search(piece) for piece in asking):
        return (query,)
    return tuple(_narrow(query, piece) for piece in asking)


def _narrow(query: Query, piece: str) -> Query:
    own = frozenset(content_terms(piece))
    others = tuple(term for term in query.terms if term not in own)
    return replace(query, asked=piece, carried=others if own & set(query.terms) else query.carried)
