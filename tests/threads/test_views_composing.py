"""What members choose to give away when they say something, and what becomes of it later."""

from __future__ import annotations

import re

import pytest

from bookclub.lib.positions.places import END
from bookclub.sections.models import Section
from tests.factories import make_book, make_comment, make_reading, make_review, make_thread
from tests.threads.saying import open_thread, say

# What is offered


@pytest.mark.parametrize(
    ("path", "form_id"),
    [
        ("/threads/{thread}", "new-comment"),
        ("/comments/{said}", "reply-{said}"),
        ("/books/emma/reviews/new", "review-form"),
        ("/books/emma", "new-thread"),
    ],
)
def test_every_composer_knows_the_chapters(visit, save, thread, said, chapters, book, bob, path, form_id):
    save(make_reading(bob, book, position=2600))

    page = visit(bob).get(path.format(thread=thread.id, said=said.id))
    form = page.form(form_id.format(said=said.id))

    assert (
        list(form.labels["horizon"].values())[-7 if "reviews" in path else 0 :]
        == [
            "no spoilers: everybody can read it",
            "up to where I am: chapter 2",
            "up to the end of chapter 1: The Boat",
            "up to the end of chapter 2: The Storm",
            "up to the end of chapter 3",
            "up to the end of chapter 4",
            "up to a page, a time or a percentage …",
            "the ending: for people who have finished",
        ][1 if "reviews" in path else 0 :]
    )
    assert '<optgroup label="Up to a chapter">' in page.text
    assert "horizon_place" in form.visible


@pytest.mark.parametrize(
    "path", ["/threads/{thread}", "/comments/{said}", "/books/emma/reviews/new", "/books/emma"]
)
def test_no_title_ahead_of_its_reader_is_in_a_composer(visit, save, thread, said, chapters, book, bob, path):
    save(make_reading(bob, book, position=2000))

    page = visit(bob).get(path.format(thread=thread.id, said=said.id)).text

    assert "chapter 3" in page
    for title in ("The Storm", "The Wreck", "The Shore"):
        assert title not in page


def test_a_composer_begins_with_ones_own_place_and_says_what_that_comes_to(
    visit, save, thread, chapters, book, bob
):
    save(make_reading(bob, book, position=2600))

    page = visit(bob).get(f"/threads/{thread.id}")

    assert page.form("new-comment").fields["horizon"] == "mine"
    assert "This will be up to chapter 2." in page.words


def test_who_recorded_no_place_is_offered_no_default_and_the_ending(visit, thread, chapters, bob):
    page = visit(bob).get(f"/threads/{thread.id}")
    form = page.form("new-comment")

    assert form.fields["horizon"] == ""
    assert "mine" not in form.labels["horizon"]
    assert "I have finished this book" in page.words
    assert "This will be" not in page.words


@pytest.mark.parametrize(
    ("position", "default", "becomes"),
    [
        (2600, "0", "This will be up to chapter 2, like what you answer."),
        (7600, "mine", "This will be up to chapter 4."),
    ],
)
def test_a_reply_begins_with_the_greater_of_what_it_answers_and_ones_own_place(
    visit, save, thread, chapters, book, alice, bob, position, default, becomes
):
    save(make_reading(bob, book, position=position))
    parent = save(make_comment(thread, bob, horizon=5000))

    page = visit(bob).get(f"/comments/{parent.id}")
    form = page.form(f"reply-{parent.id}")

    assert form.fields["horizon"] == default
    assert becomes in page.words
    assert form.labels["horizon"]["0"] == "no more than what you answer: up to chapter 2"
    assert f"section-{chapters[0].id}" not in form.labels["horizon"]
    assert f"section-{chapters[1].id}" in form.labels["horizon"]


def test_a_comment_is_offered_nothing_safer_than_its_thread(visit, save, chapters, book, alice):
    thread = save(make_thread(alice, book, floor=5000))
    save(make_reading(alice, book, position=7600))

    offered = visit(alice).get(f"/threads/{thread.id}").form("new-comment").labels["horizon"]

    assert offered["0"] == "no more than the whole conversation: up to chapter 2"
    assert f"section-{chapters[0].id}" not in offered


# What is kept


