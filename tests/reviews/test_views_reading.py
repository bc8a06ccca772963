"""A review as it is read."""

from __future__ import annotations

from bookclub.lib.positions.places import END
from tests.factories import make_comment, make_reading, make_review
from tests.reviews.writing import FORM


def test_a_locked_review_says_who_and_how_far_and_keeps_its_summary_open(visit, save, book, alice, bob):
    review = save(make_review(alice, book, "He is engaged.", horizon=6000, summary="Read it."))
    save(make_reading(bob, book, position=2000))

    page = visit(bob).get(f"/reviews/{review.id}")

    assert page.status_code == 200
    assert "A fine book" in page.text
    assert "Read it." in page.text
    assert "Alice, up to 60 %." in page.text
    assert "You are at 20 %." in page.text
    assert f'href="/reviews/{review.id}/reveal"' in page.text
    assert "engaged" not in page.text


def test_a_visitor_learns_no_position_from_a_locked_review(visitor, public, save, book, alice):
    review = save(make_review(alice, book, "He is engaged.", horizon=6000))

    for url in (f"/reviews/{review.id}", f"/books/{book.slug}", "/"):
        page = visitor.get(url).text
        assert "60 %" not in page
        assert "/reveal" not in page
        assert "engaged" not in page
    assert "later in the book" in visitor.get(f"/reviews/{review.id}").text


def test_inline_spoilers_open_for_those_who_have_finished(visit, save, book, alice, bob, mod):
    review = save(make_review(alice, book, "Lovely. ||They marry.||"))
    save(make_reading(bob, book, position=9999), make_reading(mod, book, position=END))

    closed, opened = (
        visit(bob).get(f"/reviews/{review.id}").text,
        visit(mod).get(f"/reviews/{review.id}").text,
    )

    assert "Lovely." in closed
    assert "They marry." not in closed
    assert "Show the spoilers" in closed
    assert "They marry." in opened
    assert "Show the spoilers" not in opened


def test_a_review_page_holds_one_comment_form(visit, save, book, alice, bob):
    review = save(make_review(alice, book))
    save(make_comment(review.thread, bob))

    page = visit(bob).get(f"/reviews/{review.id}").text

    assert page.count('name="parent_id"') == 1
    assert '<input type="hidden" name="parent_id" value="">' in page
    assert "1 thought<" in page


def test_what_is_not_there_is_not_found(visit, alice):
    for url in ("/reviews/999", "/reviews/999/edit", "/reviews/999/revisions", "/reviews/999/reveal"):
        assert visit(alice).get(url).status_code == 404
    assert visit(alice).get("/books/nothing/reviews/new").status_code == 404
    assert visit(alice).post("/books/nothing/reviews/new", data=FORM).status_code == 404
