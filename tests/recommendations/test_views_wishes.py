"""Want to read, on a suggestion: it is noted in place, undone in place, and loses nothing."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bookclub.extensions import db
from bookclub.readings.models import OwnTag, Reading
from bookclub.recommendations.rules import favourites
from tests.factories import make_book, make_member, make_reading, make_tag

HTMX = {"HX-Request": "true"}
NEXT = "/authors/kazuo-ishiguro/next"


@pytest.fixture
def clay(save, alice, ishiguro, never):
    """Alice has loved three books that share two themes with Clay."""
    themes = [save(make_tag(name)) for name in ("memory", "unreliable narrator")]
    book = save(make_book("Clay", author=ishiguro, tags=themes))
    # Among one book there is nothing to compare.
    save(make_book("The Unconsoled", author=ishiguro))
    for title in ("Emma", "Dune"):
        save(make_reading(alice, save(make_book(title, tags=themes)), status="finished", rating=9))
    save(make_reading(alice, never, status="finished", rating=9))
    for number in range(12):
        save(make_book(f"Filler {number}", tags=(save(make_tag(f"filler {number}")),)))
    return book


def reading_of(app, member, book):
    with app.app_context():
        statement = select(Reading).where(Reading.member_id == member.id, Reading.book_id == book.id)
        return db.session.execute(statement).scalar_one_or_none()


def section(page, heading):
    """The part of a page from the id of a heading to the end of its section."""
    return page.text.partition(f'id="{heading}"')[2].partition("</section>")[0]


def test_the_card_says_in_its_place_that_the_book_is_wanted(app, visit, alice, clay):
    client = visit(alice)
    assert ">Clay</a></h3>" in section(client.get("/recommendations"), "for-you")

    answer = client.post("/books/clay/wish", data={"next": "/recommendations"}, headers=HTMX)
    assert answer.status_code == 200
    assert f'id="suggestion-{clay.id}-wish"' in answer.text
    assert "On your list" in answer.text
    assert 'action="/books/clay/wish/deletion"' in answer.text
    assert "<h3" not in answer.text, "the rest of the card stays as it is"
    assert reading_of(app, alice, clay).status == "to_read"

    answer = client.post("/books/clay/wish/deletion", data={"next": "/recommendations"}, headers=HTMX)
    assert "Want to read" in answer.text
    assert 'action="/books/clay/wish"' in answer.text
    assert reading_of(app, alice, clay) is None


def test_without_javascript_a_wish_leads_back_to_its_card(app, visit, alice, clay):
    client = visit(alice)
    answer = client.post("/books/clay/wish", data={"next": NEXT})

    assert answer.status_code == 303
    assert answer.location == f"{NEXT}#suggestion-{clay.id}"
    page = client.get(NEXT)
    assert "Clay is on your list." in page.text
    assert "On your list" in section(page, "unread")
    answer = client.post("/books/clay/wish/deletion", data={"next": NEXT})
    assert answer.location == f"{NEXT}#suggestion-{clay.id}"
    assert reading_of(app, alice, clay) is None


def test_books_on_the_list_stand_apart_and_leave_room_for_new_ones(visit, save, alice, clay):
    client = visit(alice)
    assert "From your list" not in client.get("/recommendations").text
    save(make_reading(alice, clay, status="to_read", planned_month="2031-03"))
    page = client.get("/recommendations")

    assert ">Clay</a></h3>" not in section(page, "for-you")
    mine = section(page, "from-your-list")
    assert ">Clay</a></h3>" in mine
    assert "Planned for March 2031" in mine


@pytest.mark.parametrize(
    "more", [{"rating": 7}, {"notes": "From Ada"}, {"is_private": True}, {"times_read": 1}]
)
def test_undo_never_deletes_what_a_member_said_besides(app, visit, save, alice, clay, more):
    save(make_reading(alice, clay, status="to_read", **more))
    client = visit(alice)
    assert "/books/clay/wish/deletion" not in client.get(NEXT).text

    answer = client.post("/books/clay/wish/deletion", data={"next": NEXT}, headers=HTMX)
    assert "On your list" in answer.text
    assert "stays on your list" in answer.text
    assert reading_of(app, alice, clay).status == "to_read"


def test_undo_keeps_own_tags(app, visit, save, alice, clay):
    reading = save(make_reading(alice, clay, status="to_read"))
    save(OwnTag(reading_id=reading.id, name="beach"))
    visit(alice).post("/books/clay/wish/deletion", data={"next": NEXT})

    assert reading_of(app, alice, clay) is not None


@pytest.mark.parametrize("status", ["reading", "finished", "did_not_finish"])
def test_a_wish_changes_no_book_that_was_begun(app, visit, save, alice, clay, status):
    save(make_reading(alice, clay, status=status))
    client = visit(alice)
    client.post("/books/clay/wish", data={"next": NEXT})
    client.post("/books/clay/wish/deletion", data={"next": NEXT})

    assert reading_of(app, alice, clay).status == status


def test_wishing_twice_and_undoing_twice_change_nothing_more(app, visit, alice, clay):
    client = visit(alice)
    for _ in range(2):
        assert "On your list" in client.post("/books/clay/wish", headers=HTMX).text
    for _ in range(2):
        assert "Want to read" in client.post("/books/clay/wish/deletion", headers=HTMX).text
    assert reading_of(app, alice, clay) is None


def test_a_wish_belongs_to_its_member_alone(app, visit, alice, bob, clay):
    visit(alice).post("/books/clay/wish")
    visit(bob).post("/books/clay/wish/deletion")

    assert reading_of(app, alice, clay).status == "to_read"
    assert visit(alice).post("/books/nothing/wish").status_code == 404


def test_not_for_me_is_said_in_place_and_undone(visit, alice, clay):
    client = visit(alice)
    answer = client.post("/books/clay/muting", data={"next": NEXT}, headers=HTMX)

    assert f'id="suggestion-{clay.id}"' in answer.text
    assert "<em>Clay</em> will not be recommended to you." in answer.text
    assert 'action="/books/clay/muting/deletion"' in answer.text
    assert client.post("/books/clay/muting/deletion", data={"next": NEXT}).location == NEXT


def test_no_book_is_suggested_without_a_reason(visit, alice, clay):
    for address in ("/recommendations", NEXT):
        cards = visit(alice).get(address).text.split('<li class="suggestion"')[1:]
        assert cards, address
        assert all(re.search(r'<p class="reason">\w', card) for card in cards)
    assert ">Filler 3</a></h3>" not in visit(alice).get("/recommendations").text


def test_an_author_begins_with_what_the_club_likes_best(visit, save, bob, ishiguro, never):
    remains = save(make_book("The Remains of the Day", author=ishiguro, first_published=1989))
    giant = save(make_book("The Buried Giant", author=ishiguro, first_published=2015))
    for book, ratings in ((never, (8, 8)), (remains, (10, 9)), (giant, (10,))):
        for rating in ratings:
            member = save(make_member())
            visit(member).post(
                f"/books/{book.slug}/reading", data={"status": "finished", "rating": rating / 2}
            )
    page = visit(bob).get(NEXT)

    said = section(page, "unread")
    assert "these are the club’s favourites" in said
    assert said.index(">The Remains of the Day</a></h3>") < said.index(">Never Let Me Go</a></h3>")
    assert "2 members here gave it 4.8 stars on average." in said
    assert "<b>The Buried Giant</b>" in said.partition("Others, in the order of their publication")[2]


def test_the_last_book_by_an_author_needs_no_evidence(visit, save, bob, ishiguro, never):
    page = visit(bob).get(NEXT)

    assert "The only one here that you have not read." in section(page, "unread")
    assert ">Never Let Me Go</a></h3>" in page.text
    save(make_reading(bob, never, status="finished"))
    assert "You have read them all" in visit(bob).get(NEXT).text


@pytest.mark.parametrize(("is_private", "is_favourite"), [("0", True), ("1", False)])
def test_a_private_rating_makes_no_favourite(visit, save, bob, ishiguro, never, is_private, is_favourite):
    save(make_book("Clay", author=ishiguro))
    for seen in ("0", is_private):
        sent = {"status": "finished", "rating": 5, "is_private": seen}
        assert visit(save(make_member())).post(f"/books/{never.slug}/reading", data=sent).status_code == 303

    assert ("favourites" in visit(bob).get(NEXT).text) == is_favourite


def test_favourites_have_several_ratings_and_a_high_average():
    def rated(number, *ratings):
        total = sum(ratings)
        rank = round(1000 * total / len(ratings)) if ratings else 0
        return type(
            "Rated",
            (),
            {"id": number, "rating_sum": total, "rating_count": len(ratings), "rating_rank": rank},
        )()

    books = [rated(1), rated(2, 10), rated(3, 6, 7), rated(4, 7, 7), rated(5, 9, 9), rated(6, 9, 9, 9)]

    assert [book.id for book in favourites(books)] == [6, 5, 4]
