"""Forms for a passage: a new one, and one that its member edits."""

from __future__ import annotations

from typing import Self

from wtforms import HiddenField, SelectField, StringField, TextAreaField, ValidationError

from ..books.catalogue_queries import addresses_of
from ..edit_forms import EditForm
from ..forms import OnceForm, choices_of
from ..lib.library_files.clippings import Highlight
from ..lib.positions.contents import section_id_in
from ..lib.positions.places import PlaceError
from ..lib.text.characters import trim_text
from ..lib.text.errors import TextError
from ..lib.text.markdown import Prose, render
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext, number_text
from ..lib.text.spoilers import find_doubtful_spoiler
from ..threads.composer import Writer
from . import rules
from .actions import Quotation
from .models import Passage
from .places import place_from

UNITS = {
    "page": lazy_gettext("page"),
    "minute": lazy_gettext("minutes"),
    "section": lazy_gettext("chapter"),
    "percent": "%",
}


class PassageForm(OnceForm):
    """Words from a book, where they stand, and a note on them.

    ``left_open`` carries the mark of an unclosed spoiler in the note that the writer was already asked about.
    """

    characters = rules.MAX_TEXT + rules.MAX_NOTE
    prose: Prose | None = None

    text = TextAreaField(lazy_gettext("The words from the book"))
    position = StringField(lazy_gettext("Where it stands"))
    position_unit = SelectField(
        lazy_gettext("Counted in"), choices=choices_of(UNITS), default="percent", validate_choice=False
    )
    note = TextAreaField(lazy_gettext("Your note"))
    left_open = HiddenField()

    def validate_text(self, field: TextAreaField) -> None:
        """Refuse no words at all, and more than a quotation may have."""
        problem = rules.length_problem(trim_text(field.data))
        if problem:
            raise ValidationError(problem)

    def validate_note(self, field: TextAreaField) -> None:
        """Refuse a note that is too long, and render it while no transaction is open."""
        note = trim_text(field.data)
        if len(note) > rules.MAX_NOTE:
            raise ValidationError(
                _(
                    "That is %(length)s characters long. Shorten it to %(most)s.",
                    length=number_text(len(note)),
                    most=number_text(rules.MAX_NOTE),
                )
            )
        try:
            self.prose = render(note, addresses_of(note)) if note else Prose("", "", has_spoilers=False)
        except TextError as refusal:
            raise ValidationError(str(refusal)) from None
        found = find_doubtful_spoiler(note)
        # Sending the form again with the mark confirms it.
        if found and self.left_open.data != found.mark:
            self.left_open.data = found.mark
            raise ValidationError(found.doubt)

    def quotation(self, writer: Writer) -> Quotation | None:
        """Return what this writer wants to keep; None, with an error set, if the place makes no sense."""
        try:
            place = place_from(self.position_unit.data or "", self.position.data or "", writer)
        except PlaceError as problem:
            self.position.errors = [*self.position.errors, str(problem)]
            return None
        # validate_note() has set it, because this method is only called on a valid form.
        assert self.prose is not None
        return Quotation(trim_text(self.text.data), trim_text(self.note.data), self.prose, place)

    def offer(self, writer: Writer) -> Self:
        """Offer the units in which this book is measured, the writer's own first. Return the form."""
        units = units_for(writer)
        self.position_unit.choices = choices_of({unit: UNITS[unit] for unit in units})
        # A chapter is shown by its number, whatever names it in the database.
        section = writer.contents.section(section_id_in(self.position.data or "") or 0)
        if section and self.position_unit.data == "section":
            self.position.data = str(section.number)
        if self.position_unit.data not in units:
            self.position_unit.data = units[0]
        return self


class PassageEditForm(EditForm, PassageForm):
    """A passage, edited by the member who keeps it."""

    # A number means nothing without its unit, so both are kept or written together.
    together = (("position", "position_unit"),)


def units_for(writer: Writer) -> list[str]:
    """Return the units for a place in this book, the one in which the writer counts first."""
    measures = writer.measures
    known = {
        "page": measures.scale("page", writer.edition_id, _length(writer, "page")) is not None,
        "minute": measures.scale("minute", writer.edition_id, _length(writer, "minute")) is not None,
        "section": bool(writer.contents),
        "percent": True,
    }
    units = [unit for unit in UNITS if known[unit]]
    return sorted(units, key=lambda unit: not (writer.counts_time and unit == "minute"))


def _length(writer: Writer, unit: str) -> int | None:
    return writer.length if unit == writer.length_unit else None


def passage_form_for(writer: Writer, highlight: Highlight | None = None) -> PassageForm:
    """Return an empty form, or one with a highlight that the member may keep."""
    form = PassageForm(formdata=None)
    form.position_unit.data = ""
    if highlight is not None:
        form.text.data = highlight.text
        if highlight.page and "page" in units_for(writer):
            form.position.data, form.position_unit.data = highlight.page, "page"
    return form.offer(writer)


def edit_form_for(passage: Passage, writer: Writer) -> PassageEditForm:
    """Return the form in which its member edits a passage."""
    form = PassageEditForm(formdata=None)
    form.text.data, form.note.data = passage.text, passage.body
    form.position.data, form.position_unit.data = passage.entry, passage.entry_unit
    units = units_for(writer)
    section = writer.contents.section(section_id_in(passage.entry) or 0)
    if passage.entry_unit not in units or (passage.entry_unit == "section" and section is None):
        # What it was counted in is gone, so the place is shown as what it means.
        form.position.data, form.position_unit.data = f"{passage.own_horizon / 100:g}", "percent"
    return form.offer(writer)
