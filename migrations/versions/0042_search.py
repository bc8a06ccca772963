"""The index of the search. The job that fills it is enqueued when the club starts.

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

# Words are folded and split before they come here, so nothing but a space is between two of them.
EVERYTHING_BUT_SPACE = "L* M* N* P* S* Cn Co Cs Cf"


INDEXES = "search_index", "search_index_comments"


def upgrade() -> None:
    for name in INDEXES:
        if op.get_bind().dialect.name == "sqlite":
            # Beginnings of other lengths are looked up word by word, which takes long for frequent ones.
            op.execute(
                f"CREATE VIRTUAL TABLE {name} USING fts5(title, words, prefix = '2 3 4 5 6 7 8',"
                f""" tokenize = "unicode61 remove_diacritics 0 categories '{EVERYTHING_BUT_SPACE}'")"""
            )
        else:
            op.create_table(
                name,
                # Called as SQLite calls the number of a row in its index.
                sa.Column("rowid", sa.BigInteger(), autoincrement=False, nullable=False),
                sa.Column("title", sa.Text(), nullable=False),
                sa.Column("words", sa.Text(), nullable=False),
                sa.Column("places", postgresql.TSVECTOR(), nullable=False),
                sa.PrimaryKeyConstraint("rowid", name=op.f(f"pk_{name}")),
            )
            op.create_index(op.f(f"ix_{name}_places"), name, ["places"], postgresql_using="gin")


def downgrade() -> None:
    for name in INDEXES:
        op.drop_table(name)
