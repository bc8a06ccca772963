"""Answers to meetings, with seats and a waiting list.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

KINDS_BEFORE = (
    "kind IN ('reply', 'spoiler_report', 'report_decided', 'promise', 'answer', 'round_opened',"
    " 'round_ending', 'round_result', 'meeting_made', 'meeting_moved', 'meeting_cancelled',"
    " 'meeting_tomorrow')"
)
KINDS = KINDS_BEFORE.replace("'meeting_tomorrow')", "'meeting_tomorrow', 'meeting_seat')")


def upgrade() -> None:
    op.create_table(
        "rsvp",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=5), nullable=False),
        sa.Column("guests", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("has_seat", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("answer IN ('yes', 'maybe', 'no')", name=op.f("ck_rsvp_answer")),
        sa.CheckConstraint("guests >= 0", name=op.f("ck_rsvp_guests")),
        sa.CheckConstraint("answer = 'yes' OR NOT has_seat", name=op.f("ck_rsvp_seat")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_rsvp_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_rsvp_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "member_id", name=op.f("pk_rsvp")),
    )
    op.create_index(op.f("ix_rsvp_member_id"), "rsvp", ["member_id"])
    with op.batch_alter_table("meeting") as meeting:
        meeting.add_column(sa.Column("seats", sa.Integer(), nullable=True))
        meeting.add_column(sa.Column("answer_until", sa.Date(), nullable=True))
        meeting.create_check_constraint(op.f("ck_meeting_seats"), "seats > 0")
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE kind = 'meeting_seat'")
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), KINDS_BEFORE)
    with op.batch_alter_table("meeting") as meeting:
        meeting.drop_constraint(op.f("ck_meeting_seats"), type_="check")
        meeting.drop_column("answer_until")
        meeting.drop_column("seats")
    op.drop_table("rsvp")
