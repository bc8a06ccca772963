"""Searches find nothing that lies ahead of their reader, and do not say that something does."""

from __future__ import annotations

import pytest

from bookclub.extensions import db
from bookclub.readings.models import Reveal
from bookclub.text_columns import RENDERER_VERSION
from bookclub.threads.models import Comment
from tests.factories import (
    make_ask,
    make_comment,
    make_meeting,
    make_member,
    make_nomination,
    make_question,
    make_reading,
    make_review,
    make_round,
    make_thread,
)

BOTH = pytest.mark.databases("sqlite", "postgresql")


@BOTH
def test_what_lies_ahead_is_found_by_its_author_and_later_readers_alone(
    find, save, thread, alice, bob, halfway, olive, open_club
):
    said = save(make_comment(thread, alice, "The butler regrets it.", horizon=6000))
    here = [f"/comments/{said.id}/in-thread"]

    assert [find(who, "butler") for who in (alice, bob, olive, None)] == [here, [], [], []]
    halfway.mark = halfway.position = 6000
    save(halfway)
    assert find(bob, "butler") == here


@BOTH
def test_bars_are_found_by_those_who_have_finished_and_their_author(
    find, save, thread, alice, bob, halfway, olive, open_club, book
):
    save(make_reading(olive, book, position=10_000))
    said = save(make_comment(thread, alice, "Nice, but ||the butler|| regrets it."))
    here = [f"/comments/{said.id}/in-thread"]

    assert [find(who, "butler") for who in (alice, bob, olive, None)] == [here, [], here, []]
    assert [find(who, "regrets") for who in (alice, bob, olive, None)] == [here] * 4
    # What a reader cannot read leaves nothing out, either.
    assert [find(who, "regrets -butler") for who in (alice, bob, olive, None)] == [[], here, [], here]


@BOTH
def test_a_locked_review_is_found_by_its_public_words(find, save, book, alice, bob, halfway, open_club):
    written = save(
        make_review(
            alice, book, "The butler ||never|| tells.", title="Restraint", summary="Slow.", horizon=6000
        )
    )
    here = [f"/reviews/{written.id}"]

    assert [find(bob, q) for q in ("restraint", "slow", "butler", "never")] == [here, here, [], []]
    assert [find(None, q) for q in ("restraint", "slow", "butler", "never")] == [here, here, [], []]
    assert [find(alice, q) for q in ("restraint", "slow", "butler", "never")] == [here] * 4
    assert (find(bob, "restraint -butler"), find(alice, "restraint -butler")) == (here, [])


@BOTH
def test_a_reveal_counts_and_a_snippet_shows_no_more_than_the_page(
    find, save, visit, thread, alice, bob, book
):
    said = save(make_comment(thread, alice, "The butler waits, and ||the guest|| leaves.", horizon=6000))
    assert find(bob, "butler") == []

    save(Reveal(member_id=bob.id, thread_id=thread.id))
    assert find(bob, "guest") == [f"/comments/{said.id}/in-thread"]
    save(make_comment(thread, alice, "Tea, and ||the guest|| leaves."))
    page = visit(save(make_member())).get("/search?q=tea")
    assert "<mark>Tea</mark>, and … leaves." in page.text
    assert "guest" not in page.text


def test_hits_come_in_an_order_that_hidden_rows_do_not_change(find, save, thread, alice, bob, halfway):
    first = save(make_comment(thread, alice, "tea tea tea tea"))
    second = save(make_comment(thread, alice, "A long talk about many things, and tea"))
    before = find(bob, "tea")
    save(*(make_comment(thread, alice, "tea butler", horizon=6000) for _ in range(30)))

    assert before == find(bob, "tea") == [f"/comments/{each.id}/in-thread" for each in (second, first)]


def test_nothing_says_that_more_lies_ahead(visit, save, thread, alice, bob, halfway):
    nothing = main_of(visit(bob).get("/search?q=butler"))
    save(*(make_comment(thread, alice, "The butler.", horizon=6000) for _ in range(30)))
    assert main_of(visit(bob).get("/search?q=butler")) == nothing

    save(*(make_comment(thread, alice, "The butler.") for _ in range(5)))
    assert "More comments" not in visit(bob).get("/search?q=butler").text
    save(make_comment(thread, alice, "The butler."))
    assert "More comments" in visit(bob).get("/search?q=butler").text


def main_of(page) -> str:
    return page.text.partition("<main")[2]


@BOTH
def test_a_horizon_that_moves_counts_at_once_without_the_index(
    find, save, app, thread, alice, bob, halfway, indexed
):
    said = save(make_comment(thread, alice, "The butler regrets it."))
    assert len(find(bob, "butler")) == 1
    before = indexed()

    said.horizon = 6000
    save(said)

    assert find(bob, "butler") == []
    assert indexed() == before


def test_a_text_of_another_renderer_counts_as_barred(find, save, thread, alice, bob, app):
    """A later version may know more marks of spoilers; until the text is rendered again nobody knows them."""
    said = save(make_comment(thread, alice, "The butler regrets it."))
    with app.app_context():
        stored = db.session.get(Comment, said.id)
    stored.renderer_version = RENDERER_VERSION - 1
    save(stored)

    assert find(bob, "butler") == []
    assert len(find(alice, "butler")) == 1


def test_a_private_reading_changes_nothing_that_others_find(save, visit, alice, bob, book, thread):
    before = main_of(visit(bob).get("/search?q=remains"))
    save(make_reading(alice, book, position=10_000, rating=9, is_private=True))

    assert main_of(visit(bob).get("/search?q=remains")) == before


def test_visitors_of_a_public_club_find_what_they_may_see(
    find, save, book, thread, alice, bob, olive, open_club
):
    meeting = save(make_meeting(olive, book, title="Butler evening"))
    voting = save(make_round(olive, title="The butler vote"))
    ask = save(make_ask(alice, "A book with a butler?"))
    save(make_question(meeting, alice, "Why a butler?"))
    save(make_nomination(voting, book, alice, "For its butler"))
    save(
        make_comment(voting.thread, alice, "Any butler will do"),
        make_comment(ask.thread, alice, "My butler, too"),
    )
    save(make_comment(meeting.books[0].thread, alice, "See you, butler"))
    seen = save(make_comment(thread, alice, "The butler is fine"))
    talk = save(make_thread(alice, book, "On butlers"))

    assert find(None, "butler") == [f"/threads/{talk.id}", f"/comments/{seen.id}/in-thread"]
    # A meeting's conversation gives away what was to be read.
    assert len(find(bob, "butler")) == 10
    assert find(None, "alice") == []


def test_visitors_of_a_private_club_are_told_as_for_everything(visitor, save, thread, alice):
    save(make_comment(thread, alice, "The butler."))

    answers = [visitor.get(url) for url in ("/search?q=butler", "/search?q=nothing", "/search", "/nowhere")]
    assert {answer.status_code for answer in answers} == {303}
