"""The number that ends a member's signed links.

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("link_generation", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("member", "link_generation")
