"""The page on which a member votes by a signed link: a blank ballot, whatever they have cast before.

It shows the books as a visitor sees them: whoever has the mail can open it.
"""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.wrappers import Response

from ..lib.positions.visibility import Viewer
from ..lib.tally import states
from ..members.link_access import page_of
from ..members.models import Member
from .models import Round
from .pages import OwnVote, cards_of, kind_of, sort_cards


def show_ballot_link(
    voting_round: Round,
    member: Member,
    typed: Mapping[str, str] | None = None,
    problem: str | None = None,
) -> Response:
    """Return the page; ``typed`` is a ballot that was refused, ``problem`` the sentence that says why."""
    # As if there were no ballot: nothing here may depend on one that was cast.
    cards = cards_of(voting_round, Viewer(), OwnVote(may_vote=True), 0, typed)
    return page_of(
        "rounds/ballot_link.html",
        422 if problem else 200,
        voting_round=voting_round,
        whose=member,
        kind=kind_of(voting_round),
        state=states.VOTING,
        # Members see the books in an order of their own, so that none of them stands first for everybody.
        cards=sort_cards(cards, voting_round, Viewer(member.id)),
        problem=problem,
    )


def show_ballot_cast(voting_round: Round, member: Member) -> Response:
    """Return the page that says that a ballot is cast, and no more: neither how nor with which receipt."""
    return page_of("rounds/ballot_cast.html", voting_round=voting_round, whose=member)
