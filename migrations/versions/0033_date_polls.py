"""Date polls, their proposed times, and the answers to them.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

KINDS_BEFORE = (
    "kind IN ('reply', 'spoiler_report', 'report_decided', 'promise', 'answer', 'round_opened',"
    " 'round_ending', 'round_result', 'meeting_made', 'meeting_moved', 'meeting_cancelled',"
    " 'meeting_tomorrow', 'meeting_seat')"
)
KINDS = KINDS_BEFORE.replace("'meeting_seat')", "'meeting_seat', 'date_chosen', 'date_wanted')")


def upgrade() -> None:
    op.create_table(
        "date_poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submission", sa.String(length=64), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdraw_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_date_poll_minutes")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name=op.f("ck_date_poll_withdrawn")
        ),
        sa.CheckConstraint("meeting_id IS NULL OR withdrawn_at IS NULL", name=op.f("ck_date_poll_decided")),
        sa.ForeignKeyConstraint(["created_by_id"], ["member.id"], name=op.f("fk_date_poll_created_by_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_date_poll_meeting_id")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["member.id"], name=op.f("fk_date_poll_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_poll")),
        sa.UniqueConstraint(
            "created_by_id", "submission", name=op.f("uq_date_poll_created_by_id_submission")
        ),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_date_poll_meeting_id")),
    )
    op.create_table(
        "date_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("clock", sa.Time(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["date_poll.id"], name=op.f("fk_date_option_poll_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_option")),
        sa.UniqueConstraint("poll_id", "starts_at", name=op.f("uq_date_option_poll_id_starts_at")),
    )
    op.create_table(
        "availability",
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=5), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("answer IN ('yes', 'maybe', 'no')", name=op.f("ck_availability_answer")),
        sa.ForeignKeyConstraint(
            ["option_id"], ["date_option.id"], name=op.f("fk_availability_option_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_availability_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("option_id", "member_id", name=op.f("pk_availability")),
    )
    op.create_index(op.f("ix_availability_member_id"), "availability", ["member_id"])
    with op.batch_alter_table("notice") as notice:
        notice.add_column(sa.Column("date_poll_id", sa.Integer(), nullable=True))
        notice.create_foreign_key(
            op.f("fk_notice_date_poll_id"), "date_poll", ["date_poll_id"], ["id"], ondelete="CASCADE"
        )
        notice.create_unique_constraint(
            op.f("uq_notice_member_id_kind_date_poll_id"), ["member_id", "kind", "date_poll_id"]
        )
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE kind IN ('date_chosen', 'date_wanted')")
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), KINDS_BEFORE)
        notice.drop_constraint(op.f("uq_notice_member_id_kind_date_poll_id"), type_="unique")
        notice.drop_constraint(op.f("fk_notice_date_poll_id"), type_="foreignkey")
        notice.drop_column("date_poll_id")
    op.drop_table("availability")
    op.drop_table("date_option")
    op.drop_table("date_poll")
