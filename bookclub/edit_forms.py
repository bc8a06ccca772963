"""The base of all forms that edit something: it writes only the fields that the member changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wtforms import BooleanField, Field, HiddenField, PasswordField, RadioField, SelectField

from .forms import BaseForm
from .lib.text.messages import gettext as _
from .lib.text.messages import lazy_gettext
from .lib.text.three_way_merge import (
    Fate,
    has_changed,
    is_made_with,
    is_same,
    merge,
    read_digests,
    write_digests,
)

DISPUTED = lazy_gettext("This changed while you were writing. Compare the two and save the one you want.")


@dataclass(frozen=True)
class Latest:
    """The member who saved the present value, and when, as far as known."""

    who: str | None = None
    when: datetime | None = None


@dataclass(frozen=True)
class Meanwhile:
    """A value that someone saved while the member was writing, in words, to show beside their own."""

    text: str
    latest: Latest


class EditForm(BaseForm):
    """A form for something that exists already.

    ``made_from`` is optional. With it ``merge()`` leaves alone what the member did not change, and reports
    fields that someone else, or the same member on another device, has changed meanwhile. Fields in
    ``together`` make one statement. Those in ``aside``, hidden fields and passwords are not part of what is
    edited. After merging, ``kept`` has the fields that must not be written, ``changed`` those that the member
    changed.
    """

    together: tuple[tuple[str, ...], ...] = ()
    aside: frozenset[str] = frozenset()

    kept: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()

    made_from = HiddenField()

    def merge(self, fresh: EditForm, latest: Latest | None = None) -> bool:
        """Merge a valid form with ``fresh``, the same form made from the present values.

        Call it in the writing transaction. Fields that the member left alone take the present value. Return
        False if that makes the form invalid or if a field is disputed. The error of a disputed field says so,
        the present value is beside it, and the form carries the digests with which it can be saved as it is.
        """
        made_from = read_digests(self.made_from.data)
        sent = self.sent_texts()
        fates = merge(made_from, fresh.present_texts(), sent, self.together)
        kept = {name for name, fate in fates.items() if fate is Fate.KEPT}
        disputed = [name for name, fate in fates.items() if fate is Fate.DISPUTED]
        self.kept = frozenset(kept)
        self.changed = frozenset(name for name, text in sent.items() if has_changed(made_from, name, text))
        others, fields = fresh.edited_fields(), self.edited_fields()
        # A list, because adopt() has to run for every one of them.
        adopted = [name for name in kept if adopt(fields[name], others[name])]
        if disputed:
            # When the form is sent again, it is compared with the value that the member has seen by then.
            self.made_from.data = fresh.based_on
            for name in disputed:
                dispute(fields[name], fresh.describe(name), latest)
            return False
        # Fields that were valid as sent may not fit beside those that were adopted.
        return not adopted or bool(self.validate())

    def leaves_alone(self, name: str) -> bool:
        """Return whether the member left a field as the form was made, or ``merge()`` kept its value."""
        text = self.text_of(name, self[name])
        return name in self.kept or is_made_with(read_digests(self.made_from.data), name, text)

    @property
    def based_on(self) -> str:
        """The value of the hidden field: as it arrived, or else made from the values of this form."""
        if self.made_from.raw_data is not None:
            return self.made_from.data or ""
        return write_digests(self.present_texts())

    def edited_fields(self) -> Mapping[str, Field]:
        """Return the fields that are edited, by their names on the page."""
        untouched = self.aside | {"csrf_token"}
        return {
            field.short_name: field
            for field in self
            if not isinstance(field, HiddenField | PasswordField) and field.short_name not in untouched
        }

    def present_texts(self) -> dict[str, str]:
        """Return the text of each field as an untouched form would send it."""
        return {name: self.text_of(name, field) for name, field in self.edited_fields().items()}

    def sent_texts(self) -> dict[str, str]:
        """Return the text of each field that was sent. A tick box that was not sent has no tick."""
        return {
            name: self.text_of(name, field)
            for name, field in self.edited_fields().items()
            if field.raw_data or isinstance(field, BooleanField)
        }

    def text_of(self, name: str, field: Field) -> str:
        """Return the value of a field as text, the same for all ways to write it."""
        return text_of(field)

    def describe(self, name: str) -> str:
        """Return the value of a field as its member reads it."""
        field = self.edited_fields()[name]
        if isinstance(field, BooleanField):
            return _("ticked") if field.data else _("not ticked")
        if isinstance(field, SelectField):
            return labels_of(field).get(text_of(field), "")
        return str(field._value()) if hasattr(field, "_value") else text_of(field)


def text_of(field: Any) -> str:
    """Return the text that a browser sends for a field; for a select without a choice, its first one."""
    value = field.data
    if isinstance(value, bool):
        return "y" if value else ""
    # A datetime is a date, too, so it is asked about first.
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    text = "" if value is None else str(value)
    if isinstance(field, SelectField) and not isinstance(field, RadioField) and not field.raw_data:
        labels = labels_of(field)
        return text if text in labels or not labels else next(iter(labels))
    return text


def labels_of(field: SelectField) -> dict[str, str]:
    """Return the labels of a select by their values."""
    choices: Iterable[Any] = field.iter_choices()
    return {str(choice.value): str(choice.label) for choice in choices}


def dispute(field: Any, text: str, latest: Latest | None = None) -> None:
    """Add an error to a field that was changed meanwhile, with the text that is there now."""
    field.errors = [*field.errors, str(DISPUTED)]
    field.meanwhile = Meanwhile(text, latest or Latest())


def adopt(field: Any, other: Any) -> bool:
    """Take another field's value, as if it had been sent. Return whether that changes the text."""
    is_other = not is_same(text_of(field), text_of(other))
    field.data, field.process_errors = other.data, []
    # Validators such as InputRequired look at raw_data.
    if field.raw_data:
        field.raw_data = [other._value() if hasattr(other, "_value") else text_of(other)]
    return is_other


def latest_of(edit: Any) -> Latest | None:
    """Return the author and the time of a logged edit, or None."""
    return Latest(edit.member.display_name, edit.edited_at) if edit else None
