"""Parsers for the records of Open Library, in which everything may be missing or wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from ..lib.matches.author_names import identity_key, natural_name
from ..lib.matches.book_fields import authors_line
from ..lib.matches.editions import MAX_PAGES
from ..lib.matches.field_values import MAX_AUTHORS, MAX_DESCRIPTION, MAX_NAME, MAX_TITLE, cut_line
from ..lib.text.characters import clean_text
from ..lib.text.keys import fold
from ..lib.text.messages import ngettext
from .urls import MAX_CHOICES, Sought, record_id_from

# Earlier years are typing errors more often than not.
EARLIEST_PRINTED = 1000

Record = Mapping[str, Any]
# The parts of a record that are used; the others are not stored.
USED = (
    "key", "type", "location", "title", "subtitle", "name", "authors", "works", "docs", "description",
    "subjects", "first_publish_date", "number_of_pages", "pagination",
)  # fmt: skip

_YEAR = re.compile(r"(?<!\d)(1\d{3}|20\d{2})(?!\d)")
_PAGES = re.compile(r"(\d{1,5})\s*p(?:ages)?\b")
_SOURCE = re.compile(r"\n\s*-{5,}.*|\(?\[source\].*", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class FoundBook:
    """A book that a member may mean. ``id`` belongs to its work, or to an edition without one."""

    id: str
    title: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    pages: int | None = None
    editions: int = 0
    isbn: str | None = None
    cover: int | None = None
    # The page draws its cover. The club takes a picture over only when a member asks for it.
    cover_id: ClassVar[None] = None

    @property
    def authors_line(self) -> str:
        return authors_line(self.authors)

    @property
    def note(self) -> str:
        """The number of its known editions in words; "" if unknown."""
        return ngettext("%(num)s edition", "%(num)s editions", self.editions) if self.editions else ""

    @property
    def address(self) -> dict[str, str]:
        """The parameters of the link that chooses it, so that few of them need to be asked for again."""
        said = {
            "work": self.id,
            "title": self.title,
            "subtitle": self.subtitle,
            "authors": "; ".join(self.authors),
            "first_published": str(self.year or ""),
            "pages": str(self.pages or ""),
            "isbn": self.isbn or "",
        }
        return {name: text for name, text in said.items() if text}


def used(record: Record) -> dict[str, Any]:
    """Return the parts of a record that are used."""
    return {name: record[name] for name in USED if name in record}


def moved_to(record: Record) -> str | None:
    """Return the id of the record into which this one was merged, or None."""
    kind = record.get("type")
    is_redirect = isinstance(kind, Mapping) and str(kind.get("key")).endswith("/redirect")
    return record_id_from(record.get("location")) if is_redirect else None


def work_of(edition: Record) -> str | None:
    """Return the id of an edition's work, or None."""
    return next((id for id in _ids(edition.get("works")) if id.endswith("W")), None)


def author_ids_in(record: Record) -> list[str]:
    """Return the ids of the authors of a work or an edition."""
    return [id for id in _ids(record.get("authors")) if id.endswith("A")]


def _ids(entries: object) -> Iterator[str]:
    # Records use {"key": …}, {"author": {"key": …}} and {"author": …}.
    for entry in _as_list(entries):
        for _ in range(3):
            entry = entry.get("author", entry.get("key")) if isinstance(entry, Mapping) else entry
        if id := record_id_from(entry):
            yield id


def choices_from(answer: Record, sought: Sought, latest: int) -> list[FoundBook]:
    """Return the books of a search, each once, in its order, without those that have no title.

    ``latest`` is the last year in which a book may be announced.
    """
    found: dict[str, FoundBook] = {}
    for entry in _as_list(answer.get("docs")):
        id = record_id_from(entry.get("key")) if isinstance(entry, Mapping) else None
        if id is None or id.endswith("A"):
            continue
        title, subtitle = _found_title(entry, sought)
        if title:
            found.setdefault(
                id,
                FoundBook(
                    id,
                    title,
                    subtitle,
                    names_in(entry),
                    year_in(entry, latest),
                    pages_in(entry),
                    max(_whole_number(entry.get("edition_count")) or 0, 0),
                    sought.isbn,
                    cover_in(entry),
                ),
            )
    return list(found.values())[:MAX_CHOICES]


