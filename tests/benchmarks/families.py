"""Books of one name: volumes, years, parts and editions for two countries, made from any library's books.

A kind takes a book and dice, and gives pairs of books: those that are one, written in two ways, and those
that are two. Pairs of one reader stand in one file. Nothing here knows how matching is done.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import NamedTuple

from tests.benchmarks.disturbances import DISTURBANCES, typed
from tests.benchmarks.disturbed_titles import Row, split

WORDS = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
TH = ("1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "10th")
GERMAN = (
    "Erster",
    "Zweiter",
    "Dritter",
    "Vierter",
    "Fünfter",
    "Sechster",
    "Siebter",
    "Achter",
    "Neunter",
    "Zehnter",
)
FRENCH = (
    "Premier",
    "Deuxième",
    "Troisième",
    "Quatrième",
    "Cinquième",
    "Sixième",
    "Septième",
    "Huitième",
    "Neuvième",
    "Dixième",
)
# How one number is written as a volume: {n} in digits, {w} in a word, {r} Roman, {o} an ordinal, {t} "4th".
VOLUMES = (
    ", Vol. {n}",
    ", Volume {n}",
    " (Volume {n})",
    ", Volume {w}",
    ", Vol. {r}",
    ": Volume {r}",
    " (Vol. {n})",
    " [Vol. {n}]",
    ", Tome {n}",
    ", Band {n}",
    " (Band {n})",
    ", Tomo {r}",
    " ({n}. Band)",
    ", {g} Band",
    " ({f} tome)",
    ", {o} Volume",
    ", Volume the {o}",
    " ({n}/12)",
    " ({n} of 12)",
    ", Bd. {n}",
    ", vol {n}",
    ", VOLUME {n}",
    ", Volume {n:02}",
)
# In brackets these are volumes; outside of them they are words of the title.
FOREIGN = ("Cilt", "kötet", "svazek", "Tom", "Livro", "Libro", "Kitap", "osa", "Season")
PARTS = (
    ", Part {n}",
    ": Part {w}",
    " (Part {r})",
    ", Part {r}",
    ", Part the {o}",
    ", {o} Part",
    " (Pt. {n})",
)
ISSUES = (" #{n}", " No. {n}", " #{n:02}")
BARE = (" {n}", " {r}", " {w}")
ORDINAL = (": The {o} {noun}", ": The {t} {noun}")
NOUNS = ("Thread", "Lantern", "Winter", "Door", "Daughter")
YEARS = (
    ": Diary {y}",
    ": A Diary of {y}",
    " {y}",
    ", {y}",
    ": Letters {y}-{z}",
    ": The Year {y}",
    " ({y} Annual)",
)
LONG_SUBTITLES = (
    "The Secret Lives of Ordinary People",
    "What Nobody Ever Told You About It",
    "A Journey to the End of Things",
    "How a Long Winter Changed the World",
    "The Untold Story of a Lost City",
    "Why We Believe What We Believe",
    "Notes from a Very Small Kitchen",
    "The Art and Science of Paying Attention",
)
SHORT_SUBTITLES = ("Scope and Closures", "Types", "Up and Going", "Async", "Beyond", "Objects", "The Basics")
SECOND_ROWS = (
    "as it is",
    "series removed",
    "series added",
    "edition",
    "article",
    "ampersand",
    "case",
    "punctuation",
    "accents",
    "last name first",
    "initials",
    "translator behind",
    "no year",
)


class Pair(NamedTuple):
    """Two books; ``of_one_reader`` says that they stand in one file."""

    one: Row
    other: Row
    of_one_reader: bool = False


class Family(NamedTuple):
    """Pairs that are one book, and pairs that are two."""

    same: list[Pair]
    different: list[Pair]


Kind = Callable[[Row, Random], Family | None]


def written(form: str, number: int) -> str:
    """A number in one of the forms."""
    at = number - 1
    return form.format(
        n=number, w=WORDS[at], r=ROMANS[at], o=ORDINALS[at], t=TH[at], g=GERMAN[at], f=FRENCH[at]
    )


def numbered(forms: tuple[str, ...], *, is_alike: bool = True) -> Kind:
    """Volumes in any two of these forms; ``is_alike`` says that the forms mean one thing."""

    def kind(row: Row, dice: Random) -> Family:
        number, other = dice.sample(range(1, 11), 2)
        form, another = dice.choice(forms), dice.choice(forms) if is_alike else ""
        another = another or form
        one = ended(row, written(form, number))
        same = [Pair(one, ended(row, written(another, number)), of_one) for of_one in (False, True)]
        different = [
            Pair(one, ended(row, written(dice.choice(forms), other)), of_one) for of_one in (False, True)
        ]
        return Family(same, [*different, Pair(one, ended(row, written(form, other)))])

    return kind


def ended(row: Row, end: str) -> Row:
    """The book with this behind its main title."""
    return replace(row, title=head_of(row) + end)


def head_of(row: Row) -> str:
    """The main title of a book."""
    return split(row.title)[0].partition(": ")[0].strip()


def is_plain(row: Row) -> bool:
    """Return whether the main title has no number and no parts of its own."""
    return bool(
        re.fullmatch(
            r"(?!.*\b(?:Vol|Volume|Book|Part|No|Boxset|Set|Trilogy)s?\b)[^\W\d][^\d:;./#()\[\]–-]{3,}",
            head_of(row),
        )
    )


def foreign(row: Row, dice: Random) -> Family:
    """Volumes in brackets, in a language that has another word for them."""
    word, (number, other) = dice.choice(FOREIGN), dice.sample(range(1, 11), 2)
    one = ended(row, f" ({word} {number})")
    return Family([Pair(one, one)], [Pair(one, ended(row, f" ({word} {other})"), dice.random() < 0.5)])


def ordinals(row: Row, dice: Random) -> Family:
    """Subtitles that differ in an ordinal."""
    noun, (number, other) = dice.choice(NOUNS), dice.sample(range(1, 11), 2)
    form, another = (one.replace("{noun}", noun) for one in dice.sample(ORDINAL, 2))
    one = ended(row, written(form, number))
    return Family(
        [Pair(one, ended(row, written(another, number)))],
        [Pair(one, ended(row, written(form, other)), dice.random() < 0.5)],
    )


def years(row: Row, dice: Random) -> Family:
    """Titles and subtitles that differ in a year."""
    form, year = dice.choice(YEARS), dice.randint(1800, 2020)
    one, other = (
        ended(row, form.format(y=first, z=first + 4)) for first in (year, year + dice.randint(1, 9))
    )
    return Family([Pair(one, replace(one, title=one.title.upper()))], [Pair(one, other, dice.random() < 0.5)])


def countries(row: Row, dice: Random) -> Family | None:
    """A British and an American subtitle, of one year; in one reader's file, or of two years, two books."""
    if row.year is None or split(row.title)[1]:
        return None
    one, other = (ended(row, f": {subtitle}") for subtitle in dice.sample(LONG_SUBTITLES, 2))
    return Family(
        [Pair(one, other)],
        [Pair(one, other, of_one_reader=True), Pair(one, replace(other, year=row.year + 2))],
    )


