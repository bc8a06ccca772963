"""What the club holds about a book: its fields, what differs between two states, and how it is found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stdnum import isbn as isbn_numbers

from .author_names import identity_key, natural_name, same_author
from .bylines import Byline, Reading, names_from, read_byline, reading_from
from .contributors import (
    AUTHOR,
    ROLES,
    Contributor,
    contributors_text,
    distinct_contributors,
    role_of,
    with_role,
)
from .editions import (
    FORMATS,
    EditionFields,
    bare_isbn,
    edition_name,
    format_from,
    isbn_from,
    isbn_text,
    minutes_from,
    pages_from,
    plain_signs,
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
    names_so_far,
    subtitle_from,
    tags_from,
    title_from,
    year_from,
    year_text,
)
from .folding import fold, free_slug, is_slug, key_of, slug_base, title_key
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
from .ratings import average, rating_rank, verdict
from .search import MAX_QUERY, search_words
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
    "AUTHOR",
    "FORMATS",
    "KIND_NAMES",
    "LONGEST_FORM",
    "MAX_DESCRIPTION",
    "MAX_QUERY",
    "MAX_SECTIONS",
    "MAX_TITLE",
    "PAGE_SIZE",
    "RETITLED",
    "ROLES",
    "SORTS",
    "AdaptationFields",
    "BookFields",
    "Byline",
    "Chapter",
    "Contributor",
    "EditionFields",
    "Key",
    "Label",
    "Line",
    "Planned",
    "Reading",
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
    "bare_isbn",
    "box_of",
    "called_alike",
    "changes_between",
    "contributors_text",
    "distinct_contributors",
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
    "plain_signs",
    "planned",
    "rating_rank",
    "read_byline",
    "reading_from",
    "refuse_falls",
    "refuse_length",
    "refuse_lost",
    "repeated",
    "role_of",
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
    "with_role",
    "year_from",
    "year_text",
)


@dataclass(frozen=True, kw_only=True)
class BookFields:
    """Everything about a book that members can add and edit.

    ``authors`` and ``tags`` are names in their order, ``contributors`` those who made it besides. ``isbn`` is
    an ISBN-13 without hyphens, and ``description_html`` the description as it is rendered, which takes no
    part in comparing.
    """

    title: str
    authors: tuple[str, ...]
    contributors: tuple[Contributor, ...] = ()
    subtitle: str = ""
    first_published: int | None = None
    description: str = ""
    description_html: str = ""
    tags: tuple[str, ...] = ()
    isbn: str | None = None
    pages: int | None = None
    series: Series = NO_SERIES
    adaptations: tuple[AdaptationFields, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """The authors, and those who made it besides with their roles, as a member types them."""
        return Byline(self.authors, self.contributors).texts

    def texts(self) -> dict[str, str]:
        """Every field as a member types it: what fills the form, and what the log of edits compares."""
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "authors": "; ".join(self.named),
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


def search_key(fields: BookFields, isbns: Iterable[str] = (), names: Iterable[str] = ()) -> str:
    """What a search goes through: title, subtitle, authors and both forms of each ISBN, folded.

    ``isbns`` are those of the other editions, ``names`` other titles, and other spellings of the authors.
    """
    named = (*fields.authors, *(one.name for one in fields.contributors), *names)
    parts = [key_of(text) for text in (fields.title, fields.subtitle, *named) if text]
    for isbn in filter(None, (fields.isbn, *isbns)):
        parts.append(isbn)
        if isbn.startswith("978"):
            parts.append(isbn_numbers.to_isbn10(isbn).lower())
    return " ".join(parts)


def authors_line(names: Sequence[str]) -> str:
    """The names as a list of books shows them: all up to four, then three "and 5 others"."""
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} others"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
