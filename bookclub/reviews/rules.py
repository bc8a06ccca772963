"""Rules for reviews and drafts: size limits, rows as one reader sees them, publication."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from ..lib.positions.places import END, START
from ..lib.text.dates import date_text
from ..lib.text.messages import gettext as _
from ..lib.text.messages import list_text, ngettext
from ..lib.text.spoilers import PLACEHOLDER
from ..threads.rules import CommentCount

MAX_TITLE = 150
MAX_BODY = 100_000
# The list of drafts shows this many characters of each.
GLIMPSE = 300


@dataclass(frozen=True)
class ReviewRow:
    """A review as one reader sees it. ``html`` is None if it is locked, gone or not asked for.

    ``rating`` is its author's, in half stars: it belongs to the reading, and the review only shows it.
    ``is_unlocked`` is set if the reader's own progress has opened its body since they last looked.
    ``is_revealed`` is set if it lies ahead of the reader and is shown this once, on purpose.
    """

    id: int
    book_id: int
    book_slug: str
    book_title: str
    thread_id: int
    member_id: int
    author: str
    username: str | None
    title: str
    summary: str
    horizon: int
    rating: int | None
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    removed_by_id: int | None
    removal_reason: str | None
    readable: bool
    html: str | None
    is_mine: bool
    is_new: bool
    is_unlocked: bool = False
    is_revealed: bool = False

    @property
    def bars_closed(self) -> bool:
        """Return whether spoilers in its body are hidden from this reader."""
        return PLACEHOLDER in (self.html or "")

    @property
    def is_gone(self) -> bool:
        return self.deleted_at is not None

    @property
    def locked(self) -> bool:
        """Return whether its body lies ahead of the reader. A review without words locks nothing."""
        return not self.readable and not self.is_gone


@dataclass(frozen=True)
class ReviewEntry:
    """A review in a list, with what this reader may see of its thread."""

    review: ReviewRow
    count: CommentCount


@dataclass(frozen=True)
class RevisionRow:
    """A former version of a review as one reader sees it; ``html`` is None if that is locked."""

    title: str
    summary: str
    horizon: int
    replaced_at: datetime
    html: str | None


@dataclass(frozen=True)
class Mine:
    """The ids of a member's own review of a book and of their draft of one."""

    review_id: int | None = None
    draft_id: int | None = None


@dataclass(frozen=True)
class DraftRow:
    """A draft as its author sees it, and as it will be published.

    ``review_id`` is the author's existing review of the book, if any. ``mark`` is their mark in the book, or
    None if they never said.
    """

    id: int
    book_id: int
    book_slug: str
    book_title: str
    title: str
    summary: str
    body: str
    has_spoilers: bool
    written_on: date | None
    submission: str
    review_id: int | None
    mark: int | None

    @property
    def choice(self) -> str | None:
        """The horizon choice of a composer: up to the author's place, or all of the book.

        None if the place is unknown, so that the author has to say.
        """
        # Somebody who has finished may give away all of it, even where they do not think of spoilers.
        if self.has_spoilers or self.mark == END:
            return "finished"
        return None if self.mark is None else "mine"

    @property
    def horizon(self) -> int:
        return END if self.choice == "finished" else self.mark or START

    @property
    def heading(self) -> str:
        """The title that the published review will have."""
        return title_of(self.title, self.book_title)

    @property
    def written(self) -> str:
        """The day on which it was written, in words, or "" if unknown."""
        return date_text(self.written_on) if self.written_on else ""

    @property
    def parts(self) -> tuple[str, str]:
        """The body in two parts: enough to recognise it, and the rest, or "" if the body is short."""
        # A rest that is shorter than the excerpt is not worth folding away.
        if len(self.body) <= 2 * GLIMPSE:
            return self.body, ""
        # The cut is at the end of a line, or else of a word, in the second half of the excerpt.
        ends = (self.body.rfind(end, GLIMPSE // 2, GLIMPSE) for end in "\n ")
        cut = next((end for end in ends if end > 0), GLIMPSE)
        return self.body[:cut].rstrip(), self.body[cut:].lstrip("\n")

    @property
    def can_be_published(self) -> bool:
        """Return whether it can be published without further questions to its author."""
        return self.review_id is None and self.choice is not None

    def published_at(self, now: datetime) -> datetime:
        """Return the date of the review: noon of the day of writing if that is known, otherwise now.

        It is never in the future.
        """
        if self.written_on is None:
            return now
        # Noon in UTC is the same day in nearly all time zones.
        return min(datetime.combine(self.written_on, time(12), UTC), now)


def title_of(title: str, book_title: str) -> str:
    """Return the title of a review: its own, or one made from the book, never from the review's words."""
    # A title is safe for everybody, which nobody has checked for the first words of a text.
    return title or _("Review of %(title)s", title=book_title)[:MAX_TITLE].rstrip()


@dataclass(frozen=True)
class Unlocked:
    """Counts of the posts on a book that a reader's progress has opened, and the first of each kind.

    The first is the one with the lowest horizon; of two with the same horizon, the older one.
    """

    comments: int = 0
    reviews: int = 0
    first_comment_id: int | None = None
    first_review_id: int | None = None
    passages: int = 0

    def __bool__(self) -> bool:
        return bool(self.comments or self.reviews or self.passages)

    def say(self) -> str:
        """Return "7 comments unlocked", "1 review and 7 comments unlocked", or "" if there are none."""
        if self.passages:
            return self._say_with_passages()
        reviews = ngettext("%(num)s review", "%(num)s reviews", self.reviews)
        comments = ngettext("%(num)s comment", "%(num)s comments", self.comments)
        if self.reviews and self.comments:
            return _("%(reviews)s and %(comments)s unlocked", reviews=reviews, comments=comments)
        if self.reviews:
            return ngettext("%(num)s review unlocked", "%(num)s reviews unlocked", self.reviews)
        if self.comments:
            return ngettext("%(num)s comment unlocked", "%(num)s comments unlocked", self.comments)
        return ""

    def _say_with_passages(self) -> str:
        passages = ngettext("%(num)s passage", "%(num)s passages", self.passages)
        if not (self.comments or self.reviews):
            return ngettext("%(num)s passage unlocked", "%(num)s passages unlocked", self.passages)
        reviews = ngettext("%(num)s review", "%(num)s reviews", self.reviews)
        comments = ngettext("%(num)s comment", "%(num)s comments", self.comments)
        posts = [reviews] * bool(self.reviews) + [comments] * bool(self.comments) + [passages]
        return _("%(posts)s unlocked", posts=list_text(posts))
