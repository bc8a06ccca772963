"""A round leaves out what many have read, and authors who won lately, where its rules say so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bookclub.extensions import utcnow
from bookclub.rounds.models import Nomination
from tests.factories import make_book, make_member, make_nomination, make_reading


@pytest.fixture
def nominate(visit):
    """``nominate(bob, voting_round, "Emma")`` sends the form; what the page then says, "" if it is taken."""
    clients = {}

    def nominate(member, voting_round, book):
        if member.id not in clients:
            clients[member.id] = visit(member)
        sent = {"book": book, "pitch": "It is short."}
        answer = clients[member.id].post(f"/rounds/{voting_round.id}/nominations", data=sent)
        if answer.status_code == 303:
            return ""
        assert (answer.status_code, answer.form("pitch").fields["pitch"]) == (422, sent["pitch"])
        return answer.words

    return nominate


def test_what_too_many_have_read_is_refused_in_words_and_what_was_nominated_before_stays(
    call, nominate, visit, save, books, alice, bob, mod, olive, rows
):
    voting_round = call(titles=0, exclude_share=50)
    dune, emma, _ = books
    gone = save(make_member("gone", removed_at=utcnow()))
    save(
        *(make_reading(member, dune, position=10_000) for member in (alice, mod)),
        *(make_reading(member, emma, position=10_000) for member in (alice, bob, mod)),
        # Neither who says so to nobody nor who has left makes three of them.
        make_reading(bob, dune, position=10_000, is_private=True),
        make_reading(gone, dune, position=10_000),
    )

    left_out = "3 of 6 members have read it, and this round leaves out books that 50 % have read."
    assert left_out in nominate(bob, voting_round, "Emma")
    assert nominate(bob, voting_round, "Dune") == ""
    save(make_reading(olive, dune, position=10_000))
    assert "has already nominated" in nominate(alice, voting_round, "Dune")
    assert [each.book_id for each in rows(select(Nomination))] == [dune.id]
    page = visit(bob).get(f"/rounds/{voting_round.id}")
    assert "Books that 50 % of the members who may vote have read" in page.words


def test_an_author_who_won_lately_pauses_and_one_whose_winner_was_withdrawn_or_long_ago_does_not(
    call, nominate, visit, vote, save, books, alice, bob, olive, change, nominations
):
    _, emma, _ = books
    (austen,) = (credit.author for credit in emma.credits)
    persuasion = save(make_book("Persuasion", author=austen))
    before = call(voting=True, title="Winter")
    vote(bob, before, "2", "1", "3")
    visit(olive).post(f"/rounds/{before.id}/closure")
    voting_round = call(titles=0, author_pause=6)

    left_out = (
        f"“Emma” by {austen.name} won in the last 6 months, and this round leaves out authors who"
        " have just won."
    )
    assert left_out in nominate(bob, voting_round, persuasion.title)
    assert nominate(bob, voting_round, "Dune") == ""
    page = visit(bob).get(f"/rounds/{voting_round.id}")
    assert "No book by an author whose book won in the 6 months before." in page.words
    # Long ago, it does not matter any more; nor does what was withdrawn, and Dune won in its place.
    change(before, settled_at=utcnow() - timedelta(days=190))
    assert nominate(bob, voting_round, persuasion.title) == ""
    change(before, settled_at=utcnow() - timedelta(days=170))
    assert left_out in nominate(bob, voting_round, "Emma")
    visit(olive).post(f"/nominations/{nominations(before)[1]}/withdrawal")
    assert nominate(bob, voting_round, "Emma") == ""


def test_what_the_next_round_leaves_out_is_not_carried_over_into_it(
    call, vote, visit, save, books, alice, bob, mod, olive, rows
):
    dune, emma, ulysses = books
    first = call(voting=True, titles=0, carries_over=1)
    (herbert,) = (credit.author for credit in dune.credits)
    messiah, beowulf = save(make_book("Dune Messiah", author=herbert), make_book("Beowulf"))
    save(*(make_nomination(first, book, alice) for book in (dune, emma, ulysses, messiah, beowulf)))
    save(*(make_reading(member, emma, position=10_000) for member in (alice, bob, mod)))
    vote(bob, first, "1", "2", "4", "3")
    visit(olive).post(f"/rounds/{first.id}/closure")
    rules = {"title": "The next", "exclude_share": "50", "author_pause": "1"}
    assert visit(olive).post("/rounds/new", data=rules).status_code == 303

    carried = rows(select(Nomination).where(Nomination.carried_from_id == first.id))
    assert [each.book_id for each in carried] == [ulysses.id]
