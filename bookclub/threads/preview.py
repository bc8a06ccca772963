"""A post before it is posted, as readers would see it who are elsewhere in the book."""

from __future__ import annotations

from dataclasses import dataclass

from ..lib.positions.contents import say_place, section_of
from ..lib.positions.places import END, START, percent
from ..lib.positions.visibility import spoilers_open, visible
from .composer import Choice, Writer, say_becomes, say_mark
from .rules import say_locked

# Where a book has no chapters, a preview can be asked for at every tenth of it.
STEPS = range(1_000, END, 1_000)


@dataclass(frozen=True)
class Glimpse:
    """A post as one kind of reader would see it.

    ``html`` is None where it is locked for them; ``where`` then says where they are.
    """

    html: str | None
    where: str


@dataclass(frozen=True)
class Preview:
    """A post before it is posted: what it will give away, and how it looks to three readers.

    ``lead`` is what stands in its place where it is locked. ``places`` are those at which the reader
    between can be, ``at`` is the one that is chosen. What is about no book is seen alike by everybody, as
    ``unread``.
    """

    becomes: str
    lead: str
    places: list[Choice]
    at: str
    unread: Glimpse
    between: Glimpse | None
    finished: Glimpse | None


def preview(writer: Writer, author: str, full: str, safe: str, horizon: int, asked: str | None) -> Preview:
    """A post of this writer, ``full`` and with its spoilers closed (``safe``), as three readers see it.

    ``asked`` is where the reader between is; anything that cannot be chosen is the writer's own place.
    """

    def glimpse(mark: int) -> Glimpse:
        """What a reader who has been so far sees of what they neither wrote nor had revealed."""
        seen = (full if spoilers_open(mark) else safe) if visible(force, mark) else None
        return Glimpse(seen, say_place(mark, writer.contents))

    force = writer.in_force(horizon)
    places = preview_places(writer)
    default = "mine" if places[0].value == "mine" else places[(len(places) - 1) // 2].value
    at = asked if asked and asked in {place.value for place in places} else default
    return Preview(
        say_becomes(horizon, writer),
        say_locked([author], [force], writer.contents),
        places,
        at,
        glimpse(START),
        glimpse(_mark_at(at, writer)) if writer.has_book else None,
        glimpse(END) if writer.has_book else None,
    )


def preview_places(writer: Writer) -> list[Choice]:
    """Where the reader of a preview can be who is in the middle of the book; no title is told."""
    mark, contents = writer.mark, writer.contents
    own = [Choice("mine", f"where I am ({say_mark(mark, contents)})")] if mark and mark < END else []
    chapters = [
        Choice(f"section-{section.id}", f"the end of chapter {section.number}")
        for section in contents.sections
    ]
    return own + (chapters or [Choice(str(step), percent(step)) for step in STEPS])


def _mark_at(at: str, writer: Writer) -> int:
    if at == "mine":
        return writer.mark or START
    section = writer.contents.section(section_of(at) or 0)
    return int(at) if section is None else writer.contents.end(section, up=False)
