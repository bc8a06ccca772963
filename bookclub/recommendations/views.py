"""Pages with books to read next from the whole catalogue, for the member and for the club."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from ..extensions import utcnow
from ..rounds.queries import books_chosen, round_to_nominate_for
from ..web import the_member
from .picks import picks_for
from .queries import members_to_choose
from .rules import party, usernames_in
from .suggestions import suggestions_for

bp = Blueprint("recommendations", __name__)


@bp.get("/recommendations")
def show() -> str:
    """Recommend books to the member."""
    return render_template(
        "recommendations/show.html",
        found=suggestions_for(the_member().id),
        round_id=round_to_nominate_for(utcnow()),
    )


@bp.get("/recommendations/club")
def show_club() -> str:
    """Recommend books to the members who will take part."""
    wanted = usernames_in(request.args.getlist("with"))
    members, has_others = members_to_choose(wanted)
    chosen, earlier = party(members, wanted), books_chosen()
    return render_template(
        "recommendations/club.html",
        # Sorted ids make the same group of members the same key of the cache.
        picks=picks_for(sorted(member.id for member in chosen.members), earlier),
        has_chosen=bool(earlier),
        members=sorted(members, key=lambda member: (member.display_name.casefold(), member.id)),
        has_others=has_others,
        party=chosen,
        names={member.id: member.display_name for member in chosen.members},
        round_id=round_to_nominate_for(utcnow()),
    )
