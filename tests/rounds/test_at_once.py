"""What many do at the same instant, in several processes: no ballot is lost or doubled."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from bookclub.extensions import utcnow
from tests.factories import make_member
from tests.processes import CONTEXT, SECONDS
from tests.rounds import clerk

pytestmark = pytest.mark.databases("sqlite", "postgresql")

PROCESSES = 3
DONE, REFUSED = 303, 422


@pytest.fixture(scope="module")
def clerks():
    """Processes of their own that send requests: a pipe to each."""
    pipes = [CONTEXT.Pipe() for _ in range(PROCESSES)]
    started = [CONTEXT.Process(target=clerk.serve, args=(end,)) for _, end in pipes]
    for process, (_, end) in zip(started, pipes, strict=True):
        process.start()
        end.close()
    yield [pipe for pipe, _ in pipes]
    for process, (pipe, _) in zip(started, pipes, strict=True):
        pipe.close()
        process.join(SECONDS)
        process.close()


@pytest.fixture
def tell(clerks, settings):
    """``tell("at_once", requests, …)`` has each process do so with its requests; calling what comes back
    waits for the answers.
    """

    def tell(do: str, *requests, **more):
        club = {
            "database": settings.database_url,
            "folder": str(settings.data),
            "secret": settings.secret_key,
        }
        start = time.time() + 0.3
        told = clerks[: len(requests)]
        for pipe, sent in zip(told, requests, strict=True):
            pipe.send({"do": do, "start": start, "requests": sent, **club, **more})
        return lambda: [answer(pipe) for pipe in told]

    return tell


def answer(pipe):
    assert pipe.poll(SECONDS), "it took too long"
    return pipe.recv()


@pytest.fixture
def sixteen(save):
    """Sixteen members."""
    return save(*(make_member() for _ in range(16)))


@pytest.fixture
def cookie(visit):
    """What a member's browser says to be known by."""
    known: dict[int, str] = {}

    def cookie(member) -> str:
        if member.id not in known:
            known[member.id] = visit(member).get_cookie("bookclub_session").value
        return known[member.id]

    return cookie


@pytest.fixture
def ballot(cookie, nominations):
    """``ballot(member, voting_round, {0: 1, 2: 2})`` is the request that casts it: places of the books."""

    def ballot(member, voting_round, ranking):
        ids = nominations(voting_round)
        fields = {f"rank-{ids[at]}": place for at, place in ranking.items()}
        return ["POST", f"/rounds/{voting_round.id}/ballot", cookie(member), fields]

    return ballot


def test_forty_eight_ballots_at_once_are_sixteen_in_each_round(tell, sixteen, call, ballot, ballots):
    rounds = [call(voting=True), call(voting=True, secrecy="private"), call(voting=True, method="approval")]
    sent = [ballot(who, each, {at % 3: 1}) for at, who in enumerate(sixteen) for each in rounds]

    answers = tell("at_once", *(sent[at::PROCESSES] for at in range(PROCESSES)))()

    assert answers == [[DONE] * 16] * PROCESSES
    for each in rounds:
        cast = ballots(each)
        assert len(cast) == len({one.voter for one in cast}) == len({one.receipt for one in cast}) == 16
        assert sorted(len(one.ranks) for one in cast) == [1] * 16
    assert {one.member_id for one in ballots(rounds[0])} == {who.id for who in sixteen}


def test_three_tries_of_each_at_once_leave_one_whole_ballot_of_each(
    tell, sixteen, call, ballot, ballots, nominations
):
    voting_round = call(voting=True)
    tries = ({0: 1, 1: 2, 2: 3}, {1: 1, 0: 1}, {2: 1})
    tell("at_once", *([ballot(who, voting_round, ranking) for who in sixteen] for ranking in tries))()

    ids = nominations(voting_round)
    whole = [{str(ids[at]): place for at, place in ranking.items()} for ranking in tries]
    cast = ballots(voting_round)
    assert {one.member_id for one in cast} == {who.id for who in sixteen}
    assert len(cast) == 16
    assert all(one.ranks in whole for one in cast)


