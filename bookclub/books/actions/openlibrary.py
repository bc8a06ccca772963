"""To look books up at Open Library, at a member's asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...openlibrary import the_open_library
from .. import queries, rules
from ..models import Book
from ..queries import openlibrary as answers
from ..rules import BookFields
from ..rules import openlibrary as reading
from ..rules.openlibrary import Choice, Record
from .conversation import Conversation

MAX_AUTHORS_ASKED = 4


@dataclass
class LookUp:
    """What came of looking something up: books to choose from, or what fills the form, or why neither.

    ``typed`` is what was typed into the box; ``in_club`` are those of the choices that the club has, by
    their ids; ``texts`` is what fills the form; ``source`` is where that
    stands, with ``notes`` on what to look over; ``trouble`` is a sentence for the member.
    """

    typed: str = ""
    choices: Sequence[Choice] = ()
    in_club: dict[str, Book] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    source: str = ""
    notes: list[str] = field(default_factory=list)
    trouble: str = ""

    @property
    def fields(self) -> BookFields:
        """The book as far as it is known by it whether the club has it."""
        names = (name.strip() for name in self.texts.get("authors", "").split(";"))
        return BookFields(
            title=self.texts.get("title", ""),
            authors=tuple(name for name in names if name),
            isbn=self.texts.get("isbn"),
        )


def consult(look: str, work: str, said: Mapping[str, str], latest: int) -> LookUp | None:
    """What Open Library says, if it was asked anything: to ``look`` for a book, or of the ``work`` chosen.

    ``said`` is what the address says of the book already, by field of the form; that counts, and is not
    asked again. ``latest`` is the last year in which a book may be announced. None where the club does
    not look up.
    """
    client = the_open_library()
    if client is None:
        return None
    if work:
        return fill_in(Conversation(client), work, said, latest)
    return look_up(Conversation(client), look, latest) if look.strip() else LookUp()


def look_up(conversation: Conversation, typed: str, latest: int) -> LookUp:
    """The books that this ISBN or these words may mean."""
    found = LookUp(typed)
    try:
        sought = reading.sought_from(typed)
    except rules.Refused as refusal:
        found.trouble = str(refusal)
        return found
    if sought is None:
        found.trouble = "Type a title, a name or an ISBN."
        return found
    found.choices = reading.choices_from(conversation.ask(sought.path), sought, latest)
    if sought.isbn and not found.choices:
        choice = reading.choice_of(conversation.ask(reading.isbn_path(sought.isbn)), sought.isbn)
        found.choices = [choice] if choice else []
    found.in_club = in_club(found.choices)
    found.trouble = conversation.trouble
    if not found.choices:
        found.trouble = found.trouble or "Open Library has no such book. Fill in the form yourself."
        found.texts = {"isbn": sought.isbn} if sought.isbn else {"title": typed}
    return found


def in_club(choices: Sequence[Choice]) -> dict[str, Book]:
    """Those among these that the club has already, by the ids of the choices."""
    wanted = [
        rules.Wanted(one.title, one.authors, (one.isbn,) if one.isbn else (), one.year) for one in choices
    ]
    ids = queries.find_books(wanted) if wanted else []
    books = answers.books_by_id(id for id in ids if id is not None)
    return {one.id: books[id] for one, id in zip(choices, ids, strict=True) if id in books}


def fill_in(conversation: Conversation, id: str, said: Mapping[str, str], latest: int) -> LookUp:
    """What is known of the work, or edition, with this id, for the form of a new book."""
    found, known = LookUp(texts={name: text for name, text in said.items() if text}), reading.id_from(id)
    if known is None or known.endswith("A"):
        found.trouble = "That address names no book of Open Library's."
        return found
    edition: Record = {}
    work: Record = {}
    if known.endswith("M"):
        known, edition = conversation.record(known)
        known = reading.work_of(edition) or known
    elif isbn := isbn_in(said):
        edition = conversation.ask(reading.isbn_path(isbn))
    if known.endswith("W"):
        known, work = conversation.record(known)
    summary = summary_of(conversation, known) if work and not said.get("authors") else {}
    names = reading.names_in(summary) or names_of(conversation, work, edition, said)
    told = texts_from(work, edition, summary, names, latest)
    found.texts = {name: text for name, text in {**told, **found.texts}.items() if text}
    if pages := reading.pages_in(edition):
        found.texts["pages"] = str(pages)
    elif found.texts.get("pages"):
        found.notes.append("The number of pages is the middle of all editions: put that of yours.")
    if not found.texts.get("authors"):
        found.notes.append("Who wrote it is not said there.")
    found.trouble = conversation.trouble
    if work or edition:
        found.source = conversation.client.site + reading.record_path(known).removesuffix(".json")
    elif not found.trouble:
        found.trouble = "Open Library has no such book any more. Fill in the form yourself."
    return found


def isbn_in(said: Mapping[str, str]) -> str | None:
    """The ISBN that the address gives, if it is one."""
    try:
        return rules.isbn_from(said.get("isbn", ""))
    except rules.Refused:
        return None


def summary_of(conversation: Conversation, work: str) -> Record:
    """What a search says of this one work."""
    found = conversation.ask(reading.summary_path(work)).get("docs")
    return next((entry for entry in found if isinstance(entry, dict)), {}) if isinstance(found, list) else {}


def names_of(
    conversation: Conversation, work: Record, edition: Record, said: Mapping[str, str]
) -> Sequence[str]:
    """The names of the authors of a record, asked for one by one; none where they are said already."""
    if said.get("authors"):
        return ()
    ids = (reading.authors_of(work) or reading.authors_of(edition))[:MAX_AUTHORS_ASKED]
    names = [conversation.record(id)[1].get("name") for id in ids]
    return reading.names_in({"author_name": names})


def texts_from(
    work: Record, edition: Record, summary: Record, names: Sequence[str], latest: int
) -> dict[str, str]:
    """What these records say, by the fields of the form."""
    called = edition if reading.line(edition.get("title"), rules.MAX_TITLE) else work
    subjects = reading.subjects_in(work.get("subjects"))
    in_use = [tag.name for tag in queries.tags_by_key(subjects).values()] if subjects else []
    year = reading.year_in(summary, latest) or reading.year_in(work, latest)
    return {
        "title": reading.line(called.get("title"), rules.MAX_TITLE),
        "subtitle": reading.line(called.get("subtitle"), rules.MAX_TITLE),
        "authors": "; ".join(names),
        "first_published": str(year or ""),
        "pages": str(reading.pages_in(summary) or ""),
        "tags": ", ".join(reading.tags_among(subjects, in_use)),
        "description": reading.description_in(work) or reading.description_in(edition),
    }
