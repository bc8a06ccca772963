"""Passages from books, their conversations, and their places on agendas.

Revision ID: 0046
Revises: 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

REFERENCE_BEFORE = "comment_id IS NULL OR (book_id IS NULL AND own_horizon = 10000 AND body = '')"
REFERENCE = (
    "(comment_id IS NULL AND passage_id IS NULL) OR (book_id IS NULL AND own_horizon = 10000 AND body = '')"
)
NO_BOOK_BEFORE = "book_id IS NOT NULL OR comment_id IS NOT NULL OR horizon = 0"
NO_BOOK = "book_id IS NOT NULL OR comment_id IS NOT NULL OR passage_id IS NOT NULL OR horizon = 0"


def upgrade() -> None:
    op.create_table(
        "passage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("entry", sa.String(length=30), nullable=False),
        sa.Column("entry_unit", sa.String(length=7), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("length", sa.Integer(), nullable=True),
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
        sa.CheckConstraint("own_horizon BETWEEN 0 AND 10000", name=op.f("ck_passage_own_horizon")),
        sa.CheckConstraint("horizon BETWEEN own_horizon AND 10000", name=op.f("ck_passage_horizon")),
        sa.CheckConstraint("lifted_horizon BETWEEN 0 AND horizon", name=op.f("ck_passage_lifted_horizon")),
        sa.CheckConstraint(
            "entry_unit IN ('percent', 'page', 'minute', 'section')", name=op.f("ck_passage_entry_unit")
        ),
        sa.CheckConstraint("length > 0", name=op.f("ck_passage_length")),
        sa.ForeignKeyConstraint(
            ["book_id"], ["book.id"], name=op.f("fk_passage_book_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["thread.id"], name=op.f("fk_passage_thread_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_passage_edition_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_passage_member_id")),
        sa.ForeignKeyConstraint(["removed_by_id"], ["member.id"], name=op.f("fk_passage_removed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
        sa.UniqueConstraint("member_id", "submission", name=op.f("uq_passage_member_id_submission")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_passage_thread_id")),
    )
    op.create_index("ix_passage_book_id_horizon_id", "passage", ["book_id", "horizon", "id"])
    op.add_column("thread", sa.Column("of_passage", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("notice") as notice:
        notice.add_column(sa.Column("passage_id", sa.Integer(), nullable=True))
        notice.create_foreign_key(
            op.f("fk_notice_passage_id"), "passage", ["passage_id"], ["id"], ondelete="CASCADE"
        )
        notice.create_unique_constraint(
            op.f("uq_notice_member_id_kind_passage_id"), ["member_id", "kind", "passage_id"]
        )
    with op.batch_alter_table("question") as question:
        question.add_column(sa.Column("passage_id", sa.Integer(), nullable=True))
        question.create_foreign_key(
            op.f("fk_question_passage_id"), "passage", ["passage_id"], ["id"], ondelete="CASCADE"
        )
        question.create_unique_constraint(
            op.f("uq_question_meeting_id_passage_id"), ["meeting_id", "passage_id"]
        )
        question.create_index("ix_question_passage_id", ["passage_id"])
        question.drop_constraint(op.f("ck_question_reference"), type_="check")
        question.drop_constraint(op.f("ck_question_no_book"), type_="check")
        question.create_check_constraint(op.f("ck_question_reference"), REFERENCE)
        question.create_check_constraint(op.f("ck_question_no_book"), NO_BOOK)
        question.create_check_constraint(
            op.f("ck_question_one_reference"), "comment_id IS NULL OR passage_id IS NULL"
        )


def downgrade() -> None:
    op.execute("DELETE FROM question WHERE passage_id IS NOT NULL")
    op.execute("DELETE FROM notice WHERE passage_id IS NOT NULL")
    with op.batch_alter_table("question") as question:
        question.drop_constraint(op.f("ck_question_one_reference"), type_="check")
        question.drop_constraint(op.f("ck_question_reference"), type_="check")
        question.drop_constraint(op.f("ck_question_no_book"), type_="check")
        question.create_check_constraint(op.f("ck_question_reference"), REFERENCE_BEFORE)
        question.create_check_constraint(op.f("ck_question_no_book"), NO_BOOK_BEFORE)
        question.drop_index("ix_question_passage_id")
        question.drop_constraint(op.f("uq_question_meeting_id_passage_id"), type_="unique")
        question.drop_constraint(op.f("fk_question_passage_id"), type_="foreignkey")
        question.drop_column("passage_id")
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("uq_notice_member_id_kind_passage_id"), type_="unique")
        notice.drop_constraint(op.f("fk_notice_passage_id"), type_="foreignkey")
        notice.drop_column("passage_id")
    op.drop_column("thread", "of_passage")
    op.drop_table("passage")
