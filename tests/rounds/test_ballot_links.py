"""Ballots by the signed link in a mail: what its page shows, what it never shows, and who hears of it."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from bookclub.extensions import db, utcnow
from bookclub.members import actions as accounts
from bookclub.members.models import Member
from bookclub.notices.models import Notice
from bookclub.rounds.links import ballot_url
from bookclub.rounds.queries import round_to_act_on
from tests.rounds.pages import answers

RECEIPT = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
DRAWN = re.compile(r'name="csrf_token" value="[^"]*"')
SECRECIES = ("open", "private")
NOTICE = "Your ballot in “Our next book” was cast by the link in your e-mail."


@pytest.fixture
def link_to(app, alice):
    """``link_to(voting_round)`` is the path of Alice's link, or None."""

    def link_to(voting_round, member=alice):
        with app.test_request_context():
            found = db.session.get(Member, member.id)
            url = ballot_url(found, round_to_act_on(voting_round.id, lock=False))
            return url and urlsplit(url).path

    return link_to


@pytest.fixture
def send(visitor, nominations):
    """``send(link, voting_round, "1", "")`` sends places for the books by a link, as a visitor."""

    def send(link, voting_round, *places, client=visitor, **more):
        ids = nominations(voting_round)
        return client.post(link, data={f"rank-{ids[at]}": place for at, place in enumerate(places)} | more)

    return send


@pytest.fixture
def told(rows):
    """``told()`` is who has a notice that a ballot was cast by link, and how often."""
    return lambda: [each.member_id for each in rows(select(Notice).where(Notice.kind == "ballot_by_link"))]


@pytest.mark.parametrize(
    ("method", "titles", "sent", "expected"),
    [
        ("ranked", 3, ("2", "", "1"), {0: 2, 2: 1}),
        ("approval", 3, ("1", "", "1"), {0: 1, 2: 1}),
        ("ranked", 1, ("no",), {0: 0}),
        ("ranked", 3, (), {}),
    ],
)
@pytest.mark.parametrize("secrecy", SECRECIES)
def test_somebody_without_session_and_cookies_votes_in_a_private_club(
    app,
    strict_visit,
    call,
    link_to,
    send,
    ballots,
    nominations,
    alice,
    method,
    titles,
    sent,
    expected,
    secrecy,
):
    voting_round = call(voting=True, method=method, titles=titles, secrecy=secrecy)
    link, client = link_to(voting_round), strict_visit() and app.test_client(use_cookies=False)
    page = client.get(link)
    assert page.status_code == 200
    assert "You are voting as Alice" in page.words
    assert set(answers(page).values()) == {""}
    assert ballots(voting_round) == []

    done = send(link, voting_round, *sent, client=client)

    assert done.status_code == 200
    assert "Your ballot is in" in done.words
    (ballot,) = ballots(voting_round)
    ids = nominations(voting_round)
    assert ballot.ranking == {ids[at]: place for at, place in expected.items()}
    assert ballot.member_id == (alice.id if secrecy == "open" else None)
    assert not RECEIPT.search(page.text + done.text)


@pytest.mark.parametrize("secrecy", SECRECIES)
def test_nothing_that_a_link_shows_depends_on_a_ballot(call, vote, visitor, link_to, send, alice, secrecy):
    voting_round = call(voting=True, secrecy=secrecy)
    link = link_to(voting_round)

    def shown():
        pages = (visitor.get(link), send(link, voting_round, "odd"), send(link, voting_round, "1", "2", "3"))
        assert [page.status_code for page in pages] == [200, 422, 200]
        return [DRAWN.sub("", page.text) for page in pages]

    before = shown()
    vote(alice, voting_round, "3", "1", "2")
    assert shown() == before
    send(link, voting_round)
    assert shown() == before


