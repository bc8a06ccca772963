"""Models of threads, comments and bookmarks, and the columns that all member writing shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..books.models import Book
from ..extensions import Base, utcnow
from ..lib.text.markdown import RENDERER_VERSION, Prose
from ..members.models import Member
from ..text_columns import PublicText, Rendered, owner_of, rendered_again, stored_html
from . import rules

# PostgreSQL compares paths as bytes only when told to; SQLite does so by itself.
Path = String(rules.MAX_LEVEL * rules.SEGMENT).with_variant(
    String(rules.MAX_LEVEL * rules.SEGMENT, collation="C"), "postgresql"
)


class Thread(Base):
    """A conversation: titled on a book or a round, or untitled under a review or an ask.

    A thread that is ``of_ask``, ``of_round`` or ``of_meeting`` is for members only. ``floor`` is the least
    that any comment in it gives away; in one that is ``of_passage`` it follows the place of that passage.
    ``comment_count`` counts the comments that still have their words.
    ``became_id`` is the thread that its comments were moved to when its review was merged into another one.

    ``latest_comment_id`` and ``latest_comment_at`` are of the newest comment (0: none is known), and no
    comment has a horizon above ``highest_horizon``. Withdrawn comments stay in all three: they are bounds, by
    which the front page passes over threads that hold nothing new for a reader.
    """

    __tablename__ = "thread"
    __table_args__ = (
        # A book lists its threads by id, newest first, a page at a time.
        Index("ix_thread_book_id_id", "book_id", "id"),
        # The front page looks at the threads with the latest comments, of all books and of one.
        Index("ix_thread_latest_comment_id", "latest_comment_id"),
        Index("ix_thread_book_id_latest_comment_id", "book_id", "latest_comment_id"),
        Index(
            "ix_thread_pinned",
            "pinned_at",
            sqlite_where=text("pinned_at IS NOT NULL"),
            postgresql_where=text("pinned_at IS NOT NULL"),
        ),
        CheckConstraint("floor BETWEEN 0 AND 10000", name="floor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int | None] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    title: Mapped[str | None] = mapped_column(PublicText(rules.MAX_TITLE))
    floor: Mapped[int] = mapped_column(default=0)
    of_ask: Mapped[bool] = mapped_column(default=False)
    of_round: Mapped[bool] = mapped_column(default=False)
    of_meeting: Mapped[bool] = mapped_column(default=False, server_default=false())
    of_passage: Mapped[bool] = mapped_column(default=False, server_default=false())
    comment_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    locked_at: Mapped[datetime | None]
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    lock_reason: Mapped[str | None] = mapped_column(PublicText(500))
    became_id: Mapped[int | None]
    pinned_at: Mapped[datetime | None]
    latest_comment_id: Mapped[int] = mapped_column(default=0, server_default="0")
    latest_comment_at: Mapped[datetime | None]
    highest_horizon: Mapped[int] = mapped_column(default=0, server_default="0")

    # Relationships raise instead of loading row by row, so every query must say what it needs.
    book: Mapped[Book | None] = relationship(lazy="raise")
    member: Mapped[Member] = relationship(lazy="raise", foreign_keys=[member_id])
    locked_by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[locked_by_id])

    @property
    def is_for_members(self) -> bool:
        """Return whether visitors of a public club are kept out, too."""
        return self.of_ask or self.of_round or self.of_meeting

    @property
    def follows_opening(self) -> bool:
        """Return whether the floor comes from the opening comment, and not from what it belongs to."""
        return self.title is not None and not self.of_meeting and not self.of_passage

    def note_latest(self, comment: Comment) -> None:
        """Keep the facts about the newest comment, which has just been added."""
        self.latest_comment_id, self.latest_comment_at = comment.id, comment.created_at
        self.highest_horizon = max(self.highest_horizon or 0, comment.horizon)

    def lock(self, moderator_id: int, reason: str | None, now: datetime) -> None:
        self.locked_at, self.locked_by_id, self.lock_reason = now, moderator_id, reason

    def unlock(self) -> None:
        self.locked_at = self.locked_by_id = self.lock_reason = None

    def pin(self, now: datetime) -> None:
        """Put the thread on top of its list, where it stays if it is there already."""
        self.pinned_at = self.pinned_at or now

    def unpin(self) -> None:
        self.pinned_at = None


@dataclass(frozen=True)
class Wording:
    """A member's words: the source, the rendered text, and the horizon.

    ``choice`` is the horizon as it was chosen, and ``horizon`` the position that it means.
    """

    body: str
    prose: Prose
    choice: str
    horizon: int


class Prosaic(Rendered):
    """A text with its rendered HTML, in full and with spoilers closed."""

    body: Mapped[str] = mapped_column(Text)
    # Code reads ``body_html`` and ``safe_html``, which never serve what an older renderer made.
    _body_html: Mapped[str] = mapped_column("body_html", Text)
    body_html = stored_html("body_html", source="body", part="html", with_mentions=True)
    _safe_html: Mapped[str] = mapped_column("safe_html", Text)
    safe_html = stored_html("safe_html", source="body", with_mentions=True)
    has_spoilers: Mapped[bool] = mapped_column(default=False)

    @property
    def prose(self) -> Prose:
        """The rendered text, by the current renderer."""
        if self.renderer_version == RENDERER_VERSION:
            return Prose(self._body_html, self._safe_html, self.has_spoilers)
        return rendered_again(self.body, with_mentions=True, owner=owner_of(self))

    @prose.setter
    def prose(self, prose: Prose) -> None:
        self.body_html, self.safe_html, self.has_spoilers = prose.html, prose.safe_html, prose.has_spoilers


class Writing(Prosaic):
    """The columns that comments and reviews share.

    ``own_horizon`` is the author's choice. ``lifted_horizon`` is what readers reported, or 0 if nobody did or
    a decision rejected it. ``horizon`` is the one in force.

    A choice that names a section (``section-7``) follows the end of that section when others edit the
    chapters, forwards and never back, and so does "mine" with its author: no edit of a book opens words to
    readers who were kept out of them. Saving the post again lowers the horizon to where the section now ends.

    ``submission`` is the key of the form that made the post, so that a form sent twice makes one post.
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
        """Return whether its author deleted its words or a moderator removed them."""
        return self.deleted_at is not None

    @property
    def withdrawn(self) -> bool:
        """Return whether its own author deleted its words."""
        return self.is_gone and self.removed_by_id is None

    def write(self, words: Wording) -> None:
        """Replace the text with these words."""
        self.body, self.horizon_choice, self.prose = words.body, words.choice, words.prose

    def wipe(self, now: datetime, moderator_id: int | None, reason: str | None) -> None:
        """Delete the words for good, at the author's wish or by a moderator, who gives a reason."""
        self.body, self.prose = "", Prose("", "", has_spoilers=False)
        self.deleted_at, self.removed_by_id, self.removal_reason = now, moderator_id, reason


