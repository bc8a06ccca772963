"""Pages of rounds: the list, one round, its rules, and its ballots as a file."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..extensions import begin_write, db, utcnow
from ..lib.tally import papers, states
from ..lib.text.cursors import row_id_from
from ..lib.text.messages import gettext as _
from ..web import (
    current_member,
    current_viewer,
    invalid,
    load,
    open_to_visitors,
    require,
    the_club,
    the_member,
    time_zone,
)
from . import actions, clock, queries, rules, settlement
from .forms import RoundForm
from .models import Round
from .pages import open_votes, show_round

bp = Blueprint("rounds", __name__)


@bp.get("/rounds")
@open_to_visitors
def index() -> str:
    """List the rounds: those under way for members, and the history for everybody."""
    now, after = utcnow(), row_id_from(request.args.get("after"))
    clock.catch_up(now)
    # History first: a round that is settled in between would otherwise show in the history as it was before.
    history = queries.rounds_settled(after)
    # Later pages continue the history alone.
    member = current_member()
    return render_template(
        "rounds/index.html",
        votes=open_votes(member, now) if member and after is None else [],
        history=history,
        after=after,
    )


@bp.get("/rounds/new")
def new() -> str:
    """Show the form in which an organiser opens a round."""
    require("call a vote", the_club())
    now = utcnow()
    # A round that nobody has looked at since its close may have runners-up for this one.
    clock.catch_up(now)
    return new_page(RoundForm(rules.usual_plan(now, time_zone()), time_zone()))


@bp.post("/rounds/new")
def create() -> Response:
    """Open a round."""
    require("call a vote", the_club())
    member, now = the_member(), utcnow()
    form = RoundForm(rules.usual_plan(now, time_zone()), time_zone())
    if not form.fits(now):
        return invalid(new_page(form))
    begin_write()
    # A second click shows the round that the first one opened.
    sent = queries.round_sent_by(current_viewer(), form.sent_as) if form.sent_as else None
    voting_round = sent or actions.open_round(form.plan, member, now, form.sent_as)
    db.session.commit()
    flash(_("The round is open: nominate the first book."), "good")
    return redirect(url_for(".show", round_id=voting_round.id), 303)


@bp.get("/rounds/<int:round_id>")
@open_to_visitors
def show(round_id: int) -> str:
    """Show a round: its nominations, the ballot, or the result."""
    clock.catch_up(utcnow())
    voting_round = load(Round, round_id, to="see")
    return show_round(voting_round, book=request.args.get("book", ""))


@bp.get("/rounds/<int:round_id>/edit")
def edit(round_id: int) -> str:
    """Show the rules of a round while they can be changed."""
    clock.catch_up(utcnow())
    voting_round = load(Round, round_id, to="run")
    refuse_once_fixed(voting_round)
    return edit_page(voting_round, RoundForm(actions.plan_of(voting_round), time_zone()))


@bp.post("/rounds/<int:round_id>/edit")
def update(round_id: int) -> Response:
    """Change the rules of a round before its vote opens."""
    voting_round, now = load(Round, round_id, to="run"), utcnow()
    refuse_once_fixed(voting_round)
    plan = actions.plan_of(voting_round)
    form, fresh = RoundForm(plan, time_zone()), RoundForm(plan, time_zone(), formdata=None)
    if not (form.validate() and form.merge(fresh) and form.fits(now) and form.keeps_secrets()):
        return invalid(edit_page(voting_round, form))
    actions.change_plan(voting_round, form.plan, the_member(), now)
    db.session.commit()
    flash(_("The rules are changed, and the page says so."), "good")
    return redirect(url_for(".show", round_id=round_id), 303)


@bp.get("/rounds/<int:round_id>/ballots.csv")
def ballots(round_id: int) -> Response:
    """Send the ballots of a closed round as CSV, without names, for anyone who wants to count them again."""
    clock.catch_up(utcnow())
    voting_round = load(Round, round_id, to="recount")
    # Before the close nothing that others can fetch may depend on a ballot.
    if voting_round.settled_at is None:
        abort(404)
    paper = settlement.paper_of(voting_round, queries.ballots_in(round_id))
    answer = make_response(papers.write(paper))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="ballots-round-{round_id}.csv"'
    return answer


def refuse_once_fixed(voting_round: Round) -> None:
    """Abort with 403 once voting has begun, since the rules are fixed then."""
    # The clock decides, even if nobody has looked at the round since its deadline and the vote is not opened
    # yet.
    if voting_round.state(utcnow()) != states.NOMINATING:
        abort(403, _("The rules of a round are fixed once voting has begun."))


def new_page(form: RoundForm) -> str:
    """Render the form that opens a round."""
    return render_template("rounds/new.html", form=form)


def edit_page(voting_round: Round, form: RoundForm) -> str:
    """Render the form that changes the rules of a round."""
    return render_template("rounds/edit.html", voting_round=voting_round, form=form)
