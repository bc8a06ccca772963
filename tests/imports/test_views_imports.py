"""Bringing a file through the pages: the file, the preview, the choices, the run and its report."""

from __future__ import annotations

import csv
import io
from io import BytesIO

import pytest
from sqlalchemy import select

from bookclub.config import SMALL
from bookclub.extensions import db, utcnow
from bookclub.imports import views as imports_views
from bookclub.imports.models import Import
from bookclub.jobs import Job, run_due_jobs
from bookclub.readings.models import Reading
from tests.factories import make_book

HEADER = (
    "Title,Author,ISBN13,My Rating,Date Read,Date Added,Bookshelves,Exclusive Shelf,My Review,Read Count\n"
)
LIBRARY = (
    HEADER + 'Emma,Jane Austen,"=""9780141439587""",4,2019/03/07,2018/12/01,favourites,read,Quiet.,1\n'
    "Dune,Frank Herbert,,0,,2018/12/01,,to-read,,0\n"
    "=1+1,Nobody Known,,0,,2018/12/01,,put-away,,0\n"
    ",Nobody Known,,0,,2018/12/01,,read,,0\n"
).encode()
BOOKLIST = b"title,author,year,tags\nEmma,Jane Austen,1815,classic\n"


@pytest.fixture
def send(visit):
    """``send(bob, LIBRARY)`` brings a file as Bob; his client, and the answer."""

    def send(member, content, name="library.csv"):
        client = visit(member)
        answer = client.post(
            "/imports/new", data={"file": (BytesIO(content), name)}, content_type="multipart/form-data"
        )
        return client, answer

    return send


@pytest.mark.databases("sqlite", "postgresql")
def test_a_file_is_looked_at_first_and_taken_in_when_told(app, save, bob, send):
    save(make_book("Emma", author="Jane Austen"))
    client, answer = send(bob, LIBRARY)
    assert answer.status_code == 303
    address = answer.location

    page = client.get(address).text
    assert "The club has 1 of these books already. 2 are new" in page
    assert "put-away" in page
    assert "favourites" in page
    with app.app_context():
        assert db.session.execute(select(Reading)).first() is None

    index = page.index("<b>put-away</b>")
    field = page[:index].rpartition('for="')[2].partition('"')[0]
    assert client.post(f"{address}/mapping", data={field: "did_not_finish"}).status_code == 303
    assert '<option value="did_not_finish" selected>' in client.get(address).text
    assert client.post(f"{address}/start", data={field: "did_not_finish"}).status_code == 303
    going = client.get(address).text
    assert "1 of 4 rows" in going
    assert 'hx-trigger="every 2s"' in going
    run_due_jobs(app, utcnow())

    page = client.get(address).text
    assert "3 taken, 1 skipped" in page
    assert 'href="/drafts"' in page
    skipped = client.get(f"{address}?outcome=skipped").text
    assert "row-5" in skipped
    assert "row-2" not in skipped
    with app.app_context():
        statuses = db.session.execute(select(Reading.status).order_by(Reading.id)).scalars().all()
    assert statuses == ["finished", "to_read", "did_not_finish"]


def test_the_report_is_a_table_without_formulas(app, bob, send):
    client, answer = send(bob, LIBRARY)
    client.post(f"{answer.location}/start")
    run_due_jobs(app, utcnow())

    report = client.get(f"{answer.location}/report.csv")

    rows = list(csv.reader(io.StringIO(report.text)))
    assert rows[0] == ["Row", "Title", "Authors", "Outcome", "Why", "Book"]
    assert [row[3] for row in rows[1:]] == ["Taken", "Taken", "Taken", "Skipped"]
    assert rows[1][5] == "http://localhost/books/emma"
    assert rows[3][1] == "'=1+1"
    assert report.headers["Cache-Control"] == "no-store"


def test_an_import_is_its_members_alone(bob, alice, olive, visit, visitor, send):
    _, answer = send(bob, LIBRARY)
    address = answer.location

    for stranger in (visit(alice), visit(olive)):
        assert stranger.get(address).status_code == 404
        assert stranger.get(f"{address}/report.csv").status_code == 404
        for step in ("mapping", "start", "stop", "deletion"):
            assert stranger.post(f"{address}/{step}").status_code == 404
        assert "library.csv" not in stranger.get("/imports").text
    assert visitor.get(address).status_code == 303
    assert "library.csv" in visit(bob).get("/imports").text


