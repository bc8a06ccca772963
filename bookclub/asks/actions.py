"""Asks, answers and endorsements: create, withdraw, endorse and take them."""

from __future__ import annotations

from datetime import date, datetime

from ..books.models import Author, Book, Tag
from ..extensions import db
from ..lib.text.keys import key_of
from ..members.models import Member
from ..notices.actions import notify, retract
from ..readings import actions as readings
from ..readings.queries import lock_ratings, promise_of, reading_of
from ..threads.actions import open_thread
from . import queries
from .models import Answer, AnswerEndorsement, Ask, Endorsement
from .rules import taken_text


def ask(
    member: Member,
    question: str,
    now: datetime,
    *,
    author: Author | None = None,
    book: Book | None = None,
    tag: Tag | None = None,
    submission: str | None = None,
) -> Ask:
    """Create an ask about one author, book or tag, or about nothing in particular.

    It gets a thread, in which members talk about it. At most one of ``author``, ``book`` and ``tag`` is
    given. ``submission`` is the mark of the form, which lets a form sent twice make one ask.
    """
    # The talk has the book of the ask, so that a comment can hide what gives the book away.
    thread = open_thread(book.id if book else None, member, None, 0, now, of_ask=True)
    about = (
        author.name if author else tag.name if tag else f"{book.title} {book.authors_line}" if book else ""
    )
    asked = Ask(
        member_id=member.id,
        question=question,
        # A search for an author or a book finds the asks about them, too.
        search_key=f"{key_of(question, 1200)} {key_of(about, 1200)}".strip(),
        author_id=author.id if author else None,
        book_id=book.id if book else None,
        tag_id=tag.id if tag else None,
        thread_id=thread.id,
        asked_at=now,
        submission=submission,
    )
    db.session.add(asked)
    db.session.flush()
    return asked


def answer(asked: Ask, member: Member, book: Book, reason: str, now: datetime) -> Answer:
    """Propose a book to the member who asked, and notify them."""
    # Anyone may edit the book later, so the answer keeps the label that the member saw.
    proposed = Answer(
        ask_id=asked.id,
        member_id=member.id,
        book_id=book.id,
        named_as=book.label.to_json(),
        reason=reason,
        answered_at=now,
    )
    db.session.add(proposed)
    db.session.flush()
    notify(asked.member_id, "answer", member.id, now, ask_id=asked.id)
    return proposed


def withdraw(
    proposed: Answer, now: datetime, *, moderator: Member | None = None, reason: str | None = None
) -> None:
    """Delete an answer for good, and retract its notice if the member has no other answer to this ask.

    ``moderator`` and ``reason`` are given when a moderator removes it.
    """
    proposed.wipe(now, moderator.id if moderator else None, reason)
    db.session.flush()
    if moderator is not None:
        notify(proposed.member_id, "answer_removed", moderator.id, now, ask_id=proposed.ask_id)
    # One notice stands for all answers of a member to one ask.
    if not queries.answers_by(proposed.member_id, proposed.ask_id):
        retract(proposed.asker_id, "answer", proposed.member_id, ask_id=proposed.ask_id)


def remove_ask(asked: Ask, moderator: Member, reason: str, now: datetime) -> None:
    """Remove a member's question as a moderator, and tell them."""
    asked.wipe(now, moderator.id, reason)
    notify(asked.member_id, "removed", moderator.id, now, ask_id=asked.id)


def endorse(answer_id: int, member: Member, now: datetime) -> None:
    """Record that a member would answer the same. Doing it twice changes nothing."""
    if queries.endorsement_of(answer_id, member.id) is None:
        db.session.add(AnswerEndorsement(answer_id=answer_id, member_id=member.id, endorsed_at=now))
        db.session.flush()


def take_back_endorsement(answer_id: int, member: Member) -> None:
    """Remove a member's endorsement of an answer, if there is one."""
    # Nothing is wrong if there is none: a second click finds that the first one has removed it.
    given = queries.endorsement_of(answer_id, member.id)
    if given is not None:
        db.session.delete(given)
        db.session.flush()


def take(proposed: Answer, asker: Member, now: datetime, today: date) -> str:
    """Record that the asker takes an answer, and return a sentence that tells them what happened.

    The book goes on their shelf unless it is there already. The member who answered is promised a notice when
    the asker finishes it, unless that reading is private or the member has left. Taking an answer twice
    changes nothing.
    """
    book, adviser = proposed.book, proposed.member
    # A second click keeps the time of the first, by which leave() recognises the promise.
    proposed.taken_at = proposed.taken_at or now
    # Two first readings of one member would collide in the database.
    lock_ratings(book)
    reading = reading_of(asker.id, book.id, lock=True)
    if reading is None or reading.status is None:
        reading = readings.record(asker, book, now, today=today, status="to_read")
    # A member who has left is sent no notices, and is promised nothing.
    is_told = adviser.removed_at is None
    if is_told and reading.can_promise:
        readings.promise(adviser, reading, proposed.taken_at)
    return taken_text(
        book.title,
        adviser.display_name if is_told else None,
        status=reading.status,
        is_private=bool(reading.is_private),
    )


def leave(proposed: Answer) -> None:
    """Undo the taking of an answer. The book stays on the shelf; a promise made by the taking is deleted."""
    reading = reading_of(proposed.asker_id, proposed.book_id)
    given = promise_of(proposed.member_id, reading.id) if reading else None
    # The member may have asked for a promise themselves: that one stays.
    if given is not None and given.asked_at == proposed.taken_at:
        db.session.delete(given)
    proposed.taken_at = None


def endorse_book(member: Member, book: Book, other: Book, reason: str, now: datetime) -> Endorsement:
    """Recommend ``other`` to members who loved ``book``."""
    endorsement = Endorsement(
        member_id=member.id,
        book_id=book.id,
        other_id=other.id,
        book_named_as=book.label.to_json(),
        other_named_as=other.label.to_json(),
        reason=reason,
        endorsed_at=now,
    )
    db.session.add(endorsement)
    db.session.flush()
    return endorsement
