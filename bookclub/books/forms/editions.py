"""The form of one edition: ISBN, format and length."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from wtforms import SelectField, ValidationError

from ...edit_forms import EditForm
from ...forms import OnceForm
from .. import rules
from ..models import Book, Edition
from ..rules import EditionFields
from .fields import Entry


class FormatField(SelectField):
    """A format, chosen from a list, or none."""

    value: str | None = None

    @property
    def sent(self) -> bool:
        return bool(self.raw_data)

    def pre_validate(self, form: Any) -> None:
        """Take the choice, unless a form for an edition that is there left it out."""
        if form.may_omit and not self.sent:
            return
        try:
            self.value = rules.format_from(self.data or "")
        except rules.Refused as refusal:
            raise ValidationError(str(refusal)) from None


class EditionForm(OnceForm):
    """A printing or recording that is not there yet."""

    may_omit = False

    format = FormatField("Format", choices={"": "Not said"} | rules.FORMATS)
    pages = Entry("Pages", rules.pages_from)
    minutes = Entry("Length of the recording", rules.minutes_from)
    isbn = Entry("ISBN", rules.isbn_from)

    def fields(self, before: EditionFields | None = None) -> EditionFields:
        """What the valid form says, and ``before`` where it says nothing."""
        said: dict[str, Any] = {
            field.short_name: field.value
            for field in self
            if isinstance(field, Entry | FormatField) and field.sent
        }
        return replace(before or EditionFields(), **said)

    def accepts(
        self, fields: EditionFields, holder: tuple[Edition, Book] | None, edition_id: int | None
    ) -> bool:
        """Whether these fields say anything, and their ISBN is free or that of this very edition."""
        if not fields:
            self.form_errors.append("Give at least one of these: a length, an ISBN or a format.")
        if holder and holder[0].id != edition_id:
            self.isbn.errors = [*self.isbn.errors, f"An edition of “{holder[1].title}” has this ISBN."]
        return not self.errors


class EditionEditForm(EditForm, EditionForm):
    """An edition that is there; what is not sent stays."""

    may_omit = True

    def sent_texts(self) -> dict[str, str]:
        """Every field that was sent, as the edition would give it back: an ISBN with its hyphens."""
        known = texts_of(self.fields())
        return {name: known[name] for name in super().sent_texts()}


def edition_form_for(edition: Edition) -> EditionEditForm:
    """The form as the edit page shows it, filled with what is known."""
    return EditionEditForm(formdata=None, data=texts_of(edition.fields))


def texts_of(fields: EditionFields) -> dict[str, str]:
    """Every field of an edition as the form writes it."""
    return {
        "format": fields.format or "",
        "pages": str(fields.pages or ""),
        "minutes": str(rules.Start("minute", fields.minutes)) if fields.minutes else "",
        "isbn": rules.isbn_text(fields.isbn) if fields.isbn else "",
    }
