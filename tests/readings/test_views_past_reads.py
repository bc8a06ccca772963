"""What a member has read before they came: ticked as covers, marked by one button, and taken back."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bookclub.extensions import utcnow
from bookclub.lib.positions.places import END
from bookclub.notices.models import Notice
from bookclub.readings.models import Reading
from bookclub.readings.rules import MOST_PAST_READS, moment_from, number_of_moment
from tests.factories import make_book, make_comment, make_reading, make_review, make_thread

PAGE = "/shelf/past-reads"


@pytest.fixture
def books(save):
    return [save(make_book(title)) for title in ("Emma", "Persuasion", "Sula")]


@pytest.fixture
def shelf(rows):
    """``shelf(bob)`` are Bob's readings as the database has them now, by book."""

    def shelf(member):
        found = rows(select(Reading).where(Reading.member_id == member.id))
        return {reading.book_id: reading for reading in found}

    return shelf


def tick(client, *books, **fields):
    return client.post(PAGE, data={"book": [book.slug for book in books], **fields})


def offered(page):
    return re.findall(r'name="book" value="([^"]+)"', page.text)


# What is offered


@pytest.mark.databases("sqlite", "postgresql")
def test_the_most_read_come_first_and_private_readings_count_for_nothing(
    visit, save, books, alice, bob, mod, olive
):
    emma, persuasion, sula = books
    save(make_reading(alice, persuasion, position=END))
    save(make_reading(mod, sula, position=END, is_private=True))
    save(make_reading(olive, sula, position=END, is_private=True))
    save(make_reading(olive, emma, position=9000))

    assert offered(visit(bob).get(PAGE)) == ["persuasion", "emma", "sula"]


def test_readings_of_somebody_suspended_count_for_nothing(visit, save, books, alice, bob):
    save(make_reading(alice, books[2], position=END))
    alice.suspended_at = utcnow()
    save(alice)

    assert offered(visit(bob).get(PAGE)) == ["emma", "persuasion", "sula"]


def test_what_stands_on_one_s_shelf_is_left_out_even_in_private(visit, save, books, alice, bob):
    save(make_reading(bob, books[0], status="to_read"), make_reading(bob, books[1], is_private=True))

    assert offered(visit(bob).get(PAGE)) == ["sula"]
    assert len(offered(visit(alice).get(PAGE))) == 3


def test_at_most_sixty_are_offered_and_the_catalogue_has_the_rest(visit, save, statements, bob):
    client = visit(bob)
    client.get(PAGE)
    with statements() as few:
        assert "Nothing left to tick" in client.get(PAGE).text
    save(*(make_book() for _unused in range(MOST_PAST_READS + 1)))

    with statements() as many:
        page = client.get(PAGE)

    assert len(offered(page)) == MOST_PAST_READS
    assert '<a class="link" href="/books">Search the catalogue</a>' in page.text
    assert len(many) == len(few)


# Marking


def test_what_is_ticked_is_finished_at_no_invented_day(visit, books, bob, shelf):
    client = visit(bob)

    answer = tick(client, books[0], books[2])

    found = shelf(bob)
    assert set(found) == {books[0].id, books[2].id}
    for reading in found.values():
        assert (reading.status, reading.position, reading.mark, reading.times_read) == (
            "finished",
            END,
            END,
            1,
        )
        assert (reading.started_on, reading.finished_on, reading.rating) == (None, None, None)
        assert not reading.is_private
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert "2 books marked as read" in page.words
    assert re.findall(r'class="book" href="/books/([^"]+)"', page.text) == ["emma", "sula"]
    assert '<a class="button primary" href="/">Go home</a>' in page.text
    assert '<a class="button" href="/recommendations">See recommendations</a>' in page.text
    assert offered(client.get(PAGE)) == ["persuasion"]


def test_what_is_ticked_in_private_is_seen_by_nobody_else(visit, books, alice, bob, shelf):
    tick(visit(bob), books[0], is_private="y")

    assert shelf(bob)[books[0].id].is_private
    assert "Emma" not in visit(alice).get("/members/bob").words
    assert "Emma" in visit(bob).get("/members/bob").words


def test_what_it_opens_is_not_on_the_page_that_follows_and_is_no_news(visit, save, books, alice, bob):
    emma = books[0]
    thread = save(make_thread(alice, emma, "On Emma"))
    save(make_comment(thread, alice, "They marry, canary.", horizon=9000))
    save(make_review(alice, emma, "The end, canary.", horizon=END, title="Canary"))
    client = visit(bob)
    assert "canary" not in client.get(f"/threads/{thread.id}").text

    answer = tick(client, emma)

    assert "canary" not in client.get(answer.location).text.lower()
    assert "They marry, canary." in client.get(f"/threads/{thread.id}").text
    assert "Unlocked by your reading" not in client.get("/").words


def test_nobody_gets_a_notice(visit, books, alice, bob, rows):
    tick(visit(bob), *books)

    assert rows(select(Notice)) == []


def test_a_book_that_got_a_reading_meanwhile_stays_as_it_is(visit, save, books, bob, shelf):
    save(make_reading(bob, books[0], position=3700, rating=8))
    client = visit(bob)

    answer = tick(client, *books)

    kept = shelf(bob)[books[0].id]
    assert (kept.status, kept.position, kept.rating) == ("reading", 3700, 8)
    page = client.get(answer.location)
    assert "2 books marked as read" in page.words
    assert "1 book was on your shelf already, and stays as it is." in page.words


