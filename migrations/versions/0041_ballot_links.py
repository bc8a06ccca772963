"""Ballots by the signed links in mails: the club's setting, and the notice that one was cast.

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

KINDS_BEFORE = (
    "kind IN ('reply', 'mention', 'followed', 'spoiler_report', 'report_decided', 'removed',"
    " 'answer_removed', 'question_removed', 'promise', 'answer', 'round_opened', 'round_ending',"
    " 'round_result', 'meeting_made', 'meeting_moved', 'meeting_cancelled', 'meeting_tomorrow',"
    " 'meeting_seat', 'date_chosen', 'date_wanted')"
)
KINDS = KINDS_BEFORE.replace("'round_result',", "'round_result', 'ballot_by_link',")


def upgrade() -> None:
    op.add_column("club", sa.Column("votes_by_link", sa.Boolean(), server_default=sa.true(), nullable=False))
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE kind = 'ballot_by_link'")
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), KINDS_BEFORE)
    op.drop_column("club", "votes_by_link")
