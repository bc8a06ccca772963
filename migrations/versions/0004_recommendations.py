"""Asks with their answers, endorsements, and what is not for somebody; notices of answers.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS_BEFORE = "kind IN ('reply', 'spoiler_report', 'report_decided', 'promise')"
KINDS = "kind IN ('reply', 'spoiler_report', 'report_decided', 'promise', 'answer')"
STANDS = sa.text("deleted_at IS NULL")


def withdrawable(table):
    """The columns of words that can be taken away, with what they refer to."""
    return (
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removal_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f(f"fk_{table}_member_id")),
        sa.ForeignKeyConstraint(["removed_by_id"], ["member.id"], name=op.f(f"fk_{table}_removed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    op.create_table(
        "ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("book_id", sa.Integer(), nullable=True),
        sa.Column("tag_id", sa.Integer(), nullable=True),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submission", sa.String(length=64), nullable=True),
        *withdrawable("ask"),
        sa.CheckConstraint(
            "(author_id IS NULL OR book_id IS NULL) AND (author_id IS NULL OR tag_id IS NULL)"
            " AND (book_id IS NULL OR tag_id IS NULL)",
            name=op.f("ck_ask_one_scope"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["author.id"], name=op.f("fk_ask_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_ask_book_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_ask_tag_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_ask_thread_id")),
        sa.UniqueConstraint("member_id", "submission", name=op.f("uq_ask_member_id_submission")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_ask_thread_id")),
    )
    for column in ("author_id", "book_id", "tag_id"):
        op.create_index(op.f(f"ix_ask_{column}"), "ask", [column], unique=False)

    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ask_id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        *withdrawable("answer"),
        sa.ForeignKeyConstraint(["ask_id"], ["ask.id"], name=op.f("fk_answer_ask_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_answer_book_id"), ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_answer_ask_id"), "answer", ["ask_id"], unique=False)
    op.create_index(op.f("ix_answer_book_id"), "answer", ["book_id"], unique=False)
    op.create_index(
        "uq_answer_ask_id_member_id_book_id",
        "answer",
        ["ask_id", "member_id", "book_id"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )

    op.create_table(
        "answer_endorsement",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("endorsed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_answer_endorsement_answer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_answer_endorsement_member_id")),
        sa.PrimaryKeyConstraint("answer_id", "member_id", name=op.f("pk_answer_endorsement")),
    )
    op.create_index(
        op.f("ix_answer_endorsement_member_id"), "answer_endorsement", ["member_id"], unique=False
    )

    op.create_table(
        "endorsement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("endorsed_at", sa.DateTime(timezone=True), nullable=False),
        *withdrawable("endorsement"),
        sa.CheckConstraint("book_id <> other_id", name=op.f("ck_endorsement_other")),
        sa.ForeignKeyConstraint(
            ["book_id"], ["book.id"], name=op.f("fk_endorsement_book_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["book.id"], name=op.f("fk_endorsement_other_id"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_endorsement_book_id"), "endorsement", ["book_id"], unique=False)
    op.create_index(op.f("ix_endorsement_other_id"), "endorsement", ["other_id"], unique=False)
    op.create_index(
        "uq_endorsement_member_id_book_id_other_id",
        "endorsement",
        ["member_id", "book_id", "other_id"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )

    op.create_table(
        "mute",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("muted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_mute_book_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_mute_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "book_id", name=op.f("pk_mute")),
    )
    op.create_index(op.f("ix_mute_book_id"), "mute", ["book_id"], unique=False)

    op.add_column("thread", sa.Column("of_ask", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("notice") as notice:
        notice.add_column(sa.Column("ask_id", sa.Integer(), nullable=True))
        notice.create_foreign_key(op.f("fk_notice_ask_id"), "ask", ["ask_id"], ["id"], ondelete="CASCADE")
        notice.create_unique_constraint(
            op.f("uq_notice_member_id_kind_ask_id"), ["member_id", "kind", "ask_id"]
        )
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE kind = 'answer'")
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), KINDS_BEFORE)
        notice.drop_constraint(op.f("uq_notice_member_id_kind_ask_id"), type_="unique")
        notice.drop_constraint(op.f("fk_notice_ask_id"), type_="foreignkey")
        notice.drop_column("ask_id")
    for table in ("mute", "endorsement", "answer_endorsement", "answer"):
        op.drop_table(table)
    op.drop_table("ask")
    op.execute("DELETE FROM comment WHERE thread_id IN (SELECT id FROM thread WHERE of_ask)")
    op.execute("DELETE FROM thread WHERE of_ask")
    op.drop_column("thread", "of_ask")
