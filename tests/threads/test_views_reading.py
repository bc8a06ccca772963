"""A thread as it is read: its order, its pages, what is new in it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bookclub.extensions import utcnow
from bookclub.threads.rules import MAX_LEVEL, PAGE_SIZE
from tests.cases import each
from tests.factories import make_comment, make_review
from tests.threads.saying import HUGE, many, places, say


def test_an_empty_thread_says_so(visit, thread, bob):
    page = visit(bob).get(f"/threads/{thread.id}").text

    assert "Nobody has said anything yet" in page
    assert "0 thoughts" in page


def test_a_thread_page_holds_one_comment_form_and_comments_hold_none(visit, save, thread, said, alice, bob):
    save(make_comment(thread, bob, parent=said))

    page = visit(alice).get(f"/threads/{thread.id}").text

    assert page.count('name="parent_id"') == 1
    assert '<input type="hidden" name="parent_id" value="">' in page
    for article in re.findall(r"<article.*?</article>", page, re.DOTALL):
        assert "<form" not in article


def test_the_page_of_a_comment_has_the_form_that_answers_it(visit, said, bob):
    page = visit(bob).get(f"/comments/{said.id}")

    assert page.text.count('name="parent_id"') == 1
    assert page.form(f"reply-{said.id}").fields["parent_id"] == str(said.id)
    assert ">Reply</label>" in page.text
    assert "Post reply" in page.words


def test_a_review_s_thread_is_shown_under_the_review(visit, save, book, alice, bob):
    review = save(make_review(alice, book))

    answer = visit(bob).get(f"/threads/{review.thread_id}?at=3")

    assert (answer.status_code, answer.location) == (302, f"/reviews/{review.id}?at=3")


def test_what_is_unread_is_marked_but_not_ones_own(visit, save, thread, alice, bob):
    now = utcnow()
    bob.caught_up_at = now - timedelta(days=2)
    save(bob)
    old = save(make_comment(thread, alice, created_at=now - timedelta(days=3)))
    young = save(make_comment(thread, alice, created_at=now - timedelta(days=1)))
    own = save(make_comment(thread, bob, created_at=now - timedelta(days=1)))

    page = visit(bob).get(f"/threads/{thread.id}").text

    assert places(page) == [old.id, young.id, own.id]
    assert re.findall(r'class="comment new h-entry" id="comment-(\d+)"', page) == [str(young.id)]
    assert page.count('<span class="badge">new</span>') == 1


def test_a_thread_of_200_comments_is_one_page(visit, save, thread, alice, bob):
    rows = many(save, thread, alice, PAGE_SIZE)

    page = visit(bob).get(f"/threads/{thread.id}").text

    assert places(page) == [row.id for row in rows]
    assert "Show more" not in page


def test_a_longer_thread_goes_on_behind_show_more_and_nothing_is_lost(visit, save, thread, alice, bob):
    rows = many(save, thread, alice, 2 * PAGE_SIZE + 1)
    found, url = [], f"/threads/{thread.id}"
    for _ in range(3):
        page = visit(bob).get(url)
        found += places(page.text)
        url = page.link("Show more") if "Show more" in page.words else None

    assert found == [row.id for row in rows]
    assert url is None


def test_a_page_that_begins_within_a_conversation_says_what_it_is_about(visit, save, thread, alice, bob):
    first = save(make_comment(thread, alice, "The first of all."))
    second = save(make_comment(thread, bob, "The second.", parent=first))
    replies = many(save, thread, alice, PAGE_SIZE, parent=second)

    page = visit(bob).get(f"/threads/{thread.id}?at={replies[100].id}").text

    assert places(page) == [row.id for row in replies[100:]]
    assert "From the beginning" in page
    assert "From the beginning" not in visit(bob).get(f"/threads/{thread.id}").text
    assert "In reply to Alice" in page
    assert "In reply to Bob" in page
    assert "The first of all." not in page


def test_a_comment_in_a_long_thread_is_found_on_the_page_that_begins_with_it(visit, save, thread, alice, bob):
    many(save, thread, alice, PAGE_SIZE + 5)

    answer = say(visit(bob), thread, "The last word.")

    assert f"?at={places(visit(bob).get(answer.location).text)[0]}#" in answer.location
    assert "The last word." in visit(bob).get(answer.location).text


@pytest.mark.parametrize("name", ["after", "at"])
def test_a_key_that_is_none_never_breaks_a_page(visit, save, thread, said, book, alice, name):
    review, client = save(make_review(alice, book)), visit(alice)

    for value in ("abc", "-1", "0", "", "999999", HUGE, "9" * 5000, "٣", "%00", "1.5"):
        for path in (f"/threads/{thread.id}", f"/reviews/{review.id}"):
            assert client.get(f"{path}?{name}={value}").status_code == 200, value


@pytest.mark.databases("sqlite", "postgresql")
@each("number", [HUGE, "2147483648", "9223372036854775808", "9" * 500])
def test_an_id_that_no_database_could_keep_is_simply_not_there(visit, mod, number):
    client = visit(mod)
    for path in (
        "comments/{}",
        "comments/{}/reveal",
        "comments/{}/edit",
        "threads/{}",
        "reviews/{}",
        "threads/{}/lock",
    ):
        assert client.get("/" + path.format(number)).status_code == 404, path
    for path in ("threads/{}/comments", "threads/{}/reveal", "comments/{}/deletion", "reviews/{}/deletion"):
        assert client.post("/" + path.format(number), data={"body": "x"}).status_code == 404, path


def test_a_conversation_far_deeper_than_a_hundred_levels_is_shown_in_order(visit, save, thread, alice, bob):
    parent, chain = None, []
    for _ in range(MAX_LEVEL + 30):
        parent = save(make_comment(thread, alice, parent=parent))
        chain.append(parent.id)

    say(visit(bob), thread, "Deeper still.", parent_id=parent.id)
    page = visit(bob).get(f"/threads/{thread.id}")

    assert page.status_code == 200
    assert places(page.text) == [*chain, chain[-1] + 1]
    assert page.text.count("<ol") == page.text.count("</ol>")
    assert page.text.count("<li>") == page.text.count("</li>")
