"""Editions, invitations and imports know the form that made them, so that a form sent twice makes one.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OWNERS = {"edition": "book_id", "invitation": "created_by_id", "import": "member_id"}


def upgrade() -> None:
    for name, owner in OWNERS.items():
        op.add_column(name, sa.Column("submission", sa.String(length=64), nullable=True))
        op.create_index(op.f(f"uq_{name}_{owner}_submission"), name, [owner, "submission"], unique=True)


def downgrade() -> None:
    for name, owner in OWNERS.items():
        op.drop_index(op.f(f"uq_{name}_{owner}_submission"), table_name=name)
        op.drop_column(name, "submission")
