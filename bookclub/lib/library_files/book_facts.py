"""Facts about the book in a row of an imported library: title, people, ISBNs, year and length."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..matches.author_names import identity_key, natural_name
from ..matches.bylines import read_byline
from ..matches.contributors import AUTHOR, Contributor, distinct_contributors, split_role
from ..matches.field_values import MAX_AUTHORS, MAX_NAME, MAX_TITLE, shorten
from ..text.remarks import Remark, remark
from . import names, values
from .cells import Cells
from .entries import Form

# Calibre writes the first day of the year 101 for an unknown date, which west of Greenwich is the last day of
# the year 100.
UNKNOWN_YEARS = (100, 101)


NO_SERIES_NUMBER = remark("“%(text)s” is not a number in a series, so it was left out.")
NO_ISBN = remark("“%(text)s” is not a valid ISBN, so it was left out.")
NO_YEAR = remark("“%(text)s” is not a year, so it was left out.")
NO_PAGES = remark("“%(text)s” is not a number of pages, so it was left out.")
NO_LENGTH = remark("“%(text)s” is not the length of a recording, so it was left out.")
LONG_TITLE = remark("The title is longer than %(limit)s characters, so its end was left out.")
LONG_SUBTITLE = remark("The subtitle is longer than %(limit)s characters, so its end was left out.")
LONG_SERIES = remark("The name of the series is longer than %(limit)s characters, so its end was left out.")

_CALIBRE_SEPARATORS = re.compile(r"(?<!&)&(?!&)")
_IDENTIFIER = re.compile(r"(?:\A|[,; ])isbn:\s*([\dXx-]+)", re.IGNORECASE)

_PEOPLE_SEPARATORS = re.compile(r"[,;|&\n](?![^(]*\))")


def title_of(cells: Cells) -> tuple[str, str, tuple[str, float | None]]:
    """Return title, subtitle and series, which Goodreads and The StoryGraph write after the title."""
    title, subtitle = cells.line("title"), cells.line("subtitle")
    series: tuple[str, float | None] = ("", None)
    if cells.is_own:
        number = cells.value("series number", _series_number, None, NO_SERIES_NUMBER)
        series = (cells.line("series"), number)
    else:
        titled = names.titled_from(names.with_article_in_front(title))
        title = titled.title
        series = names.series_from(cells.line("series"))
        if series[0] and series[1] is None:
            series = (series[0], cells.value("series number", _series_number, None, NO_SERIES_NUMBER))
        series = series if series[0] else (titled.series, titled.number)
    # A title that is too long often contains its subtitle.
    if len(title) > MAX_TITLE and not subtitle:
        title, _, subtitle = title.partition(": ")
    return (
        _cut_to_fit(cells, title, LONG_TITLE),
        _cut_to_fit(cells, subtitle, LONG_SUBTITLE),
        _cut_series_to_fit(cells, series),
    )


def _cut_series_to_fit(cells: Cells, series: tuple[str, float | None]) -> tuple[str, float | None]:
    return _cut_to_fit(cells, series[0], LONG_SERIES), series[1]


def _cut_to_fit(cells: Cells, text: str, problem: Remark) -> str:
    if len(text) <= MAX_TITLE:
        return text
    cells.problems.append(problem.fill(limit=MAX_TITLE))
    return f"{text[: MAX_TITLE - 1].rstrip()}…"


def _series_number(text: str) -> float | None:
    try:
        number = float(text.lstrip("# ")[:10].replace(",", "."))
    except ValueError:
        raise values.CellError from None
    if not 0 <= number < 1000:
        raise values.CellError
    return number


def authors_of(cells: Cells, form: Form) -> tuple[str, ...]:
    """Return the authors, the first author first, without translators and narrators if the row marks them."""
    author, others = cells.line("author"), cells.line("more authors")
    own = cells.text("all authors")
    if own:
        found = tuple(cells.as_line(name) for name in own.split(";"))
    elif form is Form.LIBRARYTHING:
        found = (names.natural_order(author), *_secondary_authors(others, cells.line("author roles")))
    elif form in (Form.GOODREADS, Form.OPENREADS) or cells.is_own:
        # A home-made table may name several authors in that column, or the family name first.
        first = _first_authors(author, cells.line("author l f"))
        found = (*first, *names.split_names(others, beside_others=any(first)))
    elif form is Form.CALIBRE:
        # Calibre separates names by "&"; within a name it doubles "&", and writes a bar for a comma.
        found = tuple(name.replace("&&", "&").replace("|", ",") for name in _CALIBRE_SEPARATORS.split(author))
    elif form is Form.BOOKLIST:
        found = names.read_typed_names(cells.as_line(cells.text("author").replace("\n", ";")))
    else:
        helpers = {name for name in cells.line("contributors").split(",") if "(" in name}
        others_than = {
            name.partition("(")[0].strip().casefold() for name in helpers if names.is_other_role(name)
        }
        listed = names.split_names(author)
        # If everybody named has another role, they stand in for the authors.
        found = tuple(name for name in listed if name.casefold() not in others_than) or listed
    credited = [(name, AUTHOR) if own else split_role(name) for name in names.distinct(found)]
    writers = [name for name, role in credited if role == AUTHOR] or [name for name, _ in credited]
    fitting = [
        name
        for name in names.distinct(writers)
        if len(name) <= MAX_NAME and any(character.isalnum() for character in name)
    ]
    if len(fitting) > MAX_AUTHORS:
        cells.problems.append(
            remark(
                "Only the first %(limit)s of %(count)s authors were taken.",
                limit=MAX_AUTHORS,
                count=len(fitting),
            )
        )
    if len(fitting) > 1 and not own and read_byline(author).is_doubtful:
        # A form would ask the member, but a row of a file cannot.
        cells.problems.append(remark("“%(names)s” was taken as several authors.", names=shorten(author)))
    return tuple(fitting[:MAX_AUTHORS])


def contributors_of(cells: Cells, form: Form, authors: Sequence[str]) -> tuple[str, ...]:
    """Return the contributors, each with a role: "Jo Rubin (translator)"."""
    own = cells.text("all authors") or cells.text("own contributors")
    if own:
        credit_lines = cells.text("own contributors").split(";")
    elif form is Form.LIBRARYTHING:
        pairs = zip(
            cells.line("more authors").split("|"), cells.line("author roles").split("|"), strict=False
        )
        credit_lines = [
            f"{names.natural_order(person)} ({role})"
            for person, role in pairs
            if person.strip() and role.strip()
        ]
    else:
        columns = (cells.line(column) for column in ("author", "more authors", "contributors"))
        credit_lines = [
            name for column in columns for name in _PEOPLE_SEPARATORS.split(column) if "(" in name
        ]
    # If no author is named, authors_of() returns the contributors instead, so they are left out here.
    known = set() if own else {identity_key(name) for name in authors}
    found = [
        Contributor(natural_name(name), role)
        for name, role in map(split_role, credit_lines)
        if role != AUTHOR
    ]
    fitting = [one for one in found if len(one.name) <= MAX_NAME and identity_key(one.name) not in known]
    return tuple(one.text for one in distinct_contributors(fitting)[:MAX_AUTHORS])


def _first_authors(author: str, family_first: str) -> tuple[str, ...]:
    """Return the authors in the column of the first one; a home-made table may have several there."""
    if not author:
        return (names.natural_order(family_first),)
    if not re.search("[,;]", author):
        return (author,)
    return names.author_with_comma(author, family_first) or names.read_typed_names(author)


def _secondary_authors(others: str, roles: str) -> list[str]:
    """Return LibraryThing's other authors, which it separates by bars, as it does their roles."""
    people, parts = others.split("|"), roles.split("|")
    parts += [""] * (len(people) - len(parts))
    return [
        names.natural_order(person)
        for person, role in zip(people, parts, strict=False)
        if not names.is_other_role(role)
    ]


