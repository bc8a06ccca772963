"""Calibre's catalogue: books that somebody owns, and descriptions that are offered to the club."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from bookclub.books.models import Book, BookEdit
from bookclub.extensions import db
from bookclub.imports.models import Import
from bookclub.imports.recorded_values import values_of
from bookclub.imports.shelf_choices import ShelfCount
from bookclub.lib.library_files.entries import Form
from bookclub.lib.library_files.reader import open_library
from bookclub.lib.library_files.rows import OTHERS_RATING, PUBLISHERS
from bookclub.readings.models import Reading
from bookclub.reviews.models import ReviewDraft
from tests.factories import make_author, make_book

HEADER = (
    "author_sort,authors,comments,identifiers,languages,pubdate,publisher,rating,series,series_index,tags,"
    "timestamp,title,title_sort,uuid"
)


def line(**told):
    cells = {"authors": "Jane Roe", "title": "Looms", "pubdate": "2001-05-06T00:00:00+00:00", **told}
    return ",".join('"' + str(cells.get(name, "")).replace('"', '""') + '"' for name in HEADER.split(","))


def catalogue(*lines, header=HEADER):
    return "\n".join((header, *lines, ""))


def only(text):
    library = open_library(BytesIO(text.encode()))
    assert library.form is Form.CALIBRE
    (entry,) = library.rows
    return entry


@pytest.mark.parametrize(
    ("told", "name", "value"),
    [
        ({"authors": "Jane Roe & John Doe"}, "authors", ("Jane Roe", "John Doe")),
        ({"authors": "Jane Roe&John Doe"}, "authors", ("Jane Roe", "John Doe")),
        ({"authors": "Loom && Sons & Jane Roe"}, "authors", ("Loom & Sons", "Jane Roe")),
        ({"authors": "John Doe| Jr."}, "authors", ("John Doe, Jr.",)),
        ({"series": "Threads", "series_index": "2.0"}, "series_number", 2.0),
        ({"series": "Threads", "series_index": "2.5"}, "series_number", 2.5),
        ({"series": "Threads", "series_index": "2,5"}, "series_number", 2.5),
        ({"series": "", "series_index": "1.0"}, "series_number", None),
        ({"pubdate": "0101-01-01T00:00:00+00:00"}, "year", None),
        ({"pubdate": "0101-01-01 00:00:00"}, "year", None),
        ({"pubdate": "0100-12-31T19:00:00-05:00"}, "year", None),
        ({"pubdate": "2001-05-06T00:00:00+00:00"}, "year", 2001),
        ({"identifiers": "amazon:B00,isbn:9780441172696"}, "isbns", ("9780441172696",)),
        ({"identifiers": "google:x"}, "isbns", ()),
        ({"rating": "4"}, "rating", None),
        ({"timestamp": "2020-01-01"}, "times", ()),
    ],
)  # fmt: skip
def test_a_catalogue_is_read_as_calibre_writes_it(told, name, value):
    entry = only(catalogue(line(**told)))

    assert getattr(entry, name) == value
    assert (OTHERS_RATING in entry.problems) == ("rating" in told)


@pytest.mark.parametrize("tags", ["Crime, Yarn", "Read", "Finished, Crime", "DNF", "Currently Reading", ""])
@pytest.mark.parametrize("rating", ["", "5"])
def test_nothing_in_a_catalogue_has_been_read(tags, rating):
    said = values_of(only(catalogue(line(tags=tags, rating=rating, comments="<p>Taut.</p>"))), {})

    assert (said.status, said.times_read, said.rating, said.review) == ("to_read", 0, None, "")
    assert "owned" in said.tags
    assert set(filter(None, tags.split(", "))) <= set(said.tags)


def test_a_member_may_say_what_a_tag_means():
    entry = only(catalogue(line(tags="Read, Crime")))
    shelves = ShelfCount()
    shelves.add(entry)

    assert {shelf["name"]: shelf["becomes"] for shelf in shelves.kept()} == dict.fromkeys(entry.tags, "tag")
    assert values_of(entry, {"Read": "finished"}).status == "finished"


@pytest.mark.parametrize(
    "header",
    [
        "title,authors,comments,series,series_index,tags",
        "title,authors,comments,pubdate,rating",
        "Title,Author(s),Comments,#read,#shelf,Tags",
        "id,title,authors,comments,uuid,rating",
    ],
)
def test_a_catalogue_of_a_few_columns_is_known(header):
    cells = {
        "title": "Looms",
        "authors": "Jane Roe",
        "author(s)": "Jane Roe",
        "comments": "Taut.",
        "#read": "True",
    }
    row = ",".join(cells.get(name.lower(), "") for name in header.split(","))

    entry = only(f"{header}\n{row}\n")

    assert (entry.review, entry.description) == ("", f"Taut.\n\n{PUBLISHERS}")


@pytest.mark.parametrize(
    ("comments", "description"),
    [
        ("<div><p>One <b>bold</b> thread.</p><p>Two.</p></div>", "One **bold** thread.\n\nTwo."),
        ("Plain * words", "Plain \\* words"),
        ("<script>alert(1)</script><p>Taut.</p>", "Taut."),
    ],
)
def test_a_description_becomes_markdown_and_says_whose_it_is(comments, description):
    assert only(catalogue(line(comments=comments))).description == f"{description}\n\n{PUBLISHERS}"


@pytest.mark.parametrize(
    ("comments", "words"),
    [("The weaver <spoiler>dies</spoiler>.", "hides a spoiler"), ("long " * 3000, "longer than 10,000")],
)
def test_a_description_that_cannot_be_shown_is_left_out_and_told(comments, words):
    entry = only(catalogue(line(comments=comments)))

    assert entry.description == ""
    assert words in " ".join(map(str, entry.problems))


@pytest.fixture
def take(take_file):
    """``take(bob, text)`` brings a file and takes it in; what came of its rows, as (state, why)."""

    def take(member, text, **choices):
        rows = take_file(member, text, "metadata.csv", **choices)
        return [(row.state, row.reason) for row in rows]

    return take


def described(app):
    with app.app_context():
        books = db.session.execute(select(Book).order_by(Book.id)).scalars()
        return {book.title: (book.description, book.description_html) for book in books}


LOOMS = catalogue(line(comments="<p>A <i>taut</i> tale.</p>"))
TEXT, HTML = f"A *taut* tale.\n\n{PUBLISHERS}", '<p dir="auto">A <em>taut</em> tale.</p>'


@pytest.mark.databases("sqlite", "postgresql")
def test_a_new_book_gets_its_description_and_nobody_a_review(app, bob, take):
    ((state, _),) = take(bob, LOOMS)

    assert state == "taken"
    text, html = described(app)["Looms"]
    assert text == TEXT
    assert html.startswith(HTML)
    with app.app_context():
        assert db.session.execute(select(ReviewDraft)).all() == []
        assert [reading.status for reading in db.session.execute(select(Reading)).scalars()] == ["to_read"]


def test_a_book_without_a_description_gets_it_and_the_log_says_so(app, bob, save, take):
    save(make_book("Looms", author="Jane Roe"))

    ((_, why),) = take(bob, LOOMS)

    assert "had no description, and has the file’s now" in why
    assert described(app)["Looms"][0] == TEXT
    with app.app_context():
        (edit,) = db.session.execute(select(BookEdit)).scalars()
        assert (edit.member_id, edit.changes) == (bob.id, {"description": ["", TEXT]})
    assert take(bob, LOOMS) == [("same", "Nothing new.")]


def test_a_description_that_is_there_or_was_taken_away_is_the_clubs(app, bob, alice, save, take):
    author = make_author("Jane Roe")
    save(make_book("Looms", author=author, description="Ours."))
    threads = save(make_book("Threads", author=author))
    save(BookEdit(book_id=threads.id, member_id=alice.id, changes={"description": ["Theirs.", ""]}))

    take(bob, catalogue(line(comments="New."), line(title="Threads", comments="New.")))

    assert {title: text for title, (text, _) in described(app).items()} == {"Looms": "Ours.", "Threads": ""}


def test_descriptions_may_be_left_out(app, bob, save, take):
    save(make_book("Threads", author="Jane Roe"))

    take(
        bob,
        catalogue(line(comments="New."), line(title="Threads", comments="New.")),
        gives_descriptions=False,
    )

    assert {text for text, _ in described(app).values()} == {""}


def test_a_list_of_books_brings_descriptions_as_they_are(app, olive, take):
    text = "title,author,description\nLooms,Jane Roe,A taut tale.\n"

    ((state, _),) = take(olive, text)

    assert (state, described(app)["Looms"][0]) == ("taken", "A taut tale.")


@pytest.fixture
def send(visit):
    """``send(bob, text)`` brings a file as Bob; his client."""

    def send(member, text):
        client = visit(member)
        client.post("/imports/new", data={"file": (BytesIO(text.encode()), "metadata.csv")})
        return client

    return send


def test_the_member_chooses_before_it_starts(app, bob, send):
    client = send(bob, LOOMS)
    assert "Descriptions in the file" in client.get("/imports/1").text
    assert '<option value="give" selected>' in client.get("/imports/1").text

    assert client.post("/imports/1/mapping", data={"descriptions": "leave"}).status_code == 303

    assert '<option value="leave" selected>' in client.get("/imports/1").text
    with app.app_context():
        assert not db.session.get_one(Import, 1).gives_descriptions
    assert client.post("/imports/1/start", data={"descriptions": "publish"}).status_code == 422


def test_a_file_without_descriptions_asks_nothing(bob, send):
    assert "Give them to the catalogue" not in send(bob, catalogue(line())).get("/imports/1").text
