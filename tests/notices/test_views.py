"""A member hears of what concerns them, as much of it as they may see when they look."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bookclub.extensions import db
from bookclub.notices.models import Notice
from tests.factories import make_book, make_comment, make_reading, make_review, make_thread


@pytest.fixture
def book(save):
    return save(make_book("Emma"))


@pytest.fixture
def thread(save, alice, book):
    return save(make_thread(alice, book, "The picnic"))


@pytest.fixture
def said(save, thread, alice):
    return save(make_comment(thread, alice, "Badly done, Emma."))


@pytest.fixture
def notices(app):
    """``notices()`` is every notice there is: (member, kind, comment, actor), the oldest first."""

    def notices() -> list[tuple[int, str, int | None, int | None]]:
        with app.app_context():
            return [
                (one.member_id, one.kind, one.comment_id, one.actor_id)
                for one in db.session.scalars(select(Notice).order_by(Notice.id))
            ]

    return notices


def say(client, thread, body="It was!", parent=None, **fields):
    form = {"body": body, "parent_id": parent.id if parent else "", "horizon": "0", **fields}
    return client.post(f"/threads/{thread.id}/comments", data=form)


def unseen(page: str) -> str | None:
    """The number beside the link in the navigation."""
    found = re.search(r'<span class="badge">([^<]*)<span class="visually-hidden"> new</span>', page)
    return found and found[1]


# Who is told of what


def test_a_reply_is_told_to_whom_it_answers_once_though_the_form_was_sent_four_times(
    visit, thread, said, alice, bob, notices
):
    client = visit(bob)
    for _ in range(4):
        say(client, thread, parent=said, submission="the-same-form")

    assert notices() == [(alice.id, "reply", 2, bob.id)]


def test_nobody_is_told_of_what_they_did_themselves(visit, thread, said, alice, notices):
    say(visit(alice), thread, parent=said)
    say(visit(alice), thread)

    assert notices() == []


def test_what_is_said_at_the_top_is_told_to_whose_thread_it_is(visit, thread, alice, bob, notices):
    say(visit(bob), thread)

    assert notices() == [(alice.id, "reply", 1, bob.id)]


def test_what_is_said_under_a_review_is_told_to_its_author(visit, save, book, alice, bob, notices):
    review = save(make_review(alice, book))
    say(visit(bob), review.thread)

    assert notices() == [(alice.id, "reply", 1, bob.id)]
    assert "Bob commented on your review of Emma." in visit(alice).get("/notices").text


def test_an_answer_to_the_threads_own_author_is_told_once_and_one_to_somebody_else_only_to_them(
    visit, save, thread, said, alice, bob, olive, notices
):
    say(visit(bob), thread, parent=said)
    (reply,) = (number for _, _, number, _ in notices())
    visit(olive).post(
        f"/threads/{thread.id}/comments", data={"body": "Quite.", "horizon": "0", "parent_id": reply}
    )

    assert notices() == [(alice.id, "reply", reply, bob.id), (bob.id, "reply", reply + 1, olive.id)]


def test_to_open_a_thread_tells_nobody(visit, book, alice, notices):
    visit(alice).post(
        f"/books/{book.slug}/threads", data={"title": "Jane", "body": "Who is she?", "horizon": "0"}
    )

    assert notices() == []


def test_who_has_left_is_told_nothing(visit, save, thread, said, alice, bob, notices):
    alice.forget(alice.joined_at)
    save(alice)
    say(visit(bob), thread, parent=said)

    assert notices() == []


# What is shown


def test_a_notice_shows_who_answered_where_and_how_it_begins(visit, thread, said, alice, bob):
    say(visit(bob), thread, "It *was* badly done, ||and she knew||.", parent=said)

    page = visit(alice).get("/notices").text

    assert "Bob replied to you in “The picnic”." in page
    assert "It was badly done, …." in page
    assert "/comments/2/in-thread" in page
    assert "she knew" not in page


def test_locked_words_are_not_among_the_notices_and_come_once_the_reader_has_read_on(
    visit, save, book, thread, said, alice, bob
):
    save(make_reading(bob, book, position=9000))
    say(visit(bob), thread, "He is engaged to Jane.", parent=said, horizon="9000")
    client = visit(alice)

    page = client.get("/notices").text
    assert "Locked for now: up to 90 %." in page
    assert "engaged" not in page
    assert "/comments/2/in-thread" in page

    client.post(f"/books/{book.slug}/reading", data={"status": "reading", "position": "90", "sure": "1"})
    client.post(f"/books/{book.slug}/reading", data={"status": "finished"})
    page = client.get("/notices").text
    assert "Bob replied to you in “The picnic”." in page
    assert "He is engaged to Jane." in page


def test_of_words_that_are_gone_a_notice_says_that_they_are_removed(visit, thread, said, alice, bob):
    client = visit(bob)
    say(client, thread, "That was rude of me.", parent=said)
    client.post("/comments/2/deletion")

    page = visit(alice).get("/notices").text

    assert "Bob replied to you" in page
    assert "removed" in page
    assert "rude" not in page


def test_of_somebody_who_has_left_a_notice_says_so(visit, save, thread, said, alice, bob):
    say(visit(bob), thread, parent=said)
    bob.forget(bob.joined_at)
    save(bob)

    page = visit(alice).get("/notices").text
    assert "Bob" not in page
    assert "a former member replied to you" in page.replace("A former", "a former")


def test_a_report_is_told_with_its_place_and_leads_to_where_it_is_decided(
    visit, save, book, said, alice, bob, mod
):
    save(make_reading(bob, book, position=5000))
    visit(bob).post(f"/comments/{said.id}/spoiler-report", data={"horizon": "7500"})

    page = visit(alice).get("/notices").text
    assert "Bob reports a spoiler in your comment on Emma." in page
    assert "It was safe for everybody and is up to 75 % until you or a moderator decide." in page
    assert 'href="/reports/1"' in page

    visit(mod).post("/reports/1/decision", data={"verdict": "dismiss"})
    page = visit(alice).get("/notices").text
    assert "The report was rejected." in page
    assert "Mo rejected the report on your comment. It is now safe for everybody." in page
    page = visit(bob).get("/notices").text
    assert "Mo rejected the report on Alice’s comment. It is now safe for everybody." in page
    assert 'href="/reports/1"' in page


def test_a_report_on_a_review_is_told_to_its_author(visit, save, book, alice, bob):
    review = save(make_review(alice, book))
    visit(bob).post(f"/reviews/{review.id}/spoiler-report", data={"horizon": "finished"})

    page = visit(alice).get("/notices").text

    assert "Bob reports a spoiler in your review of Emma." in page
    assert "for people who have finished until you" in page


def test_a_member_sees_their_own_notices_only(visit, thread, said, alice, bob, olive):
    say(visit(bob), thread, parent=said)

    page = visit(olive).get("/notices").text

    assert "replied to you" not in page
    assert "No notices yet" in page


# New until they are seen


def test_every_page_counts_what_is_unseen_until_it_is_marked_as_seen(visit, thread, said, alice, bob):
    for _ in range(2):
        say(visit(bob), thread, parent=said)
    client = visit(alice)

    for url in ("/", "/books", "/notices", "/notices", "/nothing-here"):
        assert unseen(client.get(url).text) == "2", url
    page = client.get("/notices").text
    assert page.count('<span class="badge">new</span>') == 2
    assert unseen(visit(bob).get("/").text) is None

    assert client.post("/notices/seen", data={"until": ""}).status_code == 303
    page = client.get("/notices").text
    assert unseen(page) is None
    assert '<span class="badge">new</span>' not in page
    assert page.count("replied to you") == 2


def test_what_arrives_after_the_page_was_opened_stays_new(visit, thread, said, alice, bob):
    say(visit(bob), thread, parent=said)
    client = visit(alice)
    until = re.search(r'name="until" value="(\d+)"', client.get("/notices").text)[1]
    say(visit(bob), thread, parent=said)

    client.post("/notices/seen", data={"until": until})

    assert unseen(client.get("/").text) == "1"


def test_to_mark_as_seen_leaves_others_notices_alone(visit, save, thread, said, alice, bob):
    other = save(make_comment(thread, bob, "Well."))
    say(visit(bob), thread, parent=said)
    say(visit(alice), thread, parent=other)

    visit(alice).post("/notices/seen")

    assert unseen(visit(bob).get("/").text) == "1"


def test_a_second_notice_of_the_same_subject_takes_the_place_of_the_first_and_is_new_again(
    visit, save, book, said, alice, bob, olive, notices
):
    visit(bob).post(f"/comments/{said.id}/spoiler-report", data={"horizon": "4000"})
    client = visit(alice)
    client.post("/notices/seen")
    assert unseen(client.get("/").text) is None

    save(make_reading(olive, book, position=9000))
    visit(olive).post(f"/comments/{said.id}/spoiler-report", data={"horizon": "8000"})

    assert notices() == [(alice.id, "spoiler_report", said.id, olive.id)]
    page = client.get("/notices").text
    assert unseen(page) == "1"
    assert "Olive reports a spoiler in your comment" in page
    assert "up to 80 %" in page


def test_a_moderator_is_led_to_the_reports_that_wait(visit, said, alice, bob, mod):
    visit(bob).post(f"/comments/{said.id}/spoiler-report", data={"horizon": "4000"})

    assert "1 spoiler report is waiting for a decision." in visit(mod).get("/notices").text
    assert "waiting for a decision" not in visit(bob).get("/notices").text


# Many of them


def test_notices_page_by_key_newest_first(visit, save, thread, said, alice, bob):
    replies = save(*(make_comment(thread, bob, f"Reply {number}.", parent=said) for number in range(53)))
    save(*(Notice(member_id=alice.id, kind="reply", comment_id=one.id, actor_id=bob.id) for one in replies))
    client = visit(alice)

    first = client.get("/notices").text
    assert first.count("replied to you") == 50
    assert "Reply 52." in first
    assert "/notices?after=4" in first
    second = client.get("/notices?after=4").text
    assert [number for number in range(53) if f"Reply {number}." in second] == [0, 1, 2]
    assert 'href="/notices?after=' not in second


def test_the_page_takes_as_many_statements_for_many_notices_as_for_few(visit, save, alice, bob, statements):
    client = visit(alice)
    taken = []
    for count in (2, 20):
        for number in range(count):
            thread = save(make_thread(alice, save(make_book())))
            reply = save(make_comment(thread, bob, horizon=5000 * (number % 2)))
            save(Notice(member_id=alice.id, kind="reply", comment_id=reply.id, actor_id=bob.id))
        client.get("/notices")
        with statements() as sent:
            client.get("/notices")
        taken.append(len(sent))

    assert taken[0] == taken[1]
    assert taken[0] <= 8
