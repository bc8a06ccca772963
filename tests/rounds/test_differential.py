"""Before the close nothing that anybody else can fetch tells of a ballot, nor even that it is there.

But for the turnout, which organisers see: tests/rounds/test_turnout.py holds how much that tells.

A club is read as everybody else reads it, then ballots are cast, changed and cast again at the same frozen
moment, and it is read once more. Whatever differs by a byte would tell of them.
"""

from __future__ import annotations

import re
import sys
from datetime import timedelta

import pytest

from bookclub.extensions import utcnow
from tests.crawl import HTMX, addresses, is_reveal, telling_headers
from tests.factories import make_member

# What is drawn anew for every form, and says nothing.
# What organisers alone see before the close: how many have voted, and in open rounds who has not.
TURNOUT = re.compile(rb'<div class="turnout">.*?</div>', re.DOTALL)
DRAWN = re.compile(rb'(<input[^>]*name="(?:csrf_token|submission)"[^>]*value=")[^"]*"')


@pytest.fixture
def frozen(monkeypatch):
    """A clock that stands still, for every part of the application."""

    def freeze() -> None:
        now = utcnow() + timedelta(seconds=1)
        for name, module in list(sys.modules.items()):
            if name.startswith("bookclub") and getattr(module, "utcnow", None) is utcnow:
                monkeypatch.setattr(module, "utcnow", lambda: now)

    return freeze


@pytest.fixture
def read_all(app, visit):
    """``read_all({"mo": mo}, rounds)`` is all that these are sent: by who asked, for what, and how."""
    cookies = {}

    def read_all(readers, rounds):
        rooms = [f"/rounds/{each.id}{more}" for each in rounds for more in ("/edit", "/ballots.csv")]
        pages = {"/", "/rounds", *(f"/rounds/{each.id}" for each in rounds)}
        near = {*pages, *rooms, "/members", "/members/bob", "/notices"}
        # Of every route one address; what is asked of Dune need not be asked of Emma.
        everything = {kind(url): url for url in reversed(addresses(app)) if not is_reveal(url)}
        sent = {}
        for name, reader in readers.items():
            if name not in cookies:
                cookie = visit(reader).get_cookie("bookclub_session")
                cookies[name] = {"Cookie": f"bookclub_session={cookie.value}"} if cookie else {}
            client = app.test_client(use_cookies=False)
            for url in near | set(everything.values()) if name in ("olive", "eve") else near:
                for more in ({}, HTMX) if url in pages else ({},):
                    answer = client.get(url, headers={**cookies[name], **more})
                    sent[name, url, bool(more)] = likeness(answer)
            for each in rounds:
                for form in ("ballot", "extension"):
                    url = f"/rounds/{each.id}/{form}"
                    answer = client.post(url, data={"rank-0": "1"}, headers=cookies[name])
                    sent[name, url, False] = likeness(answer)
        return sent

    return read_all


def kind(url):
    """What is asked for, whatever it is asked about."""
    return re.sub(r"\d+|(?<=/books/)(?!new)[^/?]+|(?<=/authors/)[^/?]+|(?<=/members/)[^/?]+", "…", url)


def likeness(answer):
    """All of an answer that is the same for the same question."""
    return answer.status_code, telling_headers(answer), TURNOUT.sub(b"", DRAWN.sub(rb'\1"', answer.data))


def differing(before, after):
    """The pages that are other than they were."""
    assert before.keys() == after.keys()
    return {(name, url) for name, url, _ in before if before[name, url, _] != after[name, url, _]}


def test_no_ballot_changes_a_byte_of_what_anybody_else_can_fetch_before_the_close(
    frozen, publish, save, call, vote, visit, read_all, alice, bob, mod, olive, voters
):
    publish()
    carol, dan = voters[4:]
    rounds = [
        call(voting=True, title="Spring"),
        call(voting=True, title="Summer", secrecy="private", quorum=50),
        call(voting=True, title="Autumn", titles=1, method="approval", drops_removed=False),
    ]
    late = save(make_member("eve"))
    frozen()
    for voting_round in rounds:
        vote(alice, voting_round)
    others = {"visitor": None, "eve": late, "alice": alice, "mo": mod, "olive": olive}
    before = read_all(others, rounds)
    assert before["alice", f"/rounds/{rounds[0].id}", False][0] == 200
    assert before["olive", f"/rounds/{rounds[0].id}/ballots.csv", False][0] == 404
    assert len(before) > 150

    for voting_round, places in zip(rounds, (("2", "1", "1"), ("1", "2", "3"), ("yes",)), strict=True):
        for voter in (bob, carol, dan):
            assert vote(voter, voting_round).status_code == 303
            assert vote(voter, voting_round, *places).status_code == 303
            visit(voter).get(f"/rounds/{voting_round.id}")
        vote(bob, voting_round)
    assert differing(before, read_all(others, rounds)) == set()

    # The comparison sees a ballot where there is one to be seen: by its own voter, and after the close.
    vote(alice, rounds[1], "", "1")
    page = f"/rounds/{rounds[1].id}"
    few = {"alice": alice, "mo": mod}

    def changed():
        now = read_all(few, rounds[1:2])
        return differing({key: before[key] for key in now}, now)

    assert changed() == {("alice", page), ("alice", f"{page}/ballot")}
    visit(olive).post(f"{page}/closure")
    assert {(name, page) for name in few} <= changed()
