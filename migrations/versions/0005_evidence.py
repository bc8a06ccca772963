"""Series, readers elsewhere, and neighbour packs.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # One by one, so that SQLite need not build the table anew.
    op.add_column("book", sa.Column("series", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("book", sa.Column("series_number", sa.Double(), nullable=True))
    op.add_column("book", sa.Column("known_readers", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(op.f("ix_reading_changed_at"), "reading", ["changed_at"], unique=False)
    op.create_table(
        "neighbour_pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("licence", sa.String(length=200), nullable=False),
        sa.Column("readers", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_neighbour_pack_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbour_pack")),
    )
    op.create_table(
        "pack_readership",
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("readers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["book_id"], ["book.id"], name=op.f("fk_pack_readership_book_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("book_id", name=op.f("pk_pack_readership")),
    )
    op.create_table(
        "pack_neighbour",
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("together", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["book_id"], ["book.id"], name=op.f("fk_pack_neighbour_book_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["book.id"], name=op.f("fk_pack_neighbour_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("book_id", "other_id", name=op.f("pk_pack_neighbour")),
    )
    op.create_index(op.f("ix_pack_neighbour_other_id"), "pack_neighbour", ["other_id"], unique=False)


def downgrade() -> None:
    for table in ("pack_neighbour", "pack_readership", "neighbour_pack"):
        op.drop_table(table)
    op.drop_index(op.f("ix_reading_changed_at"), table_name="reading")
    for column in ("known_readers", "series_number", "series"):
        op.drop_column("book", column)
