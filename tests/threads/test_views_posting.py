"""What members say in a thread: taken once, in its place, or refused in words."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from bookclub.extensions import db, utcnow
from bookclub.lib.positions.places import END
from bookclub.readings.models import Reading
from bookclub.readings.queries import reading_of
from bookclub.threads.models import Thread
from bookclub.threads.rules import MAX_BODY
from tests.cases import each
from tests.factories import make_comment, make_reading, make_review, make_thread
from tests.page_forms import form_to
from tests.threads.saying import HTMX, HUGE, places, say

# To say something


@pytest.mark.parametrize("headers", [None, HTMX], ids=["plain", "htmx"])
def test_who_says_that_they_loved_it_may_note_so_and_nothing_is_noted_by_itself(
    visit, thread, book, bob, app, headers
):
    client = visit(bob)
    answer = say(client, thread, "I loved it, all of it.", horizon="finished", headers=headers)
    page = answer if headers else client.get(answer.location.partition("#")[0])

    assert "You wrote “loved it”." in page.words
    with app.app_context():
        assert reading_of(bob.id, book.id) is None
    form = form_to(page.text, f"/books/{book.slug}/reading")
    assert form.fields.items() >= {"status": "finished", "rating": "5"}.items()
    assert client.post(form.action, data=form.fields).status_code == 303
    with app.app_context():
        reading = reading_of(bob.id, book.id)
        assert (reading.status, reading.rating) == ("finished", 10)

    again = say(client, thread, "As I said, I loved it.", headers=headers)
    assert "You wrote" not in (again.text if headers else client.get(f"/threads/{thread.id}").text)


def test_a_comment_at_the_top_lands_on_its_place_in_the_thread(visit, thread, bob, comments):
    answer = say(visit(bob), thread, "A fine day for it.")

    (comment,) = comments()
    assert answer.status_code == 303
    assert answer.location == f"/threads/{thread.id}#comment-{comment.id}"
    assert (comment.parent_id, comment.member_id, comment.body) == (None, bob.id, "A fine day for it.")
    page = visit(bob).get(answer.location)
    assert places(page.text) == [comment.id]
    assert "A fine day for it." in page.text
    assert "1 thought<" in page.text


def test_a_reply_under_a_review_lands_on_the_page_of_the_review(visit, save, book, alice, bob, comments):
    review = save(make_review(alice, book))

    answer = say(visit(bob), review.thread)

    (comment,) = comments()
    assert answer.location == f"/reviews/{review.id}#comment-{comment.id}"


def test_a_reply_stands_under_what_it_answers(visit, thread, said, save, alice, bob, comments):
    later = save(make_comment(thread, alice, "Box Hill, I mean."))

    say(visit(bob), thread, parent_id=said.id)

    reply = comments()[-1]
    assert reply.parent_id == said.id
    assert reply.path.startswith(said.path)
    assert places(visit(bob).get(f"/threads/{thread.id}").text) == [said.id, reply.id, later.id]


def test_htmx_gets_the_new_comment_the_count_and_an_empty_slot(visit, thread, said, bob, comments):
    answer = say(visit(bob), thread, "So it was.", parent_id=said.id, headers=HTMX)

    reply = comments()[-1]
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert places(answer.text) == [reply.id]
    assert "So it was." in answer.text
    assert "2 thoughts" in answer.text
    assert f'id="slot-{said.id}"' in answer.text
    assert "data-focus" in answer.text
    assert "data-announce" in answer.text


def test_htmx_gets_a_fresh_form_after_a_comment_at_the_top(visit, thread, bob, comments):
    answer = say(visit(bob), thread, "So it was.", headers=HTMX)

    assert places(answer.text) == [comments()[-1].id]
    assert 'id="new-comment"' in answer.text
    assert ">So it was.</textarea>" not in answer.text


def test_the_fragment_is_the_very_one_that_the_page_includes(visit, thread, said, bob, comments):
    fragment = say(visit(bob), thread, "So it was.", parent_id=said.id, headers=HTMX).text
    page = visit(bob).get(f"/threads/{thread.id}").text

    article = re.compile(
        rf'<article class="comment[^>]*id="comment-{comments()[-1].id}".*?</article>', re.DOTALL
    )
    assert article.search(fragment)[0] == article.search(page)[0]


@pytest.mark.databases("sqlite", "postgresql")
def test_curly_quotes_emoji_and_every_script_are_kept_to_the_byte(visit, thread, bob, comments):
    body = "“Well,” she said – ‘no’… 🦄👩‍👩‍👧 日本語 עברית e\u0301 é  𐍈\n\ttab"

    say(visit(bob), thread, body)

    assert comments()[0].body == body


@each("body", ["", "   ", " \n\t\r\n ", "\u00a0\u2003"])
@each("headers", [None, HTMX])
def test_a_comment_without_words_is_refused_beside_its_field(
    visit, thread, said, bob, body, headers, comments
):
    answer = say(visit(bob), thread, body, parent_id=said.id, headers=headers)

    assert answer.status_code == 422
    assert "Write something first." in answer.text
    assert f'id="reply-{said.id}"' in answer.text
    assert len(comments()) == 1


def test_a_comment_of_20000_characters_is_taken(visit, thread, bob, comments):
    assert say(visit(bob), thread, "ä" * MAX_BODY).status_code == 303
    assert len(comments()[0].body) == 20_000


def test_a_comment_of_20001_characters_is_refused_with_its_words_kept(visit, thread, bob, comments):
    answer = say(visit(bob), thread, "ä" * (MAX_BODY + 1))

    assert answer.status_code == 422
    assert "20,001 characters long" in answer.text
    assert "ä" * (MAX_BODY + 1) in answer.text
    assert not comments()


def test_lines_from_a_form_count_once_whatever_the_browser_ends_them_with(visit, thread, bob, comments):
    assert say(
        visit(bob), thread, "a" + "\r\n" * (MAX_BODY // 2) + "b" * (MAX_BODY // 2 - 2)
    ).status_code in (303, 422)
    assert say(visit(bob), thread, "one\r\ntwo").status_code == 303
    assert comments()[-1].body == "one\ntwo"


@each("horizon", ["", "mine", "section-3", "10001", "-1", "٣", "1e3", "9" * 5000])
def test_a_horizon_that_makes_no_sense_is_refused_with_the_words_kept(visit, thread, bob, horizon, comments):
    """Bob never said how far he is, so that nothing can be taken for granted."""
    answer = say(visit(bob), thread, "What I typed for so long.", horizon=horizon)

    assert answer.status_code == 422
    assert "What I typed for so long.</textarea>" in answer.text
    assert re.search(r"<select[^>]*aria-invalid", answer.text)
    assert not comments()


def test_who_said_how_far_they_are_gives_that_away_unless_they_choose(
    visit, save, thread, book, bob, comments
):
    save(make_reading(bob, book, position=3333))

    visit(bob).post(f"/threads/{thread.id}/comments", data={"body": "So far, so good."})

    (comment,) = comments()
    assert (comment.horizon, comment.horizon_choice) == (3333, "mine")


def test_who_never_said_how_far_they_are_can_say_here_that_they_have_finished(
    app, visit, thread, book, bob, comments
):
    say(visit(bob), thread, "What an ending!", horizon="mine", finished="y")

    (comment,) = comments()
    assert comment.horizon == END
    with app.app_context():
        reading = db.session.scalars(select(Reading)).one()
    assert (reading.member_id, reading.book_id, reading.status, reading.mark) == (
        bob.id,
        book.id,
        "finished",
        END,
    )


def test_a_reply_to_what_is_not_there_is_refused_with_the_words_kept(
    visit, save, thread, book, alice, bob, comments
):
    other, client = save(make_thread(alice, book)), visit(bob)
    elsewhere = save(make_comment(other, alice)).id
    gone = save(make_comment(thread, alice, deleted_at=utcnow())).id

    for parent in (elsewhere, gone, "999999999", HUGE, "9" * 5000, "-1", "0", "abc", "999\0"):
        answer = say(client, thread, "An answer to nothing.", parent_id=parent)

        assert answer.status_code == 422, parent
        assert "is not there any more" in answer.text
        assert "An answer to nothing.</textarea>" in answer.text
        assert len(comments()) == 2


def test_a_locked_thread_takes_nothing_and_gives_the_words_back(
    visit, save, thread, alice, bob, mod, comments
):
    thread.lock(mod.id, "It had been said.", utcnow())
    save(thread)
    words = "A long answer that took me the whole evening to write."

    answer = say(visit(bob), thread, words)

    assert answer.status_code == 403
    assert "It had been said." in answer.text
    assert words in answer.text
    assert not comments()


def test_a_visitor_cannot_say_anything_and_gets_the_words_back(visitor, public, thread, comments):
    words = "A long answer that took me the whole evening to write."

    answer = say(visitor, thread, words)

    assert answer.status_code == 401
    assert words in answer.text
    assert say(visitor, thread, words, headers=HTMX).headers["HX-Redirect"].startswith("/sign-in")
    assert not comments()


# The same form twice


@pytest.mark.parametrize("headers", [None, HTMX])
def test_the_same_form_sent_twice_makes_one_comment_and_answers_alike(visit, thread, bob, comments, headers):
    answers = [say(visit(bob), thread, submission="key", headers=headers) for _ in range(2)]

    (comment,) = comments()
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].location == answers[1].location
    assert not headers or places(answers[1].text) == [comment.id]


@pytest.mark.databases("sqlite", "postgresql")
def test_the_same_form_sent_four_times_at_once_makes_one_comment(app, visit, thread, said, bob, comments):
    clients = [visit(bob) for _ in range(4)]
    at_once = Barrier(4)

    def send(client):
        at_once.wait()
        return say(client, thread, parent_id=said.id, submission="key").status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(send, clients)) == [303] * 4

    assert len(comments()) == 2
    with app.app_context():
        assert db.session.get(Thread, thread.id).comment_count == 2


@pytest.mark.databases("sqlite", "postgresql")
def test_four_members_who_speak_at_once_are_all_heard(visit, thread, alice, bob, mod, olive, comments, kept):
    clients = [visit(member) for member in (alice, bob, mod, olive)]
    at_once = Barrier(4)

    def send(client):
        at_once.wait()
        return say(client, thread).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(send, clients)) == [303] * 4

    assert len({comment.member_id for comment in comments()}) == 4
    assert kept(thread).comment_count == 4


def test_the_same_form_with_other_words_makes_a_second_comment(visit, thread, bob, comments):
    for words in ("One thing.", "Another thing.", "Another thing."):
        say(visit(bob), thread, words, submission="key")

    assert [comment.body for comment in comments()][:2] == ["One thing.", "Another thing."]


def test_the_key_of_a_form_means_nothing_in_another_thread_or_to_another_member(
    visit, save, thread, book, alice, bob, comments
):
    other = save(make_thread(alice, book))

    say(visit(bob), thread, submission="key")
    say(visit(bob), other, submission="key")
    say(visit(alice), thread, submission="key")

    assert [(comment.thread_id, comment.member_id) for comment in comments()] == [
        (thread.id, bob.id),
        (other.id, bob.id),
        (thread.id, alice.id),
    ]


@pytest.mark.parametrize("key", ["", "\0", "x" * 65, "two words", "ключ"])
def test_a_form_without_a_usable_key_is_taken_each_time(visit, thread, bob, comments, key):
    for _ in range(2):
        assert say(visit(bob), thread, submission=key).status_code == 303

    assert len(comments()) == 2
