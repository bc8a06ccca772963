"""A reading may have no status: then only a rating is known, and nobody has said that the book was begun.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reading") as table:
        table.alter_column("status", existing_type=sa.String(length=14), nullable=True)


def downgrade() -> None:
    """Give readings without a status the one that an earlier release gave them."""
    op.execute("UPDATE reading SET status = 'reading' WHERE status IS NULL")
    with op.batch_alter_table("reading") as table:
        table.alter_column("status", existing_type=sa.String(length=14), nullable=False)
