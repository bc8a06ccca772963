"""Sections of a book: their starts and ends, the horizons of a form, and the wording of places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..text.bidi import isolated
from ..text.messages import gettext as _
from ..text.messages import ngettext, number_text
from .places import END, START, PlaceError, percent


@dataclass(frozen=True)
class SectionPlace:
    """A section as readers name it: its number in the book, from 1, and its start (None: unknown)."""

    id: int
    number: int
    title: str
    start: int | None


@dataclass(frozen=True)
class Contents:
    """The sections of one book, in their order; none if nobody has entered them."""

    sections: tuple[SectionPlace, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sections)

    def section(self, section_id: int) -> SectionPlace | None:
        return next((section for section in self.sections if section.id == section_id), None)

    def numbered(self, number: int) -> SectionPlace | None:
        return self.sections[number - 1] if 1 <= number <= len(self.sections) else None

    def end(self, section: SectionPlace, *, up: bool) -> int:
        """Return the position where a section ends: the start of the next one, or the end of the book.

        If the next start is unknown, a post (``up``) takes the next known start and a reader the previous
        one, so that too much is locked rather than too little.
        """
        if section.number == len(self.sections):
            return END
        if up:
            # Numbers count from 1, so this slice begins with the next section.
            later = (other.start for other in self.sections[section.number :])
            return next((start for start in later if start is not None), END)
        following = self.sections[section.number].start
        if following is not None:
            return following
        so_far = [other.start for other in self.sections[: section.number] if other.start is not None]
        return so_far[-1] if so_far else START

    def knows_end(self, section: SectionPlace) -> bool:
        """Return whether the end of a section is known."""
        last = section.number == len(self.sections)
        return last or self.sections[section.number].start is not None

    def reached(self, position: int) -> SectionPlace | None:
        """Return the section that a reader at this position is in; None before the first known start."""
        begun = [
            section for section in self.sections if section.start is not None and section.start <= position
        ]
        return begun[-1] if begun else None

    def given_away(self, horizon: int) -> SectionPlace | None:
        """Return the last section that a post with this horizon gives away; None if no start is known."""
        # A post up to the very start of a section gives nothing of it away.
        begun = [
            section for section in self.sections if section.start is not None and section.start < horizon
        ]
        if not begun:
            return None
        # Sections without a known start may follow before the next known one. The post may speak of each of
        # them, so the last one counts.
        for section in self.sections[begun[-1].number :]:
            if section.start is not None:
                return self.sections[section.number - 2]
        return self.sections[-1]

    def following(self, position: int) -> SectionPlace | None:
        """Return the first section that ends after this position; None if there is none."""
        ahead = (section for section in self.sections if self.end(section, up=False) > position)
        return next(ahead, None)


NO_CONTENTS = Contents()


def section_name(section: SectionPlace, mark: int | None) -> str:
    """Return the name of a section that this reader may see: "7. The Boat", or "chapter 7" if it lies ahead.

    The title shows once the reader has reached the start of the section, since titles can be spoilers too.
    An unknown start lies ahead until the end of the book.
    """
    start = END if section.start is None else section.start
    # Everybody may see the title of a section with which the book starts.
    if section.title and (start == START or start <= (mark or START)):
        return isolated(f"{section.number}. {section.title}")
    return chapter_text(section)


def chapter_text(section: SectionPlace) -> str:
    """Return the name of a section without its title: "chapter 7"."""
    return _("chapter %(number)s", number=number_text(section.number))


def horizon_from(choice: str, mark: int | None, contents: Contents = NO_CONTENTS) -> int:
    """Return the horizon for a form's choice: "0", "mine", "finished", "section-7", or 1 to 10 000.

    ``mark`` is the author's furthest position, None if they never recorded one. "mine" is the mark itself,
    never rounded, so that two readers on the same page see each other's posts. A section means its end.
    Raises PlaceError.
    """
    if choice == "mine":
        if mark is None:
            raise PlaceError(
                _("You have not said how far you are in this book. Choose who can read your words.")
            )
        return mark
    if choice == "finished":
        return END
    if (section_id := section_id_in(choice)) is not None:
        section = contents.section(section_id)
        if section is None:
            raise PlaceError(_("That chapter is not in this book any more. Choose who can read your words."))
        return contents.end(section, up=True)
    # int() would also accept signs, spaces, underscores and other alphabets.
    if not (choice.isascii() and choice.isdecimal()) or len(choice) > 5 or int(choice) > END:
        raise PlaceError(_("Choose who can read your words."))
    return int(choice)


def section_id_in(choice: str) -> int | None:
    """Return the section's id in "section-7"; None for every other choice."""
    digits = choice.removeprefix("section-")
    # Nineteen digits may not fit a 64-bit integer of the database.
    is_id = digits != choice and digits.isascii() and digits.isdecimal() and len(digits) < 19
    return int(digits) if is_id else None


