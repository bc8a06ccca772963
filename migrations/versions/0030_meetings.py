"""Meetings with their books, threads, history and notices.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

KINDS_BEFORE = (
    "kind IN ('reply', 'spoiler_report', 'report_decided', 'promise', 'answer', 'round_opened',"
    " 'round_ending', 'round_result')"
)
KINDS = (
    "kind IN ('reply', 'spoiler_report', 'report_decided', 'promise', 'answer', 'round_opened',"
    " 'round_ending', 'round_result', 'meeting_made', 'meeting_moved', 'meeting_cancelled',"
    " 'meeting_tomorrow')"
)


def upgrade() -> None:
    for name in ("members_meet", "shows_meetings"):
        op.add_column("club", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("thread", sa.Column("of_meeting", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("clock", sa.Time(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("access", sa.String(length=500), nullable=False),
        sa.Column("read_until_unit", sa.String(length=8), nullable=False),
        sa.Column("read_until", sa.String(length=100), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("notes_html", sa.Text(), nullable=False),
        sa.Column("renderer_version", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submission", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by_id", sa.Integer(), nullable=True),
        sa.Column("cancel_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_meeting_minutes")),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_by_id IS NULL)", name=op.f("ck_meeting_cancelled")
        ),
        sa.ForeignKeyConstraint(["host_id"], ["member.id"], name=op.f("fk_meeting_host_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_meeting_thread_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["member.id"], name=op.f("fk_meeting_created_by_id")),
        sa.ForeignKeyConstraint(["cancelled_by_id"], ["member.id"], name=op.f("fk_meeting_cancelled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("created_by_id", "submission", name=op.f("uq_meeting_created_by_id_submission")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_meeting_thread_id")),
    )
    op.create_index("ix_meeting_starts_at_id", "meeting", ["starts_at", "id"])
    op.create_index("ix_meeting_ends_at", "meeting", ["ends_at"])
    op.create_table(
        "meeting_book",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("horizon", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("horizon BETWEEN 0 AND 10000", name=op.f("ck_meeting_book_horizon")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_book_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_meeting_book_book_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_meeting_book_thread_id")),
        sa.PrimaryKeyConstraint("meeting_id", "book_id", name=op.f("pk_meeting_book")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_meeting_book_thread_id")),
    )
    op.create_index(op.f("ix_meeting_book_book_id"), "meeting_book", ["book_id"])
    op.create_table(
        "meeting_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("was_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("now_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('made', 'changed', 'moved', 'cancelled', 'handed_over')",
            name=op.f("ck_meeting_event_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_event_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_meeting_event_member_id")),
        sa.ForeignKeyConstraint(["host_id"], ["member.id"], name=op.f("fk_meeting_event_host_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_event")),
    )
    op.create_index(op.f("ix_meeting_event_meeting_id"), "meeting_event", ["meeting_id"])
    with op.batch_alter_table("notice") as notice:
        notice.add_column(sa.Column("meeting_id", sa.Integer(), nullable=True))
        notice.create_foreign_key(
            op.f("fk_notice_meeting_id"), "meeting", ["meeting_id"], ["id"], ondelete="CASCADE"
        )
        notice.create_unique_constraint(
            op.f("uq_notice_member_id_kind_meeting_id"), ["member_id", "kind", "meeting_id"]
        )
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE meeting_id IS NOT NULL")
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), KINDS_BEFORE)
        notice.drop_constraint(op.f("uq_notice_member_id_kind_meeting_id"), type_="unique")
        notice.drop_constraint(op.f("fk_notice_meeting_id"), type_="foreignkey")
        notice.drop_column("meeting_id")
    op.drop_table("meeting_event")
    op.drop_table("meeting_book")
    op.drop_table("meeting")
    op.execute("DELETE FROM comment WHERE thread_id IN (SELECT id FROM thread WHERE of_meeting)")
    op.execute("DELETE FROM thread WHERE of_meeting")
    op.drop_column("thread", "of_meeting")
    for name in ("shows_meetings", "members_meet"):
        op.drop_column("club", name)