def scopes(row: Row, dice: Random) -> Family | None:
    """Parts of one year with short names."""
    if row.year is None or split(row.title)[1]:
        return None
    one, other = (ended(row, f": {subtitle}") for subtitle in dice.sample(SHORT_SUBTITLES, 2))
    return Family([], [Pair(one, other, of_one_reader=dice.random() < 0.5)])


def near_titles(row: Row, dice: Random) -> Family | None:
    """Titles that differ in a letter, of one reader."""
    words = head_of(row).split()
    changed = typed(words[-1], dice) if len(words[-1]) > 2 else None
    if not changed or changed.lower() == words[-1].lower():
        return None
    one, other = (replace(row, title=" ".join((*words[:-1], last))) for last in (words[-1], changed))
    return Family([], [Pair(one, other, of_one_reader=True)])


def second_rows(row: Row, dice: Random) -> Family | None:
    """A second row of one reader about the same book, written a little otherwise."""
    other = DISTURBANCES[dice.choice(SECOND_ROWS)](row, dice)
    return Family([Pair(row, other, of_one_reader=True)], []) if other else None


KINDS: dict[str, Kind] = {
    "volumes by number": numbered(VOLUMES),
    "volumes, foreign": foreign,
    "parts": numbered(PARTS),
    "issues": numbered(ISSUES),
    "a bare number": numbered(BARE, is_alike=False),
    "ordinals in subtitles": ordinals,
    "years in titles": years,
    "subtitles by country": countries,
    "parts of a year": scopes,
    "near titles of one reader": near_titles,
    "second rows": second_rows,
}
