"""Views in which a member votes by a signed link, without signing in."""

from __future__ import annotations

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from ..extensions import db, utcnow
from ..lib.tally import ballots
from ..lib.text.messages import gettext as _
from ..members.link_access import abort_as_over, member_of_link
from ..members.models import Member
from ..web import READS, open_by_link, the_club
from . import actions, clock, queries
from .ballot_link_pages import show_ballot_cast, show_ballot_link
from .ballot_views import typed_ranks, without_withdrawn
from .links import BALLOT, ballot_problem
from .models import Round
from .pages import kind_of

bp = Blueprint("ballot_links", __name__)


@bp.get("/ballot-links/<token>")
@open_by_link
def show(token: str) -> Response:
    """Show a blank ballot. It changes nothing: programs that read mails follow links."""
    member, voting_round = round_of_link(token)
    problem = ballot_problem(member, voting_round, utcnow())
    if problem:
        abort_as_over(problem, page_of_round(voting_round))
    return show_ballot_link(voting_round, member)


@bp.post("/ballot-links/<token>")
@open_by_link
def cast(token: str) -> Response:
    """Cast the ballot of the link's member, or replace it. The clock is read while the round is locked."""
    member, voting_round = round_of_link(token)
    now = utcnow()
    clock.advance(voting_round, now)
    db.session.flush()
    if problem := ballot_problem(member, voting_round, now):
        # This ballot may be the first to notice that the round is over.
        db.session.commit()
        abort_as_over(problem, page_of_round(voting_round))
    typed, problem = without_withdrawn(voting_round, typed_ranks())
    if problem:
        return show_ballot_link(voting_round, member, typed, problem)
    standing = [each.id for each in voting_round.nominations if each.stands]
    try:
        ranking = ballots.read_ballot(typed, standing, kind_of(voting_round))
    except ballots.BallotError as refusal:
        return show_ballot_link(voting_round, member, typed, str(refusal))
    actions.cast_by_link(voting_round, member, ranking, now)
    db.session.commit()
    # No redirect leads there: whoever opens the link later must not see that a ballot was cast.
    return show_ballot_cast(voting_round, member)


def round_of_link(token: str) -> tuple[Member, Round]:
    """Return the link's member and round, locked if the request writes. Aborts if links are turned off."""
    member, round_id = member_of_link(BALLOT, token)
    voting_round = queries.round_to_act_on(int(round_id), lock=request.method not in READS)
    if voting_round is None:
        abort(404)
    if not the_club().votes_by_link:
        reason = _("The organisers let members vote on the site only. Sign in there to cast your ballot.")
        abort_as_over(reason, page_of_round(voting_round), 403)
    return member, voting_round


def page_of_round(voting_round: Round) -> str:
    """Return the address of the round for members who sign in."""
    return url_for("rounds.show", round_id=voting_round.id)
