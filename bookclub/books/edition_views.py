"""Views that add and correct editions of a book."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from ..edit_forms import latest_of
from ..extensions import begin_write, db
from ..lib.text.messages import gettext as _
from ..web import invalid, load, the_member
from . import actions, queries
from .events import on_measure, on_positions_changed
from .forms import EditionEditForm, EditionForm, edition_form_for
from .models import Book, Edition

editions = Blueprint("editions", __name__)


@editions.get("/books/<slug>/editions/new")
def new(slug: str) -> str:
    """Show the form for a new edition."""
    return page(load(Book, slug, to="edit"), EditionForm(formdata=None))


@editions.post("/books/<slug>/editions/new")
def create(slug: str) -> Response:
    """Add an edition to a book."""
    form, member = EditionForm(), the_member()
    valid = form.validate_on_submit()
    book = load_to_write(slug)
    fields = form.fields()
    mark = form.sent_as
    # A form sent twice is answered as the first time. One that was changed in between adds an edition.
    sent = next((edition for edition in book.editions if mark and edition.submission == mark), None)
    if valid and sent and sent.fields == fields:
        return redirect(url_for("books.show", slug=slug), 303)
    holder = queries.edition_by_isbn(fields.isbn) if fields.isbn else None
    if not valid or not form.accepts(fields, holder, None):
        return invalid(page(book, form))
    # A new length can move readers who gave a page, so the measures are taken before it changes.
    (before,) = on_measure.call(book.id)
    actions.add_edition(book, fields, member, None if sent else mark)
    on_positions_changed.call(book.id, before)
    db.session.commit()
    flash(_("The edition is in the catalogue now."), "good")
    return redirect(url_for("books.show", slug=slug), 303)


@editions.get("/books/<slug>/editions/<int:edition_id>/edit")
def edit(slug: str, edition_id: int) -> str:
    """Show the form that corrects an edition."""
    book = load(Book, slug, to="edit")
    edition = edition_of(book, edition_id)
    return page(book, edition_form_for(edition), edition)


@editions.post("/books/<slug>/editions/<int:edition_id>/edit")
def update(slug: str, edition_id: int) -> Response:
    """Correct an edition, and bring everything that was counted in it into step."""
    form, member = EditionEditForm(), the_member()
    valid = form.validate_on_submit()
    book = load_to_write(slug)
    edition = edition_of(book, edition_id)
    valid = valid and form.merge(
        edition_form_for(edition), latest_of(queries.last_edit_of(book.id, "edition"))
    )
    fields = form.fields(edition.fields)
    holder = queries.edition_by_isbn(fields.isbn) if fields.isbn else None
    if not valid or not form.accepts(fields, holder, edition.id):
        return invalid(page(book, form, edition))
    (before,) = on_measure.call(book.id)
    if actions.edit_edition(book, edition, fields, member):
        on_positions_changed.call(book.id, before)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(url_for("books.show", slug=slug), 303)


def load_to_write(slug: str) -> Book:
    """Load the book, while nobody else can give an ISBN to an edition."""
    begin_write()
    queries.hold_catalogue()
    return load(Book, slug, to="edit")


def edition_of(book: Book, edition_id: int) -> Edition:
    """Return the edition of this book with this id; aborts with 404 if there is none."""
    edition = next((edition for edition in book.editions if edition.id == edition_id), None)
    return edition or abort(404)


def page(book: Book, form: EditionForm, edition: Edition | None = None) -> str:
    """Render the form of a new edition, or of this one."""
    return render_template("books/editions/edit.html", book=book, form=form, edition=edition)
