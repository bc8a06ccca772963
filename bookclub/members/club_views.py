"""Views in which organisers change the club's settings."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from ..body_limits import takes_text
from ..books.forms import find_book
from ..books.models import Book
from ..books.queries import book_by_name, current_book
from ..extensions import db
from ..web import invalid, load, require, the_club
from .forms import ClubForm
from .models import Club

bp = Blueprint("club", __name__)


@bp.get("/club/settings")
def settings() -> str:
    """Show the club's settings."""
    club = load(Club, the_club().id, to="edit")
    return page(ClubForm(club, book_text(current_book(club))))


@bp.post("/club/settings")
@takes_text(ClubForm.characters)
def update() -> Response:
    """Change the club's settings."""
    require("edit", the_club())
    form = ClubForm(the_club(), book_text(current_book(the_club())))
    fits = form.validate()
    # Validation has only read; load() opens the writing transaction.
    db.session.close()
    club = load(Club, the_club().id, to="edit")
    fresh = ClubForm(club, book_text(current_book(club)), formdata=None)
    book = find_book(form.current_book) if fits and form.merge(fresh) else None
    if form.errors:
        return invalid(page(form))
    club.name = form.name.data
    # A text that the organiser did not change stays as it is stored.
    if "words" not in form.kept:
        club.words, club.words_html = form.words.data or "", form.words_html
    club.is_public, club.sign_up, club.time_zone = form.is_public.data, form.sign_up.data, form.time_zone.data
    club.read(book.id if book else None, *(form.dates if book else (None, None)))
    db.session.commit()
    flash("The club's settings are saved.", "good")
    return redirect(url_for(".settings"), 303)


def book_text(book: Book | None) -> str:
    """Return how the form names a book: by its title, or by its slug if another book has the same title."""
    if book is None:
        return ""
    found = book_by_name(book.title)
    return book.title if found and found.id == book.id else book.slug


def page(form: ClubForm) -> str:
    """Render the club's settings."""
    return render_template("members/club/settings.html", form=form)
