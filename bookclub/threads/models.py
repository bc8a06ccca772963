"""Threads, the comments in them, and what all writing has in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..books.models import Book
from ..extensions import Base, utcnow
from ..lib.text.markdown import RENDERER_VERSION, Prose
from ..members.models import Member
from ..text_columns import PublicText, Rendered, rendered_again, stored_html
from . import rules

# PostgreSQL compares paths as bytes only when told to; SQLite does so by itself.
Path = String(rules.MAX_LEVEL * rules.SEGMENT).with_variant(
    String(rules.MAX_LEVEL * rules.SEGMENT, collation="C"), "postgresql"
)


class Thread(Base):
    """A conversation: titled, on a book or a round, or without a title of its own under a review or an ask.

    One that is ``of_ask`` or ``of_round`` is for members only. ``floor`` is the least that anything in it
    gives away. ``comment_count`` counts the comments that still have their words. ``became_id`` is the thread
    in which its comments are now, since its review became a part of another one.
    """

    __tablename__ = "thread"
    __table_args__ = (
        Index("ix_thread_book_id_id", "book_id", "id"),
        CheckConstraint("floor BETWEEN 0 AND 10000", name="floor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int | None] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    title: Mapped[str | None] = mapped_column(PublicText(rules.MAX_TITLE))
    floor: Mapped[int] = mapped_column(default=0)
    of_ask: Mapped[bool] = mapped_column(default=False)
    of_round: Mapped[bool] = mapped_column(default=False)
    comment_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    locked_at: Mapped[datetime | None]
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    lock_reason: Mapped[str | None] = mapped_column(PublicText(500))
    became_id: Mapped[int | None]

    book: Mapped[Book | None] = relationship(lazy="raise")
    member: Mapped[Member] = relationship(lazy="raise", foreign_keys=[member_id])
    locked_by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[locked_by_id])

    @property
    def is_for_members(self) -> bool:
        """Whether visitors of a public club, too, are kept out."""
        return self.of_ask or self.of_round

    def lock(self, moderator_id: int, reason: str | None, now: datetime) -> None:
        self.locked_at, self.locked_by_id, self.lock_reason = now, moderator_id, reason

    def unlock(self) -> None:
        self.locked_at = self.locked_by_id = self.lock_reason = None


@dataclass(frozen=True)
class Wording:
    """What somebody typed: the source, what became of it, and what it gives away.

    ``choice`` is the horizon as it was chosen, and ``horizon`` the position which that means.
    """

    body: str
    prose: Prose
    choice: str
    horizon: int


class Prosaic(Rendered):
    """A text with what it was rendered to, in full and with its spoilers closed."""

    body: Mapped[str] = mapped_column(Text)
    _body_html: Mapped[str] = mapped_column("body_html", Text)
    body_html = stored_html("body_html", source="body", part="html", with_mentions=True)
    _safe_html: Mapped[str] = mapped_column("safe_html", Text)
    safe_html = stored_html("safe_html", source="body", with_mentions=True)
    has_spoilers: Mapped[bool] = mapped_column(default=False)

    @property
    def prose(self) -> Prose:
        """The rendered text, by the present renderer."""
        if self.renderer_version == RENDERER_VERSION:
            return Prose(self._body_html, self._safe_html, self.has_spoilers)
        return rendered_again(self.body, with_mentions=True)

    @prose.setter
    def prose(self, prose: Prose) -> None:
        self.body_html, self.safe_html, self.has_spoilers = prose.html, prose.safe_html, prose.has_spoilers


class Writing(Prosaic):
    """The columns of what a member wrote, be it a comment or a review.

    ``own_horizon`` is what its author chose, ``lifted_horizon`` what readers reported that it gives away
    (0 where nobody did, or where that was decided against), and ``horizon`` the one in force.

    A choice that names a section (``section-7``) follows its end when others edit the chapters, forwards
    and never back, and so does "mine" with its author: no edit of a book opens somebody's words to those who
    were kept out of them. Saving the post again brings it down to where the section ends by now.

    ``submission`` is the key of the form that made it, so that a form sent twice makes one post.
    """

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    horizon_choice: Mapped[str] = mapped_column(String(20))
    own_horizon: Mapped[int]
    lifted_horizon: Mapped[int] = mapped_column(default=0)
    horizon: Mapped[int]
    submission: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    removal_reason: Mapped[str | None] = mapped_column(PublicText(500))

    @property
    def is_gone(self) -> bool:
        """Whether its words were taken away, by its author or by a moderator."""
        return self.deleted_at is not None

    @property
    def withdrawn(self) -> bool:
        """Return whether its own author took its words away."""
        return self.is_gone and self.removed_by_id is None

    def write(self, words: Wording) -> None:
        """Take these words, in place of what was there."""
        self.body, self.horizon_choice, self.prose = words.body, words.choice, words.prose

    def wipe(self, now: datetime, moderator_id: int | None, reason: str | None) -> None:
        """Lose the words for good: by the author's wish, or a moderator's, who says why."""
        self.body, self.prose = "", Prose("", "", has_spoilers=False)
        self.deleted_at, self.removed_by_id, self.removal_reason = now, moderator_id, reason


class Comment(Writing, Base):
    """One post in a thread. ``path`` orders the tree."""

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("member_id", "submission"),
        Index("ix_comment_thread_id_path", "thread_id", "path"),
        # All that counting needs, so that no row need be read for it.
        Index("ix_comment_count", "thread_id", "deleted_at", "horizon", "member_id"),
        Index("ix_comment_created_at_id", "created_at", "id"),
        Index("ix_comment_parent_id", "parent_id"),
        CheckConstraint("own_horizon BETWEEN 0 AND 10000", name="own_horizon"),
        CheckConstraint("horizon BETWEEN own_horizon AND 10000", name="horizon"),
        CheckConstraint("lifted_horizon BETWEEN 0 AND horizon", name="lifted_horizon"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    path: Mapped[str] = mapped_column(Path, default="")

    thread: Mapped[Thread] = relationship(lazy="raise")
    parent: Mapped[Comment | None] = relationship(lazy="raise", remote_side=[id])
    member: Mapped[Member] = relationship(lazy="raise", foreign_keys="Comment.member_id")

    @property
    def level(self) -> int:
        return rules.level_of(self.path)


class ThreadVisit(Base):
    """How far a member had read in a thread's book when they last saw the thread.

    What lay ahead of them then and does not any more is new to them.
    """

    __tablename__ = "thread_visit"
    __table_args__ = (CheckConstraint("mark BETWEEN 0 AND 10000", name="mark"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(
        ForeignKey("thread.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    mark: Mapped[int]
