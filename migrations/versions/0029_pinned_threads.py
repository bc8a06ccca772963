"""Threads may be pinned, and know their latest comment, by which the club's talk is listed.

The release before goes on writing while this runs. A thread that it writes to keeps the comment that was
latest before, and one that it opens has 0, until the next comment.

Revision ID: 0029
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0024"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_thread_talk": (["book_id", "latest_comment_id", "id"], "title IS NOT NULL"),
    "ix_thread_latest": (["latest_comment_id", "id"], "title IS NOT NULL AND book_id IS NOT NULL"),
    "ix_thread_pinned": (["pinned_at"], "pinned_at IS NOT NULL"),
}


def upgrade() -> None:
    op.add_column("thread", sa.Column("pinned_at", sa.DateTime(timezone=True)))
    op.add_column("thread", sa.Column("latest_comment_id", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE thread SET latest_comment_id = latest.id FROM"
        " (SELECT thread_id, max(id) AS id FROM comment GROUP BY thread_id) AS latest"
        " WHERE latest.thread_id = thread.id"
    )
    for name, (columns, where) in INDEXES.items():
        op.create_index(name, "thread", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "thread")
    op.drop_column("thread", "latest_comment_id")
    op.drop_column("thread", "pinned_at")
