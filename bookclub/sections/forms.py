"""Forms for the chapters of a book, and for the start of one chapter in an edition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Self

from wtforms import HiddenField, SelectField, ValidationError
from wtforms.widgets import TextArea

from ..books.forms import RuledText
from ..books.models import Edition
from ..edit_forms import EditForm, dispute
from ..lib.matches import field_values
from ..lib.positions import section_lists, section_starts
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext
from ..lib.text.three_way_merge import digest, read_digests, write_digests
from .models import Section


def _offer_editions(field: SelectField, editions: Iterable[Edition], chosen: Edition | None) -> None:
    """Offer these editions, and choose ``chosen`` if no existing one was chosen."""
    names = {str(edition.id): edition.name for edition in editions}
    field.choices = list(names.items())
    # An edition may have moved to another book by a split while the page was open.
    if field.data not in names:
        field.data = str(chosen.id) if chosen else None


class SectionsForm(EditForm):
    """The chapters of a book, one per line. Pages and times refer to ``edition``.

    ``shown`` is the edition for which the box showed starts when it was opened.
    """

    may_omit = False
    # The edition says how to read the box. It is no value that somebody else could have changed.
    aside = frozenset({"edition"})
    # Behind each title stands its place, which takes up to 30 characters.
    characters = section_lists.MAX_SECTIONS * (field_values.MAX_TITLE + 30)

    edition = SelectField(lazy_gettext("Pages and times are those of"), validate_choice=False)
    sections = RuledText(lazy_gettext("Chapters"), section_lists.lines_from, widget=TextArea())
    shown = HiddenField()

    def validate_sections(self, field: RuledText) -> None:
        """Refuse a form without the box. An empty box deletes all chapters; a missing one must not."""
        if not field.sent:
            raise ValidationError(_("The list of chapters was missing. Please send it again."))

    def show(self, box: str, edition: Edition | None) -> Self:
        """Fill a form that was not sent with the present chapters. Returns the form."""
        self.sections.data = box
        self.edition.data = self.shown.data = str(edition.id) if edition else ""
        return self

    def offer(self, editions: Iterable[Edition], chosen: Edition | None) -> Self:
        """Offer these editions. Returns the form."""
        _offer_editions(self.edition, editions, chosen)
        return self


def noted_as(section_id: int, edition_id: int, unit: str) -> str:
    """Return the name under which a noted start is compared."""
    return f"start-{section_id}-{edition_id}-{unit}"


def required_start(text: str) -> section_starts.Start:
    """Return the typed start. Raises FieldError if there is none."""
    start = section_starts.start_from(text)
    if start is None:
        raise field_values.FieldError(_("Type a page or a time."))
    return start


class StartForm(EditForm):
    """The start of one chapter in one edition. Its ids differ from those of the box on the same page.

    The form shows no starts, but it remembers which were ``noted`` when the page was made.
    """

    may_omit = False
    noted: Mapping[str, str] = MappingProxyType({})

    section = SelectField(lazy_gettext("Chapter"), id="start-section", validate_choice=False)
    edition = SelectField(lazy_gettext("In which edition"), id="start-edition", validate_choice=False)
    start = RuledText(lazy_gettext("Starts at"), required_start, id="start-place")

    def offer(
        self, chapters: Iterable[tuple[int, str]], editions: Iterable[Edition], chosen: Edition | None
    ) -> Self:
        """Offer these chapters, by id and name, and these editions. Returns the form."""
        self.section.choices = [(str(section_id), name) for section_id, name in chapters]
        _offer_editions(self.edition, editions, chosen)
        return self

    def present_texts(self) -> dict[str, str]:
        """Return all noted starts.

        The first entry is always there: it says that a start which is not listed was not noted.
        """
        return {"noted": "", **self.noted}

    def fits_in(self, section: Section, edition: Edition, noted: Mapping[str, str]) -> bool:
        """Return whether nobody has noted another start of this chapter since the page was made."""
        made_from = read_digests(self.made_from.data)
        start = section_starts.Start(
            self.start.value.unit or edition.fields.unit or "page", self.start.value.place
        )
        name = noted_as(section.id, edition.id, start.unit)
        noted_before, noted_now = made_from.get(name, digest("")), noted.get(name, "")
        # A client that sends no digests saw nothing that could clash, so its start is taken as it is.
        if not made_from or noted_before == digest(noted_now) or noted_now == str(start):
            return True
        dispute(self.start, noted_now)
        # From here on the form knows the other start, so sending it once more decides.
        self.made_from.data = write_digests({"noted": "", **noted})
        return False

    def missing(self, section: Section | None, edition: Edition | None) -> Self:
        """Add an error for a chapter or an edition that does not exist. Returns the form."""
        if section is None:
            self.section.errors = [*self.section.errors, _("Choose one of the chapters.")]
        if edition is None:
            self.edition.errors = [*self.edition.errors, _("Choose an edition whose length is known.")]
        return self

    def refuse(self, sentence: str) -> None:
        """Put an error beside the start."""
        self.start.errors = [*self.start.errors, sentence]
