"""The round trip: a member's library, exported, comes back in an empty club as it was."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bookclub.archive.queries import library_of
from bookclub.books.models import Author, Book
from bookclub.extensions import begin_write, db, utcnow
from bookclub.imports.models import Import, ImportedReading
from bookclub.jobs import run_due_jobs
from bookclub.lib.positions.places import END
from bookclub.readings.models import OwnTag, ReadThrough
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
    status = draw(st.sampled_from([None, "to_read", "reading", "finished", "did_not_finish"]))
    days = sorted(draw(st.lists(DAYS, min_size=6, max_size=6, unique=True)))
    earlier = [(days[0], days[1]), (None, days[2])][: draw(st.integers(0, 2))]
    last = {
        None: (None, None),
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

        take_in(app, client, sent, name)

        after = libraries(app, alice)
        assert {title: told(book) for title, book in after.items()} == {
            title: told(book) for title, book in before.items()
        }


def take_in(app, client, sent, name):
    staged = client.post("/imports/new", data={"file": (io.BytesIO(sent), name)})
    assert staged.status_code == 303, staged.text
    assert client.post(f"{staged.location}/start").status_code == 303
    run_due_jobs(app, utcnow())


FOREIGN = {
    "goodreads": (
        "Title,Author,ISBN13,My Rating,Average Rating,Original Publication Year,Date Read,Bookshelves,"
        "Exclusive Shelf,My Review,Private Notes,Read Count\n"
        'Messiah of Sand (Sand  #2),Frank Hobart,="9780441172696",4,4.2,1965,2019/03/07,"sci-fi, to-own",'
        'read,"So <b>good</b>!<br/><spoiler>dies</spoiler>",my note,2\n'
        "Emma,Jane Austen,,0,4,1815,,,to-read,,,0\n"
    ),
    "storygraph": (
        "Title,Authors,Contributors,ISBN/UID,Format,Read Status,Date Added,Last Date Read,Dates Read,"
        "Read Count,Moods,Pace,Star Rating,Review,Tags,Owned?\n"
        "Emma,Jane Austen,,,paperback,read,2023/01/01,2023/02/03,"
        '"2021/05/01-2021/06/01, 2023/01/02-2023/02/03",2,funny,slow,4.25,'
        '<div>Quiet.</div>,"comfort, england",No\n'
        "Dune,Frank Herbert,,,audio,did-not-finish,2023/01/01,,,0,,,,,,No\n"
    ),
    "librarything": (
        "Book Id\tTitle\tSort Character\tPrimary Author\tDate\tRating\tReview\tPrivate Comment\tCollections\t"
        "Tags\tDate Started\tDate Read\tISBN\n"
        "1\tEmma\t1\tAusten, Jane\t1815\t3.5\tBadly done.\tLent.\tRead\tcomedy\t2019-01-02\t2019-03-04\t\n"
    ),
    "bookwyrm": (
        "title,author_text,remote_id,openlibrary_key,isbn_13,start_date,finish_date,stopped_date,shelf,shelf_name,"
        "shelf_date,rating,review_name,review_cw,review_content,review_published\n"
        "Emma,Jane Austen,https://a.example/1,,9780141439587,2022-01-02,2022-02-03,,read,Read,2022-02-03,4.5,"
        "Badly done,,*Quiet*.,2022-02-04\n"
    ),
    "hardcover": (
        "Title,Author,Hardcover Book ID,Hardcover Edition ID,Status,Rating,Date Started,Date Finished,Review,"
        "Review Contains Spoilers,Private Notes,Read Count\n"
        "Emma,Jane Austen,1,2,Read,4.5,2022-01-02,2022-02-03,She marries.,true,Again in May.,1\n"
    ),
}


@pytest.mark.parametrize("form", FOREIGN)
def test_what_came_from_elsewhere_goes_on_to_another_club_as_it_is_here(app, visit, alice, form):
    client = visit(alice)
    take_in(app, client, FOREIGN[form].encode(), "library.csv")
    with app.app_context():
        assert db.session.execute(select(Import.form)).scalars().all() == [form]
    before = libraries(app, alice)
    assert "Emma" in before
    sent = client.get("/my-data.zip", buffered=True).data
    empty(app)

    take_in(app, client, sent, "bookclub.zip")

    after = libraries(app, alice)
    assert {title: told(book) for title, book in after.items()} == {
        title: told(book) for title, book in before.items()
    }
