"""Drafts of reviews: their author's alone, until they are published, singly or all."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from bookclub.extensions import db
from bookclub.lib.positions.places import END
from bookclub.reviews import draft_views
from bookclub.reviews.models import ReviewDraft
from bookclub.reviews.rules import GLIMPSE
from tests.factories import make_book, make_draft, make_reading, make_review
from tests.reviews.writing import FORM, publish


@pytest.fixture
def drafts(app):
    """``drafts()`` is every draft there is, the oldest first."""

    def drafts() -> list[ReviewDraft]:
        with app.app_context():
            return list(db.session.scalars(select(ReviewDraft).order_by(ReviewDraft.id)))

    return drafts


def release(client, draft, submission=None):
    return client.post(f"/drafts/{draft.id}/publication", data={"submission": submission or draft.submission})


@pytest.mark.parametrize(
    ("columns", "position", "given"),
    [
        ({"has_spoilers": True}, None, ("finished", END)),
        ({"has_spoilers": True}, 2000, ("finished", END)),
        ({"has_spoilers": False}, 2000, ("mine", 2000)),
        ({"has_spoilers": False}, END, ("finished", END)),
    ],
)
def test_a_published_draft_gives_away_as_much_as_its_author_knows_or_all(
    visit, save, book, bob, alice, reviews, drafts, columns, position, given
):
    if position is not None:
        save(make_reading(bob, book, position=position, rating=7))
    draft = save(make_draft(bob, book, "It ||rains||, and *they marry*.", **columns))
    answer = release(visit(bob), draft)

    (review,) = reviews()
    assert (answer.status_code, answer.location) == (303, f"/reviews/{review.id}")
    assert (review.title, review.body) == ("Review of Emma", "It ||rains||, and *they marry*.")
    assert (review.horizon_choice, review.horizon) == given
    assert review.has_spoilers
    assert "rains" not in review.safe_html
    assert drafts() == []
    page = visit(alice).get(f"/reviews/{review.id}").text
    assert "Review of Emma" in page
    assert "they marry" not in page


def test_it_keeps_its_title_its_nutshell_and_the_day_of_its_writing(visit, save, book, bob, reviews):
    said = {"title": "Handsome", "summary": "Clever, and rich.", "written_on": date(2015, 3, 7)}
    release(visit(bob), save(make_draft(bob, book, **said)))

    (review,) = reviews()
    assert (review.title, review.summary, review.created_at.date()) == (*said.values(),)


def test_a_title_is_made_from_the_book_and_fits(visit, save, bob, reviews):
    long = save(make_book("A " + "very " * 35 + "long title", slug="long"))
    release(visit(bob), save(make_draft(bob, long, "They marry.")))

    (review,) = reviews()
    assert review.title.startswith("Review of A very very")
    assert len(review.title) <= 150


@pytest.mark.databases("sqlite", "postgresql")
def test_to_publish_a_draft_twice_makes_one_review(visit, save, book, bob, reviews):
    draft = save(make_draft(bob, book))
    first, again = release(visit(bob), draft), release(visit(bob), draft)

    assert len(reviews()) == 1
    assert (again.status_code, again.location) == (303, first.location)
    assert release(visit(bob), draft, "another").status_code == 404


def test_where_there_is_a_review_already_the_draft_stays_and_says_so(visit, save, book, bob, reviews, drafts):
    draft, review = save(make_draft(bob, book, "I wrote this elsewhere.")), save(make_review(bob, book))
    bobs = visit(bob)

    assert release(bobs, draft).location == "/drafts"
    page = bobs.get("/drafts").text
    assert "It cannot be published as it is." in page
    assert "You have reviewed this book already." in page
    assert "I wrote this elsewhere." in page
    assert f'/drafts/{draft.id}/publication"' not in page
    bobs.post("/drafts/publication")
    assert ([one.id for one in reviews()], len(drafts())) == ([review.id], 1)


def test_whoever_never_said_how_far_they_are_must_choose(visit, save, book, bob, reviews, drafts):
    draft = save(make_draft(bob, book, "So far, so good.", has_spoilers=False))
    save(make_reading(bob, book, status="to_read"))
    bobs = visit(bob)

    assert release(bobs, draft).location == "/drafts"
    assert "You have not said how far you are in this book." in bobs.get("/drafts").text
    assert reviews() == []
    form = bobs.get(f"/books/{book.slug}/reviews/new").text
    assert "So far, so good.</textarea>" in form
    assert f'name="submission" value="{draft.submission}"' in form
    answer = publish(bobs, book, body="So far, so good!", submission=draft.submission)
    assert [review.body for review in reviews()] == ["So far, so good!"]
    assert (answer.location, drafts()) == (f"/reviews/{reviews()[0].id}", [])


def test_another_review_of_the_book_leaves_the_draft_alone(visit, save, book, bob, reviews, drafts):
    save(make_draft(bob, book))
    publish(visit(bob), book, submission="typed-in-another-window")

    assert (len(reviews()), len(drafts())) == (1, 1)


def test_what_is_typed_can_be_kept_as_a_draft(visit, save, book, bob, reviews, drafts):
    draft, bobs = save(make_draft(bob, book)), visit(bob)
    address = f"/drafts/{draft.id}/edit"
    assert f'formaction="{address}"' in bobs.get(f"/books/{book.slug}/reviews/new").text
    assert f'formaction="{address}"' in bobs.post(f"/books/{book.slug}/reviews/preview", data=FORM).text

    assert bobs.post(address, data=FORM).location == "/drafts"
    (kept,) = drafts()
    assert (kept.title, kept.summary, kept.body, kept.has_spoilers) == (
        FORM["title"],
        FORM["summary"],
        FORM["body"],
        False,
    )
    assert reviews() == []
    refused = bobs.post(address, data={**FORM, "body": " ", "summary": "Still here."})
    assert refused.status_code == 422
    assert "Write something first." in refused.text
    assert "Still here." in refused.text
    assert f'formaction="{address}"' in refused.text


def test_all_that_are_ready_are_published_so_many_at_once(visit, save, bob, monkeypatch, reviews, drafts):
    books = save(*(make_book() for _ in range(6)))
    save(*(make_draft(bob, book, f"On {book.title}.") for book in books[:4]))
    save(make_draft(bob, books[4], has_spoilers=False), make_draft(bob, books[5], "> " * 2000))
    monkeypatch.setattr(draft_views, "AT_ONCE", 3)
    bobs = visit(bob)
    assert "Publish the first 3" in bobs.get("/drafts").text

    assert bobs.post("/drafts/publication").location == "/drafts"
    page = bobs.get("/drafts").text
    assert "3 reviews are published." in page
    assert "2 reviews are still to publish." in page
    bobs.post("/drafts/publication")
    assert "1 review is published." in bobs.get("/drafts").text
    assert [review.book_id for review in reviews()] == [book.id for book in books[:4]]
    assert [draft.book_id for draft in drafts()] == [books[4].id, books[5].id]


def test_drafts_are_deleted_singly_and_all_and_only_ones_own(visit, save, book, alice, bob, drafts):
    others = save(make_book(), make_book())
    mine = save(*(make_draft(bob, each) for each in (book, *others)))
    hers = save(make_draft(alice, book))
    bobs = visit(bob)
    assert "Emma" in bobs.get(f"/drafts/{mine[0].id}/deletion").text
    bobs.post(f"/drafts/{mine[0].id}/deletion")
    assert len(drafts()) == 3
    assert "2 reviews go" in bobs.get("/drafts/deletion").text
    bobs.post("/drafts/deletion")
    assert [draft.id for draft in drafts()] == [hers.id]
    assert "No drafts" in bobs.get("/drafts").text


def test_nobody_else_sees_a_draft_or_that_there_is_one(visit, save, book, alice, bob, olive):
    draft = save(make_draft(alice, book, "A canarybody.", title="A canarytitle", summary="A canarynutshell."))
    pages = ("/drafts", f"/books/{book.slug}", f"/books/{book.slug}/reviews/new", "/members/alice", "/")
    words = {"canarybody", "canarytitle", "canarynutshell", ">Your draft<", "Your drafts (1)"}

    def found(member):
        sent = "".join(visit(member).get(page).text for page in pages)
        return {word for word in words if word in sent}

    assert found(alice) == words
    assert found(bob) == found(olive) == set()
    for client in (visit(bob), visit(olive)):
        for way in ("publication", "edit", "deletion"):
            answer = client.post(f"/drafts/{draft.id}/{way}", data={**FORM, "submission": draft.submission})
            assert answer.status_code == 404
    assert visit(bob).post(f"/drafts/{2**40}/publication").status_code == 404


def test_the_list_takes_as_many_statements_for_30_drafts_as_for_3(visit, save, bob, statements):
    bobs, taken, long = visit(bob), [], "words " * GLIMPSE
    for rows in (3, 27):
        save(*(make_draft(bob, book, long) for book in save(*(make_book() for _ in range(rows)))))
        bobs.get("/drafts")
        with statements() as sent:
            page = bobs.get("/drafts").text
        taken.append(len(sent))

    assert taken[0] == taken[1] <= 6
    assert page.count("Show the rest") == 20
    assert "That’s all" not in bobs.get("/drafts?after=20").text
