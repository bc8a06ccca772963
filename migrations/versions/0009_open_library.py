"""What Open Library answered, kept for a while.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_library_answer",
        sa.Column("asked", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("asked", name=op.f("pk_open_library_answer")),
    )
    op.create_index(
        op.f("ix_open_library_answer_fetched_at"), "open_library_answer", ["fetched_at"], unique=False
    )


def downgrade() -> None:
    op.drop_table("open_library_answer")