def book_of_edition(edition: Record, isbn: str) -> FoundBook | None:
    """Return the book of an edition with this ISBN, which the search does not know, or None."""
    id, title = work_of(edition) or record_id_from(edition.get("key")), line(edition.get("title"), MAX_TITLE)
    return FoundBook(id, title, line(edition.get("subtitle"), MAX_TITLE), isbn=isbn) if id and title else None


def _found_title(entry: Record, sought: Sought) -> tuple[str, str]:
    """Return title and subtitle under which a book was found: the edition's, if the work's is different.

    A member who looks for One Hundred Years of Solitude wants that title, not Cien años de soledad.
    """
    editions = entry.get("editions")
    edition = next(iter(_as_list(editions.get("docs"))), None) if isinstance(editions, Mapping) else None
    asked = set(fold(sought.words).split())
    for one in (entry, edition):
        if isinstance(one, Mapping) and asked & set(fold(line(one.get("title"), MAX_TITLE)).split()):
            break
    else:
        one = edition if sought.isbn and isinstance(edition, Mapping) and edition.get("title") else entry
    return line(one.get("title"), MAX_TITLE), line(one.get("subtitle"), MAX_TITLE)


def names_in(entry: Record) -> tuple[str, ...]:
    """Return the authors whom a search names, each once."""
    names: dict[str, str] = {}
    for entry_name in _as_list(entry.get("author_name")):
        # The form separates authors by semicolons.
        name = line(entry_name, MAX_NAME).replace(";", ",")
        if any(sign.isalnum() for sign in name):
            names.setdefault(identity_key(name), natural_name(name))
    return tuple(names.values())[:MAX_AUTHORS]


def year_in(record: Record, latest: int) -> int | None:
    """Return the year of first publication in a search or a work, if it is plausible."""
    year = _whole_number(record.get("first_publish_year"))
    if year is None and (found := _YEAR.search(line(record.get("first_publish_date"), 40))):
        year = int(found[1])
    return year if year is not None and EARLIEST_PRINTED <= year <= latest else None


def pages_in(record: Record) -> int | None:
    """Return the pages of an edition, or the median of a work's editions."""
    numbers = (
        _whole_number(record.get("number_of_pages")),
        _whole_number(record.get("number_of_pages_median")),
    )
    last = _PAGES.findall(line(record.get("pagination"), MAX_TITLE))[-1:]
    return next((pages for pages in (*numbers, *map(int, last)) if pages and 1 <= pages <= MAX_PAGES), None)


def cover_in(entry: Record) -> int | None:
    """Return the number of the cover that a search gives a work, or None."""
    number = _whole_number(entry.get("cover_i"))
    return number if number is not None and 0 < number < 10**12 else None


def description_in(record: Record) -> str:
    """Return the description of a record. Everybody reads it, so the bars around a spoiler are removed."""
    text = record.get("description")
    text = text.get("value") if isinstance(text, Mapping) else text
    if not isinstance(text, str):
        return ""
    text = clean_text(text).replace("||", "")
    text = "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs"))
    # Descriptions often end with their source and other links, which are of no use here.
    text = _SOURCE.sub("", text).strip()
    return text if len(text) <= MAX_DESCRIPTION else text[: MAX_DESCRIPTION - 1].rstrip() + "…"


def line(value: object, limit: int) -> str:
    """Return a line of text from a record, cut to ``limit``; "" for anything that is none."""
    return cut_line(value, limit, end="") if isinstance(value, str) else ""


def _as_list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _whole_number(value: object) -> int | None:
    if isinstance(value, str) and value.isdecimal() and len(value) < 10:
        return int(value)
    # True and False are whole numbers to Python, but neither a year nor a count.
    return value if isinstance(value, int) and not isinstance(value, bool) else None