@pytest.mark.parametrize("by", ["an organiser", "the clock"])
def test_a_ballot_that_races_the_close_is_acknowledged_if_and_only_if_it_is_counted(
    tell, sixteen, call, olive, ballot, cookie, ballots, tallies, kept, change, visit, nominations, by
):
    voting_round = call(voting=True)
    choices = ({0: 1}, {1: 1}, {2: 1, 0: 2}, {})
    # Each process votes for its four members again and again, and each member for something else each time.
    turns = [
        [(who, choices[(at + turn) % 4]) for turn in range(4) for at, who in enumerate(sixteen[first:][:4])]
        for first in range(0, 4 * PROCESSES, 4)
    ]
    answers = tell(
        "until_refused", *([ballot(who, voting_round, choice) for who, choice in each] for each in turns)
    )
    while len(ballots(voting_round)) < 6:
        time.sleep(0.02)
    if by == "an organiser":
        assert visit(olive).post(f"/rounds/{voting_round.id}/closure").status_code == DONE
    else:
        change(voting_round, voting_until_at=utcnow() + timedelta(seconds=0.1))

    ids = nominations(voting_round)
    acknowledged = {}
    for statuses, each in zip(answers(), turns, strict=True):
        assert statuses == [DONE] * (len(statuses) - 1) + [REFUSED]
        for turn in range(len(statuses) - 1):
            who, choice = each[turn % len(each)]
            acknowledged[who.id] = {str(ids[at]): place for at, place in choice.items()}
    assert {one.member_id: one.ranks for one in ballots(voting_round)} == acknowledged
    assert kept(voting_round).turnout == len(acknowledged) >= 6
    assert len(tallies(voting_round)) == 1


def test_many_who_see_at_once_that_a_round_is_past_its_close_settle_it_once(
    tell, sixteen, call, ballot, cookie, ballots, tallies, kept, vote, pass_close
):
    voting_round = call(voting=True, secrecy="private")
    for who in sixteen[:5]:
        vote(who, voting_round, 1, 2)
    pass_close(voting_round)
    pages = ("/", "/rounds", f"/rounds/{voting_round.id}")
    late = [ballot(who, voting_round, {2: 1}) for who in sixteen[:4]]
    sent = [*(["GET", page, cookie(who), {}] for page in pages for who in sixteen[:4]), *late]

    answers = tell("at_once", *[sent] * PROCESSES)()
    assert answers == [[200] * 12 + [REFUSED] * 4] * PROCESSES
    assert len(tallies(voting_round)) == 1
    assert kept(voting_round).turnout == len(ballots(voting_round)) == 5
    assert kept(voting_round).ballot_key is None


def test_whoever_is_killed_in_the_middle_leaves_a_whole_ballot_or_none(
    tell, call, bob, ballot, ballots, nominations
):
    voting_round = call(voting=True, secrecy="private")
    ids, before, at = nominations(voting_round), [], 0
    for choice in ({0: 1, 1: 2, 2: 3}, {2: 1}):
        said = []
        while "done" not in said:
            assert [one.ranks for one in ballots(voting_round)] == before, said
            ((said),) = tell("die", [ballot(bob, voting_round, choice)], at=at)()
            at += 1
        (written,) = [line for line in said if line.startswith(("INSERT INTO ballot", "UPDATE ballot"))]
        # It was killed after the writing, too, before the end of that transaction.
        assert written in said[: at - 2]
        before = [{str(ids[place]): rank for place, rank in choice.items()}]
        assert [one.ranks for one in ballots(voting_round)] == before
        at = said.index(written)


def test_a_withdrawal_sent_twice_at_once_is_done_once(tell, call, cookie, olive, nominations):
    rounds = [call() for _ in range(6)]
    sent = [
        ["POST", f"/nominations/{nomination_id}/withdrawal", cookie(olive), {}]
        for each in rounds
        for nomination_id in nominations(each)
    ]

    answers = tell("at_once", *([sent] * PROCESSES))()

    for statuses in zip(*answers, strict=True):
        assert sorted(statuses) == [DONE] + [404] * (PROCESSES - 1)
