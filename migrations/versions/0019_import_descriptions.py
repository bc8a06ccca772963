"""Imports count the descriptions that they bring, and know whether the catalogue gets them.

Revision ID: 0019
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The release before writes imports without them.
    op.add_column("import", sa.Column("descriptions", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "import", sa.Column("gives_descriptions", sa.Boolean(), nullable=False, server_default=sa.true())
    )


def downgrade() -> None:
    op.drop_column("import", "gives_descriptions")
    op.drop_column("import", "descriptions")
