"""The strip of progress: one tap, a long step that is asked about, and where the answer leads."""

from __future__ import annotations

import pytest

from bookclub.extensions import db
from bookclub.lib.positions.places import END
from bookclub.members.models import Club
from bookclub.readings.models import Reading
from tests.factories import make_book, make_comment, make_reading, make_review, make_thread

HTMX = {"HX-Request": "true"}


def record(client, book, headers=None, **fields):
    return client.post(f"/books/{book.slug}/reading", data=fields, headers=headers)


def strip(page, book):
    """The part of a page that is the strip of this book."""
    return page.partition(f'id="progress-{book.id}"')[2].partition("</section>")[0]


@pytest.fixture
def current(save, app, book):
    """The book is the one that the club reads."""
    with app.app_context():
        club = db.session.get(Club, 1)
    club.current_book_id = book.id
    save(club)
    return book


def test_the_next_chapter_is_one_tap_away_on_home_and_on_the_book_page(visit, current, chapters, bob, kept):
    bobs = visit(bob)
    record(bobs, current, position="15")

    for address in ("/", f"/books/{current.slug}"):
        shown = strip(bobs.get(address).text, current)
        assert "You are at chapter 2." in shown
        assert "Finished chapter 2" in shown
        assert f'value="section-{chapters[1].id}"' in shown
    record(bobs, current, position_unit="section", position=f"section-{chapters[1].id}")
    assert (kept(bob).position, kept(bob).entry) == (2000, f"section-{chapters[1].id}")
    assert "Finished chapter 3" in strip(bobs.get("/").text, current)


def test_a_chapter_that_was_typed_by_its_number_is_kept_by_its_id(visit, book, chapters, bob, kept):
    record(visit(bob), book, position="2", position_unit="section")

    assert (kept(bob).entry, kept(bob).entry_unit) == (f"section-{chapters[1].id}", "section")
    assert 'value="2"' in visit(bob).get(f"/books/{book.slug}").text


def test_the_last_chapter_finishes_the_book(visit, book, chapters, bob, kept):
    record(visit(bob), book, position="80")
    record(visit(bob), book, position=f"section-{chapters[-1].id}", position_unit="section")

    assert (kept(bob).status, kept(bob).mark, kept(bob).times_read) == ("finished", END, 1)


def test_no_chapter_is_offered_where_nobody_knows_where_chapters_start(visit, save, book, chapters, bob):
    for chapter in chapters:
        chapter.start = chapter.typed_start = None
        save(chapter)
    record(visit(bob), book, position="15")

    assert "Finished chapter" not in visit(bob).get(f"/books/{book.slug}").text


def test_the_title_of_a_chapter_that_lies_ahead_is_not_on_the_page(visit, current, chapters, bob):
    record(visit(bob), current, position="15")

    for address in ("/", f"/books/{current.slug}"):
        assert "Of 2000" not in visit(bob).get(address).text


def test_the_field_counts_in_the_unit_that_was_used_last(visit, current, recording, bob):
    bobs = visit(bob)
    assert "Start reading" in strip(bobs.get("/").text, current)
    record(bobs, current, status="reading")
    assert '<option value="page" selected>' in strip(bobs.get("/").text, current)
    record(bobs, current, position="1:32", position_unit="minute")

    shown = strip(bobs.get("/").text, current)
    assert '<option value="minute" selected>' in shown
    assert "1 h 32 min of 5 h" in shown


@pytest.mark.parametrize(
    ("reading", "shown", "hidden"),
    [
        (None, ["You have not said how far you are.", "Start reading", "I have read it"], ["Did not finish"]),
        ({"status": "to_read"}, ["You want to read it.", "Start reading"], ["Did not finish"]),
        ({"status": "reading"}, ["You are reading it.", "Finished", "Did not finish"], ["Start reading"]),
        ({"position": 4000}, ["You are at 40 %.", "Finished"], ["Start reading"]),
        (
            {"position": END},
            ["You have finished it.", "How many stars?", "Write a few words"],
            ["Did not finish"],
        ),
        (
            {"position": 6000, "status": "did_not_finish"},
            ["You stopped at 60 %.", "Go on reading"],
            ["Start reading"],
        ),
    ],
)
def test_the_strip_offers_what_may_be_said_next(visit, save, current, bob, reading, shown, hidden):
    if reading is not None:
        save(make_reading(bob, current, **reading))

    for address in ("/", f"/books/{current.slug}"):
        part = strip(visit(bob).get(address).text, current)
        assert [words for words in shown if words not in part] == []
        assert [words for words in hidden if words in part] == []


def test_the_answer_leads_back_to_where_the_form_stood_but_never_elsewhere(visit, book, bob):
    bobs = visit(bob)

    assert record(bobs, book, position="5", next="/").location == "/"
    assert record(bobs, book, position="6", next="/books/emma").location == "/books/emma"
    assert record(bobs, book, position="7", next="https://evil.example/").location == "/books/emma"
    assert record(bobs, book, position="8", next="//evil.example/").location == "/books/emma"


