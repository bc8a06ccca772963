"""Sections, editions, notices and reports, and what a reading remembers.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Written out, so that SQLite need not build these tables anew.
ADDED_COLUMNS = (
    (
        "comment",
        "lifted_horizon INTEGER NOT NULL DEFAULT 0 CONSTRAINT ck_comment_lifted_horizon"
        " CHECK (lifted_horizon BETWEEN 0 AND horizon)",
    ),
    (
        "review",
        "own_horizon INTEGER NOT NULL DEFAULT 0 CONSTRAINT ck_review_own_horizon"
        " CHECK (own_horizon BETWEEN 0 AND horizon)",
    ),
    (
        "review",
        "lifted_horizon INTEGER NOT NULL DEFAULT 0 CONSTRAINT ck_review_lifted_horizon"
        " CHECK (lifted_horizon BETWEEN 0 AND horizon)",
    ),
    (
        "edition",
        "format VARCHAR(9) CONSTRAINT ck_edition_format"
        " CHECK (format IN ('paperback', 'hardback', 'ebook', 'audiobook'))",
    ),
    ("edition", "minutes INTEGER CONSTRAINT ck_edition_minutes CHECK (minutes > 0)"),
)
CHECKS_ON_READING = {
    "length": "length > 0",
    "length_unit": "length_unit IN ('page', 'minute')",
    "held_mark": "held_mark BETWEEN 0 AND 10000",
    "seen_mark": "seen_mark BETWEEN 0 AND 10000",
    "times_read": "times_read >= 0",
}


def columns_of_reading():
    """What every reading remembers from now on; a column belongs to one table, so each time anew."""
    return (
        sa.Column("edition_id", sa.Integer()),
        sa.Column("length", sa.Integer()),
        sa.Column("length_unit", sa.String(6)),
        sa.Column("is_again", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("held_mark", sa.Integer()),
        sa.Column("seen_mark", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("started_on", sa.Date()),
        sa.Column("finished_on", sa.Date()),
        sa.Column("times_read", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("planned_month", sa.String(7)),
        sa.Column("is_private", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def upgrade() -> None:
    op.create_table(
        "section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("typed_start", sa.Integer(), nullable=True),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.CheckConstraint("start BETWEEN 0 AND 10000", name=op.f("ck_section_start")),
        sa.CheckConstraint("typed_start BETWEEN 0 AND 10000", name=op.f("ck_section_typed_start")),
        sa.ForeignKeyConstraint(
            ["book_id"], ["book.id"], name=op.f("fk_section_book_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_section_book_id_place", "section", ["book_id", "place"], unique=False)

    op.create_table(
        "section_start",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=6), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("unit IN ('page', 'minute')", name=op.f("ck_section_start_unit")),
        sa.CheckConstraint("start >= 0", name=op.f("ck_section_start_start")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_section_start_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_section_start_member_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_section_start_section_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_start")),
        sa.UniqueConstraint(
            "edition_id", "section_id", "unit", name=op.f("uq_section_start_edition_id_section_id_unit")
        ),
    )
    op.create_index(op.f("ix_section_start_section_id"), "section_start", ["section_id"], unique=False)

    op.create_table(
        "thread_visit",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.CheckConstraint("mark BETWEEN 0 AND 10000", name=op.f("ck_thread_visit_mark")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_thread_visit_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["thread.id"], name=op.f("fk_thread_visit_thread_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "thread_id", name=op.f("pk_thread_visit")),
    )
    op.create_index(op.f("ix_thread_visit_thread_id"), "thread_visit", ["thread_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("reading_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('reply', 'spoiler_report', 'report_decided', 'promise')", name=op.f("ck_notice_kind")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["member.id"], name=op.f("fk_notice_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_notice_comment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_notice_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["reading.id"], name=op.f("fk_notice_reading_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_notice_review_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "member_id", "kind", "comment_id", name=op.f("uq_notice_member_id_kind_comment_id")
        ),
        sa.UniqueConstraint(
            "member_id", "kind", "reading_id", name=op.f("uq_notice_member_id_kind_reading_id")
        ),
        sa.UniqueConstraint(
            "member_id", "kind", "review_id", name=op.f("uq_notice_member_id_kind_review_id")
        ),
    )
    op.create_index("ix_notice_member_id_id", "notice", ["member_id", "id"], unique=False)
    op.create_index(
        "ix_notice_unseen",
        "notice",
        ["member_id"],
        unique=False,
        sqlite_where=sa.text("seen_at IS NULL"),
        postgresql_where=sa.text("seen_at IS NULL"),
    )

    op.create_table(
        "spoiler_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("horizon", sa.Integer(), nullable=False),
        sa.Column("horizon_choice", sa.String(length=20), nullable=False),
        sa.Column("horizon_before", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(comment_id IS NULL) <> (review_id IS NULL)", name=op.f("ck_spoiler_report_one_subject")
        ),
        sa.CheckConstraint("horizon BETWEEN 1 AND 10000", name=op.f("ck_spoiler_report_horizon")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_spoiler_report_comment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["member.id"], name=op.f("fk_spoiler_report_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_spoiler_report_member_id")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_spoiler_report_review_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spoiler_report")),
        sa.UniqueConstraint("member_id", "comment_id", name=op.f("uq_spoiler_report_member_id_comment_id")),
        sa.UniqueConstraint("member_id", "review_id", name=op.f("uq_spoiler_report_member_id_review_id")),
    )
    op.create_index("ix_spoiler_report_comment_id", "spoiler_report", ["comment_id"], unique=False)
    op.create_index("ix_spoiler_report_review_id", "spoiler_report", ["review_id"], unique=False)

    op.create_table(
        "promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_promise_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["reading.id"], name=op.f("fk_promise_reading_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint("member_id", "reading_id", name=op.f("uq_promise_member_id_reading_id")),
    )
    op.create_index(op.f("ix_promise_reading_id"), "promise", ["reading_id"], unique=False)

    for table, column in ADDED_COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.execute("UPDATE review SET own_horizon = horizon")

    with op.batch_alter_table("reading") as reading:
        for column in columns_of_reading():
            reading.add_column(column)
        reading.create_foreign_key(
            op.f("fk_reading_edition_id"), "edition", ["edition_id"], ["id"], ondelete="SET NULL"
        )
        for name, rule in CHECKS_ON_READING.items():
            reading.create_check_constraint(op.f(f"ck_reading_{name}"), rule)
    # What they could read before this was there to be told is not news.
    op.execute("UPDATE reading SET seen_mark = mark")
    op.execute("UPDATE reading SET times_read = 1 WHERE status = 'finished'")


def downgrade() -> None:
    with op.batch_alter_table("reading") as reading:
        reading.drop_constraint(op.f("fk_reading_edition_id"), type_="foreignkey")
        for name in CHECKS_ON_READING:
            reading.drop_constraint(op.f(f"ck_reading_{name}"), type_="check")
        for column in columns_of_reading():
            reading.drop_column(column.name)
    for table, column in reversed(ADDED_COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
    for table in ("promise", "spoiler_report", "notice", "thread_visit", "section_start", "section"):
        op.drop_table(table)
