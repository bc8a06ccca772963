"""The file that a member brings, and what its shelves become."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf.file import FileField, FileRequired
from wtforms import Field, FieldList, StringField
from wtforms.validators import AnyOf, InputRequired, Length, Optional, ValidationError

from ..edit_forms import EditForm
from ..forms import BaseForm, OnceForm
from ..lib.text.characters import clean_line
from ..members.forms import public
from .models import Import
from .rules import MAX_STOP_REASON
from .shelf_mapping import BECOMES


class FileForm(OnceForm):
    """A library, as another site gives it out."""

    file = FileField("The file", validators=[FileRequired("Choose the file first.")])


GIVE, LEAVE = "give", "leave"
DESCRIPTION_CHOICES: Mapping[str, str] = {GIVE: "Give them to the catalogue", LEAVE: "Leave them out"}


class ShelvesForm(EditForm):
    """The meaning of each shelf of a file, in their order, and the use of its descriptions."""

    descriptions = StringField(default=GIVE, validators=[Optional(), AnyOf(list(DESCRIPTION_CHOICES))])
    shelves = FieldList(StringField(validators=[AnyOf(list(BECOMES))]))

    @classmethod
    def of(cls, brought: Import) -> ShelvesForm:
        """The form as a page offers it first: with what was chosen so far."""
        descriptions = GIVE if brought.gives_descriptions else LEAVE
        shelves = [shelf.becomes for shelf in brought.choices]
        return cls(formdata=None, data={"shelves": shelves, "descriptions": descriptions})

    def edited_fields(self) -> Mapping[str, Field]:
        """The shelves, each by itself, and the descriptions."""
        return {field.name: field for field in (*self.shelves, self.descriptions)}

    def describe(self, name: str) -> str:
        """The meaning that was chosen for a shelf, or what becomes of the descriptions, in words."""
        return {**BECOMES, **DESCRIPTION_CHOICES}.get(self.edited_fields()[name].data or "", "")

    @property
    def gives_descriptions(self) -> bool:
        """Return whether books without a description take the one in the file."""
        return self.descriptions.data != LEAVE

    def chosen(self, brought: Import) -> dict[str, str]:
        """What was chosen, by the names of the shelves."""
        fields = {field.name: str(field.data) for field in self.shelves}
        return {
            shelf.name: fields[f"shelves-{at}"]
            for at, shelf in enumerate(brought.choices)
            if f"shelves-{at}" in fields
        }


class StopForm(BaseForm):
    """The reason that an organiser gives a member whose import they stop."""

    reason = StringField(
        "Reason", [InputRequired("Say why: the member will read it."), Length(max=MAX_STOP_REASON), public]
    )

    def validate_reason(self, field: StringField) -> None:
        field.data = clean_line(field.data or "")
        if not field.data:
            raise ValidationError("Say why: the member will read it.")
