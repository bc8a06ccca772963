"""Previews of a post for readers at other places in the book."""

from __future__ import annotations

from dataclasses import dataclass

from ..lib.positions.contents import place_text, section_id_in
from ..lib.positions.places import END, START, percent
from ..lib.positions.visibility import is_visible_to, shows_spoilers
from ..lib.text.messages import gettext as _
from ..lib.text.messages import number_text
from .composer import Option, Writer, becomes_text, mark_text
from .rules import say_locked

# If a book has no chapters, a preview can be asked for at every tenth of it.
STEPS = range(1_000, END, 1_000)


@dataclass(frozen=True)
class Glimpse:
    """A post as one kind of reader would see it.

    ``html`` is None if the post is locked for them; ``where`` then says where they are.
    """

    html: str | None
    where: str


@dataclass(frozen=True)
class Preview:
    """A post before it is posted: what it will give away, and how three readers would see it.

    ``lead`` replaces the post where it is locked. ``places`` are those at which the middle reader can be, and
    ``at`` is the chosen one. A post about no book looks the same to everyone, as ``unread`` shows it.
    """

    becomes: str
    lead: str
    places: list[Option]
    at: str
    unread: Glimpse
    between: Glimpse | None
    finished: Glimpse | None


def preview(writer: Writer, author: str, full: str, safe: str, horizon: int, asked: str | None) -> Preview:
    """Return how three readers would see a post, given in full and with spoilers closed (``safe``).

    ``asked`` is the place of the middle reader; if it cannot be chosen, the writer's own place is used.
    """

    def glimpse(mark: int) -> Glimpse:
        """Return what a reader at this mark sees, if they neither wrote nor revealed it."""
        # The preview asks the predicate that decides on every page, so it cannot promise anything else.
        seen = (full if shows_spoilers(mark) else safe) if is_visible_to(force, mark) else None
        return Glimpse(seen, place_text(mark, writer.contents))

    force = writer.in_force(horizon)
    places = preview_places(writer)
    # Without a place of the writer's own, the middle of the list is chosen.
    default = "mine" if places[0].value == "mine" else places[(len(places) - 1) // 2].value
    at = asked if asked and asked in {place.value for place in places} else default
    return Preview(
        becomes_text(horizon, writer),
        say_locked([author], [force], writer.contents),
        places,
        at,
        glimpse(START),
        glimpse(_mark_at(at, writer)) if writer.has_book else None,
        glimpse(END) if writer.has_book else None,
    )


def preview_places(writer: Writer) -> list[Option]:
    """Return the places of the middle reader in a preview, without chapter titles."""
    mark, contents = writer.mark, writer.contents
    own = (
        [Option("mine", _("where I am: %(place)s", place=mark_text(mark, contents)))]
        if mark and mark < END
        else []
    )
    chapters = [
        Option(
            f"section-{section.id}", _("the end of chapter %(number)s", number=number_text(section.number))
        )
        for section in contents.sections
    ]
    return own + (chapters or [Option(str(step), percent(step)) for step in STEPS])


def _mark_at(at: str, writer: Writer) -> int:
    if at == "mine":
        return writer.mark or START
    section = writer.contents.section(section_id_in(at) or 0)
    # This is where a reader is, so the end of a chapter is rounded down, and not up as for a post.
    return int(at) if section is None else writer.contents.end(section, up=False)
