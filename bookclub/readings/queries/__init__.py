"""What members have read; and the law of spoilers as SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, exists, false, func, literal, null, or_, select, true
from sqlalchemy.orm import aliased

from ...books.models import Book, Edition, Section, SectionStart
from ...books.rules import key_of
from ...extensions import db
from ...merges import write_digests
from ..models import OwnTag, Reading, Reveal
from ..rules import (
    END,
    NO_CONTENTS,
    START,
    Contents,
    EditionLength,
    Measures,
    Noted,
    Offer,
    SectionPlace,
    said_in,
)
from .presence import is_counted

Column = ColumnElement[Any] | Any

# Under names of their own, so that a statement around may use these tables for something else.
MINE = aliased(Reading, name="my_reading")
WISH = aliased(Reveal, name="my_wish")


def visible_to(
    viewer_id: int | None, *, horizon: Column, author_id: Column, book_id: Column, thread_id: Column
) -> ColumnElement[bool]:
    """``rules.visible()`` as a condition on the rows of a statement.

    ``viewer_id`` is None for a visitor, whose mark is 0 everywhere; the others are the columns that say
    what a text gives away, who wrote it, and in which book and thread. ``book_id`` may be NULL, which
    leaves everybody at 0.
    """
    if viewer_id is None:
        return func.coalesce(horizon <= START, false())
    mark = select(MINE.mark).where(MINE.member_id == viewer_id, MINE.book_id == book_id).scalar_subquery()
    revealed = exists().where(
        WISH.member_id == viewer_id, or_(WISH.thread_id == thread_id, WISH.book_id == book_id)
    )
    return or_(
        func.coalesce(horizon <= func.coalesce(mark, START), false()), author_id == viewer_id, revealed
    )


def opened_to(
    viewer_id: int | None, *, author_id: Column, book_id: Column, thread_id: Column
) -> ColumnElement[bool]:
    """Whether inline spoilers show, too: ``rules.spoilers_open()`` as a condition."""
    return visible_to(
        viewer_id, horizon=literal(END), author_id=author_id, book_id=book_id, thread_id=thread_id
    )


def text_for(
    viewer_id: int | None,
    *,
    full: Column,
    safe: Column,
    horizon: Column,
    author_id: Column,
    book_id: Column,
    thread_id: Column,
) -> ColumnElement[str | None]:
    """The text that this reader may see: in full, with inline spoilers closed, or NULL where it is locked.

    Locked text stays in the database: it is never loaded, so no template can send it.
    """
    place = {"author_id": author_id, "book_id": book_id, "thread_id": thread_id}
    return case(
        (opened_to(viewer_id, **place), full),
        (visible_to(viewer_id, horizon=horizon, **place), safe),
        else_=null(),
    )


def reading_of(member_id: int | None, book_id: int | None, *, lock: bool = False) -> Reading | None:
    """What this member has read of this book; None for a visitor and for a book never touched."""
    if member_id is None or book_id is None:
        return None
    statement = select(Reading).where(Reading.member_id == member_id, Reading.book_id == book_id)
    return db.session.execute(statement.with_for_update() if lock else statement).scalar_one_or_none()


def offer_for(member_id: int, book: Book | None, text: str) -> Offer | None:
    """What a member's words about a book say of their reading that it does not say yet."""
    said = said_in(text) if book else None
    if book is None or said is None:
        return None
    reading = reading_of(member_id, book.id)
    if not said.is_news(reading.status if reading else None, reading.rating if reading else None):
        return None
    made_from = write_digests({"status": reading.status}) if reading else ""
    return Offer(book.slug, book.title, said.words, said.deed, said.status, said.stars, made_from)


def hold_ratings(book: Book) -> None:
    """Hold a book's row until the transaction ends, with the sums of its ratings as they are by then.

    Two ratings counted at once would otherwise lose one, and two first readings of one member collide.
    """
    sums = ["rating_count", "rating_sum", "rating_rank"]
    db.session.refresh(book, sums, with_for_update={"key_share": True})


def reading_to_edit(member_id: int, book_id: int) -> Reading | None:
    """The member's reading of this book, locked until the transaction ends, or None."""
    db.session.execute(select(Book.id).where(Book.id == book_id).with_for_update(key_share=True))
    return reading_of(member_id, book_id)


