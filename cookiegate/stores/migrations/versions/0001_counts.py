"""The first format."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def key(name: str, kind: Any = sa.Text) -> sa.Column[Any]:
    return sa.Column(name, kind(), primary_key=True, autoincrement=False)


def counts() -> tuple[sa.Column[Any], sa.Column[Any]]:
    return (
        sa.Column("visits", sa.BigInteger(), nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=False),
    )


def upgrade() -> None:
    op.create_table(
        "word",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False, unique=True),
    )
    op.create_table("batch", key("id"), sa.Column("sent", sa.Integer(), nullable=False))
    op.create_table("open_cell", key("site"), key("day", sa.Integer), key("panel"), key("label"), *counts())
    op.create_table(
        "piece",
        *(key("site"), key("kind"), key("period", sa.Integer), key("day", sa.Integer)),
        *(key("panel"), key("block"), key("grp"), key("label")),
        *counts(),
    )
    op.create_table("closed", key("site"), key("kind"), key("period", sa.Integer))
    op.create_table(
        "sealed",
        *(key("site", sa.Integer), key("kind"), key("panel", sa.Integer), key("period", sa.Integer)),
        *(key("block", sa.Integer), key("label", sa.Integer)),
        *counts(),
    )


def downgrade() -> None:
    for name in ("sealed", "closed", "piece", "open_cell", "batch", "word"):
        op.drop_table(name)
