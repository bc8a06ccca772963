"""The box in which the chapters of a book are typed, and the form that says where one of them starts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Self

from wtforms import HiddenField, SelectField, ValidationError
from wtforms.widgets import TextArea

from ..books.forms import Entry
from ..books.models import Edition
from ..edit_forms import EditForm, dispute
from ..lib.matches import field_values
from ..lib.positions import section_lists, section_starts
from ..lib.text.three_way_merge import digest, read_digests, write_digests
from .models import Section


def _offer(field: SelectField, editions: Iterable[Edition], chosen: Edition | None) -> None:
    """Offer these editions, with ``chosen`` where nothing that is there was chosen."""
    names = {str(edition.id): edition.name for edition in editions}
    field.choices = list(names.items())
    if field.data not in names:
        field.data = str(chosen.id) if chosen else None


class SectionsForm(EditForm):
    """The chapters of a book, a line each. ``edition`` is the one that pages and times speak of.

    ``shown`` is the edition for which the box showed starts when it was opened.
    """

    may_omit = False
    aside = frozenset({"edition"})
    # Behind each title a place may be said.
    characters = section_lists.MAX_SECTIONS * (field_values.MAX_TITLE + 30)

    edition = SelectField("Pages and times speak of", validate_choice=False)
    sections = Entry("Chapters", section_lists.lines_from, widget=TextArea())
    shown = HiddenField()

    def validate_sections(self, field: Entry) -> None:
        """An empty box takes all chapters away; a form without one says nothing of them."""
        if not field.sent:
            raise ValidationError("The list of chapters was missing. Please send it again.")

    def show(self, box: str, edition: Edition | None) -> Self:
        """Fill a form that was not sent with what is there. Returns the form."""
        self.sections.data = box
        self.edition.data = self.shown.data = str(edition.id) if edition else ""
        return self

    def offer(self, editions: Iterable[Edition], chosen: Edition | None) -> Self:
        """Offer these editions. Returns the form."""
        _offer(self.edition, editions, chosen)
        return self


def noted_as(section_id: int, edition_id: int, unit: str) -> str:
    """The name under which a noted start is compared."""
    return f"start-{section_id}-{edition_id}-{unit}"


def given(text: str) -> section_starts.Start:
    """A start that must be given."""
    start = section_starts.start_from(text)
    if start is None:
        raise field_values.Refused("Give a page or a time.")
    return start


class StartForm(EditForm):
    """The start of one chapter in one edition. Its ids differ from those of the box on the same page.

    The form shows no start, and yet it was made from those that were ``noted`` by then.
    """

    may_omit = False
    noted: Mapping[str, str] = MappingProxyType({})

    section = SelectField("Chapter", id="start-section", validate_choice=False)
    edition = SelectField("In which edition", id="start-edition", validate_choice=False)
    start = Entry("Starts on", given, id="start-place")

    def offer(
        self, chapters: Iterable[tuple[int, str]], editions: Iterable[Edition], chosen: Edition | None
    ) -> Self:
        """Offer these chapters, by id and name, and these editions. Returns the form."""
        self.section.choices = [(str(section_id), name) for section_id, name in chapters]
        _offer(self.edition, editions, chosen)
        return self

    def present_texts(self) -> dict[str, str]:
        """All starts that are noted; the first entry says that none of the others is missing."""
        return {"noted": "", **self.noted}

    def fits_in(self, section: Section, edition: Edition, noted: Mapping[str, str]) -> bool:
        """Return whether nobody has noted another start of this chapter since the page was made."""
        made_from = read_digests(self.made_from.data)
        start = section_starts.Start(
            self.start.value.unit or edition.fields.unit or "page", self.start.value.place
        )
        name = noted_as(section.id, edition.id, start.unit)
        was, stands = made_from.get(name, digest("")), noted.get(name, "")
        if not made_from or was == digest(stands) or stands == str(start):
            return True
        dispute(self.start, stands)
        self.made_from.data = write_digests({"noted": "", **noted})
        return False

    def missing(self, section: Section | None, edition: Edition | None) -> Self:
        """Say which of the two that were named are not there. Returns the form."""
        if section is None:
            self.section.errors = [*self.section.errors, "Choose one of the chapters."]
        if edition is None:
            self.edition.errors = [*self.edition.errors, "Choose an edition whose length is known."]
        return self

    def refuse(self, sentence: str) -> None:
        """Say beside the start why it cannot be taken."""
        self.start.errors = [*self.start.errors, sentence]
