"""What books and authors are looked for by where they may be written otherwise.

The keys of what is there already are filled in when the club is next opened: the rule that makes them
lives in the application.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = (("author", "match_key"), ("book", "match_key"), ("book", "match_head"), ("book", "match_tail"))


def upgrade() -> None:
    key = sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql")
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, key, nullable=False, server_default=""))
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    for table, column in COLUMNS:
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
        op.drop_column(table, column)
