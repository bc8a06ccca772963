"""Members as the Writers of comments and reviews: which horizons their posts may have."""

from __future__ import annotations

from ..lib.positions.places import START
from ..readings.queries import measures_of, reading_of
from .comment_queries import comment_above, opening_id
from .composer import Writer
from .models import Comment, Thread


def writer_on(
    member_id: int, book_id: int | None, *, least: int = START, answers: bool = False, lifted: int = START
) -> Writer:
    """Return a member as the Writer of a post on this book; the other arguments are as in ``Writer``."""
    if book_id is None:
        return Writer(least=least, answers=answers, lifted=lifted, has_book=False)
    reading, measures = reading_of(member_id, book_id), measures_of(book_id)
    if reading is None:
        return Writer(None, measures, least=least, answers=answers, lifted=lifted)
    return Writer(
        reading.known_mark,
        measures,
        reading.edition_id,
        reading.length,
        reading.length_unit or reading.entry_unit,
        counts_time=reading.entry_unit == "minute",
        least=least,
        answers=answers,
        lifted=lifted,
    )


def writer_in(member_id: int, thread: Thread, parent: Comment | None) -> Writer:
    """Return a member as the Writer of a new comment, as a reply to ``parent`` or at the top."""
    least = parent.horizon if parent else thread.floor
    return writer_on(member_id, thread.book_id, least=least, answers=parent is not None)


def writer_of(comment: Comment) -> Writer:
    """Return the author of a comment as the Writer who changes it.

    The opening comment of a thread follows no floor, because the floor follows it.
    """
    thread, parent = comment.thread, comment_above(comment)
    opens = thread.follows_opening and comment.id == opening_id(thread.id)
    # Otherwise the author could never lower the horizon of a thread that they opened.
    least = parent.horizon if parent else START if opens else thread.floor
    return writer_on(
        comment.member_id,
        thread.book_id,
        least=least,
        answers=parent is not None,
        lifted=comment.lifted_horizon,
    )
