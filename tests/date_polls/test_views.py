"""Date polls: proposing times, answering them, choosing one, and who sees and may do what."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from threading import Barrier
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from bookclub.archive.club_queries import KINDS
from bookclub.date_polls.models import Availability, DatePoll
from bookclub.extensions import db, utcnow
from bookclub.meetings.models import Meeting
from bookclub.members.events import on_departure, on_suspension
from bookclub.members.models import Member
from bookclub.notices.models import Notice
from tests.cases import each
from tests.factories import make_date_poll, make_member

DAY = (utcnow() + timedelta(days=20)).date()
POLL = {
    "title": "Tea at Olive's", "times": f"{DAY} 19:30\n{DAY} 18:00", "time_zone": "Europe/Berlin",
    "minutes": "90",
}  # fmt: skip
LONG = "x" * 10_000


@pytest.fixture
def poll(save, olive):
    """A poll by Olive about two times."""
    return save(make_date_poll(olive))


@pytest.fixture
def answer(visit, poll):
    """``answer(member, "yes", "no")`` sends a member's answers to the times; None leaves one open."""

    def answer(member, *words):
        sent = {f"time-{option.id}": word for option, word in zip(poll.options, words, strict=True) if word}
        return visit(member).post(f"/date-polls/{poll.id}/availability", data=sent)

    return answer


@pytest.fixture
def choose(visit, poll):
    """``choose(member)`` chooses the first time, or the one with this number."""
    return lambda member, number=0: visit(member).post(
        f"/date-polls/{poll.id}/choice", data={"time": poll.options[number].id}
    )


def told(rows, kind):
    return {notice.member_id for notice in rows(select(Notice)) if notice.kind == kind}


def test_everybody_is_asked_on_home_in_the_list_and_by_a_notice(visit, rows, alice, olive):
    made = visit(olive).post("/date-polls/new", data=POLL)

    assert (made.status_code, made.location) == (303, "/date-polls/1")
    assert told(rows, "date_wanted") == {alice.id}
    for address in ("/", "/meetings"):
        assert visit(alice).get(address).link("Answer “Tea at Olive's”") == made.location
    assert (
        visit(alice).get("/notices").link("Olive asks when you can meet: “Tea at Olive's”.") == made.location
    )
    page = visit(alice).get(made.location)
    assert page.words.index("18:00") < page.words.index("19:30")
    assert "The meeting takes 90 minutes." in page.words


@each(
    ("fields", "sentence"),
    [
        ({"title": " "}, "Type a title for the meeting."),
        ({"title": LONG}, "Use at most 120 characters."),
        ({"title": "Tea ||he dies||"}, "spoiler"),
        ({"times": ""}, "Propose at least one time"),
        ({"times": LONG}, "Use at most 2000 characters."),
        ({"times": "2020-01-31 19:30"}, "2020-01-31 19:30 is in the past."),
        ({"times": f"{DAY} 19:30\nsoon"}, "“soon” is not a time."),
        ({"time_zone": "Mars/Olympus"}, "Choose a time zone from the list."),
        ({"minutes": "1500"}, "A meeting lasts from 1 to 1440 minutes."),
        ({"minutes": "long"}, "A meeting lasts from 1 to 1440 minutes."),
    ],
)
def test_bad_input_is_refused_beside_the_field_and_kept(visit, rows, olive, fields, sentence):
    refused = visit(olive).post("/date-polls/new", data=POLL | fields)

    assert refused.status_code == 422
    assert sentence in refused.words
    kept = refused.form("times").fields
    assert {name: kept[name] for name in POLL} == {
        name: text.strip() for name, text in (POLL | fields).items()
    }
    assert rows(select(DatePoll)) == []


