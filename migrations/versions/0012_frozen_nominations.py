"""The labels under which nominated books were voted on, and a table of ballot keys.

Of a vote that has begun already only the books' present words are known: labelled_at says since when.

Revision ID: 0012
Revises: 0011
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ROUND = sa.table(
    "voting_round",
    sa.column("id", sa.Integer),
    sa.column("ballot_key", sa.String),
    sa.column("voting_opened_at", sa.DateTime(timezone=True)),
    sa.column("labelled_at", sa.DateTime(timezone=True)),
    sa.column("settled_at", sa.DateTime(timezone=True)),
)
KEY = sa.table("ballot_key", sa.column("round_id", sa.Integer), sa.column("key", sa.String))
NOMINATION = sa.table(
    "nomination",
    sa.column("id", sa.Integer),
    sa.column("round_id", sa.Integer),
    sa.column("book_id", sa.Integer),
    sa.column("as_voted", sa.JSON),
)
BOOK = sa.table(
    "book",
    sa.column("id", sa.Integer),
    sa.column("title", sa.String),
    sa.column("authors_line", sa.String),
    sa.column("first_published", sa.Integer),
)
FORGOTTEN = "0" * 64
# What was said before has no label: nobody knows what the books were called then.
ADVICE = (
    ("answer", "named_as"),
    ("endorsement", "book_named_as"),
    ("endorsement", "other_named_as"),
)


def upgrade() -> None:
    for table, column in ADVICE:
        op.add_column(table, sa.Column(column, sa.JSON(), nullable=True))
    op.add_column("nomination", sa.Column("as_nominated", sa.JSON(), nullable=True))
    op.add_column("nomination", sa.Column("as_voted", sa.JSON(), nullable=True))
    op.create_table(
        "ballot_key",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_ballot_key_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_ballot_key")),
    )
    unsettled = sa.select(ROUND.c.id, ROUND.c.ballot_key).where(ROUND.c.settled_at.is_(None))
    op.execute(sa.insert(KEY).from_select(["round_id", "key"], unsettled))
    # Built again on SQLite, so that no copy of an old key is left in a corner of the old table.
    with op.batch_alter_table("voting_round", recreate="auto") as voting_round:
        voting_round.add_column(sa.Column("labelled_at", sa.DateTime(timezone=True), nullable=True))
        voting_round.drop_column("ballot_key")
    keep_labels()


def keep_labels() -> None:
    """Keep what the books of votes that have begun are called at present, the best that is known."""
    connection = op.get_bind()
    begun = ROUND.c.voting_opened_at.is_not(None)
    connection.execute(sa.update(ROUND).where(begun).values(labelled_at=datetime.now(UTC)))
    found = connection.execute(
        sa.select(NOMINATION.c.id, BOOK.c.title, BOOK.c.authors_line, BOOK.c.first_published)
        .join(BOOK, BOOK.c.id == NOMINATION.c.book_id)
        .join(ROUND, ROUND.c.id == NOMINATION.c.round_id)
        .where(begun)
    ).all()
    for number, title, authors_line, year in found:
        label = {"title": title, "authors_line": authors_line, "first_published": year}
        connection.execute(sa.update(NOMINATION).where(NOMINATION.c.id == number).values(as_voted=label))


def downgrade() -> None:
    with op.batch_alter_table("voting_round", recreate="auto") as voting_round:
        voting_round.drop_column("labelled_at")
        voting_round.add_column(
            sa.Column("ballot_key", sa.String(length=64), nullable=False, server_default=FORGOTTEN)
        )
    key = sa.select(KEY.c.key).where(KEY.c.round_id == ROUND.c.id).scalar_subquery()
    op.execute(sa.update(ROUND).where(ROUND.c.id.in_(sa.select(KEY.c.round_id))).values(ballot_key=key))
    with op.batch_alter_table("voting_round") as voting_round:
        voting_round.alter_column("ballot_key", server_default=None)
    op.drop_table("ballot_key")
    op.drop_column("nomination", "as_voted")
    op.drop_column("nomination", "as_nominated")
    for table, column in ADVICE:
        op.drop_column(table, column)
