"""Which tables' files still hold small counts that were deleted: the sealer that deleted them may have ended before it
wrote the table anew. Of an older format nobody knows, so both are rewritten once."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    made = op.create_table("rewrite", sa.Column("name", sa.Text(), primary_key=True))
    op.bulk_insert(made, [{"name": "open_cell"}, {"name": "piece"}])


def downgrade() -> None:
    op.drop_table("rewrite")
