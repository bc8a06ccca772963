"""Columns that were written and never read go.

A withdrawal's author stands in the journal of its round, and the edits of a book say who noted a start.

Revision ID: 0022
Revises: 0021
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
UNREAD = (
    ("thread", "version"),
    ("comment", "author_mark"),
    ("review", "author_mark"),
    ("import", "ended_at"),
    ("reveal", "revealed_at"),
    ("section_start", "noted_at"),
    ("imported_reading", "imported_at"),
)


def upgrade() -> None:
    for table, column in UNREAD:
        op.drop_column(table, column)
    with op.batch_alter_table("nomination") as table:
        table.drop_constraint(op.f("fk_nomination_withdrawn_by_id"), type_="foreignkey")
        table.drop_column("withdrawn_by_id")


def downgrade() -> None:
    """Bring the columns back; what stood in them is gone."""
    op.add_column("thread", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("comment", sa.Column("author_mark", sa.Integer()))
    op.add_column("review", sa.Column("author_mark", sa.Integer()))
    op.add_column("import", sa.Column("ended_at", sa.DateTime(timezone=True)))
    for table, column in UNREAD[4:]:
        op.add_column(
            table, sa.Column(column, sa.DateTime(timezone=True), nullable=False, server_default=str(LONG_AGO))
        )
    with op.batch_alter_table("nomination") as changed:
        changed.add_column(sa.Column("withdrawn_by_id", sa.Integer()))
        changed.create_foreign_key(
            op.f("fk_nomination_withdrawn_by_id"), "member", ["withdrawn_by_id"], ["id"]
        )
