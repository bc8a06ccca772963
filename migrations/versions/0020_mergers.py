"""Books and authors can be merged and split: their old names, what was changed, and who has to be asked.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TITLE_KEY = sa.String(600).with_variant(sa.String(600, collation="C"), "postgresql")
NAME_KEY = sa.String(400).with_variant(sa.String(400, collation="C"), "postgresql")
MATCH_KEY = sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql")
KINDS = "kind IN ('book merger', 'author merger', 'book split', 'author split')"
STANDS = "deleted_at IS NULL"
ALONE = f"{STANDS} AND NOT is_joined"
# What a member says once of a book, and might have said of two that became one.
ADVICE = {
    "answer": ("uq_answer_ask_id_member_id_book_id", ["ask_id", "member_id", "book_id"]),
    "endorsement": ("uq_endorsement_member_id_book_id_other_id", ["member_id", "book_id", "other_id"]),
}


def key(table: str, column: str, other: str, *, ondelete: str | None = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def upgrade() -> None:
    op.create_table(
        "author_spelling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", NAME_KEY, nullable=False),
        sa.Column("identity_key", NAME_KEY, nullable=False),
        sa.Column("match_key", MATCH_KEY, nullable=False),
        key("author_spelling", "author_id", "author"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_author_spelling")),
        sa.UniqueConstraint("slug", name=op.f("uq_author_spelling_slug")),
        sa.UniqueConstraint("name_key", name=op.f("uq_author_spelling_name_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_author_spelling_author_id"), "author_spelling", ["author_id"])
    for column in ("identity_key", "match_key"):
        op.create_index(op.f(f"ix_author_spelling_{column}"), "author_spelling", [column])
    op.create_table(
        "former_book",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("subtitle", sa.String(length=200), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("first_published", sa.Integer(), nullable=True),
        sa.Column("title_key", TITLE_KEY, nullable=False),
        sa.Column("match_key", MATCH_KEY, nullable=False),
        key("former_book", "book_id", "book"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_book")),
        sa.UniqueConstraint("slug", name=op.f("uq_former_book_slug")),
        sqlite_autoincrement=True,
    )
    for column in ("book_id", "title_key", "match_key"):
        op.create_index(op.f(f"ix_former_book_{column}"), "former_book", [column])
    op.create_table(
        "merger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=13), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("made_book_id", sa.Integer(), nullable=True),
        sa.Column("made_author_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("submission", sa.String(length=64), nullable=True),
        key("merger", "book_id", "book", ondelete="SET NULL"),
        key("merger", "author_id", "author", ondelete="SET NULL"),
        key("merger", "made_book_id", "book", ondelete="SET NULL"),
        key("merger", "made_author_id", "author", ondelete="SET NULL"),
        key("merger", "member_id", "member", ondelete=None),
        key("merger", "undone_by_id", "member", ondelete=None),
        sa.CheckConstraint(KINDS, name=op.f("ck_merger_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merger")),
        sa.UniqueConstraint("member_id", "submission", name=op.f("uq_merger_member_id_submission")),
    )
    for column in ("book_id", "author_id", "made_book_id", "made_author_id"):
        op.create_index(op.f(f"ix_merger_{column}"), "merger", [column])
    op.create_table(
        "merger_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merger_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=7), nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        key("merger_step", "merger_id", "merger"),
        key("merger_step", "member_id", "member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merger_step")),
    )
    for column in ("merger_id", "member_id"):
        op.create_index(op.f(f"ix_merger_step_{column}"), "merger_step", [column])
    # The release before goes on writing rows meanwhile, and knows nothing of these columns.
    op.add_column("edition", sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("reading", sa.Column("moved_from", sa.String(length=200), nullable=True))
    for table in ("review", "thread"):
        op.add_column(table, sa.Column("became_id", sa.Integer(), nullable=True))
    for table, (name, columns) in ADVICE.items():
        op.add_column(table, joined())
        op.drop_index(op.f(name), table_name=table)
        index(name, table, columns, ALONE)
    with op.batch_alter_table("nomination", recreate="auto") as nomination:
        nomination.add_column(joined())
        nomination.drop_constraint(op.f("uq_nomination_round_id_book_id"), type_="unique")
    index("uq_nomination_round_id_book_id", "nomination", ["round_id", "book_id"], "NOT is_joined")


def joined() -> sa.Column[bool]:
    return sa.Column("is_joined", sa.Boolean(), nullable=False, server_default=sa.false())


def index(name: str, table: str, columns: list[str], where: str) -> None:
    found = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}
    op.create_index(op.f(name), table, columns, unique=True, **found)


def downgrade() -> None:
    for table in ("answer", "endorsement", "nomination"):
        if op.get_bind().execute(sa.text(f"SELECT 1 FROM {table} WHERE is_joined LIMIT 1")).first():
            raise RuntimeError(
                "The release before cannot hold what merged books have twice. Nothing is changed."
            )
    op.drop_index(op.f("uq_nomination_round_id_book_id"), table_name="nomination")
    with op.batch_alter_table("nomination", recreate="auto") as nomination:
        nomination.drop_column("is_joined")
        nomination.create_unique_constraint(op.f("uq_nomination_round_id_book_id"), ["round_id", "book_id"])
    for table, (name, columns) in ADVICE.items():
        op.drop_index(op.f(name), table_name=table)
        op.drop_column(table, "is_joined")
        index(name, table, columns, STANDS)
    for table in ("thread", "review"):
        op.drop_column(table, "became_id")
    op.drop_column("reading", "moved_from")
    op.drop_column("edition", "place")
    for table in ("merger_step", "merger", "former_book", "author_spelling"):
        op.drop_table(table)
