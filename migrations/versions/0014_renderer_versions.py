"""The version of the renderer beside stored HTML; 0 until a row is rendered again.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("club", "member", "book", "comment", "review", "review_revision")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("renderer_version", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "renderer_version")
