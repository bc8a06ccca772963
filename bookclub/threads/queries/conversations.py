"""A thread as one reader sees it, and the note that they have seen it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...readings.models import Reveal
from ...readings.queries import known_mark, wish_about
from ...readings.rules import Viewer
from .. import rules
from ..models import Thread
from ..rules import CommentRow, Count
from .lists import counts
from .rows import comments
from .unlocked import is_all_shown, note_thread_visit


@dataclass(frozen=True)
class Conversation:
    """A page of a thread, arranged as nested lists, and what there is to say about the whole.

    ``mark`` is how far the reader has been in its book, None where they never said; ``reveal`` their
    standing wish to see everything, if any. ``is_whole`` says that the page is the whole thread,
    ``is_continued`` that it goes on where another page ended.
    """

    thread: Thread
    nodes: Sequence[rules.Node[CommentRow]]
    next_after: int | None
    count: Count
    mark: int | None
    reveal: Reveal | None
    is_whole: bool
    is_continued: bool

    @property
    def rows(self) -> list[CommentRow]:
        """The comments of this page itself, without those that it only names as context."""
        return [row for node in self.nodes for row in node.rows if not row.context]


def conversation(
    viewer: Viewer, thread: Thread, *, after: int | None = None, at: int | None = None
) -> Conversation:
    """A thread as this reader sees it, one page of it."""
    page = comments(viewer, thread.id, after=after, at=at)
    return Conversation(
        thread,
        rules.nest(rules.prune(page.entries)),
        page.next_after,
        counts(viewer.id, [thread.id])[thread.id],
        known_mark(viewer.id, thread.book_id),
        wish_about(viewer.id, thread.id, thread.book_id),
        is_whole=after is None and at is None and page.next_after is None,
        is_continued=after is not None,
    )


def note_seen(viewer: Viewer, talk: Conversation, *, also: bool = False) -> None:
    """Note that a page of a thread has shown the last of what the reader's progress unlocked in it.

    ``also`` says that something beside its comments was shown that had been unlocked: the review. Where
    part of what is unlocked stands on a page that the reader has not seen, nothing is noted.
    """
    if viewer.id is None or not talk.mark:
        return
    shown = also or any(row.is_unlocked for row in talk.rows)
    if not talk.is_whole and (shown or talk.is_continued):
        shown = is_all_shown(
            viewer.id, talk.thread.id, talk.rows, is_continued=talk.is_continued, otherwise=also
        )
    if shown:
        note_thread_visit(viewer.id, talk.thread.id, talk.mark)
