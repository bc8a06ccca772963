"""Meetings: planning, changing, moving, cancelling, and who sees what."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.positions.places import END
from bookclub.meetings.jobs import run_meetings
from bookclub.meetings.models import Meeting, MeetingBook, MeetingEvent
from bookclub.members.models import Club
from bookclub.notices.models import Notice
from bookclub.sections.models import Section
from bookclub.threads.models import Comment, Thread
from tests.factories import make_book, make_comment, make_meeting, make_reading

DAY = (utcnow() + timedelta(days=20)).date()
PLAN = {
    "title": "Tea at Olive's", "starts_on": DAY.isoformat(), "starts_at": "19:30",
    "time_zone": "Europe/Berlin", "minutes": "90", "place": "12 Canal Street",
}  # fmt: skip
LONG = "x" * 10_000


@pytest.fixture
def plan(visit, olive):
    """``plan(**fields)`` sends the form of a new meeting as Olive."""
    return lambda **fields: visit(olive).post("/meetings/new", data=PLAN | fields)


@pytest.fixture
def set_club(app):
    """Change columns of the club."""

    def set_club(**columns):
        with app.app_context():
            begin_write()
            db.session.execute(update(Club).values(**columns))
            db.session.commit()

    return set_club


def test_an_organiser_plans_a_meeting_and_everybody_hears_of_it(plan, visit, alice, olive, rows):
    answer = plan()

    (meeting,) = rows(select(Meeting))
    assert (answer.status_code, answer.location) == (303, f"/meetings/{meeting.id}")
    assert (meeting.starts_on, meeting.clock, meeting.time_zone) == (DAY, time(19, 30), "Europe/Berlin")
    assert meeting.ends_at - meeting.starts_at == timedelta(minutes=90)
    assert {(each.member_id, each.kind) for each in rows(select(Notice))} == {(alice.id, "meeting_made")}
    page = visit(alice).get(answer.location).text
    assert "Tea at Olive" in page
    assert "12 Canal Street" in page
    assert "has planned “Tea at Olive" in visit(alice).get("/notices").text


def test_the_next_meeting_stands_on_top_of_home(save, visit, alice, olive):
    save(make_meeting(olive, title="Next one"), make_meeting(olive, title="Gone", cancelled_at=utcnow(),
        cancelled_by_id=olive.id, cancel_reason="Flu", starts_at=utcnow() + timedelta(days=1)))  # fmt: skip

    page = visit(alice).get("/").text
    assert "Next one" in page
    assert "Gone" not in page


def test_members_plan_meetings_only_if_the_club_lets_them(visit, alice, set_club):
    assert visit(alice).post("/meetings/new", data=PLAN).status_code == 403
    set_club(members_meet=True)
    assert visit(alice).post("/meetings/new", data=PLAN).status_code == 303


def test_each_book_has_a_thread_with_what_was_to_be_read_as_floor(plan, save, rows):
    save(make_book("Emma"), make_book("Persuasion"))

    assert plan(book=["Emma", "persuasion", ""], read_until="40").status_code == 303
    assert [(each.horizon, each.number) for each in rows(select(MeetingBook))] == [(4000, 0), (4000, 1)]
    threads = rows(select(Thread))
    assert [(each.title, each.floor, each.of_meeting) for each in threads] == [
        ("Tea at Olive's: Emma", 4000, True),
        ("Tea at Olive's: Persuasion", 4000, True),
    ]


def test_several_books_may_share_a_chapter_that_each_has(plan, save, rows):
    for title, start in (("Emma", 3000), ("Persuasion", 4000)):
        book = save(make_book(title))
        save(*(Section(book_id=book.id, place=n, title="", start=at) for n, at in enumerate((0, start))))

    shared = {"book": ["Emma", "Persuasion"], "read_until": "1", "read_until_unit": "section"}
    assert plan(**shared).status_code == 303
    assert [each.horizon for each in rows(select(MeetingBook).order_by(MeetingBook.number))] == [3000, 4000]


def test_what_to_read_follows_a_corrected_length(plan, save, visit, alice, olive, rows, app):
    save(make_book("Emma", pages=200))
    plan(book="Emma", read_until="100", read_until_unit="page")

    def found():
        return rows(select(MeetingBook))[0].horizon, rows(select(Thread))[0].floor

    def correct(pages):
        fields = {"title": "Emma", "authors": "Author of Emma", "pages": pages}
        assert visit(olive).post("/books/emma/edit", data=fields).status_code == 303

    correct("400")
    assert found() == (2500, 2500)
    # Once somebody has written, the conversation stays as locked as it was.
    fields = {"body": "The ball!", "horizon": "finished"}
    visit(alice).post(f"/threads/{rows(select(Thread))[0].id}/comments", data=fields)
    correct("1000")
    assert found() == (1000, 2500)
    # The page is not in the book any more, so the place stays.
    correct("50")
    assert found() == (1000, 2500)


def test_without_a_position_the_thread_is_for_those_who_have_finished(plan, save, rows):
    save(make_book("Emma"))

    plan(book=["Emma"])
    assert rows(select(Thread))[0].floor == END


def test_without_a_book_everything_is_safe_and_the_page_says_so(plan, visit, alice, rows):
    page = visit(alice).get(plan().location)

    assert (rows(select(Thread))[0].floor, rows(select(Thread))[0].book_id) == (0, None)
    assert "everything here is safe for everybody" in page.text


def test_reading_less_never_unlocks_what_was_written_before(save, visit, alice, bob, olive, rows):
    emma = save(make_book("Emma"))
    meeting = save(make_meeting(olive, emma, horizon=8000, read_until="80"))
    comment = save(make_comment(meeting.books[0].thread, alice, horizon=8000))
    save(make_reading(bob, emma, position=5000))
    change = {"read_until": "40", "book": "Emma", "host": "olive"}

    assert visit(olive).post(f"/meetings/{meeting.id}/edit", data=change).status_code == 303
    assert rows(select(MeetingBook))[0].horizon == 4000
    assert rows(select(Comment))[0].horizon == 8000
    assert comment.body not in visit(bob).get(f"/threads/{meeting.books[0].thread_id}").text


def test_an_edited_first_comment_does_not_lower_the_floor(save, visit, alice, olive, rows):
    emma = save(make_book("Emma"))
    meeting = save(make_meeting(olive, emma, horizon=8000))
    save(make_reading(alice, emma, position=9000))
    thread_id = meeting.books[0].thread_id
    visit(alice).post(f"/threads/{thread_id}/comments", data={"body": "The ball!", "horizon": "mine"})

    changed = {"body": "The ball.", "horizon": "0"}
    visit(alice).post(f"/comments/{rows(select(Comment))[0].id}/edit", data=changed)
    assert rows(select(Thread))[0].floor == 8000
    assert rows(select(Comment))[0].horizon == 8000


BAD = {
    "no title": ({"title": " "}, "Type a title for the meeting."),
    "past": ({"starts_on": "2020-01-31"}, "That is in the past."),
    "no day": ({"starts_on": "31.1."}, "Type the day as 2026-01-31."),
    "no time": ({"starts_at": "half past"}, "Type the time as 19:30."),
    "25 hours": ({"minutes": "1500"}, "A meeting lasts from 1 to 1440 minutes."),
    "end before start": ({"minutes": "-30"}, "A meeting lasts from 1 to 1440 minutes."),
    "zone": ({"time_zone": "Mars/Olympus"}, "Choose a time zone from the list."),
    "long title": ({"title": LONG}, "Use at most 120 characters."),
    "long notes": ({"notes": LONG}, "Use at most 5000 characters."),
    "link": ({"link": "meet.example.org"}, "Type the whole address of the call"),
    "book": ({"book": "Nowhere"}, "There is no “Nowhere” in the catalogue."),
    "read nothing": ({"read_until": "40"}, "Name the book, or leave this empty."),
    "read too far": ({"book": "Emma", "read_until": "140"}, "Type a percentage from 0 to 100."),
    "no length": (
        {"book": "Emma", "read_until": "140", "read_until_unit": "page"},
        "Nobody has entered how many pages",
    ),
    "pages of two": (
        {"book": ["Emma", "Persuasion"], "read_until": "14", "read_until_unit": "page"},
        ": Nobody has entered how many pages",
    ),
    "host": ({"host": "nobody"}, "Nobody here has the username “nobody”."),
    "spoiler in title": ({"title": "Tea ||he dies||"}, "spoiler"),
    "spoiler in place": ({"place": "Tea ||he dies||"}, "spoiler"),
    "spoiler in access": ({"access": "Tea ||he dies||"}, "spoiler"),
    "spoiler in notes": ({"notes": "Tea ||he dies||"}, "spoiler"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_beside_the_field_and_kept(plan, save, rows, case):
    save(make_book("Emma", pages=None), make_book("Persuasion"))
    fields, sentence = BAD[case]

    answer = plan(**{"access": "Step-free", **fields})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert rows(select(Meeting)) == []
    for value in (*fields.values(), "12 Canal Street" if "place" not in fields else "||"):
        for text in [value] if isinstance(value, str) else value:
            assert text.strip()[:40] in answer.text


def test_a_time_that_clocks_skip_is_pointed_out(plan):
    answer = plan(starts_on="2027-03-28", starts_at="02:30")

    assert answer.status_code == 422
    assert "Choose 03:00 or later" in answer.text


def test_a_time_that_comes_twice_is_pointed_out_on_the_page(plan, visit, alice):
    page = visit(alice).get(plan(starts_on="2027-10-31", starts_at="02:30").location)

    assert "this time comes twice" in page.text


def test_a_moved_meeting_is_told_and_shown_in_its_history(save, visit, alice, olive, rows):
    meeting = save(make_meeting(olive))
    later = {"starts_on": (DAY + timedelta(days=9)).isoformat(), "starts_at": "18:00", "host": "olive"}

    assert visit(olive).post(f"/meetings/{meeting.id}/edit", data=later).status_code == 303
    assert rows(select(Meeting))[0].starts_at.hour == 18
    assert (rows(select(Meeting))[0].revision, rows(select(MeetingEvent))[0].kind) == (1, "moved")
    assert [each.kind for each in rows(select(Notice))] == ["meeting_moved"]
    assert "moved “At Olive" in visit(alice).get("/notices").text
    assert "moved it from" in visit(alice).get(f"/meetings/{meeting.id}").text


def test_an_edit_that_changes_nothing_adds_nothing(save, visit, olive, rows):
    meeting = save(make_meeting(olive))

    assert visit(olive).post(f"/meetings/{meeting.id}/edit", data={"host": "olive"}).status_code == 303
    assert (rows(select(MeetingEvent)), rows(select(Notice))) == ([], [])


def test_a_meeting_is_handed_over_to_a_host_who_may_then_run_it(save, visit, alice, olive, rows):
    meeting = save(make_meeting(olive))
    address = f"/meetings/{meeting.id}/edit"
    assert visit(alice).get(address).status_code == 403

    visit(olive).post(address, data={"host": "alice"})
    assert rows(select(MeetingEvent))[0].kind == "handed_over"
    assert visit(alice).get(address).status_code == 200


def test_a_cancelled_meeting_says_why_and_is_fixed(save, visit, alice, olive, rows):
    meeting = save(make_meeting(olive))
    address = f"/meetings/{meeting.id}"
    assert visit(olive).post(f"{address}/cancellation", data={"reason": " "}).status_code == 422

    assert visit(olive).post(f"{address}/cancellation", data={"reason": "Flu"}).status_code == 303
    assert "cancelled it" in visit(alice).get(address).text
    assert "Flu" in visit(alice).get("/notices").text
    assert visit(olive).get(f"{address}/edit").status_code == 403


def test_members_are_reminded_once_within_a_day(app, save, olive, alice, rows):
    save(make_meeting(olive, starts_at=utcnow() + timedelta(hours=20)), make_meeting(olive))
    with app.app_context():
        for _ in range(2):
            begin_write()
            run_meetings()
            db.session.commit()

    assert {(each.member_id, each.kind) for each in rows(select(Notice))} == {
        (alice.id, "meeting_tomorrow"),
        (olive.id, "meeting_tomorrow"),
    }


def test_the_start_follows_the_rules_of_the_zone(app, save, olive, rows):
    # As if Berlin had been an hour off when the meeting was planned.
    wrong = datetime(2027, 6, 1, 19, tzinfo=UTC)
    save(make_meeting(olive, starts_at=wrong, clock=time(19), time_zone="Europe/Berlin"))
    with app.app_context():
        begin_write()
        run_meetings()
        db.session.commit()

    (meeting,) = rows(select(Meeting))
    assert meeting.starts_at == datetime(2027, 6, 1, 17, tzinfo=UTC)
    assert meeting.ends_at == meeting.starts_at + timedelta(hours=2)
    assert meeting.revision == 1


def test_visitors_see_title_and_date_only_if_organisers_say_so(save, visit, olive, set_club):
    meeting = save(make_meeting(olive))
    set_club(is_public=True)
    assert visit(None).get("/meetings").status_code == 303

    set_club(shows_meetings=True)
    page = visit(None).get("/meetings")
    assert "At Olive" in page.text
    assert "Canal Street" not in page.text
    assert visit(None).get(f"/meetings/{meeting.id}").status_code == 303


def test_visitors_never_see_the_thread_of_a_meeting(save, visit, alice, olive, set_club):
    emma = save(make_book("Emma"))
    meeting = save(make_meeting(olive, emma, horizon=0, title="Secret tea"))
    comment = save(make_comment(meeting.books[0].thread, alice))
    set_club(is_public=True)

    for address in ("/", "/books/emma", "/threads"):
        assert "Secret tea" not in visit(None).get(address).text
    assert visit(None).get(f"/threads/{meeting.books[0].thread_id}").status_code == 404
    assert visit(None).get(f"/comments/{comment.id}").status_code == 404


def test_the_list_goes_on_by_key(save, visit, alice, olive):
    for days in range(1, 24):
        save(make_meeting(olive, title=f"Day {days}.", starts_at=utcnow() - timedelta(days=days)))

    first = visit(alice).get("/meetings")
    assert "Day 20." in first.text
    assert "Day 21." not in first.text
    following = visit(alice).get(first.link("Show earlier meetings"))
    assert "Day 23." in following.text
    assert "Day 20." not in following.text


def test_the_pages_of_meetings_take_as_many_statements_for_20_as_for_3(save, visit, statements, olive):
    client, book = visit(olive), save(make_book("Emma"))

    def count() -> dict[str, int]:
        seen = {}
        for address in ("/meetings", "/meetings/1", "/"):
            client.get(address)
            with statements() as sent:
                assert client.get(address).status_code == 200
            seen[address] = len(sent)
        return seen

    def plan(number: int) -> None:
        for days in range(1, number):
            for moment in (utcnow() + timedelta(days=days), utcnow() - timedelta(days=days)):
                save(make_meeting(olive, book, starts_at=moment, horizon=0))

    plan(4)
    few = count()
    plan(11)
    assert count() == few
    assert max(few.values()) <= 30