@pytest.mark.databases("sqlite", "postgresql")
def test_sent_twice_it_marks_once_and_leads_to_the_same_page(visit, books, bob, shelf):
    client = visit(bob)
    first = tick(client, books[0], books[1])
    before = {key: reading.changed_at for key, reading in shelf(bob).items()}

    again = tick(client, books[0], books[1])

    assert (again.status_code, again.location) == (303, first.location)
    assert {key: reading.changed_at for key, reading in shelf(bob).items()} == before
    assert "2 books marked as read" in client.get(again.location).words


def test_an_unknown_book_is_named_as_gone_and_the_others_are_marked(visit, books, bob, shelf):
    client = visit(bob)

    answer = client.post(PAGE, data={"book": ["emma", "nothing-here", "Not a slug!"]})

    assert set(shelf(bob)) == {books[0].id}
    assert "1 book is no longer in the catalogue." in client.get(answer.location).words


def test_of_unknown_books_alone_nothing_is_marked(visit, books, bob, shelf):
    client = visit(bob)

    answer = client.post(PAGE, data={"book": "nothing-here"})

    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "Nothing was marked" in client.get(PAGE).words
    assert shelf(bob) == {}


def test_nothing_ticked_and_too_much_ticked_are_refused_in_words(visit, save, books, bob, shelf):
    client = visit(bob)

    nothing = client.post(PAGE, data={})
    assert nothing.status_code == 422
    assert "Tick at least one book that you have read." in nothing.text
    many = [f"book-{number}" for number in range(MOST_PAST_READS)]
    too_many = client.post(PAGE, data={"book": ["sula", *many], "is_private": "y"})
    assert too_many.status_code == 422
    assert "Tick at most 60 books at a time." in too_many.text
    # What was ticked is still ticked, and stands first.
    assert offered(too_many)[0] == "sula"
    assert re.search(r'value="sula" checked', too_many.text)
    assert re.search(r'<input[^>]*checked[^>]*name="is_private"', too_many.text)
    assert shelf(bob) == {}


def test_it_takes_as_many_statements_for_many_books_as_for_one(visit, save, statements, bob):
    client = visit(bob)
    taken = []
    for count in (1, 40):
        books = [save(make_book()) for _unused in range(count)]
        with statements() as marking:
            answer = tick(client, *books)
        with statements() as showing:
            client.get(answer.location)
        with statements() as undoing:
            client.post(f"{answer.location}/deletion")
        taken.append([len(marking), len(showing), len(undoing)])

    assert taken[0] == taken[1]


# Undo


@pytest.mark.databases("sqlite", "postgresql")
def test_undo_takes_the_readings_back_and_hides_what_they_opened(visit, save, books, alice, bob, shelf):
    thread = save(make_thread(alice, books[0], "On Emma"))
    save(make_comment(thread, alice, "They marry.", horizon=9000))
    client = visit(bob)
    save(make_reading(bob, books[2], position=END))
    answer = tick(client, books[0], books[1])
    assert "They marry." in client.get(f"/threads/{thread.id}").text

    undone = client.post(f"{answer.location}/deletion")

    assert (undone.status_code, undone.location) == (303, PAGE)
    assert "Undone: 2 books are not marked as read any more." in client.get(PAGE).words
    assert set(shelf(bob)) == {books[2].id}
    assert "They marry." not in client.get(f"/threads/{thread.id}").text
    assert client.get(answer.location).location == PAGE
    client.post(f"{answer.location}/deletion")
    assert "There is nothing to undo." in client.get(PAGE).words


@pytest.mark.parametrize(
    "said",
    [
        {"rating": "4"},
        {"notes": "On the train."},
        {"own_tags": "loved"},
        {"finished_on": "2020-05-01"},
        {"status": "reading", "position": "20"},
        {"is_private": "1"},
    ],
    ids=lambda said: next(iter(said)),
)
def test_undo_leaves_alone_what_has_changed_since(visit, books, bob, shelf, said):
    client = visit(bob)
    answer = tick(client, books[0], books[1])
    assert client.post("/books/emma/reading", data=said).status_code == 303

    page = client.get(answer.location)
    client.post(f"{answer.location}/deletion")

    assert "1 book marked as read" in page.words
    assert set(shelf(bob)) == {books[0].id}


def test_undo_takes_back_one_s_own_marks_alone_and_those_of_its_moment_alone(visit, books, alice, bob, shelf):
    bobs, alices = visit(bob), visit(alice)
    first, second = tick(bobs, books[0]), tick(bobs, books[1])

    assert alices.get(first.location).location == PAGE
    alices.post(f"{first.location}/deletion")
    assert set(shelf(bob)) == {books[0].id, books[1].id}
    bobs.post(f"{first.location}/deletion")

    assert set(shelf(bob)) == {books[1].id}
    assert "1 book marked as read" in bobs.get(second.location).words


def test_what_the_ordinary_form_finished_is_no_such_mark(visit, books, bob, shelf):
    client = visit(bob)
    client.post("/books/emma/reading", data={"status": "finished"})
    moment = number_of_moment(shelf(bob)[books[0].id].changed_at)

    client.post(f"{PAGE}/{moment}/deletion")

    assert set(shelf(bob)) == {books[0].id}


def test_a_visitor_is_asked_to_sign_in(visitor, books):
    assert visitor.get(PAGE).location.startswith("/sign-in")
    assert tick(visitor, books[0]).status_code == 401


def test_a_moment_in_an_address_is_exact():
    now = utcnow()

    assert moment_from(number_of_moment(now)) == now
    assert number_of_moment(moment_from(10**40)) == 0
