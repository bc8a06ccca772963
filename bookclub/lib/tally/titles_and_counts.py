"""The titles, counts and scores in what is said of a vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..text.emphasis import Part, Sentence, listed, say


def title_of(nomination: int, titles: Mapping[int, str]) -> Part:
    """The title of a nomination; where it has none, its number."""
    return Part(titles.get(nomination) or f"book {nomination}", is_title=True)


def titles_listed(nominations: Sequence[int], titles: Mapping[int, str], most: int = 4) -> Sentence:
    """The titles of some books; of more than ``most`` only the first, and how many others."""
    if len(nominations) <= most:
        return listed([say(title_of(one, titles)) for one in nominations])
    shown = [say(title_of(one, titles)) for one in nominations[: most - 1]]
    return listed([*shown, say(counted(len(nominations) - most + 1, "other book"))])


def counted(number: int, thing: str) -> str:
    """ "1 ballot", "2 ballots"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def halves(doubled: int) -> str:
    """A doubled score as people write it: "31½"."""
    whole, half = divmod(doubled, 2)
    if half:
        return f"{whole or ''}½"
    return str(whole)
