"""Members choose how large their text is.

Revision ID: 0025
Revises: 0024
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In one statement: Alembic would write the whole table again on SQLite to add the constraint.
    op.execute(
        "ALTER TABLE member ADD COLUMN text_size VARCHAR(7) DEFAULT 'normal' NOT NULL"
        " CONSTRAINT ck_member_text_size CHECK (text_size IN ('normal', 'large', 'largest'))"
    )


def downgrade() -> None:
    op.drop_column("member", "text_size")
