"""To keep the neighbours of books: a book's own when its readings change, and all of them every night."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, func, insert, literal, select, text, union
from sqlalchemy.orm import aliased

from ...books.models import BookTag
from ...extensions import db, utcnow
from ...jobs import enqueue, job, next_night
from ...readings.models import Reading
from ..models import Neighbour, TagSpread
from ..queries.stock import finished_in_public

# A book that everybody has read goes with everything; only those that share the most say something.
MOST = 100
# So many books are counted in one transaction of the night's.
BOOKS_AT_ONCE = 50


@job("neighbours")
def refresh(book_id: int) -> None:
    """Count anew which books are finished by the readers of this one, there and back."""
    _hold()
    _name_anew(book_id, _refresh(book_id))


@job("all neighbours", nightly=True)
def refresh_all(after: int = 0) -> None:
    """Count anew for some of the books behind this one, and leave the others to the next such job."""
    _hold()
    if not after:
        _count_tags()
    told = union(
        select(Reading.book_id).where(finished_in_public(Reading), Reading.book_id > after),
        select(Neighbour.book_id).where(Neighbour.book_id > after),
    ).subquery()
    books = db.session.execute(select(told.c.book_id).order_by(told.c.book_id).limit(BOOKS_AT_ONCE)).scalars()
    last = 0
    for last in books.all():
        # Whoever brought a library of thousands shares each of its books with all others.
        _refresh(last, MOST)
    if last:
        enqueue("all neighbours", key="all neighbours", after=last)
    else:
        enqueue("all neighbours", key="all neighbours", due_at=next_night(utcnow()))


def shared_with(book_id: int, most: int | None = None) -> Mapping[int, int]:
    """How many of a book's public readers finished each other book, in public, too; the ``most`` first."""
    mine, theirs, together = aliased(Reading), aliased(Reading), func.count()
    rows = db.session.execute(
        select(theirs.book_id, together)
        .join(mine, mine.member_id == theirs.member_id)
        .where(
            mine.book_id == book_id,
            theirs.book_id != book_id,
            finished_in_public(mine),
            finished_in_public(theirs),
        )
        .group_by(theirs.book_id)
        .order_by(together.desc(), theirs.book_id)
        .limit(most)
    )
    return {row[0]: row[1] for row in rows}


def _hold() -> None:
    """Let one worker at a time write neighbours, as on SQLite: two books have rows in common."""
    if db.session.connection().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE neighbour IN SHARE ROW EXCLUSIVE MODE"))


def _refresh(book_id: int, most: int | None = None) -> Mapping[int, int]:
    """Put the book's nearest in the place of those before; returns what it shares ``most`` readers with."""
    shared = shared_with(book_id, most)
    db.session.execute(delete(Neighbour).where(Neighbour.book_id == book_id))
    _write((book_id, other, shared[other]) for other in _nearest(shared))
    return shared


def _name_anew(book_id: int, shared: Mapping[int, int]) -> None:
    """Bring the rows of other books that name this one in step with it; none comes to have too many."""
    naming = set(db.session.execute(select(Neighbour.book_id).where(Neighbour.other_id == book_id)).scalars())
    db.session.execute(delete(Neighbour).where(Neighbour.other_id == book_id))
    _write((other, book_id, shared[other]) for other in sorted(naming & shared.keys()))
    new = [other for other in _nearest(shared) if other not in naming]
    rows = db.session.execute(
        select(Neighbour.book_id, func.count(), func.min(Neighbour.together))
        .where(Neighbour.book_id.in_(new))
        .group_by(Neighbour.book_id)
    )
    full = {row[0]: row[2] for row in rows if row[1] >= MOST}
    for other in new:
        if other in full and shared[other] > full[other]:
            furthest = select(Neighbour).where(Neighbour.book_id == other)
            furthest = furthest.order_by(Neighbour.together, Neighbour.other_id.desc()).limit(1)
            db.session.delete(db.session.execute(furthest).scalar_one())
    db.session.flush()
    _write((other, book_id, shared[other]) for other in new if shared[other] > full.get(other, 0))


def _nearest(shared: Mapping[int, int]) -> list[int]:
    return sorted(shared, key=lambda other: (-shared[other], other))[:MOST]


def _write(rows: Iterable[tuple[int, int, int]]) -> None:
    found = [{"book_id": book, "other_id": other, "together": together} for book, other, together in rows]
    if found:
        db.session.execute(insert(Neighbour), found)


def _count_tags() -> None:
    """Note how many books carry each tag."""
    db.session.execute(delete(TagSpread))
    counted = select(BookTag.tag_id, func.count(literal(1))).group_by(BookTag.tag_id)
    db.session.execute(insert(TagSpread).from_select(["tag_id", "books"], counted))
