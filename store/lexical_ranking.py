"""BM25 over the lexemes in PostgreSQL: what of a question is sought, which passages are read, how they are ranked."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate, combinations, islice

import sqlalchemy as sa

from store.lexemes import MOST_OFTEN, join_any, name_lexeme, quote_lexeme
from store.lexical_tables import lexemes, totals
from store.shelf import Scope
from store.word_index import FIELD_WEIGHTS

# As Lucene and Tantivy have them.
_K1, _B = 1.2, 0.75
_FLAT = _K1 * (1 - _B)
# So many passages are read and ranked at first, and at most: some 20 microseconds each.
_FIRST_READ, MOST_READ = 2_000, 20_000
# As many for a question so long that its terms do not tell which are worth it.
_LONG_READ = 10_000
# What a passage must reach to be read, for each score that the last of the best has; in turn.
_BARS = (1.3, 1 - 1e-6)
# So many sets of terms are sought at once: each passage that holds any of the terms is held against them.
_MOST_SETS = 60
# So many terms, the heaviest, are put together to sets.
_MOST_WEIGHED = 24
# ts_rank of one lexeme is the sum of 1/j² for the places j at which it stands, over π²/6: it tells how many they are.
_STEPS = [
    (whole - 0.5 / place**2) * 6 / math.pi**2
    for place, whole in enumerate(accumulate(1 / place**2 for place in range(1, MOST_OFTEN + 1)), 1)
]
# The frequency of a term is found once: often / (often + rest) is 1 / (1 + rest / often).
_RANK = sa.text("""
    select passage_id, place,
           (select cast(sum(weight / (1 + (:flat + slope * norms[field]) / width_bucket(
                       cast(ts_rank('{1,1,1,1}', words, query) as float8), cast(:steps as float8[])))) as real)
            from unnest(cast(cast(:queries as text[]) as tsquery[]), cast(:fields as int[]),
                        cast(:weights as float8[]), cast(:slopes as float8[])) sought(query, field, weight, slope)
            where words @@ query) as score
    from (select place, passage_id, words, norms from policy_desk_words_1.passages
          where words @@ cast(:sought as tsquery)
            and (cast(:years as int[]) is null or year = any(cast(:years as int[])))
            and (cast(:language as text) is null or language = :language)
            and (cast(:permitted as text[]) is null or notice_id = any(cast(:permitted as text[])))
          limit :most) one
    order by score desc, place
    limit :k
