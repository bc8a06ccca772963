"""The close: who and what counts, what is told and published of it, and what the club reads then."""

from __future__ import annotations

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.tally.count import count
from bookclub.lib.tally.lots import sha256_hex
from bookclub.lib.tally.papers import read
from bookclub.members import actions as accounts
from bookclub.members.models import Member
from bookclub.members.rules import FORMER_MEMBER
from tests.factories import PASSWORD, make_book, make_member, make_reading


@pytest.fixture
def close(visit, olive):
    """``close(voting_round)``: Olive closes it, and what the page says to her is returned."""

    def close(voting_round) -> str:
        address = f"/rounds/{voting_round.id}"
        assert visit(olive).post(f"{address}/closure").status_code == 303
        return visit(olive).get(address).words

    return close


@pytest.fixture
def act(app, kept):
    """``act(lambda bob: …, bob)`` does something to a member, in a transaction of its own."""

    def act(deed, member) -> None:
        with app.app_context():
            begin_write()
            deed(db.session.get(Member, member.id))
            db.session.commit()

    return act


@pytest.fixture
def paper(visit, alice):
    """``paper(voting_round)`` is its ballots.csv, as Alice is sent it."""

    def paper(voting_round) -> str:
        answer = visit(alice).get(f"/rounds/{voting_round.id}/ballots.csv")
        assert answer.status_code == 200
        assert answer.mimetype == "text/csv"
        return answer.text

    return paper


# Who counts


def test_the_ballot_of_a_member_who_leaves_stands_and_the_electorate_stays_as_it_was(
    call, vote, visit, bob, close, kept, ballots, nominations
):
    voting_round = call(voting=True)
    vote(bob, voting_round, "1")
    assert (
        visit(bob)
        .post("/settings/departure", data={"current_password": PASSWORD, "password": PASSWORD})
        .status_code
        == 303
    )

    said = close(voting_round)
    assert "1 of 6 voted" in said
    assert f"{FORMER_MEMBER} Dune" in said
    assert "Bob" not in said
    assert (kept(voting_round).electorate, kept(voting_round).fallen) == (6, 0)


@pytest.mark.parametrize("falls", [True, False])
@pytest.mark.parametrize("secrecy", ["open", "private"])
def test_the_ballot_of_a_member_removed_before_the_close_falls_or_stands_as_the_round_says(
    call, vote, visit, olive, voters, close, kept, ballots, secrecy, falls
):
    voting_round = call(voting=True, drops_removed=falls, secrecy=secrecy)
    for voter in voters:
        vote(voter, voting_round, "1")
    before = {ballot.receipt for ballot in ballots(voting_round)}
    for name in ("carol", "dan"):
        assert visit(olive).post(f"/members/{name}/removal").status_code == 303

    said = close(voting_round)
    assert kept(voting_round).fallen == (2 if falls else 0)
    assert len(ballots(voting_round)) == kept(voting_round).turnout == (4 if falls else 6)
    assert {ballot.receipt for ballot in ballots(voting_round)} <= before
    assert ("2 ballots no longer counted, since their voters were removed" in said) is falls
    assert kept(voting_round).electorate == 6


@pytest.mark.databases("sqlite", "postgresql")
def test_who_is_removed_after_the_close_has_voted_however_late_it_is_noticed(
    call, vote, visit, bob, alice, kept, act, olive, pass_close
):
    voting_round = call(voting=True)
    vote(bob, voting_round, "1")
    pass_close(voting_round)
    act(lambda member: accounts.remove(member, olive.id), bob)
    visit(alice).get("/rounds")

    assert (kept(voting_round).turnout, kept(voting_round).fallen) == (1, 0)


@pytest.mark.databases("sqlite", "postgresql")
def test_the_electorate_is_frozen_when_voting_opens(
    call, vote, visit, save, bob, mod, voters, act, close, kept, app
):
    carol, dan = voters[4:]
    act(accounts.suspend, carol)
    voting_round = call(voting=True)
    eve = save(make_member("eve"))
    vote(bob, voting_round, "1")
    vote(dan, voting_round, "1")
    # Whatever becomes of them later: Bob and Dan were there, Carol was not, and Eve came too late.
    act(accounts.suspend, bob)
    act(lambda member: accounts.remove(member, None), dan)
    act(lambda member: accounts.remove(member, None), carol)
    assert vote(eve, voting_round, "1").status_code == 403
    assert vote(bob, voting_round, "2").status_code == 401

    assert "2 of 5 voted" in close(voting_round)
    assert kept(voting_round).electorate == 5


def test_late_joiners_belong_to_the_electorate_where_the_round_says_so(call, vote, save, close, kept):
    voting_round = call(voting=True, lets_late_join=True)
    eve = save(make_member("eve"))
    assert vote(eve, voting_round, "1").status_code == 303

    save(make_member("fay"))
    assert "1 of 8 voted" in close(voting_round)
    save(make_member("gus"))
    assert kept(voting_round).electorate == 8


# What counts


