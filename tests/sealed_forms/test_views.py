"""Sealed forms: for whom they are kept, for how long, and what never is."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask_wtf import FlaskForm
from sqlalchemy import func, select, update

from bookclub import jobs as bookclub_jobs
from bookclub.body_limits import LARGEST_TEXT
from bookclub.config import SMALL
from bookclub.extensions import db, utcnow
from bookclub.forms import BaseForm, secret_names
from bookclub.members.models import Member
from bookclub.readings.models import Reading
from bookclub.sealed_forms import rules as sealed_forms_rules
from bookclub.sealed_forms.models import SealedForm
from bookclub.sealed_forms.rules import LIFETIME, MOST_PER_MEMBER
from bookclub.threads.forms import CommentForm
from bookclub.threads.models import Comment
from bookclub.web import FormRequest
from tests.factories import (
    PASSWORD,
    make_book,
    make_comment,
    make_nomination,
    make_review,
    make_round,
    make_thread,
)
from tests.forms import forms_on

WORDS = "I have thought about it for a week, and now I know."
NOTICE = "You were signed out before this was sent. Check it and send it again."
BOTH = pytest.mark.databases("sqlite", "postgresql")
HERE = {"Referer": "http://localhost/threads/1"}


@pytest.fixture
def thread(save, alice):
    return save(make_thread(alice, save(make_book("Emma"))))


@pytest.fixture
def change(write):
    """``change(statement)``: carry it out."""
    return lambda statement: write(lambda: db.session.execute(statement))


def sealed(answer) -> str | None:
    """The address at which a member finds what they sent, if it is kept."""
    found = re.search(r"/sign-in\?next=(/sealed-forms/[\w-]+)", answer.text + str(answer.headers))
    return found and found[1]


def reply(client, words=WORDS, **more):
    return client.post("/threads/1/comments", data={"body": words, "horizon": "0"}, headers=HERE, **more)


def fields_of(answer, action):
    (form,) = (form for form in forms_on(answer.text) if form.action == action)
    return {each.name: each.value for each in form.fields if each.on}


def sign_in(client, username, address):
    form = {"username": username, "password": PASSWORD, "next": address}
    return client.post("/sign-in", data=form, follow_redirects=True)


@BOTH
def test_a_reply_is_there_after_signing_in_again(thread, alice, left, rows):
    client = left(alice)
    answer = reply(client)

    assert answer.status_code == 401
    assert WORDS not in answer.text
    assert "it is still there" in answer.text
    # The link in the head of the page leads there, too.
    assert set(re.findall(r'href="(/sign-in[^"]*)"', answer.text)) == {"/sign-in?next=" + sealed(answer)}
    page = client.get(sealed_link := "/sign-in?next=" + sealed(answer))
    assert "what you typed is still there" in page.text, sealed_link

    back = sign_in(client, "alice", sealed(answer))
    assert back.status_code == 200
    assert NOTICE in back.text
    assert fields_of(back, "/threads/1/comments")["body"] == WORDS
    assert rows(select(Comment.id)) == []
    assert reply(client).status_code == 303


def test_a_session_that_never_asked_for_a_page_is_known_too(thread, alice, visitor, end_sessions):
    sign_in(visitor, "alice", None)
    visitor.post("/sign-out")
    visitor.post("/sign-in", data={"username": "alice", "password": PASSWORD})
    end_sessions()

    assert sealed(reply(visitor))


def test_another_member_sees_nothing_of_it(thread, alice, bob, left, visit):
    client = left(alice)
    address = sealed(reply(client))

    theirs = sign_in(client, "bob", address)
    assert theirs.request.path == "/"
    assert WORDS not in theirs.text
    nothing = visit(bob).get("/sealed-forms/nothing")
    assert (nothing.status_code, nothing.location) == (303, "/")
    assert WORDS in visit(alice).get(address).text, "it waits for its member"


@BOTH
def test_a_form_expires_after_an_hour_and_its_row_goes(app, thread, alice, left, visit, rows, change):
    address = sealed(reply(left(alice)))
    (expires_at,) = rows(select(SealedForm.expires_at))
    assert abs(expires_at - utcnow() - LIFETIME) < timedelta(minutes=1)

    change(update(SealedForm).values(expires_at=utcnow()))
    assert visit(alice).get(address).status_code == 303
    bookclub_jobs.run_due_jobs(app, utcnow() + LIFETIME)
    assert rows(select(SealedForm.id)) == []


def test_a_form_that_was_shown_goes_five_minutes_later(thread, alice, left, visit, rows):
    address = sealed(reply(left(alice)))
    for _ in range(2):
        assert WORDS in visit(alice).get(address).text, "the page can be loaded again"

    (expires_at,) = rows(select(SealedForm.expires_at))
    assert expires_at <= utcnow() + timedelta(minutes=5)


def test_a_sealed_form_holds_no_password_and_no_token(world, left, visit, rows):
    client = left(world)
    secrets = dict.fromkeys(secret_names(), "a moth")
    assert {"password", "current_password", "current", "new"} <= secrets.keys()
    answer = client.post("/settings", data={**secrets, "csrf_token": "t", "from_member": "m", "about": "Me."})

    assert sealed(answer)
    (fields,) = rows(select(SealedForm.fields))
    assert fields == '[["about", "Me."]]'
    assert rows(select(SealedForm.token_hash)) != [sealed(answer).rpartition("/")[2]]


def test_no_field_has_the_name_of_a_password_field(world):
    """A field of such a name would be lost without a word."""
    others = {
        name
        for form in all_forms(BaseForm)
        for name in dir(form)
        if hasattr(field := getattr(form, name, None), "field_class")
        and "Password" not in {each.__name__.replace("Field", "") for each in field.field_class.__mro__}
    }
    assert "body" in others
    assert others & secret_names() == set()


def all_forms(form):
    for each in form.__subclasses__():
        yield each
        yield from all_forms(each)


def test_a_form_tells_whose_it_is_after_signing_out_elsewhere(thread, alice, bob, visit, visitor):
    client = visit(alice)
    (form,) = (each for each in forms_on(client.get("/threads/1").text) if each.action.endswith("/comments"))
    client.post("/sign-out")
    form.fields[-1].on = True
    sent = form.sent() | {"body": WORDS}

    address = sealed(client.post(form.action, data=sent, headers=HERE))
    assert WORDS in sign_in(client, "alice", address).text
    assert WORDS not in sign_in(visitor, "bob", address).text


@pytest.mark.parametrize("column", ["suspended_at", "removed_at"])
def test_nothing_is_kept_for_somebody_who_may_not_come_back(thread, alice, visit, change, rows, column):
    client = visit(alice)
    client.get("/settings")
    change(update(Member).where(Member.id == alice.id).values({column: utcnow()}))
    answer = reply(client)

    assert answer.status_code == 401
    assert WORDS in answer.text, "it can be copied from the page"
    assert rows(select(SealedForm.id)) == []
    with client.session_transaction() as session:
        assert dict(session) == {}
    assert client.get_cookie("bookclub_remember") is None


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=lambda h: next(iter(h)),
)
def test_a_post_from_another_site_is_not_kept(thread, alice, left, rows, headers):
    answer = left(alice).post("/threads/1/comments", data={"body": WORDS}, headers=headers)

    assert answer.status_code == 401
    assert rows(select(SealedForm.id)) == []


@pytest.mark.parametrize("proof", ["", "1", "MQ.forged", "x" * 5000])
def test_a_visitor_cannot_fill_the_table(thread, alice, visitor, rows, proof):
    answer = reply(visitor) if not proof else visitor.post("/threads/1/comments", data={"from_member": proof})

    assert answer.status_code == 401
    assert rows(select(SealedForm.id)) == []


@BOTH
def test_a_member_has_so_many_and_no_more(thread, alice, left, visit, rows):
    client = left(alice)
    kept = [sealed(reply(client, f"Number {number}.")) for number in range(MOST_PER_MEMBER + 2)]

    assert rows(select(func.count(SealedForm.id))) == [MOST_PER_MEMBER]
    assert "Number 1." not in visit(alice).get(kept[1], follow_redirects=True).text
    assert "Number 2." in visit(alice).get(kept[2]).text


def test_what_is_too_large_stands_on_the_page(thread, alice, left, rows, monkeypatch):
    monkeypatch.setattr(sealed_forms_rules, "LARGEST", 10)
    client = left(alice)

    assert WORDS in reply(client).text
    assert rows(select(SealedForm.id)) == []
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/threads/1"}
    swapped = client.post("/threads/1/comments", data={"body": WORDS}, headers=headers)
    assert swapped.status_code == 401
    assert "HX-Redirect" not in swapped.headers, "it stays where it was typed"


def test_the_longest_comment_is_kept_after_signing_out_elsewhere(thread, alice, visit):
    client = visit(alice)
    (form,) = (each for each in forms_on(client.get("/threads/1").text) if each.action.endswith("/comments"))
    client.post("/sign-out")
    sent = form.sent() | {"body": "😀" * CommentForm.characters}

    address = sealed(client.post(form.action, data=sent, headers=HERE))
    assert "😀" * CommentForm.characters in visit(alice).get(address).text


@BOTH
@pytest.mark.parametrize("odd", ["a\0b", "\ud800", "😀\u202e", "<b>&amp;"])
def test_odd_characters_come_back_or_do_no_harm(thread, alice, left, visit, odd):
    address = sealed(reply(left(alice), f"Odd {odd}".encode("utf-8", "replace").decode()))

    assert "Odd" in visit(alice).get(address).text


def test_a_button_comes_back_to_its_page_with_a_word(thread, alice, left, visit):
    headers = {"Referer": "http://localhost/books/emma"}
    answer = left(alice).post("/books/emma/reveal", headers=headers)
    client = visit(alice)

    back = client.get(sealed(answer))
    assert (back.status_code, back.location) == (303, "/books/emma")
    assert "Press the button again if you still want it." in client.get(back.location).text


def test_a_button_that_changes_nothing_leads_to_no_circle(thread, alice, left, visit):
    visit(alice).post("/books/emma/reveal")
    client = left(alice)
    address = sealed(client.post("/books/emma/reveal", headers={"Referer": "http://localhost/books/emma"}))

    back = sign_in(client, "alice", address)
    assert (back.status_code, back.request.path) == (200, "/books/emma")


def test_a_form_too_large_to_be_read_is_not_said_to_be_kept(thread, alice, left, rows):
    answer = reply(left(alice), "x" * (LARGEST_TEXT + 1))

    assert answer.status_code == 413
    assert "you will find" not in answer.text
    assert rows(select(SealedForm.id)) == []


def test_a_large_file_is_not_read_for_the_fields_beside_it(alice, left, visit, monkeypatch):
    client = left(alice)
    monkeypatch.setattr(FormRequest, "_load_form_data", lambda self: pytest.fail("it was read"))
    file = {"file": (BytesIO(b"x" * 2 * SMALL), "library.csv")}
    answer = client.post("/imports/new", data=file, content_type="multipart/form-data")

    assert sealed(answer)


@BOTH
def test_a_rehearsal_writes_nothing(thread, alice, left, visit, rows):
    answer = left(alice).post("/books/emma/reading", data={"status": "finished"})

    assert "This has not been sent yet" in visit(alice).get(sealed(answer)).text
    assert rows(select(Reading.id)) == []


def test_a_text_whose_place_is_gone_can_be_copied(save, thread, alice, left, visit):
    client = left(alice)
    comment = save(make_comment(thread, alice))
    address = sealed(client.post(f"/comments/{comment.id}/edit", data={"body": WORDS, "horizon": "0"}))
    comment.removed_at = comment.deleted_at = utcnow()
    save(comment)

    page = visit(alice).get(address)
    assert page.status_code == 200
    assert "Copy what you want to keep." in page.text
    assert re.search(rf"<label for=\"text-1\">[^<]+</label>\s*<textarea[^>]*>{WORDS}", page.text)


def test_a_file_is_to_be_chosen_again(thread, alice, left, visit):
    file = {"file": (BytesIO(b"Title"), "library.csv")}
    answer = left(alice).post("/imports/new", data=file, content_type="multipart/form-data")

    page = visit(alice).get(sealed(answer))
    assert "Files are not kept: choose yours again" in page.text


def test_a_ballot_comes_back_on_the_round_that_is_closed_meanwhile(save, alice, olive, left, visit, change):
    book = save(make_book("Emma"))
    voting_round = save(make_round(olive, voting=True))
    save(make_nomination(voting_round, book, alice))
    answer = left(alice).post("/rounds/1/ballot", data={"rank-1": "yes"})
    change(update(type(voting_round)).values(voting_until_at=utcnow()))

    assert "Your ballot came too late" in visit(alice).get(sealed(answer)).text


# Signed in again in another tab


def test_a_page_from_before_signing_in_again_keeps_what_was_typed(strict_visit, save, alice, end_sessions):
    book = save(make_book("Emma"))
    client = strict_visit(alice)
    page = client.get(f"/books/{book.slug}/reviews/new").text
    (form,) = (each for each in forms_on(page) if each.action.endswith("/reviews/new"))
    end_sessions()
    token = forms_on(client.get("/sign-in").text)[0].hidden()["csrf_token"]
    form_in = {"username": "alice", "password": PASSWORD, "csrf_token": token}
    assert client.post("/sign-in", data=form_in).status_code == 303
    sent = form.sent() | {"title": "A title", "summary": "In short.", "body": WORDS, "rating": "4.5"}

    again = client.post(form.action, data=sent)
    assert again.status_code == 422
    assert "You signed in again after this page was opened." in again.text
    fields = fields_of(again, form.action)
    assert [fields[name] for name in ("title", "summary", "body", "rating")] == [
        "A title",
        "In short.",
        WORDS,
        "4.5",
    ]
    assert fields["csrf_token"] != form.hidden()["csrf_token"]
    assert client.post(form.action, data=sent | fields | {"horizon": "0"}).status_code == 303


def test_a_form_that_comes_back_speaks_of_no_token(strict_visit, thread, alice, left):
    client = left(alice)
    address = sealed(client.post("/asks/new", data={"question": WORDS}))
    page = strict_visit(alice).get(address).text

    assert WORDS in page
    assert "CSRF" not in page


def test_the_next_member_is_not_shown_what_the_last_one_sends(strict_visit, save, alice, bob):
    save(make_review(alice, save(make_book("Emma"))))
    (form,) = (
        each
        for each in forms_on(strict_visit(alice).get("/reviews/1").text)
        if each.action.endswith("/comments")
    )

    answer = strict_visit(bob).post(form.action, data=form.sent() | {"body": WORDS})
    assert answer.status_code == 400
    assert WORDS not in answer.text


def test_every_form_of_the_club_can_come_back(app):
    ours = {form for form in FlaskForm.__subclasses__() if form.__module__.startswith("bookclub")}

    assert ours == {BaseForm}
