"""Page to which a member sends their ballot."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from ..extensions import db, utcnow
from ..forms import BaseForm
from ..lib.tally import ballots, states
from ..lib.text import dates
from ..lib.text.bidi import isolated
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext
from ..lib.text.three_way_merge import read_digests
from ..web import invalid, load, require, the_club, the_member, time_zone
from . import actions, clock
from .models import Round
from .pages import kind_of, own_vote, ranks_on, show_round
from .rules import merge_answers

SIGNED_OUT = lazy_gettext("You were signed out before this was sent. Check your ballot and cast it again.")

bp = Blueprint("ballots", __name__)


@bp.post("/rounds/<int:round_id>/ballot")
def cast(round_id: int) -> Response:
    """Cast a ballot or replace it. The clock is read while the round is locked."""
    typed = typed_ranks()
    # The fields depend on the round's nominations, so only the token is checked before the round is loaded.
    fits = BaseForm().validate_on_submit()
    made_from = request.form.get("made_from", "")
    voting_round, now = load(Round, round_id, to="vote"), utcnow()
    if not fits:
        return invalid(
            show_round(
                voting_round,
                typed=typed,
                problem=str(SIGNED_OUT),
            )
        )
    if clock.advance(voting_round, now):
        db.session.flush()
    state = voting_round.state(now)
    if state != states.VOTING:
        # invalid() rolls back, and this ballot may be the first to notice that the round is over.
        db.session.commit()
        closed = dates.deadline_text(voting_round.voting_until_at, time_zone(), the_club().time_zone)
        opens = dates.deadline_text(voting_round.nominations_until_at, time_zone(), the_club().time_zone)
        problem = states.not_voting_text(state, closed, opens)
        return invalid(show_round(voting_round, typed=typed, problem=problem))
    # The clock may have opened the vote since load() asked, and that decides who may vote.
    require("vote", voting_round)
    standing = [each for each in voting_round.nominations if each.stands]
    typed, struck = without_withdrawn(voting_round, typed)
    if struck:
        return invalid(show_round(voting_round, typed=typed, problem=struck, made_from=made_from))
    # A sealed ballot counts as none here, so that nothing in the answer tells what it says.
    kept = own_vote(voting_round, the_member(), state).ballot
    shown, kind = ranks_on(kept, standing), kind_of(voting_round)
    answers = merge_answers(read_digests(made_from), kept.ranking if kept else None, shown, typed, kind)
    if answers is None:
        return invalid(
            show_round(voting_round, typed=typed, problem=other_ballot_text(voting_round, shown, kind))
        )
    try:
        ranking = ballots.read_ballot(answers, [each.id for each in standing], kind)
    except ballots.BallotError as problem:
        return invalid(show_round(voting_round, typed=typed, problem=str(problem), made_from=made_from))
    ballot = kept
    # The same ballot again is a second click, and changes no time.
    if ballot is None or ballot.ranking != ranking:
        ballot = actions.cast(voting_round, the_member(), ranking, now)
    db.session.commit()
    flash(_("Your ballot is cast. Its receipt is %(receipt)s.", receipt=ballot.receipt), "good")
    return redirect(url_for("rounds.show", round_id=round_id, _anchor="ballot"), 303)


def typed_ranks() -> dict[str, str]:
    """Return the fields of the sent form that answer for a book."""
    return {name: text for name, text in request.form.items() if name.startswith(ballots.FIELD)}


def without_withdrawn(voting_round: Round, typed: Mapping[str, str]) -> tuple[dict[str, str], str | None]:
    """Return a ballot without empty fields for withdrawn books, and why it is refused if others are left.

    A page loaded before the withdrawal may still list the book.
    """
    gone = {f"rank-{each.id}": each.title for each in voting_round.nominations if not each.stands}
    left = {name: text for name, text in typed.items() if text.strip() or name not in gone}
    struck = [title for name, title in gone.items() if name in left]
    if not struck:
        return left, None
    return left, _(
        "“%(title)s” has been withdrawn. This is your ballot without it: cast it again.",
        title=isolated(struck[0]),
    )


def other_ballot_text(voting_round: Round, shown: Mapping[str, str], kind: str) -> str:
    """Sentence that describes the ballot that was cast from another page meanwhile."""
    titles = {f"rank-{each.id}": each.title for each in voting_round.nominations}
    given = sorted(((shown[name], titles[name]) for name in shown if shown[name]), key=lambda one: one[0])
    if not given:
        return _("You have cast an empty ballot while this page was open. Cast this one again to replace it.")
    said = [
        isolated(title) if kind == "approval" else f"{isolated(title)}: {answer_text(place)}"
        for place, title in given
    ]
    return _(
        "You have cast another ballot while this page was open (%(ballot)s). Cast this one again to replace"
        " it.",
        ballot=", ".join(said),
    )


def answer_text(answer: str) -> str:
    """Return a place, or an answer to a single nomination, as the page shows it."""
    return {"yes": _("yes"), "no": _("no")}.get(answer, answer)