def keeps(visit, save, thread, book, bob, comments, **fields):
    save(make_reading(bob, book, position=2601))
    answer = say(visit(bob), thread, **fields)
    assert answer.status_code == 303, answer.text
    comment = comments()[-1]
    return comment.horizon_choice, comment.own_horizon, comment.horizon


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"horizon": "0"}, ("0", 0, 0)),
        ({"horizon": "mine"}, ("mine", 2601, 2601)),
        ({"horizon": "finished"}, ("finished", END, END)),
        ({"horizon": "4711"}, ("4711", 4711, 4711)),
        ({"horizon": "place", "horizon_place": "p. 61"}, ("2034", 2034, 2034)),
        ({"horizon": "place", "horizon_place": "20 %"}, ("2000", 2000, 2000)),
        ({"horizon": "place", "horizon_place": "100 %"}, ("finished", END, END)),
        ({"horizon": "0", "horizon_place": "p. 61"}, ("0", 0, 0)),
    ],
)
def test_a_comment_keeps_what_was_chosen_and_what_it_means(
    visit, save, thread, book, bob, comments, fields, kept
):
    """The book has 300 pages."""
    assert keeps(visit, save, thread, book, bob, comments, **fields) == kept


def test_a_comment_about_a_chapter_gives_away_its_end(visit, save, thread, chapters, book, bob, comments):
    choice = f"section-{chapters[1].id}"

    assert keeps(visit, save, thread, book, bob, comments, horizon=choice) == (choice, 5000, 5000)


def test_a_thread_opens_with_what_was_chosen(visit, save, chapters, book, bob, comments, kept):
    thread_id = int(
        open_thread(visit(bob), book, horizon=f"section-{chapters[1].id}").location.rpartition("/")[2]
    )

    page = visit(bob).get(f"/threads/{thread_id}").text

    assert (comments()[0].own_horizon, comments()[0].horizon_choice) == (5000, f"section-{chapters[1].id}")
    assert "up to chapter 2" in page


def test_a_reply_that_asks_to_be_safer_than_what_it_answers_is_not(
    visit, save, thread, chapters, alice, bob, comments
):
    parent = save(make_comment(thread, alice, horizon=5000))

    say(visit(bob), thread, horizon="0", parent_id=parent.id)

    assert (comments()[-1].own_horizon, comments()[-1].horizon) == (0, 5000)


def test_a_chapter_of_another_book_is_refused_in_words(visit, save, thread, chapters, bob, comments):
    other = save(make_book("Persuasion"))
    section = save(Section(book_id=other.id, place=0, title="Bath", typed_start=0, start=0))

    answer = say(visit(bob), thread, "All that I typed.", horizon=f"section-{section.id}")

    assert answer.status_code == 422
    assert "That chapter is not in this book any more." in answer.text
    assert "All that I typed.</textarea>" in answer.text
    assert "Bath" not in answer.text
    assert not comments()


@pytest.mark.parametrize("typed", ["", "page the third", "301", "101 %", "9" * 3000])
def test_a_place_that_makes_no_sense_is_refused_beside_its_field(visit, thread, bob, comments, typed):
    answer = say(visit(bob), thread, "All that I typed.", horizon="place", horizon_place=typed)

    assert answer.status_code == 422
    assert re.search(r'<input[^>]*aria-invalid="true"[^>]*name="horizon_place"', answer.text)
    form = answer.form("new-comment")
    assert (form.fields["horizon"], form.fields["body"]) == ("place", "All that I typed.")
    assert not comments()


# Words by chapter


def test_a_placeholder_counts_in_chapters(visit, save, thread, chapters, book, alice, bob):
    save(make_comment(thread, alice, horizon=5000))
    save(make_reading(bob, book, position=2400))

    page = visit(bob).get(f"/threads/{thread.id}").text

    assert "Alice, up to chapter 2." in page
    assert "You are at chapter 1." in page
    assert "%" not in page[page.index("<main") :].replace("20 %.", "")


def test_a_folded_run_says_from_where_to_where(visit, save, thread, chapters, book, alice, bob, mod):
    save(make_comment(thread, alice, horizon=2600), make_comment(thread, mod, horizon=9000))
    save(make_comment(thread, alice, horizon=6000))
    save(make_reading(bob, book, position=100))

    page = visit(bob).get(f"/threads/{thread.id}").text

    assert "3 replies by Alice and Mo, chapters 2 to 4." in page


