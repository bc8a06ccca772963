"""The lists of conversations: the club's talk, what is pinned in it, and the threads on all books."""

from __future__ import annotations

import re

import pytest

from bookclub.lib.positions.places import END
from bookclub.threads.models import Thread
from bookclub.threads.talk_queries import ENTRIES
from tests.factories import make_book, make_comment, make_thread
from tests.threads.saying import say

MORE = r'class="button" href="(/threads\?after=[^"]*)"'


def start(client, **fields):
    return client.post("/threads/new", data={"title": "Biscuits", "body": "Which ones?", **fields})


def titles(page: str) -> list[str]:
    return re.findall(r'<h2><a href="/threads/\d+">([^<]*)</a></h2>', page)


@pytest.fixture
def talk(save, alice):
    """``talk(title, …)`` is a conversation about no book with one remark in it."""

    def talk(title, book=None, member=alice, body="I thought so.", horizon=0, **columns):
        thread = save(make_thread(member, book, title, **columns))
        save(make_comment(thread, member, body, horizon=horizon))
        return thread

    return talk


def test_a_conversation_about_no_book_starts_safe_for_everybody(visit, bob, alice, comments, kept):
    answer = start(visit(bob), horizon="finished")

    (opening,) = comments()
    thread = kept(Thread(id=opening.thread_id))
    assert answer.status_code == 303
    assert answer.location == f"/threads/{opening.thread_id}"
    assert (opening.own_horizon, opening.horizon, thread.floor, thread.book_id) == (0, 0, 0, None)
    assert "Which ones?" in visit(alice).get(answer.location).text
    assert titles(visit(alice).get("/threads").text) == ["Biscuits"]


@pytest.mark.parametrize("fields", [{"title": ""}, {"body": " "}, {"title": "It is ||him||"}])
def test_a_conversation_without_title_or_words_is_refused(visit, bob, comments, fields):
    answer = start(visit(bob), **fields)

    assert answer.status_code == 422
    assert not comments()
    assert "Which ones?</textarea>" in answer.text or "body" in fields


def test_a_conversation_sent_twice_is_one(visit, bob, comments):
    first, second = (start(visit(bob), submission="key").location for _ in range(2))

    assert first == second
    assert len(comments()) == 1


def test_a_conversation_can_be_previewed_before_it_starts(visit, bob, comments):
    page = visit(bob).post("/threads/new/preview", data={"title": "Tea", "body": "With **milk**."})

    assert "<strong>milk</strong>" in page.text
    assert not comments()


def test_what_was_said_last_comes_first(visit, bob, talk):
    older, newer = talk("Older"), talk("Newer")
    assert titles(visit(bob).get("/threads").text) == ["Newer", "Older"]

    say(visit(bob), older)

    page = visit(bob).get("/threads").text
    assert titles(page) == ["Older", "Newer"]
    assert "I agree." in page
    assert newer.id != older.id


def test_club_talk_and_talk_about_books_are_two_lists(visit, save, bob, talk):
    talk("Biscuits")
    talk("The picnic", save(make_book("Emma")))

    assert titles(visit(bob).get("/threads").text) == ["Biscuits"]
    page = visit(bob).get("/threads?about=books").text
    assert titles(page) == ["The picnic"]
    assert "Emma" in page


def test_the_list_shows_no_words_that_lie_ahead(visit, save, bob, talk):
    book = save(make_book("Emma"))
    talk("The picnic", book, body="Frank is engaged.", horizon=5000)

    page = visit(bob).get("/threads?about=books").text
    assert titles(page) == ["The picnic"]
    assert "engaged" not in page


def test_spoilers_in_club_talk_stay_closed(visit, bob, talk):
    talk("Biscuits", body="In Emma ||Frank is engaged||, so there.")

    page = visit(bob).get("/threads").text
    assert "so there" in page
    assert "engaged" not in page


def test_a_round_is_talked_about_once_somebody_has_said_something(visit, save, olive, bob, visitor, public):
    thread = save(make_thread(olive, None, "Our next book", of_round=True))
    assert titles(visit(bob).get("/threads").text) == []

    save(make_comment(thread, bob))

    assert titles(visit(bob).get("/threads").text) == ["Our next book"]
    assert titles(visitor.get("/threads").text) == []


