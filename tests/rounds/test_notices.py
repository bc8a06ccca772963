"""Members hear that a round is open, that it ends tomorrow without their vote, and of its result."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bookclub.extensions import begin_write, db, utcnow
from bookclub.jobs import Job
from bookclub.members import actions as accounts
from bookclub.notices.models import Notice
from bookclub.rounds.jobs import run_rounds
from bookclub.rounds.models import Round

DAY = timedelta(days=1)


@pytest.fixture
def told(rows):
    """``told()`` is who has which notice of a round: (member, kind)."""

    def told():
        return {(one.member_id, one.kind) for one in rows(select(Notice).where(Notice.round_id.is_not(None)))}

    return told


@pytest.fixture
def run(app):
    """Do the job of the rounds as the worker does it."""

    def run():
        with app.app_context():
            begin_write()
            run_rounds()
            db.session.commit()

    return run


@pytest.fixture
def long_ago(change, voters):
    """``long_ago(voting_round)``: its vote opened three days ago, when all voters were members."""

    def long_ago(voting_round, **columns):
        since = utcnow() - 3 * DAY
        for each in voters:
            change(each, joined_at=since - DAY)
        change(voting_round, voting_opened_at=since, nominations_until_at=since, **columns)

    return long_ago


def everybody_but(member, voters, kind):
    return {(each.id, kind) for each in voters if each is not member}


def test_a_round_that_opens_is_told_to_everybody_but_its_organiser(visit, voters, olive, alice, told, rows):
    visit(olive).post("/rounds/new", data={"title": "Our spring"})
    (opened,) = rows(select(Round))

    assert told() == everybody_but(olive, voters, "round_opened")
    page = visit(alice).get("/notices")
    assert "“Our spring” is open: nominate a book until" in page.words
    assert f'href="/rounds/{opened.id}"' in page.text


@pytest.mark.databases("sqlite", "postgresql")
def test_the_vote_replaces_the_notice_of_the_nominations(call, visit, voters, olive, alice, told):
    voting_round = call()
    visit(olive).post(f"/rounds/{voting_round.id}/opening")

    assert told() == everybody_but(olive, voters, "round_opened")
    assert "Voting is open in “Our next book” until" in visit(alice).get("/notices").words


def test_the_result_replaces_what_was_told_of_the_vote(call, vote, visit, voters, olive, alice, told):
    voting_round = call()
    visit(olive).post(f"/rounds/{voting_round.id}/opening")
    vote(alice, voting_round, "1")
    visit(olive).post(f"/rounds/{voting_round.id}/closure")

    assert told() == everybody_but(olive, voters, "round_result")
    assert "The club chose “Dune” in “Our next book”." in visit(alice).get("/notices").words


def test_a_round_without_a_winner_is_told_as_it_ended(call, visit, olive, alice):
    called_off, empty = call(title="Spring"), call(title="Summer", voting=True)
    for each in (called_off, empty):
        visit(olive).post(f"/rounds/{each.id}/closure")

    said = visit(alice).get("/notices").words
    assert "“Spring” was called off." in said
    assert "“Summer” is over, and no book was chosen." in said


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("secrecy", ["open", "private"])
def test_members_who_have_not_voted_are_reminded_once(
    call, vote, visit, change, long_ago, voters, alice, bob, told, run, secrecy
):
    voting_round = call(voting=True, secrecy=secrecy)
    long_ago(voting_round)
    vote(alice, voting_round, "1")
    run()
    assert told() == set(), "it does not end tomorrow yet"

    change(voting_round, voting_until_at=utcnow() + DAY - timedelta(minutes=1))
    run()
    reminded = everybody_but(alice, voters, "round_ending")
    assert told() == reminded
    assert "You have not voted in “Our next book”: it ends at" in visit(bob).get("/notices").words
    visit(bob).post("/notices/seen")
    run()
    assert told() == reminded
    assert visit(bob).get("/notices").text.count('class="badge"') == 0

    vote(bob, voting_round, "1")
    assert told() == reminded - {(bob.id, "round_ending")}
    run()
    assert told() == reminded - {(bob.id, "round_ending")}


def test_after_a_password_link_no_reminder_tells_of_a_private_ballot(
    app, call, visit, long_ago, kept, bob, told, run
):
    voting_round = call(voting=True, secrecy="private")
    long_ago(voting_round, voting_until_at=utcnow() + DAY / 2)
    run()
    assert (bob.id, "round_ending") in told()
    with app.app_context():
        begin_write()
        token = accounts.make_password_link(kept(bob)).rpartition("/")[2]
        db.session.commit()
    new = "a heron on the roof ridge"
    visit().post(f"/sign-in/{token}", data={"password": new, "new_password": new})
    assert (bob.id, "round_ending") not in told()

    run()
    assert (bob.id, "round_ending") not in told()


def test_the_job_opens_and_closes_a_vote_that_nobody_looks_at(call, vote, alice, told, run, kept, change):
    voting_round = call()
    now = utcnow()
    change(voting_round, nominations_until_at=now)
    run()
    assert kept(voting_round).voting_opened_at == now
    assert {kind for _, kind in told()} == {"round_opened"}

    change(voting_round, voting_until_at=utcnow())
    run()
    assert kept(voting_round).settled_at
    assert {kind for _, kind in told()} == {"round_result"}


@pytest.mark.databases("sqlite", "postgresql")
def test_the_job_waits_for_the_next_moment_of_a_round(visit, olive, rows, run):
    visit(olive).post("/rounds/new", data={"title": "Our spring"})
    (opened,) = rows(select(Round))
    (waiting,) = rows(select(Job).where(Job.key == "rounds"))
    assert waiting.due_at == opened.nominations_until_at

    visit(olive).post(f"/rounds/{opened.id}/closure")
    run()
    (waiting,) = rows(select(Job).where(Job.key == "rounds"))
    assert waiting.due_at <= utcnow() + DAY
