"""A member's own reading of a book, and their wish to see everything about it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..books.models import Book
from ..books.queries import length_of
from ..extensions import db, utcnow
from ..web import invalid, load, local_path, the_member
from . import actions
from .forms import ReadingForm

bp = Blueprint("readings", __name__)
blueprints = (bp,)


@bp.post("/books/<slug>/reading")
def update(slug: str) -> Response:
    """Record how far the member is, and their rating."""
    form = ReadingForm()
    form.validate()
    book = load(Book, slug, to="read")
    said, (rated, rating) = form.read(length_of(book.id)), form.rating_said()
    if said is None or form.errors:
        return invalid(render_template("readings/edit.html", book=book, reading_form=form))
    actions.record(
        the_member().id,
        book,
        utcnow(),
        status=said.status,
        position=said.position,
        entry=said.entry,
        entry_unit=said.entry_unit,
        rating=rating if rated else actions.KEEP,
    )
    db.session.commit()
    flash("Your reading is noted.", "good")
    return redirect(url_for("books.show", slug=slug), 303)


@bp.post("/books/<slug>/reveal")
def reveal(slug: str) -> Response:
    """Remember that the member does not mind spoilers about this book."""
    book = load(Book, slug, to="reveal")
    actions.reveal(the_member().id, utcnow(), book_id=book.id)
    db.session.commit()
    return redirect(local_path(request.referrer) or url_for("books.show", slug=slug), 303)


@bp.post("/books/<slug>/reveal/deletion")
def spare_again(slug: str) -> Response:
    """Take that wish back."""
    book = load(Book, slug, to="reveal")
    actions.spare_again(the_member().id, book_id=book.id)
    db.session.commit()
    return redirect(local_path(request.referrer) or url_for("books.show", slug=slug), 303)
