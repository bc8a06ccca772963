"""Real calendar programs subscribe over HTTP and show what the page of a meeting shows."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from waitress import create_server

from tests.factories import make_book
from tests.meetings.calendar_program import private_path, subscribe
from tests.serving import serving


@pytest.fixture
def calendar(app, visit, alice, tmp_path):
    """``calendar()`` is what a member's calendar shows after it fetched the club's: a line per event."""
    visit(alice).post("/settings/calendar")
    path = private_path(visit(alice).get("/settings/calendar").text)
    with serving(lambda: create_server(app, host="127.0.0.1", port=0, map={})) as server:
        yield subscribe(tmp_path, f"http://127.0.0.1:{server.effective_port}{path}", "2027-06-01")


@pytest.fixture
def plan(visit, olive):
    """``plan(day)`` sends the form of a meeting in New York, as Olive, and returns its address."""

    def plan(day: str, **fields: str) -> str:
        usual = {"title": "Tea and Emma", "starts_at": "14:30", "minutes": "90", "place": "12 Canal Street"}
        data = {**usual, "starts_on": day, "time_zone": "America/New_York", **fields}
        return visit(olive).post("/meetings/new", data=data).location

    return plan


def in_berlin(page) -> str:
    """The start of a meeting as its page has it, by the clocks of Berlin."""
    moment = datetime.fromisoformat(page.text.partition('<time datetime="')[2].partition('"')[0])
    return f"{moment.astimezone(ZoneInfo('Europe/Berlin')):%Y-%m-%d %H:%M}"


def test_a_calendar_program_shows_what_the_page_shows(calendar, plan, visit, save, alice, olive):
    save(make_book("Emma"))
    url = plan("2027-06-03", book="Emma", read_until="40")
    assert calendar() == ["2027-06-03 20:30|2027-06-03 22:00|Tea and Emma|CONFIRMED |12 Canal Street"]
    assert in_berlin(visit(alice).get(url)) == "2027-06-03 20:30"

    visit(olive).post(f"{url}/edit", data={"host": "olive", "book": "Emma", "starts_on": "2027-06-10"})
    assert calendar() == ["2027-06-10 20:30|2027-06-10 22:00|Tea and Emma|CONFIRMED |12 Canal Street"]
    assert in_berlin(visit(alice).get(url)) == "2027-06-10 20:30"

    visit(olive).post(f"{url}/cancellation", data={"reason": "Flu"})
    assert calendar() == ["2027-06-10 20:30|2027-06-10 22:00|Tea and Emma|CANCELLED |12 Canal Street"]

    # Every second week at the same clock time in New York, whose clocks are six hours behind.
    plan("2027-06-17", title="Soup", repeats="FREQ=WEEKLY;INTERVAL=2", minutes="60")
    days = [line.split("|")[0] for line in calendar() if "|Soup|" in line]
    assert days == ["2027-06-17 20:30", "2027-07-01 20:30", "2027-07-15 20:30"]
