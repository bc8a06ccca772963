"""What is known of a book's lengths and starts, and how a place is told by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .contents import NO_CONTENTS, Contents, from_section
from .places import END, START, PlaceError, Scale, from_minute, from_page, from_percent


@dataclass(frozen=True)
class Noted:
    """Somebody noted that a section starts on this page (or minute) of this edition."""

    section_id: int
    edition_id: int
    unit: str
    place: int


def derive_starts(
    typed: Mapping[int, int | None], noted: Iterable[Noted], lengths: Mapping[tuple[int, str], int]
) -> dict[int, int | None]:
    """Where each section starts, from what members typed as percentages and noted in their editions.

    ``typed`` maps the sections in their order to the position given for each, ``noted`` are the starts
    in editions in the order in which they were noted, ``lengths`` the known lengths by edition and unit.
    The first note that tells decides; further editions then tell how they run, not where the section
    starts. A start that would stand outside its neighbours is left out, and so is one that is not
    before the last page: whoever comes to it has not come to the end.
    """
    order = list(typed)
    starts = _rising(typed)
    notes = list(noted)
    for note in notes:
        length = lengths.get((note.edition_id, note.unit))
        if note.section_id not in starts or starts[note.section_id] is not None:
            continue
        if not length or note.place >= length:
            continue
        scale = scale_of(note.edition_id, note.unit, length, notes, starts)
        position = scale.position(note.place, up=True)
        place = order.index(note.section_id)
        before = [starts[other] for other in order[:place]]
        after = [starts[other] for other in order[place + 1 :]]
        if all(start is None or start <= position for start in before) and all(
            start is None or position <= start for start in after
        ):
            starts[note.section_id] = position
    return starts


def _rising(typed: Mapping[int, int | None]) -> dict[int, int | None]:
    """These starts without those that lie before an earlier section's."""
    starts: dict[int, int | None] = {}
    latest = START
    for section_id, start in typed.items():
        starts[section_id] = start if start is not None and start >= latest else None
        latest = max(latest, starts[section_id] or START)
    return starts


def scale_of(
    edition_id: int, unit: str, length: int, noted: Iterable[Noted], starts: Mapping[int, int | None]
) -> Scale:
    """How the pages of an edition lie along the book, by the sections whose start is known in both."""
    knots = []
    for note in noted:
        start = starts.get(note.section_id)
        if (note.edition_id, note.unit) == (edition_id, unit) and start is not None:
            knots.append((note.place, start))
    return Scale.through(unit, length, knots)


def moved_starts(before: Contents, after: Contents) -> tuple[Scale, Scale]:
    """How positions moved with the starts of the sections that stayed: two scales of the same places."""
    starts = {section.id: section.start for section in after.sections}
    knots = [
        (section.start, start)
        for section in before.sections
        if section.start is not None and (start := starts.get(section.id)) is not None
    ]
    return Scale("position", END), Scale.through("position", END, knots)


@dataclass(frozen=True)
class EditionLength:
    """An edition as a measure: how many pages it has, or minutes (None: unknown)."""

    id: int
    name: str
    pages: int | None
    minutes: int | None

    def length(self, unit: str) -> int | None:
        return {"page": self.pages, "minute": self.minutes}.get(unit)


@dataclass(frozen=True)
class Measures:
    """Everything by which a place in one book can be told: its sections, its editions, what was noted."""

    contents: Contents = NO_CONTENTS
    editions: tuple[EditionLength, ...] = ()
    noted: tuple[Noted, ...] = ()

    def scale(self, unit: str, edition_id: int | None = None, length: int | None = None) -> Scale | None:
        """How pages or minutes lie along the book for a reader of this edition.

        ``length`` is the reader's own, in that unit, and goes before the edition's. Where neither tells,
        it is the first edition that does; None where none does.
        """
        if length:
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
        """The position of a place as somebody typed it, rounded down, or ``up`` for a post.

        Raises PlaceError where it cannot be understood.
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
