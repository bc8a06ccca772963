"""Fields by which a form brings pictures, and what has been brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import g
from flask_wtf.file import FileField as OneFileField
from flask_wtf.file import FileRequired
from wtforms import FileField, HiddenField, StringField, TextAreaField, ValidationError

from ..forms import BaseForm
from ..lib.images.renditions import WIDTHS
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext
from ..lib.text.pictures import Sizes, insert_references, pictures_named
from ..web import current_member
from . import queries
from .decoder import PictureError, Upload, decode_file

# Names of the fields, of which none is a part of the text that is edited.
NAMES = frozenset(
    {"picture", "picture_alt", "picture_caption", "picture_credit", "picture_at", "add_picture"}
)


@dataclass(frozen=True)
class RefusedFile:
    """A file that was not taken: why, and the words that were typed for it."""

    problem: str
    alt: str
    caption: str
    credit: str


@dataclass
class Brought:
    """The pictures of one form: references to those that are kept, and the files that were refused."""

    references: list[str] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)


class PictureFields(BaseForm):
    """A form whose ``body`` may show pictures.

    They are kept before the form is checked, and their references put into the body, so that none is lost
    when the form comes back. The button "add_picture" brings it back in any case, with the references.
    """

    body = TextAreaField(lazy_gettext("Your words"))
    picture = FileField(lazy_gettext("Picture"))
    picture_alt = StringField(lazy_gettext("What it shows"))
    picture_caption = StringField(lazy_gettext("Caption"))
    picture_credit = StringField(lazy_gettext("Where it is from"))
    # The place in the body, in characters, at which a script noticed the cursor.
    picture_at = HiddenField()
    add_picture = HiddenField()

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        """Read the form, and put the pictures that it has brought into the body."""
        super().process(formdata, *args, **kwargs)
        self._brings = formdata is not None
        brought = brought_pictures() if self._brings else Brought()
        place = self.picture_at.data or ""
        at = int(place) if place.isascii() and place.isdigit() and len(place) < 9 else None
        self.body.data = insert_references(self.body.data or "", brought.references, at)
        words = (self.picture_alt, self.picture_caption, self.picture_credit)
        if brought.references or brought.refused:
            # What was typed for a picture that is in the text now is there, too.
            first = brought.refused[0] if brought.refused else RefusedFile("", "", "", "")
            for each, text in zip(words, (first.alt, first.caption, first.credit), strict=True):
                each.data = text
            problems = [each.problem for each in brought.refused]
        else:
            is_missing = self._brings and any(each.data for each in words)
            problems = [_("Choose the picture that these words are about.")] if is_missing else []
        # The check of a form clears all errors but these.
        self.picture.process_errors = [*self.picture.process_errors, *problems]

    @property
    def has_added(self) -> bool:
        """Return whether the button was pressed that only puts pictures into the text."""
        return bool(self._brings and self.add_picture.data)

    @property
    def is_open(self) -> bool:
        """Return whether the fields for a picture hold something to look at."""
        return bool(self.picture.process_errors or self.picture_alt.data)

    def sizes_for(self, text: str) -> Mapping[int, Sizes]:
        """Return the sizes of the pictures that the text may show."""
        numbers = pictures_named(text)
        # Most texts have none, and only to build the statement takes longer than the rest of the form.
        member = current_member() if numbers else None
        return queries.writable_sizes(numbers, member.id, self.owner) if member else {}

    def shown(self) -> Mapping[int, Sizes]:
        """Return the sizes of the pictures in the body as it is typed, to be shown beside it."""
        return self.sizes_for(self.body.data or "")


class UploadForm(BaseForm):
    """A form that brings one picture, for a place with such ``widths``.

    Decoding is slow, so it happens while the form is checked, before any transaction.
    """

    picture = OneFileField(
        lazy_gettext("Picture"), validators=[FileRequired(lazy_gettext("Choose a picture first."))]
    )
    upload: Upload

    def __init__(self, widths: Sequence[int] = WIDTHS, **sent: Any) -> None:
        super().__init__(**sent)
        self.widths = widths

    def validate_picture(self, field: Any) -> None:
        """Decode the file. Raises ValidationError with the reason if it is not taken."""
        try:
            self.upload = decode_file(field.data, self.widths)
        except PictureError as problem:
            raise ValidationError(str(problem)) from None

    def refuse(self, problem: str) -> None:
        """Say beside the field why the picture is not taken."""
        self.picture.errors = [problem]


def note_brought(brought: Brought) -> None:
    """Remember for this request what its form has brought."""
    g.pictures_brought = brought


def brought_pictures() -> Brought:
    """Return what the form of this request has brought."""
    if "pictures_brought" not in g:
        return Brought()
    found: Brought = g.pictures_brought
    return found
