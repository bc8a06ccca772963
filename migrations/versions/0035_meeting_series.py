"""Meetings that repeat by a rule, and members who see no pace.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["member.id"], name=op.f("fk_meeting_series_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_series")),
    )
    with op.batch_alter_table("meeting") as meeting:
        meeting.add_column(sa.Column("series_id", sa.Integer(), nullable=True))
        meeting.add_column(sa.Column("series_on", sa.Date(), nullable=True))
        meeting.add_column(sa.Column("is_apart", sa.Boolean(), nullable=False, server_default=sa.false()))
        meeting.create_foreign_key(op.f("fk_meeting_series_id"), "meeting_series", ["series_id"], ["id"])
        meeting.create_unique_constraint(op.f("uq_meeting_series_id_series_on"), ["series_id", "series_on"])
        meeting.create_check_constraint(
            op.f("ck_meeting_series"), "(series_id IS NULL) = (series_on IS NULL)"
        )
    op.add_column("member", sa.Column("shows_pace", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column("member", "shows_pace")
    with op.batch_alter_table("meeting") as meeting:
        meeting.drop_constraint(op.f("ck_meeting_series"), type_="check")
        meeting.drop_constraint(op.f("uq_meeting_series_id_series_on"), type_="unique")
        meeting.drop_constraint(op.f("fk_meeting_series_id"), type_="foreignkey")
        meeting.drop_column("is_apart")
        meeting.drop_column("series_on")
        meeting.drop_column("series_id")
    op.drop_table("meeting_series")