def choice_of(horizon: int, choice: str = "") -> str:
    """Return the choice that means this horizon for any member: "0", "finished", its section, or its number.

    This is for a form that changes a post: "mine" would move the horizon to the author's present mark.
    """
    # A section that was chosen stays chosen, rather than the number it stood for.
    if section_id_in(choice) is not None:
        return choice
    return "finished" if horizon == END else str(horizon)


def from_section(entry: str, contents: Contents) -> int:
    """Return the position of a reader who has read a section to its end. Raises PlaceError."""
    return contents.end(section_from(entry, contents), up=False)


def section_from(entry: str, contents: Contents) -> SectionPlace:
    """Return the section that a reader names by number ("7") or by id ("section-12").

    A number that no chapter has is read as an id. Raises PlaceError.
    """
    if not contents:
        raise PlaceError(_("Nobody has entered the chapters of this book. Type a page or a percentage."))
    typed = entry.strip().lower().removeprefix("chapter").strip()
    named = section_id_in(typed)
    if named is None and typed.isascii() and typed.isdecimal() and len(typed) < 10:
        section = contents.numbered(int(typed)) or contents.section(int(typed))
    else:
        section = contents.section(named) if named is not None else None
    if section is None:
        raise PlaceError(
            ngettext(
                "This book has %(num)s chapter. Type the number of the last one that you read.",
                "This book has %(num)s chapters. Type the number of the last one that you read.",
                len(contents.sections),
            )
        )
    return section


def horizon_text(horizon: int, contents: Contents = NO_CONTENTS) -> str:
    """Return in words what a post gives away: by chapter if the chapters are known, else in percent.

    Percentages are rounded up, so that the label never promises less than the post gives away.
    """
    if horizon <= START:
        return _("safe for everybody")
    if horizon >= END:
        return _("for people who have finished")
    section = contents.given_away(horizon)
    if section:
        return _("up to chapter %(number)s", number=number_text(section.number))
    return _("up to %(share)s", share=percent(-(-horizon // 100) * 100))


def span_text(horizons: Sequence[int], contents: Contents = NO_CONTENTS) -> str:
    """Return in words what several posts give away: "chapters 9 to 12", or the highest horizon alone."""
    first, last = contents.given_away(min(horizons)), contents.given_away(max(horizons))
    # The end of the book is no chapter, and one chapter is no span.
    if max(horizons) >= END or first is None or last is None or first == last:
        return horizon_text(max(horizons), contents)
    return _("chapters %(first)s to %(last)s", first=number_text(first.number), last=number_text(last.number))


def place_text(mark: int | None, contents: Contents = NO_CONTENTS) -> str:
    """Return the sentence that tells readers their place: by chapter if that is known, else in percent."""
    if mark is None:
        return _("You have not said how far you are.")
    section = contents.reached(mark) if START < mark < END else None
    if section:
        return _("You are at chapter %(number)s.", number=number_text(section.number))
    return _("You are at %(share)s.", share=percent(mark))
