"""Neither counted neighbours nor counted tags: recommendations count both in memory.

Jobs that wait to count them go, too. A release before that runs beside this may still enqueue some: they
are done by doing nothing.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

JOB = sa.table("job", sa.column("kind", sa.String))
KINDS = ("neighbours", "all neighbours")


def upgrade() -> None:
    op.execute(sa.delete(JOB).where(JOB.c.kind.in_(KINDS)))
    for table in ("tag_spread", "neighbour"):
        op.drop_table(table)


def downgrade() -> None:
    """Make the tables again, empty: the release before counts them anew in its first night."""
    op.create_table(
        "neighbour",
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("together", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["book_id"], ["book.id"], name=op.f("fk_neighbour_book_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["book.id"], name=op.f("fk_neighbour_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("book_id", "other_id", name=op.f("pk_neighbour")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_neighbour_other_id"), "neighbour", ["other_id"], unique=False)
    op.create_table(
        "tag_spread",
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("books", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tag.id"], name=op.f("fk_tag_spread_tag_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tag_id", name=op.f("pk_tag_spread")),
    )
