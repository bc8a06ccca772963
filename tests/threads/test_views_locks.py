"""Horizons in a tree of comments, and words that lie ahead of the reader."""

from __future__ import annotations

from sqlalchemy import select

from bookclub.extensions import db
from bookclub.lib.positions.places import END
from bookclub.readings.models import Reveal
from bookclub.reviews.models import Review
from bookclub.threads.models import Thread
from tests.factories import make_comment, make_reading, make_review
from tests.threads.saying import open_thread, places, say

# Horizons in a tree


def test_a_reply_can_never_be_safer_than_what_it_answers(visit, save, thread, alice, bob, comments):
    parent = save(make_comment(thread, alice, horizon=6000))

    say(visit(bob), thread, "Quite safe, I think.", parent_id=parent.id, horizon="0")

    reply = comments()[-1]
    assert (reply.own_horizon, reply.horizon) == (0, 6000)


def test_a_raised_horizon_raises_all_that_hangs_on_it_and_a_lowered_one_lets_it_down(
    visit, save, thread, alice, bob, comments
):
    first = save(make_comment(thread, alice))
    parent = save(make_comment(thread, alice, "I say.", parent=first))
    child = save(make_comment(thread, bob, parent=parent, horizon=3000))
    save(make_comment(thread, bob, parent=child))
    save(make_comment(thread, bob, parent=first))

    visit(alice).post(f"/comments/{parent.id}/edit", data={"body": "I say.", "horizon": "finished"})
    assert [comment.horizon for comment in comments()] == [0, END, END, END, 0]

    visit(alice).post(f"/comments/{parent.id}/edit", data={"body": "I say.", "horizon": "1000"})
    assert [comment.horizon for comment in comments()] == [0, 1000, 3000, 3000, 0]


def test_the_opening_words_carry_the_floor_of_their_thread_with_them(
    visit, save, book, bob, alice, comments, kept
):
    open_thread(visit(bob), book, horizon="2000")
    opening = comments()[0]
    thread = Thread(id=opening.thread_id)
    say(visit(alice), thread, horizon="0")

    visit(bob).post(f"/comments/{opening.id}/edit", data={"body": "Is he?", "horizon": "7000"})
    assert kept(thread).floor == 7000
    assert [comment.horizon for comment in comments()] == [7000, 7000]

    visit(bob).post(f"/comments/{opening.id}/edit", data={"body": "Is he?", "horizon": "0"})
    assert kept(thread).floor == 0
    assert [comment.horizon for comment in comments()] == [0, 0]


def test_another_comment_at_the_top_does_not_move_the_floor(visit, save, book, bob, alice, comments, kept):
    open_thread(visit(bob), book, horizon="2000")
    thread = Thread(id=comments()[0].thread_id)
    say(visit(alice), thread, horizon="0")

    visit(alice).post(f"/comments/{comments()[1].id}/edit", data={"body": "No.", "horizon": "9000"})

    assert kept(thread).floor == 2000
    assert [comment.horizon for comment in comments()] == [2000, 9000]


# Locked words


def test_a_locked_comment_says_who_and_how_far_and_has_a_link_that_reveals_it(
    visit, save, thread, book, bob, secret
):
    save(make_reading(bob, book, position=2000))

    for url in (f"/threads/{thread.id}", f"/comments/{secret.id}"):
        page = visit(bob).get(url)
        assert page.status_code == 200
        assert places(page.text) == [secret.id]
        assert "Alice, up to 50 %." in page.text
        assert "You are at 20 %." in page.text
        assert f'href="/comments/{secret.id}/reveal"' in page.text
        assert "engaged" not in page.text
        assert f'"reply-{secret.id}"' not in page.text


def test_a_visitor_is_told_no_position_and_offered_no_key(visitor, public, thread, secret):
    for url in (f"/threads/{thread.id}", f"/comments/{secret.id}"):
        page = visitor.get(url).text
        assert "Alice, later in the book." in page
        assert "50 %" not in page
        assert "/reveal" not in page
        assert "engaged" not in page
    assert "1 thought: 0 here, 1 later in the book" in visitor.get(f"/threads/{thread.id}").text


def test_to_reveal_one_comment_shows_that_one_and_remembers_nothing(
    app, visit, save, thread, alice, bob, secret
):
    save(make_comment(thread, alice, "And Frank knew.", parent=secret))

    page = visit(bob).get(f"/comments/{secret.id}/reveal")

    assert "He is engaged to Jane." in page.text
    assert "Frank" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "engaged" not in visit(bob).get(f"/threads/{thread.id}").text
    with app.app_context():
        assert not db.session.scalars(select(Reveal)).all()


def test_a_visitor_reveals_nothing(visitor, public, thread, secret):
    answer = visitor.get(f"/comments/{secret.id}/reveal")

    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


def test_to_reveal_a_thread_is_remembered_until_it_is_taken_back(visit, thread, bob, secret):
    bobs = visit(bob)
    for _ in range(2):
        answer = bobs.post(f"/threads/{thread.id}/reveal")
        assert (answer.status_code, answer.location) == (303, f"/threads/{thread.id}")
    shown = bobs.get(f"/threads/{thread.id}").text
    bobs.post(f"/threads/{thread.id}/reveal/deletion")
    hidden = bobs.get(f"/threads/{thread.id}").text

    assert "engaged" in shown
    assert "1 thought<" in shown
    assert "engaged" not in hidden
    assert "1 thought: 0 here, 1 ahead of you" in hidden


def test_a_run_of_locked_replies_folds_into_one_line(visit, save, thread, alice, bob, mod, secret):
    more = save(make_comment(thread, mod, "So he is.", parent=secret, horizon=7000))
    after = save(make_comment(thread, alice, "Nice weather.", horizon=0))

    page = visit(bob).get(f"/threads/{thread.id}").text

    assert sorted(places(page)) == [secret.id, more.id, after.id]
    assert page.count('class="locked"') == 1
    assert "2 replies by Alice and Mo, up to 70 %." in page
    assert "Nice weather." in page


def test_ones_own_reply_under_a_locked_comment_still_shows(visit, save, thread, bob, secret):
    save(make_comment(thread, bob, "I knew it.", parent=secret))

    page = visit(bob).get(f"/threads/{thread.id}").text

    assert "I knew it." in page
    assert "engaged" not in page


def test_a_thread_under_a_removed_review_can_still_be_read(app, visit, save, book, alice, bob):
    review = save(make_review(alice, book))
    save(make_comment(review.thread, bob, "Well put."))
    visit(alice).post(f"/reviews/{review.id}/deletion")

    page = visit(bob).get(f"/reviews/{review.id}").text

    assert "Removed by its author" in page
    assert "Well put." in page
    with app.app_context():
        assert db.session.get(Review, review.id).body == ""