def isbns_of(cells: Cells) -> tuple[str, ...]:
    """Return all valid ISBNs, as 13 digits."""
    none: tuple[str, ...] = ()
    before = len(cells.problems)
    read = [cells.read(text, values.isbns_from, none, NO_ISBN) for text in cells.all_of("isbn")]
    read += [cells.read(text, values.isbns_from, none, NO_ISBN)
             for text in _IDENTIFIER.findall(cells.text("identifiers"))]  # fmt: skip
    found = tuple(dict.fromkeys(isbn for isbns in read for isbn in isbns))
    if found:
        # One valid ISBN is enough, so a wrong one in another column is not reported.
        del cells.problems[before:]
    return found


def year_of(cells: Cells, form: Form) -> int | None:
    """Return the year of first publication if the row has it, else the year of the edition."""
    year = cells.value("year", values.year_from, None, NO_YEAR)
    if year is not None:
        return year
    for text in cells.all_of("edition year"):
        try:
            year = values.year_from(text)
            if form is Form.CALIBRE and year in UNKNOWN_YEARS:
                continue
            return year
        except values.CellError:
            # LibraryThing's column may hold the publisher and the place instead.
            if form is not Form.LIBRARYTHING:
                return cells.read(text, values.year_from, None, NO_YEAR)
    return None


def pages_of(cells: Cells) -> int | None:
    """Return the number of pages, None if it is unknown."""
    return cells.value("pages", values.pages_from, None, NO_PAGES)


def minutes_of(cells: Cells) -> int | None:
    """Return the length of a recording in minutes, None if it is unknown."""
    in_seconds = cells.value("seconds", lambda text: values.minutes_from(text, "second"), None, NO_LENGTH)
    return in_seconds or cells.value("minutes", values.minutes_from, None, NO_LENGTH)
