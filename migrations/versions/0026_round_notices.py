"""Notices of rounds: that one is open, that it ends tomorrow without the member's vote, and its result.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KINDS_BEFORE = "kind IN ('reply', 'spoiler_report', 'report_decided', 'promise', 'answer')"
KINDS = (
    "kind IN ('reply', 'spoiler_report', 'report_decided', 'promise', 'answer', 'round_opened',"
    " 'round_ending', 'round_result')"
)


def upgrade() -> None:
    with op.batch_alter_table("notice") as notice:
        notice.add_column(sa.Column("round_id", sa.Integer(), nullable=True))
        notice.create_foreign_key(
            op.f("fk_notice_round_id"), "voting_round", ["round_id"], ["id"], ondelete="CASCADE"
        )
        notice.create_unique_constraint(
            op.f("uq_notice_member_id_kind_round_id"), ["member_id", "kind", "round_id"]
        )
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE kind IN ('round_opened', 'round_ending', 'round_result')")
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), KINDS_BEFORE)
        notice.drop_constraint(op.f("uq_notice_member_id_kind_round_id"), type_="unique")
        notice.drop_constraint(op.f("fk_notice_round_id"), type_="foreignkey")
        notice.drop_column("round_id")
