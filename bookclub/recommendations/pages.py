"""Pages with books to read next: from the whole catalogue, for the club, and by one author."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template

from ..asks.queries import asks_about
from ..books.models import Author
from ..extensions import utcnow
from ..rounds.queries import books_chosen, round_to_nominate_for
from ..web import the_member
from .picks import picks_for
from .queries import books_by, members_to_choose, own_readings, shelf_of
from .rules import divide_by_status, party, surname, usernames_in
from .suggestions import suggestions_for


def show_suggestions() -> str:
    """Render the books recommended to the member."""
    return render_template(
        "recommendations/show.html",
        found=suggestions_for(the_member().id),
        round_id=round_to_nominate_for(utcnow()),
    )


def show_picks(names: Sequence[str]) -> str:
    """Render the books recommended to the members with these usernames, who will take part."""
    wanted = usernames_in(names)
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


def show_author(author: Author) -> str:
    """Render the member's next book by an author, with reasons."""
    member = the_member()
    books = books_by(author.id)
    shelf = shelf_of(member.id)
    mine = own_readings(shelf)
    shelves = divide_by_status(books, {key: own.status for key, own in mine.items()}, shelf.muted)
    found = suggestions_for(member.id, author.id, books, shelf)
    suggested = {entry.book.id for entry in found.entries}
    return render_template(
        "recommendations/author.html",
        author=author,
        surname=surname(author.name),
        shelves=shelves,
        mine=mine,
        found=found,
        others=[book for book in shelves.unread if book.id not in suggested],
        asks=asks_about(author_id=author.id),
        round_id=round_to_nominate_for(utcnow()),
    )
