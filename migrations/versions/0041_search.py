"""The index of the search. The job that fills it is enqueued when the club starts.

Revision ID: 0041
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0037"
branch_labels = None
depends_on = None

# Words are folded and split before they come here, so nothing but a space is between two of them.
EVERYTHING_BUT_SPACE = "L* M* N* P* S* Cn Co Cs Cf"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            # Beginnings of other lengths are looked up word by word, which takes long for frequent ones.
            "CREATE VIRTUAL TABLE search_index USING fts5(title, words, prefix = '2 3 4 5 6 7 8',"
            f""" tokenize = "unicode61 remove_diacritics 0 categories '{EVERYTHING_BUT_SPACE}'")"""
        )
        return
    op.create_table(
        "search_index",
        # Called as SQLite calls the number of a row in its index.
        sa.Column("rowid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("places", sa.dialects.postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("rowid", name=op.f("pk_search_index")),
    )
    op.create_index(op.f("ix_search_index_places"), "search_index", ["places"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_table("search_index")
