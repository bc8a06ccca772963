"""Mute a book for a member, note that they want to read it, and load or remove the club's neighbour pack."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, insert

from ..books.models import Book
from ..extensions import db
from ..lib.recommender.pack_files import match_pack
from ..lib.recommender.packs import Pack
from ..members.models import Member
from ..readings.actions import record
from ..readings.queries import lock_ratings, reading_of
from .catalogue_queries import books_for_pack
from .models import Mute, NeighbourPack, PackNeighbour, PackReadership
from .queries import wish_for


def mute(member_id: int, book_id: int, now: datetime) -> None:
    """Stop recommending a book to a member. Doing it twice changes nothing."""
    if db.session.get(Mute, (member_id, book_id)) is None:
        db.session.add(Mute(member_id=member_id, book_id=book_id, muted_at=now))


def unmute(member_id: int, book_id: int) -> None:
    """Allow a book to be recommended to a member again."""
    muted = db.session.get(Mute, (member_id, book_id))
    if muted is not None:
        db.session.delete(muted)


def add_wish(member: Member, book: Book, now: datetime, today: date) -> None:
    """Note that a member wants to read a book. A book that they have read or begun stays as it is."""
    lock_ratings(book)
    if reading_of(member.id, book.id, lock=True) is None:
        record(member, book, now, today=today, status="to_read")


def undo_wish(member: Member, book: Book) -> bool:
    """Take a book off the list of those that a member wants to read; False if they said more about it."""
    lock_ratings(book)
    reading = reading_of(member.id, book.id, lock=True)
    wish = wish_for(member.id, book.id)
    if reading is None or wish is None:
        return True
    if wish.can_undo:
        db.session.delete(reading)
        db.session.flush()
    return wish.can_undo


# A pack has too many rows for one statement.
ROWS_AT_ONCE = 5000


def load_pack(pack: Pack, now: datetime) -> int:
    """Replace the club's neighbour pack with this one, as far as it knows the club's books.

    Return the number of books that were matched.
    """
    remove_pack()
    places = match_pack(pack, books_for_pack())
    db.session.add(
        NeighbourPack(source=pack.source[:200], licence=pack.licence[:200], readers=pack.of, loaded_at=now)
    )
    db.session.flush()
    readers = [{"book_id": book, "readers": int(pack.readers[place])} for place, book in places.items()]
    pairs = [
        {"book_id": book, "other_id": other, "together": together, "weight": weight}
        for book, other, together, weight in pack.neighbours(places)
    ]
    for model, rows in ((PackReadership, readers), (PackNeighbour, pairs)):
        for start in range(0, len(rows), ROWS_AT_ONCE):
            db.session.execute(insert(model), rows[start : start + ROWS_AT_ONCE])
    return len(places)


def remove_pack() -> None:
    """Delete the club's neighbour pack, if there is one."""
    for model in (PackNeighbour, PackReadership, NeighbourPack):
        db.session.execute(delete(model))
