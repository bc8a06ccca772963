"""Remarks: sentences that are stored now and worded when they are read."""

from __future__ import annotations

import json
from datetime import date
from gettext import NullTranslations

import pytest
from babel import Locale

from bookclub.lib.text import messages
from bookclub.lib.text.remarks import Remark, nremark, remark, remarks_text, store_remarks

PLAIN = remark("Nothing new.")
RATED = remark("Your rating here stays %(here)s; the file says %(file)s.", here=4.5, file=1234)
TAGGED = nremark("%(num)s tag", "%(num)s tags", 2)
BEGUN = remark("You began on %(day)s.", day=date(2019, 3, 7))
LISTED = remark("New from the file: %(parts)s.", parts=(remark("your rating"), TAGGED, PLAIN))


class German(NullTranslations):
    """A catalogue of two sentences."""

    def gettext(self, message: str) -> str:
        return {"Nothing new.": "Nichts Neues.", "your rating": "deine Sterne"}.get(message, message)


@pytest.fixture
def german():
    """The language of the moment is German."""
    language = messages.Language(Locale.parse("de"), German())
    before = messages._current
    messages.set_source(lambda: language)
    yield
    messages.set_source(before)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (PLAIN, "Nothing new."),
        (RATED, "Your rating here stays 4.5; the file says 1,234."),
        (TAGGED, "2 tags"),
        (BEGUN, "You began on 7 March 2019."),
        (LISTED, "New from the file: your rating, 2 tags and Nothing new.."),
    ],
)
def test_a_remark_comes_back_as_it_was_stored(said, text):
    stored = json.loads(json.dumps(said.to_json()))

    assert Remark.from_json(stored) == said
    assert str(Remark.from_json(stored)) == text


def test_a_stored_remark_is_worded_for_its_reader(german):
    stored = store_remarks([PLAIN, RATED, LISTED])

    assert remarks_text(stored) == (
        "Nichts Neues. Your rating here stays 4,5; the file says 1.234."
        " New from the file: deine Sterne, 2 tags und Nichts Neues.."
    )


def test_what_an_earlier_release_worded_is_shown_as_it_is():
    assert remarks_text("The rating “100 %” is none.") == "The rating “100 %” is none."
    assert str(Remark.from_json("The rating “100 %” is none.")) == "The rating “100 %” is none."
    assert (store_remarks([]), remarks_text("")) == ("", "")


def test_words_of_the_file_are_never_taken_for_placeholders():
    said = remark("You chose to leave out the shelf “%(shelf)s”.", shelf='100 %(x)s ["a"]')

    assert remarks_text(store_remarks([said])) == 'You chose to leave out the shelf “100 %(x)s ["a"]”.'
