"""Fields of a book, the differences between two versions of them, and the text that search looks in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stdnum import isbn as isbn_numbers

from ..text.keys import key_of
from ..text.messages import list_text, ngettext
from ..text.shown_text import ShownText
from .bylines import Byline
from .contributors import Contributor
from .field_values import AdaptationFields, adaptation_text, year_text
from .series import NO_SERIES, Series, series_text


@dataclass(frozen=True, kw_only=True)
class BookFields:
    """All fields of a book that members can add and edit.

    ``authors`` and ``tags`` are names in order; ``contributors`` are the translators, illustrators and
    others. ``isbn`` is an ISBN-13 without hyphens. ``description_html`` is the rendered description;
    ``changes_between`` ignores it.
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
        """The authors, then the contributors with their roles, as a member types them."""
        return Byline(self.authors, self.contributors).texts

    def texts(self) -> dict[str, str]:
        """Return every field as a member types it, to fill the form and to compare for the log of edits."""
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
    """Return [before, after] for each field that differs, as the log of edits stores them."""
    old, new = before.texts(), after.texts()
    return {name: [old[name], new[name]] for name in old if old[name] != new[name]}


def search_key(fields: BookFields, isbns: Iterable[str] = (), names: Iterable[str] = ()) -> str:
    """Return the folded text that search looks in: title, subtitle, authors and both forms of each ISBN.

    ``isbns`` are the ISBNs of the other editions; ``names`` are other titles and other spellings of the
    authors.
    """
    named = (*fields.authors, *(one.name for one in fields.contributors), *names)
    parts = [key_of(text) for text in (fields.title, fields.subtitle, *named) if text]
    for isbn in filter(None, (fields.isbn, *isbns)):
        parts.append(isbn)
        # An ISBN-13 that begins with 979 has no form of ten digits.
        if isbn.startswith("978"):
            parts.append(isbn_numbers.to_isbn10(isbn).lower())
    return " ".join(parts)


def authors_line(names: Sequence[str]) -> str:
    """Return the names as a list of books shows them: all of up to four, else three "and 5 others".

    The line is stored without words of any language: "A; B; C; +5".
    """
    stored = "; ".join([*names[:3], f"+{len(names) - 3}"] if len(names) > 4 else names)
    shown = show_authors(stored)
    return ShownText(shown, stored) if shown != stored else stored


def show_authors(stored: str) -> str:
    """Return a stored line of authors in the reader's language."""
    # No name contains a semicolon: it parts the names that members type.
    names = stored.split("; ")
    if len(names) > 1 and (others := re.fullmatch(r"\+(\d+)", names[-1])):
        names[-1] = ngettext("%(num)s other", "%(num)s others", int(others[1]))
    return list_text(names)
