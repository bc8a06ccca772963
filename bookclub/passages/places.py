"""Places of passages: a typed one becomes a position, and is read again when its book is measured anew."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..lib.positions.contents import choice_of, section_from
from ..lib.positions.measures import Measures
from ..lib.positions.places import PlaceError
from ..lib.text.messages import gettext as _
from ..lib.text.messages import ngettext
from ..threads.composer import LONGEST_PLACE, Writer
from .models import Passage

# What a reader may write before a page, which the page of a passage writes by itself.
_PAGE = re.compile(r"^(page|pp?\.?)\s*(?=\w)", re.IGNORECASE)


@dataclass(frozen=True)
class PassagePlace:
    """The place of a passage: as it was typed, the unit of that, and the position that it means.

    ``entry`` names a section by its id. ``choice`` is the horizon as posts store it.
    """

    unit: str
    entry: str
    position: int
    edition_id: int | None = None
    length: int | None = None

    @property
    def choice(self) -> str:
        return self.entry if self.unit == "section" else choice_of(self.position)


def place_from(unit: str, typed: str, writer: Writer) -> PassagePlace:
    """Return the place that a member typed, rounded up as for every post. Raises PlaceError."""
    typed, measures = typed.strip(), writer.measures
    if not typed:
        raise PlaceError(_("Say where the passage stands."))
    if len(typed) > LONGEST_PLACE:
        raise PlaceError(_("That is too long for a place. Type a page, a time or a percentage."))
    if unit == "section":
        return _section_place(typed, measures)
    if unit == "page":
        typed = _PAGE.sub("", typed)
    length = writer.length if unit == writer.length_unit else None
    edition_id = writer.edition_id if unit in ("page", "minute") else None
    position = measures.position(unit, typed, edition_id=edition_id, length=length, up=True)
    return PassagePlace(unit, typed, position, edition_id, length)


def _section_place(typed: str, measures: Measures) -> PassagePlace:
    contents = measures.contents
    try:
        section = section_from(typed, contents)
    except PlaceError:
        if not contents:
            raise
        raise PlaceError(
            ngettext(
                "This book has %(num)s chapter. Type the number of the one in which the passage stands.",
                "This book has %(num)s chapters. Type the number of the one in which the passage stands.",
                len(contents.sections),
            )
        ) from None
    # Somewhere in a chapter means its end, as for every post.
    return PassagePlace("section", f"section-{section.id}", contents.end(section, up=True))


def position_now(passage: Passage, measures: Measures) -> int:
    """Return the position of a passage after its book was measured anew: forwards, never back.

    Anyone may edit chapters and lengths, and that must not open words. A place that makes no sense any more
    stays where it was.
    """
    try:
        if passage.entry_unit == "section":
            position = _section_place(passage.entry, measures).position
        else:
            position = measures.position(
                passage.entry_unit,
                passage.entry,
                edition_id=passage.edition_id,
                length=passage.length,
                up=True,
            )
    except PlaceError:
        return passage.own_horizon
    return max(passage.own_horizon, position)
