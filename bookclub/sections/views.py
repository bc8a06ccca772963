"""Views that edit the chapters of a book, and note their starts in an edition."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from ..body_limits import takes_text
from ..books import queries as books_queries
from ..books.events import on_measure, on_positions_changed
from ..books.models import Book
from ..edit_forms import latest_of
from ..extensions import db
from ..lib.matches import field_values
from ..lib.positions import section_starts
from ..lib.text.messages import gettext as _
from ..web import invalid, load, the_member
from . import actions, queries
from .forms import SectionsForm, StartForm
from .pages import noted_in, sections_form_for, show_sections
from .queries import edition_called

sections = Blueprint("sections", __name__)


@sections.get("/books/<slug>/sections")
def edit(slug: str) -> str:
    """Show the box with the chapters, and their starts in one edition."""
    book = load(Book, slug, to="edit")
    return show_sections(book, edition=edition_called(book, request.args.get("edition")))


@sections.post("/books/<slug>/sections")
@takes_text(SectionsForm.characters)
def update(slug: str) -> Response:
    """Make the chapters of a book what the box says."""
    form, member = SectionsForm(), the_member()
    valid = form.validate_on_submit()
    book = load(Book, slug, to="edit")
    if not valid:
        return invalid(show_sections(book, form))
    edition = edition_called(book, form.edition.data)
    # Starts in the box belong to the edition for which it was opened, whichever the member chose then.
    shown = edition_called(book, form.shown.data) if form.shown.data else edition
    # A conflict names the member who changed the chapters last.
    last = books_queries.last_edit_of(book.id, "chapters", "starts")
    if not form.merge(sections_form_for(book, shown), latest_of(last)):
        return invalid(show_sections(book, form))
    (before,) = on_measure.call(book.id)
    try:
        edited = actions.edit_sections(book, form.sections.value, edition, shown, member)
        if edited.changed:
            on_positions_changed.call(book.id, before)
        # Positions are computed in the call above, so only now is it known whether each start has one.
        section_starts.refuse_contradictions((line, section.start) for line, section in edited.given)
    except field_values.FieldError as refusal:
        # The chapters were already changed when the contradiction showed.
        db.session.rollback()
        form.sections.errors = [*form.sections.errors, str(refusal)]
        # The rollback also expired the book, so the page loads it again.
        return invalid(show_sections(load(Book, slug, to="edit"), form))
    db.session.commit()
    flash(_("The chapters are saved.") if edited.changed else _("Nothing was changed."), "good")
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
        return invalid(show_sections(book, start_form=form.missing(section, edition)))
    (before,) = on_measure.call(book.id)
    if not form.fits_in(section, edition, noted_in(before)):
        return invalid(show_sections(book, start_form=form))
    try:
        actions.note_start(book, section, edition, form.start.value, member)
        on_positions_changed.call(book.id, before)
        # The start has a position only if it contradicts no other, which the call above finds out.
        section_starts.refuse_contradictions([(None, section.start)])
    except field_values.FieldError as refusal:
        db.session.rollback()
        form.refuse(str(refusal))
        return invalid(show_sections(load(Book, slug, to="edit"), start_form=form))
    db.session.commit()
    flash(_("Thank you. Everybody’s place is more exact now."), "good")
    return redirect(url_for(".edit", slug=slug, edition=edition.id, _anchor="starts"), 303)
