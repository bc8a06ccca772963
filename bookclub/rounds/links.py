"""Signed links by which a member votes without signing in, and the reasons why one does not work."""

from __future__ import annotations

from datetime import datetime

from flask import url_for

from ..extensions import utcnow
from ..hosts import full_address
from ..lib.tally import states
from ..lib.text.dates import deadline_text
from ..lib.text.messages import gettext as _
from ..members.models import Member
from ..members.signed_links import sign_link
from ..notices.events import ActionLink, on_mail
from ..notices.models import Notice
from ..permissions import may, why_not
from ..web import the_club
from .models import Round
from .queries import rounds_by_id

BALLOT = "ballot"


@on_mail
def link_to_vote(member: Member, notice: Notice) -> ActionLink | None:
    """Return the link by which a member votes in the round of a notice that asks them to."""
    is_asked = notice.kind in ("round_opened", "round_ending")
    voting_round = rounds_by_id([notice.round_id]).get(notice.round_id) if notice.round_id else None
    url = ballot_url(member, voting_round) if is_asked and voting_round else None
    return ActionLink(_("Vote without signing in"), url) if url else None


def ballot_url(member: Member, voting_round: Round) -> str | None:
    """Return the link by which this member votes, for a mail to them alone; None while it would not work."""
    if not the_club().votes_by_link or ballot_problem(member, voting_round, utcnow()):
        return None
    return full_address(url_for("ballot_links.show", token=sign_link(BALLOT, member, voting_round.id)))


def ballot_problem(member: Member, voting_round: Round, now: datetime) -> str | None:
    """Return the sentence that says why a member cannot vote in a round now, or None if they can."""
    state = voting_round.state(now)
    club_zone = the_club().time_zone
    zone = member.time_zone or club_zone
    if state == states.NOMINATING:
        opens = deadline_text(voting_round.nominations_until_at, zone, club_zone)
        return _("Voting has not begun: nominations are open until %(moment)s.", moment=opens)
    if state != states.VOTING:
        closed = deadline_text(voting_round.voting_until_at, zone, club_zone)
        return _("Voting closed at %(moment)s, and the link with it. Nothing can be cast now.", moment=closed)
    if not may(member, "vote", voting_round):
        return why_not("vote", voting_round)
    if not any(each.stands for each in voting_round.nominations):
        return _("Every book was withdrawn, so there is nothing to vote on.")
    return None