def test_it_shows_the_books_as_visitors_see_them(call, visit, link_to, save, bob, alice):
    voting_round = call(voting=True)
    bobs = visit(bob)
    assert "Nominated by Alice" in bobs.get(f"/rounds/{voting_round.id}").words

    page = bobs.get(link_to(voting_round))

    assert "In this browser Bob is signed in" in page.words
    assert "Nominated by" not in page.words
    assert 'href="/books/' not in page.text.partition("<main")[2]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "strict-origin"


def test_in_the_browser_of_somebody_else_it_votes_for_its_member(
    call, visit, link_to, send, ballots, told, alice, bob
):
    voting_round = call(voting=True)
    send(link_to(voting_round), voting_round, "1", client=visit(bob))

    assert [ballot.member_id for ballot in ballots(voting_round)] == [alice.id]
    assert told() == [alice.id]


@pytest.mark.databases("sqlite", "postgresql")
def test_its_member_is_told_once_and_not_how(call, vote, visit, link_to, send, told, ballots, alice, bob):
    voting_round = call(voting=True, secrecy="private")
    link = link_to(voting_round)
    send(link_to(voting_round, bob), voting_round, "3")
    send(link, voting_round, "1", "2")
    (first,) = [each for each in ballots(voting_round) if len(each.ranks) == 2]

    # A second click is no second ballot, and another ballot is told again in place of the first.
    send(link, voting_round, "1", "2")
    assert sorted(told()) == sorted([alice.id, bob.id])
    client = visit(alice)
    client.post("/notices/seen")
    send(link, voting_round, "2", "1")
    assert sorted(told()) == sorted([alice.id, bob.id])
    assert "1 new" in visit(alice).get("/").words

    page = client.get("/notices")
    assert f"{NOTICE} You can change it until" in page.words
    assert first.receipt not in page.text
    # On the site she sees the ballot, with the receipt that it had before.
    own = client.get(f"/rounds/{voting_round.id}")
    assert list(answers(own).values())[:2] != ["", ""]
    assert first.receipt in own.text


def test_the_same_ballot_as_on_the_site_changes_nothing(call, vote, link_to, send, told, ballots, alice):
    voting_round = call(voting=True)
    vote(alice, voting_round, "1", "2")
    (before,) = ballots(voting_round)

    assert "Your ballot is in" in send(link_to(voting_round), voting_round, "1", "2").words

    (after,) = ballots(voting_round)
    assert (after.cast_at, after.receipt) == (before.cast_at, before.receipt)
    assert told() == []


def test_whose_password_a_link_once_set_finds_no_private_ballot_of_the_link(
    call, vote, visit, change, link_to, send, ballots, told, alice
):
    """An organiser may have used that link, and need not be who reads the mails."""
    change(alice, password_reset_at=utcnow() - timedelta(days=90))
    voting_round = call(voting=True, secrecy="private")
    vote(alice, voting_round, "3", "2", "1")
    (seen,) = ballots(voting_round)
    send(link_to(voting_round), voting_round, "1", "2", "3")
    (ballot,) = ballots(voting_round)
    assert ballot.ranking != seen.ranking
    assert ballot.receipt != seen.receipt

    client = visit(alice)
    page = client.get(f"/rounds/{voting_round.id}")
    assert "was cast by the link in your e-mail, and it counts. It is not shown here" in page.words
    assert set(answers(page).values()) == {""}
    assert ballot.receipt not in page.text
    assert "You voted; change it until" in client.get("/").words

    assert vote(alice, voting_round, "2").status_code == 303
    assert "Your receipt:" in client.get(f"/rounds/{voting_round.id}").words


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("secrecy", SECRECIES)
def test_a_link_that_sets_a_password_takes_back_what_tells_of_a_private_ballot(
    call, write, visitor, link_to, send, told, alice, secrecy
):
    voting_round = call(voting=True, secrecy=secrecy)
    send(link_to(voting_round), voting_round, "1")
    assert told() == [alice.id]

    link = write(lambda: accounts.make_password_link(alice))
    assert visitor.post(link, data={"password": "two lamps and a kettle"}).status_code == 303

    assert told() == ([alice.id] if secrecy == "open" else [])


