"""Views of the catalogue, and of the pages and forms of books and authors."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..body_limits import takes_text
from ..edit_forms import latest_of
from ..extensions import begin_write, db, utcnow
from ..lib.text import cursors
from ..lib.text.bidi import isolated
from ..lib.text.messages import gettext as _
from ..web import current_viewer, invalid, load, open_to_visitors, the_member
from . import actions, catalogue_queries, pages, queries
from .events import on_edit, on_look_up, on_measure, on_positions_changed
from .forms import BookEditForm, BookForm, FilterForm, edit_form_for, latest_year
from .models import Author, Book

books = Blueprint("books", __name__)
authors = Blueprint("authors", __name__)

# An address may fill these fields of the form for a new book.
SAID = ("title", "subtitle", "authors", "first_published", "isbn", "pages")


@books.get("/books")
@open_to_visitors
def index() -> str:
    """Show the books that match, a page at a time."""
    form = FilterForm(request.args)
    asked = form.asked()
    return render_template(
        "books/index.html",
        form=form.offer(catalogue_queries.authors_in_use(), catalogue_queries.tags_in_use()),
        asked=asked,
        page=catalogue_queries.catalogue(**asked, after=request.args.get("after")),
        begins=not request.args.get("after"),
    )


@books.get("/books/new")
def new() -> str:
    """Show the form for a new book, filled from the address, and from a look-up if one is asked for."""
    said = {name: request.args.get(name, "") for name in SAID}
    asked = request.args.get("look", ""), request.args.get("work", "")
    # A handler returns None if the club does not use its catalogue. Then the form opens as usual.
    looked = next(filter(None, on_look_up.call(*asked, said, latest_year())), None)
    form = BookForm(formdata=None, data=said | looked.texts if looked else said)
    # A member who finds the book here need not fill in the form first to learn that the club has it.
    twins = queries.twins_of(looked.fields) if looked and looked.texts else None
    return pages.show_new_form(form, twins, looked)


@books.post("/books/new")
@takes_text(BookForm.characters)
def create() -> Response:
    """Add a book, unless the club seems to have it."""
    form, member = BookForm(), the_member()
    # Both run in any case, so that one page shows every error and the question as well.
    valid, is_in_doubt = form.validate_on_submit(), form.is_in_doubt()
    if not valid or is_in_doubt:
        return invalid(pages.show_new_form(form))
    fields = form.fields()
    begin_write()
    # Of two members who add one book at once, the second waits here and is then asked about the first one's.
    queries.hold_catalogue()
    # The same form sent twice must not add a second book.
    sent = queries.sent_by(current_viewer(), form.sent_as) if form.sent_as else None
    if sent and sent.title == fields.title:
        return redirect(url_for(".show", slug=sent.slug), 303)
    twins = queries.twins_of(fields)
    if not form.accepts(twins):
        return invalid(pages.show_new_form(form, twins))
    book = actions.add_book(fields, member.id, None if sent else form.sent_as)
    db.session.commit()
    flash(_("“%(title)s” is in the catalogue now.", title=isolated(book.title)), "good")
    return redirect(url_for(".show", slug=book.slug), 303)


@books.get("/books/<slug>")
@open_to_visitors
def show(slug: str) -> str | Response:
    """Show a book with its facts, reviews and threads, as far as the reader may see.

    The address of a book that was merged into another leads to that one.
    """
    book = load(Book, slug, to="see")
    if book.slug != slug:
        # The redirect is temporary, since a merger can be undone for a week.
        return redirect(url_for(".show", slug=book.slug), 302)
    after = {name: cursors.row_id_from(request.args.get(name)) for name in pages.LISTS}
    return pages.show_book(book, after)


@books.get("/books/<slug>/edit")
def edit(slug: str) -> str:
    """Show the form that edits a book."""
    book = load(Book, slug, to="edit")
    return pages.show_edit_form(book, edit_form_for(book))


@books.post("/books/<slug>/edit")
@takes_text(BookEditForm.characters)
def update(slug: str) -> Response:
    """Change a book and log what was changed."""
    form, member = BookEditForm(), the_member()
    valid = form.validate_on_submit()
    begin_write()
    # Rounds keep the titles of this moment if their vote has opened meanwhile, so they come first.
    on_edit.call(utcnow())
    queries.hold_catalogue()
    book = load(Book, slug, to="edit")
    if not valid or not form.merge(edit_form_for(book), latest_of(queries.last_edit_of(book.id))):
        return invalid(pages.show_edit_form(book, form))
    if form.is_in_doubt(book.fields):
        return invalid(pages.show_edit_form(book, form))
    fields = form.fields(book.fields)
    twins = queries.twins_of(fields, but=book)
    if not form.accepts(twins, book.editions[1:]):
        return invalid(pages.show_edit_form(book, form, twins))
    (before,) = on_measure.call(book.id)
    edit = actions.edit_book(book, fields, member)
    # Of what this form can change, only the number of pages moves anybody's place.
    if edit and "pages" in edit.changes:
        on_positions_changed.call(book.id, before)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(url_for(".show", slug=book.slug), 303)


@books.get("/books/<slug>/edits")
def edits(slug: str) -> str:
    """Show the edits of a book, the latest first."""
    book = load(Book, slug, to="edit")
    return pages.show_edits(book, cursors.row_id_from(request.args.get("after")))


@authors.get("/authors/<slug>", endpoint="show")
@open_to_visitors
def show_author(slug: str) -> str | Response:
    """Show an author's books by year of publication, with the club's ratings.

    The address of another spelling that was merged into this author leads here.
    """
    author, after = load(Author, slug, to="see"), request.args.get("after")
    if author.slug != slug:
        # The redirect is temporary, since a merger can be undone for a week.
        return redirect(url_for("authors.show", slug=author.slug, after=after), 302)
    return pages.show_author(author, after)
