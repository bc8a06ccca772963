"""Rounds are opened, changed while nobody votes, run, listed, and read by visitors of a public club."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bookclub.extensions import db, utcnow
from bookclub.rounds.models import Round
from bookclub.rounds.queries import ROUNDS_PER_PAGE
from tests.factories import make_round

NEW_YORK = ZoneInfo("America/New_York")
AUCKLAND = ZoneInfo("Pacific/Auckland")


def wall(moment, zone=UTC):
    """A moment as a form holds it."""
    return f"{moment.astimezone(zone):%Y-%m-%dT%H:%M}"


def minute(moment):
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


@pytest.fixture
def send(visit):
    """``send(olive, "/rounds/new", title="Spring")`` posts a form."""
    clients = {}

    def send(member, address, **fields):
        if member.id not in clients:
            clients[member.id] = visit(member)
        return clients[member.id].post(address, data=fields)

    return send


def test_a_title_opens_a_round_and_everything_else_has_a_default(send, visit, olive, rows):
    answer = send(olive, "/rounds/new", title="Spring")
    (opened,) = rows(select(Round))

    assert (answer.status_code, answer.location) == (303, f"/rounds/{opened.id}")
    assert (opened.method, opened.secrecy, opened.quorum, opened.most_nominations) == (
        "ranked",
        "open",
        0,
        None,
    )
    assert (opened.lets_late_join, opened.drops_removed, opened.opened_by_id) == (False, True, olive.id)
    for days, end in ((7, opened.nominations_until_at), (14, opened.voting_until_at)):
        assert (end.hour, (end.date() - utcnow().date()).days) == (20, days)
    assert len(opened.lot) == len(opened.ballot_key) == 64
    page = visit(olive).get(answer.location).text
    assert opened.lot_hash in page
    assert opened.lot not in page
    assert opened.ballot_key not in page
    for form in ("nominations", "opening", "extension", "closure"):
        assert f'action="/rounds/{opened.id}/{form}"' in page


def test_the_form_as_it_comes_opens_a_round_once(send, visit, olive, rows):
    form = visit(olive).get("/rounds/new").form("title")

    assert {"submission", "nominations_until", "voting_until"} < form.fields.keys()
    assert {send(olive, form.action, **form.fields).location for _ in range(2)} == {
        f"/rounds/{rows(select(Round))[0].id}"
    }
    assert len(rows(select(Round))) == 1


def test_every_rule_is_kept_as_it_was_typed_and_times_are_those_of_the_members_own_zone(
    send, visit, olive, bob, change, rows
):
    change(olive, time_zone="America/New_York")
    change(bob, time_zone="Pacific/Auckland")
    nominations, voting = minute(utcnow() + timedelta(days=3)), minute(utcnow() + timedelta(days=9))
    answer = send(
        olive,
        "/rounds/new",
        title="  Our   spring ",
        method="approval",
        secrecy="private",
        quorum="50",
        most_nominations="2",
        carries_over="2",
        exclude_share="70",
        author_pause="6",
        warn_share="0",
        late_joiners="yes",
        removed="stands",
        nominations_until=wall(nominations, NEW_YORK),
        voting_until=wall(voting, NEW_YORK),
    )

    (opened,) = rows(select(Round))
    assert (opened.title, opened.method, opened.secrecy) == ("Our spring", "approval", "private")
    assert (opened.quorum, opened.most_nominations, opened.warn_share) == (50, 2, 0)
    assert (opened.carries_over, opened.exclude_share, opened.author_pause) == (2, 70, 6)
    assert (opened.lets_late_join, opened.drops_removed) == (True, False)
    assert (opened.nominations_until_at, opened.voting_until_at) == (nominations, voting)
    # The club's own zone is UTC, so both are told whose clock this is.
    for member, zone, time in (
        (olive, NEW_YORK, "(New York time)"),
        (bob, AUCKLAND, "(Auckland time)"),
    ):
        here = nominations.astimezone(zone)
        page = visit(member).get(answer.location)
        assert f"until {here:%H:%M} {time} on {here:%A} {here.day} {here:%B}" in page.words
    form = visit(olive).get(f"{answer.location}/edit").form("voting_until")
    assert form.fields["voting_until"] == wall(voting, NEW_YORK)


def test_rules_that_no_round_can_run_by_are_refused_beside_their_fields(send, olive, call, kept, rows):
    voting_round = call()
    past, soon = wall(utcnow() - timedelta(days=1)), wall(utcnow() + timedelta(days=1))
    wrong = {
        "title": ("", "\u200b", "x" * 121),
        "method": ("dice",),
        "secrecy": ("secret",),
        "quorum": ("101", "-1", "half"),
        "warn_share": ("101", "-1"),
        "most_nominations": ("0", "-1", "31"),
        "carries_over": ("-1", "11", "all"),
        "exclude_share": ("101", "-1"),
        "author_pause": ("61", "-1"),
        "late_joiners": ("perhaps",),
        "removed": ("both",),
        "nominations_until": (past, "", "tomorrow", "0001-01-01T00:00", "9999-12-31T23:59"),
        "voting_until": (past, soon, "2999-01-01T00:00"),
    }
    for name, values in wrong.items():
        for value in values:
            fields = {"title": "Spring", "nominations_until": soon, name: value}
            for address in ("/rounds/new", f"/rounds/{voting_round.id}/edit"):
                answer = send(olive, address, **fields)
                assert answer.status_code == 422, (name, value)
                assert f'id="{name}-error"' in answer.text, (name, value)
    assert [each.title for each in rows(select(Round))] == [kept(voting_round).title]


def test_the_rules_change_while_nobody_votes_and_everybody_sees_that(
    send, visit, olive, bob, call, kept, events
):
    voting_round = call()
    address = f"/rounds/{voting_round.id}/edit"

    assert send(olive, address, title="Our next book").status_code == 303
    # The deadlines came without their seconds, and nothing else was other.
    assert send(olive, address, title="Autumn", quorum="40", secrecy="private").status_code == 303
    assert (kept(voting_round).title, kept(voting_round).quorum, kept(voting_round).secrecy) == (
        "Autumn",
        40,
        "private",
    )
    assert "Olive changed the rules" in visit(bob).get(f"/rounds/{voting_round.id}").words

    assert send(bob, address, title="Mine").status_code == 403
    answer = send(olive, address, title="Winter", secrecy="open")
    assert answer.status_code == 422
    assert "announced with private ballots, and they stay private" in answer.words
    assert (kept(voting_round).title, kept(voting_round).secrecy) == ("Autumn", "private")


@pytest.fixture
def in_march(monkeypatch, change, olive):
    """The twentieth of March 2026, with Olive in Berlin, where clocks go from 02:00 to 03:00 on the 29th."""
    change(olive, time_zone="Europe/Berlin")
    for module in ("views", "closure_views", "pages"):
        # A package's own name for a module may stand for its blueprint.
        views = sys.modules[f"bookclub.rounds.{module}"]
        monkeypatch.setattr(views, "utcnow", lambda: datetime(2026, 3, 20, tzinfo=UTC))


def test_a_time_that_clocks_skip_is_refused_beside_its_field(send, olive, call, kept, rows, in_march):
    april = datetime(2026, 4, 1, tzinfo=UTC)
    voting_round = call(nominations_until_at=datetime(2026, 3, 21, tzinfo=UTC), voting_until_at=april)
    missing, before = "2026-03-29T02:30", "2026-03-28T20:00"
    for address in ("/rounds/new", f"/rounds/{voting_round.id}/edit"):
        for field, times in (
            ("nominations_until", (missing, "2026-03-29T03:15")),
            ("voting_until", (before, missing)),
        ):
            fields = dict(zip(("nominations_until", "voting_until"), times, strict=True))
            answer = send(olive, address, title="Spring", **fields)
            assert answer.status_code == 422
            (said,) = re.findall(rf'id="{field}-error">([^<]*)<', answer.text)
            assert said.startswith("There is no 02:30 on Sunday 29 March 2026 in Europe/Berlin")
            assert answer.form(field).fields[field] == missing
    answer = send(olive, f"/rounds/{voting_round.id}/extension", until=missing)
    assert answer.status_code == 422
    assert "Choose 03:00 or later" in answer.text
    assert len(rows(select(Round))) == 1


@pytest.mark.databases("sqlite", "postgresql")
def test_a_deadline_at_a_time_that_comes_twice_stays_when_it_is_kept(
    send, visit, olive, call, kept, in_march
):
    # Half past two in Berlin on 25 October: once at 00:30 in UTC, and again an hour later.
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    voting_round = call(nominations_until_at=datetime(2026, 3, 28, tzinfo=UTC), voting_until_at=second)
    page = visit(olive).get(f"/rounds/{voting_round.id}/edit")
    form = page.form("voting_until")
    assert form.fields["voting_until"] == "2026-10-25T02:30"
    assert "If the clocks go back and a time comes twice, the first one counts." in page.words

    assert send(olive, form.action, **form.fields).status_code == 303
    assert kept(voting_round).voting_until_at == second
    later = {**form.fields, "voting_until": "2026-10-25T02:45"}
    assert send(olive, f"/rounds/{voting_round.id}/edit", **later).status_code == 303
    assert kept(voting_round).voting_until_at == datetime(2026, 10, 25, 0, 45, tzinfo=UTC)


def test_once_voting_has_begun_the_rules_are_fixed_whoever_has_noticed(
    send, visit, olive, call, kept, pass_nominations, pass_close
):
    opened, due, over = call(voting=True, secrecy="private"), call(), call()
    pass_nominations(due)
    pass_close(over)
    wanted = {"secrecy": "open", "method": "approval", "quorum": "1", "title": "Mine", "late_joiners": "yes"}
    for voting_round in (opened, due, over):
        before = kept(voting_round)
        assert visit(olive).get(f"/rounds/{voting_round.id}/edit").status_code == 403
        assert send(olive, f"/rounds/{voting_round.id}/edit", **wanted).status_code == 403
        after = kept(voting_round)
        for name in ("secrecy", "method", "quorum", "title", "lets_late_join", "voting_until_at"):
            assert getattr(after, name) == getattr(before, name)


def test_a_deadline_is_moved_later_only_and_everybody_sees_that(send, visit, olive, bob, call, kept, events):
    nominating, voting = call(), call(voting=True)
    for voting_round, kind in ((nominating, "nominations_extended"), (voting, "extended")):
        address, before = f"/rounds/{voting_round.id}/extension", kept(voting_round)
        name = "nominations_until_at" if voting_round is nominating else "voting_until_at"
        deadline = getattr(before, name)
        for until in (
            utcnow() - timedelta(days=1),
            utcnow() + timedelta(hours=1),
            deadline - timedelta(minutes=1),
        ):
            assert send(olive, address, until=wall(until)).status_code == 422
        for until in ("", "soon", "9999-12-31T23:59", "2999-01-01T00:00"):
            assert send(olive, address, until=until).status_code == 422
        assert send(bob, address, until=wall(deadline + timedelta(days=2))).status_code == 403
        assert getattr(kept(voting_round), name) == deadline

        assert send(olive, address, until=wall(deadline + timedelta(days=2))).status_code == 303
        after = kept(voting_round)
        assert getattr(after, name) == minute(deadline + timedelta(days=2))
        # The time to vote is as long as it was.
        if voting_round is nominating:
            assert after.voting_until_at - after.nominations_until_at == (
                before.voting_until_at - before.nominations_until_at
            )
        assert events(voting_round) == [(kind, olive.id)]
        assert "Olive left" in visit(bob).get(f"/rounds/{voting_round.id}").words


def test_an_organiser_opens_the_vote_early_but_not_without_a_nomination(
    send, visit, olive, bob, call, kept, events, save, books, nominations, rows
):
    empty, voting_round = call(titles=0), call(titles=2)

    assert send(bob, f"/rounds/{voting_round.id}/opening").status_code == 403
    answer = send(olive, f"/rounds/{empty.id}/opening")
    assert answer.status_code == 422
    assert "Nominate at least one book first" in answer.words
    assert send(olive, f"/rounds/{voting_round.id}/opening").status_code == 303
    opened = kept(voting_round)
    assert opened.voting_opened_at == opened.nominations_until_at <= utcnow()
    assert events(voting_round) == [("opened_early", olive.id)]
    page = visit(bob).get(f"/rounds/{voting_round.id}")
    assert "Olive opened the vote early" in page.words
    for each in nominations(voting_round):
        assert f'id="nomination-{each}"' in page.text
        assert f"rank-{each}" in page.form("ballot").fields
    # The second click changes nothing.
    assert send(olive, f"/rounds/{voting_round.id}/opening").status_code == 303
    assert kept(voting_round).voting_opened_at == opened.voting_opened_at


def test_a_round_that_is_over_is_over_for_everybody(send, olive, call, kept, events, tallies):
    voting_round = call(voting=True)
    send(olive, f"/rounds/{voting_round.id}/closure")
    before = kept(voting_round)

    for name in ("opening", "extension", "closure"):
        assert send(olive, f"/rounds/{voting_round.id}/{name}", until="2999-01-01T00:00").status_code == 303
    after = kept(voting_round)
    assert (after.voting_until_at, after.settled_at) == (before.voting_until_at, before.settled_at)
    assert len(tallies(voting_round)) == len(events(voting_round)) == 1
    assert send(olive, f"/rounds/{voting_round.id}/reading", start="2026-03-01").status_code == 404


# What the clock brings about, and that no page but the clock is needed


def test_the_first_page_past_the_close_settles_the_round_and_no_other_does_again(
    visit, bob, alice, call, vote, kept, tallies, pass_close
):
    client = visit(bob)
    for page in ("/", "/rounds", "/rounds/{}", "/rounds/{}/ballots.csv"):
        voting_round = call(voting=True)
        vote(alice, voting_round, "1")
        pass_close(voting_round)

        for _ in range(2):
            assert client.get(page.format(voting_round.id)).status_code == 200
            assert kept(voting_round).settled_at
            assert kept(voting_round).outcome == "decided"
            assert len(tallies(voting_round)) == 1


def test_what_nobody_looked_at_for_weeks_is_opened_and_settled_in_one_go(
    visit, bob, call, kept, change, save, books, rows
):
    voting_round, empty = call(), call(titles=0)
    now = utcnow()
    for each in (voting_round, empty):
        change(each, nominations_until_at=now, voting_until_at=now)
    visit(bob).get("/rounds")

    settled = kept(voting_round)
    assert settled.voting_opened_at == settled.nominations_until_at
    assert (settled.outcome, settled.electorate, settled.turnout) == ("void", 6, 0)
    assert (kept(empty).outcome, kept(empty).electorate) == ("void", 6)


def test_a_round_without_nominations_is_void_whatever_its_quorum(
    visit, olive, bob, call, kept, pass_nominations
):
    due, called_off = call(titles=0, quorum=90), call(quorum=90)
    pass_nominations(due)
    visit(olive).post(f"/rounds/{called_off.id}/closure")

    for voting_round in (due, called_off):
        page = visit(bob).get(f"/rounds/{voting_round.id}").words
        assert kept(voting_round).outcome == "void"
        assert "nothing to vote on" in page


def test_while_somebody_else_writes_a_page_past_the_close_says_counting_and_does_not_wait(
    app, visit, bob, call, kept, pass_close, publish, visitor
):
    voting_round = call(voting=True)
    client, pages = visit(bob), ("/", "/rounds", f"/rounds/{voting_round.id}")
    client.get("/")
    publish()
    pass_close(voting_round)
    with app.app_context():
        engine = db.engine

    with engine.connect().execution_options(writes=True) as somebody:
        held = "SELECT id FROM voting_round" + (" FOR UPDATE" if engine.name == "postgresql" else "")
        somebody.exec_driver_sql(held)
        for page in pages:
            shown = client.get(page)
            assert shown.status_code == 200
            assert "count" in shown.words
        assert client.get(f"/rounds/{voting_round.id}/ballots.csv").status_code == 404
        assert visitor.get(f"/rounds/{voting_round.id}").status_code == 404
        assert kept(voting_round).settled_at is None
    client.get("/")
    assert kept(voting_round).settled_at


# Who sees what


def test_visitors_of_a_public_club_see_what_came_of_rounds_and_never_who_voted_how(
    visit, visitor, publish, bob, alice, olive, call, vote
):
    under_way, over = call(voting=True, title="Spring"), call(voting=True, title="Winter")
    vote(bob, over, "2", "1")
    vote(alice, over, "2", "1", "1")
    visit(olive).post(f"/rounds/{over.id}/closure")
    vote(bob, under_way, "1")
    assert visitor.get(f"/rounds/{over.id}").status_code == 303
    publish()

    listed = visitor.get("/rounds").words
    assert "Winter" in listed
    assert "Emma" in listed
    assert "Spring" not in listed
    shown = visitor.get(f"/rounds/{over.id}").words
    assert "Emma beats" in shown
    members = visit(olive).get(f"/rounds/{over.id}").words
    for secret in ("Bob", "closed it early", "ballots.csv", "Who voted how"):
        assert secret in members
        assert secret not in shown
    made_up, real = visitor.get("/rounds/4711"), visitor.get(f"/rounds/{under_way.id}")
    assert made_up.status_code == real.status_code == 404
    assert made_up.text == real.text
    csv = visitor.get(f"/rounds/{over.id}/ballots.csv")
    assert (csv.status_code, csv.location.partition("?")[0]) == (303, "/sign-in")


def test_the_history_pages_by_key_and_misses_no_round(visit, save, bob, olive):
    now = utcnow()
    over = {"settled_at": now, "outcome": "void", "turnout": 0, "electorate": 2, "voting_until_at": now}
    many = ROUNDS_PER_PAGE * 2
    save(
        *(
            make_round(olive, voting=True, now=now, title=f"Round no. {number}.", **over)
            for number in range(many)
        )
    )

    client, address, found = visit(bob), "/rounds", []
    while address:
        page = client.get(address).text
        found += [number for number in range(many) if f"Round no. {number}." in page]
        address = next(
            (
                part.split('"')[0].replace("&amp;", "&")
                for part in page.split('href="')[1:]
                if "/rounds?after=" in part[:20]
            ),
            None,
        )
    assert sorted(found) == list(range(many))
    assert client.get("/rounds?after=nonsense").status_code == 200
