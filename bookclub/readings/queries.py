"""Queries on readings, reveals, promises and a book's measures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)

from ..books.events import on_measure
from ..books.models import Book, Edition
from ..extensions import db
from ..lib.positions.contents import NO_CONTENTS, Contents, SectionPlace
from ..lib.positions.measures import EditionLength, Measures, StartNote
from ..lib.positions.visibility import Viewer
from ..lib.text.keys import key_of
from ..lib.text.three_way_merge import write_digests
from ..members.models import IS_ABSENT, Member
from ..members.rules import USERNAME, fold_name
from ..sections.models import Section, SectionStart
from .models import OwnTag, Promise, Reading, ReadThrough, Reveal
from .rules import Offer, OwnDetails, find_statement

# The most used tags are enough for the list on a shelf.
MOST_TAGS = 60


def own_details(viewer: Viewer, book_id: int) -> OwnDetails:
    """Return what the viewer keeps to themselves about a book; nothing for a visitor."""
    if viewer.id is None:
        return OwnDetails()
    sent = {"member_id": viewer.id, "book_id": book_id}
    rows: Sequence[Any] = db.session.execute(_details(), sent).all()
    return OwnDetails(
        tags=tuple(sorted((row.name for row in rows if row.kind == "tag"), key=str.casefold)),
        times=tuple((row.started, row.finished) for row in rows if row.kind == "time"),
        reveals=any(row.kind == "wish" for row in rows),
    )


@cache
def _details() -> CompoundSelect[Any]:
    day = cast(null(), Date)
    member_id, book_id = bindparam("member_id", type_=Integer), bindparam("book_id", type_=Integer)
    mine = (Reading.member_id == member_id, Reading.book_id == book_id)
    # One statement instead of three: every page of a book needs all of it.
    return union_all(
        select(literal("tag").label("kind"), OwnTag.name, day.label("started"), day.label("finished"))
        .join(Reading, Reading.id == OwnTag.reading_id)
        .where(*mine),
        select(literal("time"), literal(""), ReadThrough.started_on, ReadThrough.finished_on)
        .join(Reading, Reading.id == ReadThrough.reading_id)
        .where(*mine),
        select(literal("wish"), literal(""), day, day).where(
            Reveal.member_id == member_id, Reveal.book_id == book_id
        ),
    )


def tags_on(reading_id: int) -> Sequence[OwnTag]:
    """Return the OwnTag rows of a reading, to be changed."""
    return db.session.execute(select(OwnTag).where(OwnTag.reading_id == reading_id)).scalars().all()


def own_tags_of(viewer: Viewer) -> list[tuple[str, int]]:
    """Return the viewer's own tags with the number of books for each: the most used, sorted by name."""
    # A tag may be spelt differently on two books. One spelling stands for both, the same on every page.
    count, name = func.count(), func.min(OwnTag.name)
    rows = db.session.execute(
        select(name, count)
        .join(Reading, Reading.id == OwnTag.reading_id)
        .where(Reading.member_id == viewer.id)
        .group_by(OwnTag.name_key)
        .order_by(count.desc(), OwnTag.name_key)
        .limit(MOST_TAGS)
    )
    return sorted(((row[0], row[1]) for row in rows), key=lambda row: row[0].casefold())


PresenceColumn = ColumnElement[Any] | Any

# Few members are absent, so one uncorrelated subquery looks up their ids once for a whole statement.
_ABSENT = select(Member.id).where(IS_ABSENT).correlate(None)


def is_present(member_id: PresenceColumn) -> ColumnElement[bool]:
    """Return the condition that a member is neither suspended nor gone, and so counts as a member."""
    condition: ColumnElement[bool] = member_id.not_in(_ABSENT)
    return condition


def is_counted(reading: type[Reading]) -> ColumnElement[bool]:
    """Return the condition that a reading counts for others: it is not private, and its reader is present."""
    return and_(reading.is_private.is_(False), is_present(reading.member_id))


def own_reading(viewer: Viewer, book_id: int | None, *, lock: bool = False) -> Reading | None:
    """Return the viewer's own reading of a book, as ``reading_of()`` does; None for a visitor."""
    if viewer.id is None or book_id is None:
        return None
    return reading_of(viewer.id, book_id, lock=lock)


def reading_of(member_id: int, book_id: int, *, lock: bool = False) -> Reading | None:
    """Return a member's reading of a book, or None if they never touched the book.

    With ``lock``, its row is locked until the transaction ends.
    """
    statement = select(Reading).where(Reading.member_id == member_id, Reading.book_id == book_id)
    return db.session.execute(statement.with_for_update() if lock else statement).scalar_one_or_none()


