"""The round trip: a member's library, exported, comes back in an empty club as it was."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bookclub.books.models import Author, Book
from bookclub.exports.queries.library import library_of
from bookclub.extensions import begin_write, db, utcnow
from bookclub.imports.models import Import, ImportedReading
from bookclub.jobs import work_off
from bookclub.readings.models import OwnTag, ReadThrough
from bookclub.readings.rules import END
from tests.factories import make_book, make_reading, make_review

BOOKS = {
    "Emma": ("Jane Austen", "9780141439587"),
    "Never Let Me Go": ("Kazuo Ishiguro", "9780571224142"),
    "=Formulas": ("@Home", None),
    "Die Verwandlung": ("Franz Kafka", None),
    "Les Misérables": ("Victor Hugo", None),
    "The Left Hand of Darkness": ("Ursula K. Le Guin", "9780441478125"),
    "百年の孤独": ("ガブリエル・ガルシア＝マルケス", None),
}
DAYS = st.dates(date(1950, 1, 1), date(2026, 1, 1))
WORDS = st.sampled_from(["Quiet.", "- a list\n- of ||secrets||", "# Loud\n\n<b>&amp;</b> “so”", "=1+1", ""])


@st.composite
def readings(draw):
    """What a member may keep of one book, as the club itself would let them."""
    status = draw(st.sampled_from(["to_read", "reading", "finished", "did_not_finish"]))
    days = sorted(draw(st.lists(DAYS, min_size=6, max_size=6, unique=True)))
    earlier = [(days[0], days[1]), (None, days[2])][: draw(st.integers(0, 2))]
    last = {
        "to_read": (None, None),
        "reading": (days[3], None),
        "finished": draw(st.sampled_from([(days[4], days[5]), (None, days[5])])),
        "did_not_finish": (days[4], None),
    }[status]
    return {
        "status": status,
        "rating": draw(st.none() | st.integers(1, 10)),
        "started_on": last[0],
        "finished_on": last[1],
        "times_read": len(earlier) + (status == "finished"),
        "notes": draw(WORDS),
        "earlier": earlier,
        "tags": draw(
            st.lists(st.sampled_from(["favourites", "-x", "Zürich", "to-lend"]), max_size=2, unique=True)
        ),
        "is_private": draw(st.booleans()),
        "review": draw(WORDS),
        "summary": draw(st.sampled_from(["", "In a word: yes.", "=1"])),
        "horizon": draw(st.sampled_from([0, 0, 5000, END])),
    }


def empty(app):
    with app.app_context():
        begin_write()
        for model in (Import, ImportedReading, Book, Author):
            db.session.execute(delete(model))
        db.session.commit()


def keep(save, member, title, kept):
    author, isbn = BOOKS[title]
    book = save(make_book(title, author=author, isbn=isbn))
    columns = {
        name: kept[name] for name in ("started_on", "finished_on", "times_read", "notes", "is_private")
    }
    position = END if kept["status"] == "finished" else None
    reading = make_reading(
        member, book, status=kept["status"], position=position, rating=kept["rating"], **columns
    )
    reading = save(reading)
    rows = [
        ReadThrough(reading_id=reading.id, started_on=one, finished_on=other)
        for one, other in kept["earlier"]
    ]
    rows += [OwnTag(reading_id=reading.id, name=name) for name in kept["tags"]]
    if kept["review"]:
        rows.append(
            make_review(
                member,
                book,
                kept["review"],
                horizon=kept["horizon"],
                title="-- What I thought",
                summary=kept["summary"],
            )
        )
    if rows:
        save(*rows)


def libraries(app, member):
    with app.app_context():
        return {book.title: book for book in library_of(member.id)}


def told(book):
    """A review comes back as a draft, open or for those who have finished; days of changes are new."""
    has_spoilers = bool(book.horizon or book.has_spoilers)
    horizon = None if not book.review else END if has_spoilers else 0
    return replace(book, changed_on=None, horizon=horizon, has_spoilers=has_spoilers)


@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(kept=st.dictionaries(st.sampled_from(sorted(BOOKS)), readings(), min_size=2, max_size=7))
def test_a_library_comes_back_in_an_empty_club_as_it_was(app, visit, save, alice, kept):
    empty(app)
    for title, of_book in kept.items():
        keep(save, alice, title, of_book)
    before = libraries(app, alice)
    assert len(before) == len(kept)
    client = visit(alice)
    for path, name in (("/my-library.csv", "library.csv"), ("/my-data.zip", "bookclub.zip")):
        sent = client.get(path, buffered=True).data
        empty(app)
        assert libraries(app, alice) == {}

        staged = client.post("/imports/new", data={"file": (io.BytesIO(sent), name)})
        assert staged.status_code == 303, staged.text
        assert client.post(f"{staged.location}/start").status_code == 303
        work_off(app, utcnow())

        after = libraries(app, alice)
        assert {title: told(book) for title, book in after.items()} == {
            title: told(book) for title, book in before.items()
        }
