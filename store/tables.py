"""The tables of the catalogue; a change of them raises SCHEMA_VERSION."""

from __future__ import annotations

import sqlalchemy as sa

from store.columns import LINE, LONG, TEXT, Key

SCHEMA_VERSION = "5"
# Older catalogues to which only tables, or columns with a default, have been added since: `add_columns` brings them up.
UPGRADABLE = frozenset({"1", "2", "3", "4"})
# Those whose notices were written before links were looked for.
UNLINKED_VERSIONS = frozenset({"1"})
# Those whose notices were written before obligations were taken from them.
WITHOUT_OBLIGATIONS_VERSIONS = frozenset({"1", "2", "3"})

metadata = sa.MetaData()
notices = sa.Table(
    "notices",
    metadata,
    sa.Column("notice_id", LINE, primary_key=True),
    sa.Column("path", LINE, nullable=False),
    sa.Column("title", LINE, nullable=False),
    sa.Column("issuer", LINE, nullable=False),
    sa.Column("number", LINE, nullable=False),
    sa.Column("issued_on", LINE, nullable=False),
    sa.Column("year", sa.Integer, index=True),
    sa.Column("language", LINE, nullable=False),
    sa.Column("url", LINE, nullable=False),
    sa.Column("licence", LINE, nullable=False),
    sa.Column("digest", LINE, nullable=False),
    sa.Column("text", TEXT, nullable=False),
    sa.Column("meeting_on", LINE, nullable=False, server_default=""),
    sa.Column("in_force_on", LINE, nullable=False, server_default=""),
    sa.Column("repealed_on", LINE, nullable=False, server_default=""),
    sa.Column("provenance", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("accessed_on", LINE, nullable=False, server_default=""),
)
# What a NoticeCard is made of.
CARD = [column for column in notices.columns if column.name != "text"]


def _belongs_to_notice() -> sa.Column[str]:
    return sa.Column(
        "notice_id",
        LINE,
        sa.ForeignKey("notices.notice_id", ondelete="CASCADE"),
        primary_key=True,
    )


pages = sa.Table(
    "pages",
    metadata,
    _belongs_to_notice(),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
)
paragraphs = sa.Table(
    "paragraphs",
    metadata,
    _belongs_to_notice(),
    sa.Column("start", sa.Integer, primary_key=True),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer),
    sa.Column("clause", LINE, nullable=False),
)
sentences = sa.Table(
    "sentences",
    metadata,
    _belongs_to_notice(),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("kind", LINE, nullable=False),
    sa.Column("head", sa.Integer),
    sa.Column("item", sa.Integer),
)
passages = sa.Table(
    "passages",
    metadata,
    sa.Column("passage_id", LINE, primary_key=True),
    sa.Column(
        "notice_id",
        LINE,
        sa.ForeignKey("notices.notice_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
)
# What the text of a notice says of others: replaces, forwards, ... and by which terms it names them.
relations = sa.Table(
    "relations",
    metadata,
    _belongs_to_notice(),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("kind", LINE, nullable=False),
    sa.Column("named", LINE, nullable=False),
    sa.Column("start", sa.Integer),
    sa.Column("end", sa.Integer),
)
relation_terms = sa.Table(
    "relation_terms",
    metadata,
    sa.Column("term", Key(), primary_key=True),
    _belongs_to_notice(),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Index("ix_relation_terms_notice_id", "notice_id"),
)
# The terms by which others name a notice.
names = sa.Table(
    "names",
    metadata,
    sa.Column("term", Key(), primary_key=True),
    _belongs_to_notice(),
    sa.Index("ix_names_notice_id", "notice_id"),
)
# Which rules have examined a notice for the two tables above and the one below; its MinHash signature, uint32.
signatures = sa.Table(
    "signatures",
    metadata,
    _belongs_to_notice(),
    sa.Column("rules", LINE, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Column("characters", sa.Integer, nullable=False),
)
# What near-duplicates have in common: bands of the signature (0 characters), and long paragraphs.
marks = sa.Table(
    "marks",
    metadata,
    sa.Column("mark", LONG, primary_key=True),
    _belongs_to_notice(),
    sa.Column("characters", sa.Integer, nullable=False),
    sa.Index("ix_marks_notice_id", "notice_id"),
)
# What the sentences of a notice ask of whom; the year is the one that it is about.
obligations = sa.Table(
    "obligations",
    metadata,
    _belongs_to_notice(),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("strength", LINE, nullable=False),
    sa.Column("bound", LINE, nullable=False),
    sa.Column("due", LINE, nullable=False),
    sa.Column("year", sa.Integer, index=True),
    sa.Column("exhorts", sa.Boolean, nullable=False),
)
# Which rules have examined a notice for them: most notices that have none were examined too.
obligation_rules = sa.Table(
    "obligation_rules",
    metadata,
    _belongs_to_notice(),
    sa.Column("rules", LINE, nullable=False),
)
files = sa.Table(
    "files",
    metadata,
    sa.Column("location", LINE, primary_key=True),
    sa.Column("path", LINE, nullable=False),
    sa.Column("file_digest", LINE, nullable=False),
    sa.Column("record_digest", LINE, nullable=False),
    sa.Column("notice_id", LINE, sa.ForeignKey("notices.notice_id"), nullable=False, index=True),
)
# The files of notices that somebody removed: they do not bring them back.
withdrawn = sa.Table(
    "withdrawn",
    metadata,
    sa.Column("notice_id", LINE, primary_key=True),
    sa.Column("location", LINE, primary_key=True),
    sa.Column("path", LINE, nullable=False),
    sa.Column("file_digest", LINE, nullable=False),
    sa.Column("person", LINE, nullable=False),
    sa.Column("at", LINE, nullable=False),
)
successions = sa.Table(
    "successions",
    metadata,
    sa.Column("old_id", LINE, primary_key=True),
    sa.Column("path", LINE, nullable=False),
    sa.Column("new_id", LINE),
)
# Notices that were removed or changed, as they stood: a citation of them still opens.
departed = sa.Table(
    "departed",
    metadata,
    sa.Column("notice_id", LINE, primary_key=True),
    *(
        # A default, so that a column which notices are given later can be added here too.
        sa.Column(column.name, column.type, server_default="" if isinstance(column.type, sa.String) else None)
        for column in notices.columns
        if not column.primary_key
    ),
    sa.Column("pages", sa.JSON, nullable=False),
    sa.Column("paragraphs", sa.JSON, nullable=False),
)
state = sa.Table(
    "state",
    metadata,
    sa.Column("key", LINE, primary_key=True),
    sa.Column("value", LINE, nullable=False),
)


def add_columns(connection: sa.Connection) -> None:
    """Add to the tables of an older catalogue the columns that they lack; each has a default."""
    known = sa.inspect(connection)
    preparer = connection.dialect.identifier_preparer
    for table in metadata.sorted_tables:
        present = {column["name"] for column in known.get_columns(table.name)}
        for column in table.columns:
            if column.name not in present:
                written = sa.schema.CreateColumn(column).compile(dialect=connection.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {preparer.format_table(table)} ADD COLUMN {written}")
