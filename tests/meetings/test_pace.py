"""How much to read a day until the next meeting, and the schedule of a book."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bookclub.extensions import utcnow
from bookclub.lib.positions.measures import EditionLength, Measures
from bookclub.lib.positions.places import END
from bookclub.meetings.pace_rules import Need, ReaderPlace, need_of, pace_text
from tests.cases import each
from tests.factories import make_book, make_meeting, make_reading

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)  # A Monday.
PAPER = Measures(editions=(EditionLength(1, "paperback", 300, None), EditionLength(2, "audio", None, 600)))


def pace(place, *, horizon=5000, days=3, measures=PAPER):
    return pace_text(place, horizon, measures, NOW + timedelta(days=days, hours=6), NOW, "Europe/Berlin")


@each(
    ("place", "words"),
    [
        (ReaderPlace(), "50 pages a day until Thursday"),
        # 149 pages are left: 50, 50 and 49.
        (ReaderPlace("reading", 50, "page", 1), "50 pages a day until Thursday"),
        (ReaderPlace("reading", 4900, "percent", 2), "2 minutes a day until Thursday"),
        (ReaderPlace("reading", 0, "minute"), "100 minutes a day until Thursday"),
        # Their own printing counts before any edition.
        (ReaderPlace("reading", 0, "page", 1, 600, "page"), "100 pages a day until Thursday"),
        (ReaderPlace("reading", 4999, "page", 1), "1 page a day until Thursday"),
        (ReaderPlace("reading", 5000), "You have read as far as the meeting asks."),
        (ReaderPlace("finished", END), "You have read as far as the meeting asks."),
        (ReaderPlace("did_not_finish", 1000), ""),
        # Only stars are known of it.
        (ReaderPlace(""), ""),
    ],
)
def test_a_pace_counts_in_the_readers_own_edition(place, words):
    assert pace(place) == words


@each(
    ("options", "words"),
    [
        ({"measures": Measures()}, "17 % a day until Thursday"),
        ({"horizon": 1, "measures": Measures()}, "1 % a day until Thursday"),
        ({"horizon": 0}, ""),
        ({"days": 0}, "150 pages left for today"),
        ({"days": 1}, "150 pages left for tomorrow"),
        ({"days": 2}, "75 pages a day until Wednesday"),
        ({"days": 10}, "15 pages a day until Thursday 14 May"),
        ({"days": -1}, ""),
    ],
)
def test_today_counts_and_the_day_of_the_meeting_does_not(options, words):
    assert pace(ReaderPlace("to_read"), **options) == words


def test_who_follows_the_pace_is_there_in_time():
    for position in range(0, 5000, 7):
        for days in (1, 2, 3, 7, 30):
            need = need_of(ReaderPlace("reading", position, "page", 1), 5000, PAPER, days)
            assert need is not None
            assert need.daily * days >= need.amount
            # Nobody is asked for a whole day more than there is to read.
            assert (need.daily - 1) * days < need.amount
            here = PAPER.scale("page").place(position)
            assert PAPER.scale("page").position(here + need.amount) >= 5000
    assert Need("page", 10, 3).daily == 4


def test_the_pace_is_the_readers_alone_and_can_be_switched_off(save, visit, alice, bob, olive):
    emma = save(make_book("Emma", pages=300))
    meeting = save(make_meeting(olive, emma, horizon=5000, read_until="50"))
    save(make_reading(bob, emma, position=2500, status="reading", is_private=True))

    # Seven days are left: the day of the meeting does not count.
    pages = ("/", "/books/emma", f"/meetings/{meeting.id}")
    for address in pages:
        assert "11 pages a day until" in visit(bob).get(address).text, address
        assert "22 pages a day until" in visit(alice).get(address).text, address
        assert "11 pages" not in visit(olive).get(address).text
    assert visit(bob).post("/settings", data={"pace": "hide"}).status_code == 303
    for address in pages:
        assert "pages a day" not in visit(bob).get(address).text
    assert visit(bob).post("/settings", data={"display_name": "Bob"}).status_code == 303
    assert "pages a day" not in visit(bob).get("/").text


def test_a_tap_on_home_moves_the_pace_with_it(save, visit, bob, olive, app):
    emma = save(make_book("Emma", pages=300))
    save(make_meeting(olive, emma, horizon=5000, read_until="50"))
    headers = {"HX-Request": "true", "Referer": "http://localhost/"}
    fields = {"status": "reading", "position": "150", "position_unit": "page"}

    answer = visit(bob).post("/books/emma/reading", data=fields | {"back": "/"}, headers=headers)
    assert answer.status_code == 200
    assert "You have read as far as the meeting asks." in answer.text


def test_the_book_shows_its_schedule_to_members(save, visit, alice, olive):
    emma = save(make_book("Emma"))
    for days, share in ((-7, 25), (7, 50), (14, 75)):
        moment = utcnow() + timedelta(days=days)
        save(make_meeting(olive, emma, starts_at=moment, horizon=100 * share, read_until=str(share)))
    save(make_meeting(olive, emma, cancelled_at=utcnow(), cancelled_by_id=olive.id, cancel_reason="Flu"))

    page = visit(alice).get("/books/emma")
    steps = [page.text.index(f"Read up to {share} %") for share in (25, 50, 75)]
    assert steps == sorted(steps)
    assert page.text.count(">next<") == 1
    assert "Flu" not in page.text
