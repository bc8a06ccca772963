"""Keep, change, delete and discuss passages, and follow the measures of their book."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from ..books.models import Book
from ..extensions import db
from ..lib.positions.visibility import Viewer, effective_horizon
from ..lib.text.markdown import Prose
from ..lib.text.member_mentions import find_members, is_mentioned
from ..members.models import Member
from ..members.queries import members_named
from ..notices.actions import notify
from ..readings.queries import measures_of
from ..threads.actions import add_comment, open_thread, recompute_horizons
from ..threads.models import Comment, Thread, Wording
from ..threads.queries import lock_threads
from . import queries
from .models import Passage
from .places import PassagePlace, position_now


@dataclass(frozen=True)
class Quotation:
    """The words from a book with their place, and the member's note on them."""

    text: str
    note: str
    prose: Prose
    place: PassagePlace

    @property
    def wording(self) -> Wording:
        """The note as posts have it, hidden as far as the place."""
        return Wording(self.note, self.prose, self.place.choice, self.place.position)


def keep_passage(
    book: Book, member: Member, said: Quotation, now: datetime, submission: str | None = None
) -> Passage:
    """Keep a quotation from a book."""
    passage = Passage(
        book_id=book.id,
        member_id=member.id,
        own_horizon=said.place.position,
        lifted_horizon=0,
        horizon=said.place.position,
        submission=submission,
        created_at=now,
    )
    _write(passage, said)
    db.session.add(passage)
    db.session.flush()
    _tell_mentioned(passage, now)
    return passage


def edit_passage(passage: Passage, said: Quotation, now: datetime) -> None:
    """Change a passage, its note and its place. If nothing differs, write nothing."""
    place = said.place
    # Said again, a place stays where it has moved to since: forwards, never back.
    stays = (passage.entry_unit, passage.entry) == (place.unit, place.entry)
    if stays and (passage.text, passage.body) == (said.text, said.note):
        return
    before = find_members(passage.body)
    if stays:
        passage.text = said.text
        passage.body, passage.prose = said.note, said.prose
    else:
        _write(passage, said)
        set_position(passage, place.position)
    passage.edited_at = now
    db.session.flush()
    _tell_mentioned(passage, now, before=before)


def _tell_mentioned(passage: Passage, now: datetime, *, before: Collection[str] = ()) -> None:
    """Notify the members whom a note mentions in what they can read of it, but for those named ``before``."""
    for mentioned in members_named([name for name in find_members(passage.body) if name not in before]):
        row = queries.passage_row(Viewer(mentioned.id), passage.id)
        if row is not None and is_mentioned(mentioned.username, row.html or ""):
            notify(mentioned.id, "mention", passage.member_id, now, passage_id=passage.id)


def _write(passage: Passage, said: Quotation) -> None:
    passage.write(said.wording)
    passage.text = said.text
    passage.entry_unit, passage.entry = said.place.unit, said.place.entry
    passage.edition_id, passage.length = said.place.edition_id, said.place.length


def set_position(passage: Passage, position: int) -> None:
    """Move a passage, and with it the floor of the conversation about it."""
    # Both columns change in one statement: the database refuses a horizon in force below the place.
    passage.own_horizon, passage.horizon = (
        position,
        effective_horizon(position, None, 0, passage.lifted_horizon),
    )
    if passage.thread_id is not None:
        (thread,) = lock_threads([passage.thread_id])
        thread.floor = passage.horizon
        recompute_horizons(thread)


def discuss(
    passage: Passage,
    thread: Thread | None,
    member: Member,
    title: str,
    words: Wording,
    now: datetime,
    submission: str | None = None,
) -> Comment:
    """Open the conversation about a passage with these words, or add them to the ``thread`` that is there.

    Nothing in it is safer than the passage itself.
    """
    if thread is None:
        thread = open_thread(passage.book_id, member, title, passage.horizon, now, of_passage=True)
        passage.thread_id = thread.id
    return add_comment(thread, None, member, words, now, submission)


def delete_passage(
    passage: Passage, now: datetime, *, moderator: Member | None = None, reason: str | None = None
) -> None:
    """Delete a passage and its note for good. The conversation about it stays, hidden as far as before."""
    passage.wipe(now, moderator.id if moderator else None, reason)
    # wipe() does not know this column.
    passage.text = ""
    if moderator is not None:
        notify(passage.member_id, "removed", moderator.id, now, passage_id=passage.id)


def remap(book_id: int) -> None:
    """Compute the places of the passages from a book again, after its sections or lengths changed."""
    passages, measures = queries.passages_to_remap(book_id), measures_of(book_id)
    for passage in passages:
        position = position_now(passage, measures)
        if position != passage.own_horizon:
            set_position(passage, position)
