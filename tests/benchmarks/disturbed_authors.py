"""What happens to the names of a book's authors on the way through other sites and people's hands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.benchmarks.disturbed_titles import Disturbance, Row

TRANSLATORS = ("Gregory Rabassa", "Edith Grossman", "Jay Rubin", "Constance Garnett", "Anthea Bell")
NARRATORS = ("Stephen Fry", "Jim Dale", "Simon Vance", "Juliet Stevenson")


def with_author(change: Callable[[str, Random], str | None]) -> Disturbance:
    """A disturbance of the first author's name."""

    def disturb(row: Row, dice: Random) -> Row | None:
        changed = change(row.authors[0], dice)
        return (
            None if changed in {None, row.authors[0]} else replace(row, authors=(changed, *row.authors[1:]))
        )

    return disturb


def last_name_first(name: str, dice: Random) -> str | None:
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}" if first and not last.endswith(".") and len(last) > 3 else None


def without_comma(name: str, dice: Random) -> str | None:
    swapped = last_name_first(name, dice)
    return swapped and swapped.replace(",", "")


def initials(name: str, dice: Random) -> str | None:
    """Initials instead of given names; those that there are spaced otherwise, or without stops."""
    *given, last = name.split()
    if not given or last in {"Jr.", "Sr.", "III"}:
        return None
    if any("." in word for word in given):
        letters = [c for c in "".join(given) if c.isalpha() and c.isupper()]
        kind = dice.randrange(4)
        if kind == 3 and len(letters) > 1:
            letters = letters[:1]
        joined = (". ".join(letters) + ".", "".join(letters), " ".join(letters), ".".join(letters) + ".")[
            kind
        ]
        return f"{joined} {last}"
    return f"{'. '.join(word[0] for word in given)}. {last}"


def middle_name(name: str, dice: Random) -> str | None:
    words = name.split()
    if len(words) == 2:
        return f"{words[0]} {dice.choice('ABEJLMR')}. {words[1]}"
    is_initial = len(words) == 3 and words[1].endswith(".") and not words[0].endswith(".")
    return f"{words[0]} {words[2]}" if is_initial else None


def translator_behind(row: Row, dice: Random) -> Row:
    return replace(row, authors=(*row.authors, dice.choice(TRANSLATORS)))


def translator_in_front(row: Row, dice: Random) -> Row:
    return replace(row, authors=(dice.choice(TRANSLATORS), *row.authors))


def narrator(row: Row, dice: Random) -> Row:
    return replace(row, authors=(*row.authors[:2], dice.choice(NARRATORS)))


def first_author_only(row: Row, dice: Random) -> Row | None:
    return replace(row, authors=row.authors[:1]) if len(row.authors) > 1 else None


def authors_swapped(row: Row, dice: Random) -> Row | None:
    first, *others = row.authors
    return replace(row, authors=(others[0], first, *others[1:])) if others else None
