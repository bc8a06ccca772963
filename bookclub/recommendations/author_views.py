"""Pages with the next book by an author for one reader, and what they say of a suggested book."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from ..addresses import return_address
from ..books.models import Author, Book
from ..extensions import db, utcnow
from ..lib.text.bidi import isolated
from ..lib.text.messages import gettext as _
from ..web import answer, load, the_member, time_zone
from .actions import add_wish, mute, undo_wish, unmute
from .pages import show_author
from .queries import wish_for

bp = Blueprint("next", __name__)


@bp.get("/authors/<slug>/next")
def show(slug: str) -> str:
    """Recommend the member's next book by an author, with reasons."""
    return show_author(load(Author, slug, to="ask"))


@bp.post("/books/<slug>/wish")
def create_wish(slug: str) -> Response:
    """Note that the member wants to read a book."""
    member, now = the_member(), utcnow()
    book = load(Book, slug, to="read")
    add_wish(member, book, now, now.astimezone(ZoneInfo(time_zone())).date())
    return answer_wish(book, _("%(title)s is on your list.", title=isolated(book.title)))


@bp.post("/books/<slug>/wish/deletion")
def delete_wish(slug: str) -> Response:
    """Undo that the member wants to read a book."""
    book = load(Book, slug, to="read")
    if undo_wish(the_member(), book):
        words = _("%(title)s is off your list.", title=isolated(book.title))
    else:
        words = _(
            "%(title)s stays on your list, since you have noted more about it.", title=isolated(book.title)
        )
    return answer_wish(book, words)


def answer_wish(book: Book, words: str) -> Response:
    """Commit, and answer with the part of a suggestion that says if the member wants to read it."""
    wish, back = wish_for(the_member().id, book.id), return_address(url_for("books.show", slug=book.slug))
    db.session.commit()
    return answer(
        "recommendations/create_wish.htmx.html",
        otherwise=f"{back}#suggestion-{book.id}",
        words=words,
        book=book,
        wish=wish,
        back=back,
    )


@bp.post("/books/<slug>/muting")
def create_mute(slug: str) -> Response:
    """Mute a book for the member."""
    book = load(Book, slug, to="read")
    mute(the_member().id, book.id, utcnow())
    db.session.commit()
    back = return_address(url_for("books.show", slug=book.slug))
    title = isolated(book.title)
    return answer(
        "recommendations/create_mute.htmx.html",
        otherwise=back,
        words=_("“%(title)s” will not be recommended to you. Settings can undo that.", title=title),
        book=book,
        back=back,
    )


@bp.post("/books/<slug>/muting/deletion")
def delete_mute(slug: str) -> Response:
    """Unmute a book for the member."""
    book = load(Book, slug, to="read")
    unmute(the_member().id, book.id)
    db.session.commit()
    flash(_("“%(title)s” may be recommended to you again.", title=isolated(book.title)), "good")
    return redirect(return_address(url_for("books.show", slug=book.slug)), 303)