def test_below_the_quorum_nobody_wins_and_an_empty_ballot_counts_for_it(
    call, vote, alice, bob, mod, close, kept, tallies, club
):
    rounds = [call(voting=True, quorum=50) for _ in range(2)]
    for voting_round, also in zip(rounds, ((), (mod,)), strict=True):
        vote(alice, voting_round, "1")
        for member in (bob, *also):
            vote(member, voting_round)

    assert "Too few voted: 2 of 6, and this round asked for 50 %" in close(rounds[0])
    assert (kept(rounds[0]).outcome, tallies(rounds[0])[0].winner_id) == ("no_quorum", None)
    assert club().current_book_id is None
    assert "Dune beats" in close(rounds[1])


def test_where_all_abstain_nothing_is_chosen(call, vote, voters, close, kept, club):
    for method in ("ranked", "approval"):
        voting_round = call(voting=True, method=method)
        for voter in voters:
            vote(voter, voting_round)

        assert "No book wins" in close(voting_round)
        assert (kept(voting_round).outcome, kept(voting_round).turnout) == ("void", 6)
    assert club().current_book_id is None


def test_a_single_nomination_is_read_if_more_say_yes_than_no(
    call, vote, alice, bob, mod, close, kept, club, books
):
    declined, chosen = call(voting=True, titles=1), call(voting=True, titles=1, method="approval")
    for voting_round, answers in ((declined, ("yes", "no", "")), (chosen, ("yes", "yes", "no"))):
        for member, answer in zip((alice, bob, mod), answers, strict=True):
            vote(member, voting_round, answer)

    assert "The club does not say yes to Dune: 1 to 1 is a tie." in close(declined)
    assert kept(declined).outcome == "declined"
    assert club().current_book_id is None
    assert "The club says yes to Dune: 2 to 1." in close(chosen)
    assert club().current_book_id == books[0].id


@pytest.mark.databases("sqlite", "postgresql")
def test_a_tie_goes_to_the_book_that_fewest_had_read_as_voting_opened(
    call, vote, visit, save, alice, bob, mod, olive, books, close, kept, nominations, change
):
    voting_round = call(titles=2)
    save(make_reading(bob, books[0], position=10_000))
    private = make_reading(mod, books[1], position=10_000)
    private.is_private = True
    save(private)
    visit(olive).post(f"/rounds/{voting_round.id}/opening")
    # Readers were counted then: what is read later breaks no tie.
    save(make_reading(alice, books[1], position=10_000), make_reading(olive, books[1], position=10_000))
    vote(alice, voting_round, "1", "2")
    vote(bob, voting_round, "2", "1")

    said = close(voting_round)
    assert "fewer members have read it" in said
    assert kept(voting_round).outcome == "broken"
    assert "The club reads Emma" in said or "Emma" in said[: said.index("Dune")]


# Private


@pytest.mark.databases("sqlite", "postgresql")
def test_a_settled_private_round_has_forgotten_whose_its_ballots_were(
    app, call, vote, visit, voters, bob, close, kept, ballots, database
):
    voting_round = call(voting=True, secrecy="private")
    cast = {}
    for voter in voters:
        vote(voter, voting_round, "1", "2")
        (cast[voter.id],) = {ballot.receipt for ballot in ballots(voting_round)} - set(cast.values())
    tags = {ballot.voter for ballot in ballots(voting_round)}
    close(voting_round)

    assert kept(voting_round).ballot_key is None
    after = ballots(voting_round)
    assert {ballot.voter for ballot in after} == set(cast.values())
    assert not tags & {ballot.voter for ballot in after}
    assert {(ballot.seal, ballot.member_id, ballot.cast_at) for ballot in after} == {(None, None, None)}
    with app.app_context():
        # As the rows lie in the table, without being asked for in any order.
        column = "ctid" if database.startswith("postgresql") else "voter"
        lie = db.session.connection().exec_driver_sql(f"SELECT receipt FROM ballot ORDER BY {column}")
        assert list(lie.scalars()) == sorted(cast.values())
    page = visit(bob).get(f"/rounds/{voting_round.id}").text
    assert "Who voted how" not in page
    assert cast[bob.id] not in page


@pytest.mark.parametrize("voted", [4, 5])
def test_of_fewer_than_five_private_ballots_only_winner_steps_and_turnout_are_told(
    call, vote, visit, voters, olive, close, paper, tallies, kept, nominations, voted
):
    voting_round = call(voting=True, secrecy="private")
    for voter in voters[:voted]:
        vote(voter, voting_round, "1", "2", "2")
    said = close(voting_round)
    page = visit(olive).get(f"/rounds/{voting_round.id}").text
    is_told = voted == 5

    assert f"{voted} of 6 voted" in said
    assert "Dune beats" in said
    assert ("<table" in page) is is_told
    assert (kept(voting_round).lot in page) is is_told
    found = read(paper(voting_round))
    assert (found.withheld, len(found.casts), found.lot is not None) == (
        not is_told,
        voted * is_told,
        is_told,
    )
    kept_count = tallies(voting_round)[0].count
    assert bool(kept_count["pairs"] or kept_count["digest"]) is is_told
    # A count anew tells no more than the first.
    visit(olive).post(f"/nominations/{nominations(voting_round)[0]}/withdrawal")
    again = tallies(voting_round)[1].count
    assert bool(again["pairs"] or again["digest"]) is is_told
    assert read(paper(voting_round)).withheld is not is_told
    assert ("<table" in visit(olive).get(f"/rounds/{voting_round.id}").text) is is_told


