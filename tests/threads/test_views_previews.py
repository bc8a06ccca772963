"""A preview shows a post as others will see it, and saves nothing."""

from __future__ import annotations

import re

import pytest

from bookclub.extensions import utcnow
from tests.cases import each
from tests.factories import make_comment, make_reading, make_review, make_thread
from tests.page_forms import read_page
from tests.threads.saying import HTMX

BODY = "They walk. ||They marry.||"
FORM = {"title": "Mr Knightley", "body": BODY, "parent_id": "", "horizon": "0"}


@pytest.fixture
def review(save, book, alice):
    return save(make_review(alice, book))


@pytest.fixture(params=["comment", "thread", "review", "comment edit", "review edit"])
def preview(request, visit, save, thread, said, review, alice, bob, book):
    """``preview(horizon=…)`` is the page of a preview, in each of the forms that have one."""
    author = alice if "edit" in request.param else bob
    url = {
        "comment": f"/threads/{thread.id}/comments/preview",
        "thread": f"/books/{book.slug}/threads/preview",
        "review": f"/books/{book.slug}/reviews/preview",
        "comment edit": f"/comments/{said.id}/edit/preview",
        "review edit": f"/reviews/{review.id}/edit/preview",
    }[request.param]
    save(make_reading(author, book, position=2600))
    client = visit(author)

    def preview(headers=None, **fields):
        return client.post(url, data={**FORM, **fields}, headers=headers)

    return preview


def glimpses(page: str) -> list[str]:
    """What the three readers see, as far as the words go."""
    start = page.index('class="preview"')
    shown = page[start : page.index("</section>", start)]
    parts = re.findall(r'<div class="prose">.*?</div>|<p class="locked">.*?</p>', shown, re.DOTALL)
    return [re.sub(r"<[^>]*>", "", part).strip() for part in parts]


def place_between(page):
    """Where the reader between is: the value and the words of the option that is selected."""
    (form,) = [form for form in read_page(page.text).forms if "preview_at" in form.visible]
    value = form.fields["preview_at"]
    return value, form.label("preview_at", value)


CLOSED, OPENED = "They walk. spoiler, for people who have finished", "They walk. They marry."


def locked(horizon, place):
    return rf"(Alice|Bob), {horizon}\.\s+You are at {place}\."


UNREAD, MIDDLE = "0 %", "chapter 2"
SO_FAR, TO_THE_END = "up to chapter 2", "for people who have finished"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"horizon": "0"}, [CLOSED, CLOSED, OPENED]),
        ({"horizon": "mine"}, [locked(SO_FAR, UNREAD), CLOSED, OPENED]),
        ({"horizon": "5000"}, [locked(SO_FAR, UNREAD), locked(SO_FAR, MIDDLE), OPENED]),
        ({"horizon": "finished"}, [locked(TO_THE_END, UNREAD), locked(TO_THE_END, MIDDLE), OPENED]),
        (
            {"horizon": "place", "horizon_place": "40 %"},
            [locked(SO_FAR, UNREAD), locked(SO_FAR, MIDDLE), OPENED],
        ),
    ],
)
def test_a_preview_shows_the_post_to_three_readers(preview, chapters, fields, expected):
    answer = preview(**fields)

    assert answer.status_code == 200
    for seen, pattern in zip(glimpses(answer.text), expected, strict=True):
        assert seen == pattern or re.fullmatch(pattern, seen)


def test_the_reader_between_can_be_anywhere(preview, chapters):
    place = f"section-{chapters[1].id}"
    answer = preview(horizon="5000", preview_at=place)

    assert glimpses(answer.text)[1] == CLOSED
    assert place_between(answer) == (place, "the end of chapter 2")
    assert (
        "up to chapter 2" in glimpses(preview(horizon="5000", preview_at=f"section-{chapters[0].id}").text)[1]
    )


def test_without_chapters_the_reader_between_is_told_by_percent(preview):
    answer = preview(horizon="5000", preview_at="5000")

    assert glimpses(answer.text)[1] == CLOSED
    assert place_between(answer) == ("5000", "50 %")
    assert "up to 50 %" in glimpses(preview(horizon="5000", preview_at="4000").text)[1]


@each("headers", [None, HTMX])
def test_a_preview_writes_nothing_and_keeps_what_was_typed(preview, chapters, rows, headers, comments):
    before, said = rows(), [comment.body for comment in comments()]

    answer = preview(headers, submission="key", horizon=f"section-{chapters[1].id}")

    assert rows() == before
    assert [comment.body for comment in comments()] == said
    assert f"{BODY}</textarea>" in answer.text
    assert re.search(rf'<option selected value="section-{chapters[1].id}">', answer.text)
    assert 'value="key"' in answer.text or "submission" not in answer.text


