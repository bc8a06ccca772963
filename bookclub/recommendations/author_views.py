"""Pages with the next book by an author for one reader, and muting of books."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from ..addresses import return_address
from ..asks import queries as asks_queries
from ..books.models import Author, Book
from ..extensions import db, utcnow
from ..lib.text.bidi import isolated
from ..rounds.queries import round_to_nominate_for
from ..web import load, the_member
from .actions import mute, unmute
from .queries import books_by, own_readings, shelf_of
from .rules import divide_by_status, surname
from .suggestions import suggestions_for

bp = Blueprint("next", __name__)


@bp.get("/authors/<slug>/next")
def show(slug: str) -> str:
    """Recommend the member's next book by an author, with reasons."""
    author, member = load(Author, slug, to="ask"), the_member()
    books = books_by(author.id)
    shelf = shelf_of(member.id)
    mine = own_readings(shelf)
    return render_template(
        "recommendations/author.html",
        author=author,
        surname=surname(author.name),
        shelves=divide_by_status(books, {key: own.status for key, own in mine.items()}, shelf.muted),
        mine=mine,
        found=suggestions_for(member.id, author.id, books, shelf),
        asks=asks_queries.asks_about(author_id=author.id),
        round_id=round_to_nominate_for(utcnow()),
    )


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
