"""Names between isolates, in sentences that hold no elements."""

from __future__ import annotations

import pytest
from wtforms import PasswordField, SearchField, StringField, TextAreaField

from bookclub.forms import BaseForm
from bookclub.lib.text.bidi import isolated
from bookclub.threads.rules import say_locked


@pytest.mark.parametrize("name", ["Olive", "Zoë", "大江", "Ольга", "", "42"])
def test_a_name_that_turns_nothing_around_stays_as_it_is(name):
    assert isolated(name) == name


@pytest.mark.parametrize("name", ["עדה", "Ada עדה", "ليلى", "\u202eolive"])
def test_a_name_from_right_to_left_is_isolated(name):
    assert isolated(name) == f"\u2068{name}\u2069"


def test_each_name_in_a_sentence_is_isolated_by_itself():
    said = say_locked(["עדה", "Bob"], None)

    assert said == "2 replies by \u2068עדה\u2069 and Bob, later in the book."


def test_every_field_for_words_takes_the_direction_of_what_is_typed(app):
    class Form(BaseForm):
        line = StringField()
        lines = TextAreaField()
        search = SearchField()
        secret = PasswordField()

    with app.test_request_context():
        form = Form(formdata=None)
        shown = {name: str(form[name]()) for name in ("line", "lines", "search", "secret")}

    assert [name for name in shown if 'dir="auto"' in shown[name]] == ["line", "lines", "search"]
