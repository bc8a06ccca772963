"""Bookmarks: the newest comment that a member has seen of each thread, and what threads keep about theirs.

Visits to threads become bookmarks that know only a mark. What was said before a member's last visit counts
as read in threads that they never opened.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("thread_visit", sa.Column("comment_id", sa.Integer()))
    op.add_column("thread_visit", sa.Column("moved_at", MOMENT))
    op.add_column("member", sa.Column("caught_up_at", MOMENT))
    op.execute("UPDATE member SET caught_up_at = new_since")

    op.add_column("thread", sa.Column("latest_comment_id", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("thread", sa.Column("latest_comment_at", MOMENT))
    op.add_column("thread", sa.Column("highest_horizon", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_comment_thread_id_id", "comment", ["thread_id", "id"])
    op.execute(
        "UPDATE thread SET latest_comment_id ="
        " coalesce((SELECT max(id) FROM comment WHERE thread_id = thread.id), 0),"
        " highest_horizon ="
        " coalesce((SELECT max(horizon) FROM comment WHERE thread_id = thread.id), 0)"
    )
    op.execute(
        "UPDATE thread SET latest_comment_at ="
        " (SELECT created_at FROM comment WHERE comment.id = thread.latest_comment_id)"
    )
    op.create_index("ix_thread_latest_comment_id", "thread", ["latest_comment_id"])
    op.create_index("ix_thread_book_id_latest_comment_id", "thread", ["book_id", "latest_comment_id"])


def downgrade() -> None:
    op.drop_index("ix_thread_book_id_latest_comment_id", "thread")
    op.drop_index("ix_thread_latest_comment_id", "thread")
    op.drop_index("ix_comment_thread_id_id", "comment")
    for column in ("highest_horizon", "latest_comment_at", "latest_comment_id"):
        op.drop_column("thread", column)
    op.drop_column("member", "caught_up_at")
    op.drop_column("thread_visit", "moved_at")
    op.drop_column("thread_visit", "comment_id")
