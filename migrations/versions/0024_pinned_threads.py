"""Threads may be pinned.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("thread", sa.Column("pinned_at", sa.DateTime(timezone=True)))
    is_pinned = sa.text("pinned_at IS NOT NULL")
    op.create_index(
        "ix_thread_pinned", "thread", ["pinned_at"], sqlite_where=is_pinned, postgresql_where=is_pinned
    )


def downgrade() -> None:
    op.drop_index("ix_thread_pinned", "thread")
    op.drop_column("thread", "pinned_at")
