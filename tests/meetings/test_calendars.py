"""Calendars: one meeting as a file, and all of them at a private address that dies with its member."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import icalendar
import pytest
from sqlalchemy import select

from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib import private_tokens
from bookclub.meetings.models import CalendarAddress
from bookclub.members.events import on_departure, on_suspension
from bookclub.members.models import Member
from tests.factories import make_book, make_meeting, make_round

START = datetime(2027, 6, 3, 17, 30, tzinfo=ZoneInfo("UTC"))
BERLIN = {"starts_at": START, "clock": datetime(2027, 6, 3, 19, 30).time(), "time_zone": "Europe/Berlin"}


@pytest.fixture
def subscription(visit, alice):
    """The path of Alice's private address."""
    visit(alice).post("/settings/calendar")
    page = visit(alice).get("/settings/calendar").text
    return urlsplit(page.partition('value="http')[2].partition('"')[0]).path.partition("/calendar")[2]


@pytest.fixture
def read(visit, subscription):
    """Fetch the calendar as a calendar program does, without a session."""
    return lambda **headers: visit(None).get(f"/calendar{subscription}", headers=headers)


def events(answer):
    return list(icalendar.Calendar.from_ical(answer.data).walk("VEVENT"))


def test_a_meeting_is_a_file_for_a_calendar(save, visit, alice, olive):
    emma = save(make_book("Emma"))
    meeting = save(make_meeting(olive, emma, horizon=4000, read_until="40", **BERLIN))

    answer = visit(alice).get(f"/meetings/{meeting.id}.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    (event,) = events(answer)
    assert event["dtstart"].dt == START
    assert event["dtstart"].params["tzid"] == "Europe/Berlin"
    assert (event["summary"], event["location"]) == ("At Olive's", "12 Canal Street")
    assert "Emma: Read up to 40" in event["description"]
    assert (event["sequence"], event["status"]) == (0, "CONFIRMED")
    assert event["url"].endswith(f"/meetings/{meeting.id}")
    text = answer.text
    assert "BEGIN:VTIMEZONE" in text
    assert "BEGIN:VALARM" in text
    assert "ATTENDEE" not in text
    assert max(map(len, answer.data.split(b"\r\n"))) <= 75


def test_a_subscription_needs_no_session_and_follows_changes(save, visit, olive, read):
    meeting = save(make_meeting(olive, **BERLIN))
    (before,) = events(read())

    later = {"host": "olive", "starts_on": "2027-06-10"}
    assert visit(olive).post(f"/meetings/{meeting.id}/edit", data=later).status_code == 303
    (moved,) = events(read())
    assert moved["uid"] == before["uid"]
    assert moved["dtstart"].dt - before["dtstart"].dt == timedelta(days=7)
    assert moved["sequence"] > before["sequence"]

    visit(olive).post(f"/meetings/{meeting.id}/cancellation", data={"reason": "Flu"})
    (cancelled,) = events(read())
    assert cancelled["status"] == "CANCELLED"
    assert "Flu" in cancelled["description"]
    assert not cancelled.walk("VALARM")


def test_the_ends_of_votes_are_in_the_calendar(save, olive, read):
    voting_round = save(make_round(olive, voting=True))

    (event,) = events(read())
    assert event["summary"] == "The vote ends: Our next book"
    assert event["dtend"].dt == voting_round.voting_until_at.replace(microsecond=0)


def test_a_calendar_that_did_not_change_is_not_sent_again(save, olive, read):
    save(make_meeting(olive))
    first = read()
    again = read(**{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")

    save(make_meeting(olive, title="Another"))
    assert read(**{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_whatever_is_said_in_it_changes_its_version(save, visit, olive, read):
    emma, _ = save(make_book("Emma"), make_book("Persuasion"))
    meeting = save(make_meeting(olive, emma, horizon=4000, read_until="40", **BERLIN))
    url, change = f"/meetings/{meeting.id}", {"host": "olive", "book": "Emma"}
    deeds = (
        ("/meetings/new", {"title": "Tea", "starts_on": "2027-07-01", "starts_at": "19:30"}),
        (f"{url}/edit", change | {"place": "The library"}),
        (f"{url}/edit", change | {"hides_place": "1"}),
        (f"{url}/edit", change | {"read_until": "60"}),
        (f"{url}/edit", {"host": "olive", "book": "Persuasion"}),
        ("/books/persuasion/edit", {"title": "Persuasion, retold", "authors": "Jane Austen"}),
        ("/books/persuasion/sections", {"sections": "The hall|0%\nThe sea|10%\nHome|90%"}),
        ("/club/settings", {"name": "The Tuesday Readers"}),
        (f"{url}/cancellation", {"reason": "Flu"}),
    )
    before = read()
    for path, data in deeds:
        answer = visit(olive).post(path, data=data)
        assert answer.status_code == 303, (path, answer.text)
        again, now = read(**{"If-None-Match": before.headers["ETag"]}), read()
        assert now.data != before.data, path
        assert (again.status_code, again.data) == (200, now.data), path
        before = now


def test_a_place_that_is_on_the_site_only_is_in_no_calendar(save, olive, read):
    hidden = {"link": "https://meet.example.org/x", "access": "Step-free"}
    save(make_meeting(olive, hides_place=True, **hidden))

    text = read().text
    for secret in ("Canal", "meet.example", "Step-free"):
        assert secret not in text


def test_a_new_address_kills_the_one_before(visit, alice, read):
    assert read().status_code == 200
    visit(alice).post("/settings/calendar")

    assert read().status_code == 404


@pytest.mark.parametrize("how", ["suspended", "gone"])
def test_the_address_dies_with_the_membership(app, visit, alice, read, rows, how):
    unknown = visit(None).get("/calendar/nonsense.ics")
    with app.app_context():
        begin_write()
        member = db.session.get(Member, alice.id)
        if how == "suspended":
            on_suspension.call(member)
        else:
            on_departure.call(member, utcnow())
        db.session.commit()

    assert rows(select(CalendarAddress)) == []
    dead = read()
    assert (dead.status_code, dead.data) == (404, unknown.data)


def test_a_token_is_made_with_the_secret_key():
    token = private_tokens.token_of("code", "calendar", "secret")

    assert private_tokens.code_in(token, "calendar", "secret") == "code"
    for other in (token[:-1], token + "0", "code", "code.", "code.ä", ""):
        assert private_tokens.code_in(other, "calendar", "secret") is None
    assert private_tokens.code_in(token, "calendar", "another") is None