""")


@dataclass(frozen=True, slots=True)
class Sought:
    """A term of a question in one field: it stands in `passages`, a `share` of all, and adds `most` to a score at most.

    `field` counts from 1. It adds `weight`, less for each time that it does not stand there, and less by `slope` for
    each term that the field has.
    """

    lexeme: str
    field: int
    passages: int
    share: float
    weight: float
    slope: float
    most: float


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is asked of the passages besides their words: their years, language, notices; None asks nothing."""

    years: list[int] | None
    language: str | None
    permitted: list[str] | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage with its score; `place` is its place in the order of writing."""

    passage_id: str
    place: int
    score: float


def weigh_terms(connection: sa.Connection, terms: Mapping[str, float]) -> list[Sought]:
    """What of a question stands anywhere, the rarest first."""
    number, lengths = connection.execute(sa.select(totals.c.passages, totals.c.lengths)).one()
    named = {
        name_lexeme(field, term): (place, share * weight)
        for term, share in terms.items()
        for place, (field, weight) in enumerate(FIELD_WEIGHTS.items(), 1)
    }
    found = []
    for row in connection.execute(sa.select(lexemes).where(lexemes.c.lexeme.in_(named))):
        field, share = named[row.lexeme]
        weight = share * (1 + _K1) * math.log(1 + (number - row.passages + 0.5) / (row.passages + 0.5))
        slope = _K1 * _B * number / int(lengths[field - 1])
        most = weight / (1 + _FLAT / row.often + slope / row.densest)
        found.append(Sought(row.lexeme, field, row.passages, row.passages / number, weight, slope, most))
    return sorted(found, key=lambda one: (one.passages, one.lexeme))


def rank(
    connection: sa.Connection, sought: Sequence[Sought], k: int, scope: Scope, permitted: Collection[str] | None
) -> list[tuple[str, float]]:
    """The `k` passages with the highest BM25: (passage id, score); of equals the one written first.

    First those are ranked, by all the terms, that hold one of the rarest, or two of them where all are common. Then
    those whose other terms could add up to more than the last of these has (as in MaxScore, Turtle & Flood 1995):
    with them the best are exact. They are not where more than 20,000 could: of these the rest is not looked at; nor
    where a question is so long that two dozen of its terms do not tell who could.
    """
    narrowed = Narrowed(list(scope.years) or None, scope.language or None, None if permitted is None else [*permitted])
    rare = sum(read <= _FIRST_READ for read in accumulate(one.passages for one in sought))
    others = sought[rare:]
    found: dict[str, Ranked] = {}
    asked: set[str] = set()

    def read(query: str) -> float:
        if query and query not in asked:
            asked.add(query)
            found.update({one.passage_id: one for one in _rank(connection, sought, query, k, narrowed)})
        scores = sorted((one.score for one in found.values()), reverse=True)
        return scores[k - 1] if len(scores) >= k else 0.0

    least = read(_join_rarest(sought, _FIRST_READ))
    if others and not least:
        least = read(_join_pairs(others))
    # The strongest first: they raise the bar for the many. Scores are rounded: what may be equal is looked at.
    if others:
        for bar in _BARS if least else _BARS[-1:]:
            least = read(_join_enough(others, least * bar))
    best = sorted(found.values(), key=lambda one: (-one.score, one.place))[:k]
    return [(one.passage_id, one.score) for one in best]


def _join_rarest(terms: Sequence[Sought], most: int) -> str:
    """A query for any of the first terms, so many as stand in no more than so many passages; '' for none."""
    return join_any(
        one.lexeme for one, read in zip(terms, accumulate(one.passages for one in terms), strict=True) if read <= most
    )


def _join_pairs(common: Sequence[Sought]) -> str:
    """A query for two terms at once, of the rarest pairs, so many as are likely to stand in few passages."""
    pairs = sorted(combinations(common, 2), key=lambda pair: pair[0].passages * pair[1].share)
    reads = accumulate(one.passages * other.share for one, other in pairs)
    kept = [pair for pair, read in zip(pairs, reads, strict=True) if read <= _FIRST_READ][:_MOST_SETS]
    return " | ".join(f"({quote_lexeme(one.lexeme)} & {quote_lexeme(other.lexeme)})" for one, other in kept)


def _join_enough(terms: Sequence[Sought], least: float) -> str:
    """A query for every passage to which these terms could add more than `least`; '' where they cannot.

    What would make it long, the lightest terms, counts as if it stood everywhere. Where that says nothing of a
    passage, the rarest terms are sought.
    """
    heaviest = sorted(terms, key=lambda one: -one.most)
    rest = sum(one.most for one in heaviest[_MOST_WEIGHED:])
    heaviest = heaviest[:_MOST_WEIGHED]
    while len(sets := list(islice(_find_enough(heaviest, least - rest), _MOST_SETS + 1))) > _MOST_SETS:
        rest += heaviest.pop().most
    if any(not together for together in sets):
        return _join_rarest(terms, _LONG_READ) if least else join_any(one.lexeme for one in terms)
    return " | ".join(f"({' & '.join(quote_lexeme(one.lexeme) for one in together)})" for together in sets)


def _find_enough(terms: Sequence[Sought], least: float) -> Iterator[list[Sought]]:
    """The smallest sets of terms, of which the heaviest comes first, that add more than `least` together at most."""
    if least < 0:
        yield []
        return
    for place, one in enumerate(terms):
        if sum(other.most for other in terms[place:]) <= least:
            return
        if one.most > least:
            yield [one]
        else:
            yield from ([one, *others] for others in _find_enough(terms[place + 1 :], least - one.most))


def _rank(connection: sa.Connection, sought: Sequence[Sought], query: str, k: int, narrowed: Narrowed) -> list[Ranked]:
    """The best `k` of what a query of PostgreSQL's finds, by all that is sought."""
    values = {
        "sought": query,
        "queries": [quote_lexeme(one.lexeme) for one in sought],
        "fields": [one.field for one in sought],
        "weights": [float(one.weight) for one in sought],
        "slopes": [one.slope for one in sought],
        "steps": _STEPS,
        "flat": _FLAT,
        "most": MOST_READ,
        "k": k,
    }
    found = connection.execute(_RANK, values | asdict(narrowed))
    return [Ranked(row.passage_id, row.place, float(row.score)) for row in found]
