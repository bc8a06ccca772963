"""The organisers have a word with the club, and each member dismisses it.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renderer_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_word_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word")),
    )
    op.add_column("member", sa.Column("dismissed_word", sa.Integer()))


def downgrade() -> None:
    op.drop_column("member", "dismissed_word")
    op.drop_table("word")
