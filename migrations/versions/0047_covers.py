"""Pictures that rows name by themselves: covers, members' pictures and the club's.

SQLite's table of pictures is built anew, so that no id of a picture is used twice.

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

COLUMNS = (
    ("book", "cover_id"),
    ("nomination", "voted_cover_id"),
    ("member", "portrait_id"),
    ("club", "picture_id"),
)
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
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.Integer(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        rebuild(autoincrement=True)
    of_club = sa.text("of_club")
    op.create_index(
        "uq_picture_of_club",
        "picture",
        ["of_club"],
        unique=True,
        sqlite_where=of_club,
        postgresql_where=of_club,
    )


def downgrade() -> None:
    op.drop_index("uq_picture_of_club", table_name="picture")
    if op.get_bind().dialect.name == "sqlite":
        rebuild(autoincrement=False)
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column)


def rebuild(*, autoincrement: bool) -> None:
    """Build the table of pictures anew. Its copies refer to it by its name, which stays."""
    made = op.create_table(
        "picture_anew",
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
        sqlite_autoincrement=autoincrement,
    )
    names = ", ".join(column.name for column in made.columns)
    op.execute(f"INSERT INTO picture_anew ({names}) SELECT {names} FROM picture")
    op.drop_table("picture")
    op.rename_table("picture_anew", "picture")
    for name in ("review_id", "comment_id", "draft_id"):
        op.create_index(op.f(f"ix_picture_{name}"), "picture", [name])
    loose = sa.text("loose_at IS NOT NULL")
    op.create_index("ix_picture_loose_at", "picture", ["loose_at"], sqlite_where=loose)
