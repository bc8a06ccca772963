"""Reviews changed and deleted by their authors, and removed by moderators."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bookclub.extensions import db
from bookclub.reviews.models import ReviewRevision
from tests.factories import make_comment, make_reading, make_review
from tests.reviews.writing import FORM, publish, rewrite

# To change it


def test_an_edit_keeps_what_was_said_before_and_says_so(visit, book, alice, bob, reviews):
    publish(visit(alice), book, body="The first version.")
    (review,) = reviews()

    answer = rewrite(visit(alice), review, title="On second thoughts", body="The second version.")

    assert (answer.status_code, answer.location) == (303, f"/reviews/{review.id}")
    page = visit(bob).get(f"/reviews/{review.id}").text
    assert "The second version." in page
    assert "The first version." not in page
    assert f'href="/reviews/{review.id}/revisions">edited</a>' in page
    before = visit(bob).get(f"/reviews/{review.id}/revisions").text
    assert "The first version." in before
    assert "Handsome, clever, and rich" in before


def test_an_edit_that_changes_no_word_is_no_edit(app, visit, book, alice, reviews):
    publish(visit(alice), book)

    rewrite(visit(alice), reviews()[0], rating="1", horizon="7000")

    (review,) = reviews()
    assert review.edited_at is None
    assert review.horizon == 7000
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ReviewRevision)) == 0
    assert "has not been edited" in visit(alice).get(f"/reviews/{review.id}/revisions").text


def test_the_edit_form_holds_the_review_as_it_is(visit, book, alice, reviews):
    publish(visit(alice), book, horizon="finished")

    page = visit(alice).get(f"/reviews/{reviews()[0].id}/edit").text

    assert f'value="{FORM["title"]}"' in page
    assert f'value="{FORM["summary"]}"' in page
    assert f"{FORM['body']}</textarea>" in page
    assert '<option selected value="4.5">' in page
    assert '<option selected value="finished">' in page


def test_an_edit_that_cannot_be_taken_changes_nothing_and_keeps_what_was_typed(visit, book, alice, reviews):
    publish(visit(alice), book)

    answer = rewrite(visit(alice), reviews()[0], title="", body="Typed for an hour.")

    assert answer.status_code == 422
    assert "Typed for an hour.</textarea>" in answer.text
    assert reviews()[0].body == FORM["body"]


def test_the_horizon_of_a_review_moves_all_that_is_said_under_it(app, visit, save, book, alice, bob):
    review = save(make_review(alice, book))
    comment = save(make_comment(review.thread, bob, horizon=3000))
    horizons = []

    for horizon in ("8000", "1000"):
        rewrite(visit(alice), review, horizon=horizon)
        with app.app_context():
            horizons.append(db.session.get(type(comment), comment.id).horizon)

    assert horizons == [8000, 3000]


@pytest.mark.parametrize(
    ("was", "became", "seen_by"), [(8000, "0", 8000), (0, "8000", 8000), (5000, "8000", 8000), (0, "0", 0)]
)
def test_a_revision_shows_under_the_greater_of_its_own_and_the_present_horizon(
    visit, save, book, alice, bob, mod, was, became, seen_by
):
    review = save(make_review(alice, book, "What I said at first.", horizon=was))
    rewrite(visit(alice), review, horizon=became)
    save(make_reading(bob, book, position=max(seen_by - 1, 0)), make_reading(mod, book, position=seen_by))

    url = f"/reviews/{review.id}/revisions"
    assert ("What I said at first." in visit(bob).get(url).text) is (seen_by == 0)
    assert "What I said at first." in visit(mod).get(url).text
    assert "What I said at first." in visit(alice).get(url).text


def test_only_its_author_may_change_or_delete_a_review(visit, save, book, alice, bob, mod, olive, public):
    review = save(make_review(alice, book))
    for verb, form in {"edit": FORM, "deletion": {}}.items():
        for member, read, write in ((bob, 403, 403), (mod, 403, 403), (olive, 403, 403), (None, 303, 401)):
            assert visit(member).get(f"/reviews/{review.id}/{verb}").status_code == read
            assert visit(member).post(f"/reviews/{review.id}/{verb}", data=form).status_code == write
        assert visit(alice).get(f"/reviews/{review.id}/{verb}").status_code == 200


# To take it away


def test_a_deleted_review_leaves_its_thread_and_room_for_a_new_one(
    app, visit, book, alice, bob, reviews, save
):
    publish(visit(alice), book, body="The first version.")
    rewrite(visit(alice), reviews()[0], body="The second version.")
    visit(bob).post(f"/threads/{reviews()[0].thread_id}/comments", data={"body": "So true.", "horizon": "0"})

    answer = visit(alice).post(f"/reviews/{reviews()[0].id}/deletion")

    assert (answer.status_code, answer.location) == (303, f"/books/{book.slug}")
    (gone,) = reviews()
    assert gone.body == gone.body_html == gone.safe_html == gone.title == gone.summary == ""
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ReviewRevision)) == 0
    page = visit(bob).get(f"/reviews/{gone.id}").text
    assert "Removed by its author" in page
    assert "So true." in page
    assert "version" not in page
    assert "Removed by its author" in visit(bob).get(f"/books/{book.slug}").text
    assert publish(visit(alice), book).status_code == 303
    assert len(reviews()) == 2


def test_a_deleted_review_on_which_nothing_hangs_is_not_listed(visit, save, book, alice, bob):
    review = save(make_review(alice, book))

    visit(alice).post(f"/reviews/{review.id}/deletion")

    assert "Removed by its author" not in visit(bob).get(f"/books/{book.slug}").text
    assert visit(bob).get(f"/reviews/{review.id}").status_code == 200


def test_the_form_of_a_deleted_review_sent_again_is_a_new_review(visit, book, alice, reviews):
    publish(visit(alice), book, submission="key")
    visit(alice).post(f"/reviews/{reviews()[0].id}/deletion")

    assert publish(visit(alice), book, submission="key").status_code == 303
    assert len(reviews()) == 2


def test_a_deleted_review_cannot_be_changed_or_removed_again(visit, save, book, alice, mod):
    review = save(make_review(alice, book))
    visit(alice).post(f"/reviews/{review.id}/deletion")

    for member, verb in ((alice, "edit"), (alice, "deletion"), (mod, "removal")):
        form = {**FORM, "reason": "Again."}
        assert visit(member).post(f"/reviews/{review.id}/{verb}", data=form).status_code == 403


def test_a_moderator_removes_a_review_with_a_reason_for_all_members(
    visit, visitor, public, save, book, alice, bob, mod
):
    review = save(make_review(alice, book, "Copied from elsewhere."))
    save(make_comment(review.thread, bob))
    url = f"/reviews/{review.id}"
    assert visit(mod).get(f"{url}/removal").status_code == 200
    assert visit(mod).post(f"{url}/removal", data={"reason": " "}).status_code == 422

    answer = visit(mod).post(f"{url}/removal", data={"reason": "It was copied."})

    assert (answer.status_code, answer.location) == (303, url)
    for page in (visit(bob).get(url).text, visit(bob).get(f"/books/{book.slug}").text):
        assert "Removed by a moderator: It was copied." in page
        assert "Copied from elsewhere" not in page
    assert "It was copied." not in visitor.get(url).text


def test_members_and_visitors_remove_nothing_and_moderators_not_their_own(
    visit, save, book, alice, bob, mod, public
):
    review, own = save(make_review(alice, book)), save(make_review(mod, book))
    for member, row, status in (
        (bob, review, 403),
        (alice, review, 403),
        (None, review, 401),
        (mod, own, 403),
    ):
        answer = visit(member).post(f"/reviews/{row.id}/removal", data={"reason": "Because."})
        assert answer.status_code == status
