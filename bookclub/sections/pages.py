"""The page with the chapters of a book, and their starts in one edition."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template

from ..books.models import Book, Edition
from ..lib.positions import section_lists, section_starts
from ..lib.positions.contents import Contents, SectionPlace, section_name
from ..lib.positions.measures import Measures
from ..lib.positions.section_lists import Chapter
from ..readings.queries import contents_of, measures_of, own_reading
from ..web import current_viewer
from . import actions, queries
from .forms import SectionsForm, StartForm, noted_as
from .queries import edition_called


def show_sections(
    book: Book,
    form: SectionsForm | None = None,
    start_form: StartForm | None = None,
    *,
    edition: Edition | None = None,
) -> str:
    """Render the box, filled for this edition or as it was sent, and the form for one start."""
    reading, contents = own_reading(current_viewer(), book.id), contents_of(book.id)
    mark = reading.mark if reading else None
    # Only in an edition of known length does a page or a time mean a position.
    measured = [edition for edition in book.editions if edition.fields.unit]
    # The form for one start begins with the edition that the member holds, the box with the book's first.
    own = edition_called(book, str(reading.edition_id or "") if reading else None)
    edition = edition or edition_called(book, None)
    form = form or sections_form_for(book, edition)
    chapters = [(section.id, section_name(section, mark)) for section in contents.sections]
    start_form = start_form or StartForm(formdata=None)
    start_form.noted = noted_in(measures_of(book.id))
    return render_template(
        "sections/edit.html",
        book=book,
        contents=contents,
        measured=measured,
        form=form.offer(measured, edition),
        start_form=start_form.offer(chapters, measured, own),
    )


def noted_in(measures: Measures) -> dict[str, str]:
    """Return every start that is noted in an edition, in the form in which starts are compared."""
    return {
        noted_as(one.section_id, one.edition_id, one.unit): str(section_starts.Start(one.unit, one.place))
        for one in measures.noted
    }


def sections_form_for(book: Book, edition: Edition | None) -> SectionsForm:
    """Return the form as this reader may see it, filled with the present chapters, for this edition."""
    reading, contents = own_reading(current_viewer(), book.id), contents_of(book.id)
    # A sent form is merged with this one, so both must show numbers for the same titles that lie ahead.
    box = box_for(book, contents, reading.mark if reading else None, edition)
    return SectionsForm(formdata=None).show(box, edition)


def box_for(book: Book, contents: Contents, mark: int | None, edition: Edition | None) -> str:
    """Return the text of the box as this reader may see it, with the starts of this edition."""
    notes = queries.notes_of(edition)
    return section_lists.write_box(
        [
            Chapter(
                section.id,
                section.title,
                actions.shown_start(section, edition, notes),
                is_ahead(place, mark),
            )
            for section, place in zip(queries.sections_of(book.id), contents.sections, strict=True)
        ]
    )


def is_ahead(section: SectionPlace, mark: int | None) -> bool:
    """Return whether this reader may not know the title yet, and gets the section's number instead."""
    # One function decides which titles show: this one is hidden if its name is the same without it.
    return bool(section.title) and section_name(section, mark) == section_name(
        replace(section, title=""), mark
    )
