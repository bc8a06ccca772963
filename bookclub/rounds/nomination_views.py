"""Pages on which members nominate a book, and withdraw it."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from ..books.actions import add_book
from ..books.events import on_look_up
from ..books.forms import latest_year
from ..books.look_ups import LookUp
from ..books.models import Book
from ..books.queries import hold_catalogue, twins_of
from ..extensions import db, utcnow
from ..lib.tally import states
from ..lib.text.bidi import isolated
from ..lib.text.messages import gettext as _
from ..members.forms import add_error
from ..web import invalid, load, the_member
from . import actions, clock
from .forms import NominationForm
from .models import Nomination, Round
from .pages import show_round

bp = Blueprint("nominations", __name__)


@bp.post("/rounds/<int:round_id>/nominations")
def create(round_id: int) -> Response | str:
    """Nominate a book, adding it to the catalogue if its authors are given; or look one up elsewhere."""
    form, member = NominationForm(), the_member()
    fits = form.validate_on_submit()
    # Nobody waits for Open Library while others wait to write, so this comes before the round is locked.
    looked = look_up(form) if fits and request.form.get("look") else None
    # What it has read of the catalogue is done with.
    db.session.close()
    voting_round, now = load(Round, round_id, to="nominate"), utcnow()
    clock.advance(voting_round, now)
    if voting_round.state(now) != states.NOMINATING:
        db.session.commit()
        # The commit keeps what the clock changed.
        closed = _("Nominations are closed.")
        return invalid(show_round(voting_round, nomination_form=form, problem=closed))
    if looked is not None:
        return show_round(voting_round, nomination_form=form, looked=looked)
    book = find_or_add_book(form, member.id) if fits else None
    if book is not None and (sent := nominated_by(voting_round, book.id, member.id, form.pitch.data or "")):
        # The same nomination again is a second click, so it shows the first one.
        return redirect(url_for("rounds.show", round_id=round_id, _anchor=f"nomination-{sent.id}"), 303)
    if book is None or not fits_in(form, voting_round, book, member.id, now):
        # A book that was added for a nomination that is refused is not kept.
        return invalid(show_round(voting_round, nomination_form=form))
    nomination = actions.nominate(voting_round, book, member.id, form.pitch.data or "", now)
    db.session.commit()
    flash(_("“%(title)s” is nominated.", title=isolated(book.title)), "good")
    return redirect(url_for("rounds.show", round_id=round_id, _anchor=f"nomination-{nomination.id}"), 303)


def look_up(form: NominationForm) -> LookUp | None:
    """Return what Open Library knows under the typed title and authors; None if the club does not use it."""
    sought = f"{form.book.data} {form.authors.data or ''}".strip()
    return next(filter(None, on_look_up.call(sought, "", {}, latest_year())), None)


def find_or_add_book(form: NominationForm, member_id: int) -> Book | None:
    """Return the book that a valid form names, or one that it describes; add errors if it does neither.

    A described book that the catalogue has, under any spelling, is not added a second time.
    """
    if not form.describes:
        return form.find_book()
    fields = form.describe()
    if fields is None:
        return None
    hold_catalogue()
    twins = twins_of(fields)
    return next(iter(twins.books), None) or add_book(fields, member_id)


@bp.post("/nominations/<int:nomination_id>/withdrawal")
def withdraw(nomination_id: int) -> Response:
    """Withdraw a nomination."""
    nomination = load(Nomination, nomination_id, to="withdraw")
    voting_round, now = nomination.voting_round, utcnow()
    clock.advance(voting_round, now)
    is_over = voting_round.settled_at is not None
    # load() asked for permission before the clock settled the round, when the nominator could still withdraw.
    if is_over and (voting_round.winner is not nomination or not the_member().is_organiser):
        db.session.commit()
        flash(_("The round is over: only an organiser can withdraw a book now, and only the winner."))
    else:
        actions.withdraw(voting_round, nomination, the_member(), now)
        db.session.commit()
        flash(_("“%(title)s” is withdrawn.", title=isolated(nomination.title)), "good")
    return redirect(url_for("rounds.show", round_id=voting_round.id), 303)


def nominated_by(voting_round: Round, book_id: int, member_id: int, pitch: str) -> Nomination | None:
    """The standing nomination of a book that this member has made with the same pitch, or None."""
    made = (book_id, member_id, pitch)
    same = (each for each in voting_round.nominations if each.stands)
    return next((each for each in same if (each.book_id, each.member_id, each.pitch or "") == made), None)


def fits_in(form: NominationForm, voting_round: Round, book: Book, member_id: int, now: datetime) -> bool:
    """Return True if a member may nominate this book; otherwise the error stands beside the field."""
    problem = actions.problem_with(voting_round, book, member_id, now)
    if problem:
        add_error(form.book, problem)
    return problem is None
