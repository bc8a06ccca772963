"""A spoiler that is opened and not closed: its writer is asked, and what they typed is kept."""

from __future__ import annotations

from html import unescape

import pytest
from sqlalchemy import select

from bookclub.extensions import db
from bookclub.reviews.models import Review, ReviewDraft
from bookclub.threads.models import Comment
from tests.factories import make_draft, make_reading, make_review
from tests.page_forms import read_page
from tests.threads.saying import HTMX

# Nothing here depends on the database.

OPEN = "Fine. <spoiler>They marry, and more."
FORM = {"title": "Mr Knightley", "body": OPEN, "parent_id": "", "horizon": "0"}
ASKED = "You opened a spoiler with “<spoiler>” and did not close it"


@pytest.fixture(params=["comment", "reply", "thread", "review", "comment edit", "review edit"])
def composer(request, visit, save, thread, said, alice, bob, book):
    """``send(body=…)`` sends one of the forms in which members write; ``send.preview`` its preview."""
    mine = save(make_review(alice, book))
    author = alice if "edit" in request.param else bob
    save(make_reading(author, book, position=2600))
    url, preview = {
        "comment": (f"/threads/{thread.id}/comments", "/preview"),
        "reply": (f"/threads/{thread.id}/comments", "/preview"),
        "thread": (f"/books/{book.slug}/threads", "/preview"),
        "review": (f"/books/{book.slug}/reviews/new", "../preview"),
        "comment edit": (f"/comments/{said.id}/edit", "/preview"),
        "review edit": (f"/reviews/{mine.id}/edit", "/preview"),
    }[request.param]
    parent = said.id if request.param == "reply" else ""
    client = visit(author)

    def send(headers=None, at=url, **fields):
        return client.post(at, data={**FORM, "parent_id": parent, **fields}, headers=headers)

    send.preview = url.removesuffix("/new") + "/preview" if preview.startswith("..") else url + preview
    return send


def left_open(page):
    (form,) = [form for form in read_page(page).forms if "left_open" in form.fields]
    return form.fields["left_open"]


def bodies(app):
    with app.app_context():
        return [*db.session.scalars(select(Comment.body)), *db.session.scalars(select(Review.body))]


def test_the_composer_asks_and_keeps_what_was_typed(composer, app):
    answer = composer()

    page = unescape(answer.text)
    assert answer.status_code == 422
    assert ASKED in page
    assert "Close it with “</spoiler>”, or send this again as it is." in page
    assert OPEN in page
    assert OPEN not in bodies(app)


def test_a_second_send_posts_it_hidden_to_the_end(composer, app):
    mark = left_open(composer().text)

    assert composer(left_open=mark).status_code == 303

    assert OPEN in bodies(app)


def test_another_mark_is_asked_about_again(composer, app):
    mark = left_open(composer().text)

    answer = composer(left_open=mark, body="Fine. ||They marry.")

    assert answer.status_code == 422
    assert left_open(answer.text) == "||"
    assert composer(left_open="||", body="Fine. ||They marry.").status_code == 303


def test_a_preview_shows_what_will_be_hidden_without_asking(composer, app):
    answer = composer(at=composer.preview)

    assert answer.status_code == 200
    shown = answer.text[answer.text.index('class="preview"') :]
    assert 'Fine. <span class="spoiler locked">' in shown
    assert composer(at=composer.preview, body="<spoiler>They marry</spoiler> soon.").status_code == 200


def test_what_is_closed_is_not_asked_about(visit, thread, bob):
    client = visit(bob)
    for body in ("<spoiler>They marry</spoiler>.", ">!They marry!<", "||They marry||", "a <3"):
        answer = client.post(f"/threads/{thread.id}/comments", data={**FORM, "body": body})
        assert answer.status_code == 303, body


def test_htmx_gets_the_question_in_the_form(visit, thread, bob):
    answer = visit(bob).post(f"/threads/{thread.id}/comments", data=FORM, headers=HTMX)

    assert answer.status_code == 422
    assert ASKED in unescape(answer.text)
    assert left_open(answer.text) == "<spoiler>"


def test_a_draft_is_kept_as_it_is(visit, save, app, bob, book):
    draft = save(make_draft(bob, book))
    form = {"title": "||They marry||", "summary": ">!soon!<", "body": OPEN}

    assert visit(bob).post(f"/drafts/{draft.id}/edit", data=form).status_code == 303

    with app.app_context():
        kept = db.session.get(ReviewDraft, draft.id)
        assert (kept.title, kept.summary, kept.body) == ("||They marry||", ">!soon!<", OPEN)


def test_a_draft_that_hides_too_much_is_not_published_unseen(visit, save, app, bob, book):
    client = visit(bob)
    for words in ({"title": "||They marry||"}, {"summary": ">!soon!<"}, {"body": OPEN}):
        draft = save(make_draft(bob, book, **words))
        for url in ("/drafts/publication", f"/drafts/{draft.id}/publication"):
            assert client.post(url).status_code == 303
        assert "It cannot be published as it is" in client.get("/drafts").text
        client.post(f"/drafts/{draft.id}/deletion")
    with app.app_context():
        assert db.session.scalars(select(Review)).all() == []
