"""Pictures of posts, covers, members and the club, and their copies.

Revision ID: 0044
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

PLACES = {
    "review_id": "review",
    "comment_id": "comment",
    "draft_id": "review_draft",
    "book_id": "book",
    "portrait_of_id": "member",
}
STATES = " + ".join(
    [f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in (*PLACES, "loose_at")]
    + ["CASE WHEN of_club THEN 1 ELSE 0 END"]
)


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sent_as", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loose_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in PLACES),
        sa.Column("of_club", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(f"{STATES} = 1", name=op.f("ck_picture_place")),
        *(
            sa.ForeignKeyConstraint(
                [name], [f"{table}.id"], name=op.f(f"fk_picture_{name}"), ondelete="CASCADE"
            )
            for name, table in PLACES.items()
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_picture_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
        sa.UniqueConstraint(
            "member_id", "sent_as", "digest", name=op.f("uq_picture_member_id_sent_as_digest")
        ),
        sa.UniqueConstraint("book_id", name=op.f("uq_picture_book_id")),
        sa.UniqueConstraint("portrait_of_id", name=op.f("uq_picture_portrait_of_id")),
    )
    for name in ("review_id", "comment_id", "draft_id"):
        op.create_index(op.f(f"ix_picture_{name}"), "picture", [name])
    loose = sa.text("loose_at IS NOT NULL")
    op.create_index(
        "ix_picture_loose_at", "picture", ["loose_at"], sqlite_where=loose, postgresql_where=loose
    )
    op.create_table(
        "picture_copy",
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["picture.id"], name=op.f("fk_picture_copy_picture_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("picture_id", "width", name=op.f("pk_picture_copy")),
    )


def downgrade() -> None:
    op.drop_table("picture_copy")
    op.drop_table("picture")
