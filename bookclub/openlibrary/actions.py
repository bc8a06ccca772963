"""Look a book up at Open Library, fill the form of a new book, and cache the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from ..books import match_queries
from ..books import queries as books_queries
from ..books.events import on_look_up
from ..books.look_ups import LookUp
from ..books.models import Book
from ..extensions import db, utcnow, write_if_free
from ..lib.matches import editions, field_values, verdict
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext
from . import outages as reading
from . import queries as answers
from . import records, urls
from . import subjects as openlibrary_subjects
from .client import BUSY, NO_ANSWER, OpenLibrary, OpenLibraryReply, the_open_library
from .models import OpenLibraryAnswer
from .records import FoundBook, Record

MINUTE = timedelta(minutes=1)
# The cache holds so many answers; the oldest are deleted first.
MAX_KEPT = 2000
# With less time left a request is not worth its connection.
LEAST_SECONDS = 0.2
NOT_THERE = 404
MUCH_ASKED = lazy_gettext(
    "The club has asked Open Library a lot in the last minute. Fill in the form yourself, or try again soon."
)


# A client's way to ask: a path, and the seconds that are left.
Send = Callable[[str, float], OpenLibraryReply]


class Exchange:
    """Requests to Open Library that belong together, within the time limit of one.

    After the first request without an answer no more are made; ``trouble`` says why.
    """

    much_asked = MUCH_ASKED

    def __init__(self, client: OpenLibrary, seconds: float | None = None) -> None:
        self.client, self.trouble = client, ""
        self._ends = monotonic() + (seconds or client.seconds)

    def record(self, id: str) -> tuple[str, Record]:
        """Return the record of a work, edition or author and its id, which differs if it was merged."""
        record = self.ask(urls.record_path(id))
        if other := records.moved_to(record):
            return other, self.ask(urls.record_path(other))
        return id, record

    def ask(self, path: str) -> Record:
        """Return the record at this path; empty if there is none, or no answer.

        Raises RuntimeError in a writing transaction.
        """
        known = self._ask(path, self.client.ask)[0]
        return known.answer if known else {}

    def say(self, status: int, wait: timedelta) -> str | None:
        """Return the sentence about a failed answer, or None."""
        return reading.trouble_of(status, wait, self.client.contact is not None)

    def _ask(
        self, path: str, send: Send, lifetime: timedelta | None = None
    ) -> tuple[OpenLibraryAnswer | None, OpenLibraryReply | None]:
        """Return the answer of this path, cached or new, and the reply if it is new.

        ``lifetime`` is how long an answer is cached that did not fail, if not as long as that of a record.
        """
        if self.trouble:
            return None, None
        connection = db.session.connection()
        if connection.get_execution_options().get("writes"):
            raise RuntimeError("nobody waits for Open Library while others wait to write")
        now, digest = utcnow(), sha256(path.encode()).hexdigest()
        known = answers.answer_to(digest, now) or answers.pausing_answer(now)
        # Every request of the last minute counts, and one from the future, too: a clock may run ahead.
        is_much = known is None and answers.asked_between(now - MINUTE, now + MINUTE) >= reading.MAX_A_MINUTE
        # Waiting must not hold a database connection.
        db.session.close()
        if is_much:
            self.trouble = str(self.much_asked)
            return None, None
        reply = None
        if known is None:
            known, reply = self._fetch(path, digest, now, send, lifetime)
        self.trouble = self.say(known.status, known.expires_at - now) or ""
        return known, reply

    def _fetch(
        self, path: str, digest: str, now: datetime, send: Send, lifetime: timedelta | None
    ) -> tuple[OpenLibraryAnswer, OpenLibraryReply]:
        seconds = self._ends - monotonic()
        is_time = seconds > LEAST_SECONDS
        reply = send(path, seconds) if is_time else OpenLibraryReply(NO_ANSWER)
        # A search that finds nothing is cached as briefly as a missing record: the book may be entered soon.
        is_empty = reply.record.get("docs") == []
        wait = reading.cache_lifetime(
            NOT_THERE if is_empty else reply.status, reading.wait_from(reply.retry_after, now)
        )
        if lifetime is not None and reply.status == 200:
            wait = lifetime
        answer = OpenLibraryAnswer(
            asked=digest,
            status=reply.status,
            answer=records.used(reply.record),
            fetched_at=now,
            expires_at=now + wait,
        )
        # Without a request there is nothing to remember.
        if is_time and reply.status != BUSY:
            remember(answer)
        return answer, reply


def remember(answer: OpenLibraryAnswer) -> None:
    """Cache an answer, and delete outdated ones, unless another transaction is writing just now."""
    values: dict[str, Any] = {
        name: getattr(answer, name) for name in ("asked", "status", "answer", "fetched_at", "expires_at")
    }
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    row = dialect.insert(OpenLibraryAnswer).values(values)
    newest = select(OpenLibraryAnswer.fetched_at).order_by(OpenLibraryAnswer.fetched_at.desc())
    is_over = OpenLibraryAnswer.expires_at <= answer.fetched_at
    # The moment of the row behind the newest ones is the limit, so nothing has to be counted.
    is_one_too_many = OpenLibraryAnswer.fetched_at <= newest.offset(MAX_KEPT).limit(1).scalar_subquery()
    write_if_free(
        # Two members may ask the same at the same moment, and the second answer is as good as the first.
        row.on_conflict_do_update(index_elements=["asked"], set_=values),
        # Answers of the last minute stay, since they count how much the club asks.
        delete(OpenLibraryAnswer).where(
            ((is_over | is_one_too_many) & (OpenLibraryAnswer.fetched_at <= answer.fetched_at - MINUTE))
            # Answers from the future were cached while a clock ran ahead, and would outlive all others.
            | (OpenLibraryAnswer.fetched_at >= answer.fetched_at + MINUTE)
        ),
    )


# Each author costs a request, and all share the seconds of one.
MAX_AUTHORS_ASKED = 4


@on_look_up
def consult(look: str, work: str, said: Mapping[str, str], latest: int) -> LookUp | None:
    """Return what Open Library has, if it was asked to ``look`` for a book, or about the chosen ``work``.

    ``said`` are the fields of the form that the address fills already; these stay, and are not asked for
    again. ``latest`` is the last year in which a book may be announced. Returns None if the club does not
    use Open Library.
    """
    client = the_open_library()
    if client is None:
        return None
    if work:
        return fill_in(Exchange(client), work, said, latest)
    return look_up(Exchange(client), look, latest) if look.strip() else LookUp()


def look_up(exchange: Exchange, typed: str, latest: int) -> LookUp:
    """Return the books that this ISBN or these words may mean."""
    found = LookUp(typed)
    try:
        sought = urls.sought_from(typed)
    except field_values.FieldError as refusal:
        found.trouble = str(refusal)
        return found
    if sought is None:
        found.trouble = _("Type a title, a name or an ISBN.")
        return found
    found.choices = records.choices_from(exchange.ask(sought.path), sought, latest)
    # The search does not know every edition, so its own record is tried as well.
    if sought.isbn and not found.choices:
        choice = records.book_of_edition(exchange.ask(urls.isbn_path(sought.isbn)), sought.isbn)
        found.choices = [choice] if choice else []
    found.in_club = in_club(found.choices)
    found.trouble = exchange.trouble
    if not found.choices:
        found.trouble = found.trouble or _("Open Library has no such book. Fill in the form yourself.")
        # What was typed goes into the empty form, so that nobody types it twice.
        found.texts = {"isbn": sought.isbn} if sought.isbn else {"title": typed}
    return found


def in_club(choices: Sequence[FoundBook]) -> dict[str, Book]:
    """Return the books that the club has already, by the ids of the choices."""
    wanted = [
        verdict.BookDescription(one.title, one.authors, (one.isbn,) if one.isbn else (), one.year)
        for one in choices
    ]
    ids = match_queries.find_books(wanted) if wanted else []
    books = answers.books_by_id(id for id in ids if id is not None)
    return {one.id: books[id] for one, id in zip(choices, ids, strict=True) if id in books}


def fill_in(exchange: Exchange, id: str, said: Mapping[str, str], latest: int) -> LookUp:
    """Return the texts of the work, or edition, with this id, for the form of a new book."""
    found, known = LookUp(texts={name: text for name, text in said.items() if text}), urls.record_id_from(id)
    # Ids that end in A are authors, in M editions, and in W works.
    if known is None or known.endswith("A"):
        found.trouble = _("That address is not a book in Open Library.")
        return found
    edition: Record = {}
    work: Record = {}
    if known.endswith("M"):
        known, edition = exchange.record(known)
        known = records.work_of(edition) or known
    elif isbn := isbn_in(said):
        edition = exchange.ask(urls.isbn_path(isbn))
    if known.endswith("W"):
        known, work = exchange.record(known)
    # The link of a search result brings the authors along, so the search need not be asked again.
    summary = summary_of(exchange, known) if work and not said.get("authors") else {}
    names = records.names_in(summary) or author_names(exchange, work, edition, said)
    # What the link says wins, since it is what the member saw in the list and chose.
    record_texts = texts_from(work, edition, summary, names, latest)
    found.texts = {name: text for name, text in {**record_texts, **found.texts}.items() if text}
    # The number of this edition replaces the median of all of them, which the link brought along.
    if pages := records.pages_in(edition):
        found.texts["pages"] = str(pages)
    elif found.texts.get("pages"):
        found.notes.append(_("The number of pages is typical of all editions: type that of yours."))
    if not found.texts.get("authors"):
        found.notes.append(_("Open Library does not say who wrote it."))
    found.trouble = exchange.trouble
    if work or edition:
        found.source = exchange.client.site + urls.record_path(known).removesuffix(".json")
    elif not found.trouble:
        found.trouble = _("Open Library has no such book any more. Fill in the form yourself.")
    return found


def isbn_in(said: Mapping[str, str]) -> str | None:
    """Return the ISBN that the address gives, if it is valid."""
    try:
        return editions.isbn_from(said.get("isbn", ""))
    except field_values.FieldError:
        return None


def summary_of(exchange: Exchange, work: str) -> Record:
    """Return a search's entry for this one work."""
    found = exchange.ask(urls.summary_path(work)).get("docs")
    return next((entry for entry in found if isinstance(entry, dict)), {}) if isinstance(found, list) else {}


