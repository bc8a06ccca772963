"""The pages of books and authors, and who may do what there."""

from __future__ import annotations

import re

import pytest

from bookclub.books.models import Book
from bookclub.lib.matches.field_values import AdaptationFields
from bookclub.lib.positions.places import END
from tests.books.pages import NOCTURNES, cards
from tests.cases import each
from tests.factories import make_comment, make_member, make_review, make_thread

# The pages of authors


def test_an_author_page_shows_their_books_by_year_with_what_the_club_thinks(visit, alice, shelf):
    page = visit(alice).get("/authors/kazuo-ishiguro")

    assert cards(page) == ["The Remains of the Day", "Nocturnes"]
    assert "★ 5.0 from 1 reader" in page.text
    assert "★ 3.0 from 1 reader" in page.text


def test_an_author_without_books_says_so(app, visit, alice, add):
    add("Emma", "Jan Austen")
    visit(alice).post("/books/emma/edit", data={"authors": "Jane Austen"})

    assert "No books here" in visit(alice).get("/authors/jan-austen").text


@each("slug", ["nobody", "%00", "x" * 900, "%F0%9F%92%94", "Emma"])
@each("kind", ["books", "authors"])
def test_what_is_not_there_is_404(visit, alice, kind, slug):
    assert visit(alice).get(f"/{kind}/{slug}").status_code == 404


# The page of a book


def test_a_book_page_shows_its_facts(visit, alice, shelf):
    client = visit(alice)
    client.post("/books/new", data={**NOCTURNES, "title": "Crooners", "isbn": "9780571258093"})
    page = client.get("/books/crooners").text

    for words in ("2009", "221", "978-0-571-25809-3", "<em>quietly</em>", "Crooner</cite>, 2012", "Stage"):
        assert words in page
    assert 'href="/books?tag=short-stories"' in page
    assert 'href="/authors/kazuo-ishiguro"' in page
    assert 'href="/books/crooners/reviews/new"' in page
    assert 'href="/books/crooners/edit"' in page


def test_years_before_christ_are_said_so(visit, alice, shelf):
    assert "800 BC" in visit(alice).get("/books/odyssey").text


def test_the_ratings_of_the_club_are_drawn(visit, alice, shelf):
    page = visit(alice).get("/books/nocturnes").text

    assert "from 1 reader" in page
    assert 'aria-label="3 stars: 1"' in page


def test_hostile_words_are_shown_and_do_nothing(visit, alice):
    evil = '<script>alert(1)</script>"><b onclick=x>'
    client = visit(alice)
    answer = client.post(
        "/books/new",
        data={
            "title": evil,
            "subtitle": evil,
            "authors": evil,
            "tags": "<b>",
            "description": evil,
            "adaptations": f"{evil}, 2000, film",
        },
    )

    for address in (answer.location, f"{answer.location}/edit", f"{answer.location}/edits", "/books"):
        page = client.get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<b onclick" not in page.text


def test_a_member_with_a_review_is_led_to_it(visit, save, alice, bob, add):
    book = add("Emma")
    review = save(make_review(alice, book))

    assert f'href="/reviews/{review.id}">Your review' in visit(alice).get("/books/emma").text
    assert "Write a review" in visit(bob).get("/books/emma").text


@pytest.fixture
def talked_about(save, alice, bob, add):
    """``talked_about(count)``: so many reviews and threads, each with a comment, for those who finished."""
    book = add("Emma", tags=("a", "b"), adaptations=(AdaptationFields("Emma", 2020, "film"),))

    def talk(count):
        for _ in range(count):
            member = save(make_member())
            review = save(make_review(member, book, "Unspeakable words.", horizon=END))
            save(make_comment(review.thread, member, "Unspeakable reply."))
            thread = save(make_thread(member, book, floor=END))
            save(make_comment(thread, member, "Unspeakable thought."))

    return talk


def test_a_book_page_takes_as_many_statements_for_300_rows_as_for_3(visit, alice, talked_about, statements):
    talked_about(3)
    client = visit(alice)
    client.get("/books/emma")
    with statements() as few:
        client.get("/books/emma")
    talked_about(297)
    with statements() as lots:
        client.get("/books/emma")

    assert len(few) == len(lots)
    assert len(lots) <= 27


def test_reviews_and_threads_go_on_where_they_ended(visit, alice, talked_about):
    talked_about(30)
    client = visit(alice)
    page = client.get("/books/emma").text
    for kind in ("review", "thread"):
        after = re.search(rf'href="([^"#]*{kind}s_after=\d+)', page)[1]
        first = set(re.findall(rf'id="{kind}-(\d+)"', page))
        rest = set(re.findall(rf'id="{kind}-(\d+)"', client.get(after).text))
        assert len(first | rest) == 30
        assert not first & rest


@pytest.mark.parametrize("key", ["garbage", "-1", "9" * 40, "%00", "٣"])
def test_a_key_of_reviews_or_threads_that_is_none_begins_at_the_beginning(visit, alice, talked_about, key):
    talked_about(1)
    page = visit(alice).get(f"/books/emma?reviews_after={key}&threads_after={key}")

    assert page.status_code == 200
    assert 'class="review"' in page.text


def test_no_page_of_a_book_sends_what_is_locked(visit, alice, visitor, public, talked_about):
    talked_about(2)

    for client in (visit(alice), visitor):
        for address in ("/books/emma", "/books", "/authors/jane-austen"):
            assert "Unspeakable" not in client.get(address).text


# Who may do what

PAGES = ("/books", "/books/emma", "/authors/jane-austen")
FORMS = ("/books/new", "/books/emma/edit", "/books/emma/edits")


def test_a_visitor_of_a_private_club_is_sent_to_sign_in_whatever_is_there(visitor, add):
    add("Emma")

    for address in (*PAGES, *FORMS, "/books/nothing", "/authors/nobody"):
        answer = visitor.get(address)
        assert answer.status_code == 303
        assert answer.location.startswith("/sign-in?next=")


def test_a_visitor_of_a_public_club_reads_and_does_not_write(visitor, public, add, rows):
    add("Emma")

    for address in PAGES:
        page = visitor.get(address)
        assert page.status_code == 200
        assert "/edit" not in page.text
        assert 'method="post"' not in page.text
    for address in FORMS:
        assert visitor.get(address).location.startswith("/sign-in")
    assert visitor.post("/books/new", data=NOCTURNES).status_code == 401
    assert visitor.post("/books/emma/edit", data={"title": "Emna"}).status_code == 401
    assert [book.title for book in rows(Book)] == ["Emma"]


@pytest.mark.parametrize("somebody", ["alice", "mod", "olive"])
def test_every_member_adds_and_edits(request, visit, somebody, add):
    add("Emma")
    client = visit(request.getfixturevalue(somebody))

    for address in (*PAGES, *FORMS):
        assert client.get(address).status_code == 200
    assert client.post("/books/new", data=NOCTURNES).status_code == 303
    assert client.post("/books/emma/edit", data={"pages": "474"}).status_code == 303


def test_a_form_without_its_token_is_refused(strict_visit, alice, rows):
    answer = strict_visit(alice).post("/books/new", data=NOCTURNES)

    assert answer.status_code == 400
    assert rows(Book) == []
