"""What organisers see before the close: how many have voted, and in open rounds who has not; nobody else."""

from __future__ import annotations

import pytest


def test_an_organiser_sees_the_turnout_and_who_has_not_voted(call, vote, visit, alice, bob, olive):
    voting_round = call(voting=True)
    vote(alice, voting_round, "1")
    vote(bob, voting_round)

    said = visit(olive).get(f"/rounds/{voting_round.id}").words
    assert "2 of 6 have voted" in said
    assert "4 members have not voted yet Carol Dan Mo Olive Only organisers see this." in said


def test_in_a_private_round_nobody_sees_who_has_voted(call, vote, visit, alice, olive):
    voting_round = call(voting=True, secrecy="private")
    vote(alice, voting_round, "1")

    said = visit(olive).get(f"/rounds/{voting_round.id}").words
    assert "1 of 6 have voted" in said
    assert "not voted yet" not in said


@pytest.mark.parametrize("secrecy", ["open", "private"])
def test_members_and_moderators_see_no_turnout(call, vote, visit, alice, bob, mod, secrecy):
    voting_round = call(voting=True, secrecy=secrecy)
    vote(alice, voting_round, "1")

    for member in (bob, mod):
        page = visit(member).get(f"/rounds/{voting_round.id}")
        assert "of 6 have voted" not in page.words
        assert 'class="turnout"' not in page.text


def test_a_removal_does_not_change_the_turnout(call, vote, visit, voters, olive):
    """Otherwise removing a member would tell whether they had cast a private ballot."""
    voting_round = call(voting=True, secrecy="private")
    *_, dan = voters
    vote(dan, voting_round, "1")
    visit(olive).post("/members/dan/removal")

    assert "1 of 6 have voted" in visit(olive).get(f"/rounds/{voting_round.id}").words


def test_there_is_no_turnout_before_the_vote(call, visit, olive):
    assert "have voted" not in visit(olive).get(f"/rounds/{call().id}").words
