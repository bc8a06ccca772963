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


def downgrade() -> None:
    op.drop_index(op.f("ix_author_identity_key"), table_name="author")
    op.drop_column("author", "identity_key")
