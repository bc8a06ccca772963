"""Titles, counts and scores as the sentences about a vote write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..text.emphasis import Part, Sentence, listed, say


def title_of(nomination: int, titles: Mapping[int, str]) -> Part:
    """Return the title of a nomination as a part in italics; "book 5" if it has none."""
    return Part(titles.get(nomination) or f"book {nomination}", is_title=True)


def titles_listed(nominations: Sequence[int], titles: Mapping[int, str], most: int = 4) -> Sentence:
    """List the titles of some books; of more than ``most`` only the first, and the number of others."""
    if len(nominations) <= most:
        return listed([say(title_of(one, titles)) for one in nominations])
    shown = [say(title_of(one, titles)) for one in nominations[: most - 1]]
    return listed([*shown, say(counted(len(nominations) - most + 1, "other book"))])


def counted(number: int, thing: str) -> str:
    """Return a number with its noun: "1 ballot", "2 ballots"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def halves(doubled: int) -> str:
    """Write a doubled score with halves: "31½" for 63."""
    whole, half = divmod(doubled, 2)
    if half:
        return f"{whole or ''}½"
    return str(whole)