def test_a_visitor_learns_no_chapter(visitor, public, save, thread, chapters, alice, book):
    save(make_comment(thread, alice, horizon=5000))
    review = save(make_review(alice, book, horizon=5000))

    for url in (f"/threads/{thread.id}", f"/reviews/{review.id}", f"/reviews/{review.id}/revisions"):
        page = visitor.get(url).text
        assert "chapter" not in page
        assert "The Boat" not in page
    assert "Alice, later in the book." in visitor.get(f"/threads/{thread.id}").text


def test_the_page_of_a_locked_comment_has_no_form_and_no_words_to_quote(
    visit, save, thread, chapters, secret, book, bob
):
    save(make_reading(bob, book, position=100))

    page = visit(bob).get(f"/comments/{secret.id}").text

    assert "Alice, up to chapter 2." in page
    assert 'name="body"' not in page
    assert "engaged" not in page


# To change it later


def test_the_edit_form_keeps_the_chapter_that_was_chosen(visit, save, thread, chapters, alice, comments):
    choice = f"section-{chapters[1].id}"
    say(visit(alice), thread, horizon=choice)

    comment = comments()[0]
    form = visit(alice).get(f"/comments/{comment.id}/edit").form(f"edit-{comment.id}")

    assert form.fields["horizon"] == choice


def test_the_edit_form_keeps_the_place_of_a_chapter_that_is_gone(visit, save, thread, chapters, alice):
    comment = save(make_comment(thread, alice, horizon=5000))
    comment.horizon_choice = "section-4711"
    save(comment)

    form = visit(alice).get(f"/comments/{comment.id}/edit").form(f"edit-{comment.id}")

    assert form.fields["horizon"] == "5000"
    assert form.labels["horizon"]["5000"] == "up to chapter 2"


def test_a_reply_that_is_edited_keeps_what_its_author_chose_below_what_it_answers(
    visit, save, thread, alice, bob, kept
):
    parent = save(make_comment(thread, alice, horizon=5000))
    reply = save(make_comment(thread, bob, parent=parent, horizon=2000))

    form = visit(bob).get(f"/comments/{reply.id}/edit").form(f"edit-{reply.id}")
    visit(bob).post(form.action, data={**form.fields, "body": "Anew."})

    assert (kept(reply).own_horizon, kept(reply).horizon) == (2000, 5000)


def test_the_opening_words_of_a_thread_may_become_safer(visit, save, book, alice, comments, kept, bob):
    open_thread(visit(alice), book, horizon="5000")
    say(
        visit(bob),
        kept(comments()[0]).thread_id and type("T", (), {"id": comments()[0].thread_id}),
        horizon="0",
    )

    opening = comments()[0]
    form = visit(alice).get(f"/comments/{opening.id}/edit").form(f"edit-{opening.id}")
    assert form.labels["horizon"]["0"] == "no spoilers: everybody can read it"
    visit(alice).post(form.action, data={**form.fields, "body": "Safe by now.", "horizon": "0"})

    assert [comment.horizon for comment in comments()] == [0, 0]


def test_a_comment_raised_by_its_author_moves_the_replies_and_back(visit, save, thread, alice, bob, kept):
    parent = save(make_comment(thread, alice, horizon=1000))
    reply = save(make_comment(thread, bob, parent=parent, horizon=3000))
    deeper = save(make_comment(thread, alice, parent=reply))
    horizons = []

    for horizon in ("8000", "2000", "0"):
        visit(alice).post(f"/comments/{parent.id}/edit", data={"body": "Anew.", "horizon": horizon})
        horizons.append([kept(comment).horizon for comment in (parent, reply, deeper)])

    assert horizons == [[8000, 8000, 8000], [2000, 3000, 3000], [0, 3000, 3000]]


def test_an_edit_keeps_what_readers_reported(visit, save, thread, alice, bob, kept):
    comment = save(make_comment(thread, alice, horizon=1000))
    comment.lifted_horizon = comment.horizon = 7000
    save(comment)
    reply = save(make_comment(thread, bob, parent=comment))

    page = visit(alice).get(f"/comments/{comment.id}/edit").text
    visit(alice).post(f"/comments/{comment.id}/edit", data={"body": "Anew.", "horizon": "2000"})

    assert "This will be up to 70 %, as readers reported, until that is decided." in page
    assert (kept(comment).own_horizon, kept(comment).horizon, kept(reply).horizon) == (2000, 7000, 7000)
