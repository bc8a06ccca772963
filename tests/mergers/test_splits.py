"""A book that was two becomes two, and one again."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bookclub.asks.models import Answer, Ask, Endorsement
from bookclub.books.models import Adaptation, Book, Edition
from bookclub.lib.positions.places import END
from bookclub.mergers.models import Merger
from bookclub.mergers.rules import BookPart, Chosen
from bookclub.readings.models import Reading
from bookclub.reviews.models import Review
from bookclub.threads.models import Thread
from tests.factories import (
    make_answer,
    make_ask,
    make_book,
    make_comment,
    make_endorsement,
    make_reading,
    make_review,
    make_thread,
)
from tests.page_forms import form_to

NEW = {"title": "Sedge, the Play", "authors": "Nora Fen", "first_published": "1931"}


@pytest.fixture
def mixed(save, alice, bob, olive):
    """A novel and a play on one page; Alice has read the play, in its own edition."""
    book = save(make_book("Sedge", author="Ada Moor"))
    play = save(Edition(book_id=book.id, pages=90, format="paperback", isbn="9780307276445"))
    save(
        make_reading(alice, book, position=END, rating=8, edition_id=play.id),
        make_reading(bob, book, position=5000),
    )
    save(book)
    review = save(make_review(alice, book, "The play is short.", title="On the play", horizon=4000))
    save(make_comment(review.thread, bob, "Is it?"))
    save(make_review(bob, book, "The novel is long.", title="On the novel"))
    thread = save(make_thread(bob, book, "The stage", floor=3000))
    save(make_comment(thread, bob, "It turns.", horizon=3000))
    ask = save(make_ask(bob, "And after the play?", book=book))
    other = save(make_book("Rush", author="Ines Vole"))
    answer = save(make_answer(save(make_ask(olive, "What next?")), alice, book))
    endorsement = save(make_endorsement(bob, book, other))
    film = save(Adaptation(book_id=book.id, title="Sedge", year=1950, kind="film"))
    return {
        "edition": play.id, "review": review.id, "thread": thread.id, "ask": ask.id, "answer": answer.id,
        "endorsement": endorsement.id, "adaptation": film.id,
    }  # fmt: skip


@pytest.fixture
def split(visit, olive):
    """``split(edition=…)`` moves these parts into a book of their own, as an organiser does."""

    def split(**parts):
        client = visit(olive)
        page = client.get("/books/sedge/split", query_string={**NEW, **parts})
        form = form_to(page.text, "/books/sedge/split")
        return client.post("/books/sedge/split", data={**form.fields, **parts})

    return split


def test_chosen_parts_are_those_that_were_offered():
    offered = {"edition": [BookPart(3, "A"), BookPart(4, "B")], "thread": []}
    chosen = Chosen.read({"edition": ["3", "5", "x", "9" * 40, "³"], "thread": ["3"]}, offered)

    assert chosen.of("edition") == {3}
    assert chosen.of("thread") == frozenset()
    assert chosen
    assert not Chosen.read({"edition": ["5"]}, offered)


def test_the_chosen_parts_move_and_nobody_is_anywhere_in_the_new_book(
    mixed, split, visit, olive, alice, bob, rows
):
    page = visit(olive).get("/books/sedge/split").text
    for words in ("On the play", "The stage", "paperback, 90 pages", "And after the play?"):
        assert words in page
    done = split(**mixed)
    assert (done.status_code, done.location) == (303, "/books/sedge-the-play"), done.text

    new, old = (rows(select(Book.id).where(Book.slug == slug))[0] for slug in ("sedge-the-play", "sedge"))
    for model in (Edition, Review, Thread, Ask, Answer, Endorsement, Adaptation):
        assert new in rows(select(model.book_id)), model
    assert rows(select(Book.authors_line).where(Book.id == new)) == ["Nora Fen"]
    readings = {one.member_id: one for one in rows(select(Reading))}
    assert (readings[alice.id].book_id, readings[alice.id].mark, readings[alice.id].rating) == (new, 0, 8)
    assert (readings[bob.id].book_id, readings[bob.id].mark) == (old, 5000)
    assert "The play is short." not in visit(bob).get(f"/reviews/{mixed['review']}").text
    assert "are two books now" in visit(alice).get("/books/sedge-the-play").text
    assert rows(select(Book.rating_count).order_by(Book.id))[:1] == [0]
    assert "was split off" in visit(bob).get("/books/sedge/edits").text


@pytest.mark.databases("sqlite", "postgresql")
def test_undo_puts_everything_back(mixed, split, dump, visit, olive, rows):
    before = dump("former_book", "merger_step")
    split(**mixed)
    assert visit(olive).post(f"/mergers/{rows(select(Merger.id))[0]}/reversal").location == "/books/sedge"

    after = dump("former_book", "merger_step")
    # The title of the new book goes on finding the old one, and its author is known by now.
    for found in (before, after):
        del found["author"]
        found["book"] = [row[:6] + row[7:] for row in found["book"]]
    assert {name: (found, after[name]) for name, found in before.items() if found != after[name]} == {}
    assert visit(olive).get("/books/sedge-the-play").location == "/books/sedge"


def test_what_was_written_in_the_new_book_comes_along(mixed, split, visit, olive, bob, alice, rows):
    split(**mixed)
    said = {"title": "Curtain", "body": "It falls.", "horizon": "0"}
    assert visit(bob).post("/books/sedge-the-play/threads", data=said).status_code == 303
    visit(bob).post("/books/sedge-the-play/reading", data={"status": "finished"})
    visit(alice).post("/books/sedge-the-play/reading", data={"position": "10", "position_unit": "percent"})
    assert visit(olive).post(f"/mergers/{rows(select(Merger.id))[0]}/reversal").status_code == 303

    old = rows(select(Book.id).where(Book.slug == "sedge"))[0]
    assert rows(select(Thread.book_id).where(Thread.title == "Curtain")) == [old]
    marks = {one.member_id: one.mark for one in rows(select(Reading))}
    assert marks == {alice.id: END, bob.id: 5000}


def test_a_split_needs_something_to_move_and_a_title(mixed, visit, olive, rows):
    client = visit(olive)
    assert "Choose what belongs to the new book." in client.get("/books/sedge/split", query_string=NEW).text
    no_title = {**NEW, "title": "", "edition": mixed["edition"]}
    page = client.get("/books/sedge/split", query_string=no_title)
    assert "Give the title." in page.text
    assert client.post("/books/sedge/split", data=no_title).status_code == 422
    stale = client.post("/books/sedge/split", data={**NEW, "edition": mixed["edition"], "seen": "x"})
    assert stale.status_code == 422
    assert "Something has changed since you looked" in stale.text
    assert len(rows(select(Book))) == 2


def test_the_only_edition_may_move(save, visit, olive, split, rows):
    book = save(make_book("Sedge", isbn="9780307276445"))
    assert split(edition=book.editions[0].id).status_code == 303
    found = rows(select(Edition).order_by(Edition.book_id))
    assert [(one.book_id == book.id, one.pages) for one in found] == [(True, None), (False, 300)]

    visit(olive).post("/books/sedge/editions/new", data={"format": "ebook", "pages": "77"})
    assert visit(olive).post(f"/mergers/{rows(select(Merger.id))[0]}/reversal").status_code == 303
    assert sorted(rows(select(Edition.pages).where(Edition.book_id == book.id))) == [77, 300]


@pytest.mark.parametrize("moved", [(0,), (1,), (0, 1)])
def test_joined_answers_come_apart(add, save, visit, olive, alice, merge, split, dump, rows, moved):
    """Alice named both books in one ask, so the merger joined her answers; either may belong to the other."""
    ask = save(make_ask(olive, "What next?"))
    answers = [save(make_answer(ask, alice, add(title))).id for title in ("Sedge", "Sedges")]
    assert merge("books", "sedges", into="sedge").status_code == 303
    assert rows(select(Answer.is_joined).order_by(Answer.id)) == [False, True]
    before = dump("former_book")

    done = split(answer=[answers[each] for each in moved])

    assert done.status_code == 303, done.text
    standing = rows(select(Answer.book_id).where(Answer.is_joined.is_(False)))
    assert len(standing) == len(set(standing)) == len(set(rows(select(Answer.book_id))))
    assert visit(olive).post(f"/mergers/{max(rows(select(Merger.id)))}/reversal").status_code == 303
    after = dump("former_book")
    assert after["answer"] == before["answer"]


def test_what_only_looks_like_an_address_is_no_other_book(mixed, visit, olive):
    page = visit(olive).get("/books/sedge/merger", query_string={"into": "http://[x/books/rush"})

    assert page.status_code in (200, 422)
