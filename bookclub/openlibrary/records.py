"""How the records of Open Library are read: everything in them may be missing or wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..lib.matches.author_names import identity_key, natural_name
from ..lib.matches.book_fields import authors_line
from ..lib.matches.editions import MAX_PAGES
from ..lib.matches.field_values import MAX_AUTHORS, MAX_DESCRIPTION, MAX_NAME, MAX_TITLE, Refused, line_from
from ..lib.text.characters import clean_line, clean_text
from ..lib.text.keys import fold
from .urls import MAX_CHOICES, Sought, id_from

EARLIEST_PRINTED = 1000  # Years before this are typing errors more often than not.

Record = Mapping[str, Any]
# What is used of a record; the rest is not kept.
USED = (
    "key", "type", "location", "title", "subtitle", "name", "authors", "works", "docs", "description",
    "subjects", "first_publish_date", "number_of_pages", "pagination",
)  # fmt: skip

_YEAR = re.compile(r"(?<!\d)(1\d{3}|20\d{2})(?!\d)")
_PAGES = re.compile(r"(\d{1,5})\s*p(?:ages)?\b")
_SOURCE = re.compile(r"\n\s*-{5,}.*|\(?\[source\].*", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Choice:
    """A book that may be the one looked for. ``id`` is that of its work, or of an edition without one."""

    id: str
    title: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    pages: int | None = None
    editions: int = 0
    isbn: str | None = None

    @property
    def authors_line(self) -> str:
        return authors_line(self.authors)

    @property
    def note(self) -> str:
        """How many editions of it are known, in words; "" where that is not told."""
        return f"{self.editions} edition{'s' if self.editions > 1 else ''}" if self.editions else ""

    @property
    def address(self) -> dict[str, str]:
        """What the link that chooses it says of it, so that little has to be asked again."""
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
    """What is worth keeping of a record."""
    return {name: record[name] for name in USED if name in record}


def moved_to(record: Record) -> str | None:
    """The id of the record that this one was merged into."""
    kind = record.get("type")
    is_redirect = isinstance(kind, Mapping) and str(kind.get("key")).endswith("/redirect")
    return id_from(record.get("location")) if is_redirect else None


def work_of(edition: Record) -> str | None:
    """The id of the work that an edition is one of."""
    return next((id for id in _ids(edition.get("works")) if id.endswith("W")), None)


def authors_of(record: Record) -> list[str]:
    """The ids of the authors of a work or an edition."""
    return [id for id in _ids(record.get("authors")) if id.endswith("A")]


def _ids(entries: object) -> Iterator[str]:
    # {"key": …}, {"author": {"key": …}} and {"author": …} are all in use.
    for entry in _list(entries):
        for _ in range(3):
            entry = entry.get("author", entry.get("key")) if isinstance(entry, Mapping) else entry
        if id := id_from(entry):
            yield id


def choices_from(answer: Record, sought: Sought, latest: int) -> list[Choice]:
    """The books of a search, each once, in the order of the search; those without a title are left out.

    ``latest`` is the last year in which a book may be announced.
    """
    found: dict[str, Choice] = {}
    for entry in _list(answer.get("docs")):
        id = id_from(entry.get("key")) if isinstance(entry, Mapping) else None
        if id is None or id.endswith("A"):
            continue
        title, subtitle = _title(entry, sought)
        if title:
            found.setdefault(
                id,
                Choice(
                    id,
                    title,
                    subtitle,
                    names_in(entry),
                    year_in(entry, latest),
                    pages_in(entry),
                    max(_whole(entry.get("edition_count")) or 0, 0),
                    sought.isbn,
                ),
            )
    return list(found.values())[:MAX_CHOICES]


def choice_of(edition: Record, isbn: str) -> Choice | None:
    """The book whose edition has this ISBN, where the search does not know of it."""
    id, title = work_of(edition) or id_from(edition.get("key")), line(edition.get("title"), MAX_TITLE)
    return Choice(id, title, line(edition.get("subtitle"), MAX_TITLE), isbn=isbn) if id and title else None


def _title(entry: Record, sought: Sought) -> tuple[str, str]:
    """Title and subtitle by which a book was found: of the edition, where the work is called otherwise.

    Who looks for One Hundred Years of Solitude wants that, and not Cien años de soledad.
    """
    editions = entry.get("editions")
    edition = next(iter(_list(editions.get("docs"))), None) if isinstance(editions, Mapping) else None
    asked = set(fold(sought.words).split())
    for one in (entry, edition):
        if isinstance(one, Mapping) and asked & set(fold(line(one.get("title"), MAX_TITLE)).split()):
            break
    else:
        one = edition if sought.isbn and isinstance(edition, Mapping) and edition.get("title") else entry
    return line(one.get("title"), MAX_TITLE), line(one.get("subtitle"), MAX_TITLE)


def names_in(entry: Record) -> tuple[str, ...]:
    """The authors whom a search names, each once."""
    names: dict[str, str] = {}
    for entry_name in _list(entry.get("author_name")):
        name = line(entry_name, MAX_NAME).replace(";", ",")
        if any(sign.isalnum() for sign in name):
            names.setdefault(identity_key(name), natural_name(name))
    return tuple(names.values())[:MAX_AUTHORS]


def year_in(record: Record, latest: int) -> int | None:
    """The year of first publication, where a search or a work tells one that can be."""
    year = _whole(record.get("first_publish_year"))
    if year is None and (found := _YEAR.search(line(record.get("first_publish_date"), 40))):
        year = int(found[1])
    return year if year is not None and EARLIEST_PRINTED <= year <= latest else None


def pages_in(record: Record) -> int | None:
    """The pages of an edition, or in the middle of all of a work's."""
    told = (_whole(record.get("number_of_pages")), _whole(record.get("number_of_pages_median")))
    last = _PAGES.findall(line(record.get("pagination"), MAX_TITLE))[-1:]
    return next((pages for pages in (*told, *map(int, last)) if pages and 1 <= pages <= MAX_PAGES), None)


def description_in(record: Record) -> str:
    """What a work is said to be about. Everybody reads it, so bars around a spoiler cannot stay."""
    text = record.get("description")
    text = text.get("value") if isinstance(text, Mapping) else text
    if not isinstance(text, str):
        return ""
    text = clean_text(text).replace("||", "")
    text = "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs"))
    text = _SOURCE.sub("", text).strip()
    return text if len(text) <= MAX_DESCRIPTION else text[: MAX_DESCRIPTION - 1].rstrip() + "…"


def line(value: object, limit: int) -> str:
    """A line of text out of a record, cut where it is too long; "" for anything that is none."""
    if not isinstance(value, str):
        return ""
    try:
        return line_from(clean_line(value[: 4 * limit])[:limit], limit, "A line")
    except Refused:
        return ""


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _whole(value: object) -> int | None:
    if isinstance(value, str) and value.isdecimal() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
