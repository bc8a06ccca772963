"""The one policy for the characters of all words that come in."""

from __future__ import annotations

import inspect
import unicodedata
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import FormField, HiddenField, PasswordField, StringField

from bookclub.extensions import db, utcnow
from bookclub.forms import BaseForm, is_of_one_line
from bookclub.lib.library_files.review_markdown import from_html, from_markdown, text_from
from bookclub.lib.text.characters import clean_line, clean_text
from bookclub.lib.text.markdown import render
from bookclub.meetings import rules as meetings
from bookclub.meetings.forms import MeetingForm
from bookclub.members.models import Club
from bookclub.rounds.rules import RoundPlan
from bookclub.threads.models import Comment, Thread
from tests.cases import each
from tests.factories import make_book, make_member

LINE_ENDS = ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"]
UNFIT = ["\0", "\x01", "\x02", "\x08", "\x0e", "\x1b", "\x1f", "\x7f", "\x80", "\x9f", "\ufeff", "\ufdd0"]
UNFIT += ["\ufffe", "\uffff", "\U0001ffff", "\U0010fffe", "\ud800", "\udfff"]
# Words as they come from Word, from a terminal, and from a program that cuts characters in two.
DIRTY = "one\vtwo\0 thr\x1bee\u2028fo\ufeffur\r\nfive\ud800"


@pytest.mark.parametrize("end", LINE_ENDS)
def test_every_end_of_a_line_is_one(end):
    assert clean_text(f"one{end}two") == "one\ntwo"
    assert clean_line(f"one{end}two") == "one two"


@pytest.mark.parametrize("sign", UNFIT)
def test_what_cannot_be_kept_is_dropped(sign):
    assert clean_text(f"on{sign}e") == clean_line(f"on{sign}e") == "one"


@pytest.mark.parametrize(
    "text", ["a\tb", "Zoë 大江 עדה 🦉", "a\u200d\u200fb", "a\u00a0b", "f\u00ado", "e\u0301"]
)
def test_what_can_be_kept_stays(text):
    assert clean_text(text) == text


def test_two_halves_of_a_character_are_that_character():
    assert clean_text("\ud83e\udd89!") == "🦉!"


def test_a_line_turns_nothing_around():
    assert clean_line("\u202eevil\u2066") == "evil"


@given(st.text(st.characters()))
def test_clean_text_is_kept_as_it_is_by_any_database(text):
    cleaned = clean_text(text)

    cleaned.encode("utf-8")
    assert clean_text(cleaned) == cleaned
    assert {c for c in cleaned if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")} <= {"\n", "\t"}


def every_form() -> list[type[BaseForm]]:
    found, waiting = [], [BaseForm]
    while waiting:
        each = waiting.pop()
        waiting += each.__subclasses__()
        if each.__module__.startswith("bookclub.") and not inspect.isabstract(each):
            found.append(each)
    return sorted(found, key=lambda form: (form.__module__, form.__name__))


def made(app: Flask, form: type[BaseForm], sent: dict[str, str] | None = None) -> BaseForm:
    """A form as it is when this was sent, or before."""
    given = {
        "before": utcnow(),
        "club": Club(name="", words=""),
        "current_book": "",
        "member": make_member("alice"),
        "plan": RoundPlan("", utcnow(), utcnow()),
        "trusted": False,
        "word": None,
        "zone": "UTC",
    }
    if form is MeetingForm:
        given |= {
            "books": [],
            "host": "",
            "plan": meetings.MeetingPlan("", utcnow().date(), utcnow().time(), "UTC"),
        }
    known = {
        name: value for name, value in given.items() if name in inspect.signature(form.__init__).parameters
    }
    with app.test_request_context(method="POST" if sent else "GET", data=sent):
        return form(**known)


def words_of(form: BaseForm) -> list[Any]:
    """The fields of a form that take words."""
    assert not any(isinstance(field, FormField) for field in form)
    return [
        field
        for field in form
        if isinstance(field, StringField) and not isinstance(field, HiddenField | PasswordField)
    ]


@each("form", every_form())
def test_every_field_for_words_takes_them_however_they_come(app, form):
    for name in [field.name for field in words_of(made(app, form))]:
        field = made(app, form, {name: DIRTY.replace("\ud800", "")})[name]
        ends = " " if is_of_one_line(field) else "\n"
        assert field.raw_data == [f"one{ends}two three{ends}four{ends}five"]
        assert clean_text(field.data) == field.data
        assert "one" in field.data
        assert "onetwo" not in field.data


def test_there_are_fields_for_words(app):
    names = {field.name for form in every_form() for field in words_of(made(app, form))}

    assert {"title", "summary", "body", "notes", "pitch", "reason", "question", "about", "words"} <= names


@pytest.mark.databases("sqlite", "postgresql")
def test_a_password_is_taken_as_it_was_typed(app):
    class Form(BaseForm):
        password = PasswordField()

    with app.test_request_context(method="POST"):
        assert Form(formdata=MultiDict({"password": DIRTY})).password.data == DIRTY


@pytest.mark.databases("sqlite", "postgresql")
def test_words_pasted_from_word_are_saved(app, visit, alice, save):
    book = save(make_book("Emma"))
    words = {"title": "One\vtwo\0", "body": "One\vtwo\0\u2029three", "horizon": "0"}

    answer = visit(alice).post(f"/books/{book.slug}/threads", data=words)

    assert answer.status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Thread.title)).all() == ["One two"]
        assert db.session.scalars(select(Comment.body)).all() == ["One\ntwo\nthree"]


@pytest.mark.databases("sqlite", "postgresql")
def test_a_search_is_for_the_words_without_what_cannot_be_kept(visit, alice, save):
    save(make_book("Emma"))

    assert "Emma" in visit(alice).get("/books?q=Em%00ma%EF%BB%BF").text


@pytest.mark.parametrize("convert", [from_html, from_markdown, text_from])
def test_an_import_glues_no_words_together(convert):
    assert convert("one\vtwo\0\u2028three").split() == ["one", "two", "three"]


def test_prose_is_rendered_with_every_line():
    assert render("one\vtwo\x02").html == render("one\ntwo").html
