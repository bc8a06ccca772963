"""Rounds of voting on the next book; who removed a member, and when a link set a password.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("thread", sa.Column("of_round", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "voting_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("secrecy", sa.String(length=7), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("warn_share", sa.Integer(), nullable=False),
        sa.Column("most_nominations", sa.Integer(), nullable=True),
        sa.Column("carries_over", sa.Integer(), nullable=False),
        sa.Column("exclude_share", sa.Integer(), nullable=False),
        sa.Column("author_pause", sa.Integer(), nullable=False),
        sa.Column("lets_late_join", sa.Boolean(), nullable=False),
        sa.Column("drops_removed", sa.Boolean(), nullable=False),
        sa.Column("nominations_until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voting_until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voting_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=9), nullable=True),
        sa.Column("electorate", sa.Integer(), nullable=True),
        sa.Column("turnout", sa.Integer(), nullable=True),
        sa.Column("fallen", sa.Integer(), nullable=False),
        sa.Column("ballot_key", sa.String(length=64), nullable=False),
        sa.Column("lot", sa.String(length=64), nullable=False),
        sa.Column("lot_hash", sa.String(length=64), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submission", sa.String(length=64), nullable=True),
        sa.CheckConstraint("method IN ('ranked', 'approval')", name=op.f("ck_voting_round_method")),
        sa.CheckConstraint(
            "outcome IN ('decided', 'broken', 'declined', 'no_quorum', 'void')",
            name=op.f("ck_voting_round_outcome"),
        ),
        sa.CheckConstraint("secrecy IN ('open', 'private')", name=op.f("ck_voting_round_secrecy")),
        sa.CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name=op.f("ck_voting_round_settled")),
        sa.CheckConstraint("author_pause >= 0", name=op.f("ck_voting_round_author_pause")),
        sa.CheckConstraint("carries_over >= 0", name=op.f("ck_voting_round_carries_over")),
        sa.CheckConstraint("exclude_share BETWEEN 0 AND 100", name=op.f("ck_voting_round_exclude_share")),
        sa.CheckConstraint("most_nominations > 0", name=op.f("ck_voting_round_most_nominations")),
        sa.CheckConstraint("nominations_until_at <= voting_until_at", name=op.f("ck_voting_round_deadlines")),
        sa.CheckConstraint("quorum BETWEEN 0 AND 100", name=op.f("ck_voting_round_quorum")),
        sa.CheckConstraint("warn_share BETWEEN 0 AND 100", name=op.f("ck_voting_round_warn_share")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["member.id"], name=op.f("fk_voting_round_opened_by_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_voting_round_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voting_round")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_voting_round_thread_id")),
        sa.UniqueConstraint(
            "opened_by_id", "submission", name=op.f("uq_voting_round_opened_by_id_submission")
        ),
    )
    op.create_index("ix_voting_round_settled_at", "voting_round", ["settled_at"], unique=False)
    op.create_table(
        "ballot",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("voter", sa.String(length=64), nullable=False),
        sa.Column("receipt", sa.String(length=14), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=True),
        sa.Column("ranks", sa.JSON(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(member_id IS NULL) = (cast_at IS NULL)", name=op.f("ck_ballot_open")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_ballot_member_id")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_ballot_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "voter", name=op.f("pk_ballot")),
        sa.UniqueConstraint("round_id", "receipt", name=op.f("uq_ballot_round_id_receipt")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "nomination",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("pitch", sa.String(length=500), nullable=False),
        sa.Column("carried_from_id", sa.Integer(), nullable=True),
        sa.Column("readers", sa.Integer(), nullable=True),
        sa.Column("nominated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_nomination_book_id")),
        sa.ForeignKeyConstraint(
            ["carried_from_id"], ["voting_round.id"], name=op.f("fk_nomination_carried_from_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_nomination_member_id")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_nomination_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["member.id"], name=op.f("fk_nomination_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
        sa.UniqueConstraint("round_id", "book_id", name=op.f("uq_nomination_round_id_book_id")),
    )
    op.create_index(op.f("ix_nomination_book_id"), "nomination", ["book_id"], unique=False)
    op.create_table(
        "round_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("was_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("now_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('changed', 'nominations_extended', 'opened_early', 'extended', 'closed_early',"
            " 'withdrawn')",
            name=op.f("ck_round_event_kind"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_round_event_member_id")),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_round_event_nomination_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_round_event_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_event")),
    )
    op.create_index(op.f("ix_round_event_round_id"), "round_event", ["round_id"], unique=False)
    op.create_table(
        "tally",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("without_id", sa.Integer(), nullable=True),
        sa.Column("winner_id", sa.Integer(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_tally_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["winner_id"], ["nomination.id"], name=op.f("fk_tally_winner_id")),
        sa.ForeignKeyConstraint(["without_id"], ["nomination.id"], name=op.f("fk_tally_without_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally")),
    )
    op.create_index(op.f("ix_tally_round_id"), "tally", ["round_id"], unique=False)

    with op.batch_alter_table("member") as member:
        member.add_column(sa.Column("removed_by_id", sa.Integer(), nullable=True))
        member.add_column(sa.Column("password_reset_at", sa.DateTime(timezone=True), nullable=True))
        member.create_foreign_key(op.f("fk_member_removed_by_id"), "member", ["removed_by_id"], ["id"])


def downgrade() -> None:
    for table in ("round_event", "tally", "ballot", "nomination", "voting_round"):
        op.drop_table(table)
    op.execute("DELETE FROM comment WHERE thread_id IN (SELECT id FROM thread WHERE of_round)")
    op.execute("DELETE FROM thread WHERE of_round")
    op.drop_column("thread", "of_round")
    with op.batch_alter_table("member") as member:
        member.drop_constraint(op.f("fk_member_removed_by_id"), type_="foreignkey")
        member.drop_column("removed_by_id")
        member.drop_column("password_reset_at")
