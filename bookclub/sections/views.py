"""Views that edit the chapters of a book, and note their starts in an edition."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..body_limits import takes_text
from ..books import queries as books_queries
from ..books.events import on_positions_changed
from ..books.models import Book, Edition
from ..edit_forms import latest_of
from ..extensions import db
from ..lib.matches import field_values
from ..lib.positions import section_lists, section_starts
from ..lib.positions.contents import Contents, SectionPlace, section_name
from ..lib.positions.measures import Measures
from ..lib.positions.section_lists import Chapter
from ..lib.text import cursors
from ..readings.queries import contents_of, measures_of, reading_of
from ..web import invalid, load, the_member
from . import actions, queries
from .forms import SectionsForm, StartForm, noted_as

sections = Blueprint("sections", __name__)


@sections.get("/books/<slug>/sections")
def edit(slug: str) -> str:
    """Show the box with the chapters, and their starts in one edition."""
    book = load(Book, slug, to="edit")
    return page(book, edition=edition_called(book, request.args.get("edition")))


@sections.post("/books/<slug>/sections")
@takes_text(SectionsForm.characters)
def update(slug: str) -> Response:
    """Make the chapters of a book what the box says."""
    form, member = SectionsForm(), the_member()
    valid = form.validate_on_submit()
    book = load(Book, slug, to="edit")
    if not valid:
        return invalid(page(book, form))
    edition = edition_called(book, form.edition.data)
    shown = edition_called(book, form.shown.data) if form.shown.data else edition
    # A conflict names the member who changed the chapters last.
    last = books_queries.last_edit_of(book.id, "chapters", "starts")
    if not form.merge(form_for(book, shown), latest_of(last)):
        return invalid(page(book, form))
    before = measures_of(book.id)
    try:
        edited = actions.edit_sections(book, form.sections.value, edition, shown, member.id)
        if edited.changed:
            on_positions_changed.call(book.id, before)
        # Positions are computed in the call above, so only now is it known whether each start has one.
        section_starts.refuse_contradictions((line, section.start) for line, section in edited.given)
    except field_values.Refused as refusal:
        # The chapters were already changed when the contradiction showed.
        db.session.rollback()
        form.sections.errors = [*form.sections.errors, str(refusal)]
        return invalid(page(load(Book, slug, to="edit"), form))
    db.session.commit()
    flash("The chapters are saved." if edited.changed else "Nothing was changed.", "good")
    return redirect(url_for("books.show", slug=slug), 303)


@sections.post("/books/<slug>/sections/starts")
def note(slug: str) -> Response:
    """Note where a chapter starts in a member's edition."""
    form, member = StartForm(), the_member()
    valid = form.validate_on_submit()
    book = load(Book, slug, to="edit")
    edition = edition_called(book, form.edition.data)
    section = queries.section_called(book.id, form.section.data)
    if section is None or edition is None or not valid:
        return invalid(page(book, start_form=form.missing(section, edition)))
    before = measures_of(book.id)
    if not form.fits_in(section, edition, noted_in(before)):
        return invalid(page(book, start_form=form))
    try:
        actions.note_start(book, section, edition, form.start.value, member.id)
        on_positions_changed.call(book.id, before)
        # The start has a position only if it contradicts no other, which the call above finds out.
        section_starts.refuse_contradictions([(None, section.start)])
    except field_values.Refused as refusal:
        db.session.rollback()
        form.refuse(str(refusal))
        return invalid(page(load(Book, slug, to="edit"), start_form=form))
    db.session.commit()
    flash("Thank you. Everybody’s places follow.", "good")
    return redirect(url_for(".edit", slug=slug, edition=edition.id, _anchor="starts"), 303)


def edition_called(book: Book, text: str | None) -> Edition | None:
    """Return the edition of this book with this id; without an id, the first one of known length."""
    if not text:
        return next((edition for edition in book.editions if edition.fields.unit), None)
    edition_id = cursors.id_from(text)
    return next((edition for edition in book.editions if edition.id == edition_id), None)


def page(
    book: Book,
    form: SectionsForm | None = None,
    start_form: StartForm | None = None,
    *,
    edition: Edition | None = None,
) -> str:
    """Render the box, filled for this edition or as it was sent, and the form for one start."""
    reading, contents = reading_of(the_member().id, book.id), contents_of(book.id)
    mark = reading.mark if reading else None
    measured = [edition for edition in book.editions if edition.fields.unit]
    own = edition_called(book, str(reading.edition_id or "") if reading else None)
    edition = edition or edition_called(book, None)
    form = form or form_for(book, edition)
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


def form_for(book: Book, edition: Edition | None) -> SectionsForm:
    """Return the form as this reader may see it, filled with the present chapters, for this edition."""
    reading, contents = reading_of(the_member().id, book.id), contents_of(book.id)
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
    return bool(section.title) and section_name(section, mark) == section_name(
        replace(section, title=""), mark
    )
