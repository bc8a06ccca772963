"""Real calendar programs subscribe over HTTP and show what the page of a meeting shows."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from waitress import create_server

from tests.factories import make_book
from tests.serving import serving

VDIRSYNCER = """
[general]
status_path = "{folder}/status/"
[pair club]
a = "mine"
b = "theirs"
collections = null
conflict_resolution = "b wins"
[storage mine]
type = "filesystem"
path = "{folder}/events/"
fileext = ".ics"
[storage theirs]
type = "http"
url = "{url}"
"""
KHAL = """
[calendars]
[[club]]
path = {folder}/events/
readonly = True
[locale]
local_timezone = Europe/Berlin
default_timezone = Europe/Berlin
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""
SHOWN = "{start}|{end}|{title}|{status}|{location}"


@pytest.fixture
def calendar(app, visit, alice, tmp_path):
    """``calendar()`` is what a member's calendar shows after it fetched the club's: a line per event."""
    visit(alice).post("/settings/calendar")
    page = visit(alice).get("/settings/calendar").text
    address = urlsplit(page.partition('value="http')[2].partition('"')[0]).path.partition("/calendar")[2]
    (tmp_path / "events").mkdir()
    home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TZ": "Europe/Berlin"}

    def run(program: str, *words: str) -> str:
        command = [sys.executable, "-m", program, "-c", str(tmp_path / program), *words]
        done = subprocess.run(command, env=home, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    with serving(lambda: create_server(app, host="127.0.0.1", port=0, map={})) as server:
        url = f"http://127.0.0.1:{server.effective_port}/calendar{address}"
        (tmp_path / "vdirsyncer").write_text(VDIRSYNCER.format(folder=tmp_path, url=url))
        (tmp_path / "khal").write_text(KHAL.format(folder=tmp_path))
        run("vdirsyncer", "discover")

        def calendar() -> list[str]:
            run("vdirsyncer", "sync", "--force-delete")
            listed = run("khal", "list", "--notstarted", "-df", "", "-f", SHOWN, "2027-06-01", "60d")
            return sorted(filter(None, listed.splitlines()))

        yield calendar


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
