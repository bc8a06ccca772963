"""Views of the posts that a member's reading has unlocked in a book."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..books.models import Book
from ..extensions import db
from ..lib.text.messages import gettext as _
from ..readings.queries import contents_of, known_mark, own_reading
from ..threads.actions import mark_all_seen
from ..web import current_viewer, load
from . import unlocked_queries
from .rules import Turn

bp = Blueprint("unlocked", __name__)


@bp.get("/books/<slug>/unlocked")
def show(slug: str) -> str:
    """Show the unlocked posts that the member has not seen, in the order of the book."""
    book = load(Book, slug, to="read")
    after = Turn.read(request.args.get("after"))
    return render_template(
        "home/unlocked/show.html",
        book=book,
        page=unlocked_queries.unlocked_in(current_viewer(), book.id, after),
        mark=known_mark(current_viewer(), book.id),
        contents=contents_of(book.id),
        is_continued=after is not None,
    )


@bp.post("/books/<slug>/unlocked/seen")
def update(slug: str) -> Response:
    """Note that the member has seen everything that is unlocked in a book."""
    book = load(Book, slug, to="read")
    # Without a reading nothing is unlocked, and there is nothing to mark.
    reading = own_reading(current_viewer(), book.id, lock=True)
    if reading is not None:
        mark_all_seen(reading)
    db.session.commit()
    flash(_("Everything unlocked in this book is marked as read."), "good")
    return redirect(url_for("books.show", slug=book.slug), 303)
