"""Merge two books: everything that refers to one refers to the other from then on."""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import select, update

from ..archive.departure_queries import rating_sums_held
from ..books.models import Adaptation, Book, BookAuthor, BookEdit, BookTag, Contribution, Edition, FormerBook
from ..bulk import table_of
from ..extensions import db
from ..imports.models import ImportRow
from ..lib.matches.field_values import MAX_TAGS
from ..lib.matches.ratings import rating_rank
from ..members.models import Club, Member
from ..pictures.models import Picture
from ..readings.models import Reading
from ..sections.models import Section, SectionStart
from ..threads.models import Thread
from . import advice_merge, queries, reading_merge, review_merge
from .author_merge import create_merger, respell_books
from .models import Merger
from .queries import Row
from .record import Record, to_json

BOOK, EDITION, SECTION, START = (table_of(model) for model in (Book, Edition, Section, SectionStart))
CREDIT, TAGGING, ADAPTATION = (table_of(model) for model in (BookAuthor, BookTag, Adaptation))
CONTRIBUTION = table_of(Contribution)
EDIT, FORMER, CLUB, ROW = (table_of(model) for model in (BookEdit, FormerBook, Club, ImportRow))
READING, THREAD, MERGER, PICTURE = (table_of(model) for model in (Reading, Thread, Merger, Picture))
# Columns taken from the other book if the kept one has no value.
FILLED = ("first_published", "series", "series_number")


def merge_books(
    kept_id: int, gone_id: int, organiser: Member, now: datetime, submission: str | None = None
) -> Merger:
    """Merge two books into ``kept_id``; the label of the other one still finds it.

    The caller must hold the catalogue and both books (``queries.hold_books``), and have checked that no round
    votes on either.
    """
    gone, kept = (queries.row_where(BOOK, BOOK.c.id == id) for id in (gone_id, kept_id))
    assert gone is not None
    assert kept is not None
    merger = create_merger("book merger", gone["title"], gone["slug"], organiser.id, now, submission)
    merger.book_id = kept_id
    db.session.flush()
    record = Record(merger)
    # The log keeps these texts for good: the steps, which hold the other copy, are deleted after a week.
    described = queries.books_whole([gone_id])[0].fields.texts()
    names = [credit.author.name for credit in queries.books_whole([gone_id])[0].credits]

    _move_editions(record, kept_id, gone_id)
    _move_sections(record, kept_id, gone_id)
    _fill_gaps(record, kept, gone)
    reading_merge.move_readings(record, kept_id, gone_id, gone["title"])
    # Reveals come before threads, while it can still be seen which threads belonged to which book.
    reading_merge.move_wishes(record, kept_id, gone_id)
    # Reviews come after reveals, because joining two threads ends some of those that were just made.
    review_merge.move_reviews(record, kept_id, gone_id, now)
    record.move(THREAD.c.book_id, gone_id, kept_id)
    advice_merge.move_advice(record, kept, gone_id)
    advice_merge.move_pack(record, kept_id, gone_id)
    move_cover(record, kept_id, gone_id, now)
    # Former titles go along, so a book that was merged into the one that goes now is still found.
    for column in (CLUB.c.current_book_id, ROW.c.book_id, FORMER.c.book_id):
        record.move(column, gone_id, kept_id)
    # Earlier mergers name the kept book from now on, so they can only be undone after this one.
    for column in (MERGER.c.book_id, MERGER.c.made_book_id):
        record.move(column, gone_id, kept_id)
    for edit in queries.rows_where(EDIT, EDIT.c.book_id == gone_id):
        # An edit of the other book says which book it was of.
        changes = {"of": [gone["title"], ""], **edit["changes"]}
        record.change(EDIT, edit, {"book_id": kept_id, "changes": changes})
    record.follow(CONTRIBUTION.c.book_id, gone_id, kept_id, "author_id", "role")
    # The title page of the kept book stands. The other authors are remembered with the former title below.
    for credit in queries.rows_where(CREDIT, CREDIT.c.book_id == gone_id):
        record.fold(CREDIT, credit)
    # A table added later, and forgotten here, would otherwise lose rows by a cascade.
    if left := queries.references_to(BOOK, gone_id):
        raise RuntimeError(f"nobody decided what becomes of {', '.join(left)} when two books are merged")
    # Undoing goes backwards, so the book is back before any row refers to it again.
    record.fold(BOOK, gone)
    former: Row = {name: gone[name] for name in ("slug", "title", "subtitle", "first_published")}
    former |= {"title_key": gone["title_key"], "match_key": gone["match_key"], "names": names}
    record.make(FORMER, {"book_id": kept_id, **former})
    record.keep()
    words = "\n".join(text for text in described.values() if text)
    log(kept_id, organiser.id, now, "merged", words)
    count_again([kept_id])
    return merger


def move_cover(record: Record, kept_id: int, gone_id: int, now: datetime) -> None:
    """Move the cover of a book, unless the kept one has its own: then it belongs to nothing, for a day."""
    cover = queries.row_where(PICTURE, PICTURE.c.book_id == gone_id)
    if cover is None:
        return
    if queries.row_where(PICTURE, PICTURE.c.book_id == kept_id) is None:
        record.move(PICTURE.c.book_id, gone_id, kept_id)
    else:
        record.change(PICTURE, cover, {"book_id": None, "loose_at": now})


