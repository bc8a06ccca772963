"""What happens to a title, and to the series behind it, on the way through other sites and people's hands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random


@dataclass(frozen=True)
class Row:
    """A book as one line of a file tells it."""

    title: str
    authors: tuple[str, ...]
    year: int | None


Disturbance = Callable[[Row, Random], Row | None]

SUFFIX = re.compile(r"\s*\([^()]*#[^()]*\)\s*\Z")
SUBTITLES = (
    "A Novel", "A Memoir", "A Thriller", "Stories", "The International Bestseller", "A True Story",
    "The Story of a Lifetime", "A Novel of Love and War", "Winner of the Booker Prize",
    "Now a Major Motion Picture", "What Everybody Should Know", "Roman",
)  # fmt: skip
EDITIONS = (
    " (25th Anniversary Edition)", " [Unabridged]", " (Penguin Classics)", ", Revised Edition",
    " (Paperback)", " - Deluxe Edition", " (Kindle Edition)", " (Movie Tie-In)", " (Large Print)",
    ": Illustrated Edition", " [Hardcover]", " (Vintage International)", ": 10th Anniversary Edition",
    " (2nd Edition)",
    " (Mass Market Paperback)", " (Annotated)", ", Second Edition", " (Audio CD)", " Anniversary Edition",
    ": The Collector's Edition", " (Modern Library Classics)", " - Unabridged", " (UK Edition)",
)  # fmt: skip
SERIES = ("Chronicles", "Saga", "Trilogy", "Quartet", "Mysteries")
PLACES = ("Harbour", "Winterfold", "Ashdown", "Silver Coast", "Blackwater")
SPELT = {
    "1": "One", "2": "Two", "3": "Three", "4": "Four", "5": "Five", "6": "Six", "7": "Seven", "8": "Eight",
    "9": "Nine", "10": "Ten", "11": "Eleven", "12": "Twelve", "13": "Thirteen", "15": "Fifteen",
    "20": "Twenty", "21": "Twenty-One", "22": "Twenty-Two", "100": "One Hundred",
    "1984": "Nineteen Eighty-Four", "1st": "First", "2nd": "Second", "3rd": "Third", "4th": "Fourth",
    "5th": "Fifth", "6th": "Sixth", "7th": "Seventh", "8th": "Eighth", "9th": "Ninth",
}  # fmt: skip
IN_DIGITS = {word: number for number, word in SPELT.items() if number.isdigit()}


def split(title: str) -> tuple[str, str]:
    """The title, and the series in brackets behind it."""
    found = SUFFIX.search(title)
    return (title[: found.start()], title[found.start() :]) if found else (title, "")


def with_title(change: Callable[[str, Random], str | None]) -> Disturbance:
    """A disturbance of the title proper, which leaves the series behind it as it is."""

    def disturb(row: Row, dice: Random) -> Row | None:
        title, suffix = split(row.title)
        changed = change(title, dice)
        return None if changed is None or changed == title else replace(row, title=changed + suffix)

    return disturb


def series_removed(row: Row, dice: Random) -> Row | None:
    title, suffix = split(row.title)
    return replace(row, title=title) if suffix else None


def series_added(row: Row, dice: Random) -> Row | None:
    if split(row.title)[1]:
        return None
    name = f"The {dice.choice(PLACES)} {dice.choice(SERIES)}"
    form = dice.choice(("({}, #{})", "({} #{})", "({} Book {})", "({}, Book {})", "[{}, {}]"))
    return replace(row, title=f"{row.title.strip()} {form.format(name, dice.randint(1, 4))}")


def series_written_otherwise(row: Row, dice: Random) -> Row | None:
    found = re.search(r"\(([^()#]*?),?\s*#([0-9.]+)\)\s*\Z", row.title)
    if not found:
        return None
    form = dice.choice(("({} #{})", "({} Book {})", "({}, Book {})", "({}, Vol. {})", "[{}, #{}]", "({})"))
    return replace(row, title=row.title[: found.start()].strip() + " " + form.format(found[1], found[2]))


def without_subtitle(title: str, dice: Random) -> str | None:
    head, colon, _ = title.partition(": ")
    return head if colon else None


def with_subtitle(title: str, dice: Random) -> str | None:
    if ":" in title:
        return None
    return f"{title.strip()}{dice.choice((': ', ': ', ' - '))}{dice.choice(SUBTITLES)}"


def colon_otherwise(title: str, dice: Random) -> str | None:
    return title.replace(": ", dice.choice((" - ", " : ", " – ", ". ")), 1)


def subtitle_cut(title: str, dice: Random) -> str | None:
    head, colon, rest = title.partition(": ")
    words = rest.split()
    return f"{head}: {' '.join(words[: max(3, len(words) // 2)])}" if colon and len(words) > 5 else None


def edition(title: str, dice: Random) -> str:
    return title.strip() + dice.choice(EDITIONS)


def article(title: str, dice: Random) -> str | None:
    found = re.match(r"(The|An|A) (?=\w\w)", title)
    if found:
        rest = title[found.end() :]
        return rest if dice.random() < 0.5 or ":" in rest else f"{rest}, {found[1]}"
    return f"The {title}" if title[:1].isalpha() and dice.random() < 0.5 else None


def ampersand(title: str, dice: Random) -> str | None:
    return title.replace(" & ", " and ") if " & " in title else re.sub(r" and ", " & ", title, count=1)


def numerals(title: str, dice: Random) -> str | None:
    """A number in words instead of digits, or the other way."""
    words = title.split(" ")
    for place, word in enumerate(words):
        other = SPELT.get(word) or IN_DIGITS.get(word)
        if other:
            return " ".join([*words[:place], other, *words[place + 1 :]])
    return None


def case(title: str, dice: Random) -> str:
    return dice.choice((title.upper(), title.lower(), title.capitalize()))


def punctuation(title: str, dice: Random) -> str | None:
    kind = dice.randrange(4)
    if kind == 0:
        return title.replace("'", "’").replace('"', "“")
    if kind == 1:
        return re.sub(r"['’\"!?.,]", "", title)
    if kind == 2:
        return re.sub(r" +", "  ", f" {title} ")
    return title.replace("-", " ") if "-" in title else re.sub(r"(?<=\w) (?=\w+\Z)", "-", title)