def test_visitors_of_a_public_club_read_what_is_safe(visitor, public, save, talk):
    talk("Biscuits", body="Which ones?")
    talk("The end", save(make_book("Emma")), body="They marry.", horizon=END)

    page = visitor.get("/threads").text
    assert titles(page) == ["Biscuits"]
    assert "Which ones?" in page
    assert "/threads/new" not in page
    about_books = visitor.get("/threads?about=books").text
    assert titles(about_books) == ["The end"]
    assert "They marry" not in about_books


def test_a_conversation_whose_words_are_all_gone_is_not_listed(visit, bob, comments):
    start(visit(bob))
    (opening,) = comments()

    visit(bob).post(f"/comments/{opening.id}/deletion")

    assert titles(visit(bob).get("/threads").text) == []


# Pinned on top


def test_organisers_pin_a_conversation_on_top(visit, bob, olive, talk):
    pinned, _newer = talk("Rules of the house"), talk("Biscuits")

    for _ in range(2):  # Sending it twice changes nothing.
        assert visit(olive).post(f"/threads/{pinned.id}/pin", data={"on": "1"}).status_code == 303
    page = visit(bob).get("/threads").text
    assert titles(page) == ["Rules of the house", "Biscuits"]
    assert "pinned" in page

    visit(olive).post(f"/threads/{pinned.id}/pin", data={"on": "0"})
    page = visit(bob).get("/threads").text
    assert titles(page) == ["Biscuits", "Rules of the house"]
    assert "pinned" not in page


def test_only_organisers_may_pin(visit, bob, mod, talk, kept):
    thread = talk("Biscuits")

    for member in (bob, mod):
        assert visit(member).post(f"/threads/{thread.id}/pin", data={"on": "1"}).status_code == 403
        assert "/pin" not in visit(member).get(f"/threads/{thread.id}").text
    assert kept(thread).pinned_at is None


@pytest.mark.parametrize("on", ["", "2", "yes"])
def test_a_pin_is_set_or_taken_back_and_nothing_else(visit, olive, talk, kept, on):
    thread = talk("Biscuits", pinned_at=None)

    assert visit(olive).post(f"/threads/{thread.id}/pin", data={"on": on}).status_code == 422
    assert kept(thread).pinned_at is None


# Page by page


def test_the_list_is_read_a_page_at_a_time_and_pins_stand_on_the_first(visit, olive, bob, talk):
    pinned = talk("Rules of the house")
    for number in range(2 * ENTRIES):
        talk(f"Talk {number}")
    visit(olive).post(f"/threads/{pinned.id}/pin", data={"on": "1"})

    url, seen = "/threads", []
    while url:
        page = visit(bob).get(url).text
        seen.append(titles(page))
        found = re.search(MORE, page)
        url = found and found[1]

    expected = [f"Talk {number}" for number in reversed(range(2 * ENTRIES))]
    assert [len(each) for each in seen] == [ENTRIES + 1, ENTRIES]
    assert [title for each in seen for title in each] == ["Rules of the house", *expected]


def test_threads_whose_latest_comment_is_unknown_come_last_and_none_is_lost(visit, save, bob, talk):
    """The release before, still writing while this one starts, notes no latest comment."""
    for number in range(ENTRIES + 5):
        thread = talk(f"Talk {number}")
        thread.latest_comment_id = 0
        save(thread)

    first = visit(bob).get("/threads").text
    rest = visit(bob).get(re.search(MORE, first)[1]).text

    assert len({*titles(first), *titles(rest)}) == ENTRIES + 5


@pytest.mark.parametrize("after", ["x", "-", "5", "5-", "-5", "99999999999999-1", "1-1-1"])
def test_a_key_that_means_nothing_shows_the_first_page(visit, bob, talk, after):
    talk("Biscuits")

    assert titles(visit(bob).get(f"/threads?after={after}").text) == ["Biscuits"]


def test_the_list_takes_as_many_statements_for_300_threads_as_for_3(visit, save, statements, bob, alice):
    book = save(make_book("Emma"))

    def count(rows: int) -> list[int]:
        for about in (None, book):
            threads = save(*(make_thread(alice, about, f"Talk {at}") for at in range(rows)))
            save(*(make_comment(thread, alice) for thread in threads))
        taken = []
        for url in ("/threads", "/threads?about=books"):
            visit(bob).get(url)
            with statements() as sent:
                assert visit(bob).get(url).status_code == 200
            taken.append(len(sent))
        return taken

    few, many = count(3), count(300)
    assert few == many
    assert max(few) <= 12
