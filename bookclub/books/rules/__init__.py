"""What the club holds about a book: its fields, what differs between two states, and how it is found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stdnum import isbn as isbn_numbers

from .author_names import identity_key, natural_name, same_author
from .editions import (
    FORMATS,
    EditionFields,
    edition_name,
    format_from,
    isbn_from,
    isbn_text,
    minutes_from,
    pages_from,
)
from .entries import (
    KIND_NAMES,
    LONGEST_FORM,
    MAX_DESCRIPTION,
    MAX_TITLE,
    AdaptationFields,
    Refused,
    adaptation_text,
    adaptations_from,
    latest_year,
    names_from,
    names_so_far,
    subtitle_from,
    tags_from,
    title_from,
    year_from,
    year_text,
)
from .folding import bare, fold, free_slug, is_slug, key_of, slug_base, title_key
from .labels import Label
from .matching import (
    RETITLED,
    Wanted,
    author_key,
    author_keys,
    called_alike,
    halves_of,
    keys_of,
    likeness,
    match_columns,
    only_subtitles_differ,
    repeated,
    same_book,
    same_row,
    title_of,
)
from .paging import PAGE_SIZE, SORTS, Key, id_from
from .sections import (
    MAX_SECTIONS,
    Chapter,
    Line,
    Planned,
    box_of,
    lines_from,
    planned,
)
from .series import NO_SERIES, Series, series_from, series_text
from .starts import Start, refuse_falls, refuse_length, refuse_lost, start_from

__all__ = (
    "FORMATS",
    "KIND_NAMES",
    "LONGEST_FORM",
    "MAX_DESCRIPTION",
    "MAX_SECTIONS",
    "MAX_TITLE",
    "PAGE_SIZE",
    "RETITLED",
    "SORTS",
    "AdaptationFields",
    "BookFields",
    "Chapter",
    "EditionFields",
    "Key",
    "Label",
    "Line",
    "Planned",
    "Refused",
    "Series",
    "Start",
    "Wanted",
    "adaptation_text",
    "adaptations_from",
    "author_key",
    "author_keys",
    "authors_line",
    "average",
    "box_of",
    "called_alike",
    "changes_between",
    "edition_name",
    "fold",
    "format_from",
    "free_slug",
    "halves_of",
    "id_from",
    "identity_key",
    "is_slug",
    "isbn_from",
    "isbn_text",
    "key_of",
    "keys_of",
    "latest_year",
    "likeness",
    "lines_from",
    "match_columns",
    "minutes_from",
    "names_from",
    "names_so_far",
    "natural_name",
    "only_subtitles_differ",
    "pages_from",
    "planned",
    "refuse_falls",
    "refuse_length",
    "refuse_lost",
    "repeated",
    "same_author",
    "same_book",
    "same_row",
    "search_key",
    "search_words",
    "series_from",
    "series_text",
    "slug_base",
    "start_from",
    "subtitle_from",
    "tags_from",
    "title_from",
    "title_key",
    "title_of",
    "verdict",
    "year_from",
    "year_text",
)

MAX_QUERY = 200
MAX_QUERY_WORDS = 8


@dataclass(frozen=True, kw_only=True)
class BookFields:
    """Everything about a book that members can add and edit.

    ``authors`` and ``tags`` are names in their order, ``isbn`` is an ISBN-13 without hyphens, and
    ``description_html`` is the description as it is rendered, which takes no part in comparing.
    """

    title: str
    authors: tuple[str, ...]
    subtitle: str = ""
    first_published: int | None = None
    description: str = ""
    description_html: str = ""
    tags: tuple[str, ...] = ()
    isbn: str | None = None
    pages: int | None = None
    series: Series = NO_SERIES
    adaptations: tuple[AdaptationFields, ...] = ()

    def texts(self) -> dict[str, str]:
        """Every field as a member types it: what fills the form, and what the log of edits compares."""
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "authors": "; ".join(self.authors),
            "first_published": year_text(self.first_published),
            "description": self.description,
            "tags": ", ".join(self.tags),
            "isbn": self.isbn or "",
            "pages": str(self.pages or ""),
            "series": series_text(self.series),
            "adaptations": "\n".join(adaptation_text(adaptation) for adaptation in self.adaptations),
        }


def changes_between(before: BookFields, after: BookFields) -> dict[str, list[str]]:
    """For each field that differs its [before, after], as the log of edits keeps them."""
    old, new = before.texts(), after.texts()
    return {name: [old[name], new[name]] for name in old if old[name] != new[name]}


def search_key(fields: BookFields, isbns: Iterable[str] = ()) -> str:
    """What a search goes through: title, subtitle, authors and both forms of each ISBN, folded.

    ``isbns`` are those of the other editions.
    """
    parts = [key_of(text) for text in (fields.title, fields.subtitle, *fields.authors) if text]
    for isbn in filter(None, (fields.isbn, *isbns)):
        parts.append(isbn)
        if isbn.startswith("978"):
            parts.append(isbn_numbers.to_isbn10(isbn).lower())
    return " ".join(parts)


def search_words(query: str) -> list[str]:
    """What must all occur in a book's search key for it to be found; nothing for an empty query.

    An ISBN counts as one word, however it is hyphenated. Words beyond MAX_QUERY_WORDS are ignored.
    """
    query = query[:MAX_QUERY]
    try:
        number = isbn_from(query)
    except Refused:
        number = None
    if number:
        return [number]
    return (fold(query).split() or bare(query).split())[:MAX_QUERY_WORDS]


def authors_line(names: Sequence[str]) -> str:
    """The names as a list of books shows them: all up to four, then three "and 5 others"."""
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} others"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def average(rating_sum: int, rating_count: int) -> str:
    """The average of ratings in half stars as stars with one decimal, "4.3"; "" where there are none."""
    return f"{rating_sum / rating_count / 2:.1f}" if rating_count else ""


def rating_rank(rating_sum: int, rating_count: int) -> int:
    """The average of ratings in thousandths of half stars, which sorting goes by; 0 where there are none."""
    return round(1000 * rating_sum / rating_count) if rating_count else 0


def verdict(rating_sum: int, rating_count: int) -> str:
    """What the club gives a book, in a phrase: "★ 4.3 from 5 readers", or that nobody has rated it."""
    if not rating_count:
        return "not rated yet"
    readers = "1 reader" if rating_count == 1 else f"{rating_count} readers"
    return f"★ {average(rating_sum, rating_count)} from {readers}"
