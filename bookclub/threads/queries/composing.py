"""What a composer has to know of whoever writes, and what members chose to see ahead of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from ...extensions import db
from ...readings.models import Reveal
from ...readings.queries import measures_of, reading_of
from ...readings.rules import START
from ..models import Comment, Thread
from ..rules import Writer


def writer_on(
    member_id: int, book_id: int | None, *, least: int = START, answers: bool = False, lifted: int = START
) -> Writer:
    """A member as somebody who writes about this book; the rest is as in ``Writer``."""
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
    """A member who adds a comment to a thread, as a reply to ``parent`` or at its top."""
    least = parent.horizon if parent else thread.floor
    return writer_on(member_id, thread.book_id, least=least, answers=parent is not None)


def writer_of(comment: Comment) -> Writer:
    """The author of a comment, who changes it.

    The opening words of a thread follow nothing but themselves.
    """
    thread, parent = comment.thread, comment_above(comment)
    opens = thread.title is not None and comment.id == opening_of(thread.id)
    least = parent.horizon if parent else START if opens else thread.floor
    return writer_on(
        comment.member_id,
        thread.book_id,
        least=least,
        answers=parent is not None,
        lifted=comment.lifted_horizon,
    )


def opens_thread(comment: Comment) -> bool:
    """Return whether these are the first words of a titled thread, whose author gave it its title."""
    thread = comment.thread
    is_theirs = thread.title is not None and not thread.of_round and thread.member_id == comment.member_id
    return is_theirs and comment.id == opening_of(thread.id)


def comment_above(comment: Comment) -> Comment | None:
    """The comment that this one answers."""
    return db.session.get(Comment, comment.parent_id) if comment.parent_id else None


def opening_of(thread_id: int) -> int | None:
    """The id of the first comment of a thread; None where nothing was ever said in it."""
    return db.session.execute(select(func.min(Comment.id)).where(Comment.thread_id == thread_id)).scalar_one()


def threads_revealed(member_id: int) -> Sequence[Thread]:
    """The threads in which a member does not mind spoilers, with their books and who began them."""
    statement = (
        select(Thread)
        .join(Reveal, Reveal.thread_id == Thread.id)
        .where(Reveal.member_id == member_id)
        .options(joinedload(Thread.book), joinedload(Thread.member))
        .order_by(Reveal.id)
    )
    return db.session.execute(statement).scalars().all()
