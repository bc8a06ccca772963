"""Imports say who stopped them and why; absent members are found by an index.

What organisers left of members whom they removed earlier (readings, drafts, notes) goes, as it does from
now on; and ratings of members who are suspended or gone leave the sums of the books.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ABSENT = sa.text("suspended_at IS NOT NULL OR removed_at IS NOT NULL")
PERSONAL = (
    "import", "imported_reading", "member_session", "mute", "notice", "one_time_link", "promise", "reading",
    "reveal", "review_draft", "thread_visit",
)  # fmt: skip
CHANGED_BOOKS = """
    SELECT DISTINCT reading.book_id FROM reading JOIN member ON member.id = reading.member_id
    WHERE reading.rating IS NOT NULL AND (member.suspended_at IS NOT NULL OR member.removed_at IS NOT NULL)
"""
SUMS = sa.text("""
    SELECT count(reading.rating), coalesce(sum(reading.rating), 0)
    FROM reading JOIN member ON member.id = reading.member_id
    WHERE reading.book_id = :book AND NOT reading.is_private
    AND member.suspended_at IS NULL AND member.removed_at IS NULL
""")
NEW_SUMS = sa.text(
    "UPDATE book SET rating_count = :count, rating_sum = :sum, rating_rank = :rank WHERE id = :book"
)


def upgrade() -> None:
    op.create_index("ix_member_absent", "member", ["id"], sqlite_where=ABSENT, postgresql_where=ABSENT)
    with op.batch_alter_table("import") as table:
        table.add_column(sa.Column("stopped_by", sa.String(length=10), nullable=False, server_default=""))
        table.add_column(sa.Column("stop_reason", sa.String(length=500), nullable=False, server_default=""))
        table.create_check_constraint(
            op.f("ck_import_stopped_by"), "stopped_by IN ('', 'member', 'suspension', 'organiser')"
        )
    count_present_members()


def count_present_members() -> None:
    """Clear what removed members left behind, and count ratings of present members alone."""
    connection = op.get_bind()
    books = connection.execute(sa.text(CHANGED_BOOKS)).scalars().all()
    for table in PERSONAL:
        gone = "(SELECT id FROM member WHERE removed_at IS NOT NULL)"
        connection.execute(sa.text(f'DELETE FROM "{table}" WHERE member_id IN {gone}'))
    for book in books:
        count, total = connection.execute(SUMS, {"book": book}).one()
        rank = round(1000 * total / count) if count else 0
        connection.execute(NEW_SUMS, {"book": book, "count": count, "sum": total, "rank": rank})


def downgrade() -> None:
    with op.batch_alter_table("import") as table:
        table.drop_constraint(op.f("ck_import_stopped_by"), type_="check")
        table.drop_column("stop_reason")
        table.drop_column("stopped_by")
    op.drop_index("ix_member_absent", table_name="member")
