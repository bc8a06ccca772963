"""Questions of a meeting, members who care about them, and comments that are open questions.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

OPEN = sa.text("open_question_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=True),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("horizon_choice", sa.String(length=20), nullable=False),
        sa.Column("own_horizon", sa.Integer(), nullable=False),
        sa.Column("lifted_horizon", sa.Integer(), nullable=False),
        sa.Column("horizon", sa.Integer(), nullable=False),
        sa.Column("submission", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removal_reason", sa.String(length=500), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("safe_html", sa.Text(), nullable=False),
        sa.Column("has_spoilers", sa.Boolean(), nullable=False),
        sa.Column("renderer_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("own_horizon BETWEEN 0 AND 10000", name=op.f("ck_question_own_horizon")),
        sa.CheckConstraint("horizon BETWEEN own_horizon AND 10000", name=op.f("ck_question_horizon")),
        sa.CheckConstraint("lifted_horizon BETWEEN 0 AND horizon", name=op.f("ck_question_lifted_horizon")),
        sa.CheckConstraint(
            "comment_id IS NULL OR (book_id IS NULL AND own_horizon = 10000 AND body = '')",
            name=op.f("ck_question_reference"),
        ),
        sa.CheckConstraint(
            "book_id IS NOT NULL OR comment_id IS NOT NULL OR horizon = 0", name=op.f("ck_question_no_book")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_question_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_question_book_id")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_question_comment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_question_member_id")),
        sa.ForeignKeyConstraint(["removed_by_id"], ["member.id"], name=op.f("fk_question_removed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("member_id", "submission", name=op.f("uq_question_member_id_submission")),
        sa.UniqueConstraint("meeting_id", "comment_id", name=op.f("uq_question_meeting_id_comment_id")),
    )
    op.create_index("ix_question_book_id_id", "question", ["book_id", "id"])
    op.create_index("ix_question_comment_id", "question", ["comment_id"])
    op.create_table(
        "question_support",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("supported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_support_question_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_question_support_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "member_id", name=op.f("pk_question_support")),
    )
    op.create_index(op.f("ix_question_support_member_id"), "question_support", ["member_id"])
    op.add_column("comment", sa.Column("open_question_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_comment_open_question", "comment", ["thread_id"], sqlite_where=OPEN, postgresql_where=OPEN
    )


def downgrade() -> None:
    op.drop_index("ix_comment_open_question", "comment")
    op.drop_column("comment", "open_question_at")
    op.drop_table("question_support")
    op.drop_table("question")