def test_a_partial_answer_leaves_the_other_times_open(answer, visit, rows, alice, bob, poll):
    assert answer(alice, "yes", None).status_code == 303
    assert answer(alice, None, "no").status_code == 303
    assert answer(bob, "yes", "maybe").status_code == 303

    said = [
        (one.member_id, one.answer) for one in rows(select(Availability).order_by(Availability.option_id))
    ]
    assert sorted(said) == [(alice.id, "no"), (alice.id, "yes"), (bob.id, "maybe"), (bob.id, "yes")]
    page = visit(alice).get(f"/date-polls/{poll.id}")
    own = page.form(f"time-{poll.options[0].id}").fields
    assert [own[f"time-{option.id}"] for option in poll.options] == ["yes", "no"]
    assert "2 of 3 members have answered." in page.words
    assert page.text.count(">best<") == 1
    assert "Answer “When to meet”" not in visit(alice).get("/").text
    assert told(rows, "date_wanted") == set()


def test_bad_and_missing_answers_are_refused(answer, rows, alice):
    for words, sentence in (
        (("perhaps", "yes"), "Say yes, maybe or no to each time."),
        ((None, None), "Choose yes, maybe or no for at least one time."),
    ):
        refused = answer(alice, *words)
        assert (refused.status_code, sentence in refused.words) == (422, True)
    assert rows(select(Availability)) == []


def test_a_choice_plans_the_meeting_and_tells_everybody_once(
    answer, choose, visit, rows, save, alice, bob, olive
):
    answer(alice, "yes", "no")
    poll = rows(select(DatePoll))[0]
    save(Notice(member_id=bob.id, kind="date_wanted", date_poll_id=poll.id, actor_id=olive.id))
    assert choose(bob).status_code == 403

    chosen = choose(olive, 1)
    (meeting,) = rows(select(Meeting))
    assert chosen.location == f"/meetings/{meeting.id}"
    assert (meeting.title, meeting.minutes, meeting.host_id) == ("When to meet", 120, olive.id)
    assert sorted((one.member_id, one.kind) for one in rows(select(Notice))) == [
        (alice.id, "date_chosen"),
        (bob.id, "meeting_made"),
    ]
    assert "Olive chose the date of “When to meet”" in visit(alice).get("/notices").text
    page = visit(alice).get(f"/date-polls/{poll.id}")
    assert page.link("See the meeting") == chosen.location
    assert "Answer" not in visit(alice).get("/meetings").words


def test_the_one_who_made_the_poll_is_host_unless_they_have_left(save, visit, write, rows, alice, bob, olive):
    one, other = save(make_date_poll(alice), make_date_poll(alice))
    address = f"/date-polls/{one.id}/choice"
    assert visit(alice).post(address, data={"time": one.options[0].id}).status_code == 303
    write(lambda: on_suspension.call(db.session.get(Member, alice.id)))

    visit(olive).post(f"/date-polls/{other.id}/choice", data={"time": other.options[0].id})
    assert [meeting.host_id for meeting in rows(select(Meeting).order_by(Meeting.id))] == [alice.id, olive.id]


def test_late_answers_are_shown_again_and_not_saved(answer, choose, rows, visit, alice, olive, poll):
    choose(olive)

    late = answer(alice, "yes", "no")
    assert late.status_code == 422
    assert "A date has already been chosen. Your answers came too late and were not saved." in late.words
    assert late.words.count("Your answer: ") == 2
    assert rows(select(Availability)) == []


def test_times_that_are_over_cannot_be_chosen(save, visit, rows, alice, olive):
    now = utcnow()
    half, whole = save(
        make_date_poll(olive, now - timedelta(hours=1), now + timedelta(days=2)),
        make_date_poll(olive, now - timedelta(hours=1)),
    )
    for poll, time, sentence in (
        (half, half.options[0].id, "That time is over. Choose a later one."),
        (half, whole.options[0].id, "Choose one of the times."),
        (half, "nonsense", "Choose one of the times."),
        (whole, whole.options[0].id, "All the proposed times have passed."),
    ):
        refused = visit(olive).post(f"/date-polls/{poll.id}/choice", data={"time": time})
        assert (refused.status_code, sentence in refused.words) == (422, True)
    assert rows(select(Meeting)) == []
    address, sent = f"/date-polls/{whole.id}", {f"time-{whole.options[0].id}": "yes"}
    assert "All the proposed times have passed, and no date was chosen." in visit(alice).get(address).words
    late = visit(alice).post(f"{address}/availability", data=sent)
    assert (late.status_code, "All the proposed times have passed." in late.words) == (422, True)