def test_a_preview_holds_no_title_ahead_of_its_author(preview, chapters):
    for at in ("", "mine", f"section-{chapters[3].id}"):
        page = preview(horizon="mine", preview_at=at).text
        assert "The Storm" in page
        assert "The Wreck" not in page
        assert "The Shore" not in page


@each(
    "fields",
    [{"body": " "}, {"body": "\0"}, {"horizon": "no"}, {"horizon": "place"}, {"horizon": "section-4711"}],
)
def test_a_preview_of_a_form_that_could_not_be_taken_says_so(preview, rows, fields):
    before = rows()

    answer = preview(**fields)

    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
    assert 'class="preview"' not in answer.text
    assert rows() == before


def test_nobody_previews_what_they_could_not_post(visit, save, thread, said, review, bob, mod, public, book):
    thread.lock(mod.id, "It had been said.", utcnow())
    save(thread)

    assert visit(bob).post(f"/threads/{thread.id}/comments/preview", data=FORM).status_code == 403
    assert visit(bob).post(f"/comments/{said.id}/edit/preview", data=FORM).status_code == 403
    assert visit(bob).post(f"/reviews/{review.id}/edit/preview", data=FORM).status_code == 403
    assert visit(bob).post("/threads/4711/comments/preview", data=FORM).status_code == 404
    for kind in ("threads", "reviews"):
        assert visit().post(f"/books/{book.slug}/{kind}/preview", data=FORM).status_code == 401


def test_the_preview_of_a_reply_goes_by_what_it_answers(visit, save, thread, chapters, book, alice, bob):
    save(make_reading(bob, book, position=7600))
    parent = save(make_comment(thread, alice, "It was the storm.", horizon=5000))

    answer = visit(bob).post(
        f"/threads/{thread.id}/comments/preview",
        data={**FORM, "parent_id": parent.id, "preview_at": f"section-{chapters[0].id}"},
    )

    unread, between, finished = glimpses(answer.text)
    assert "up to chapter 2" in unread
    assert "up to chapter 2" in between
    assert finished == OPENED
    assert f'name="parent_id" value="{parent.id}"' in answer.text
    assert "This will be up to chapter 2, like what you answer." in answer.text


def test_a_preview_quotes_nothing_that_is_locked(visit, thread, secret, bob):
    answer = visit(bob).post(f"/threads/{thread.id}/comments/preview", data={**FORM, "parent_id": secret.id})

    assert answer.status_code == 200
    assert "engaged" not in answer.text


def test_who_ticks_that_they_have_finished_previews_that_and_nothing_is_recorded(
    visit, thread, chapters, bob, rows
):
    client, form = visit(bob), {**FORM, "horizon": "mine", "finished": "y"}
    before = rows()

    answer = client.post(f"/threads/{thread.id}/comments/preview", data=form)

    assert rows() == before
    assert "for people who have finished" in glimpses(answer.text)[0]
    assert glimpses(answer.text)[2] == OPENED
    assert "The Shore" not in answer.text


def test_after_a_preview_the_form_can_be_posted_as_it_stands(visit, thread, bob, comments):
    page = visit(bob).post(f"/threads/{thread.id}/comments/preview", data={**FORM, "submission": "key"})
    form = page.form("new-comment")

    assert (form.fields["submission"], form.fields["body"]) == ("key", BODY)
    for _ in range(2):
        assert visit(bob).post(form.action, data=form.fields).status_code == 303
    assert len(comments()) == 1


def test_a_thread_about_no_book_is_seen_alike_by_everybody(visit, save, alice, bob):
    thread = save(make_thread(alice, None))

    answer = visit(bob).post(f"/threads/{thread.id}/comments/preview", data=FORM)

    assert answer.status_code == 200
    assert glimpses(answer.text) == [CLOSED]


@pytest.mark.parametrize("path", ["/threads/{}", "/comments/{}"])
def test_the_preview_is_a_button_of_the_one_form(visit, thread, said, bob, path):
    page = visit(bob).get(path.format(thread.id if "threads" in path else said.id)).text

    form = re.search(r'<form class="composer".*?</form>', page, re.DOTALL)[0]
    assert f'formaction="/threads/{thread.id}/comments/preview"' in form
    assert page.count('name="parent_id"') == 1
    # Enter in a field presses the first button of the form.
    assert re.findall(r'<button[^>]*type="submit"[^>]*>([^<]*)<', form) == [
        "Post reply",
        "Preview",
        "Put it into the text",
    ]
