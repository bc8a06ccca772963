"""What the organisers set up for everybody."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from ...books.models import Book
from ...books.queries import named, near
from ...extensions import db
from ...home.queries import current_book
from ...web import invalid, load, require, the_club
from ..forms import ClubForm, complain
from ..models import Club

bp = Blueprint("club", __name__)


@bp.get("/club/settings")
def settings() -> str:
    """Show the club's settings."""
    club = load(Club, the_club().id, to="edit")
    return page(ClubForm(club, words_for(current_book(club))))


@bp.post("/club/settings")
def update() -> Response:
    """Change the club's settings."""
    require("edit", the_club())
    form = ClubForm(the_club(), words_for(current_book(the_club())))
    form.validate()
    book = book_meant(form)
    db.session.close()
    if form.errors:
        return invalid(page(form))

    club = load(Club, the_club().id, to="edit")
    club.name, club.words, club.words_html = form.name.data, form.words.data or "", form.words_html
    club.is_public, club.sign_up, club.time_zone = form.is_public.data, form.sign_up.data, form.time_zone.data
    club.current_book_id = book.id if book else None
    club.current_from, club.current_until = form.dates if book else (None, None)
    db.session.commit()
    flash("The club's settings are saved.", "good")
    return redirect(url_for(".settings"), 303)


def book_meant(form: ClubForm) -> Book | None:
    """The book that the form names; an unknown one is complained of, with the near ones named."""
    text = form.current_book.data
    if not text or form.current_book.errors:
        return None
    book = named(text)
    if book is None:
        complain(form.current_book, f"There is no “{text}” in the catalogue. {did_you_mean(near(text))}")
    return book


def did_you_mean(books: list[Book]) -> str:
    """The next thing to try where a book is not known."""
    if not books:
        return "Add the book first, then choose it here."
    return f"Did you mean {' or '.join(f'“{book.title}”' for book in books)}?"


def words_for(book: Book | None) -> str:
    """What a book is called in the form: its title, or its slug where another book has the same title."""
    if book is None:
        return ""
    found = named(book.title)
    return book.title if found and found.id == book.id else book.slug


def page(form: ClubForm) -> str:
    """The club's settings."""
    return render_template("club/settings.html", form=form)
