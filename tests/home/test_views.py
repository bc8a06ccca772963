"""The front door: what is new and safe for each reader, and what a visitor of each kind of club sees."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from bookclub.extensions import db, utcnow
from bookclub.home import queries as home_queries
from bookclub.lib.positions.places import END
from bookclub.members.models import Club
from bookclub.rounds.models import Round
from tests.factories import (
    make_ask,
    make_book,
    make_comment,
    make_member,
    make_nomination,
    make_reading,
    make_review,
    make_round,
    make_thread,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def book(save):
    return save(make_book("Emma"))


@pytest.fixture
def change_club(app, save):
    """``change_club(is_public=True)`` changes the club's settings."""

    def change_club(**columns):
        with app.app_context():
            club = db.session.get(Club, 1)
        for name, value in columns.items():
            setattr(club, name, value)
        return save(club)

    return change_club


@pytest.fixture
def bob(save):
    """A member who was here two days ago."""
    return save(make_member("bob", new_since=utcnow() - 2 * DAY))


def test_a_visitor_of_a_private_club_sees_its_door_and_nothing_behind_it(
    visitor, save, change_club, book, alice
):
    change_club(name="The Highbury Circle", is_public=False, current_book_id=book.id)
    save(make_review(alice, book, title="Quite lovely"))

    page = visitor.get("/")

    assert page.status_code == 200
    assert "The Highbury Circle" in page.text
    assert "Sign in" in page.text
    for secret in ("Emma", "Quite lovely", "Alice"):
        assert secret not in page.text


def test_a_visitor_of_a_public_club_sees_safe_reviews_and_threads(visitor, save, change_club, book, alice):
    change_club(is_public=True, current_book_id=book.id, current_until=date(2026, 12, 4))
    save(make_review(alice, book, title="Quite lovely"))
    for title, floor in (("The picnic", 0), ("The proposal", 9000)):
        save(make_comment(save(make_thread(alice, book, title, floor=floor)), alice))

    page = visitor.get("/").text

    assert "We are reading" in page
    assert "until Friday 4 December" in page
    assert "Quite lovely" in page
    assert "The picnic" in page
    assert "The proposal" not in page
    assert "You are at" not in page
    assert "noindex" not in page


def test_a_visitor_is_not_shown_reviews_that_lie_ahead(visitor, save, change_club, book, alice):
    change_club(is_public=True)
    save(make_review(alice, book, title="For later", horizon=4000))

    assert "No reviews yet" in visitor.get("/").text


def test_a_member_is_greeted_and_told_where_they_are(visit, save, change_club, book, bob):
    change_club(current_book_id=book.id)
    save(make_reading(bob, book, position=3750))

    answer = visit(bob).get("/")
    page = answer.text

    assert re.search(r"Good \w+, Bob", answer.words)
    assert "You are at 37 %." in page
    assert "at 37 %" in page.partition("Your shelf")[2]
    assert "What is new" not in page


def test_news_are_grouped_by_thread_and_lead_to_the_first_unread_comment(visit, save, book, alice, bob):
    thread = save(make_thread(alice, book, "The picnic"))
    save(make_comment(thread, alice, "Old.", created_at=utcnow() - 3 * DAY))
    first = save(make_comment(thread, alice, "Young."))
    save(make_comment(thread, alice, "Youngest."), make_comment(thread, bob, "My own."))
    save(make_review(alice, book, title="A young review"))

    client = visit(bob)
    page = client.get("/")
    news = page.text.partition("What is new")[2].partition("<aside>")[0]

    assert news.count(">The picnic</a>") == 1
    assert "2 unread" in news
    assert page.link("The picnic") == f"/comments/{first.id}/in-thread"
    assert "Youngest." in news
    assert "A young review" in news
    assert "Old." not in news
    assert "My own." not in news

    client.get(f"/threads/{thread.id}")
    assert " unread" not in client.get("/").words


def test_what_lies_ahead_is_not_news(visit, save, book, alice, bob):
    save(make_reading(bob, book, position=2000))
    thread = save(make_thread(alice, book))
    save(make_comment(thread, alice, "Lovely weather. ||They marry.||", horizon=1000))
    save(make_comment(thread, alice, "He is engaged.", horizon=5000))

    page = visit(bob).get("/").text

    assert "1 unread" in page
    assert "engaged" not in page
    assert "Lovely weather." in page
    assert "marry" not in page


def test_news_under_a_review_or_a_question_say_where_they_are(visit, save, book, alice, bob):
    review = save(make_review(alice, book))
    question = save(make_ask(alice, "What shall we read in spring?"))
    save(make_comment(review.thread, alice, "One more thing."), make_comment(question.thread, alice, "Hm."))

    page = visit(bob).get("/")

    assert "Alice’s review of Emma" in page.words
    assert "What shall we read in spring?" in page.words


def test_an_excerpt_never_holds_what_was_between_bars(visit, save, book, alice, bob):
    save(make_reading(bob, book, position=END))
    thread = save(make_thread(alice, book))
    save(make_comment(thread, alice, "He is engaged. ||They marry.||", horizon=5000))

    page = visit(bob).get("/").text

    assert "He is engaged. …" in page
    assert "marry" not in page


def test_what_was_taken_away_is_no_news(visit, save, book, alice, bob):
    thread = save(make_thread(alice, book))
    comment = save(make_comment(thread, alice, "Never mind."))
    review = save(make_review(alice, book, title="Never mind, too"))
    visit(alice).post(f"/comments/{comment.id}/deletion")
    visit(alice).post(f"/reviews/{review.id}/deletion")

    page = visit(bob).get("/").text

    assert "What is new" not in page
    assert "Never mind" not in page