def test_the_notice_stays_after_the_close(call, visit, link_to, send, alice, olive):
    voting_round = call(voting=True)
    send(link_to(voting_round), voting_round, "1")
    visit(olive).post(f"/rounds/{voting_round.id}/closure")

    page = visit(alice).get("/notices").words
    assert NOTICE in page
    assert "You can change it" not in page


def test_the_link_ends_with_the_vote_and_settles_it(
    call, visitor, link_to, send, ballots, pass_close, kept, told
):
    voting_round = call(voting=True)
    link = link_to(voting_round)
    pass_close(voting_round)

    assert visitor.get(link).status_code == 410
    assert kept(voting_round).settled_at is None
    late = send(link, voting_round, "1")
    assert late.status_code == 410
    assert "Voting closed at" in late.words
    assert kept(voting_round).settled_at is not None
    assert (ballots(voting_round), told()) == ([], [])
    assert visitor.get(link).status_code == 410
    assert link_to(voting_round) is None


def test_organisers_turn_links_off_and_on(call, visit, visitor, link_to, send, club, ballots, olive):
    voting_round = call(voting=True)
    link, organiser = link_to(voting_round), visit(olive)
    form = organiser.get("/club/settings").form("votes_by_link")
    assert form.fields["votes_by_link"] == "y"

    organiser.post("/club/settings", data={**form.fields, "votes_by_link": ""})
    assert not club().votes_by_link
    for page in (visitor.get(link), send(link, voting_round, "1")):
        assert page.status_code == 403
        assert "Sign in there to cast your ballot." in page.words
        assert f'href="/sign-in?next=/rounds/{voting_round.id}"' in page.text
    assert ballots(voting_round) == []
    assert link_to(voting_round) is None

    form = organiser.get("/club/settings").form("votes_by_link")
    organiser.post("/club/settings", data={**form.fields, "votes_by_link": "y"})
    assert visitor.get(link).status_code == 200


@pytest.mark.parametrize(
    "end", [accounts.suspend, accounts.remove, lambda who: accounts.change_email(who, "new@example.org")]
)
def test_the_link_ends_with_suspension_leaving_and_a_new_address(
    call, write, visitor, link_to, send, ballots, alice, end
):
    voting_round = call(voting=True)
    link = link_to(voting_round)
    write(lambda: end(db.session.get(Member, alice.id)))

    for page in (visitor.get(link), send(link, voting_round, "1")):
        assert page.status_code == 404
        assert "This link no longer works" in page.words
    assert ballots(voting_round) == []


def test_there_is_no_link_where_nobody_can_vote(call, change, save, link_to, alice, olive):
    assert link_to(call()) is None
    late = call(voting=True)
    change(alice, joined_at=utcnow() + timedelta(minutes=1))
    assert link_to(late) is None
    assert link_to(late, olive) is not None
    assert link_to(call(voting=True, titles=0), olive) is None


def test_a_withdrawn_book_and_one_that_is_none_are_refused_and_the_ballot_comes_back(
    call, visit, link_to, send, ballots, nominations, olive
):
    voting_round = call(voting=True)
    link, ids = link_to(voting_round), nominations(voting_round)
    assert send(link, voting_round, "1", **{"rank-4711": "2"}).status_code == 422
    visit(olive).post(f"/nominations/{ids[0]}/withdrawal")

    refused = send(link, voting_round, "1", "2")

    assert refused.status_code == 422
    assert "has been withdrawn. This is your ballot without it" in refused.words
    assert answers(refused) == {f"rank-{ids[1]}": "2", f"rank-{ids[2]}": ""}
    assert ballots(voting_round) == []


def test_a_ballot_by_link_counts_like_any_other(call, vote, link_to, send, kept, visit, alice, bob, olive):
    voting_round = call(voting=True, secrecy="private")
    vote(bob, voting_round, "1")
    send(link_to(voting_round), voting_round, "1")
    visit(olive).post(f"/rounds/{voting_round.id}/closure")

    assert kept(voting_round).turnout == 2