class Comment(Writing, Base):
    """One post in a thread. ``path`` orders the tree.

    ``open_question_at`` is when its author said that they would like to discuss it when the club meets.
    """

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("member_id", "submission"),
        Index("ix_comment_thread_id_path", "thread_id", "path"),
        # What is newer than a bookmark is a range in this one.
        Index("ix_comment_thread_id_id", "thread_id", "id"),
        # The index contains everything that counting needs, so no row has to be read for it.
        Index("ix_comment_count", "thread_id", "deleted_at", "horizon", "member_id"),
        Index("ix_comment_created_at_id", "created_at", "id"),
        Index("ix_comment_parent_id", "parent_id"),
        # The page of a book counts the open questions among its conversations.
        Index(
            "ix_comment_open_question",
            "thread_id",
            sqlite_where=text("open_question_at IS NOT NULL"),
            postgresql_where=text("open_question_at IS NOT NULL"),
        ),
        CheckConstraint("own_horizon BETWEEN 0 AND 10000", name="own_horizon"),
        # No code can show a comment to more readers than its author chose: the database refuses it.
        CheckConstraint("horizon BETWEEN own_horizon AND 10000", name="horizon"),
        CheckConstraint("lifted_horizon BETWEEN 0 AND horizon", name="lifted_horizon"),
    )
    pictures_of = ("comment", "id")

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"))
    # A comment is emptied and never deleted, so the reply keeps what it answers.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    path: Mapped[str] = mapped_column(Path, default="")
    open_question_at: Mapped[datetime | None]

    thread: Mapped[Thread] = relationship(lazy="raise")
    parent: Mapped[Comment | None] = relationship(lazy="raise", remote_side=[id])
    member: Mapped[Member] = relationship(lazy="raise", foreign_keys="Comment.member_id")

    @property
    def level(self) -> int:
        return rules.level_of(self.path)

    def open_question(self, now: datetime) -> None:
        """Mark the comment as a question to discuss; one that is marked keeps its time."""
        self.open_question_at = self.open_question_at or now

    def close_question(self) -> None:
        self.open_question_at = None


class Bookmark(Base):
    """A member's place in a thread: the newest comment they have seen, and their mark in its book then.

    A visible comment is unread if it is newer, or if it was unlocked since. ``comment_id`` is None if only
    the mark is known; then comments count from Member.caught_up_at on, as in a thread without a bookmark.
    ``moved_at`` is when the bookmark last moved.
    """

    # The release before writes to the table under this name while the next one starts.
    __tablename__ = "thread_visit"
    __table_args__ = (CheckConstraint("mark BETWEEN 0 AND 10000", name="mark"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(
        ForeignKey("thread.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    mark: Mapped[int]
    # No foreign key: the number stays a place in the thread when its comment goes.
    comment_id: Mapped[int | None]
    moved_at: Mapped[datetime | None]


class Subscription(Base):
    """A member's wish to hear of every new comment in a thread ("followed"), or of none ("muted")."""

    __tablename__ = "thread_subscription"
    # A tuple of strings, printed by Python, is a list in SQL.
    __table_args__ = (CheckConstraint(f"state IN {rules.SUBSCRIPTIONS}", name="state"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(
        ForeignKey("thread.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    state: Mapped[str] = mapped_column(String(8))
    since_at: Mapped[datetime] = mapped_column(default=utcnow)
