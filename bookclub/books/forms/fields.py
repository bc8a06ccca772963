"""Fields that a rule reads, and the mark by which two editors notice each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import HiddenField, StringField, ValidationError

from ..models import BookEdit


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
    """The text with the line ends of a form made plain, and no white space around it."""
    return text.replace("\r\n", "\n").strip() if text else text


def mark_of(last: BookEdit | None) -> str:
    """What a form carries of the last edit that its editor knows of."""
    return str(last.id) if last else "0"


def fall_behind(seen: HiddenField, last: BookEdit | None) -> bool:
    """Whether there was an edit since the one that the form has ``seen``. Asked once: the next attempt
    knows of it."""
    behind = bool(seen.data) and seen.data != mark_of(last)
    seen.data = mark_of(last)
    return behind
