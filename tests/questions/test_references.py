"""Comments that their authors would like to discuss, on an agenda by reference and never as a copy."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bookclub.extensions import utcnow
from bookclub.questions.models import Question
from bookclub.threads.models import Comment
from tests.factories import make_ask, make_comment, make_reading, make_review, make_thread

HTMX = {"HX-Request": "true"}


def test_only_its_author_marks_a_comment_and_the_others_see_it(
    open_question, visit, comment, readers, alice, bob, olive, rows
):
    assert open_question(member=bob).status_code == 403
    assert open_question("maybe").status_code == 422

    for _ in range(2):
        assert open_question().status_code == 303
    assert "would like to discuss this" in visit(olive).get(f"/threads/{comment.thread_id}").words
    # Bob has not read so far, and what he is sent does not change.
    assert "would like to discuss this" not in visit(bob).get(f"/threads/{comment.thread_id}").words
    answer = visit(alice).post(f"/comments/{comment.id}/open-question", data={"on": "0"}, headers=HTMX)
    assert answer.status_code == 200
    assert 'aria-pressed="true"' not in answer.text
    assert rows(select(Comment))[0].open_question_at is None


def test_any_member_puts_it_on_the_agenda_once(open_question, put, visit, meeting, readers, bob, olive, rows):
    open_question()
    assert "1 open question from the conversations" in visit(olive).get(f"/meetings/{meeting.id}").words

    for _ in range(2):
        assert put(olive).status_code == 303
    (reference,) = rows(select(Question))
    # It has nothing of its own that could be shown instead.
    assert (reference.body, reference.own_horizon, reference.book_id) == ("", 10_000, None)
    page = visit(olive).get(f"/meetings/{meeting.id}").words
    assert "Badly done, Emma." in page
    assert "put here by" in page
    assert "from the conversations" not in page


def test_nobody_puts_what_they_cannot_read_or_what_is_not_open(open_question, put, readers, bob, olive, rows):
    assert put(olive).status_code == 422
    open_question()
    assert put(bob).status_code == 422
    assert rows(select(Question)) == []


def test_the_mark_shows_wherever_a_comment_stands(save, visit, alice, bob, emma, meeting):
    review, asked = save(make_review(alice, emma), make_ask(alice, book=emma))
    now, talk = {"open_question_at": utcnow()}, save(make_thread(alice, None, "Tea"))
    threads = (review.thread, asked.thread, meeting.books[0].thread, talk)
    comments = [save(make_comment(thread, alice, **now)) for thread in threads]
    save(make_reading(bob, emma, position=10_000))

    pages = [f"/reviews/{review.id}", f"/asks/{asked.id}"]
    pages += [f"/threads/{thread.id}" for thread in threads[2:]] + [f"/comments/{one.id}" for one in comments]
    for page in pages:
        assert "would like to discuss this" in visit(bob).get(page).words, page
        assert "I’d like to discuss this" in visit(alice).get(page).words, page


@pytest.mark.databases("sqlite", "postgresql")
def test_it_keeps_its_own_horizon(open_question, put, visit, meeting, comment, readers, alice, bob, olive):
    open_question()
    put(olive)
    page = visit(bob).get(f"/meetings/{meeting.id}")
    assert "Badly done" not in page.text
    assert page.link("Reveal anyway") == f"/comments/{comment.id}/reveal"

    visit(bob).post("/books/emma/reading", data={"position_unit": "percent", "position": "50"})
    assert "Badly done" in visit(bob).get(f"/meetings/{meeting.id}").words
    # Once readers report it, it is hidden here as well.
    visit(olive).post(f"/comments/{comment.id}/spoiler-report", data={"horizon": "finished"})
    for page in (f"/meetings/{meeting.id}", f"/meetings/{meeting.id}/agenda", "/books/emma/questions"):
        assert "Badly done" not in visit(bob).get(page).text


def test_it_goes_with_its_comment(open_question, put, visit, meeting, comment, readers, alice, olive, mod):
    def is_there():
        return "Badly done" in visit(olive).get(f"/meetings/{meeting.id}").text

    open_question()
    put(olive)
    assert is_there()
    open_question("0")
    assert not is_there()
    open_question()
    assert is_there()
    visit(mod).post(f"/comments/{comment.id}/removal", data={"reason": "Rude"})
    page = visit(olive).get(f"/meetings/{meeting.id}")
    assert not is_there()
    assert "Rude" not in page.text
    assert visit(olive).get("/questions/1/reveal").status_code == 404


def test_who_put_it_there_takes_it_off_and_the_comment_stays(
    open_question, put, visit, readers, alice, bob, olive, rows
):
    open_question()
    put(olive)
    assert visit(bob).post("/questions/1/deletion").status_code == 403
    assert visit(alice).post("/questions/1/edit", data={"body": "Mine"}).status_code == 403

    assert visit(olive).post("/questions/1/deletion").status_code == 303
    assert rows(select(Question)) == []
    assert rows(select(Comment))[0].body == "Badly done, Emma."
