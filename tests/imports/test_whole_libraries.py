"""Whole files in every format: no row is lost in silence, and what was changed here is never undone."""

from __future__ import annotations

import re
from io import BytesIO
from random import Random

import pytest
from sqlalchemy import select

from bookclub.archive.queries import library_of
from bookclub.books.models import Book
from bookclub.extensions import begin_write, db, utcnow
from bookclub.imports.models import ImportedReading
from bookclub.imports.recorded_values import values_of
from bookclub.lib.library_files.entries import LibraryEntry
from bookclub.lib.library_files.library_csv import library_csv
from bookclub.lib.library_files.reader import open_library
from bookclub.lib.text.keys import key_of
from bookclub.readings.models import OwnTag, Reading, ReadThrough
from bookclub.reviews.models import ReviewDraft
from tests.imports.libraries import WRITERS, records

# Each format with a library of its own, of sixty rows that chance has put together.
LIBRARIES = pytest.mark.parametrize(
    ("write", "seed"), [(write, seed) for seed, write in enumerate(WRITERS.values(), 1)], ids=WRITERS
)


@pytest.fixture
def take(take_file, bob):
    """``take(text)`` takes a file in as Bob's; its rows with what came of them."""

    return lambda text, name="library.csv": take_file(bob, text, name)


def every(model):
    return db.session.execute(select(model)).scalars().all()


def standing(app):
    """All that an import can change, to be compared."""
    with app.app_context():
        readings = {reading.id: reading for reading in every(Reading)}
        book_of = {id: reading.book_id for id, reading in readings.items()}
        books = db.session.execute(
            select(Book.id, Book.title, Book.rating_count, Book.rating_sum, Book.description)
        )
        return {
            "books": sorted(map(tuple, books)),
            "readings": sorted(
                (
                    one.book_id,
                    one.status or "",
                    one.rating or 0,
                    str(one.started_on),
                    str(one.finished_on),
                    one.times_read or 0,
                    one.notes or "",
                    one.mark,
                    one.changed_at,
                )
                for one in readings.values()
            ),
            "throughs": sorted(
                (book_of[one.reading_id], str(one.started_on), str(one.finished_on))
                for one in every(ReadThrough)
            ),
            "tags": sorted((book_of[tag.reading_id], tag.name_key) for tag in every(OwnTag)),
            "drafts": sorted((draft.book_id, draft.body) for draft in every(ReviewDraft)),
            "said": sorted((one.book_id, str(sorted(one.said.items()))) for one in every(ImportedReading)),
        }


def changes_between(before, after):
    """What stands here no more, and what is new; what is remembered of files may change."""
    names = before.keys() - {"said"}
    return [
        (name, sorted(set(before[name]) ^ set(after[name])))
        for name in sorted(names)
        if before[name] != after[name]
    ]


def words(text):
    return re.findall(r"\w+", text)


def missing_from(app, row, entry, what):
    """What of a row is neither here nor told in its report."""
    stands = {
        name: [one[1:] for one in rows if one[0] == row.book_id]
        for name, rows in what.items()
        if name != "said"
    }
    (reading,) = stands["readings"]
    said = values_of(entry, {})
    days = {str(day) for pair in stands["throughs"] for day in pair} | {reading[2], reading[3]}
    kept = words(
        " ".join((reading[5], *(body for (body,) in stands["drafts"]), *(one[-1] for one in stands["books"])))
    )
    for pair in (*said.earlier, (said.started_on, said.finished_on)):
        yield from (f"day {day}" for day in pair if day and str(day) not in days)
    if said.rating not in (None, reading[1]) and f"{said.rating / 2:g}" not in row.reason:
        yield f"rating {said.rating}"
    for name in ("review", "notes"):
        text = getattr(said, name)
        if not set(words(text)) <= set(kept) and "left out" not in row.reason:
            yield f"{name} {text}"
    missing = {key_of(tag) for tag in said.tags} - {tag for (tag,) in stands["tags"]}
    yield from (f"tag {tag}" for tag in missing)