def offer_for(viewer: Viewer, book: Book | None, text: str) -> Offer | None:
    """Return an offer to record what the viewer's words say about their reading; None if that is no news."""
    said = find_statement(text) if book else None
    if book is None or said is None:
        return None
    reading = own_reading(viewer, book.id)
    if not said.is_news(reading.status if reading else None, reading.rating if reading else None):
        return None
    # With this digest an offer that lay on an open page cannot replace a status that was set since.
    made_from = write_digests({"status": reading.status or ""}) if reading else ""
    return Offer(book.slug, book.title, said.words, said.deed, said.status, said.stars, made_from)


def lock_ratings(book: Book) -> None:
    """Lock a book's row until the transaction ends, and load the sums of its ratings again.

    Without the lock, two ratings counted at once would lose one, and two first readings of one member would
    collide.
    """
    sums = ["rating_count", "rating_sum", "rating_rank"]
    # On PostgreSQL key_share means FOR NO KEY UPDATE: others can still add rows that refer to the book.
    db.session.refresh(book, sums, with_for_update={"key_share": True})


def reading_to_edit(viewer: Viewer, book_id: int) -> Reading | None:
    """Return the viewer's reading of this book, or None, and lock the book until the transaction ends."""
    # There may be no reading yet whose row could be locked, so the book's row stands for it.
    db.session.execute(select(Book.id).where(Book.id == book_id).with_for_update(key_share=True))
    return own_reading(viewer, book_id)


def known_mark(viewer: Viewer, book_id: int | None) -> int | None:
    """Return the viewer's furthest position in this book; None if they never recorded a place."""
    reading = own_reading(viewer, book_id)
    return reading.known_mark if reading else None


def known_marks(viewer: Viewer, book_ids: Collection[int | None]) -> dict[int | None, int | None]:
    """Return ``known_mark()`` for each of these books, from one query."""
    mine = select(Reading).where(Reading.member_id == viewer.id, Reading.book_id.in_(set(book_ids) - {None}))
    found = {one.book_id: one.known_mark for one in db.session.execute(mine).scalars()}
    return {book_id: found.get(book_id or 0) for book_id in book_ids}


def rating_histogram(book_id: int) -> dict[int, int]:
    """Return the number of counted members who gave a book each rating, by half stars (1 to 10)."""
    rows = db.session.execute(_ratings(), {"book_id": book_id})
    return {rating: count for rating, count in rows if rating is not None}


@cache
def _ratings() -> Select[int | None, int]:
    of_book = Reading.book_id == bindparam("book_id")
    return (
        select(Reading.rating, func.count())
        .where(of_book, Reading.rating.is_not(None), is_counted(Reading))
        .group_by(Reading.rating)
    )


def shelf(
    viewer: Viewer, owner_id: int, limit: int = 60, *, own_tag: str = ""
) -> Sequence[tuple[Book, Reading]]:
    """Return a member's books with their readings, the latest change first.

    Private readings are included only for their owner. For the same reason only they can narrow the shelf to
    an ``own_tag``.
    """
    is_mine = viewer.id == owner_id
    statement = (
        select(Book, Reading)
        .join(Reading, Reading.book_id == Book.id)
        .where(Reading.member_id == owner_id, true() if is_mine else Reading.is_private.is_(False))
        .order_by(Reading.changed_at.desc(), Reading.id.desc())
        .limit(limit)
    )
    if is_mine and own_tag:
        tagged = exists().where(OwnTag.reading_id == Reading.id, OwnTag.name_key == key_of(own_tag))
        statement = statement.where(tagged)
    return db.session.execute(statement).all()


def reveal_of(member_id: int, *, book_id: int | None = None, thread_id: int | None = None) -> Reveal | None:
    """Return the member's wish to see everything about this book, or everything in this thread."""
    subject = Reveal.thread_id == thread_id if book_id is None else Reveal.book_id == book_id
    return db.session.execute(
        select(Reveal).where(Reveal.member_id == member_id, subject)
    ).scalar_one_or_none()


def wish_about(viewer: Viewer, thread_id: int, book_id: int | None) -> Reveal | None:
    """Return the viewer's wish to see all of this thread, be it about the thread or about its book."""
    if viewer.id is None:
        return None
    subjects = [Reveal.thread_id == thread_id]
    if book_id is not None:
        subjects.append(Reveal.book_id == book_id)
    statement = select(Reveal).where(Reveal.member_id == viewer.id, or_(*subjects)).order_by(Reveal.id)
    # A member may have both wishes, and either is enough.
    return db.session.execute(statement.limit(1)).scalar_one_or_none()


