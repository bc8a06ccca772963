"""Fields that a rule reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import StringField, ValidationError

from ...characters import clean_text


class Entry(StringField):
    """A field whose words a rule turns into a value, or refuses in a sentence."""

    value: Any = None

    def __init__(self, label: str, rule: Callable[[str], Any], **options: Any) -> None:
        super().__init__(label, **options)
        self.rule = rule

    @property
    def sent(self) -> bool:
        return bool(self.raw_data)

    def pre_validate(self, form: Any) -> None:
        """Turn what was typed into its value. A form for a book that is there may leave fields out."""
        if form.may_omit and not self.sent:
            return
        try:
            self.value = self.rule(self.data or "")
        except ValueError as refusal:
            raise ValidationError(str(refusal)) from None


def plain_lines(text: str | None) -> str | None:
    """The text as it is kept, with no white space around it."""
    return clean_text(text).strip() if text else text
