"""What members bring from elsewhere: earlier times, notes, own tags, drafts of reviews, and imports.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAME_KEY = sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql")

COUNTS = (
    "total", "looked", "known", "taken", "merged", "kept", "same", "skipped", "ratings", "reviews", "notes",
)  # fmt: skip


def upgrade() -> None:
    add_readers_own()
    add_imports()


def add_readers_own() -> None:
    """What readers keep for themselves, and their drafts."""
    op.add_column("reading", sa.Column("notes", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "read_through",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "started_on IS NOT NULL OR finished_on IS NOT NULL", name=op.f("ck_read_through_dated")
        ),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["reading.id"], name=op.f("fk_read_through_reading_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_through")),
    )
    op.create_index(op.f("ix_read_through_reading_id"), "read_through", ["reading_id"], unique=False)
    op.create_table(
        "own_tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_key", NAME_KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["reading.id"], name=op.f("fk_own_tag_reading_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_tag")),
        sa.UniqueConstraint("reading_id", "name_key", name=op.f("uq_own_tag_reading_id_name_key")),
    )
    op.create_table(
        "review_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("has_spoilers", sa.Boolean(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=True),
        sa.Column("submission", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["book_id"], ["book.id"], name=op.f("fk_review_draft_book_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_review_draft_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_draft")),
        sa.UniqueConstraint("member_id", "book_id", name=op.f("uq_review_draft_member_id_book_id")),
    )


def add_imports() -> None:
    """The libraries that members bring, and what was taken from them."""
    op.create_table(
        "import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("shelves", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('staged', 'running', 'stopped', 'finished')", name=op.f("ck_import_state")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_import_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    op.create_index("ix_import_member_id_id", "import", ["member_id", "id"], unique=False)
    op.create_table(
        "import_row",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("authors", sa.String(length=800), nullable=False),
        sa.Column("entry", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'taken', 'merged', 'kept', 'same', 'skipped')",
            name=op.f("ck_import_row_state"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_import_row_import_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["book_id"], ["book.id"], name=op.f("fk_import_row_book_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_row")),
    )
    op.create_index(op.f("ix_import_row_book_id"), "import_row", ["book_id"], unique=False)
    op.create_index(
        "ix_import_row_import_id_state_number", "import_row", ["import_id", "state", "number"], unique=False
    )
    op.create_table(
        "imported_reading",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_imported_reading_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["book_id"], ["book.id"], name=op.f("fk_imported_reading_book_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_imported_reading_import_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("member_id", "book_id", name=op.f("pk_imported_reading")),
    )
    op.create_index(op.f("ix_imported_reading_book_id"), "imported_reading", ["book_id"], unique=False)
    op.create_index(op.f("ix_imported_reading_import_id"), "imported_reading", ["import_id"], unique=False)


def downgrade() -> None:
    for table in ("imported_reading", "import_row", "import"):
        op.drop_table(table)
    for table in ("review_draft", "own_tag", "read_through"):
        op.drop_table(table)
    op.drop_column("reading", "notes")