def author_names(exchange: Exchange, work: Record, edition: Record, said: Mapping[str, str]) -> Sequence[str]:
    """Return the names of the authors of a record, requested one by one; none if the address gives them."""
    if said.get("authors"):
        return ()
    ids = (records.author_ids_in(work) or records.author_ids_in(edition))[:MAX_AUTHORS_ASKED]
    names = [exchange.record(id)[1].get("name") for id in ids]
    return records.names_in({"author_name": names})


def texts_from(
    work: Record, edition: Record, summary: Record, names: Sequence[str], latest: int
) -> dict[str, str]:
    """Return the texts of these records, by field of the form."""
    titled = edition if records.line(edition.get("title"), field_values.MAX_TITLE) else work
    subjects = openlibrary_subjects.subjects_in(work.get("subjects"))
    in_use = [tag.name for tag in books_queries.tags_by_key(subjects).values()] if subjects else []
    year = records.year_in(summary, latest) or records.year_in(work, latest)
    return {
        "title": records.line(titled.get("title"), field_values.MAX_TITLE),
        "subtitle": records.line(titled.get("subtitle"), field_values.MAX_TITLE),
        "authors": "; ".join(names),
        "first_published": str(year or ""),
        "pages": str(records.pages_in(summary) or ""),
        "tags": ", ".join(openlibrary_subjects.tags_among(subjects, in_use)),
        "description": records.description_in(work) or records.description_in(edition),
    }
