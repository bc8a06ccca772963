"""Pages on which organisers open the vote, extend or close a round, and set the dates of its winner."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from ..extensions import db, utcnow
from ..lib.tally import states
from ..lib.text.bidi import isolated
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext
from ..web import invalid, load, the_member, time_zone
from . import clock, settlement
from .forms import DatesForm, DeadlineForm
from .models import Round
from .pages import dates_of, show_round

bp = Blueprint("running", __name__)

OVER = lazy_gettext("This round is over: nothing about it can be changed any more.")


@bp.post("/rounds/<int:round_id>/opening")
def open_vote(round_id: int) -> Response:
    """End the nominations and open the vote."""
    voting_round, now = hold_round(round_id)
    if voting_round.state(now) != states.NOMINATING:
        return kept(round_id, _("Voting has already begun."))
    if not voting_round.nominations:
        return invalid(show_round(voting_round, problem=_("Nominate at least one book first.")))
    clock.open_early(voting_round, the_member(), now)
    db.session.commit()
    return done(round_id, _("Voting is open, and the rules are fixed."))


@bp.post("/rounds/<int:round_id>/extension")
def extend(round_id: int) -> Response:
    """Move the next deadline later."""
    voting_round, now = hold_round(round_id)
    state = voting_round.state(now)
    if state == states.CLOSED:
        return kept(round_id, str(OVER))
    nominating = state == states.NOMINATING
    before = voting_round.nominations_until_at if nominating else voting_round.voting_until_at
    form, fresh = DeadlineForm(before, time_zone()), DeadlineForm(before, time_zone(), formdata=None)
    # The merge goes first: if another organiser has moved the deadline meanwhile, the rule applies to the new
    # one.
    if not (form.validate() and form.merge(fresh) and form.fits(now)):
        return invalid(show_round(voting_round, deadline_form=form))
    clock.extend(voting_round, form.moment, the_member(), now)
    db.session.commit()
    return done(round_id, _("There is more time now, and the page says so."))


@bp.post("/rounds/<int:round_id>/closure")
def close(round_id: int) -> Response:
    """Close a round and count it now; before its vote has opened, call it off."""
    voting_round, now = hold_round(round_id)
    if voting_round.state(now) == states.CLOSED:
        return kept(round_id, str(OVER))
    clock.close_early(voting_round, the_member(), now)
    db.session.commit()
    return done(round_id, _("The round is closed."))


@bp.post("/rounds/<int:round_id>/reading")
def read(round_id: int) -> Response:
    """Make the winner the club's current book, with its dates."""
    voting_round, now = hold_round(round_id)
    form = DatesForm()
    won = voting_round.winner
    if won is None:
        abort(404)
    # The club is locked, so that two organisers do not set dates at once.
    fits, club = form.validate_on_submit(), settlement.hold_club()
    if not fits or not form.merge(dates_of(won, club, now)):
        return invalid(show_round(voting_round, dates_form=form))
    club.read(won.book_id, form.start.data, form.until.data)
    db.session.commit()
    return done(round_id, _("The club reads “%(title)s”.", title=isolated(won.title)))


def hold_round(round_id: int) -> tuple[Round, datetime]:
    """Load and lock a round, apply the clock to it, and return it with the present time."""
    voting_round, now = load(Round, round_id, to="run"), utcnow()
    clock.advance(voting_round, now)
    return voting_round, now


def kept(round_id: int, words: str) -> Response:
    """Commit what the clock changed, and redirect with a message that says why nothing else was done."""
    db.session.commit()
    flash(words)
    return redirect(url_for("rounds.show", round_id=round_id), 303)


def done(round_id: int, words: str) -> Response:
    """Redirect to the round's page with a message."""
    flash(words, "good")
    return redirect(url_for("rounds.show", round_id=round_id), 303)