@pytest.mark.parametrize(("ago", "is_news"), [(7 * DAY - HOUR, True), (7 * DAY + HOUR, False)])
def test_home_says_for_a_week_what_the_club_chose(visit, save, write, book, bob, olive, ago, is_news):
    voting_round = save(make_round(olive, voting=True))
    nomination = save(make_nomination(voting_round, book, bob))
    visit(bob).post(f"/rounds/{voting_round.id}/ballot", data={f"rank-{nomination.id}": "yes"})
    visit(olive).post(f"/rounds/{voting_round.id}/closure")
    assert "The club chose Emma." in visit(bob).get("/").words

    write(lambda: db.session.execute(update(Round).values(settled_at=utcnow() - ago)))

    assert ("The club chose Emma." in visit(bob).get("/").words) is is_news


def test_an_organiser_of_a_new_club_is_told_what_to_do_until_it_is_done(
    visit, save, change_club, olive, alice
):
    assert "First steps" in visit(olive).get("/").text
    assert "First steps" not in visit(alice).get("/").text

    change_club(name="The Highbury Circle", current_book_id=save(make_book()).id)

    assert "First steps" not in visit(olive).get("/").text


def test_a_member_of_an_empty_club_finds_what_to_do_next(visit, bob):
    page = visit(bob).get("/").text

    assert "Nothing on it yet" in page
    assert 'href="/books"' in page


def test_the_pulse_says_that_the_database_answers(visitor):
    answer = visitor.get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_the_pulse_says_so_when_the_database_does_not_answer(visitor, monkeypatch):
    def no_answer():
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(home_queries, "pulse", no_answer)

    assert visitor.get("/healthz").status_code == 503


def places(page):
    after = page.words.partition("Where everybody is")[2].partition("Your shelf")[0]
    # Organisers have a link behind it.
    return after.replace("Write a word to the club", "").strip()


def test_home_says_where_those_are_who_share_their_reading(visit, save, change_club, book, alice, bob, olive):
    change_club(current_book_id=book.id)
    save(
        make_reading(alice, book, status="finished", position=END),
        make_reading(bob, book, position=3700),
        make_reading(olive, book, status="to_read"),
    )

    found = places(visit(olive).get("/"))

    assert "1 of the 2 who share their reading has finished." in found
    assert "Alice has finished" in found
    assert "Bob at 37 %" in found
    assert "Olive" not in found


def test_a_private_reading_is_in_no_count_and_in_no_list(visit, save, change_club, book, alice, bob, mod):
    change_club(current_book_id=book.id)
    save(make_reading(alice, book, status="finished", position=END))
    without = places(visit(mod).get("/"))
    assert "Alice has finished" in without

    save(make_reading(bob, book, position=3700, is_private=True))

    assert places(visit(mod).get("/")) == without
    # Not even its owner sees another number than the others.
    assert places(visit(bob).get("/")) == without


def test_who_was_suspended_is_nowhere_on_the_way(visit, save, change_club, book, alice, bob):
    change_club(current_book_id=book.id)
    save(make_reading(alice, book, position=3700))
    assert "Alice" in places(visit(bob).get("/"))

    alice.suspended_at = utcnow()
    save(alice)

    assert "Where everybody is" not in visit(bob).get("/").words


def test_a_newcomer_reads_how_locks_work_until_they_keep_a_book(visit, save, book, alice, bob):
    liked = save(make_book("Persuasion", rating_count=1, rating_sum=10, rating_rank=10))
    page = visit(bob).get("/")
    assert "You only see what the others wrote up to there." in page.words
    assert re.search(
        r'<a class="button primary" href="/shelf/past-reads">Tick what you have read</a>', page.text
    )
    favourites = page.words.partition("The club’s favourites")[2].partition("See the books")[0]
    assert liked.title in favourites
    assert book.title not in favourites

    save(make_reading(bob, book, position=3700))

    assert "You only see" not in visit(bob).get("/").words


def test_a_club_without_a_book_offers_none_to_tick(visit, olive, save):
    assert "Tick what you have read" not in visit(olive).get("/").text
    save(make_book("Emma"))

    assert "Tick what you have read" in visit(olive).get("/").text


def test_home_takes_as_many_statements_for_many_rows_as_for_few(
    visit, save, statements, change_club, alice, bob
):
    current = save(make_book("Emma"))
    change_club(current_book_id=current.id)
    client = visit(bob)
    client.get("/")

    def fill(count):
        books = save(*(make_book(f"Book {number} of {count}") for number in range(count)))
        threads = save(*(make_thread(alice, book) for book in books))
        save(*(make_comment(thread, alice, horizon=place) for thread in threads for place in (0, 2000)))
        save(*(make_review(alice, book, horizon=3000) for book in books))
        save(*(make_reading(bob, book, position=5000) for book in books))
        members = save(*(make_member() for _ in range(count)))
        save(*(make_reading(each, current, position=30 * place) for place, each in enumerate(members)))

    taken = []
    # The lists of home end long before 300, and what it counts does not.
    for count in (3, 300):
        fill(count)
        with statements() as sent:
            page = client.get("/")
        assert page.words.count("unread") >= 3
        taken.append(len(sent))

    assert taken[0] == taken[1]
