"""A member's library: every book on their shelf with all that they keep about it, private ones included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from ...books.models import Book, BookAuthor, Contribution, Edition
from ...extensions import db
from ...readings.models import OwnTag, Reading, ReadThrough
from ...readings.rules import END, START
from ...renderings import typed
from ...reviews.models import Review, ReviewDraft
from ..rules import Shelved

BOOKS_AT_ONCE = 200


def library_of(member_id: int) -> Iterator[Shelved]:
    """The books of a member's library in the order in which they came into it, private ones included."""
    after = 0
    while chunk := _readings(member_id, after):
        after = chunk[-1][0].id
        ids = [reading.id for reading, _ in chunk]
        times: dict[int, list[Any]] = {reading_id: [] for reading_id in ids}
        for through in db.session.execute(_of_readings(ReadThrough, ids)).scalars():
            times[through.reading_id].append((through.started_on, through.finished_on))
        tags: dict[int, list[str]] = {reading_id: [] for reading_id in ids}
        for tag in db.session.execute(_of_readings(OwnTag, ids)).scalars():
            tags[tag.reading_id].append(tag.name)
        words = _words(member_id, [book.id for _, book in chunk])
        for reading, book in chunk:
            shelved = _shelved(reading, book, times[reading.id], tags[reading.id])
            yield replace(shelved, **words.get(book.id, {}))


def _readings(member_id: int, after: int) -> Sequence[tuple[Reading, Book]]:
    statement = (
        select(Reading, Book)
        .join(Book, Book.id == Reading.book_id)
        .where(Reading.member_id == member_id, Reading.id > after)
        .options(
            selectinload(Book.credits).joinedload(BookAuthor.author),
            selectinload(Book.contributions).joinedload(Contribution.author),
            selectinload(Book.editions),
        )
    )
    return db.session.execute(statement.order_by(Reading.id).limit(BOOKS_AT_ONCE)).all()


def _of_readings(model: type[Any], ids: Sequence[int]) -> Select[Any]:
    return select(model).where(model.reading_id.in_(ids)).order_by(model.id)


def _words(member_id: int, book_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What the member has to say of each of these books: the review, or where there is none the draft."""
    published = select(Review).where(Review.member_id == member_id, Review.deleted_at.is_(None))
    drafts = select(ReviewDraft).where(ReviewDraft.member_id == member_id)
    words: dict[int, Review | ReviewDraft] = {}
    for draft in db.session.execute(drafts.where(ReviewDraft.book_id.in_(book_ids))).scalars():
        words[draft.book_id] = draft
    for review in db.session.execute(published.where(Review.book_id.in_(book_ids))).scalars():
        words[review.book_id] = review
    return {
        book_id: {
            "review_title": typed(one.title),
            "review_summary": typed(one.summary),
            "review": one.body,
            "horizon": one.horizon if isinstance(one, Review) else END if one.has_spoilers else START,
            "has_spoilers": one.has_spoilers,
        }
        for book_id, one in words.items()
    }


def _shelved(reading: Reading, book: Book, earlier: list[Any], tags: list[str]) -> Shelved:
    edition = _edition_of(reading, book.editions)
    last = (reading.started_on, reading.finished_on)
    times = (*earlier, last) if earlier or any(last) else ()
    return Shelved(
        title=book.title,
        subtitle=book.subtitle,
        authors=tuple(credit.author.name for credit in book.credits),
        contributors=tuple(one.text for one in book.contributors),
        isbn=edition.isbn or "",
        year=book.first_published,
        pages=edition.pages,
        minutes=edition.minutes,
        format=edition.format or "",
        series=book.series or "",
        series_number=book.series_number,
        status=reading.status,
        rating=reading.rating,
        times=times,
        times_read=reading.times_read,
        tags=tuple(tags),
        notes=reading.notes,
        is_private=reading.is_private,
        changed_on=reading.changed_at.date(),
    )


def _edition_of(reading: Reading, editions: Sequence[Edition]) -> Edition:
    """The printing that they read, or else the first that has an ISBN, or the first at all."""
    read = [edition for edition in editions if edition.id == reading.edition_id]
    named = [edition for edition in editions if edition.isbn]
    return next(iter([*read, *named, *editions]), Edition())
