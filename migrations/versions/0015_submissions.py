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
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("submission", sa.String(length=64), nullable=True))
            table.create_unique_constraint(op.f(f"uq_{name}_{owner}_submission"), [owner, "submission"])


def downgrade() -> None:
    for name, owner in OWNERS.items():
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"uq_{name}_{owner}_submission"), type_="unique")
            table.drop_column("submission")
