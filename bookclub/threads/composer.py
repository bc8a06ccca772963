"""The horizon choices of a composer, and the Writer whose place they depend on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from ..lib.positions.contents import (
    Contents,
    SectionPlace,
    chapter_text,
    choice_of,
    horizon_from,
    horizon_text,
    section_name,
)
from ..lib.positions.measures import Measures
from ..lib.positions.places import END, START, PlaceError, percent
from ..lib.positions.visibility import effective_horizon
from ..lib.text.bidi import isolated
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext, number_text

CHAPTERS = lazy_gettext("Up to a chapter")
# No place that someone could mean is longer.
LONGEST_PLACE = 20

_CHAPTER = re.compile(r"ch(?:apter|\.)?\s*(\d{1,6})", re.IGNORECASE)
_MINUTES = re.compile(r"min(?:utes?|\.)?", re.IGNORECASE)


class Option(NamedTuple):
    """An option of a select, with the group in which it is listed, if any.

    ``chip`` is what the button beside "Post" says while the option is chosen.
    """

    value: str
    label: str
    group: str | None = None
    chip: str = ""


@dataclass(frozen=True)
class Writer:
    """A member who writes about a book, and what is known when they choose a horizon.

    ``mark`` is their mark in the book, or None if they never said. They count in the edition ``edition_id``,
    or in one of their own with a ``length`` in pages or minutes (``length_unit``). ``counts_time`` says that
    a bare number is a time to them.

    ``least`` is the least that their post gives away: as much as the comment that it ``answers``, or as its
    thread. ``lifted`` is the horizon that readers reported for it. Without ``has_book`` the post is about no
    book, and everyone counts as not started.
    """

    mark: int | None = None
    measures: Measures = field(default_factory=Measures)
    edition_id: int | None = None
    length: int | None = None
    length_unit: str | None = None
    counts_time: bool = False
    least: int = START
    answers: bool = False
    lifted: int = START
    has_book: bool = True

    @property
    def contents(self) -> Contents:
        return self.measures.contents

    def horizon(self, choice: str, typed: str = "") -> tuple[str, int]:
        """Return the stored form of a choice and its horizon; a typed place is stored as its position.

        Without a book there is nothing to give away, whatever was chosen. Raises PlaceError.
        """
        if not self.has_book:
            return str(START), START
        if choice == "place":
            section = self._chapter(typed)
            if section is not None:
                # The post keeps the id of the chapter, and follows if somebody corrects its end.
                return f"section-{section.id}", self.contents.end(section, up=True)
            position = self._position(typed)
            return choice_of(position), position
        return choice, horizon_from(choice, self.mark, self.contents)

    def in_force(self, horizon: int) -> int:
        """Return the horizon in force of a post for which they choose this one."""
        return effective_horizon(horizon, self.least, START, self.lifted)

    def default(self) -> str | None:
        """Return the default choice: one's own place, or that of the answered post if it is further on.

        None if one's own place is unknown.
        """
        if self.mark is None:
            return None
        # The lowest choice never gives away less than ``least``: here it means "as much as what it answers".
        return "mine" if self.mark >= self.least else "0"

    @property
    def starts_safe(self) -> bool:
        """True if a reply starts without spoilers: to a safe post, by a member who has finished.

        They would otherwise hide every friendly word from everybody who has not.
        """
        return self.has_book and self.answers and self.least == START and self.mark == END

    def _chapter(self, typed: str) -> SectionPlace | None:
        """Return the chapter in "chapter 7", if the book has one with that number."""
        named = _CHAPTER.fullmatch(typed.strip())
        return self.contents.numbered(int(named[1])) if named else None

    def _position(self, typed: str) -> int:
        """Return the position of a typed place, rounded up: "p. 61", "61", "20 %", "1:05", "65 min"."""
        typed = typed.strip()
        if not typed:
            raise PlaceError(_("Type the place: a page, a time or a percentage."))
        if len(typed) > LONGEST_PLACE:
            raise PlaceError(_("That is too long for a place. Type a page, a time or a percentage."))
        if typed.endswith("%"):
            return self.measures.position("percent", typed, up=True)
        bare = _MINUTES.sub("", typed).strip()
        # A bare number is a page, unless the writer counts in time.
        in_minutes = ":" in typed or bare != typed or (self.counts_time and typed.isdecimal())
        unit = "minute" if in_minutes else "page"
        return self.measures.position(
            unit,
            bare,
            edition_id=self.edition_id,
            length=self.length if unit == self.length_unit else None,
            up=True,
        )


def horizon_choices(writer: Writer) -> list[Option]:
    """Return the horizons that this writer's post may have, from the least to the whole book.

    Nothing safer than the answered post is offered. A chapter's title appears only if the writer has reached
    the chapter, so that their own form spoils nothing for them.
    """
    contents, least, mark = writer.contents, writer.least, writer.mark
    choices = [_least_choice(writer)]
    # A writer who has finished is at the ending, so one of the two choices is enough.
    if mark is not None and least <= mark < END:
        section = contents.given_away(mark) if mark > START else None
        # A writer at the start of chapter 9 gives away chapter 8.
        words = chapter_text(section) if section else percent(mark)
        label = _("up to where I am: %(place)s", place=words)
        choices.append(Option("mine", label, chip=_chip(mark, contents)))
    for section in contents.sections:
        end = contents.end(section, up=True)
        if end >= least:
            chip = _("Spoilers (up to chapter %(number)s)", number=number_text(section.number))
            choices.append(Option(f"section-{section.id}", _say_end(section, mark), str(CHAPTERS), chip))
    choices.append(Option("place", _("up to a page, a time or a percentage …"), chip=_("Spoilers (up to …)")))
    choices.append(
        Option("finished", _("the ending: for people who have finished"), chip=_chip(END, contents))
    )
    return choices


def _least_choice(writer: Writer) -> Option:
    if writer.least == START:
        return Option("0", _("no spoilers: everybody can read it"), chip=_("No spoilers"))
    place = horizon_text(writer.least, writer.contents)
    label = (
        _("no more than what you answer: %(place)s", place=place)
        if writer.answers
        else _("no more than the whole conversation: %(place)s", place=place)
    )
    return Option("0", label, chip=_("No more spoilers"))


def _chip(horizon: int, contents: Contents) -> str:
    """Return what the chip says for a post that gives away this much."""
    if horizon >= END:
        return _("Spoilers (up to the end)")
    section = contents.given_away(horizon) if horizon > START else None
    if section:
        return _("Spoilers (up to chapter %(number)s)", number=number_text(section.number))
    return _("Spoilers (up to %(share)s)", share=percent(-(-horizon // 100) * 100))


def further_choice(writer: Writer) -> str:
    """Return the choice that "Spoilers" stands for until another is made; "" if the writer has to say."""
    if writer.mark is None or writer.mark < max(writer.least, 1):
        return ""
    return "finished" if writer.mark == END else "mine"


def _say_end(section: SectionPlace, mark: int | None) -> str:
    number = number_text(section.number)
    if section_name(section, mark) != chapter_text(section):
        return _(
            "up to the end of chapter %(number)s: %(title)s", number=number, title=isolated(section.title)
        )
    return _("up to the end of chapter %(number)s", number=number)


def mark_text(mark: int, contents: Contents) -> str:
    """Return a short name for a place: "chapter 4" if the chapter is known, otherwise "37 %"."""
    section = contents.reached(mark) if START < mark < END else None
    return chapter_text(section) if section else percent(mark)


def becomes_text(horizon: int, writer: Writer) -> str:
    """Return a line on who can read a post if its author chooses this horizon."""
    force = writer.in_force(horizon)
    place = horizon_text(force, writer.contents)
    # A report is only named if it decides, and not if the author or the thread hides as much anyway.
    if writer.lifted == force > max(horizon, writer.least):
        return _("This will be %(place)s, as readers reported, until that is decided.", place=place)
    if writer.least == force > horizon:
        if writer.answers:
            return _("This will be %(place)s, like what you answer.", place=place)
        return _("This will be %(place)s, like the whole conversation.", place=place)
    return _("This will be %(place)s.", place=place)
