"""What happens to a book's title, authors and year on the way through other sites and people's hands.

Nothing here knows how matching is done: these are what exports look like. A disturbance takes a book and
dice, and gives the disturbed book, or None where the book has nothing that it could disturb.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from random import Random

from tests.benchmarks import disturbed_authors as authors
from tests.benchmarks import disturbed_titles as titles
from tests.benchmarks.disturbed_authors import with_author
from tests.benchmarks.disturbed_titles import Disturbance, Row, split, with_title

ROWS_OF_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
ACCENTED = {"a": "á", "e": "é", "o": "ö", "u": "ü", "i": "í", "n": "ñ", "c": "ç"}


def same(row: Row, dice: Random) -> Row:
    return row


def plain_letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def accents(row: Row, dice: Random) -> Row | None:
    """Accents lost, taken apart, or put where there are none."""
    kind = dice.randrange(3)
    if kind == 2:
        title, suffix = split(row.title)
        places = [place for place, c in enumerate(title) if c in ACCENTED]
        if not places:
            return None
        place = dice.choice(places)
        return replace(row, title=title[:place] + ACCENTED[title[place]] + title[place + 1 :] + suffix)
    change = plain_letters if kind == 0 else lambda text: unicodedata.normalize("NFD", text)
    other = replace(row, title=change(row.title), authors=tuple(change(name) for name in row.authors))
    return other if other != row else None


def typed(text: str, dice: Random) -> str | None:
    """One typing error: letters swapped, lost, doubled, or a neighbour on the keyboard hit."""
    places = [p for p in range(len(text)) if text[p].isascii() and text[p].isalpha()]
    if not places:
        return None
    place = dice.choice(places)
    letter, before, after = text[place], text[:place], text[place + 1 :]
    kind = dice.randrange(4)
    if kind == 0 and after[:1].isalpha() and after[0].lower() != letter.lower():
        return before + after[0] + letter + after[1:]
    if kind == 1:
        return before + after
    if kind == 2:
        return before + letter + letter.lower() + after
    keys = next(keys for keys in ROWS_OF_KEYS if letter.lower() in keys)
    at = keys.index(letter.lower())
    hit = dice.choice(keys[max(0, at - 1) : at] + keys[at + 1 : at + 2])
    return before + (hit.upper() if letter.isupper() else hit) + after


def year_of_edition(row: Row, dice: Random) -> Row | None:
    return replace(row, year=row.year + dice.randint(1, 30)) if row.year else None


def no_year(row: Row, dice: Random) -> Row:
    return replace(row, year=None)


def typing_error_in_both(row: Row, dice: Random) -> Row | None:
    other = TITLE_TYPED(row, dice)
    return other and AUTHOR_TYPED(other, dice)


TITLE_TYPED, AUTHOR_TYPED = with_title(typed), with_author(typed)

DISTURBANCES: dict[str, Disturbance] = {
    "as it is": same,
    "series removed": titles.series_removed,
    "series added": titles.series_added,
    "series written otherwise": titles.series_written_otherwise,
    "subtitle removed": with_title(titles.without_subtitle),
    "subtitle added": with_title(titles.with_subtitle),
    "subtitle cut": with_title(titles.subtitle_cut),
    "colon otherwise": with_title(titles.colon_otherwise),
    "edition": with_title(titles.edition),
    "article": with_title(titles.article),
    "ampersand": with_title(titles.ampersand),
    "numerals": with_title(titles.numerals),
    "case": with_title(titles.case),
    "punctuation": with_title(titles.punctuation),
    "accents": accents,
    "typing error in title": TITLE_TYPED,
    "typing error in author": AUTHOR_TYPED,
    "last name first": with_author(authors.last_name_first),
    "last name first, no comma": with_author(authors.without_comma),
    "initials": with_author(authors.initials),
    "middle name": with_author(authors.middle_name),
    "translator behind": authors.translator_behind,
    "translator in front": authors.translator_in_front,
    "narrator": authors.narrator,
    "first author only": authors.first_author_only,
    "authors swapped": authors.authors_swapped,
    "year of an edition": year_of_edition,
    "no year": no_year,
}


# Of each of these only one at a time, or nobody is left who wrote the book.
LISTS = {"translator behind", "translator in front", "narrator", "first author only", "authors swapped"}
NAMES = {"last name first", "last name first, no comma", "initials", "middle name"}


def several(count: int) -> Disturbance:
    """So many disturbances at once, none of them twice."""

    def disturb(row: Row, dice: Random) -> Row | None:
        done: list[str] = []
        for name in dice.sample(sorted(DISTURBANCES), len(DISTURBANCES)):
            if any(name in group and not group.isdisjoint(done) for group in (LISTS, NAMES)):
                continue
            other = DISTURBANCES[name](row, dice)
            if other and other != row:
                row, done = other, [*done, name]
            if len(done) == count:
                return row
        return None

    return disturb


ALL: dict[str, Disturbance] = {
    **DISTURBANCES,
    "typing error in both": typing_error_in_both,
    "two at once": several(2),
    "three at once": several(3),
}
