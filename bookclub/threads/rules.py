"""Rules for threads: texts for locked and counted comments, paths in the tree, size limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..lib.positions.contents import NO_CONTENTS, Contents, span_text
from ..lib.text.bidi import isolated
from ..lib.text.cursors import row_ids_from
from ..lib.text.messages import gettext as _
from ..lib.text.messages import list_text, ngettext, number_text
from ..lib.text.spoilers import PLACEHOLDER


def say_locked(
    authors: Sequence[str],
    horizons: Sequence[int] | None,
    contents: Contents = NO_CONTENTS,
    *,
    author_ids: Sequence[int] | None = None,
) -> str:
    """Return who wrote ahead of the reader, and how far: "Bob, up to 45 %.".

    For several posts in a row it is "3 replies by Bob and Carol, chapters 9 to 12."

    ``horizons`` is None for a visitor, who learns no position. ``author_ids`` distinguish authors with the
    same name, such as two former members. Those are counted as "people", since not all of them need be
    members.
    """
    who = names_text(authors, author_ids)
    place = _("later in the book") if horizons is None else span_text(horizons, contents)
    if len(authors) == 1:
        return _("%(name)s, %(place)s.", name=who, place=place)
    return ngettext(
        "%(num)s reply by %(names)s, %(place)s.",
        "%(num)s replies by %(names)s, %(place)s.",
        len(authors),
        names=who,
        place=place,
    )


def names_text(authors: Sequence[str], author_ids: Sequence[int] | None = None) -> str:
    """Return the names of the authors of several posts, or how many people they are."""
    # A dictionary keeps the first place of each author, so names stand in the order of the posts.
    names = list(dict(zip(author_ids or authors, map(isolated, authors), strict=True)).values())
    is_few = len(names) <= 3 and len(set(names)) == len(names)
    return list_text(names) if is_few else ngettext("%(num)s person", "%(num)s people", len(names))


# A member follows a thread or mutes it; otherwise they hear of replies and mentions alone.
SUBSCRIPTIONS = ("followed", "muted")

MAX_BODY = 20_000
MAX_TITLE = 150
PAGE_SIZE = 200

# A bookmark in a thread moves at most this often, since a GET writes it.
BOOKMARK_EVERY = timedelta(minutes=1)
# More unread comments than this in one thread are counted as "99+".
MOST_UNREAD = 99

# PostgreSQL refuses index rows much longer than this. A deeper reply keeps its parent, and gets a path on
# this level.
MAX_LEVEL = 100
SEGMENT = 6
# The digits are in the order of their bytes, so paths sort as ids do.
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def segment(comment_id: int) -> str:
    """Return an id as six base-62 digits, so that ids and their digits sort alike as bytes.

    Raises OverflowError beyond 62**6 - 1, some 56 thousand million comments.
    """
    if not 0 <= comment_id < len(DIGITS) ** SEGMENT:
        raise OverflowError(f"comment id {comment_id} does not fit into {SEGMENT} base-62 digits")
    digits = ""
    for unused in range(SEGMENT):  # noqa: B007
        comment_id, digit = divmod(comment_id, len(DIGITS))
        digits = DIGITS[digit] + digits
    return digits


def path_of(comment_id: int, parent_path: str) -> str:
    """Return the materialised path of a comment: its ancestors, then itself.

    ``parent_path`` is "" for a comment at the top.
    """
    room = (MAX_LEVEL - 1) * SEGMENT
    # Below the deepest level the path loses its parent, and the reply sorts beside it instead of under it.
    return parent_path[:room] + segment(comment_id)


def level_of(path: str) -> int:
    """Return the depth of a path: 1 at the top."""
    return len(path) // SEGMENT


def ancestors_of(path: str) -> list[int]:
    """Return the ids of the comments above the one with this path, the topmost first."""
    return [_number(path[start : start + SEGMENT]) for start in range(0, len(path) - SEGMENT, SEGMENT)]


def _number(digits: str) -> int:
    number = 0
    for digit in digits:
        number = number * len(DIGITS) + DIGITS.index(digit)
    return number


def is_bookmark_due(
    moved_at: datetime | None, now: datetime, *, is_continued: bool, mark_rises: bool
) -> bool:
    """Return whether a bookmark that moved at ``moved_at`` may move again.

    The next page of a long thread belongs to the same visit, and what a reader's progress has opened is not
    shown as new twice; both are rare. Otherwise a bookmark rests for a minute. A clock that was put right
    delays nothing.
    """
    return is_continued or mark_rises or moved_at is None or abs(now - moved_at) >= BOOKMARK_EVERY


@dataclass(frozen=True)
class CommentRow:
    """A comment as one reader sees it. ``html`` is None if it is locked or its words are gone.

    Visitors see no ``portrait_id``.

    A ``context`` row only says whose comment the following ones answer. ``is_unlocked`` is set if the
    reader's own progress has opened it since they last looked; then it is new, whenever it was written.
    ``is_revealed`` is set if it lies ahead of the reader and is shown this once, on purpose.
    ``is_open_question`` says that its author would like to discuss it when the club meets.
    """

    id: int
    thread_id: int
    parent_id: int | None
    path: str
    member_id: int
    author: str
    username: str | None
    portrait_id: int | None
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    removed_by_id: int | None
    removal_reason: str | None
    horizon: int
    html: str | None
    is_mine: bool
    is_new: bool
    context: bool = False
    is_unlocked: bool = False
    is_revealed: bool = False
    is_open_question: bool = False

    @property
    def level(self) -> int:
        return level_of(self.path)

    @property
    def bars_closed(self) -> bool:
        """Return whether spoilers in it are hidden from this reader."""
        return PLACEHOLDER in (self.html or "")

    @property
    def is_gone(self) -> bool:
        return self.deleted_at is not None

    @property
    def withdrawn(self) -> bool:
        """Return whether its own author deleted its words."""
        return self.is_gone and self.removed_by_id is None

    @property
    def locked(self) -> bool:
        """Return whether its words lie ahead of the reader. A comment without words locks nothing."""
        # A context row has no text for anybody, so it says nothing about being locked.
        return self.html is None and not self.is_gone and not self.context


@dataclass(frozen=True)
class PageOfIds:
    """One part of a list, and the key after which the next part begins (None at the end)."""

    entries: Sequence[Any]
    next_after: int | None


@dataclass(frozen=True)
class TalkKey:
    """The place in a list of threads after which the next page begins: a latest comment and its thread."""

    latest: int
    thread_id: int

    def __str__(self) -> str:
        return f"{self.latest}-{self.thread_id}"

    @classmethod
    def parse(cls, text: str | None) -> TalkKey | None:
        """Return the key that a text means, or None if it means none."""
        numbers = row_ids_from(text)
        return cls(*numbers) if numbers else None


@dataclass(frozen=True)
class CommentCount:
    """The number of comments in a thread, and of those that this reader may see."""

    total: int = 0
    here: int = 0

    def say(self, *, visitor: bool = False) -> str:
        """Return "4 thoughts", or "9 thoughts: 4 here, 5 ahead of you" if some are locked."""
        if self.here >= self.total:
            return ngettext("%(num)s thought", "%(num)s thoughts", self.total)
        here, ahead = number_text(self.here), number_text(self.total - self.here)
        if visitor:
            return ngettext(
                "%(num)s thought: %(here)s here, %(ahead)s later in the book",
                "%(num)s thoughts: %(here)s here, %(ahead)s later in the book",
                self.total, here=here, ahead=ahead,
            )  # fmt: skip
        return ngettext(
            "%(num)s thought: %(here)s here, %(ahead)s ahead of you",
            "%(num)s thoughts: %(here)s here, %(ahead)s ahead of you",
            self.total, here=here, ahead=ahead,
        )  # fmt: skip
