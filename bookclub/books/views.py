"""Views of the catalogue, and of the pages and forms of books and authors."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..asks.forms import AdviceForm
from ..asks.queries import asks_about, endorsements_from, endorsements_to
from ..body_limits import takes_text
from ..edit_forms import latest_of
from ..extensions import begin_write, db, utcnow
from ..lib.positions.contents import section_name
from ..lib.text import cursors
from ..lib.text.bidi import isolated
from ..mergers.queries import Log, mergers_of_author, mergers_of_book
from ..readings.forms import reading_form_for, standing_of
from ..readings.queries import measures_of, own_details, rating_histogram, reading_of
from ..reviews import queries as reviews
from ..reviews.draft_queries import mine_on
from ..rounds.queries import rounds_nominating
from ..threads import queries as threads
from ..threads.forms import thread_form_for
from ..web import current_member, invalid, load, open_to_visitors, the_member, viewer
from . import actions, alias_queries, catalogue_queries, queries
from .events import on_edit, on_look_up, on_positions_changed
from .forms import BookEditForm, BookForm, FilterForm, edit_form_for, latest_year
from .look_ups import LookUp
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
    looked = next(filter(None, on_look_up.call(*asked, said, latest_year())), None)
    form = BookForm(formdata=None, data=said | looked.texts if looked else said)
    return new_page(form, queries.twins_of(looked.fields) if looked and looked.texts else None, looked)


@books.post("/books/new")
@takes_text(BookForm.characters)
def create() -> Response:
    """Add a book, unless the club seems to have it."""
    form, member = BookForm(), the_member()
    valid, is_in_doubt = form.validate_on_submit(), form.is_in_doubt()
    if not valid or is_in_doubt:
        return invalid(new_page(form))
    fields = form.fields()
    begin_write()
    queries.hold_catalogue()
    # The same form sent twice must not add a second book.
    sent = queries.sent_by(member.id, form.sent_as) if form.sent_as else None
    if sent and sent.title == fields.title:
        return redirect(url_for(".show", slug=sent.slug), 303)
    twins = queries.twins_of(fields)
    if not form.accepts(twins):
        return invalid(new_page(form, twins))
    book = actions.add_book(fields, member.id, None if sent else form.sent_as)
    db.session.commit()
    flash(f"“{isolated(book.title)}” is in the catalogue now.", "good")
    return redirect(url_for(".show", slug=book.slug), 303)


@books.get("/books/<slug>")
@open_to_visitors
def show(slug: str) -> str | Response:
    """Show a book with its facts, reviews and threads, as far as the reader may see.

    The address of a book that was merged into another leads to that one.
    """
    book, member = load(Book, slug, to="see"), current_member()
    if book.slug != slug:
        # The redirect is temporary, since a merger can be undone for a week.
        return redirect(url_for(".show", slug=book.slug), 302)
    reader = viewer()
    reading, measures, own = (
        reading_of(reader.id, book.id),
        measures_of(book.id),
        own_details(reader.id, book.id),
    )
    mark = reading.mark if reading else None
    after = {name: cursors.id_from(request.args.get(name)) for name in ("reviews_after", "threads_after")}
    return render_template(
        "books/show.html",
        book=book,
        reading=reading,
        reading_form=reading_form_for(reading, measures, own),
        standing=standing_of(reading, measures),
        own=own,
        is_part_now=bool(
            reading and reading.moved_from and alias_queries.was_called(book.id, reading.moved_from)
        ),
        histogram=rating_histogram(book.id),
        mine=mine_on(reader.id, book.id),
        reviews=reviews.reviews_on_book(book.id, reader, after["reviews_after"]),
        threads=threads.threads_on_book(book.id, reader, after["threads_after"]),
        chapters=[(section_name(section, mark), section.start) for section in measures.contents.sections],
        contents=measures.contents,
        rounds=rounds_nominating(utcnow()) if member else [],
        thread_form=thread_form_for(reading.known_mark if reading else None, measures.contents),
        after=after,
        **(advice_on(book) if member else {}),
    )


@books.get("/books/<slug>/edit")
def edit(slug: str) -> str:
    """Show the form that edits a book."""
    book = load(Book, slug, to="edit")
    return edit_page(book, edit_form_for(book))


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
        return invalid(edit_page(book, form))
    if form.is_in_doubt(book.fields):
        return invalid(edit_page(book, form))
    fields = form.fields(book.fields)
    twins = queries.twins_of(fields, but=book)
    if not form.accepts(twins, book.editions[1:]):
        return invalid(edit_page(book, form, twins))
    before = measures_of(book.id)
    edit = actions.edit_book(book, fields, member.id)
    if edit and "pages" in edit.changes:
        on_positions_changed.call(book.id, before)
    db.session.commit()
    flash("Saved.", "good")
    return redirect(url_for(".show", slug=book.slug), 303)


@books.get("/books/<slug>/edits")
def edits(slug: str) -> str:
    """Show the edits of a book, the latest first."""
    book = load(Book, slug, to="edit")
    page = catalogue_queries.edits_of(book.id, cursors.id_from(request.args.get("after")))
    return render_template(
        "books/edits.html",
        book=book,
        page=page,
        added_by=catalogue_queries.who_added(book),
        log=mergers_of_book(book.id, utcnow()),
    )


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
    page = catalogue_queries.catalogue(author=author.slug, sort="year", after=after)
    asked = asks_about(author_id=author.id) if current_member() else []
    return render_template(
        "books/authors/show.html",
        author=author,
        page=page,
        begins=not after,
        asked=asked,
        contributed=catalogue_queries.contributed_to(author.id) if not after else [],
        aliases=alias_queries.aliases_of_author(author.id),
        log=mergers_of_author(author.id, utcnow()) if current_member() else Log(),
    )


def advice_on(book: Book) -> dict[str, Any]:
    """Return what members recommend and ask about a book, and the form that recommends another."""
    return {
        "asked": asks_about(book_id=book.id),
        "endorsed": {"given": endorsements_from(book.id), "received": endorsements_to(book.id)},
        "advice_form": AdviceForm(formdata=None),
    }


def new_page(form: BookForm, twins: queries.Twins | None = None, looked: LookUp | None = None) -> str:
    """Render the form for a new book, with the books that it looks like and the result of a look-up."""
    known = form.suggest(catalogue_queries.suggest_author_names(form.last_name))
    return render_template("books/new.html", form=form, twins=twins, known_authors=known, looked=looked)


def edit_page(book: Book, form: BookEditForm, twins: queries.Twins | None = None) -> str:
    """Render the form for an existing book, with the books that it looks like."""
    known = form.suggest(catalogue_queries.suggest_author_names(form.last_name))
    return render_template("books/edit.html", book=book, form=form, twins=twins, known_authors=known)
