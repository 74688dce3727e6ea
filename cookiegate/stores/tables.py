"""The tables of a server's store, as SQLAlchemy has them. Column for column those of SQLite's `schema.sql`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import ExcludeConstraint

metadata = MetaData()

word = Table(
    "word",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    # Each once. Not a b-tree: its entries have 2,704 bytes at most, and the label of a group may be longer.
    ExcludeConstraint(("text", "="), name="word_text_excl", using="hash"),
)
batch = Table(
    "batch",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sent", Integer, nullable=False),
)
open_cell = Table(
    "open_cell",
    metadata,
    Column("site", Text, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("panel", Text, primary_key=True),
    Column("label", Text, primary_key=True),
    Column("visits", BigInteger, nullable=False),
    Column("views", BigInteger, nullable=False),
)
piece = Table(
    "piece",
    metadata,
    Column("site", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("period", Integer, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("panel", Text, primary_key=True),
    Column("block", Text, primary_key=True),
    Column("grp", Text, primary_key=True),
    Column("label", Text, primary_key=True),
    Column("visits", BigInteger, nullable=False),
    Column("views", BigInteger, nullable=False),
)
closed = Table(
    "closed",
    metadata,
    Column("site", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("period", Integer, primary_key=True),
)
rewrite = Table("rewrite", metadata, Column("name", Text, primary_key=True))
"""PostgreSQL's own: tables whose files still hold small counts that were deleted."""
sealed = Table(
    "sealed",
    metadata,
    Column("site", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("panel", Integer, primary_key=True, autoincrement=False),
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("label", Integer, primary_key=True, autoincrement=False),
    Column("visits", BigInteger, nullable=False),
    Column("views", BigInteger, nullable=False),
)
