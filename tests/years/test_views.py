"""Pages of the year: the club's, one's own, another member's, and the choice to show one's years."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select, update

from bookclub.books.models import Edition
from bookclub.extensions import db, utcnow
from bookclub.members.events import on_departure
from bookclub.members.models import Club, Member
from bookclub.readings.models import ReadThrough
from bookclub.rounds.models import Tally
from bookclub.years import rules
from tests.cases import each
from tests.clocks import clock_off_by
from tests.factories import make_book, make_comment, make_member, make_nomination, make_round, make_thread
from tests.years.conftest import YEAR, make_read

MINE, CLUB = f"/members/alice/years/{YEAR}", f"/years/{YEAR}"


@pytest.fixture
def emma(save):
    return save(make_book("Emma", pages=474))


@pytest.fixture
def dune(save):
    return save(make_book("Dune", author="Frank Herbert", pages=612, first_published=1965))


def table(page, key: str) -> str:
    """The words of the table behind a chart, from one month to the next."""
    figure = page.text.partition(f'<figure class="chart" id="{key}"')[2].partition("</figure>")[0]
    cells = [cell.partition("</t")[0] for cell in figure.replace("<td", "<th").split("<th")[1:]]
    return " ".join(cell.partition(">")[2] for cell in cells)


# One's own year


def test_a_year_shows_books_pages_and_what_stands_out(visit, save, alice, emma, dune):
    save(make_read(alice, emma, "01-31"), make_read(alice, dune, "02-01", rating=9))

    page = visit(alice).get(MINE)

    assert page.status_code == 200
    assert "Your 2025" in page.words
    assert "so far" not in page.words
    assert "2 books 1,086 pages" in page.words
    assert "January 1 book February 1 book March 0 books" in table(page, "books")
    assert "January 474 pages February 612 pages" in table(page, "pages")
    assert "The longest book Dune 612 pages The shortest book Emma 474 pages" in page.words
    assert "Books by 2 authors." in page.words
    assert "1 February · 4.5 ★" in page.words


def test_a_book_that_is_read_again_counts_each_time(visit, save, alice, emma):
    reading = save(make_read(alice, emma, "11-03"))
    save(ReadThrough(reading_id=reading.id, finished_on=date(YEAR, 2, 2)))
    save(ReadThrough(reading_id=reading.id, finished_on=date(YEAR - 1, 2, 2)))
    save(ReadThrough(reading_id=reading.id, started_on=date(YEAR, 5, 5)))

    page = visit(alice).get(MINE)

    assert "1 book 2 times read to the end 948 pages" in page.words
    assert "3 November · read 2 times" in page.words
    assert "1 book" in visit(alice).get(f"/members/alice/years/{YEAR - 1}").words


def test_beginning_again_counts_no_time_twice(visit, write, save, rows, alice, emma):
    client = visit(alice)
    client.post("/books/emma/reading", data={"status": "finished"})
    year = utcnow().year
    assert "1 book" in client.get(f"/members/alice/years/{year}").words

    client.post("/books/emma/rereading")

    words = client.get(f"/members/alice/years/{year}").words
    assert "1 book 474 pages" in words
    assert "times read to the end" not in words


@each(
    ("status", "counts"),
    {"did_not_finish": False, "reading": False, "to_read": False, "finished": True}.items(),
)
def test_only_what_was_finished_counts(visit, save, status, counts):
    reader = save(make_member())
    reading = make_read(reader, save(make_book()))
    reading.status = status
    save(reading)

    words = visit(reader).get(f"/members/{reader.username}/years/{YEAR}").words

    assert ("1 book 300 pages" in words) is counts
    assert "Books that somebody stopped reading are not counted." in words


def test_an_attempt_that_was_never_finished_counts_at_no_time(visit, save, alice, emma):
    reading = make_read(alice, emma)
    reading.status, reading.times_read = "did_not_finish", 0
    save(reading)
    attempt = save(ReadThrough(reading_id=reading.id, finished_on=date(YEAR, 2, 2)))
    assert "No book finished in 2025" in visit(alice).get(MINE).words

    # Who has finished it once and gave up later did read it.
    reading.times_read = 1
    save(reading)
    assert attempt.finished_on.month == 2
    assert "1 book" in visit(alice).get(MINE).words


def test_hours_stand_beside_pages_and_unknown_lengths_are_said(visit, save, alice, emma):
    heard, unknown = save(make_book("Persuasion")), save(make_book("Sanditon", pages=None))
    recording = save(Edition(book_id=heard.id, format="audiobook", minutes=605))
    save(
        make_read(alice, emma, length=500, length_unit="page"),
        make_read(alice, heard, edition_id=recording.id),
        make_read(alice, unknown),
    )

    page = visit(alice).get(MINE)

    assert "3 books 500 pages 10 h 5 min of audiobooks" in page.words
    assert "June 10 h 5 min" in table(page, "hours")
    assert "1 book of unknown length is not in the pages." in page.words


def test_ratings_stand_beside_the_clubs_where_three_gave_some(visit, save, alice, emma, dune):
    save(make_read(alice, emma, rating=10), make_read(alice, dune, rating=2))
    others = save(*(make_member() for _ in range(3)))
    save(*(make_read(other, emma, rating=5) for other in others), make_read(others[0], dune, rating=10))

    save(emma, dune)
    words = visit(alice).get(MINE).words

    assert "You gave 5.0 ★ to the one book that at least three members rated" in words
    assert "the club gives it 3.1 ★." in words
    assert "Furthest apart: Emma 5 ★, the club 3.1 ★" in words
    assert "Dune 1 fewer than three" in words


def test_finished_books_without_a_day_are_in_no_year(visit, save, alice, emma):
    reading = make_read(alice, emma)
    reading.finished_on = None
    save(reading)

    page = visit(alice).get(MINE)

    assert "No book finished in 2025" in page.words
    assert "1 book that you have finished is in no year" in page.words
    assert "1 finished book is in no year" in visit(alice).get("/years").words
    assert visit(alice).get("/years").link("Emma") == "/books/emma"


def test_a_year_leads_to_the_years_with_books_beside_it(visit, save, alice, emma, dune):
    save(make_read(alice, emma, "2019-05-05"), make_read(alice, dune, "2024-05-05"))
    third = save(make_book())
    save(make_read(alice, third))

    client = visit(alice)
    page = client.get("/members/alice/years/2024")

    assert page.link("← 2019") == "/members/alice/years/2019"
    assert page.link("2025 →") == "/members/alice/years/2025"
    assert client.get(client.get("/members/alice/years/2019").link("2024 →")).status_code == 200
    index = client.get("/years")
    assert "2025 1 book 2024 1 book 2019 1 book" in index.words
    assert client.get("/members/alice/years").location == "/years#own"


@pytest.mark.parametrize("path", ["/years/{}", "/members/alice/years/{}"])
def test_a_year_to_come_has_no_page(visit, alice, path):
    client, now = visit(alice), utcnow().year

    assert client.get(path.format(now)).status_code == 200
    assert "so far" in client.get(path.format(now)).words
    for number in (now + 1, 1899, 0, 99999, 10**30):
        assert client.get(path.format(number)).status_code == 404


def test_a_list_of_very_many_books_says_how_many_it_leaves_out(visit, save, monkeypatch, alice):
    monkeypatch.setattr(rules, "COVERS", 2)
    monkeypatch.setattr(rules, "BEHIND", 3)
    for _ in range(9):
        save(make_read(alice, save(make_book())))

    page = visit(alice).get(MINE)

    assert page.text.count('class="book"') == 2
    # On paper, as the way to the list, and at its end.
    assert page.words.count("And 7 more") == 2
    assert page.words.count("And 4 more.") == 1


def test_an_empty_year_says_what_to_do(visit, alice):
    client = visit(alice)

    assert client.get(MINE).link("See the books") == "/books"
    assert client.get(CLUB).link("See all years") == "/years"
    assert "No year yet" in client.get("/years").words


# The club


def test_the_club_shows_what_members_read_together(visit, save, alice, bob, emma, dune):
    carol = save(make_member("carol"))
    save(
        *(make_read(member, emma, "03-03", rating=8) for member in (alice, bob, carol)),
        make_read(bob, dune, "04-04"),
    )
    save(emma)

    page = visit(carol).get(CLUB)

    assert "2 books 3 readers 4 times read to the end 2,034 pages" in page.words
    assert "March 3 books April 1 book" in table(page, "books")
    assert "Read by most Emma 3 readers" in page.words
    assert "Liked best Emma 4.0 ★" in page.words
    assert "4 stars 3" in table(page, "ratings")
    assert "2025 2 books" in visit(carol).get("/years").words
    # Nobody is named beside a number, and nobody is at the top.
    assert "Alice" not in page.words
    assert "Bob" not in page.words


def test_two_raters_make_no_chart_of_ratings(visit, save, alice, bob, emma, dune):
    save(*(make_read(member, book, rating=8) for member in (alice, bob) for book in (emma, dune)))

    page = visit(alice).get(CLUB)

    assert 'id="ratings"' not in page.text
    assert "Liked best" not in page.words


@pytest.mark.parametrize("absence", ["suspended_at", "removed_at"])
def test_who_is_not_here_counts_nowhere(visit, save, write, alice, absence):
    book, gone = save(make_book()), save(make_member(shows_years=True))
    save(make_read(gone, book))
    before = visit(alice).get(CLUB).words
    assert book.title in before
    assert visit(alice).get(f"/members/{gone.username}/years/{YEAR}").status_code == 200

    write(lambda: db.session.execute(update(Member).where(Member.id == gone.id).values({absence: utcnow()})))

    assert book.title not in visit(alice).get(CLUB).words
    assert "No year yet" in visit(alice).get("/years").words
    assert gone.display_name not in visit(alice).get("/years").words
    for path in ("", f"/{YEAR}"):
        assert visit(alice).get(f"/members/{gone.username}/years{path}").status_code == 404


def test_discussed_is_what_the_viewer_may_read(visit, save, alice, bob, emma, dune):
    save(make_read(alice, emma), make_read(alice, dune))
    on_emma, on_dune = save(make_thread(bob, emma), make_thread(bob, dune))
    during = {"created_at": datetime(YEAR, 5, 5, tzinfo=UTC)}
    save(
        make_comment(on_emma, bob, **during),
        make_comment(on_emma, bob, horizon=9000, **during),
        make_comment(on_dune, bob, horizon=9000, **during),
        make_comment(on_emma, bob, created_at=datetime(YEAR + 1, 5, 5, tzinfo=UTC)),
        make_comment(on_emma, bob, deleted_at=utcnow(), **during),
    )
    behind = save(make_member("behind"))

    assert "Most discussed Emma 2 comments Dune 1 comment" in visit(alice).get(MINE).words
    assert "Most discussed Emma 2 comments Dune 1 comment" in visit(alice).get(CLUB).words
    assert "Most discussed Emma 1 comment" in visit(behind).get(CLUB).words
    assert "Dune 1 comment" not in visit(behind).get(CLUB).words


def test_a_comment_is_of_the_year_on_the_clocks_of_who_asks(visit, save, bob, emma):
    far = save(make_member("far", time_zone="Pacific/Auckland"))
    thread = save(make_thread(bob, emma))
    save(make_comment(thread, bob, created_at=datetime(YEAR - 1, 12, 31, 20, tzinfo=UTC)))

    assert "Most discussed Emma 1 comment" in visit(far).get(CLUB).words
    assert "Most discussed" not in visit(bob).get(CLUB).words


def settle(save, organiser, book, nominator, *, at=datetime(YEAR, 4, 4, tzinfo=UTC), won=True, **columns):
    """A round of two books that this one won, or lost."""
    begun = {"nominations_until_at": at, "voting_until_at": at, "voting_opened_at": at - timedelta(days=7)}
    over = {"settled_at": at, "outcome": "decided", "electorate": 2, "turnout": 2, "title": "Spring"}
    voting_round = save(make_round(organiser, voting=True, **begun, **over))
    mine = save(make_nomination(voting_round, book, nominator, **columns))
    other = save(make_nomination(voting_round, save(make_book()), organiser))
    save(Tally(round_id=voting_round.id, winner_id=mine.id if won else other.id, counted_at=at))
    return voting_round


def test_what_the_club_chose_of_ones_nominations_stands_in_the_year(
    visit, save, show, alice, bob, olive, emma
):
    won = settle(save, olive, emma, alice)
    settle(save, olive, save(make_book("Lost")), alice, won=False)
    settle(save, olive, save(make_book("Withdrawn")), alice, withdrawn_at=utcnow())
    settle(save, olive, save(make_book("Of Bob")), bob)
    settle(save, olive, save(make_book("Earlier")), alice, at=datetime(YEAR - 1, 4, 4, tzinfo=UTC))

    page = visit(alice).get(MINE)

    assert "Books you nominated that the club chose Emma Spring" in page.words
    assert page.link("Emma") == f"/rounds/{won.id}"
    for title in ("Lost", "Withdrawn", "Of Bob", "Earlier"):
        assert title not in page.words
    assert "Of Bob Spring" in visit(alice).get(CLUB).words
    show(alice)
    assert "Nominated by Alice, chosen by the club Emma Spring" in visit(bob).get(MINE).words


def test_a_vote_under_way_is_in_no_year(visit, save, alice, olive, emma):
    voting_round = save(make_round(olive, voting=True))
    save(make_nomination(voting_round, emma, alice))

    assert "Emma" not in visit(alice).get(f"/members/alice/years/{utcnow().year}").words


# Showing it


def test_years_are_ones_own_until_they_are_shown(visit, save, alice, bob, olive, emma):
    save(make_read(alice, emma))
    for other in (bob, olive):
        for path in (MINE, "/members/alice/years"):
            assert visit(other).get(path).status_code == 404
        assert "Alice" not in visit(other).get("/years").words
        assert "year by year" not in visit(other).get("/members/alice").words

    form = visit(alice).get(MINE).form("showing")
    answer = visit(alice).post(form.action, data=form.fields)
    assert answer.status_code == 303
    assert answer.location == MINE

    page = visit(bob).get(visit(bob).get("/members/alice").link("What Alice read, year by year"))
    assert "2025 1 book" in page.words
    assert "Alice’s 2025" in visit(bob).get(page.link("2025")).words
    assert visit(bob).get("/years").link("Alice") == "/members/alice/years"
    assert 'id="showing"' not in visit(bob).get(MINE).text

    form = visit(alice).get("/years").form("showing")
    assert visit(alice).post(form.action, data=form.fields).location == "/years"
    assert visit(bob).get(MINE).status_code == 404


@each("path", [MINE, CLUB, "/years", "/members/alice/years"])
def test_visitors_see_no_years_not_even_of_a_public_club(visit, write, show, alice, path):
    show(alice)
    write(lambda: db.session.execute(update(Club).values(is_public=True)))

    answer = visit().get(path)

    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")


def test_showing_wants_a_1_or_a_0(visit, rows, alice):
    for data in ({}, {"on": "yes"}, {"on": ""}):
        answer = visit(alice).post("/settings/years", data=data)
        assert answer.status_code == 422
        assert "Send “on” as 1 to show your years" in answer.words
    assert rows(select(Member.shows_years).where(Member.id == alice.id)) == [False]


def test_showing_leads_nowhere_but_here(visit, alice):
    answer = visit(alice).post("/settings/years", data={"on": "1", "next": "https://example.org/"})

    assert answer.location == "/years#own"


def test_the_choice_is_in_ones_data_and_goes_with_its_member(visit, write, rows, show, alice):
    show(alice)
    with ZipFile(BytesIO(visit(alice).get("/my-data.zip").data)) as archive:
        assert json.loads(archive.read("profile.json"))["shows_years"] is True

    write(lambda: on_departure.call(db.session.get(Member, alice.id), utcnow()))

    assert rows(select(Member.shows_years).where(Member.id == alice.id)) == [False]


# The front page


@each(("month", "says"), [(11, None), (12, 0), (1, -1), (2, None)])
def test_home_looks_back_in_december_and_january(visit, alice, month, says):
    now = utcnow()
    then = datetime(now.year + 1, month, 15, tzinfo=UTC)
    with clock_off_by(then - now):
        page = visit(alice).get("/")

    if says is None:
        assert "Looking back" not in page.words
    else:
        assert page.link(f"Your {then.year + says}") == f"/members/alice/years/{then.year + says}"
        assert page.link(f"The club’s {then.year + says}") == f"/years/{then.year + says}"


# Statements


def test_a_year_takes_as_many_statements_for_300_books_as_for_3(visit, save, statements, alice, bob, olive):
    save(make_read(alice, save(make_book())))
    client = visit(alice)

    def count() -> dict[str, int]:
        found = {}
        for path in (MINE, CLUB, "/years", f"{MINE}?as=others"):
            client.get(path)
            with statements() as sent:
                assert client.get(path).status_code == 200
            found[path] = len(sent)
        return found

    def read(number: int) -> None:
        books = save(*(make_book() for _ in range(number)))
        readings = save(*(make_read(alice, book, rating=7) for book in books))
        save(*(make_read(bob, book) for book in books))
        save(*(ReadThrough(reading_id=each.id, finished_on=date(YEAR, 2, 2)) for each in readings))
        for thread in save(*(make_thread(bob, book) for book in books[:10])):
            save(make_comment(thread, bob, created_at=datetime(YEAR, 2, 2, tzinfo=UTC)))
        for book in books[: number // 30 + 1]:
            settle(save, olive, book, alice)
        save(*(make_member(shows_years=True) for _ in range(number // 10)))

    read(3)
    few = count()
    read(300)

    assert count() == few
    assert max(few.values()) <= 12
