"""Words in PostgreSQL's full-text search, for a desk whose catalogue is there: what Tantivy does for a folder."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from core.errors import BrokenStoreError, UnreachableStoreError
from core.types import NoticeCard, Passage
from store.lexemes import join_any, name_lexeme, quote_lexeme, spell_alike
from store.lexical_ranking import rank, weigh_terms
from store.lexical_tables import drop_older, lexemes, make_tables, passages, totals
from store.lexical_writing import write_notices
from store.shelf import Scope
from store.word_index import MOST_SOUGHT, Covered, Pair, take_weightiest

_HELP = "Ask whoever runs the database to look at it; the notices themselves are not touched."
# Classes and codes of SQLSTATE: a connection that fails, a server that stops or starts, or takes no more of them.
_GONE = ("08", "57P", "53300")
# Searches are short: compiling them takes longer. What is rare and what is common are best found in different ways.
_TUNE = sa.text("select set_config('jit', 'off', true), set_config('plan_cache_mode', 'force_custom_plan', true)")
_COVER = sa.text("""
    select passage_id, cast(sum(weight) as float8) as held
    from policy_desk_words_1.passages
    join unnest(cast(cast(:queries as text[]) as tsquery[]), cast(:weights as float8[])) u(query, weight)
      on words @@ query
    where passage_id = any(cast(:passage_ids as text[])) group by passage_id
""")
_FIND = sa.text("""
    select passage_id from policy_desk_words_1.passages where words @@ cast(:query as tsquery) order by place limit :k
""")
_ALIKE = sa.text(r"""
    with near as materialized (
        select lexeme from policy_desk_words_1.lexemes
        where char_length(lexeme) in (:size - 1, :size, :size + 1)
          and lexeme >= :head and lexeme < :head || U&'\+10FFFF'
        union
        select lexeme from policy_desk_words_1.lexemes
        where char_length(lexeme) in (:size - 1, :size, :size + 1)
          and reverse(lexeme) >= :tail and reverse(lexeme) < :tail || U&'\+10FFFF')
    select lexeme from near where lexeme like any(cast(:patterns as text[]))
    union
    select lexeme from policy_desk_words_1.lexemes where lexeme = any(cast(:spellings as text[]))
