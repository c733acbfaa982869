"""Index terms as PostgreSQL's full-text search takes them: lexemes that name their field, vectors, queries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

# PostgreSQL takes 2,046 bytes, and half of a page of an index takes a little more.
_LONGEST = 1000
# Four bits of a length are kept, as Lucene keeps them; below this the length itself.
_EXACT = 24
# What means something in a pattern of LIKE.
_PATTERN = str.maketrans({mark: f"\\{mark}" for mark in "\\%_"})
_QUOTED = str.maketrans({"'": "''", "\\": "\\\\"})
# How often a lexeme may stand in a vector of PostgreSQL; what stands there more often counts as so often.
MOST_OFTEN = 255


def name_lexeme(field: str, term: str) -> str:
    """The lexeme of a term in a field: the field's first letter, then the term, or a digest of one over 1,000 bytes."""
    encoded = term.encode("utf-8", "replace")
    if len(encoded) > _LONGEST:
        # No index term has this mark.
        term = f"#{hashlib.sha256(encoded).hexdigest()}"
    return field[0] + term


def make_vector(fields: Mapping[str, Sequence[str]]) -> str:
    """The terms of each field, with their places in it from 1 on, as a literal of type tsvector."""
    places: dict[str, list[str]] = {}
    for field, terms in fields.items():
        for place, term in enumerate(terms, 1):
            places.setdefault(name_lexeme(field, term), []).append(str(place))
    return " ".join(f"{quote_lexeme(lexeme)}:{','.join(found)}" for lexeme, found in places.items())


def quote_lexeme(lexeme: str) -> str:
    """A lexeme as it stands in a literal of type tsvector or tsquery."""
    return f"'{lexeme.translate(_QUOTED)}'"


def join_any(lexemes: Iterable[str]) -> str:
    """A literal of type tsquery that any of the lexemes meets."""
    return " | ".join(map(quote_lexeme, lexemes))


def quantise(length: int) -> int:
    """A field's length as Lucene and Tantivy keep it in a byte: exact up to 40, then the next lower of ever fewer.

    The source is Lucene's SmallFloat.intToByte4.
    """
    rest = length - _EXACT
    dropped = max(0, rest.bit_length() - 4) if rest > 0 else 0
    return _EXACT + (rest >> dropped << dropped)


def spell_alike(term: str) -> tuple[list[str], list[str]]:
    """What is one edit from a term, a swap being one: (the spellings known, patterns of LIKE for the others).

    The term itself is among the spellings.
    """
    size = len(term)
    shorter = [term[:place] + term[place + 1 :] for place in range(size)]
    swapped = [
        term[:place] + term[place + 1] + term[place] + term[place + 2 :] for place in range(size - 1)
    ]  # fmt: skip
    inserted = [(term[:place], term[place:]) for place in range(size + 1)]
    replaced = [(term[:place], term[place + 1 :]) for place in range(size)]
    patterns = [f"{head.translate(_PATTERN)}_{tail.translate(_PATTERN)}" for head, tail in inserted + replaced]
    return list(dict.fromkeys([term, *shorter, *swapped])), patterns
