"""Lengths of a book's editions and starts of its sections, and the scales that turn places into positions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .contents import NO_CONTENTS, Contents, from_section
from .places import END, START, PlaceError, Scale, from_minute, from_page, from_percent


@dataclass(frozen=True)
class StartNote:
    """A member's note that a section starts on this page (or minute) of this edition."""

    section_id: int
    edition_id: int
    unit: str
    place: int


def derive_starts(
    typed: Mapping[int, int | None], noted: Iterable[StartNote], lengths: Mapping[tuple[int, str], int]
) -> dict[int, int | None]:
    """Return the start of each section, from typed percentages and from notes in editions.

    ``typed`` maps the ids of the sections, in their order, to the position typed for each or None; ``noted``
    are the notes in the order in which they were made, ``lengths`` the known lengths by edition and unit.
    The first usable note decides where a section starts; notes from further editions then only show how
    these editions run. A start that is not between its neighbours is left out, and so is one on the last
    page or after it: a reader who reaches a start has not reached the end.
    """
    order = list(typed)
    starts = _drop_falling_starts(typed)
    notes = list(noted)
    for note in notes:
        length = lengths.get((note.edition_id, note.unit))
        if note.section_id not in starts or starts[note.section_id] is not None:
            continue
        # Without a length a page says nothing of the position.
        if not length or note.place >= length:
            continue
        # The scale runs through the starts that are known so far, so earlier notes help later ones.
        scale = scale_of(note.edition_id, note.unit, length, notes, starts)
        # Rounded up, since the start is also the end of the section before.
        position = scale.position(note.place, up=True)
        place = order.index(note.section_id)
        before = [starts[other] for other in order[:place]]
        after = [starts[other] for other in order[place + 1 :]]
        if all(start is None or start <= position for start in before) and all(
            start is None or position <= start for start in after
        ):
            starts[note.section_id] = position
    return starts


def _drop_falling_starts(typed: Mapping[int, int | None]) -> dict[int, int | None]:
    """Set each start to None that lies before the start of an earlier section."""
    starts: dict[int, int | None] = {}
    latest = START
    for section_id, start in typed.items():
        starts[section_id] = start if start is not None and start >= latest else None
        latest = max(latest, starts[section_id] or START)
    return starts


def scale_of(
    edition_id: int, unit: str, length: int, noted: Iterable[StartNote], starts: Mapping[int, int | None]
) -> Scale:
    """Return the scale of an edition, through the sections whose start is known in it and in the book."""
    knots = []
    for note in noted:
        start = starts.get(note.section_id)
        if (note.edition_id, note.unit) == (edition_id, unit) and start is not None:
            knots.append((note.place, start))
    return Scale.through(unit, length, knots)


def scales_of_move(before: Contents, after: Contents) -> tuple[Scale, Scale]:
    """Return how positions move when starts of sections change: two scales for the same places.

    Only sections that are in both ``before`` and ``after`` and have both starts count.
    """
    starts = {section.id: section.start for section in after.sections}
    knots = [
        (section.start, start)
        for section in before.sections
        if section.start is not None and (start := starts.get(section.id)) is not None
    ]
    # The positions before the change take the place of pages.
    return Scale("position", END), Scale.through("position", END, knots)


@dataclass(frozen=True)
class EditionLength:
    """Length of an edition in pages and in minutes (None: unknown)."""

    id: int
    name: str
    pages: int | None
    minutes: int | None

    def length(self, unit: str) -> int | None:
        return {"page": self.pages, "minute": self.minutes}.get(unit)


@dataclass(frozen=True)
class Measures:
    """All that turns a place in one book into a position: its sections, its editions, and members' notes."""

    contents: Contents = NO_CONTENTS
    editions: tuple[EditionLength, ...] = ()
    noted: tuple[StartNote, ...] = ()

    def scale(self, unit: str, edition_id: int | None = None, length: int | None = None) -> Scale | None:
        """Return the scale of pages or minutes for a reader of this edition.

        ``length`` is the reader's own, in that unit, and takes precedence over the edition's. If neither is
        known, the first edition with a length counts; None if there is none.
        """
        if length:
            # The notes are pages of known editions, so they do not apply to the reader's own length.
            return Scale(unit, length)
        known = [edition for edition in self.editions if edition.length(unit)]
        chosen = next((edition for edition in known if edition.id == edition_id), known[0] if known else None)
        if chosen is None:
            return None
        starts = {section.id: section.start for section in self.contents.sections}
        return scale_of(chosen.id, unit, chosen.length(unit) or 0, self.noted, starts)

    def position(
        self,
        unit: str,
        entry: str,
        *,
        edition_id: int | None = None,
        length: int | None = None,
        up: bool = False,
    ) -> int:
        """Return the position of a typed place, rounded down, or ``up`` for a post.

        Raises PlaceError if the place cannot be understood.
        """
        if unit == "percent":
            return from_percent(entry, up=up)
        if unit == "page":
            return from_page(entry, self.scale(unit, edition_id, length), up=up)
        if unit == "minute":
            return from_minute(entry, self.scale(unit, edition_id, length), up=up)
        if unit == "section":
            return from_section(entry, self.contents)
        raise PlaceError("Give your place as a percentage, a page, a time or a chapter.")
