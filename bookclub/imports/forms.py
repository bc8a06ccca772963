"""Forms for an uploaded library, for its shelves, and for the reason to stop an import."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf.file import FileField, FileRequired
from wtforms import Field, FieldList, StringField
from wtforms.validators import AnyOf, DataRequired, Length, Optional

from ..edit_forms import EditForm
from ..forms import BaseForm, OnceForm
from ..lib.text.messages import lazy_gettext
from ..members.forms import LineField, refuse_spoilers
from .models import Import
from .rules import MAX_STOP_REASON
from .shelf_choices import BECOMES


class FileForm(OnceForm):
    """Form for a library file that another site exports."""

    file = FileField(
        lazy_gettext("Library file"), validators=[FileRequired(lazy_gettext("Choose the file first."))]
    )


GIVE, LEAVE = "give", "leave"
DESCRIPTION_CHOICES: Mapping[str, str] = {
    GIVE: lazy_gettext("Add them to the catalogue"),
    LEAVE: lazy_gettext("Leave them out"),
}


class ShelvesForm(EditForm):
    """Form for what each shelf of a file becomes, in their order, and if its descriptions are used."""

    descriptions = StringField(default=GIVE, validators=[Optional(), AnyOf(list(DESCRIPTION_CHOICES))])
    shelves = FieldList(StringField(validators=[AnyOf(list(BECOMES))]))

    @classmethod
    def of(cls, brought: Import) -> ShelvesForm:
        """Return the form as a page shows it first, with the choices made so far."""
        descriptions = GIVE if brought.gives_descriptions else LEAVE
        shelves = [shelf.becomes for shelf in brought.choices]
        # The data of the request would hide what is stored.
        return cls(formdata=None, data={"shelves": shelves, "descriptions": descriptions})

    def edited_fields(self) -> Mapping[str, Field]:
        """Fields of the shelves, each by itself, and of the descriptions."""
        return {field.name: field for field in (*self.shelves, self.descriptions)}

    def describe(self, name: str) -> str:
        """Label of the choice for a shelf or for the descriptions."""
        return str({**BECOMES, **DESCRIPTION_CHOICES}.get(self.edited_fields()[name].data or "", ""))

    @property
    def gives_descriptions(self) -> bool:
        """Return True if books without a description take the one in the file."""
        return self.descriptions.data != LEAVE

    def chosen(self, brought: Import) -> dict[str, str]:
        """Choices by the names of the shelves."""
        fields = {field.name: str(field.data) for field in self.shelves}
        return {
            shelf.name: fields[f"shelves-{at}"]
            for at, shelf in enumerate(brought.choices)
            if f"shelves-{at}" in fields
        }


class StopForm(BaseForm):
    """Form for the reason that an organiser gives a member whose import they stop."""

    reason = LineField(
        lazy_gettext("Reason"),
        [
            DataRequired(lazy_gettext("Say why you stop it: the member will read it.")),
            Length(max=MAX_STOP_REASON),
            refuse_spoilers,
        ],
    )
