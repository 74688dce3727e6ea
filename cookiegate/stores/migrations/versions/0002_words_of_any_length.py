"""Words of any length. A b-tree's entry has 2,704 bytes at most, and the label of a group names all of its leads: one
of several kB could not be written, and its day never be sealed. A hash index keeps 4 bytes of a word, and the
constraint compares the words themselves. Going back fails where such a word has been published since."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("word_text_key", "word", type_="unique")
    op.create_exclude_constraint("word_text_excl", "word", ("text", "="), using="hash")


def downgrade() -> None:
    op.drop_constraint("word_text_excl", "word")
    op.create_unique_constraint("word_text_key", "word", ["text"])
