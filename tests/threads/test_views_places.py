"""A comment in its thread has one address, which leads to the page that shows it, in every kind of thread."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from bookclub.extensions import begin_write, db, utcnow
from bookclub.threads import rules as threads_rules
from bookclub.threads.models import Comment
from bookclub.threads.queries import place_in_thread
from tests.factories import make_ask, make_comment, make_review, make_round, make_thread
from tests.threads.saying import many, places, say

# What a page holds in most of these tests: filling it with 200 takes long.
FEW = 20
TOTAL = FEW + 5


@pytest.fixture(params=["book", "review", "ask", "round"])
def anywhere(request, save, book, alice, olive):
    """A thread of each kind, and the page on which it is read."""
    if request.param == "book":
        thread = save(make_thread(alice, book, "The picnic"))
        return thread, f"/threads/{thread.id}"
    if request.param == "review":
        review = save(make_review(alice, book))
        return review.thread, f"/reviews/{review.id}"
    if request.param == "ask":
        ask = save(make_ask(alice))
        return ask.thread, f"/asks/{ask.id}"
    voting_round = save(make_round(olive))
    return voting_round.thread, f"/threads/{voting_round.thread_id}"


@pytest.fixture
def delete(app):
    """``delete(*comments)`` takes comments away, as their author does; ``by`` as a moderator."""

    def delete(*comments, by=None) -> None:
        with app.app_context():
            begin_write()
            for comment in comments:
                db.session.get(Comment, comment.id).wipe(utcnow(), by, by and "It was rude.")
            db.session.commit()

    return delete


@pytest.fixture
def few(monkeypatch):
    """A page of a thread holds few comments."""
    monkeypatch.setattr(threads_rules, "PAGE_SIZE", FEW)


def follow(client, comment) -> tuple[str, str | None, list[int]]:
    """Follow a comment's link into its thread: the path, the fragment, and the comments there."""
    answer = client.get(f"/comments/{comment.id}/in-thread")
    assert answer.status_code in (302, 303)
    parts = urlsplit(answer.location)
    page = client.get(answer.location)
    assert page.status_code == 200
    assert not parts.fragment or f'id="{parts.fragment}"' in page.text
    return parts.path, parts.fragment or None, places(page.text)


def test_each_comment_of_205_is_on_the_page_it_leads_to(visit, save, thread, alice, bob, delete):
    rows, client = many(save, thread, alice, 205), visit(bob)
    delete(*rows[3:10], rows[150])

    for at in (0, 100, 199, 200, 204):
        path, fragment, shown = follow(client, rows[at])
        assert (path, fragment) == (f"/threads/{thread.id}", f"comment-{rows[at].id}")
        assert shown[0] == rows[0 if at < threads_rules.PAGE_SIZE else at].id


def test_each_kind_of_thread_is_led_to(visit, save, anywhere, alice, bob, few):
    thread, page = anywhere
    rows, client = many(save, thread, alice, TOTAL), visit(bob)

    for at in (0, 1, 10, FEW - 1, FEW, TOTAL - 1):
        path, fragment, shown = follow(client, rows[at])
        assert (path, fragment) == (page, f"comment-{rows[at].id}")
        assert shown[0] == rows[0 if at < FEW else at].id


def test_deleted_comments_count_as_the_page_counts_them(visit, save, thread, alice, bob, delete, few):
    rows, client = many(save, thread, alice, TOTAL), visit(bob)
    delete(*rows[:3], *rows[9:12], *rows[15:17])

    for comment in (rows[3], rows[FEW - 1], rows[FEW], rows[-1]):
        assert follow(client, comment)[1] == f"comment-{comment.id}"


@pytest.mark.databases("sqlite", "postgresql")
def test_a_reply_far_down_is_found_by_its_place_in_the_tree(visit, save, thread, alice, bob, few):
    rows = many(save, thread, alice, FEW - 1)
    deep = [save(make_comment(thread, bob, parent=rows[0]))]
    for _ in range(9):
        deep.append(save(make_comment(thread, bob, parent=deep[-1])))

    # They stand behind the first comment, and push the last of the others to the second page.
    assert follow(visit(bob), deep[-1])[1:] == (
        f"comment-{deep[-1].id}",
        [rows[0].id, *(row.id for row in deep), *(row.id for row in rows[1 : FEW - 10])],
    )
    assert follow(visit(bob), rows[-1])[1:] == (f"comment-{rows[-1].id}", [rows[-1].id])


def test_a_withdrawn_comment_shows_as_long_as_something_hangs_on_it(
    visit, save, thread, alice, bob, delete, few
):
    rows = many(save, thread, alice, FEW)
    # The last of the first page: what hangs on it is on the second.
    reply = save(make_comment(thread, bob, parent=rows[-1]))
    delete(rows[-1])

    assert follow(visit(bob), rows[-1])[1] == f"comment-{rows[-1].id}"
    delete(reply)
    assert follow(visit(bob), rows[-1])[1] == f"comment-{rows[-2].id}"
    assert follow(visit(bob), reply)[1] == f"comment-{rows[-2].id}"


