"""Rules for questions: who is known to care about one, their order, and when a meeting takes no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ..lib.positions.visibility import Viewer
from ..lib.text.messages import gettext as _
from ..lib.text.messages import ngettext, number_text
from ..lib.text.spoilers import PLACEHOLDER
from ..reactions.rules import is_shown

LONGEST_QUESTION = 10_000


@dataclass(frozen=True)
class SupportRow:
    """A member who cares about a question, and whether their reading of its book is private."""

    question_id: int
    member_id: int
    name: str
    is_private: bool


@dataclass(frozen=True)
class QuestionRow:
    """A question as one reader sees it. ``html`` is None if it is locked or its words are gone.

    ``member_id`` and ``author`` wrote its words; ``put_by_id`` and ``put_by`` put it on the agenda, which is
    somebody else where it stands for a comment or a passage. ``horizon`` and the book are those of its words.
    ``quotation`` is from the book, where it stands for a passage, and ``html`` then the note on it.
    """

    id: int
    meeting_id: int
    comment_id: int | None
    member_id: int
    author: str
    username: str | None
    put_by_id: int
    put_by: str
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    removed_by_id: int | None
    removal_reason: str | None
    horizon: int
    html: str | None
    is_mine: bool
    book_id: int | None
    book_title: str | None
    book_slug: str | None
    is_revealed: bool = False
    passage_id: int | None = None
    quotation: str | None = None

    @property
    def is_gone(self) -> bool:
        return self.deleted_at is not None

    @property
    def is_reference(self) -> bool:
        """Return whether it stands for a comment or a passage."""
        return self.comment_id is not None or self.passage_id is not None

    @property
    def locked(self) -> bool:
        """Return whether its words lie ahead of the reader. A question without words locks nothing."""
        return self.html is None and not self.is_gone

    @property
    def bars_closed(self) -> bool:
        """Return whether spoilers in it are hidden from this reader."""
        return PLACEHOLDER in (self.html or "")


@dataclass(frozen=True)
class AgendaEntry:
    """A question on an agenda, with the members who care about it, as far as this reader may know.

    ``is_supported`` says that the reader is among them.
    """

    question: QuestionRow
    names: Sequence[str] = field(default=())
    is_supported: bool = False

    @property
    def count(self) -> int:
        return len(self.names)


def entries_of(
    questions: Iterable[QuestionRow], supports: Iterable[SupportRow], viewer: Viewer
) -> list[AgendaEntry]:
    """Return questions in the order of an agenda: most cared about first, then the oldest.

    Who cares about a question has read so far. Where it gives something away, a member whose reading of its
    book is private is neither named nor counted to others, nor does the order tell of them. A question that a
    moderator removed stands at the end, with the reason.
    """
    caring: dict[int, list[SupportRow]] = {}
    for support in supports:
        caring.setdefault(support.question_id, []).append(support)
    entries = []
    for question in questions:
        shown = [one for one in caring.get(question.id, ()) if is_shown(one, question.horizon, viewer)]
        is_supported = any(one.member_id == viewer.id for one in shown)
        entries.append(AgendaEntry(question, tuple(one.name for one in shown), is_supported))
    return sorted(entries, key=lambda entry: (entry.question.is_gone, -entry.count, entry.question.id))


def lateness_problem(ends_at: datetime, now: datetime) -> str | None:
    """Return why a meeting takes no more questions, or None. It does until it is over."""
    return None if now < ends_at else _("The meeting is over: nothing can be put on its agenda any more.")


@dataclass(frozen=True)
class OpenCount:
    """The number of open questions about a book, and of those that this reader may see."""

    total: int = 0
    here: int = 0

    def say(self) -> str:
        """Return "4 open questions", or "9 open questions: 4 here, 5 ahead of you" if some are locked."""
        if self.here >= self.total:
            return ngettext("%(num)s open question", "%(num)s open questions", self.total)
        here, ahead = number_text(self.here), number_text(self.total - self.here)
        return ngettext(
            "%(num)s open question: %(here)s here, %(ahead)s ahead of you",
            "%(num)s open questions: %(here)s here, %(ahead)s ahead of you",
            self.total, here=here, ahead=ahead,
        )  # fmt: skip
