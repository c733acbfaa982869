"""The tables of the words in PostgreSQL: passages as vectors of lexemes, how many passages hold each, totals."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

# Named anew with every change of the tables, or of what is kept in them.
VERSION = 1
_PREFIX = "policy_desk_words_"
SCHEMA = f"{_PREFIX}{VERSION}"
# Any number that no other part of the desk locks.
_MAKING = 7_310_251

metadata = sa.MetaData(schema=SCHEMA)

passages = sa.Table(
    "passages",
    metadata,
    # In the order of writing.
    sa.Column("place", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("passage_id", sa.Text(collation="C"), nullable=False, unique=True),
    sa.Column("notice_id", sa.Text(collation="C"), nullable=False, index=True),
    sa.Column("year", sa.Integer),
    sa.Column("language", sa.Text(collation="C"), nullable=False),
    sa.Column("words", TSVECTOR, nullable=False),
    # How many terms body, title and issuer have; the same as a byte would keep it.
    sa.Column("lengths", ARRAY(sa.Integer), nullable=False),
    sa.Column("norms", ARRAY(sa.Integer), nullable=False),
    sa.Index(None, "year", "language"),
    # What was just written is found as fast as the rest: it waits in no list of its own.
    sa.Index("passages_words", "words", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
    # A vector of usual length lies in its row, where each look at it costs least.
    postgresql_with={"toast_tuple_target": 8160},
)

_lexeme = sa.Column("lexeme", sa.Text(collation="C"), primary_key=True)
lexemes = sa.Table(
    "lexemes",
    metadata,
    _lexeme,
    sa.Column("passages", sa.BigInteger, nullable=False),
    # How often it stands in a passage at most, and at most for each term that the field has there; never lowered.
    sa.Column("often", sa.Integer, nullable=False),
    sa.Column("densest", sa.Double, nullable=False),
    # For what is spelt alike: its beginning or its end is the same, its length nearly.
    sa.Index("lexemes_beginning", sa.func.char_length(_lexeme), _lexeme),
    sa.Index("lexemes_end", sa.func.char_length(_lexeme), sa.func.reverse(_lexeme)),
)

totals = sa.Table(
    "totals",
    metadata,
    sa.Column("only", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("passages", sa.BigInteger, nullable=False),
    sa.Column("lengths", ARRAY(sa.BigInteger), nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
)


def make_tables(engine: sa.Engine) -> None:
    """Make schema and tables where they are missing; of several processes that do, one makes them."""
    with engine.begin() as connection:
        if sa.inspect(connection).has_table("totals", SCHEMA):
            return
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MAKING)))
        connection.execute(sa.schema.CreateSchema(SCHEMA, if_not_exists=True))
        metadata.create_all(connection)
        none = sa.insert(totals).values(only=1, passages=0, lengths=[0, 0, 0], changed_at=sa.func.now())
        if connection.scalar(sa.select(totals.c.only)) is None:
            connection.execute(none)


def drop_older(engine: sa.Engine) -> None:
    """Delete the tables of older versions."""
    with engine.begin() as connection:
        for version in range(1, VERSION):
            connection.execute(sa.schema.DropSchema(f"{_PREFIX}{version}", cascade=True, if_exists=True))