""")


class PostgresWordIndex:
    """The words of one store's passages, ranked by BM25 as Tantivy ranks them.

    Scores are Tantivy's for an index without deletions: there, words of passages that were replaced count until
    their segment is merged, here never. Of equal scores the one written first comes first. Every reading sees what
    was written last, each write whole or not at all. All methods raise UnreachableStoreError where the server does
    not answer, BrokenStoreError for every other fault of the database.
    """

    def __init__(self, engine: sa.Engine) -> None:
        """Open or make the index, in a schema of its own, in the engine's database."""
        self._engine = engine
        self._reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._weight_cache: dict[str, float] = {}
        with self._telling():
            make_tables(engine)

    @property
    def changed_at(self) -> datetime:
        """When words were last written, in UTC."""
        with self._reading() as connection:
            changed: datetime = connection.execute(sa.select(totals.c.changed_at)).scalar_one()
        return changed.astimezone(UTC)

    def reopen(self) -> None:
        """Forget how rare terms were: another process may have written."""
        self._weight_cache.clear()

    def close(self) -> None:
        """Release the connections."""
        self._engine.dispose()

    def drop_others(self) -> None:
        """Delete the indexes of older schemas."""
        with self._telling():
            drop_older(self._engine)

    def write(
        self,
        added: Sequence[tuple[NoticeCard, Sequence[Passage]]] = (),
        removed: Sequence[str] = (),
    ) -> None:
        """Replace the passages of the notices `added`, delete those of the notices `removed`, at once."""
        with self._telling(), self._engine.begin() as connection:
            write_notices(connection, added, removed)
        self.reopen()

    def count(self) -> int:
        """How many passages are in the index."""
        with self._reading() as connection:
            return int(connection.execute(sa.select(totals.c.passages)).scalar_one())

    def ids(self) -> set[str]:
        """The ids of all passages in the index."""
        with self._reading() as connection:
            return set(connection.scalars(sa.select(passages.c.passage_id)))

    def best(
        self, terms: Mapping[str, float], k: int, scope: Scope, permitted: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """The `k` passages with the highest BM25 for any of `terms`, each times its weight: (passage id, score).

        `scope` narrows by year and language, `permitted` to the passages of these notices. Of more than 128
        terms the weightiest are sought. `lexical_ranking.rank` says where it is exact.
        """
        if len(terms) > MOST_SOUGHT:
            kept = take_weightiest({term: share * self.weight(term) for term, share in terms.items()})
            terms = {term: terms[term] for term in kept}
        with self._reading() as connection:
            sought = weigh_terms(connection, terms)
            return rank(connection, sought, k, scope, permitted) if sought else []

    def cover(self, weights: Mapping[str, float], pairs: Sequence[Pair], passage_ids: Collection[str]) -> Covered:
        """How much of a question these passages hold: (passage id -> weight of its terms, … -> number of its pairs).

        A term counts where it stands in the passage or in its notice's title; a pair where its two terms
        stand side by side in the passage, in this order. Of more than 128 terms, or pairs, the weightiest count.
        """
        sought = take_weightiest({pair: sum(weights.get(term, 0.0) for term in pair) for pair in pairs})
        terms = {
            join_any(name_lexeme(field, term) for field in ("body", "title")): weight
            for term, weight in take_weightiest(weights).items()
        }
        beside = {" <-> ".join(quote_lexeme(name_lexeme("body", term)) for term in pair): 1.0 for pair in sought}
        with self._reading() as connection:
            return _sum_held(connection, terms, passage_ids), _sum_held(connection, beside, passage_ids)

    def holds(self, term: str) -> bool:
        """Whether any passage has this term in its body."""
        with self._reading() as connection:
            return _count_holding(connection, term) > 0

    def find_alike(self, term: str, k: int) -> list[str]:
        """The ids of `k` passages that hold a term at an edit distance of one in their body, a swap being one edit.

        Terms of more than 1,000 bytes are not found so.
        """
        spellings, patterns = spell_alike(term)
        half = len(term) // 2
        values = {
            "size": len(term) + 1,
            # Where one edit is in one half, the other is as it was.
            "head": name_lexeme("body", term[:half]),
            "tail": term[half:][::-1],
            "patterns": [name_lexeme("body", pattern) for pattern in patterns],
            "spellings": [name_lexeme("body", spelling) for spelling in spellings],
        }
        with self._reading() as connection:
            alike = connection.scalars(_ALIKE, values).all()
            if not alike:
                return []
            return list(connection.scalars(_FIND, {"query": join_any(alike), "k": k}))

    def weight(self, term: str) -> float:
        """The inverse document frequency of a term over passages, at least 0.1; rarest highest."""
        known = self._weight_cache.get(term)
        if known is None:
            with self._reading() as connection:
                frequency = _count_holding(connection, term)
                number = int(connection.execute(sa.select(totals.c.passages)).scalar_one())
            ratio = (number - frequency + 0.5) / (frequency + 0.5)
            known = self._weight_cache[term] = max(0.1, math.log(1.0 + ratio))
        return known

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        """A connection that sees the index as it is at its first statement until the block ends."""
        with self._telling(), self._reader.connect() as connection:
            connection.execute(_TUNE)
            yield connection

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """The database's errors as the desk's."""
        try:
            yield
        except SQLAlchemyError as error:
            cause = error.orig if isinstance(error, DBAPIError) else None
            state = getattr(cause, "sqlstate", None)
            unanswered = isinstance(error, OperationalError) and state is None
            where = self._engine.url.database
            if unanswered or (state or "").startswith(_GONE):
                raise UnreachableStoreError(f"{where}: PostgreSQL does not answer ({cause})") from error
            raise BrokenStoreError(
                f"{where}: PostgreSQL cannot do it ({cause or type(error).__name__})", _HELP
            ) from error


def _count_holding(connection: sa.Connection, term: str) -> int:
    """How many passages have a term in their body."""
    known = sa.select(lexemes.c.passages).where(lexemes.c.lexeme == name_lexeme("body", term))
    return connection.execute(known).scalar_one_or_none() or 0


def _sum_held(
    connection: sa.Connection, queries: Mapping[str, float], passage_ids: Collection[str]
) -> dict[str, float]:
    """Of each passage that meets any of the queries, the sum of the weights of those that it meets."""
    if not queries or not passage_ids:
        return {}
    values = {
        "queries": list(queries),
        "weights": [float(weight) for weight in queries.values()],
        "passage_ids": list(passage_ids),
    }
    return {row.passage_id: row.held for row in connection.execute(_COVER, values)}