# Check it yourself


@pytest.mark.parametrize(
    ("method", "secrecy", "titles"),
    [("ranked", "private", 3), ("ranked", "open", 3), ("approval", "open", 3), ("ranked", "private", 1)],
)
def test_ballots_csv_gives_the_same_winner_and_names_no_person(
    call,
    vote,
    visit,
    voters,
    alice,
    olive,
    close,
    paper,
    kept,
    tallies,
    ballots,
    nominations,
    method,
    secrecy,
    titles,
):
    voting_round = call(voting=True, method=method, secrecy=secrecy, titles=titles)
    address = f"/rounds/{voting_round.id}/ballots.csv"
    elsewhere = "/rounds/4711/ballots.csv"
    early, made_up = visit(alice).get(address), visit(alice).get(elsewhere)
    assert early.status_code == made_up.status_code == 404
    assert early.words == made_up.words
    # The pages differ only in their own address, to which the form for the time zone returns.
    assert len(early.text) == len(made_up.text.replace(elsewhere, address))

    places = {"approval": ("1", "", "1"), "ranked": ("1", "2", "2")}[method] if titles > 1 else ("yes",)
    for at, voter in enumerate(voters[:-1]):
        vote(voter, voting_round, *places[at % titles :], *places[: at % titles])
    vote(voters[-1], voting_round)
    close(voting_round)
    for _ in range(2):
        text = paper(voting_round)
        found = read(text)
        again, latest = count(found.election()), tallies(voting_round)[-1]
        assert (again.winner, again.outcome) == (latest.winner_id, kept(voting_round).outcome)
        assert (found.winner, found.outcome) == (again.winner, again.outcome)
        assert found.digest == again.digest == latest.count["digest"]
        assert sha256_hex(found.lot) == found.lot_hash == kept(voting_round).lot_hash
        assert (found.electorate, len(found.casts)) == (6, 6)
        assert {cast.receipt for cast in found.casts} == {ballot.receipt for ballot in ballots(voting_round)}
        for voter in voters:
            assert not re.search(voter.username, text, re.IGNORECASE)
        # And the same without a winner that is withdrawn after the close.
        visit(olive).post(f"/nominations/{latest.winner_id}/withdrawal")
        if titles == 1:
            break
        assert read(paper(voting_round)).withdrawn == (latest.winner_id,) or _ == 1


# Afterwards


def test_the_winner_becomes_what_the_club_reads_when_it_reads_nothing(
    call, vote, visit, bob, olive, close, club, books, change
):
    change(club(), time_zone="Pacific/Auckland", current_book_id=books[2].id, current_until=date(2026, 1, 1))
    voting_round = call(voting=True)
    vote(bob, voting_round, "1")
    close(voting_round)

    today = utcnow().astimezone(ZoneInfo("Pacific/Auckland")).date()
    assert club().current_book_id == books[0].id
    assert (club().current_from, club().current_until) == (today, today + timedelta(days=28))
    assert "Dune" in visit(bob).get("/").words


def test_where_the_club_reads_something_else_the_organisers_form_makes_the_winner_its_next(
    call, vote, visit, save, bob, olive, close, club, books, change
):
    reading = save(make_book("Middlemarch"))
    until = utcnow().date() + timedelta(days=9)
    change(club(), current_book_id=reading.id, current_until=until)
    voting_round = call(voting=True)
    vote(bob, voting_round, "1")
    close(voting_round)
    assert club().current_book_id == reading.id

    address = f"/rounds/{voting_round.id}/reading"
    page = visit(olive).get(f"/rounds/{voting_round.id}").text
    assert f'value="{until + timedelta(days=1)}"' in page
    assert f'action="{address}"' not in visit(bob).get(f"/rounds/{voting_round.id}").text
    assert visit(bob).post(address, data={"start": "2026-03-01"}).status_code == 403
    for wrong in ({"start": ""}, {"start": "2026-03-01", "until": "2026-02-01"}, {"start": "soon"}):
        assert visit(olive).post(address, data=wrong).status_code == 422
    assert club().current_book_id == reading.id
    dates = {"start": "2026-03-01", "until": "2026-04-01"}
    assert visit(olive).post(address, data=dates).status_code == 303
    assert (club().current_book_id, club().current_from) == (books[0].id, date(2026, 3, 1))


def test_nothing_of_an_open_vote_is_told_before_the_close_and_who_voted_how_after_it(
    call, vote, visit, alice, bob, mod, close
):
    voting_round = call(voting=True)
    vote(alice, voting_round, "2", "1", "1")
    vote(bob, voting_round)
    assert "Who voted how" not in visit(mod).get(f"/rounds/{voting_round.id}").words

    said = close(voting_round)
    assert "Alice Emma = Ulysses › Dune Bob an empty ballot" in said
