"""What was taken from the mailbox, and what is on its way back.

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mailbox_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_key", sa.String(length=64), nullable=False),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_mailbox_look_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox_look")),
    )
    op.create_table(
        "taken_mail",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_taken_mail")),
    )
    op.create_index(op.f("ix_taken_mail_taken_at"), "taken_mail", ["taken_at"])
    op.create_table(
        "returned_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_returned_reply_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["thread.id"], name=op.f("fk_returned_reply_thread_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returned_reply")),
    )
    op.create_index(op.f("ix_returned_reply_member_id"), "returned_reply", ["member_id"])
    op.create_index(op.f("ix_returned_reply_created_at"), "returned_reply", ["created_at"])
    op.add_column("mail", sa.Column("refusals_before", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("mail", "refusals_before")
    op.drop_table("returned_reply")
    op.drop_table("taken_mail")
    op.drop_table("mailbox_look")
