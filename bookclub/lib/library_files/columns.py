"""Columns of a table: the site that wrote them, and the role of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from ..text.messages import lazy_gettext
from .entries import Form, LibraryFileError

# Names of columns that only one site uses. Two of them identify it; title and author are everywhere.
SITE_COLUMNS: Mapping[Form, frozenset[str]] = {
    Form.GOODREADS: frozenset({
        "author l f", "additional authors", "isbn13", "my rating", "average rating", "bookshelves",
        "bookshelves with positions", "exclusive shelf", "my review", "original publication year",
        "year published", "recommended for", "owned copies", "number of pages",
    }),
    Form.STORYGRAPH: frozenset({
        "contributors", "isbn uid", "read status", "last date read", "dates read", "moods", "pace",
        "character or plot driven", "strong character development", "loveable characters",
        "diverse characters", "flawed characters", "star rating", "content warning description",
    }),
    Form.LIBRARYTHING: frozenset({
        "sort character", "primary author", "primary author role", "secondary author",
        "secondary author roles", "private comment", "collections", "entry date", "work id", "isbns",
        "dewey decimal", "dewey wording", "lending patron", "lending status", "physical description",
        "lc classification", "from where", "page count",
    }),
    Form.BOOKWYRM: frozenset({
        "author text", "remote id", "openlibrary key", "inventaire id", "librarything key", "goodreads key",
        "bnf id", "viaf", "wikidata", "aasin", "isfdb", "oclc number", "stopped date", "finish date",
        "review name", "review cw", "review content", "review published", "shelf name", "shelf date",
    }),
    Form.OPENREADS: frozenset({
        "readings", "deleted", "favourite", "book format", "book type", "olid", "my review", "has cover",
    }),
    Form.CALIBRE: frozenset({
        "author sort", "title sort", "series index", "library name", "timestamp", "identifiers", "uuid",
        "formats", "languages", "pubdate", "ondevice",
    }),
    Form.HARDCOVER: frozenset({
        "hardcover book id", "hardcover edition id", "country code", "language code", "duration in seconds",
        "publish date", "review contains spoilers",
        "sponsored review", "review url", "review media url", "review slate", "compilation",
    }),
}  # fmt: skip
# Columns of Bookclub's own export begin with this word.
OWN = "bookclub "

# The names of columns for each role. If a table has several of them, the first one here comes first.
ROLES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "book title", "name", "book", "titel", "titre", "título", "titulo", "titolo", "tytuł",
              "название", "書名", "书名"),
    "subtitle": ("bookclub subtitle", "subtitle", "sub title", "untertitel", "sous titre", "subtítulo"),
    "author": ("author", "primary author", "author text", "authors", "author s", "writer", "by", "autor",
               "autoren", "auteur", "auteurs", "autore", "autori", "autores", "verfasser", "schrijver",
               "författare", "автор", "作者", "著者"),
    "author l f": ("author l f",),
    "all authors": ("bookclub authors",),
    "own contributors": ("bookclub contributors",),
    "more authors": ("additional authors", "secondary author"),
    "author roles": ("secondary author roles", "secondary author role"),
    "contributors": ("contributors",),
    "isbn": ("isbn13", "isbn 13", "isbn", "isbn uid", "isbns", "isbn10", "isbn 10", "ean", "isbn a"),
    "year": ("original publication year", "first published", "original year", "first publication year",
             "year first published"),
    "edition year": ("year", "year published", "publication year", "published", "publish date", "date",
                     "publication date", "pub year", "pubdate", "jahr", "erscheinungsjahr", "année", "annee",
                     "año", "anno", "ano", "jaar", "år", "год", "publication"),
    "pages": ("number of pages", "pages", "page count", "num pages", "seiten", "seitenzahl",
              "páginas", "pagine", "pagina s", "nombre de pages", "sidor"),
    "description": ("physical description",),
    "blurb": ("description", "book description", "synopsis", "blurb", "klappentext", "beschreibung"),
    "identifiers": ("identifiers",),
    "minutes": ("bookclub minutes", "minutes", "duration", "length in minutes"),
    "seconds": ("duration in seconds",),
    "format": ("bookclub format", "binding", "format", "media", "edition format", "einband"),
    "series": ("bookclub series", "series", "series name", "reihe", "série", "serie"),
    "series number": ("bookclub series number", "series number", "series index", "series position",
                      "number in series", "volume", "band"),
    "status": ("bookclub status",),
    "shelf": ("exclusive shelf", "read status", "status", "shelf", "reading status", "state", "bookshelf"),
    "shelf name": ("shelf name",),
    "shelves": ("bookshelves", "shelves"),
    "positions": ("bookshelves with positions",),
    "collections": ("collections",),
    "tags": ("tags", "tag", "schlagworte", "schlagwörter", "etiquetas", "étiquettes"),
    "genres": ("genres", "genre", "themen", "categories", "subjects"),
    "lists": ("lists",),
    "rating": ("bookclub stars", "my rating", "star rating", "rating", "stars", "user rating", "score"),
    "started": ("date started", "start date", "started", "started reading"),
    "finished": ("date read", "date finished", "finish date", "last date read", "finished", "read date",
                 "finished reading", "date completed"),
    "stopped": ("stopped date", "date stopped"),
    "times": ("dates read", "read dates", "reading dates"),
    "readings": ("readings",),
    "deleted": ("deleted",),
    "own times": ("bookclub times",),
    "count": ("read count", "times read", "number of reads"),
    "added": ("date added", "entry date", "shelf date", "added", "date shelved"),
    "review title": ("bookclub review title", "review name", "review title"),
    "review summary": ("bookclub review summary",),
    "review": ("my review", "review content", "review", "review text", "comments"),
    "spoilers": ("spoiler", "spoilers", "review contains spoilers", "contains spoilers"),
    "warning": ("review cw",),
    "notes": ("private notes", "private comment", "notes"),
    "comment": ("comment",),
    "private": ("bookclub private",),
}  # fmt: skip
_NAMES = frozenset(name for names in ROLES.values() for name in names)
# A table with one of these records someone's reading, whatever site wrote it.
READING = (
    "shelf", "shelves", "rating", "started", "finished", "times", "count", "review", "collections",
)  # fmt: skip

# Goodreads' columns in order, today and until 2021, when they still included purchases.
GOODREADS_COLUMNS = (
    "Book Id", "Title", "Author", "Author l-f", "Additional Authors", "ISBN", "ISBN13", "My Rating",
    "Average Rating", "Publisher", "Binding", "Number of Pages", "Year Published",
    "Original Publication Year", "Date Read", "Date Added", "Bookshelves", "Bookshelves with positions",
    "Exclusive Shelf", "My Review", "Spoiler", "Private Notes", "Read Count", "Owned Copies",
)  # fmt: skip
GOODREADS_OLDER = (
    *GOODREADS_COLUMNS[:22], "Read Count", "Recommended For", "Recommended By", "Owned Copies",
    "Original Purchase Date", "Original Purchase Location", "Condition", "Condition Description", "BCID",
)  # fmt: skip
# Patterns of cells in Goodreads' columns, to recognise a row without its header, and the fewest cells of one.
_GOODREADS_CELLS = {
    "Book Id": r"\d{1,12}",
    "ISBN": r'(?:="?[\dXx]*"?|[\dXx]{7,10})?',
    "ISBN13": r'(?:="?\d*"?|\d{13}|[\d.,]+E\+\d+)?',
    "My Rating": r"[0-5]",
    "Average Rating": r"(?:[0-5](?:[.,]\d{1,2})?)?",
    "Number of Pages": r"\d{0,5}",
    "Year Published": r"-?\d{0,4}",
    "Original Publication Year": r"-?\d{0,4}",
    "Date Read": r"[\d/.-]{0,10}",
    "Date Added": r"[\d/.-]{8,10}",
    "Exclusive Shelf": r"[^,/]+",
}
_FEWEST_CELLS = 19

NO_TITLES = lazy_gettext(
    "This file has no column “Title”, so it is not the export of a library that we know. Its first row must "
    "hold the names of the columns."
)
NO_AUTHORS = lazy_gettext(
    "This file has no column “Author”. A list of books needs at least the columns Title and Author."
)


def column_name(cell: str) -> str:
    """Return the name of a column for comparison: lower case, with single spaces for all other signs."""
    text = unicodedata.normalize("NFKC", cell[:200]).casefold()
    return re.sub(r"[\W_]+", " ", text).strip()


class Columns:
    """The form of a table, and the column numbers for each role."""

    def __init__(self, header: Sequence[str]) -> None:
        """Read a header. Raises LibraryFileError if it is not the header of a library."""
        self.width = len(header)
        self.header = tuple(header)
        places: dict[str, int] = {}
        for number, cell in enumerate(header):
            places.setdefault(column_name(cell), number)
        self.numbers: dict[str, tuple[int, ...]] = {}
        for role, names in ROLES.items():
            if found := tuple(dict.fromkeys(places[name] for name in names if name in places)):
                self.numbers[role] = found
        if "title" not in self.numbers:
            raise LibraryFileError(NO_TITLES)
        if not self.numbers.keys() & {"author", "author l f", "all authors", "isbn"}:
            raise LibraryFileError(NO_AUTHORS)
        # Custom columns in Calibre begin with "#".
        custom_columns = sum(cell.strip().startswith("#") for cell in header)
        self.form = self._form(frozenset(places), custom_columns)

    def _form(self, names: frozenset[str], custom_columns: int) -> Form:
        if any(name.startswith(OWN) for name in names):
            return Form.BOOKCLUB
        hits = {form: len(names & telling) for form, telling in SITE_COLUMNS.items()}
        # Calibre lets its user choose the columns, and such a column may be the only sign.
        hits[Form.CALIBRE] += custom_columns
        best = max(hits, key=lambda form: hits[form])
        if hits[best] >= 2:
            return best
        if any(role in self.numbers for role in READING):
            return best if hits[best] else Form.GOODREADS
        return Form.BOOKLIST


def columns_without_header(first: Sequence[str]) -> tuple[str, ...]:
    """Return the column names of a Goodreads export without its header; () for any other table.

    The first row is recognised by the contents of its cells; the last cells may be missing.
    """
    cells = [cell.strip() for cell in first]
    # Empty cells may follow the last column.
    while len(cells) > len(GOODREADS_OLDER) and not cells[-1]:
        cells.pop()
    names = GOODREADS_OLDER if len(cells) > len(GOODREADS_COLUMNS) else GOODREADS_COLUMNS
    if not _FEWEST_CELLS <= len(cells) <= len(names):
        return ()
    named_cells = zip(names, cells, strict=False)
    fits = all(
        re.fullmatch(_GOODREADS_CELLS[name], cell) for name, cell in named_cells if name in _GOODREADS_CELLS
    )
    return names if fits else ()


def known_columns(header: Sequence[str]) -> int:
    """Count the columns of a header with known names; the right delimiter gives the most."""
    names = map(column_name, header)
    return sum(name in _NAMES or name.startswith(OWN) for name in names)
