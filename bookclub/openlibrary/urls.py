"""Addresses at Open Library, and the text that a member looks for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlencode

from ..lib.matches.editions import bare_isbn, isbn_from
from ..lib.matches.field_values import FieldError, cut_line, line_from
from ..lib.text.messages import gettext as _

MAX_ASKED = 200
MAX_CHOICES = 10
# Open Library sends only these fields of each entry.
SEARCHED = (
    "key", "title", "subtitle", "author_name", "first_publish_year", "edition_count",
    "number_of_pages_median", "cover_i", "editions", "editions.key", "editions.title", "editions.subtitle",
)  # fmt: skip

_ID = re.compile(r"OL[1-9][0-9]{0,11}[AMW]")
_NUMBER_LIKE = re.compile(r"\d{8,}[\dXx]")


@dataclass(frozen=True)
class Sought:
    """A member's request: the book with this ISBN, or else books with these words in title or author."""

    words: str
    isbn: str | None = None

    @property
    def path(self) -> str:
        query = f"isbn:{self.isbn}" if self.isbn else self.words
        return _search(query, MAX_CHOICES)


def sought_from(text: str) -> Sought | None:
    """Return the request in a typed text, or None if it is empty.

    Raises FieldError if the text was meant as an ISBN and is none. Signs that a search would take for
    commands are left out, and letters are made lower case, so that AND is a word.
    """
    line = line_from(text, MAX_ASKED, _("Your search"))
    try:
        if isbn := isbn_from(line):
            return Sought("", isbn)
    except FieldError:
        # Fewer digits are a title such as "1984", and no ISBN with a mistake in it.
        if _NUMBER_LIKE.fullmatch(bare_isbn(line)):
            raise
    plain = "".join(sign if _is_word_sign(sign) else " " for sign in line.lower())
    words = [word for word in (part.strip("-'’") for part in plain.split()) if word]
    return Sought(" ".join(words)) if words else None


def _is_word_sign(sign: str) -> bool:
    # Words of many scripts have marks in them that are no letters.
    return unicodedata.category(sign)[0] in "LNM" or sign in "-'’"


def record_id_from(text: object) -> str | None:
    """Return an id such as OL45804W, from itself or the path of its record; None for anything else."""
    name = text.rpartition("/")[2] if isinstance(text, str) else ""
    return name if _ID.fullmatch(name) else None


def record_path(id: str) -> str:
    """Return the path of the record of a work, an edition or an author."""
    return {"W": "/works/", "M": "/books/", "A": "/authors/"}[id[-1]] + id + ".json"


def isbn_path(isbn: str) -> str:
    """Return the path of the record of the edition with this ISBN."""
    return f"/isbn/{isbn}.json"


def cover_path(number: int) -> str:
    """Return the path of the large copy of the cover with this number."""
    return f"/b/id/{number}-L.jpg?default=false"


def isbn_cover_path(isbn: str) -> str:
    """Return the path of the large copy of the cover of the edition with this ISBN; 404 without one."""
    return f"/b/isbn/{isbn}-L.jpg?default=false"


def title_path(title: str, author: str) -> str | None:
    """Return the path of a search for a book by its title and an author; None if these have no words."""
    sought = sought_from(cut_line(f"{title} {author}", MAX_ASKED, end=""))
    return sought.path if sought else None


def summary_path(work: str) -> str:
    """Return the path of the search that says who wrote a work, and when."""
    # A work's own record names its authors by id only, and often lacks the year.
    return _search(f'key:"/works/{work}"', 1)


def _search(query: str, limit: int) -> str:
    return f"/search.json?{urlencode({'q': query, 'fields': ','.join(SEARCHED), 'limit': limit})}"
