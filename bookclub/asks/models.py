"""Asks, answers, endorsements, and what a member does not want to be recommended."""

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

# Not taken away, and not said twice since two books became one.
STANDS = text("deleted_at IS NULL AND NOT is_joined")


class Withdrawable:
    """The columns of words that their author can take away for good, or a moderator, who says why."""

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    deleted_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    removal_reason: Mapped[str | None] = mapped_column(PublicText(500))

    @property
    def is_gone(self) -> bool:
        """Whether its words were taken away, by its author or by a moderator."""
        return self.deleted_at is not None

    def withdraw(self, now: datetime, moderator_id: int | None, reason: str | None) -> None:
        self.deleted_at, self.removed_by_id, self.removal_reason = now, moderator_id, reason


class Ask(Withdrawable, Base):
    """A member asks what to read, about an author, a book, a theme (a tag) or nothing in particular.

    The question is safe for everybody, and fixed; the book or author that it is about is the living one,
    which is what a reader wants to be led to. ``search_key`` is what a search goes through: the question and
    what it is about, folded. ``submission`` is the mark of the form that made it, so that a form sent
    twice makes one ask. Its thread's book is the ask's.
    """

    __tablename__ = "ask"
    __table_args__ = (
        UniqueConstraint("member_id", "submission"),
        CheckConstraint(
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
        """Lose the words; answers and talk stay."""
        self.question = self.search_key = ""
        self.withdraw(now, moderator_id, reason)


class Answer(Withdrawable, Base):
    """A book that a member proposes to whoever asked, and why. ``taken_at`` is when the asker took it.

    A member names a book once; one that they took back, or that was removed, they may name again.
    It follows its book, whose corrected title shows everywhere; ``named_as`` is the label that it had then,
    and stands beside another one. The reason is fixed. ``is_joined``: they named another book like it.
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
    is_joined: Mapped[bool] = mapped_column(default=False, server_default=false())

    # An answer is always loaded with its ask, which then needs no statement to be found.
    ask: Mapped[Ask] = relationship(lazy="raise_on_sql")
    book: Mapped[Book] = relationship(lazy="raise")
    member: Mapped[Member] = relationship(lazy="raise", foreign_keys="Answer.member_id")

    @property
    def asker_id(self) -> int:
        """Whom it answers."""
        return self.ask.member_id

    def wipe(self, now: datetime, moderator_id: int | None = None, reason: str | None = None) -> None:
        """Lose the reason, and with it the advice."""
        self.reason, self.named_as = "", None
        self.withdraw(now, moderator_id, reason)


class AnswerEndorsement(Base):
    """A member says that they would answer the same.

    The reason is fixed, and what the book was called then stands beside the answer; nothing is kept here.
    """

    __tablename__ = "answer_endorsement"

    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    endorsed_at: Mapped[datetime] = mapped_column(default=utcnow)


class Endorsement(Withdrawable, Base):
    """ "If you loved this book, read the other one", and why. The reason is safe for everybody.

    A member says so once of two books; what they took back, or what was removed, they may say again.
    It follows both books; the labels that they had when it was said stand beside others, and the reason is
    fixed. ``is_joined`` where they had said so of two books that became one: both stay.
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
        """Lose the reason, and with it the advice."""
        self.reason, self.book_named_as, self.other_named_as = "", None, None
        self.withdraw(now, moderator_id, reason)