def known_mark(member_id: int | None, book_id: int | None) -> int | None:
    """How far this member has been in this book; None where they never recorded a place."""
    reading = reading_of(member_id, book_id)
    return reading.known_mark if reading else None


def rating_histogram(book_id: int) -> dict[int, int]:
    """Number of members who gave a book each rating, by half stars (1 to 10), as far as they count."""
    rows = db.session.execute(
        select(Reading.rating, func.count())
        .where(Reading.book_id == book_id, Reading.rating.is_not(None), is_counted(Reading))
        .group_by(Reading.rating)
    )
    return {rating: count for rating, count in rows if rating is not None}


def shelf(
    member_id: int, limit: int = 60, *, viewer_id: int | None = None, own_tag: str = ""
) -> Sequence[tuple[Book, Reading]]:
    """A member's books with what they have read of each, the latest change first.

    Their private ones are on it only for themselves, which is where ``viewer_id`` is theirs; and so it is
    only for themselves that it can be narrowed to an ``own_tag``.
    """
    is_mine = viewer_id == member_id
    statement = (
        select(Book, Reading)
        .join(Reading, Reading.book_id == Book.id)
        .where(Reading.member_id == member_id, true() if is_mine else Reading.is_private.is_(False))
        .order_by(Reading.changed_at.desc(), Reading.id.desc())
        .limit(limit)
    )
    if is_mine and own_tag:
        tagged = exists().where(OwnTag.reading_id == Reading.id, OwnTag.name_key == key_of(own_tag))
        statement = statement.where(tagged)
    return db.session.execute(statement).all()


def reveal_of(member_id: int, *, book_id: int | None = None, thread_id: int | None = None) -> Reveal | None:
    """The member's wish to see everything about this book, or everything in this thread."""
    subject = Reveal.thread_id == thread_id if book_id is None else Reveal.book_id == book_id
    return db.session.execute(
        select(Reveal).where(Reveal.member_id == member_id, subject)
    ).scalar_one_or_none()


def wish_about(member_id: int | None, thread_id: int, book_id: int | None) -> Reveal | None:
    """The wish by which everything in this thread is revealed, be it about the thread or its book."""
    if member_id is None:
        return None
    subjects = [Reveal.thread_id == thread_id]
    if book_id is not None:
        subjects.append(Reveal.book_id == book_id)
    statement = select(Reveal).where(Reveal.member_id == member_id, or_(*subjects)).order_by(Reveal.id)
    return db.session.execute(statement.limit(1)).scalar_one_or_none()


def wishes_of(member_id: int) -> Sequence[tuple[Reveal, Book]]:
    """The books about which a member does not mind spoilers, for their settings."""
    rows = db.session.execute(
        select(Reveal, Book)
        .join(Book, Book.id == Reveal.book_id)
        .where(Reveal.member_id == member_id)
        .order_by(Book.title_key)
    )
    return rows.all()


def contents_of(book_id: int | None) -> Contents:
    """The sections of a book, in their order."""
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


def measures_of(book_id: int) -> Measures:
    """Everything by which a place in a book can be told."""
    in_order = select(Edition).where(Edition.book_id == book_id).order_by(Edition.place, Edition.id)
    editions = db.session.execute(in_order)
    noted = db.session.execute(
        select(SectionStart.section_id, SectionStart.edition_id, SectionStart.unit, SectionStart.start)
        .join(Section, Section.id == SectionStart.section_id)
        .where(Section.book_id == book_id)
        .order_by(SectionStart.id)
    )
    return Measures(
        contents_of(book_id),
        tuple(EditionLength(one.id, one.name, one.pages, one.minutes) for one in editions.scalars()),
        tuple(Noted(*row) for row in noted),
    )


def sections_of(book_id: int) -> Sequence[Section]:
    """The sections of a book themselves, to be changed."""
    statement = select(Section).where(Section.book_id == book_id).order_by(Section.place, Section.id)
    return db.session.execute(statement).scalars().all()


def counted_in_book(book_id: int) -> Sequence[Reading]:
    """The readings of a book whose place was typed as a page, a time or a chapter, to be recomputed."""
    statement = select(Reading).where(
        Reading.book_id == book_id,
        Reading.status != "finished",
        Reading.position.is_not(None),
        Reading.entry.is_not(None),
        Reading.entry_unit.in_(("page", "minute", "section")),
    )
    return db.session.execute(statement.order_by(Reading.id)).scalars().all()
