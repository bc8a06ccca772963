"""To nominate a book, and to withdraw it: before the vote, during it and after the close."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from bookclub.rounds.models import Nomination
from tests.factories import make_book, make_nomination, make_reading
from tests.rounds.pages import answers, order


@pytest.fixture
def nominate(visit):
    """``nominate(bob, voting_round, "Emma")`` sends the form."""

    def nominate(member, voting_round, book, pitch="", **more):
        sent = {"book": book, "pitch": pitch}
        return visit(member).post(f"/rounds/{voting_round.id}/nominations", data=sent, **more)

    return nominate


@pytest.fixture
def withdraw(visit):
    """``withdraw(bob, nomination_id)`` sends the form."""

    def withdraw(member, nomination_id):
        return visit(member).post(f"/nominations/{nomination_id}/withdrawal")

    return withdraw


def test_a_book_is_nominated_by_its_title_or_slug_and_shown_with_what_the_club_knows_of_it(
    call, nominate, visit, save, books, alice, bob, olive, rows
):
    voting_round = call(titles=0, warn_share=33)
    dune, emma, _ = books
    save(
        make_reading(alice, dune, position=10_000),
        make_reading(bob, dune, position=10_000),
        make_reading(olive, emma, status="to_read"),
    )

    answer = nominate(bob, voting_round, "dune", "  Sand,\n sand   and <b>worms</b>. ")
    (nomination,) = rows(select(Nomination))
    assert answer.location == f"/rounds/{voting_round.id}#nomination-{nomination.id}"
    assert (nomination.member_id, nomination.book_id, nomination.readers) == (bob.id, dune.id, None)
    nominate(alice, voting_round, "Emma")

    page = visit(bob).get(f"/rounds/{voting_round.id}")
    said = page.words
    assert "Sand, sand and <b>worms</b>." in said
    assert "&lt;b&gt;worms" in page.text
    assert "300 pages" in said
    assert said.count("Many in the club have already read it.") == 1
    assert "Nobody here has read it 1 member wants to read it" in said
    assert "Nominated by Bob Read by Alice and Bob You have read it" in said


def test_what_cannot_be_nominated_is_said_beside_the_field_and_the_pitch_is_kept(
    call, nominate, save, alice, bob, rows, books, pass_nominations
):
    voting_round = call(titles=2, most_nominations=2)
    pitch = "It is short."

    def refused(member, book):
        answer = nominate(member, voting_round, book, pitch)
        assert answer.status_code == 422
        if "Nominations are closed" not in answer.text:
            assert answer.form("pitch").fields["pitch"] == pitch
            assert answer.form("book").fields["book"] == book
        return answer.words

    assert (
        "The club does not have “Ulises” yet. Did you mean “Ulysses”? If not, type who wrote it"
        in refused(bob, "Ulises")
    )
    assert "Alice has already nominated that book" in refused(bob, "emma")
    assert "as many as each member may" in refused(alice, "Ulysses")
    assert "Type the title of the book" in refused(bob, "")
    assert nominate(bob, voting_round, "Ulysses", "x" * 501).status_code == 422
    more = save(*(make_book() for _ in range(29)))
    save(*(make_nomination(voting_round, book, alice) for book in more[:-1]))
    assert "There are 30 nominations" in refused(bob, "Ulysses")
    pass_nominations(voting_round)
    late = refused(bob, "Ulysses")
    assert "Nominations are closed" in late
    assert "You wrote: It is short." in late
    assert len(rows(select(Nomination))) == 30


def test_withdrawn_before_the_vote_it_is_gone_and_may_be_nominated_again(
    call, nominate, withdraw, visit, alice, bob, nominations, events
):
    voting_round = call(most_nominations=3)
    first, *_ = nominations(voting_round)

    assert withdraw(bob, first).status_code == 403
    assert withdraw(alice, first).status_code == 303
    assert first not in nominations(voting_round)
    assert withdraw(alice, first).status_code == 404
    assert events(voting_round) == []
    assert nominate(bob, voting_round, "Dune").status_code == 303
    assert "Withdrawn" not in visit(bob).get(f"/rounds/{voting_round.id}").words


def test_withdrawn_during_the_vote_it_is_struck_ballots_close_up_and_only_those_concerned_are_told(
    call, vote, withdraw, visit, alice, bob, mod, olive, nominations, ballots, events
):
    voting_round = call(voting=True)
    dune, emma, ulysses = nominations(voting_round)
    vote(bob, voting_round, "2", "1", "3")
    vote(mod, voting_round, "1", "", "")
    kept = [ballot.ranks for ballot in ballots(voting_round)]

    assert withdraw(bob, emma).status_code == 403
    assert withdraw(alice, emma).status_code == 303
    assert withdraw(alice, emma).status_code == 403
    assert events(voting_round) == [("withdrawn", alice.id)]
    assert [ballot.ranks for ballot in ballots(voting_round)] == kept
    told = "Emma was withdrawn; the books behind it have moved up in your ballot"
    for member, concerned in ((bob, True), (mod, False), (olive, False), (alice, False)):
        page = visit(member).get(f"/rounds/{voting_round.id}")
        assert (told in page.words) is concerned
        assert set(order(page.text)) == {dune, ulysses}
        if member is bob:
            assert answers(page) == {f"rank-{dune}": "1", f"rank-{ulysses}": "2"}


@pytest.mark.parametrize("method", ["ranked", "approval"])
def test_where_withdrawals_leave_one_book_the_round_asks_yes_or_no(
    call, vote, withdraw, visit, alice, bob, mod, olive, nominations, kept, tallies, method
):
    voting_round = call(voting=True, method=method)
    dune, emma, ulysses = nominations(voting_round)
    vote(bob, voting_round, "1", "1", "1")
    vote(mod, voting_round, "", "1", "")
    withdraw(alice, emma)
    withdraw(alice, ulysses)
    page = f"/rounds/{voting_round.id}"

    assert answers(visit(bob).get(page)) == {f"rank-{dune}": "yes"}
    assert answers(visit(mod).get(page)) == {f"rank-{dune}": ""}
    vote(mod, voting_round, "no")
    visit(olive).post(f"{page}/closure")
    assert (kept(voting_round).outcome, kept(voting_round).turnout) == ("declined", 2)
    assert "1 to 1 is a tie" in visit(bob).get(page).words


def test_where_every_book_was_withdrawn_nothing_is_counted(
    call, vote, withdraw, visit, olive, bob, nominations, kept, tallies
):
    voting_round = call(voting=True, quorum=100)
    vote(bob, voting_round, "1")
    for each in nominations(voting_round):
        assert withdraw(olive, each).status_code == 303
    assert vote(bob, voting_round).status_code == 303
    visit(olive).post(f"/rounds/{voting_round.id}/closure")

    assert (kept(voting_round).outcome, tallies(voting_round)[0].count) == ("void", None)
    assert "nothing to vote on" in visit(bob).get(f"/rounds/{voting_round.id}").words


def test_a_winner_withdrawn_after_the_close_leaves_both_results_and_the_club_reads_the_next(
    call,
    vote,
    withdraw,
    visit,
    alice,
    bob,
    mod,
    olive,
    books,
    nominations,
    kept,
    tallies,
    events,
    club,
    change,
):
    voting_round = call(voting=True)
    dune, emma, ulysses = nominations(voting_round)
    for member in (alice, bob):
        vote(member, voting_round, "1", "2", "3")
    vote(mod, voting_round, "3", "1", "2")
    page = f"/rounds/{voting_round.id}"
    visit(olive).post(f"{page}/closure")
    assert club().current_book_id == books[0].id
    dates = {"current_from": date(2026, 3, 1), "current_until": date(2026, 4, 1)}
    change(club(), **dates)

    # Only the winner can be withdrawn now, and only by an organiser.
    assert withdraw(alice, dune).status_code == 403
    withdraw(olive, emma)
    assert len(tallies(voting_round)) == 1
    withdraw(olive, dune)
    assert [(tally.winner_id, tally.without_id) for tally in tallies(voting_round)] == [
        (dune, None),
        (emma, dune),
    ]
    assert kept(voting_round).outcome == "decided"
    assert (club().current_book_id, club().current_from, club().current_until) == (
        books[1].id,
        *dates.values(),
    )
    said = visit(bob).get(page).words
    assert said.index("Emma beats Ulysses") < said.index("Dune beats every other book")
    # It is out of the next one, too; when nothing is left, the club reads nothing.
    withdraw(olive, emma)
    withdraw(olive, ulysses)
    assert [tally.winner_id for tally in tallies(voting_round)] == [dune, emma, ulysses, None]
    assert (kept(voting_round).outcome, club().current_book_id, club().current_from) == ("void", None, None)
    assert [kind for kind, _ in events(voting_round)] == ["closed_early", *["withdrawn"] * 3]


def test_what_the_club_reads_stays_where_the_withdrawn_winner_was_not_that(
    call, vote, withdraw, visit, save, bob, olive, nominations, club, change
):
    reading = save(make_book("Middlemarch"))
    change(club(), current_book_id=reading.id, current_until=date(2999, 1, 1))
    voting_round = call(voting=True)
    vote(bob, voting_round, "1", "2", "3")
    visit(olive).post(f"/rounds/{voting_round.id}/closure")
    withdraw(olive, nominations(voting_round)[0])

    assert club().current_book_id == reading.id


def test_who_nominated_the_winner_cannot_withdraw_it_just_because_nobody_has_settled_the_round_yet(
    call, vote, withdraw, bob, alice, nominations, kept, tallies, pass_close
):
    voting_round = call(voting=True)
    vote(bob, voting_round, "1", "2", "3")
    pass_close(voting_round)

    assert withdraw(alice, nominations(voting_round)[0]).status_code == 303
    assert [tally.winner_id for tally in tallies(voting_round)] == [nominations(voting_round)[0]]
