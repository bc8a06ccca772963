"""Asks, answers, and endorsements of answers and books."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..books.models import Author, Book, Tag
from ..extensions import Base, utcnow
from ..members.models import Member
from ..text_columns import PublicText
from ..threads.models import Thread
from .rules import LONGEST_QUESTION, LONGEST_REASON

# Only one such row may exist. Deleted rows are exempt, since the member may say it again, and so are rows
# that became duplicates when two books were merged.
STANDS = text("deleted_at IS NULL AND NOT is_joined")


class Withdrawable:
    """Columns of a text that its author can delete for good, or a moderator with a reason."""

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    deleted_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    removal_reason: Mapped[str | None] = mapped_column(PublicText(500))

    @property
    def is_gone(self) -> bool:
        return self.deleted_at is not None

    def withdraw(self, now: datetime, moderator_id: int | None, reason: str | None) -> None:
        self.deleted_at, self.removed_by_id, self.removal_reason = now, moderator_id, reason


class Ask(Withdrawable, Base):
    """A member's question what to read, about an author, a book, a theme (a tag) or nothing in particular.

    The question is safe for everybody, and fixed. It follows the book or author that it is about, which is
    where a reader wants to go. ``search_key`` is the text that a search goes through: the question and its
    scope, folded. ``submission`` is the mark of the form that made it, so that a form sent twice makes one
    ask. Its thread's book is the ask's.
    """

    __tablename__ = "ask"
    __table_args__ = (
        # Asks without a mark are never equal, as NULL equals nothing.
        UniqueConstraint("member_id", "submission"),
        CheckConstraint(
            # At most one of the three is set.
            "(author_id IS NULL OR book_id IS NULL) AND (author_id IS NULL OR tag_id IS NULL)"
            " AND (book_id IS NULL OR tag_id IS NULL)",
            name="one_scope",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(PublicText(LONGEST_QUESTION))
    search_key: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("author.id", ondelete="SET NULL"), index=True)
    book_id: Mapped[int | None] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), index=True)
    tag_id: Mapped[int | None] = mapped_column(ForeignKey("tag.id", ondelete="SET NULL"), index=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), unique=True)
    asked_at: Mapped[datetime] = mapped_column(default=utcnow)
    submission: Mapped[str | None] = mapped_column(String(64))

    member: Mapped[Member] = relationship(lazy="raise", foreign_keys="Ask.member_id")
    author: Mapped[Author | None] = relationship(lazy="raise")
    book: Mapped[Book | None] = relationship(lazy="raise")
    tag: Mapped[Tag | None] = relationship(lazy="raise")
    thread: Mapped[Thread] = relationship(lazy="raise")

    def wipe(self, now: datetime, moderator_id: int | None = None, reason: str | None = None) -> None:
        """Delete the words; answers and talk stay."""
        # The search key repeats the question.
        self.question = self.search_key = ""
        self.withdraw(now, moderator_id, reason)


class Answer(Withdrawable, Base):
    """A book that a member proposes to the asker, and why. ``taken_at`` is when the asker took it.

    A member names a book once per ask; if they deleted that answer, or it was removed, they may name it
    again. It follows its book, whose corrected title shows everywhere; ``named_as`` is the label that the
    book had then, and is shown beside a different one. The reason is fixed. ``is_joined``: two of the
    member's answers became one book in a merger.
    """

    __tablename__ = "answer"
    __table_args__ = (
        Index(
            "uq_answer_ask_id_member_id_book_id",
            "ask_id",
            "member_id",
            "book_id",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ask_id: Mapped[int] = mapped_column(ForeignKey("ask.id", ondelete="CASCADE"), index=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(PublicText(LONGEST_REASON))
    named_as: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    answered_at: Mapped[datetime] = mapped_column(default=utcnow)
    taken_at: Mapped[datetime | None]
    # While a migration adds this column, the release before goes on inserting rows without it.
    is_joined: Mapped[bool] = mapped_column(default=False, server_default=false())

    # An answer is always loaded with its ask, which then needs no statement to be found.
    ask: Mapped[Ask] = relationship(lazy="raise_on_sql")
    book: Mapped[Book] = relationship(lazy="raise")
    member: Mapped[Member] = relationship(lazy="raise", foreign_keys="Answer.member_id")

    @property
    def asker_id(self) -> int:
        return self.ask.member_id

    def wipe(self, now: datetime, moderator_id: int | None = None, reason: str | None = None) -> None:
        """Delete the reason, and with it the advice."""
        # The label says which book was meant, so it goes with the reason.
        self.reason, self.named_as = "", None
        self.withdraw(now, moderator_id, reason)


class AnswerEndorsement(Base):
    """A member's statement that they would answer the same.

    The answer keeps its fixed reason and the book's label of that time, so nothing is stored here.
    """

    __tablename__ = "answer_endorsement"

    # The two form the key, which refuses a second endorsement by the same member.
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    endorsed_at: Mapped[datetime] = mapped_column(default=utcnow)


class Endorsement(Withdrawable, Base):
    """ "If you loved this book, read the other one", and why. The reason is safe for everybody.

    A member recommends one book to readers of another once; if they deleted that, or it was removed, they may
    say it again. It follows both books; their labels of that time are shown beside different ones, and the
    reason is fixed. ``is_joined``: two such endorsements became one in a merger of books, and both stay.
    """

    __tablename__ = "endorsement"
    __table_args__ = (
        Index(
            "uq_endorsement_member_id_book_id_other_id",
            "member_id",
            "book_id",
            "other_id",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        CheckConstraint("book_id <> other_id", name="other"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(PublicText(LONGEST_REASON))
    book_named_as: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    other_named_as: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    endorsed_at: Mapped[datetime] = mapped_column(default=utcnow)
    is_joined: Mapped[bool] = mapped_column(default=False, server_default=false())

    book: Mapped[Book] = relationship(lazy="raise", foreign_keys=[book_id])
    other: Mapped[Book] = relationship(lazy="raise", foreign_keys=[other_id])
    member: Mapped[Member] = relationship(lazy="raise", foreign_keys="Endorsement.member_id")

    def wipe(self, now: datetime, moderator_id: int | None = None, reason: str | None = None) -> None:
        """Delete the reason, and with it the advice."""
        self.reason, self.book_named_as, self.other_named_as = "", None, None
        self.withdraw(now, moderator_id, reason)
