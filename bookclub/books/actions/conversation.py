"""Questions to Open Library that belong together. What it answers is kept for a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from ...extensions import db, utcnow, write_if_free
from ...openlibrary import BUSY, NO_ANSWER, OpenLibrary, Reply
from ..models import OpenLibraryAnswer
from ..queries import openlibrary as answers
from ..rules import openlibrary as reading
from ..rules.openlibrary import Record

MINUTE = timedelta(minutes=1)
MAX_KEPT = 2000
LEAST_SECONDS = 0.2
NOT_THERE = 404
MUCH_ASKED = (
    "The club has asked Open Library much in the last minute. Fill in the form yourself, or try again soon."
)


class Conversation:
    """Questions to Open Library that belong together, within the seconds of one.

    After the first that has no answer nothing more is asked; ``trouble`` says why.
    """

    def __init__(self, client: OpenLibrary) -> None:
        self.client, self.trouble, self._ends = client, "", monotonic() + client.seconds

    def record(self, id: str) -> tuple[str, Record]:
        """The record of a work, edition or author and its id, which differs where it was merged."""
        record = self.ask(reading.record_path(id))
        if other := reading.moved_to(record):
            return other, self.ask(reading.record_path(other))
        return id, record

    def ask(self, path: str) -> Record:
        """What is said at this path; empty where there is nothing, or no answer."""
        if self.trouble:
            return {}
        connection = db.session.connection()
        if connection.get_execution_options().get("writes"):
            raise RuntimeError("nobody waits for Open Library while others wait to write")
        now, digest = utcnow(), sha256(path.encode()).hexdigest()
        known = answers.answer_to(digest, now) or answers.pausing(now)
        is_much = known is None and answers.asked_between(now - MINUTE, now + MINUTE) >= reading.MAX_A_MINUTE
        # No connection is held while waiting.
        db.session.close()
        if is_much:
            self.trouble = MUCH_ASKED
            return {}
        known = known or self._fetch(path, digest, now)
        wait, is_known = known.expires_at - now, self.client.contact is not None
        self.trouble = reading.trouble_of(known.status, wait, is_known) or ""
        return known.answer

    def _fetch(self, path: str, digest: str, now: datetime) -> OpenLibraryAnswer:
        seconds = self._ends - monotonic()
        is_time = seconds > LEAST_SECONDS
        reply = self.client.ask(path, seconds) if is_time else Reply(NO_ANSWER)
        is_empty = reply.record.get("docs") == []
        wait = reading.kept_for(
            NOT_THERE if is_empty else reply.status, reading.wait_from(reply.retry_after, now)
        )
        answer = OpenLibraryAnswer(
            asked=digest,
            status=reply.status,
            answer=reading.used(reply.record),
            fetched_at=now,
            expires_at=now + wait,
        )
        if is_time and reply.status != BUSY:
            remember(answer)
        return answer


def remember(answer: OpenLibraryAnswer) -> None:
    """Keep an answer, and let go of those that count no more, unless somebody else writes just now."""
    values: dict[str, Any] = {
        name: getattr(answer, name) for name in ("asked", "status", "answer", "fetched_at", "expires_at")
    }
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    row = dialect.insert(OpenLibraryAnswer).values(values)
    newest = select(OpenLibraryAnswer.fetched_at).order_by(OpenLibraryAnswer.fetched_at.desc())
    is_over = OpenLibraryAnswer.expires_at <= answer.fetched_at
    is_one_too_many = OpenLibraryAnswer.fetched_at <= newest.offset(MAX_KEPT).limit(1).scalar_subquery()
    write_if_free(
        row.on_conflict_do_update(index_elements=["asked"], set_=values),
        delete(OpenLibraryAnswer).where(
            ((is_over | is_one_too_many) & (OpenLibraryAnswer.fetched_at <= answer.fetched_at - MINUTE))
            | (OpenLibraryAnswer.fetched_at >= answer.fetched_at + MINUTE)
        ),
    )
