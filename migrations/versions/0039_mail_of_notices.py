"""Followed and muted threads, notices by mail, when members want mail about what, and their letters.

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

KINDS_BEFORE = (
    "kind IN ('reply', 'spoiler_report', 'report_decided', 'promise', 'answer', 'round_opened',"
    " 'round_ending', 'round_result', 'meeting_made', 'meeting_moved', 'meeting_cancelled',"
    " 'meeting_tomorrow', 'meeting_seat', 'date_chosen', 'date_wanted')"
)
KINDS = (
    "kind IN ('reply', 'mention', 'followed', 'spoiler_report', 'report_decided', 'removed',"
    " 'answer_removed', 'question_removed', 'promise', 'answer', 'round_opened', 'round_ending',"
    " 'round_result', 'meeting_made', 'meeting_moved', 'meeting_cancelled', 'meeting_tomorrow',"
    " 'meeting_seat', 'date_chosen', 'date_wanted')"
)
# A comment mentions a reader whose words it does not answer. Every notice of a review was a mention.
MENTIONS = """
    UPDATE notice SET kind = 'mention' WHERE kind = 'reply' AND (review_id IS NOT NULL OR comment_id IN (
        SELECT comment.id FROM comment JOIN thread ON thread.id = comment.thread_id
        LEFT JOIN comment AS parent ON parent.id = comment.parent_id
        WHERE COALESCE(parent.member_id, thread.member_id) != notice.member_id))
"""


def upgrade() -> None:
    op.create_table(
        "thread_subscription",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('followed', 'muted')", name=op.f("ck_thread_subscription_state")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_thread_subscription_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["thread.id"], name=op.f("fk_thread_subscription_thread_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "thread_id", name=op.f("pk_thread_subscription")),
    )
    op.create_index(op.f("ix_thread_subscription_thread_id"), "thread_subscription", ["thread_id"])
    op.create_table(
        "mail_preference",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=12), nullable=False),
        sa.Column("frequency", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "topic IN ('replies', 'mentions', 'followed', 'answers', 'promises', 'votes', 'meetings',"
            " 'moderation', 'news')",
            name=op.f("ck_mail_preference_topic"),
        ),
        sa.CheckConstraint(
            "frequency IN ('at_once', 'daily', 'weekly', 'never')", name=op.f("ck_mail_preference_frequency")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_mail_preference_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "topic", name=op.f("pk_mail_preference")),
    )
    op.create_table(
        "letter",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("frequency", sa.String(length=8), nullable=False),
        sa.Column("told_until_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("frequency IN ('daily', 'weekly')", name=op.f("ck_letter_frequency")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_letter_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "frequency", name=op.f("pk_letter")),
    )
    with op.batch_alter_table("notice") as notice:
        notice.add_column(sa.Column("mail_due_at", sa.DateTime(timezone=True), nullable=True))
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), KINDS)
    is_due = sa.text("mail_due_at IS NOT NULL")
    op.create_index(
        "ix_notice_mail_due_at", "notice", ["mail_due_at"], sqlite_where=is_due, postgresql_where=is_due
    )
    op.execute(MENTIONS)


def downgrade() -> None:
    op.execute("UPDATE notice SET kind = 'reply' WHERE kind = 'mention'")
    op.execute(
        "DELETE FROM notice WHERE kind IN ('followed', 'removed', 'answer_removed', 'question_removed')"
    )
    op.drop_index("ix_notice_mail_due_at", "notice")
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), KINDS_BEFORE)
        notice.drop_column("mail_due_at")
    op.drop_table("letter")
    op.drop_table("mail_preference")
    op.drop_table("thread_subscription")