def test_htmx_gets_the_strip_and_on_the_book_page_the_form_as_well(visit, book, bob):
    bobs = visit(bob)

    at_home = record(bobs, book, HTMX, position="5", next="/").text
    at_the_book = record(bobs, book, HTMX, position="6", next="/books/emma").text

    assert "<html" not in at_home
    assert f'id="progress-{book.id}"' in at_home
    assert 'data-announce="You are at 5 %."' in at_home
    assert 'id="reading"' not in at_home
    assert 'id="reading"' in at_the_book
    assert 'value="6"' in at_the_book


def test_a_place_that_makes_no_sense_is_refused_inside_the_strip(visit, book, bob, kept):
    answer = record(visit(bob), book, HTMX, position="301", position_unit="page", brief="1", next="/")

    assert answer.status_code == 422
    shown = strip(answer.text, book)
    assert "This book has 300 pages." in shown
    assert 'value="301"' in shown
    assert "aria-invalid" in shown
    assert kept(bob) is None


# What it opens


def test_what_an_update_unlocks_is_said_with_a_way_to_it(visit, save, book, alice, bob):
    save(make_reading(bob, book, position=1000))
    thread = save(make_thread(alice, book))
    save(make_comment(thread, alice, horizon=3000), make_comment(thread, alice, horizon=3100))
    save(make_review(alice, book, horizon=9000))

    bobs = visit(bob)
    record(bobs, book, position="29.99")
    assert "unlocked" not in bobs.get(f"/books/{book.slug}").text.partition("<main")[0]
    record(bobs, book, position="31")
    said = bobs.get(f"/books/{book.slug}").text.partition("<main")[0]
    assert "2 comments unlocked." in said
    assert f'href="/books/{book.slug}/unlocked"' in said


def test_htmx_says_so_in_the_strip_and_aloud(visit, save, book, alice, bob):
    save(make_comment(save(make_thread(alice, book)), alice, horizon=3000))

    answer = record(visit(bob), book, HTMX, position="30").text

    assert "1 comment unlocked." in strip(answer, book)
    assert '1 comment unlocked."' in answer


def test_a_reader_at_exactly_the_horizon_sees_it_and_one_short_of_it_does_not(visit, save, book, alice, bob):
    thread = save(make_thread(alice, book))
    save(make_comment(thread, alice, "The carriage turns.", horizon=3000))
    bobs = visit(bob)

    record(bobs, book, position="29.99")
    assert "The carriage turns." not in bobs.get(f"/threads/{thread.id}").text
    record(bobs, book, position="30")
    assert "The carriage turns." in bobs.get(f"/threads/{thread.id}").text
    record(bobs, book, position="29")
    assert "The carriage turns." not in bobs.get(f"/threads/{thread.id}").text


def test_who_stopped_at_60_percent_sees_up_to_there_and_has_not_finished(visit, save, book, alice, bob, kept):
    thread = save(make_thread(alice, book))
    save(make_comment(thread, alice, "The carriage turns.", horizon=6000))
    save(make_comment(thread, alice, "They marry.", horizon=6001))
    bobs = visit(bob)
    record(bobs, book, position="60")
    record(bobs, book, status="did_not_finish")

    reading = kept(bob)
    assert (reading.status, reading.mark, reading.times_read, reading.finished_on) == (
        "did_not_finish",
        6000,
        0,
        None,
    )
    page = bobs.get(f"/threads/{thread.id}").text
    assert "The carriage turns." in page
    assert "They marry." not in page


def test_without_any_progress_nothing_is_open(visit, save, book, alice, bob, kept):
    thread = save(make_thread(alice, book))
    save(make_comment(thread, alice, "The carriage turns.", horizon=1))
    record(visit(bob), book, status="reading")

    assert (kept(bob).position, kept(bob).mark, kept(bob).known_mark) == (None, 0, None)
    assert "The carriage turns." not in visit(bob).get(f"/threads/{thread.id}").text


def test_what_locks_again_is_news_when_the_reader_comes_back_to_it(visit, save, book, bob, kept):
    reading: Reading = make_reading(bob, book, position=5000)
    reading.seen_mark = 5000
    save(reading)

    record(visit(bob), book, position="20")

    assert (kept(bob).mark, kept(bob).seen_mark) == (2000, 2000)


@pytest.mark.databases("sqlite", "postgresql")
def test_a_form_that_is_sent_twice_says_the_same(visit, book, chapters, bob, kept):
    bobs = visit(bob)
    for _ in range(2):
        answer = record(bobs, book, position=f"section-{chapters[0].id}", position_unit="section")
        assert answer.status_code == 303
        assert kept(bob).position == 1000
    for _ in range(2):
        record(bobs, book, status="finished", rating="4")
    assert (kept(bob).times_read, kept().rating_count) == (1, 1)


def test_a_book_without_chapters_says_what_to_do_instead(visit, save, bob):
    book = save(make_book(pages=None))
    answer = record(visit(bob), book, position="3", position_unit="section")

    assert answer.status_code == 422
    assert "Nobody has entered the chapters of this book. Type a page or a percentage." in answer.text


def test_a_visitor_taps_nothing(visitor, book):
    for path in ("rereading", "reading/newness", "reading/newness/deletion"):
        assert visitor.post(f"/books/{book.slug}/{path}").status_code == 401
