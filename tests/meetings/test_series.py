"""Meetings that repeat: rules and their days, the job, and changes of one or of all that follow."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from threading import Barrier

import pytest
from sqlalchemy import delete, select, update

from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.positions.contents import Contents, SectionPlace
from bookclub.lib.positions.places import END
from bookclub.meetings import part_rules, series_rules
from bookclub.meetings.jobs import run_meetings
from bookclub.meetings.models import Meeting, MeetingBook, MeetingSeries, Rsvp
from bookclub.notices.models import Notice
from tests.cases import each
from tests.factories import make_book

# A Thursday, the third of its month, and at least two weeks away.
START = next(
    day
    for day in (utcnow().date() + timedelta(days=number) for number in range(14, 60))
    if day.weekday() == 3 and 15 <= day.day <= 21
)
WEEK = timedelta(days=7)
PLAN = {
    "title": "Tea", "starts_on": START.isoformat(), "starts_at": "19:30", "time_zone": "Europe/Berlin",
    "minutes": "90", "place": "12 Canal Street", "repeats": "FREQ=WEEKLY",
}  # fmt: skip


@pytest.fixture
def plan(visit, olive):
    """``plan(**fields)`` sends the form of a new meeting as Olive."""
    return lambda **fields: visit(olive).post("/meetings/new", data=PLAN | fields)


@pytest.fixture
def days(rows):
    """The days of the meetings there are, in order."""
    return lambda: [one.starts_on for one in rows(select(Meeting).order_by(Meeting.starts_on))]


@pytest.fixture
def run(app):
    """Do the job of meetings once."""

    def run():
        with app.app_context():
            begin_write()
            run_meetings()
            db.session.commit()

    return run


def days_of(rule, day=date(2026, 12, 17), number=4):
    return [str(one) for one in islice(series_rules.days_of(series_rules.rule_from(rule), day), number)]


@each(
    ("choice", "rule", "words"),
    [
        ("FREQ=WEEKLY", "FREQ=WEEKLY", "every Thursday"),
        ("rrule:freq=weekly;interval=2", "FREQ=WEEKLY;INTERVAL=2", "every second Thursday"),
        ("weekday-of-month", "FREQ=MONTHLY;BYDAY=3TH", "the third Thursday of the month"),
        ("day-of-month", "FREQ=MONTHLY;BYMONTHDAY=17", "the 17th of each month"),
        ("FREQ=MONTHLY;BYDAY=-1SU", "FREQ=MONTHLY;BYDAY=-1SU", "the last Sunday of the month"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=WEEKLY;BYDAY=MO,TH", "every week on Monday and Thursday"),
        ("FREQ=DAILY;COUNT=3", "FREQ=DAILY;COUNT=3", "every day, 3 times"),
        ("FREQ=WEEKLY;UNTIL=20270131", "FREQ=WEEKLY;UNTIL=20270131", "every Thursday until 31 January 2027"),
    ],
)
def test_a_choice_is_a_rule_and_reads_as_words(choice, rule, words):
    day = date(2026, 12, 17)

    assert series_rules.rule_of_choice(choice, day) == rule
    assert series_rules.rule_text(rule, day) == words


@each(
    ("rule", "days"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=31", ["2026-12-17", "2026-12-31", "2027-01-31", "2027-03-31"]),
        ("FREQ=WEEKLY;UNTIL=20261225T000000Z", ["2026-12-17", "2026-12-24"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["2026-12-17", "2028-02-29", "2032-02-29", "2036-02-29"]),
        # It has no day, and the search for one ends.
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", ["2026-12-17"]),
        ("FREQ=DAILY;BYSETPOS=2", ["2026-12-17"]),
    ],
)
def test_a_rule_gives_its_days_and_no_more(rule, days):
    assert days_of(rule) == days


@each(
    "rule",
    [
        "every Thursday", "FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=9,18", "DTSTART:20260101", "EXDATE=1",
        "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=99999", "FREQ=DAILY;COUNT=2;UNTIL=20270101", "BYDAY=TH",
        "FREQ=WEEKLY;BYDAY=2MO", "FREQ=DAILY;FREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=D;" * 30, "",
    ],
)  # fmt: skip
def test_other_rules_are_refused(rule):
    with pytest.raises(series_rules.RecurrenceError):
        series_rules.rule_from(rule)


def test_a_book_is_spread_by_chapters_where_their_ends_are_known():
    starts = (0, 1000, 3200, 4000, 6500, 9000)
    known = Contents(tuple(SectionPlace(n, n, "", start) for n, start in enumerate(starts, 1)))
    unknown = Contents(tuple(SectionPlace(n, n, "", None) for n in range(1, 7)))

    assert [(one.entry, one.horizon) for one in part_rules.spread(known, 3)] == [
        ("2", 3200), ("4", 6500), ("6", END),
    ]  # fmt: skip
    assert [(one.unit, one.entry) for one in part_rules.spread(unknown, 3)] == [
        ("percent", "33"), ("percent", "67"), ("percent", "100"),
    ]  # fmt: skip
    # There are fewer chapters than meetings.
    assert part_rules.spread(known, 9)[0].unit == "percent"


def test_a_series_makes_three_meetings_and_tells_of_one(plan, visit, alice, days, rows):
    answer = plan(notes="Bring *cake*", limit="8", answer_until=(START - WEEK).isoformat())

    assert answer.status_code == 303
    assert days() == [START, START + WEEK, START + 2 * WEEK]
    first, second, _third = rows(select(Meeting).order_by(Meeting.id))
    assert (second.place, second.seats, second.notes_html) == (first.place, 8, first.notes_html)
    assert second.answer_until == START
    assert [one.kind for one in rows(select(Notice))] == ["meeting_made"]
    assert "every Thursday" in visit(alice).get("/notices").text
    assert "Repeats: every Thursday" in visit(alice).get(answer.location).text
    assert "every Thursday" in visit(alice).get(f"{answer.location}.ics").text


def test_the_local_time_stays_when_clocks_change(plan, rows):
    # A year from now and half a year later Berlin has both of its times.
    plan(repeats="FREQ=MONTHLY;INTERVAL=6")

    found = rows(select(Meeting).order_by(Meeting.starts_on))
    assert {one.clock for one in found} == {time(19, 30)}
    assert {one.starts_at.astimezone(UTC).hour for one in found} == {17, 18}


@pytest.mark.databases("sqlite", "postgresql")
def test_the_job_keeps_three_to_come_and_makes_no_date_twice(plan, run, days, app, visit, olive, rows):
    plan()
    first = rows(select(Meeting).order_by(Meeting.id))[0].id
    moved = {"starts_on": (START + WEEK + timedelta(days=1)).isoformat(), "host": "olive", "scope": "this"}
    visit(olive).post(f"/meetings/{first + 1}/edit", data=moved)
    visit(olive).post(f"/meetings/{first + 2}/cancellation", data={"reason": "Flu"})
    run()
    assert days() == [START, START + WEEK + timedelta(days=1), START + 2 * WEEK]

    # As if the first were over, and the second moved again.
    with app.app_context():
        begin_write()
        over = {"starts_at": datetime(2026, 1, 1, tzinfo=UTC), "ends_at": datetime(2026, 1, 1, 2, tzinfo=UTC)}
        db.session.execute(update(MeetingSeries).values(begins_on=START - WEEK))
        db.session.execute(update(Meeting).where(Meeting.id == first).values(series_on=START - WEEK, **over))
        db.session.commit()
    run()
    run()
    made = [one.series_on for one in rows(select(Meeting).order_by(Meeting.id))]
    assert made == [START - WEEK, START + WEEK, START + 2 * WEEK, START]


@pytest.mark.databases("sqlite", "postgresql")
def test_two_jobs_at_once_make_each_date_once(plan, app, days):
    plan()
    with app.app_context():
        begin_write()
        db.session.execute(delete(Meeting).where(Meeting.series_on > START))
        db.session.commit()
    start = Barrier(2)

    def run():
        with app.app_context():
            start.wait()
            begin_write()
            run_meetings()
            db.session.commit()

    with ThreadPoolExecutor(2) as pool:
        for each_run in [pool.submit(run) for _ in range(2)]:
            each_run.result()
    assert days() == [START, START + WEEK, START + 2 * WEEK]


REFUSED = {
    "nonsense": ({"repeats": "every Thursday"}, "is not understood"),
    "no date": ({"repeats": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "no further meeting within two years"),
    "once": ({"repeats": "FREQ=DAILY;COUNT=1"}, "no further meeting within two years"),
    "hourly": ({"repeats": "FREQ=HOURLY"}, "more than one meeting a day"),
    "not last": ({"repeats": "last-of-month"}, "is not the last one of its month"),
    "empty": ({"repeats": "other", "rule": ""}, "is not understood"),
    "parts of none": ({"parts": "3"}, "Name the one book that you are reading"),
    "parts once": ({"repeats": "", "book": "Emma", "parts": "3"}, "Say how the meeting repeats"),
    "many parts": ({"book": "Emma", "parts": "99"}, "from 2 to 26"),
    "parts of few": (
        {"repeats": "FREQ=DAILY;COUNT=3", "book": "Emma", "parts": "4"},
        "not repeat that often",
    ),
}


def test_a_rule_that_cannot_be_followed_is_refused_and_kept(plan, save, rows):
    save(make_book("Emma"))
    for name, (fields, sentence) in REFUSED.items():
        answer = plan(**fields)
        assert answer.status_code == 422, name
        assert sentence in answer.text, name
        assert fields.get("repeats", "FREQ=WEEKLY") in answer.text, name
    assert rows(select(Meeting)) == []


def test_a_book_in_parts_has_a_meeting_for_each_and_is_over_then(plan, save, rows):
    save(make_book("Emma"))
    plan(book="Emma", parts="4")

    horizons = rows(select(MeetingBook).order_by(MeetingBook.meeting_id))
    assert [one.horizon for one in horizons] == [2500, 5000, 7500, END]
    assert [one.read_until for one in rows(select(Meeting).order_by(Meeting.id))] == ["25", "50", "75", "100"]


def test_without_parts_each_meeting_has_the_book_and_what_to_read_is_open(plan, save, rows):
    save(make_book("Emma"))
    plan(book="Emma", read_until="40")

    assert [one.read_until for one in rows(select(Meeting).order_by(Meeting.id))] == ["40", "", ""]
    horizons = rows(select(MeetingBook).order_by(MeetingBook.meeting_id))
    assert [one.horizon for one in horizons] == [4000, END, END]


def test_a_change_of_all_that_follow_asks_where_somebody_has_answered(plan, visit, alice, olive, rows):
    plan()
    visit(alice).post("/meetings/2/rsvp", data={"rsvp": "yes"})
    change = {"place": "Café", "host": "olive", "scope": "following"}
    address = "/meetings/1/edit"

    asked = visit(olive).post(address, data=change)
    assert asked.status_code == 422
    assert "1 person has answered for Thursday" in asked.text
    assert "Café" in asked.text
    assert visit(olive).post(address, data=change | {"despite_answers": "y"}).status_code == 303
    assert {one.place for one in rows(select(Meeting))} == {"Café"}
    # Somebody who hosts one meeting alone changes no others.
    visit(olive).post("/meetings/1/edit", data={"host": "alice", "scope": "this"})
    refused = visit(alice).post(address, data=change | {"despite_answers": "y", "host": "alice"})
    assert "Somebody else hosts a later one" in refused.text
    # A change of one meeting alone leaves the others as they are, and no copy is made of it.
    visit(olive).post("/meetings/3/edit", data={"title": "Party", "host": "olive", "scope": "this"})
    assert [one.title for one in rows(select(Meeting).order_by(Meeting.id))] == ["Tea", "Tea", "Party"]
    assert [one.is_apart for one in rows(select(Meeting).order_by(Meeting.id))] == [True, False, True]


def test_with_another_rule_those_that_follow_move_and_keep_their_answers(
    plan, visit, alice, olive, days, rows
):
    plan()
    visit(alice).post("/meetings/2/rsvp", data={"rsvp": "yes"})
    change = {"repeats": "FREQ=WEEKLY;INTERVAL=2", "host": "olive", "despite_answers": "y"}

    assert visit(olive).post("/meetings/1/edit", data=change).status_code == 303
    assert days() == [START, START + 2 * WEEK, START + 4 * WEEK]
    assert [one.meeting_id for one in rows(select(Rsvp))] == [2]
    moved = [one.meeting_id for one in rows(select(Notice)) if one.kind == "meeting_moved"]
    assert moved == [2]
    # One that would go has answers, so it is not left out without a word.
    fewer = {"repeats": "FREQ=WEEKLY;COUNT=1;BYDAY=FR", "host": "olive", "despite_answers": "y"}
    visit(alice).post("/meetings/3/rsvp", data={"rsvp": "no"})
    assert "That rule no longer includes" in visit(olive).post("/meetings/1/edit", data=fewer).text


def test_a_past_meeting_changes_only_those_to_come(plan, save, app, visit, olive, rows):
    save(make_book("Emma"))
    plan(book="Emma")
    ago = utcnow().replace(second=0, microsecond=0) - timedelta(days=40)
    with app.app_context():
        begin_write()
        db.session.execute(update(MeetingSeries).values(begins_on=ago.date()))
        over = {"starts_on": ago.date(), "starts_at": ago, "ends_at": ago + timedelta(hours=2)}
        of_first = update(Meeting).where(Meeting.id == 1)
        db.session.execute(of_first.values(series_on=ago.date(), clock=ago.time(), time_zone="UTC", **over))
        db.session.commit()
    change = {"repeats": "FREQ=WEEKLY;INTERVAL=2", "host": "olive", "parts": "3"}

    assert visit(olive).post("/meetings/1/edit", data=change).status_code == 303
    found = rows(select(Meeting).order_by(Meeting.starts_at))
    assert [one.id for one in found[:1]] == [1]
    assert all(one.starts_at > utcnow() for one in found[1:])
    assert [one.read_until for one in found][:3] == ["33", "67", "100"]


def test_how_far_to_read_makes_no_meeting_stand_apart(plan, save, visit, olive, rows):
    save(make_book("Emma"))
    plan(book="Emma", parts="3")
    change = {"read_until": "40", "read_until_unit": "percent", "book": "Emma", "host": "olive"}

    assert visit(olive).post("/meetings/1/edit", data=change).status_code == 303
    assert [one.is_apart for one in rows(select(Meeting))] == [False, False, False]
    assert [one.read_until for one in rows(select(Meeting).order_by(Meeting.id))] == ["40", "67", "100"]


def test_a_series_ends_and_only_answered_meetings_leave_a_trace(plan, visit, alice, olive, run, rows):
    plan()
    visit(alice).post("/meetings/3/rsvp", data={"rsvp": "yes"})
    address = "/meetings/1/series/closure"
    assert visit(alice).post(address, data={"last_reason": "Summer"}).status_code == 403
    assert visit(olive).post(address, data={"last_reason": " "}).status_code == 422

    assert visit(olive).post(address, data={"last_reason": "Summer"}).status_code == 303
    run()
    kept = rows(select(Meeting).order_by(Meeting.id))
    assert [(one.id, one.cancel_reason) for one in kept] == [(1, None), (3, "Summer")]
    assert "Repeats" not in visit(olive).get("/meetings/1").text


def test_a_meeting_with_a_question_is_cancelled_and_not_deleted(plan, visit, alice, olive, rows):
    plan()
    visit(alice).post("/meetings/3/questions", data={"body": "Was it love?", "horizon": "0"})
    # One that was taken back keeps no meeting.
    gone = visit(alice).post("/meetings/2/questions", data={"body": "Was it hate?", "horizon": "0"})
    visit(alice).post(f"/questions/{gone.location.rpartition('-')[2]}/deletion")

    visit(olive).post("/meetings/1/series/closure", data={"last_reason": "Summer"})
    kept = rows(select(Meeting).order_by(Meeting.id))
    assert [(one.id, one.cancel_reason) for one in kept] == [(1, None), (3, "Summer")]


def test_one_meeting_becomes_a_series_and_an_empty_rule_ends_it(plan, visit, olive, days, rows):
    plan(repeats="")
    assert days() == [START]
    visit(olive).post("/meetings/1/edit", data={"repeats": "FREQ=WEEKLY", "host": "olive"})
    assert days() == [START, START + WEEK, START + 2 * WEEK]

    visit(olive).post("/meetings/2/edit", data={"repeats": "", "host": "olive"})
    assert days() == [START, START + WEEK]


def test_the_choices_are_named_by_the_chosen_day(visit, olive, rows):
    page = visit(olive).get(
        "/meetings/new", query_string={"starts_on": "2026-12-17", "repeats": "FREQ=WEEKLY"}
    )

    for words in ("every second Thursday", "the third Thursday of the month", "the 17th of each month"):
        assert words in page.text
    assert "the last" not in page.text
    # A proposed day is a change, also in the form of a meeting that exists.
    visit(olive).post("/meetings/new", data=PLAN)
    form = visit(olive).get("/meetings/1/edit?starts_on=2031-05-01&repeats=FREQ%3DWEEKLY").form("title")
    assert visit(olive).post(form.action, data=form.fields).status_code == 303
    assert rows(select(Meeting).where(Meeting.id == 1))[0].starts_on == date(2031, 5, 1)
    # Without a day in the address the words fit any that is typed.
    assert "on the same weekday of the month" in visit(olive).get("/meetings/new?starts_on=soon").text