def test_an_import_is_stopped_continued_and_forgotten(app, bob, send):
    client, answer = send(bob, LIBRARY)
    client.post(f"{answer.location}/start")
    client.post(f"{answer.location}/stop")
    assert "Stopped." in client.get(answer.location).text
    run_due_jobs(app, utcnow())
    with app.app_context():
        assert db.session.execute(select(Reading)).first() is None

    client.post(f"{answer.location}/start")
    run_due_jobs(app, utcnow())
    assert "Finished." in client.get(answer.location).text

    assert client.post(f"{answer.location}/deletion").status_code == 303
    assert client.get(answer.location).status_code == 404
    with app.app_context():
        assert len(db.session.execute(select(Reading)).all()) == 3


def test_an_import_whose_job_was_given_up_can_be_started_again(app, bob, send):
    client, answer = send(bob, LIBRARY)
    client.post(f"{answer.location}/start")
    with app.app_context():
        db.session.connection(execution_options={"writes": True})
        job = db.session.execute(select(Job).where(Job.kind == "import")).scalar_one()
        job.failed_at, job.started_at = utcnow(), utcnow()
        db.session.commit()

    assert "so the import has paused" in client.get(answer.location).text
    client.post(f"{answer.location}/start")
    run_due_jobs(app, utcnow())
    assert "Finished." in client.get(answer.location).text


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"\x89PNG\r\n\x1a\n" + bytes(200), ""), (HEADER.encode(), "no books")],
    ids=["empty", "a picture", "a header alone"],
)
def test_what_is_no_library_is_refused_in_words(app, bob, send, content, words):
    _, answer = send(bob, content)

    assert answer.status_code == 422
    assert words in answer.text
    assert 'class="error" id="file-error"' in answer.text
    with app.app_context():
        assert db.session.execute(select(Import)).first() is None


def test_no_file_at_all_is_refused(bob, visit):
    answer = visit(bob).post("/imports/new", data={})

    assert answer.status_code == 422
    assert "Choose the file first." in answer.text


def test_only_this_page_takes_large_files_and_refuses_larger_ones_in_words(app, strict_visit, bob):
    client = strict_visit(bob)
    token = client.get("/imports/new").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    file = (BytesIO(LIBRARY + b"\n" * SMALL), "library.csv")

    larger_than_a_form = client.post("/imports/new", data={"csrf_token": token, "file": file})
    too_large = client.post(
        "/imports/new", environ_overrides={"CONTENT_LENGTH": str(imports_views.LARGEST + 1)}
    )
    elsewhere = client.post("/settings", data={"csrf_token": token, "about": "x" * 2 * SMALL})

    assert larger_than_a_form.status_code == 303
    assert too_large.status_code == elsewhere.status_code == 413
    assert "A file may have 32 MB" in too_large.text
    assert "This form takes at most 5,000 characters." in elsewhere.text


def test_a_list_of_books_is_for_organisers(app, bob, olive, send):
    _, refused = send(bob, BOOKLIST)
    assert refused.status_code == 422
    assert "Only organisers can import it" in refused.text

    client, answer = send(olive, BOOKLIST)
    client.post(f"{answer.location}/start")
    run_due_jobs(app, utcnow())

    assert "Added to the catalogue." in client.get(answer.location).text
    assert "classic" in client.get("/books/emma").text


def test_nobody_keeps_imports_without_end(app, bob, send, monkeypatch):
    monkeypatch.setattr(imports_views, "MOST_IMPORTS", 1)
    assert send(bob, LIBRARY)[1].status_code == 303

    _, answer = send(bob, LIBRARY)

    assert answer.status_code == 422
    assert "Delete it first." in answer.text


def test_a_meaning_that_there_is_not_is_refused(bob, send):
    client, answer = send(bob, LIBRARY)

    refused = client.post(f"{answer.location}/start", data={"shelves-0": "burnt"})

    assert refused.status_code == 422
    assert "Choose one of the meanings" in refused.text


def test_a_page_of_rows_takes_as_many_statements_for_300_rows_as_for_3(app, bob, send, statements):
    taken = []
    for many in (3, 300):
        rows = "".join(f"Book {at},Writer {at},,5,,2018/12/01,,read,,1\n" for at in range(many))
        client, answer = send(bob, (HEADER + rows).encode())
        client.get(answer.location)
        with statements() as sent:
            page = client.get(answer.location)
        assert page.status_code == 200
        taken.append(len(sent))

    assert "Show the next rows" in page.text
    assert taken[0] == taken[1]
