"""Members whom a comment mentions hear of it, if they can read it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bookclub.extensions import db
from bookclub.notices.models import Notice
from tests.factories import make_comment, make_member, make_reading
from tests.threads.saying import say


@pytest.fixture
def told(app):
    """``told(member)`` is the ids of the comments that a member has a notice of."""

    def told(member) -> list[int]:
        with app.app_context():
            statement = select(Notice.comment_id).where(Notice.member_id == member.id).order_by(Notice.id)
            return list(db.session.scalars(statement))

    return told


def test_a_member_who_is_mentioned_hears_of_it(visit, thread, said, alice, bob, olive, comments, told):
    say(visit(bob), thread, "What does @olive say?", parent_id=said.id)

    reply = comments()[-1]
    assert told(olive) == [reply.id]
    assert told(alice) == [reply.id]
    page = visit(olive).get("/notices").text
    assert "Bob mentioned you in “The picnic”." in page
    assert "What does @olive say?" in page
    assert "mentioned you" not in visit(alice).get("/notices").text


def test_who_is_answered_and_mentioned_hears_of_it_once(visit, thread, said, alice, bob, told):
    say(visit(bob), thread, "Well, @alice.", parent_id=said.id)

    assert len(told(alice)) == 1


def test_nobody_is_told_of_a_post_that_is_locked_for_them(visit, save, book, thread, bob, olive, told):
    ahead = save(make_member("ahead"))
    save(make_reading(bob, book, position=5000), make_reading(ahead, book, position=5000))

    say(visit(bob), thread, "@olive and @ahead, did you see that?", horizon="mine")

    assert told(olive) == []
    assert len(told(ahead)) == 1


def test_a_name_between_bars_is_told_to_nobody_for_whom_they_are_closed(
    visit, save, book, thread, bob, olive, told
):
    over = save(make_member("over"))
    save(make_reading(bob, book, position=10000), make_reading(over, book, position=10000))

    say(visit(bob), thread, "Guess: ||it is @olive or @over||.")

    assert told(olive) == []
    assert len(told(over)) == 1


def test_a_mention_links_to_a_member_who_is_here(visit, save, thread, alice, bob):
    gone = save(make_member("gone"))
    say(visit(bob), thread, "@Alice, @gone and @nobody.")
    assert f'<a href="/members/{gone.username}">@gone</a>' in visit(alice).get(f"/threads/{thread.id}").text
    gone.suspended_at = bob.joined_at
    save(gone)

    page = visit(alice).get(f"/threads/{thread.id}").text
    assert '<a href="/members/alice">@Alice</a>, @gone and @nobody.' in page


def test_a_visitor_is_led_to_no_member(visit, save, public, thread, bob):
    say(visit(bob), thread, "Ask @alice.")

    page = visit().get(f"/threads/{thread.id}").text
    assert "Ask @alice." in page
    assert "/members/alice" not in page


def test_many_mentions_take_as_many_statements_as_few(visit, save, thread, alice, bob, statements):
    people, said = save(*(make_member(f"reader{number}") for number in range(60))), []

    def mention(members):
        said.extend(members)
        save(*(make_comment(thread, alice, f"Thank you, @{one.username}.") for one in members))
        # The first visit sets the bookmark.
        visit(bob).get(f"/threads/{thread.id}")
        with statements() as sent:
            page = visit(bob).get(f"/threads/{thread.id}").text
        assert page.count('<a href="/members/reader') == len(said)
        return len(sent)

    few = mention(people[:3])
    assert mention(people[3:]) == few


def test_a_mention_that_has_been_hidden_since_is_not_shown(visit, save, thread, bob, olive, comments):
    say(visit(bob), thread, "@olive, he is engaged.")
    mention = comments()[-1]
    assert "mentioned you" in visit(olive).get("/notices").text
    mention.horizon = mention.lifted_horizon = 5000
    save(mention)

    page = visit(olive).get("/notices").text
    assert "mentioned you" not in page
    assert "engaged" not in page


def test_nobody_mentions_themselves_or_who_has_left(visit, save, thread, bob, told):
    gone = save(make_member("gone", suspended_at=bob.joined_at))

    say(visit(bob), thread, "@bob and @gone and @nobody")

    assert told(bob) == []
    assert told(gone) == []


def test_an_edit_tells_only_those_whom_it_mentions_first(
    visit, save, thread, bob, olive, mod, comments, told
):
    say(visit(bob), thread, "@olive, look.")
    comment = comments()[-1]
    visit(olive).post("/notices/seen")

    visit(bob).post(f"/comments/{comment.id}/edit", data={"body": "@olive and @mo, look.", "horizon": "0"})

    assert told(mod) == [comment.id]
    assert told(olive) == [comment.id]
    assert 'class="badge">new' not in visit(olive).get("/notices").text


def test_members_are_suggested_by_username_and_by_name(visit, save, bob):
    save(make_member("wyn", display_name="Wyn Pritchard"), make_member("walter", suspended_at=bob.joined_at))

    def suggested(text):
        return visit(bob).get("/mentions/members", query_string={"q": text}).text

    assert 'data-title="wyn"' in suggested("w")
    assert 'data-title="wyn"' in suggested("WYN P")
    assert "walter" not in suggested("w")
    assert "<li" not in suggested("")
    assert "<li" not in suggested("%")