def test_a_poll_is_withdrawn_with_a_reason(answer, choose, visit, rows, alice, bob, olive, poll):
    answer(alice, "yes", "no")
    address = f"/date-polls/{poll.id}"
    assert visit(bob).post(f"{address}/withdrawal", data={"reason": "No"}).status_code == 403
    assert visit(olive).post(f"{address}/withdrawal", data={"reason": " "}).status_code == 422

    assert visit(olive).post(f"{address}/withdrawal", data={"reason": "Flu"}).status_code == 303
    assert "Olive withdrew the poll: Flu" in visit(alice).get(address).words
    assert choose(olive).status_code == 422
    assert "has been withdrawn" in answer(bob, "yes", "no").words
    assert (rows(select(Meeting)), rows(select(Notice))) == ([], [])
    assert "When to meet" not in visit(alice).get("/meetings").words


def test_absent_members_do_not_count(answer, visit, write, rows, alice, bob, olive, poll):
    answer(alice, "yes", "no")
    answer(bob, "yes", "no")
    write(lambda: on_suspension.call(db.session.get(Member, alice.id)))
    write(lambda: on_departure.call(db.session.get(Member, bob.id), utcnow()))

    assert {one.member_id for one in rows(select(Availability))} == {alice.id}
    assert "0 of 1 members have answered." in visit(olive).get(f"/date-polls/{poll.id}").words


def test_each_reader_sees_their_own_clocks(save, visit, olive):
    away = save(make_member("away", time_zone="Asia/Tokyo"))
    start = utcnow().replace(hour=18, minute=30) + timedelta(days=30)
    poll = save(make_date_poll(olive, start))

    page = visit(away).get(f"/date-polls/{poll.id}").words
    assert ", 03:30 at the meeting: 18:30 (UTC time) on " in page


@pytest.mark.databases("sqlite", "postgresql")
def test_of_two_who_choose_at_once_one_makes_the_meeting(save, visit, rows, olive):
    poll = save(make_date_poll(olive))
    other = save(make_member("oscar", role="organiser"))
    clients, barrier = [visit(olive), visit(other)], Barrier(2)

    def choose(client, option):
        barrier.wait()
        return client.post(f"/date-polls/{poll.id}/choice", data={"time": option.id}).location

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(choose, clients, poll.options)) == {"/meetings/1"}
    assert len(rows(select(Meeting))) == 1


def test_the_pages_take_as_many_statements_for_60_members_as_for_3(save, visit, statements, olive):
    client = visit(olive)

    def count():
        seen = {}
        for address in ("/date-polls/1", "/meetings", "/", "/notices"):
            client.get(address)
            with statements() as sent:
                assert client.get(address).status_code == 200
            seen[address] = len(sent)
        return seen

    def fill(names, times):
        members = [save(make_member(name)) for name in names]
        starts = [utcnow() + timedelta(days=day) for day in range(1, times + 1)]
        poll = save(make_date_poll(olive, *starts))
        save(Notice(member_id=olive.id, kind="date_wanted", date_poll_id=poll.id))
        for member in members:
            for option in poll.options:
                save(Availability(option_id=option.id, member_id=member.id, answer="yes"))

    fill(["ada", "ben", "cleo"], 2)
    few = count()
    fill([f"member{number}" for number in range(6)], 20)
    assert count() == few
    assert max(few.values()) <= 30


def test_polls_and_answers_are_in_the_exports(app, answer, visit, alice, olive, poll):
    answer(alice, "yes", None)

    def packed(member):
        zipped = ZipFile(BytesIO(visit(member).get("/my-data.zip").data))
        return [json.loads(zipped.read(name)) for name in ("date_polls.json", "availabilities.json")]

    assert [[one["title"] for one in rows] for rows in packed(olive)] == [["When to meet"], []]
    assert [[one.get("answer") for one in rows] for rows in packed(alice)] == [[], ["yes"]]
    with app.app_context():
        (row,) = KINDS["date_polls"](False)
        assert [one["id"] for one in row["times"]] == [option.id for option in poll.options]
        assert [one["member_id"] for one in KINDS["availabilities"](False)] == [alice.id]
