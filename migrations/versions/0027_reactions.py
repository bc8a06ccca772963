"""Members react to comments and reviews.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reacted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('like', 'thanks', 'me_too', 'made_me_think')", name=op.f("ck_reaction_kind")
        ),
        sa.CheckConstraint("(comment_id IS NULL) <> (review_id IS NULL)", name=op.f("ck_reaction_subject")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_reaction_comment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_reaction_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_reaction_review_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reaction")),
        sa.UniqueConstraint(
            "member_id", "comment_id", "kind", name=op.f("uq_reaction_member_id_comment_id_kind")
        ),
        sa.UniqueConstraint(
            "member_id", "review_id", "kind", name=op.f("uq_reaction_member_id_review_id_kind")
        ),
    )
    op.create_index(op.f("ix_reaction_comment_id"), "reaction", ["comment_id"])
    op.create_index(op.f("ix_reaction_review_id"), "reaction", ["review_id"])


def downgrade() -> None:
    op.drop_table("reaction")