def wishes_of(viewer: Viewer) -> Sequence[tuple[Reveal, Book]]:
    """Return the books whose spoilers the viewer does not mind, for their settings."""
    rows = db.session.execute(
        select(Reveal, Book)
        .join(Book, Book.id == Reveal.book_id)
        .where(Reveal.member_id == viewer.id)
        .order_by(Book.title_key)
    )
    return rows.all()


def contents_of(book_id: int | None) -> Contents:
    """Return the sections of a book in their order."""
    if book_id is None:
        return NO_CONTENTS
    rows = db.session.execute(
        select(Section.id, Section.title, Section.start)
        .where(Section.book_id == book_id)
        .order_by(Section.place, Section.id)
    )
    return Contents(
        tuple(SectionPlace(row.id, number, row.title, row.start) for number, row in enumerate(rows, 1))
    )


@on_measure
def measures_of(book_id: int) -> Measures:
    """Return a book's contents, edition lengths and noted section starts, which measure its places."""
    # A page without an edition is counted in the first of known length, so the order matters.
    in_order = select(Edition).where(Edition.book_id == book_id).order_by(Edition.place, Edition.id)
    editions = db.session.execute(in_order)
    noted = db.session.execute(_start_notes(), {"book_id": book_id})
    return Measures(
        contents_of(book_id),
        tuple(EditionLength(one.id, one.name, one.pages, one.minutes) for one in editions.scalars()),
        tuple(StartNote(*row) for row in noted),
    )


@cache
def _start_notes() -> Select[int, int, str, int]:
    return (
        select(SectionStart.section_id, SectionStart.edition_id, SectionStart.unit, SectionStart.start)
        .join(Section, Section.id == SectionStart.section_id)
        .where(Section.book_id == bindparam("book_id"))
        .order_by(SectionStart.id)
    )


def readings_to_remap(book_id: int) -> Sequence[Reading]:
    """Return the readings of a book whose place was typed as a page, time or chapter, to be recomputed."""
    statement = select(Reading).where(
        Reading.book_id == book_id,
        Reading.status != "finished",
        Reading.position.is_not(None),
        Reading.entry.is_not(None),
        # A percentage is the same in every printing, so it is never computed again.
        Reading.entry_unit.in_(("page", "minute", "section")),
    )
    return db.session.execute(statement.order_by(Reading.id)).scalars().all()


def reading_by(username: str, book_id: int | None) -> Reading | None:
    """Return the reading of a book by the member with this name, unless it is private."""
    # The name comes from a form and may be anything.
    if not USERNAME.fullmatch(username):
        return None
    statement = (
        select(Reading)
        .join(Member, Member.id == Reading.member_id)
        .where(
            Member.username_key == fold_name(username),
            Member.removed_at.is_(None),
            Reading.book_id == book_id,
            Reading.is_private.is_(False),
        )
    )
    return db.session.execute(statement).scalar_one_or_none()


def promise_of(member_id: int, reading_id: int) -> Promise | None:
    """Return the promise that a member was given about a reading."""
    return db.session.execute(
        select(Promise).where(Promise.member_id == member_id, Promise.reading_id == reading_id)
    ).scalar_one_or_none()


def promises_on(reading_id: int) -> Sequence[Promise]:
    """Return the promises about a reading that are not kept yet, the oldest first."""
    statement = select(Promise).where(Promise.reading_id == reading_id, Promise.kept_at.is_(None))
    return db.session.execute(statement.order_by(Promise.id)).scalars().all()


def promised(viewer: Viewer, reading_ids: Collection[int]) -> set[int]:
    """Return those of these readings that the viewer was promised a notice about."""
    if viewer.id is None or not reading_ids:
        return set()
    statement = select(Promise.reading_id).where(
        Promise.member_id == viewer.id, Promise.reading_id.in_(reading_ids), Promise.kept_at.is_(None)
    )
    return set(db.session.execute(statement).scalars())


def readings_by_id(ids: Collection[int]) -> dict[int, tuple[Reading, Book, Member]]:
    """Return these readings with their books and readers, by id, for notices."""
    if not ids:
        return {}
    rows = db.session.execute(
        select(Reading, Book, Member)
        .join(Book, Book.id == Reading.book_id)
        .join(Member, Member.id == Reading.member_id)
        .where(Reading.id.in_(ids))
    )
    return {reading.id: (reading, book, member) for reading, book, member in rows}
