"""A month in which a club finds a date, meets, and writes down what it talked about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import update

from bookclub.extensions import begin_write, db, utcnow
from bookclub.meetings.models import Meeting
from tests.factories import make_book, make_member, make_reading
from tests.meetings.calendar_program import private_path, subscribe

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
EVENING = time(19, 30)
HERS, RECAP = "Why does she meddle?", "We could not agree on Emma."
YES, MAYBE, NO = "Yes", "Maybe", "No"


@dataclass
class Attendee:
    """A member at their own phone."""

    page: Page
    meeting: str = ""

    def opens(self, path: str) -> None:
        self.page.goto(path, wait_until="domcontentloaded")

    def presses(self, name: str, within: str = "main") -> None:
        self.page.locator(within).get_by_role("button", name=name, exact=True).click()

    def says(self, times: Locator, *answers: str) -> None:
        """Answer the times of a poll in their order."""
        for line, answer in zip(times.all(), answers, strict=True):
            line.locator("label").filter(has_text=answer).click()
        self.presses("Save my answers")
        expect(self.page.get_by_text("Your answers are saved.").first).to_be_visible()

    def answers(self, said: str) -> None:
        """Say whether one comes to the meeting."""
        self.opens(self.meeting)
        self.presses(said, "#rsvp")
        expect(self.page.locator("#rsvp [aria-pressed=true]")).to_have_text(said)

    def reads(self, *words: str | re.Pattern[str]) -> None:
        for each in words:
            expect(self.page.locator("main")).to_contain_text(each)


@pytest.fixture
def club(save, alice, bob, olive):
    """Five members in two zones, and a book that Alice has half read and Bob has begun."""
    carol, dan = save(make_member("carol"), make_member("dan"))
    members = {each.username: each for each in (alice, bob, carol, dan, olive)}
    for name, each in members.items():
        each.time_zone = NEW_YORK if name in ("alice", "carol") else BERLIN
        save(each)
    emma = save(make_book("Emma", pages=200))
    save(make_reading(alice, emma, position=5000), make_reading(bob, emma, position=1000))
    return members


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_club_finds_a_date_and_meets(browse, club, app, site, tmp_path, javascript):
    people = {
        name: Attendee(browse(each, phone=True, javascript=javascript, time_zone=each.time_zone))
        for name, each in club.items()
    }
    alice, bob, dan, olive = (people[name] for name in ("alice", "bob", "dan", "olive"))
    first = utcnow().date() + timedelta(days=20)
    second = first + timedelta(days=1)

    # Olive proposes two evenings, and the five answer from two zones.
    olive.opens("/date-polls/new")
    olive.page.get_by_label("Title").fill("Tea and Emma")
    olive.page.get_by_label("Times", exact=True).fill(f"{first} 19:30\n{second} 19:30")
    olive.page.get_by_label("Time zone").select_option(BERLIN)
    olive.presses("Ask everybody")
    poll = urlsplit(olive.page.url).path
    free = {
        "alice": (NO, YES),
        "bob": (YES, YES),
        "carol": (NO, MAYBE),
        "dan": (YES, YES),
        "olive": (NO, YES),
    }
    for name, said in free.items():
        person = people[name]
        person.opens(poll)
        zone = club[name].time_zone
        times = person.page.locator("#times > li")
        expect(times.first).to_contain_text(f"{at(first).astimezone(ZoneInfo(zone)):%H:%M}")
        person.says(times, *said)

    # The best evening comes first in the choice, which makes the meeting and tells everybody.
    olive.opens(poll)
    expect(olive.page.locator("#times > li.best")).to_have_count(1)
    olive.presses("Choose this date")
    expect(olive.page.get_by_role("heading", name="Tea and Emma")).to_be_visible()
    meeting = urlsplit(olive.page.url).path
    for person in people.values():
        person.meeting = meeting
    dan.opens("/notices")
    dan.reads("Tea and Emma")
    change(olive, {"Seats": "3", "Read up to": "40", "Book": "Emma", "Place": "12 Canal Street"})
    olive.reads("3 seats are left.", "Read up to 40")

    # Three come, the fourth waits, and moves up when somebody cannot.
    for name in ("alice", "bob", "carol", "dan"):
        people[name].answers(YES)
    dan.reads("on the waiting list")
    alice.answers(NO)
    dan.opens("/notices")
    dan.reads("There is a seat for you")

    # Bob has 60 of 200 pages to go, and reads at home how many that is a day.
    bob.opens("/")
    bob.reads(re.compile(r"\b[34] pages a day until"))

    # Alice has read further than Bob, so her question is locked for him.
    alice.opens(meeting)
    alice.page.get_by_label("Your question").fill(HERS)
    alice.presses("Put it on the agenda")
    alice.reads(HERS)
    alice.presses("I care about this", "#agenda")
    bob.opens(meeting)
    bob.reads("Alice, up to")
    expect(bob.page.get_by_text(HERS)).to_have_count(0)

    # Her calendar program shows the meeting, before and after it is moved.
    alice.opens("/settings/calendar")
    alice.presses("Make my address")
    (tmp_path / "calendar").mkdir()
    path = private_path(alice.page.content())
    calendar = subscribe(tmp_path / "calendar", f"{site}{path}", f"{utcnow():%Y-%m-%d}", BERLIN)
    assert calendar() == [f"{second} 19:30|{second} 21:30|Tea and Emma|CONFIRMED |12 Canal Street"]
    change(olive, {"Day": f"{second + timedelta(days=1)}"})
    moved = second + timedelta(days=1)
    assert calendar() == [f"{moved} 19:30|{moved} 21:30|Tea and Emma|CONFIRMED |12 Canal Street"]
    bob.opens(meeting)
    bob.reads(f"{moved.day} {moved:%B}")

    # Afterwards Alice writes the recap, which Bob reads once he has read so far.
    with app.app_context():
        begin_write()
        ago = utcnow() - timedelta(hours=3)
        db.session.execute(update(Meeting).values(starts_at=ago, ends_at=ago + timedelta(hours=2)))
        db.session.commit()
    alice.opens(meeting)
    alice.presses("I was there")
    alice.page.get_by_role("link", name="Write the recap").click()
    alice.page.get_by_label("What did you talk about?").fill(RECAP)
    alice.presses("Post the recap")
    alice.reads(RECAP, "I wasn’t there")
    bob.opens(meeting)
    expect(bob.page.get_by_text(RECAP)).to_have_count(0)
    bob.opens("/books/emma")
    bob.page.get_by_text("Other place…").click()
    form = bob.page.locator("form#reading")
    form.get_by_label("How far you are").fill("40")
    form.get_by_label("Counted in").select_option("percent")
    form.get_by_role("button", name="Save").click()
    strip = bob.page.get_by_role("region", name="Your progress in Emma")
    expect(strip).to_contain_text("40 %")
    bob.opens(meeting)
    bob.reads(RECAP)


def at(day: date) -> datetime:
    """The moment of an evening in Berlin."""
    return datetime.combine(day, EVENING, ZoneInfo(BERLIN))


def change(host: Attendee, fields: dict[str, str]) -> None:
    """Change the meeting in its form."""
    host.opens(f"{host.meeting}/edit")
    folded = host.page.locator("details:not([open]) > summary").filter(has_text="Seats, access, host")
    if folded.count():
        folded.click()
    for label, value in fields.items():
        host.page.get_by_label(label, exact=True).fill(value)
    host.presses("Save the meeting")