def log(book_id: int, member_id: int, now: datetime, what: str, words: str) -> None:
    """Log on a book that another was merged into it or split off, or that this was undone.

    ``what`` is the kind of change, ``words`` are the texts of the other book.
    """
    db.session.add(BookEdit(book_id=book_id, member_id=member_id, edited_at=now, changes={what: ["", words]}))
    db.session.flush()


def count_again(book_ids: list[int]) -> None:
    """Update counts, search keys and covers of these books from the rows that refer to them now."""
    respell_books(book_ids)
    # Sums are counted anew and not added up: a member who rated both books has one rating now.
    for sums in rating_sums_held(book_ids):
        for one in sums:
            rank = rating_rank(one.rating_sum, one.rating_count)
            values = {"rating_count": one.rating_count, "rating_sum": one.rating_sum, "rating_rank": rank}
            db.session.execute(update(BOOK).where(BOOK.c.id == one.book_id).values(values))
    # A cover may be gone by the time when its book comes back.
    cover = select(PICTURE.c.id).where(PICTURE.c.book_id == BOOK.c.id).scalar_subquery()
    db.session.execute(update(BOOK).where(BOOK.c.id.in_(book_ids)).values(cover_id=cover))
    db.session.expire_all()


def _move_editions(record: Record, kept_id: int, gone_id: int) -> None:
    """Move the editions behind those of the kept book. Of several empty ones only one is kept."""
    mine, theirs = (queries.rows_where(EDITION, EDITION.c.book_id == id) for id in (kept_id, gone_id))
    # A book keeps at least one edition, even an empty one, since its own form writes into the first.
    if any(has_details(edition) for edition in theirs):
        blank = [edition for edition in mine if not has_details(edition)]
    else:
        blank = theirs if mine else theirs[1:]
    for edition in blank:
        record.fold(EDITION, edition)
    last = max((edition["place"] for edition in mine), default=0)
    taken = {edition["submission"] for edition in mine}
    for edition in theirs:
        if edition not in blank:
            # Pages without an edition are counted in the first, which stays the kept book's own.
            values = {"book_id": kept_id, "place": last + 1 + edition["place"]}
            # The mark of a form is unique within a book.
            if edition["submission"] in taken:
                values["submission"] = None
            record.change(EDITION, edition, values)


def has_details(edition: Row) -> bool:
    """Return True if an edition has any details, or anything is measured in it."""
    if any(edition[name] is not None for name in ("isbn", "format", "pages", "minutes")):
        return True
    return bool(
        queries.keys_where(READING, READING.c.edition_id == edition["id"])
        or queries.keys_where(START, START.c.edition_id == edition["id"])
    )


def _move_sections(record: Record, kept_id: int, gone_id: int) -> None:
    """Move the chapters to a book that has none; otherwise the kept book's stay.

    Texts that name a chapter that is gone still give away as much as before.
    """
    if not queries.keys_where(SECTION, SECTION.c.book_id == kept_id):
        record.move(SECTION.c.book_id, gone_id, kept_id)
        return
    for section in queries.rows_where(SECTION, SECTION.c.book_id == gone_id):
        # Starts go before their chapter, so that undoing, which goes backwards, restores the chapter first.
        for start in queries.rows_where(START, START.c.section_id == section["id"]):
            record.fold(START, start)
        record.fold(SECTION, section)


def _fill_gaps(record: Record, kept: Row, gone: Row) -> None:
    """Copy tags, adaptations and values that the kept book lacks."""
    mine = queries.rows_where(TAGGING, TAGGING.c.book_id == kept["id"])
    known, place = {row["tag_id"] for row in mine}, max((row["place"] for row in mine), default=-1)
    for row in sorted(queries.rows_where(TAGGING, TAGGING.c.book_id == gone["id"]), key=itemgetter("place")):
        record.fold(TAGGING, row)
        # With more tags than its form allows, the book could not be edited any more.
        if row["tag_id"] not in known and len(known) < MAX_TAGS:
            known.add(row["tag_id"])
            place += 1
            record.make(TAGGING, {**row, "book_id": kept["id"], "place": place})
    record.follow(ADAPTATION.c.book_id, gone["id"], kept["id"], "title", "year", "kind")
    values: dict[str, Any] = {name: gone[name] for name in FILLED if not kept[name] and gone[name]}
    # A number belongs to its series, and not to another one's name.
    if "series" not in values:
        values.pop("series_number", None)
    # A stored spoiler comes out of the database hidden. ``to_json`` gives the words as they were typed.
    if not to_json(kept["description"]):
        # The three belong together: HTML is only served with the version of the renderer that made it.
        described = ("description", "description_html", "renderer_version")
        values |= {name: gone[name] for name in described if to_json(gone["description"])}
    # Many readers are in both numbers, so a sum would count them twice.
    values["known_readers"] = max(kept["known_readers"], gone["known_readers"])
    record.change(BOOK, kept, values)