def test_of_a_deleted_subtree_the_way_leads_to_what_stands_before_it(
    visit, save, thread, alice, bob, delete, few
):
    page = f"/threads/{thread.id}"
    first, second = many(save, thread, alice, 2)
    replies = many(save, thread, bob, FEW, parent=second)
    delete(second, *replies)

    assert follow(visit(bob), replies[-1]) == (page, f"comment-{first.id}", [first.id])
    delete(first)
    assert follow(visit(bob), replies[-1]) == (page, None, [])


def test_what_a_moderator_removed_stays_a_place(visit, save, thread, alice, bob, mod, delete, few):
    rows = many(save, thread, alice, TOTAL)
    delete(rows[-1], by=mod.id)

    assert follow(visit(bob), rows[-1])[1] == f"comment-{rows[-1].id}"


def test_a_locked_comment_is_found_at_its_placeholder(visit, save, thread, alice, bob, few):
    rows = save(*(make_comment(thread, alice, horizon=5000) for _ in range(TOTAL)))

    for at in (0, 5, FEW - 1, FEW, TOTAL - 1):
        assert follow(visit(bob), rows[at])[1] == f"comment-{rows[at].id}"


@pytest.mark.databases("sqlite", "postgresql")
def test_deeper_than_a_path_can_tell_a_comment_is_found_too(visit, save, thread, alice, bob, delete):
    deep = [save(make_comment(thread, alice))]
    for _ in range(103):
        deep.append(save(make_comment(thread, bob, parent=deep[-1])))
    delete(*deep[97:-1])

    for comment in (deep[97], deep[102], deep[-1]):
        assert follow(visit(bob), comment)[1] == f"comment-{comment.id}"


def test_only_who_may_know_of_a_thread_is_led_to_it(visit, visitor, public, save, anywhere, alice):
    thread, _ = anywhere
    comment = save(make_comment(thread, alice))
    is_for_members = thread.of_ask or thread.of_round

    answer = visitor.get(f"/comments/{comment.id}/in-thread")
    assert answer.status_code == (404 if is_for_members else 302)
    assert visit(alice).get("/comments/4711/in-thread").status_code == 404


def test_every_page_about_a_comment_leads_back_by_that_address(visit, save, thread, alice, bob, mod, few):
    comment = many(save, thread, alice, TOTAL)[-1]
    back = f'href="/comments/{comment.id}/in-thread"'

    for member, pages in (
        (alice, ("", "/edit", "/deletion")),
        (bob, ("", "/spoiler-report")),
        (mod, ("/removal",)),
    ):
        for page in pages:
            assert back in visit(member).get(f"/comments/{comment.id}{page}").text, page


def test_saving_lands_on_the_page_that_shows_the_comment(visit, save, thread, alice, bob, mod, delete, few):
    rows = many(save, thread, alice, TOTAL)
    delete(*rows[10:15])
    client = visit(alice)
    saved = client.post(f"/comments/{rows[-1].id}/edit", data={"body": "Otherwise.", "horizon": "0"})
    said = say(visit(bob), thread)
    gone = client.post(f"/comments/{rows[-2].id}/deletion")
    removed = visit(mod).post(f"/comments/{rows[-3].id}/removal", data={"reason": "It was rude."})

    for answer in (saved, said, gone, removed):
        assert answer.status_code == 303
        fragment = urlsplit(answer.location).fragment
        assert fragment
        assert f'id="{fragment}"' in client.get(answer.location).text
    assert f"#comment-{rows[-3].id}" in gone.location


def test_a_report_lands_on_the_page_that_shows_the_comment(visit, save, thread, alice, bob, few):
    comment = many(save, thread, alice, TOTAL)[-1]
    answer = visit(bob).post(f"/comments/{comment.id}/spoiler-report", data={"horizon": "5000"})

    assert answer.location == f"/comments/{comment.id}/in-thread"


def test_a_reply_to_a_comment_that_never_was_keeps_its_words(visit, thread, said, bob):
    for parent in ("abc", "4711", "-1"):
        answer = say(visit(bob), thread, "My own words.", parent_id=parent)
        assert answer.status_code == 422
        assert "My own words." in answer.text
        assert not re.search(r'href="[^"]*/in-thread"', answer.text)


def test_finding_a_place_takes_as_many_statements_in_a_long_thread(
    app, save, thread, alice, bob, statements, delete, few
):
    taken = set()
    for size in (3, TOTAL):
        rows = many(save, thread, alice, size)
        many(save, thread, bob, 3, parent=rows[-1])
        with app.app_context(), statements() as sent:
            place_in_thread(rows[-1])
        taken.add(len(sent))

    assert taken == {1}
