"""What becomes of the rows of a file: readings, drafts, new books; and that none is taken twice or half."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from bookclub import jobs as bookclub_jobs
from bookclub.books.models import Book
from bookclub.cli.imports import import_
from bookclub.config import Settings
from bookclub.extensions import begin_write, db, utcnow
from bookclub.imports import actions as imports_actions
from bookclub.imports import jobs as imports_jobs
from bookclub.imports import queries as imports_queries
from bookclub.imports import reading_merge
from bookclub.imports.models import Import, ImportRow
from bookclub.jobs import LOST_AFTER, Job, enqueue, run_due_jobs
from bookclub.lib.library_files.entries import Form, Skipped
from bookclub.lib.positions.places import END
from bookclub.lib.text.remarks import remark
from bookclub.notices.models import Notice
from bookclub.readings.models import OwnTag, Promise, Reading, ReadThrough
from bookclub.reviews.models import Review, ReviewDraft
from tests.factories import make_book, make_reading
from tests.imports.conftest import entry, outcomes

EMMA = {
    "shelf": "read",
    "rating": 9,
    "times": ((date(2015, 3, 1), date(2015, 3, 9)), (None, date(2020, 5, 5))),
    "times_read": 2,
    "tags": ("favourites",),
    "notes": "Lent to Ann.",
    "review": "Quiet, and then not.",
    "has_spoilers": True,
    "year": 1815,
    "isbns": ("9780141439587",),
}


def every(model):
    return db.session.execute(select(model).order_by(model.id)).scalars().all()


@pytest.mark.databases("sqlite", "postgresql")
def test_a_row_becomes_a_book_a_reading_and_a_draft(app, bob, take_in):
    assert take_in(bob, entry(**EMMA)) == [
        (
            "taken",
            "Finished, 4.5 stars, 1 tag and the review as a draft. The book is new in the catalogue.",
        )
    ]

    with app.app_context():
        (book,), (reading,), (draft,) = every(Book), every(Reading), every(ReviewDraft)
        assert (book.title, book.first_published, book.added_by_id) == ("Emma", 1815, bob.id)
        assert (book.rating_count, book.rating_sum, book.rating_rank) == (1, 9, 9000)
        assert (reading.status, reading.position, reading.mark, reading.rating) == ("finished", END, END, 9)
        assert (reading.finished_on, reading.times_read) == (date(2020, 5, 5), 2)
        assert (reading.notes, reading.seen_mark) == ("Lent to Ann.", END)
        (through,), (tag,) = every(ReadThrough), every(OwnTag)
        assert (through.started_on, through.finished_on) == (date(2015, 3, 1), date(2015, 3, 9))
        assert tag.name == "favourites"
        assert (draft.body, draft.has_spoilers) == ("Quiet, and then not.", True)
        assert every(Review) == every(Notice) == []
        # What the rows said is forgotten, once it stands where it belongs.
        assert [row.entry for row in db.session.execute(select(ImportRow)).scalars()] == [{}]


@pytest.mark.databases("sqlite", "postgresql")
def test_the_same_file_again_brings_nothing_new(app, bob, take_in):
    rows = [entry(**EMMA), entry(3, "Dune", "Frank Herbert", shelf="to-read"), entry(4, **EMMA)]
    take_in(bob, *rows)
    with app.app_context():
        before = [(r.book_id, r.status, r.rating, r.notes, r.changed_at) for r in every(Reading)]

    assert [state for state, _ in take_in(bob, *rows)] == ["same"] * 3
    with app.app_context():
        assert [(r.book_id, r.status, r.rating, r.notes, r.changed_at) for r in every(Reading)] == before
        assert (len(every(Book)), len(every(ReviewDraft)), len(every(ReadThrough))) == (2, 1, 1)
        assert every(Book)[0].rating_count == 1


def test_what_was_changed_here_since_is_kept_and_the_rest_is_taken(app, bob, save, take_in):
    take_in(bob, entry(shelf="read", rating=6))
    with app.app_context():
        begin_write()
        book, reading = every(Book)[0], every(Reading)[0]
        reading.rating = 8
        book.count_rating(6, 8)
        db.session.commit()

    assert take_in(bob, entry(shelf="read", rating=7, notes="Lent to Ann.")) == [
        ("kept", "New from the file: your notes. Your rating here stays 4; the file says 3.5.")
    ]
    with app.app_context():
        assert (every(Reading)[0].rating, every(Book)[0].rating_sum) == (8, 8)


def test_a_private_reading_stays_private_and_counts_for_nobody(app, bob, save, take_in):
    book = save(make_book("Emma", author="Jane Austen"))
    save(make_reading(bob, book, status="reading", is_private=True))

    assert [state for state, _ in take_in(bob, entry(shelf="to-read", rating=6))] == ["kept"]
    with app.app_context():
        assert (every(Reading)[0].is_private, every(Reading)[0].rating) == (True, 6)
        assert every(Book)[0].rating_count == 0


@pytest.mark.parametrize(("finished", "told"), [(date(2015, 1, 1), 0), (date(2100, 1, 1), 2)])
def test_nobody_hears_of_what_was_finished_before_they_asked(app, alice, bob, save, take_in, finished, told):
    book = save(make_book("Emma", author="Jane Austen"))
    reading = save(make_reading(bob, book, status="to_read"))
    save(Promise(member_id=alice.id, reading_id=reading.id))
    take_in(bob, entry(shelf="to-read"))

    take_in(bob, entry(shelf="read", times=((None, finished),)))

    with app.app_context():
        assert every(Reading)[0].status == "finished"
        assert len(every(Notice)) == told


def test_the_member_says_what_a_shelf_becomes(app, bob, bring):
    import_id = bring(
        bob,
        entry(shelf="put-away"),
        entry(3, "Dune", "Frank Herbert", shelf="owned"),
        entry(4, "Ulysses", "James Joyce", shelf="read", tags=("dnf",)),
    )
    with app.app_context():
        begin_write()
        brought = db.session.get_one(Import, import_id)
        assert [(shelf.name, shelf.becomes) for shelf in brought.choices][-1] == ("dnf", "did_not_finish")
        imports_actions.choose(brought, {"put-away": "did_not_finish", "owned": "nothing"})
        imports_actions.start(brought)
        db.session.commit()
    run_due_jobs(app, utcnow())

    assert [state for state, _ in outcomes(app, import_id)] == ["taken", "skipped", "taken"]
    with app.app_context():
        assert [reading.status for reading in every(Reading)] == ["did_not_finish"] * 2
        assert len(every(Book)) == 2


def test_a_list_of_books_brings_books_and_no_readings(app, olive, save, take_in):
    save(make_book("Emma", author="Jane Austen"))

    done = take_in(
        olive,
        entry(tags=("classic",)),
        entry(3, "Dune", "Frank Herbert", tags=("desert",)),
        form=Form.BOOKLIST,
    )

    assert done == [("same", "The club has it already."), ("taken", "Added to the catalogue.")]
    with app.app_context():
        assert every(Reading) == []
        assert imports_queries.library_of(olive.id, [2]).books[2].title == "Dune"


@pytest.mark.databases("sqlite", "postgresql")
def test_an_import_that_lost_its_worker_goes_on_where_it_was(app, bob, bring, monkeypatch):
    monkeypatch.setattr(imports_jobs, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(imports_jobs.take_rows, "__defaults__", (2,))
    import_id = bring(
        bob, *(entry(at, f"Book {at}", f"Writer {at}", shelf="read", rating=8) for at in range(2, 9))
    )
    with app.app_context():
        begin_write()
        imports_actions.start(db.session.get_one(Import, import_id))
        db.session.commit()
    now, chunks = utcnow(), iter([True, True, False])
    assert run_due_jobs(app, now, lambda: next(chunks)) == 2

    class Killed(BaseException):
        pass

    def die(*_, **_fields):
        raise Killed

    # What the third handful wrote before the end is gone with its worker, whose job stays claimed.
    with monkeypatch.context() as patch:
        patch.setattr(imports_jobs, "enqueue", die)
        with pytest.raises(Killed):
            run_due_jobs(app, now)
    with app.app_context():
        assert len(every(Reading)) == 4
        assert imports_queries.has_job(import_id)
        assert db.session.get_one(Import, import_id).counts.done == 4
    assert run_due_jobs(app, now) == 0

    run_due_jobs(app, utcnow() + 2 * LOST_AFTER)
    assert [state for state, _ in outcomes(app, import_id)] == ["taken"] * 7
    with app.app_context():
        assert [book.rating_count for book in every(Book)] == [1] * 7


def test_a_stopped_import_takes_no_more_and_goes_on_when_told(app, bob, bring, monkeypatch):
    monkeypatch.setattr(imports_jobs.take_rows, "__defaults__", (2,))
    import_id = bring(bob, *(entry(at, f"Book {at}", f"Writer {at}", shelf="read") for at in range(2, 7)))

    def steer(step):
        with app.app_context():
            begin_write()
            step(db.session.get_one(Import, import_id))
            db.session.commit()

    steer(imports_actions.start)
    once = iter([True, False])
    run_due_jobs(app, utcnow(), lambda: next(once))
    steer(imports_actions.stop)
    run_due_jobs(app, utcnow())
    with app.app_context():
        brought = db.session.get_one(Import, import_id)
        assert (brought.state, brought.counts.done) == ("stopped", 2)
        assert not imports_queries.has_job(import_id)

    steer(imports_actions.start)
    run_due_jobs(app, utcnow())
    assert [state for state, _ in outcomes(app, import_id)] == ["taken"] * 5


@pytest.mark.databases("sqlite", "postgresql")
def test_one_impossible_row_stops_no_other(app, bob, take_in, monkeypatch):
    apply = reading_merge.ReadingMerge.take

    def stumble(self, book_id, is_new, row, said):
        if row.title == "Dune":
            raise ZeroDivisionError
        return apply(self, book_id, is_new, row, said)

    monkeypatch.setattr(reading_merge.ReadingMerge, "take", stumble)

    done = take_in(
        bob, entry(shelf="read"), entry(3, "Dune", shelf="read"), Skipped(4, remark("It has no title."))
    )

    assert [state for state, _ in done] == ["taken", "skipped", "skipped"]
    assert "something went wrong" in done[1][1]
    with app.app_context():
        assert [book.title for book in every(Book)] == ["Emma"]
        assert len(every(Reading)) == 1


@pytest.mark.databases("sqlite", "postgresql")
def test_rows_about_one_new_book_add_it_once(app, bob, take_in):
    rows = [
        entry(2, "Dune", "Frank Herbert", shelf="to-read", isbns=("9780593099322",)),
        entry(3, "Dune", "Frank Herbert", shelf="read", rating=10),
        entry(4, "Emma", "Jane Austen", shelf="read"),
    ]

    assert [state for state, _ in take_in(bob, *rows)] == ["taken", "merged", "taken"]
    with app.app_context():
        assert [(book.title, book.rating_sum) for book in every(Book)] == [("Dune", 10), ("Emma", 0)]
        assert db.session.execute(select(func.count()).select_from(Reading)).scalar() == 2
        assert every(Job) == []


def test_looking_goes_on_behind_the_first_rows(app, bob, save, bring):
    save(make_book("Book 399", author="Writer 399", isbn="9780593099322"))
    rows = [entry(at, f"Book {at}", f"Writer {at}", shelf="read") for at in range(2, 410)]

    import_id = bring(bob, *rows)

    with app.app_context():
        brought = db.session.get_one(Import, import_id)
        assert (brought.looked, brought.known) == (200, 0)
    run_due_jobs(app, utcnow() + timedelta(seconds=1))
    with app.app_context():
        brought = db.session.get_one(Import, import_id)
        assert (brought.looked, brought.known, brought.state) == (408, 1, "staged")


def test_the_command_takes_a_file_in_and_says_what_was_skipped(app, settings, bob, tmp_path, monkeypatch):
    file = tmp_path / "library.csv"
    file.write_text(
        "Title,Author,My Rating,Date Added,Bookshelves,Exclusive Shelf,Read Count\n"
        "Emma,Jane Austen,4,2018/12/01,,read,1\n,Nobody,0,2018/12/01,,read,1\n"
    )
    monkeypatch.setattr(Settings, "from_environ", lambda: settings)

    first = CliRunner().invoke(import_, [str(file), "--member", "bob"])
    again = CliRunner().invoke(import_, [str(file), "--member", "bob"])
    as_list = CliRunner().invoke(import_, [str(file), "--member", "bob", "--books"])
    of_nobody = CliRunner().invoke(import_, [str(file), "--member", "zoe"])

    assert (first.exit_code, again.exit_code, as_list.exit_code, of_nobody.exit_code) == (0, 0, 2, 2)
    assert "Row 3" in first.output
    assert first.output.endswith("2 rows: 1 taken, 1 skipped.\n")
    assert again.output.endswith("2 rows: 1 with nothing new, 1 skipped.\n")
    assert "Leave --books out" in as_list.output
    assert "Nobody here is called zoe" in of_nobody.output
    with app.app_context():
        assert [reading.rating for reading in every(Reading)] == [8]


@pytest.mark.databases("sqlite", "postgresql")
def test_titles_that_differ_in_a_letter_are_two_of_one_readers_books(app, bob, take_in):
    rows = [
        entry(2, "How Not to Dye", "Jane Roe", rating=8),
        entry(3, "How Not to Dyed", "Jane Roe", rating=6),
    ]

    assert [state for state, _ in take_in(bob, *rows)] == ["taken", "taken"]
    assert [state for state, _ in take_in(bob, *rows)] == ["same", "same"]
    with app.app_context():
        assert [book.title for book in every(Book)] == ["How Not to Dye", "How Not to Dyed"]
        assert [reading.rating for reading in every(Reading)] == [8, 6]


def test_of_books_that_fit_equally_well_the_first_is_taken(app, bob, save, take_in):
    first = save(make_book("Weaver", author="Jane Roe", subtitle="Apprentice", slug="first"))
    save(make_book("Weaver", author=first.credits[0].author, subtitle="Master", slug="second"))
    rows = [entry(2, "Weaver", "Jane Roe", rating=8)]

    [(state, why)] = take_in(bob, *rows)
    [(again, _)] = take_in(bob, *rows)

    assert (state, again) == ("taken", "same")
    assert "Several books in the club match" in why
    with app.app_context():
        assert [reading.book_id for reading in every(Reading)] == [first.id]
        assert len(every(Book)) == 2


@pytest.mark.databases("sqlite", "postgresql")
def test_an_import_waits_neither_for_what_others_left_nor_for_their_end(app, alice, bob, bring, monkeypatch):
    done = []
    imports = [bring(member, *(entry(n, f"Book {n}") for n in range(2, 8))) for member in (alice, bob)]
    monkeypatch.setattr(imports_jobs.take_rows, "__defaults__", (2,))
    for kind in ("import", "neighbours"):
        handler = bookclub_jobs._HANDLERS[kind]
        monkeypatch.setitem(
            bookclub_jobs._HANDLERS,
            kind,
            lambda handler=handler, **said: (done.append(said), handler(**said)),
        )
    with app.app_context():
        begin_write()
        for number in range(30):
            enqueue("neighbours", key=f"neighbours {number}", book_id=number)
        for import_id in imports:
            imports_actions.start(db.session.get_one(Import, import_id))
        db.session.commit()

    run_due_jobs(app, utcnow())

    turns = [said.get("import_id") for said in done]
    assert turns[:8] == imports * 4
    assert turns[8:].count(None) >= 30
    assert set(turns[8:]) == {None}


AMERICAN, BRITISH = "Looms: The Secret Lives of Weavers", "Looms: What the Threads Have Always Known"


def test_editions_for_two_countries_are_one_book_of_two_readers(app, alice, bob, take_in):
    take_in(alice, entry(2, AMERICAN, year=2011))

    ((state, why),) = take_in(bob, entry(2, BRITISH, year=2011))

    assert state == "taken"
    assert f"The club’s book is “{AMERICAN}”" in why
    with app.app_context():
        assert [book.title for book in every(Book)] == [AMERICAN]


@pytest.mark.parametrize("titles", [(AMERICAN, BRITISH), ("Looms: Scope", "Looms: Types")])
@pytest.mark.parametrize("first", [0, 1])
def test_one_reader_who_has_both_has_two_books_and_others_read_of_the_doubt(
    app, alice, bob, take_in, titles, first
):
    take_in(alice, entry(2, titles[first], year=2011))

    rows = take_in(bob, *(entry(number, title, year=2011) for number, title in enumerate(titles, 2)))

    with app.app_context():
        assert {book.title for book in every(Book)} == set(titles)
        assert len(every(Book)) == 2
    doubts = [f"The club also has “{titles[first]}”" in why for _, why in rows]
    assert doubts == [at != first for at in range(2)]
    assert (
        take_in(bob, *(entry(number, title, year=2011) for number, title in enumerate(titles, 2)))
        == [("same", "Nothing new.")] * 2
    )
