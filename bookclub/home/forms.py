"""Forms for the word from the organisers."""

from __future__ import annotations

from typing import Any

from wtforms import Field, HiddenField, TextAreaField, ValidationError
from wtforms.validators import Length

from ..books.catalogue_queries import addresses_of
from ..edit_forms import EditForm
from ..forms import BaseForm
from ..lib.text.errors import TextError
from ..lib.text.markdown import render
from ..lib.text.messages import lazy_gettext
from ..lib.text.shown_text import typed
from ..members.forms import refuse_spoilers, warn_of_spoilers
from ..members.rules import LONGEST_WORDS
from .models import Word


class WordForm(EditForm):
    """The word from the organisers, in Markdown. Everybody reads it, so it hides no spoilers."""

    characters = LONGEST_WORDS
    body_html = ""

    body = TextAreaField(
        lazy_gettext("Your word to the club"),
        [Length(max=LONGEST_WORDS, message=lazy_gettext("Use at most %(max)d characters.")), refuse_spoilers],
    )

    def __init__(self, word: Word | None, **choices: Any) -> None:
        super().__init__(data={"body": typed(word.body) if word else ""}, **choices)
        warn_of_spoilers(self.body)

    @property
    def text(self) -> str:
        return (self.body.data or "").strip()

    def validate_body(self, field: Field) -> None:
        # Rendering is slow, so it happens while no transaction is open.
        try:
            self.body_html = render(self.text, addresses_of(self.text)).safe_html
        except TextError as problem:
            raise ValidationError(str(problem)) from None


class DismissalForm(BaseForm):
    """A member dismisses the word with this number."""

    number = HiddenField()
