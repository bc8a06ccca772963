"""Forms that came after a session had ended, kept for their member.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sealed_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("has_files", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_sealed_form_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_form")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sealed_form_token_hash")),
    )
    op.create_index(op.f("ix_sealed_form_member_id"), "sealed_form", ["member_id"], unique=False)
    op.create_index(op.f("ix_sealed_form_expires_at"), "sealed_form", ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_table("sealed_form")
