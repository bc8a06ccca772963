"""What a reader keeps of a book for themselves: notes, own tags, and the times they read it before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ...books.rules import Refused, key_of
from ...books.rules.entries import line_from, refuse_what_is_endless
from ...characters import clean_line, clean_text

MAX_NOTES = 20_000
MAX_OWN_TAG = 100
MAX_OWN_TAGS = 50

Time = tuple[date | None, date | None]


@dataclass(frozen=True)
class Own:
    """What only one reader knows of one book: their own tags, the times before the last, and their wish.

    A time is when they began and when they finished. ``reveals`` says that they do not mind spoilers.
    """

    tags: tuple[str, ...] = ()
    times: tuple[Time, ...] = ()
    reveals: bool = False

    @property
    def earlier(self) -> str:
        """When they read it before, in words, or ""."""
        return say_earlier(self.times)


def notes_from(text: str) -> str:
    """A reader's notes as they are kept: plain text with its lines; "" where there is nothing to see.

    Raises Refused.
    """
    lines = (line.expandtabs(1).rstrip() for line in clean_text(text).split("\n"))
    notes = "\n".join(lines).strip("\n")
    if len(notes) > MAX_NOTES:
        raise Refused(f"Notes may have {MAX_NOTES} characters; these have {len(notes)}.")
    return notes if notes.strip() else ""


def own_tags_from(text: str) -> tuple[str, ...]:
    """A reader's own tags, separated by commas, each once, spelt as they spell them. Raises Refused."""
    refuse_what_is_endless(text)
    tags: dict[str, str] = {}
    for part in text.replace("\n", ",").split(","):
        if tag := line_from(part, MAX_OWN_TAG, "A tag"):
            tags.setdefault(key_of(tag), tag)
    if len(tags) > MAX_OWN_TAGS:
        raise Refused(f"A book may have {MAX_OWN_TAGS} tags of your own; these are {len(tags)}.")
    return tuple(tags.values())


def own_tag(name: str) -> str:
    """The tag that a foreign shelf of this name becomes, cut to what fits; "" where nothing is left.

    A comma would be taken for the end of the tag once somebody edits it, so there is none.
    """
    line = clean_line(name.replace(",", " "))
    try:
        return line_from(line[:MAX_OWN_TAG].strip(), MAX_OWN_TAG, "A tag")
    except Refused:
        return ""


def say_earlier(times: Iterable[Time]) -> str:
    """When a book was read before: "Read in 2015 and 2019"; "" where no year is known.

    A time counts for the year in which it ended, or else began.
    """
    days = sorted(day for started, finished in times if (day := finished or started))
    years = list(dict.fromkeys(str(day.year) for day in days))
    if not years:
        return ""
    return f"Read in {', '.join(years[:-1])}{' and ' if years[:-1] else ''}{years[-1]}"
