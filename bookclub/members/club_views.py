"""Views in which organisers change the club's settings."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from ..body_limits import takes_text
from ..extensions import db
from ..lib.text.messages import gettext as _
from ..web import invalid, load, require, the_club
from .forms import ClubForm
from .models import Club
from .pages import club_form_for, find_current_book, show_club

bp = Blueprint("club", __name__)


@bp.get("/club/settings")
def settings() -> str:
    """Show the club's settings."""
    club = load(Club, the_club().id, to="edit")
    return show_club(club_form_for(club))


@bp.post("/club/settings")
@takes_text(ClubForm.characters)
def update() -> Response:
    """Change the club's settings."""
    require("edit", the_club())
    form = club_form_for(the_club())
    fits = form.validate()
    # Validation has only read; load() opens the writing transaction.
    db.session.close()
    club = load(Club, the_club().id, to="edit")
    fresh = club_form_for(club, formdata=None)
    book = find_current_book(form) if fits and form.merge(fresh) else None
    if form.errors:
        return invalid(show_club(form))
    club.name = form.name.data
    # A text that the organiser did not change stays as it is stored.
    if "words" not in form.kept:
        club.words, club.words_html = form.words.data or "", form.words_html
    club.is_public, club.sign_up, club.time_zone = form.is_public.data, form.sign_up.data, form.time_zone.data
    club.shows_meetings, club.members_meet = form.shows_meetings.data, form.members_meet.data
    club.votes_by_link = form.votes_by_link.data
    # The days belong to a book, so they go if there is none.
    club.read(book.id if book else None, *(form.dates if book else (None, None)))
    db.session.commit()
    flash(_("The club’s settings are saved."), "good")
    return redirect(url_for(".settings"), 303)
