"""The base of every form that edits something: it writes only the fields that its member changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wtforms import BooleanField, Field, HiddenField, PasswordField, RadioField, SelectField

from .forms import BaseForm
from .lib.text.three_way_merge import (
    Fate,
    has_changed,
    is_made_with,
    is_same,
    merge,
    read_digests,
    write_digests,
)

DISPUTED = "This changed while you were writing. Compare the two and save the one you want."


@dataclass(frozen=True)
class Latest:
    """The member who saved the present value, and the time, as far as they are known."""

    who: str | None = None
    when: datetime | None = None


@dataclass(frozen=True)
class Meanwhile:
    """The value that was saved while a member was writing, in words, to be shown beside their own."""

    text: str
    latest: Latest


class EditForm(BaseForm):
    """A form for something that is there already.

    ``made_from`` is optional. With it ``merge()`` leaves alone what the member did not change, and tells
    where somebody, perhaps they themselves on another device, has changed the same field meanwhile.
    Fields in ``together`` make one statement; those in ``aside``, hidden ones and passwords are no part
    of what is edited. After merging ``kept`` has the fields that are not to be written, ``changed`` those
    that the member changed.
    """

    together: tuple[tuple[str, ...], ...] = ()
    aside: frozenset[str] = frozenset()

    kept: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()

    made_from = HiddenField()

    def merge(self, fresh: EditForm, latest: Latest | None = None) -> bool:
        """Bring a valid form in step with ``fresh``, the same form made from what stands now.

        Call it in the writing transaction. Fields that the member left alone take the present value.
        Returns False where that makes the form invalid, or where a field is disputed: then its error says
        so, the value that stands is beside it, and the form carries what it would have to be made from to
        be saved as it is.
        """
        made_from = read_digests(self.made_from.data)
        sent = self.sent_texts()
        fates = merge(made_from, fresh.present_texts(), sent, self.together)
        kept = {name for name, fate in fates.items() if fate is Fate.KEPT}
        disputed = [name for name, fate in fates.items() if fate is Fate.DISPUTED]
        self.kept = frozenset(kept)
        self.changed = frozenset(name for name, text in sent.items() if has_changed(made_from, name, text))
        others, fields = fresh.edited_fields(), self.edited_fields()
        adopted = [name for name in kept if adopt(fields[name], others[name])]
        if disputed:
            self.made_from.data = fresh.based_on
            for name in disputed:
                dispute(fields[name], fresh.describe(name), latest)
            return False
        return not adopted or bool(self.validate())

    def leaves_alone(self, name: str) -> bool:
        """Return whether a field came back as the form was made with it, or was found to be kept."""
        text = self.text_of(name, self[name])
        return name in self.kept or is_made_with(read_digests(self.made_from.data), name, text)

    @property
    def based_on(self) -> str:
        """The value of the hidden field: as it came in, or else made from the values of this form."""
        if self.made_from.raw_data is not None:
            return self.made_from.data or ""
        return write_digests(self.present_texts())

    def edited_fields(self) -> Mapping[str, Field]:
        """The fields of what is edited, by the names that the page gives them."""
        untouched = self.aside | {"csrf_token"}
        return {
            field.short_name: field
            for field in self
            if not isinstance(field, HiddenField | PasswordField) and field.short_name not in untouched
        }

    def present_texts(self) -> dict[str, str]:
        """The text of each field as an untouched form would send it."""
        return {name: self.text_of(name, field) for name, field in self.edited_fields().items()}

    def sent_texts(self) -> dict[str, str]:
        """The text of each field that was sent. A tick box that was not sent has no tick."""
        return {
            name: self.text_of(name, field)
            for name, field in self.edited_fields().items()
            if field.raw_data or isinstance(field, BooleanField)
        }

    def text_of(self, name: str, field: Field) -> str:
        """The value of a field as text, the same for all ways to write it."""
        return text_of(field)

    def describe(self, name: str) -> str:
        """The value of a field as its member reads it."""
        field = self.edited_fields()[name]
        if isinstance(field, BooleanField):
            return "ticked" if field.data else "not ticked"
        if isinstance(field, SelectField):
            return labels_of(field).get(text_of(field), "")
        return str(field._value()) if hasattr(field, "_value") else text_of(field)


def text_of(field: Any) -> str:
    """The value that a browser sends for a field, as text; for a select without a choice, its first one."""
    value = field.data
    if isinstance(value, bool):
        return "y" if value else ""
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
    """The choices of a select with their labels."""
    choices: Iterable[Any] = field.iter_choices()
    return {str(choice.value): str(choice.label) for choice in choices}


def dispute(field: Any, text: str, latest: Latest | None = None) -> None:
    """Say beside a field that it was changed meanwhile, and show the text that stands there now."""
    field.errors = [*field.errors, DISPUTED]
    field.meanwhile = Meanwhile(text, latest or Latest())


def adopt(field: Any, other: Any) -> bool:
    """Take another field's value, as if it had been sent. Returns whether that is another text."""
    is_other = not is_same(text_of(field), text_of(other))
    field.data, field.process_errors = other.data, []
    if field.raw_data:
        field.raw_data = [other._value() if hasattr(other, "_value") else text_of(other)]
    return is_other


def latest_of(edit: Any) -> Latest | None:
    """The author and the time of a logged edit, or None."""
    return Latest(edit.member.display_name, edit.edited_at) if edit else None
