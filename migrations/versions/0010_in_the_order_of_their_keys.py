"""Tables of pairs in the order of their keys on SQLite: a large catalogue reads half as many pages.

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("book_author", "book_tag", "neighbour", "pack_neighbour")


def upgrade() -> None:
    build_anew(with_rowid=False)


def downgrade() -> None:
    build_anew(with_rowid=True)


def build_anew(*, with_rowid: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in TABLES:
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_with_rowid": with_rowid}):
            pass
