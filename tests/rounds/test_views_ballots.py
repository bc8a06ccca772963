"""To vote: what is taken, what is refused and comes back, and who may."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, text

from bookclub.extensions import begin_write, db, utcnow
from bookclub.members import actions as accounts
from tests.factories import make_book, make_member, make_nomination
from tests.rounds.pages import answers, order


def named(ids, *places):
    """What the selects hold, by the ids of their nominations."""
    return {f"rank-{ids[at]}": place for at, place in enumerate(places)}


def test_a_ballot_is_kept_shown_to_its_voter_and_replaced_whole_by_the_next(
    call, vote, visit, bob, alice, ballots, nominations
):
    voting_round = call(voting=True)
    ids, page = nominations(voting_round), f"/rounds/{voting_round.id}"

    answer = vote(bob, voting_round, "2", "", "1")
    assert (answer.status_code, answer.location) == (303, f"{page}#ballot")
    (first,) = ballots(voting_round)
    assert (first.ranking, first.member_id) == ({ids[0]: 2, ids[2]: 1}, bob.id)
    shown = visit(bob).get(page)
    assert answers(shown) == named(ids, "2", "", "1")
    assert order(shown.text) == [ids[2], ids[0], ids[1]]
    assert first.receipt in shown.text
    assert first.receipt not in visit(alice).get(page).text

    # A second tab knows nothing of the first: what it sends stands whole, and the receipt stays.
    vote(bob, voting_round, "", "1", "")
    (second,) = ballots(voting_round)
    assert (second.ranking, second.receipt) == ({ids[1]: 1}, first.receipt)


@pytest.mark.parametrize(
    ("method", "titles", "sent", "expected"),
    [
        ("ranked", 3, ("3", "3", ""), {0: 1, 1: 1}),
        ("ranked", 3, ("3", "1", ""), {0: 2, 1: 1}),
        ("ranked", 3, ("", "", ""), {}),
        ("approval", 3, ("1", "", "1"), {0: 1, 2: 1}),
        ("approval", 3, (), {}),
        ("ranked", 1, ("yes",), {0: 1}),
        ("approval", 1, ("no",), {0: 0}),
        ("ranked", 1, ("",), {}),
    ],
)
def test_equal_places_gaps_approvals_and_a_yes_or_no_are_taken_and_come_back(
    call, vote, visit, bob, ballots, nominations, method, titles, sent, expected
):
    voting_round = call(voting=True, method=method, titles=titles)
    ids = nominations(voting_round)

    assert vote(bob, voting_round, *sent).status_code == 303
    assert ballots(voting_round)[0].ranking == {ids[at]: place for at, place in expected.items()}
    said = {0: "no", 1: "yes"} if titles == 1 else {}
    shown = {f"rank-{each}": "" for each in ids} | {
        f"rank-{ids[at]}": said.get(place, str(place)) for at, place in expected.items()
    }
    assert answers(visit(bob).get(f"/rounds/{voting_round.id}")) == shown


def test_an_odd_place_is_refused_and_the_rest_of_the_ballot_comes_back(call, vote, bob, ballots, nominations):
    voting_round = call(voting=True)
    ids = nominations(voting_round)
    vote(bob, voting_round, "1", "2", "3")

    for odd in ("0", "-1", "4", "9" * 5000, "1.5", "１", "1e0", "yes", "\x00", "1\n2"):
        answer = vote(bob, voting_round, odd, "1", "2")
        assert answer.status_code == 422, odd
        assert "whole number from 1" in answer.words
        assert answers(answer).items() >= named(ids, "", "1", "2").items() - {(f"rank-{ids[0]}", "")}
    assert [ballot.ranking for ballot in ballots(voting_round)] == [{ids[0]: 1, ids[1]: 2, ids[2]: 3}]


def test_a_foreign_or_made_up_book_is_refused_and_the_ballot_comes_back(
    call, vote, bob, ballots, nominations
):
    other, voting_round = call(voting=True), call(voting=True)

    for foreign in (f"rank-{nominations(other)[0]}", "rank-99999", "rank-x", "rank-", "rank--1", "rank-１"):
        answer = vote(bob, voting_round, "2", "1", **{foreign: "1"})
        assert answer.status_code == 422, foreign
        assert "not one of this round’s books" in answer.words
        assert answers(answer) == named(nominations(voting_round), "2", "1", "")
    assert ballots(voting_round) == []


def test_a_ballot_after_the_close_is_refused_in_words_comes_back_and_settles_the_round(
    call, vote, bob, alice, change, kept, ballots, nominations
):
    voting_round = call(voting=True)
    vote(alice, voting_round, "1")
    change(bob, time_zone="Pacific/Auckland")
    closed = utcnow().replace(microsecond=0) - timedelta(minutes=1)
    change(voting_round, nominations_until_at=closed, voting_until_at=closed)

    answer = vote(bob, voting_round, "2", "1", "")
    assert answer.status_code == 422
    here = closed.astimezone(ZoneInfo("Pacific/Auckland"))
    assert f"Voting closed at {here:%H:%M} (Auckland time) on {here:%A} {here.day} {here:%B}" in answer.words
    assert answers(answer) == named(nominations(voting_round), "2", "1", "")
    assert [ballot.member_id for ballot in ballots(voting_round)] == [alice.id]
    assert kept(voting_round).turnout == 1


def test_the_clock_is_read_when_the_round_is_held_and_not_when_the_request_came(
    app, call, vote, bob, ballots, change, kept
):
    """Whoever waited for the round until after its close is told so."""
    voting_round = call(voting=True)
    with app.app_context():
        engine = db.engine
    asked = []

    def wait_for_the_close(connection, cursor, statement, *_):
        if "FROM voting_round" in statement and not asked:
            asked.append(statement)
            zone = "+00" if engine.name == "postgresql" else ""
            moment = f"{utcnow():%Y-%m-%d %H:%M:%S.%f}{zone}"
            cursor.execute(
                f"UPDATE voting_round SET voting_until_at = '{moment}' WHERE id = {voting_round.id}"
            )

    event.listen(engine, "before_cursor_execute", wait_for_the_close)
    answer = vote(bob, voting_round, "1")
    assert asked
    assert answer.status_code == 422
    assert ballots(voting_round) == []


def test_before_voting_begins_a_ballot_is_refused_in_words_and_not_kept(call, vote, bob, ballots):
    voting_round = call()

    answer = vote(bob, voting_round, "1", "2")
    assert answer.status_code == 422
    assert "Voting has not begun: nominations are open until" in answer.words
    assert ballots(voting_round) == []


def test_a_ballot_is_the_first_that_notices_that_voting_has_begun(
    call, vote, bob, ballots, kept, pass_nominations
):
    voting_round = call()
    pass_nominations(voting_round)

    assert vote(bob, voting_round, "1", "2").status_code == 303
    assert len(ballots(voting_round)) == 1
    assert kept(voting_round).voting_opened_at == kept(voting_round).nominations_until_at


@pytest.mark.parametrize("late_joiners", [False, True])
def test_who_joins_after_voting_opened_votes_only_where_the_round_says_so(
    call, vote, visit, save, kept, ballots, pass_nominations, late_joiners
):
    opened, due = call(voting=True, lets_late_join=late_joiners), call(lets_late_join=late_joiners)
    # Of this one nobody has noticed yet that its nominations are over, as Eve joins.
    pass_nominations(due)
    eve = save(make_member("eve"))

    for voting_round in (due, opened):
        assert vote(eve, voting_round, "1").status_code == (303 if late_joiners else 403)
        assert len(ballots(voting_round)) == late_joiners
        page = visit(eve).get(f"/rounds/{voting_round.id}")
        assert bool(answers(page)) is late_joiners
        assert (" That is 7 members." if late_joiners else " That is 6 members.") in page.words


def test_a_book_that_was_withdrawn_meanwhile_is_named_where_the_ballot_ranks_it(
    call, vote, visit, alice, bob, ballots, nominations
):
    voting_round = call(voting=True)
    ids = nominations(voting_round)
    visit(alice).post(f"/nominations/{ids[1]}/withdrawal")

    answer = vote(bob, voting_round, "2", "1", "3")
    assert answer.status_code == 422
    assert "“Emma” has been withdrawn" in answer.words
    assert ballots(voting_round) == []
    # Where the old page left it out, nothing stands in the way.
    assert vote(bob, voting_round, "2", "", "1").status_code == 303


# Private


def test_a_private_ballot_has_no_name_no_time_and_no_place_in_a_row(
    call, vote, voters, ballots, app, database
):
    voting_round = call(voting=True, secrecy="private")
    for voter in voters:
        vote(voter, voting_round, "1")

    cast = ballots(voting_round)
    assert {(ballot.member_id, ballot.cast_at) for ballot in cast} == {(None, None)}
    assert len({ballot.voter for ballot in cast}) == len(voters)
    if database.startswith("sqlite"):
        with app.app_context(), pytest.raises(Exception, match="rowid"):
            db.session.execute(text("SELECT rowid FROM ballot"))


def test_after_an_organisers_password_link_a_private_ballot_is_cast_anew_and_not_shown(
    app, call, vote, visit, bob, ballots, nominations, kept
):
    voting_round = call(voting=True, secrecy="private")
    ids = nominations(voting_round)
    vote(bob, voting_round, "2", "3", "1")
    (before,) = ballots(voting_round)
    with app.app_context():
        begin_write()
        token = accounts.make_password_link(kept(bob)).rpartition("/")[2]
        db.session.commit()
    new = "a heron on the roof ridge"
    fields = {"password": new, "new_password": new}
    assert visit().post(f"/sign-in/{token}", data=fields).status_code == 303

    page = visit(bob).get(f"/rounds/{voting_round.id}")
    assert answers(page) == named(ids, "", "", "")
    assert before.receipt not in page.text
    assert "You can cast it again until" in page.words

    answer = visit(bob).post(f"/rounds/{voting_round.id}/ballot", data=named(ids, "1"))
    assert answer.status_code == 303
    (after,) = ballots(voting_round)
    assert after.voter == before.voter
    assert after.receipt != before.receipt
    assert after.ranking == {ids[0]: 1}
    assert answers(visit(bob).get(f"/rounds/{voting_round.id}")) == named(ids, "1", "", "")


def test_cards_lie_in_an_order_of_each_voters_own_that_stays(call, visit, save, voters, books, alice):
    voting_round = call(voting=True)
    save(*(make_nomination(voting_round, book, alice) for book in save(*(make_book() for _ in range(5)))))
    page = f"/rounds/{voting_round.id}"
    orders = [order(visit(voter).get(page).text) for voter in voters]

    assert len({tuple(each) for each in orders}) > 3
    assert order(visit(voters[0]).get(page).text) == orders[0]