@LIBRARIES
def test_no_row_is_lost_in_silence_and_the_same_file_changes_nothing(app, take, write, seed):
    text = write(records(seed))
    entries = {row.number: row for row in open_library(BytesIO(text.encode())).rows}

    rows = take(text)

    assert [row.number for row in rows] == sorted(entries)
    what = standing(app)
    is_repeated = len({row.book_id for row in rows if row.book_id}) < sum(
        row.book_id is not None for row in rows
    )
    assert is_repeated or write is WRITERS["clippings"], "some rows are about one book"
    first_of = {}
    for row in rows:
        entry = entries[row.number]
        assert row.state in ("taken", "merged", "kept", "same", "skipped"), row.number
        assert row.reason
        if row.state == "skipped":
            continue
        assert row.book_id
        assert isinstance(entry, LibraryEntry)
        assert list(missing_from(app, row, entry, what)) == [], (row.number, row.title, row.reason)
        if row.book_id in first_of:
            assert f"Row {first_of[row.book_id]} is about the same book." in row.reason
        first_of.setdefault(row.book_id, row.number)

    again = take(text)
    assert standing(app) == what
    assert {row.state for row in again} <= {"same", "skipped", "kept"}
    assert [(row.state, row.book_id) for row in again if row.state == "skipped"] == [
        (row.state, row.book_id) for row in rows if row.state == "skipped"
    ]
    third = take(text)
    assert standing(app) == what
    assert [row.reason for row in third] == [row.reason for row in again]


CHANGES = {
    "status": lambda dice, reading: setattr(
        reading, "status", dice.choice(("to_read", "reading", "did_not_finish"))
    ),
    "started_on": lambda dice, reading: setattr(
        reading, "started_on", dice.choice((None, reading.finished_on))
    ),
    "times_read": lambda dice, reading: setattr(reading, "times_read", dice.choice((1, 4))),
    "rating": lambda dice, reading: setattr(reading, "rating", dice.choice((None, 2, 7, 9))),
    "finished_on": lambda dice, reading: setattr(
        reading, "finished_on", dice.choice((None, utcnow().date()))
    ),
    "notes": lambda dice, reading: setattr(reading, "notes", dice.choice(("", "Mine."))),
}


@LIBRARIES
def test_importing_again_never_undoes_what_was_changed_here(app, take, write, seed):
    dice, text = Random(seed), write(records(seed))
    take(text)
    with app.app_context():
        begin_write()
        readings = db.session.execute(select(Reading).order_by(Reading.id)).scalars().all()
        for reading in readings:
            counted = reading.public_rating
            CHANGES[dice.choice(list(CHANGES))](dice, reading)
            db.session.get_one(Book, reading.book_id).count_rating(counted, reading.public_rating)
        for model in (OwnTag, ReadThrough, ReviewDraft):
            for one in db.session.execute(select(model).order_by(model.id)).scalars():
                if dice.random() < 0.3:
                    db.session.delete(one)
        for draft in db.session.execute(select(ReviewDraft)).scalars():
            if dice.random() < 0.3:
                draft.body = "Mine, by now."
        db.session.commit()
    what = standing(app)

    for _ in range(2):
        rows = {row.book_id: (row.title, row.reason) for row in take(text)}

        for name, differing in changes_between(what, standing(app)):
            print(name, *((one, rows[one[0]]) for one in differing), sep="\n  ")
        assert changes_between(what, standing(app)) == []


@pytest.mark.databases("sqlite", "postgresql")
def test_what_is_taken_away_again_comes_back_as_nothing_new(app, bob, take):
    take(WRITERS["goodreads"](records(seed=8)))
    what = standing(app)
    with app.app_context():
        own = "".join(library_csv(library_of(bob.id)))

    rows = take(own)

    assert changes_between(what, standing(app)) == []
    assert {row.state for row in rows} <= {"same", "kept"}
