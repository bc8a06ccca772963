"""Pages with the next book by an author for one reader, and muting of books."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from ..addresses import return_address
from ..books.models import Author, Book
from ..extensions import db, utcnow
from ..lib.text.bidi import isolated
from ..web import load, the_member
from .actions import mute, unmute
from .pages import show_author

bp = Blueprint("next", __name__)


@bp.get("/authors/<slug>/next")
def show(slug: str) -> str:
    """Recommend the member's next book by an author, with reasons."""
    return show_author(load(Author, slug, to="ask"))


@bp.post("/books/<slug>/muting")
def create_mute(slug: str) -> Response:
    """Mute a book for the member."""
    book = load(Book, slug, to="read")
    mute(the_member().id, book.id, utcnow())
    db.session.commit()
    flash(f"“{isolated(book.title)}” will not be recommended to you. Settings can undo that.", "good")
    return redirect(return_address(url_for("books.show", slug=book.slug)), 303)


@bp.post("/books/<slug>/muting/deletion")
def delete_mute(slug: str) -> Response:
    """Unmute a book for the member."""
    book = load(Book, slug, to="read")
    unmute(the_member().id, book.id)
    db.session.commit()
    flash(f"“{isolated(book.title)}” may be recommended to you again.", "good")
    return redirect(return_address(url_for("books.show", slug=book.slug)), 303)
