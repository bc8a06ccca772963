"""Tables of the questions of a meeting, and of the members who care about them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..books.models import Book
from ..extensions import Base, utcnow
from ..lib.positions.places import END
from ..lib.text.markdown import Prose
from ..meetings.models import Meeting
from ..members.models import Member
from ..passages.models import Passage
from ..threads.models import Comment, Writing


class Question(Writing, Base):
    """Something to talk about at a meeting: words with a book and a horizon, or a comment or passage.

    A question without a book is safe for everybody. A reference (``comment_id`` or ``passage_id``) has no
    words and no book of its own: it is shown, locked and gone as its post is. Its own horizon is the end, so
    whatever read that instead of the post's would show nothing.
    """

    __tablename__ = "question"
    __table_args__ = (
        # A form that is sent twice makes one question, and a post stands on an agenda once.
        UniqueConstraint("member_id", "submission"),
        UniqueConstraint("meeting_id", "comment_id"),
        UniqueConstraint("meeting_id", "passage_id"),
        Index("ix_question_book_id_id", "book_id", "id"),
        Index("ix_question_comment_id", "comment_id"),
        Index("ix_question_passage_id", "passage_id"),
        CheckConstraint("own_horizon BETWEEN 0 AND 10000", name="own_horizon"),
        # No code can show a question to more readers than its author chose: the database refuses it.
        CheckConstraint("horizon BETWEEN own_horizon AND 10000", name="horizon"),
        CheckConstraint("lifted_horizon BETWEEN 0 AND horizon", name="lifted_horizon"),
        CheckConstraint(
            "(comment_id IS NULL AND passage_id IS NULL)"
            " OR (book_id IS NULL AND own_horizon = 10000 AND body = '')",
            name="reference",
        ),
        CheckConstraint("comment_id IS NULL OR passage_id IS NULL", name="one_reference"),
        # Where there is no book, nobody has read anything that a horizon could count.
        CheckConstraint(
            "book_id IS NOT NULL OR comment_id IS NOT NULL OR passage_id IS NOT NULL OR horizon = 0",
            name="no_book",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    book_id: Mapped[int | None] = mapped_column(ForeignKey("book.id"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    passage_id: Mapped[int | None] = mapped_column(ForeignKey("passage.id", ondelete="CASCADE"))

    meeting: Mapped[Meeting] = relationship(lazy="raise")
    book: Mapped[Book | None] = relationship(lazy="raise")
    comment: Mapped[Comment | None] = relationship(lazy="raise")
    passage: Mapped[Passage | None] = relationship(lazy="raise")
    member: Mapped[Member] = relationship(lazy="raise", foreign_keys="Question.member_id")

    @property
    def put_by_id(self) -> int:
        """The member who put it on the agenda."""
        return self.member_id

    @property
    def is_reference(self) -> bool:
        """Return whether it stands for a comment or a passage."""
        return self.comment_id is not None or self.passage_id is not None

    def refer_to(self, *, comment_id: int | None = None, passage_id: int | None = None) -> None:
        """Stand for a comment or a passage, without any words or horizon of its own."""
        self.comment_id, self.passage_id = comment_id, passage_id
        self.body, self.prose = "", Prose("", "", has_spoilers=False)
        self.horizon_choice, self.own_horizon, self.horizon = "finished", END, END


class QuestionSupport(Base):
    """A member who cares about a question. It goes when its member leaves."""

    __tablename__ = "question_support"

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    supported_at: Mapped[datetime] = mapped_column(default=utcnow)
