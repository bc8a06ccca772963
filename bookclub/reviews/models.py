"""Models of reviews, their revisions, and drafts."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..books.models import Book
from ..extensions import Base, utcnow
from ..lib.text.limits import MAX_SUMMARY
from ..members.models import Member
from ..text_columns import PublicText
from ..threads.models import Prosaic, Thread, Writing
from .rules import MAX_TITLE


class Review(Writing, Base):
    """A member's piece on a Book. Title and summary are safe for everyone; the body has a horizon.

    A member has at most one review of a book that is not deleted. ``edited_at`` is the time at which its
    words last changed. It stands on the page of its book and follows that: a corrected title shows here, and
    the book's page "What was changed" says who edited it. Its horizon never falls because others edit the
    book: see Writing.
    """

    __tablename__ = "review"
    __table_args__ = (
        Index(
            "uq_review_member_id_book_id",
            "member_id",
            "book_id",
            unique=True,
            # A deleted review must not prevent a new one.
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        UniqueConstraint("member_id", "submission"),
        Index("ix_review_book_id_id", "book_id", "id"),
        Index("ix_review_created_at_id", "created_at", "id"),
        CheckConstraint("horizon BETWEEN 0 AND 10000", name="horizon"),
        # No code can show a review to more readers than its author chose: the database refuses it.
        CheckConstraint("own_horizon BETWEEN 0 AND horizon", name="own_horizon"),
        CheckConstraint("lifted_horizon BETWEEN 0 AND horizon", name="lifted_horizon"),
    )
    pictures_of = ("review", "id")

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"))
    # No review is without a thread, whose row is what writers below it lock.
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), unique=True)
    title: Mapped[str] = mapped_column(PublicText(MAX_TITLE))
    summary: Mapped[str] = mapped_column(PublicText(MAX_SUMMARY), default="")
    became_id: Mapped[int | None]

    book: Mapped[Book] = relationship(lazy="raise")
    member: Mapped[Member] = relationship(lazy="raise", foreign_keys="Review.member_id")
    thread: Mapped[Thread] = relationship(lazy="raise")


class ReviewRevision(Prosaic, Base):
    """The former words of an edited review, under the greater of its own and the present horizon."""

    __tablename__ = "review_revision"
    pictures_of = ("review", "review_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), index=True)
    # These are public words like those of the review, and come out with their spoilers hidden.
    title: Mapped[str] = mapped_column(PublicText(MAX_TITLE))
    summary: Mapped[str] = mapped_column(PublicText(MAX_SUMMARY))
    horizon: Mapped[int]
    replaced_at: Mapped[datetime] = mapped_column(default=utcnow)

    review: Mapped[Review] = relationship(lazy="raise")


class ReviewDraft(Base):
    """Words about a book that only their author sees until they publish them as a review.

    There is at most one per member and Book. ``title`` may be empty; ``has_spoilers`` says that the review is
    for those who have finished. ``written_on`` is the day on which it was written elsewhere, if known: the
    review will carry that date. ``submission`` is the key under which it is published, so that publishing it
    twice makes one review.
    """

    __tablename__ = "review_draft"
    __table_args__ = (UniqueConstraint("member_id", "book_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"))
    # Only the author reads a draft, so nothing in it is hidden.
    title: Mapped[str] = mapped_column(String(MAX_TITLE), default="")
    summary: Mapped[str] = mapped_column(String(MAX_SUMMARY), default="")
    body: Mapped[str] = mapped_column(Text)
    has_spoilers: Mapped[bool] = mapped_column(default=False)
    written_on: Mapped[date | None]
    submission: Mapped[str] = mapped_column(String(64), default=secrets.token_urlsafe)
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)

    book: Mapped[Book] = relationship(lazy="raise")
