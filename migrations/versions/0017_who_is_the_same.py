"""Keys by which authors and members are told apart, and the role in which somebody stands on a book.

The keys of what is there already are filled in when the club is next opened, and roles that stand in names
are moved out of them: the rules for both live in the application.

Revision ID: 0017
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None


def key(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length=length).with_variant(sa.String(length=length, collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("author", sa.Column("identity_key", key(400), nullable=False, server_default=""))
    op.create_index(op.f("ix_author_identity_key"), "author", ["identity_key"], unique=False)
    op.create_table(
        "contribution",
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('translator', 'illustrator', 'editor', 'narrator', 'introduction', 'adapter',"
            " 'contributor')",
            name=op.f("ck_contribution_role"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name=op.f("fk_contribution_author_id")),
        sa.ForeignKeyConstraint(
            ["book_id"], ["book.id"], name=op.f("fk_contribution_book_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("book_id", "author_id", "role", name=op.f("pk_contribution")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_contribution_author_id"), "contribution", ["author_id"], unique=False)
    op.add_column("member", sa.Column("shares_name", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "member_name",
        sa.Column("key", key(200), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_member_name_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_member_name")),
    )
    op.create_index(op.f("ix_member_name_member_id"), "member_name", ["member_id"], unique=False)


def downgrade() -> None:
    op.drop_table("member_name")
    op.drop_column("member", "shares_name")
    op.drop_table("contribution")
    op.drop_index(op.f("ix_author_identity_key"), table_name="author")
    op.drop_column("author", "identity_key")
