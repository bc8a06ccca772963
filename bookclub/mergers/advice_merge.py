"""Move asks, answers, endorsements, nominations, meetings, questions and passages between merged books."""

from __future__ import annotations

from ..asks.models import Answer, Ask, Endorsement
from ..bulk import table_of
from ..lib.text.keys import key_of
from ..meetings.models import MeetingBook
from ..passages.models import Passage
from ..questions.models import Question
from ..recommendations.models import PackNeighbour, PackReadership
from ..rounds.models import Nomination
from . import queries
from .queries import Row
from .record import Record

ANSWER, ASK, ENDORSEMENT, NOMINATION = (table_of(model) for model in (Answer, Ask, Endorsement, Nomination))
MEETING_BOOK, PACKED, READERSHIP = (table_of(model) for model in (MeetingBook, PackNeighbour, PackReadership))
QUESTION, PASSAGE = table_of(Question), table_of(Passage)


def move_advice(record: Record, kept: Row, gone_id: int) -> None:
    """Move asks, answers, endorsements, nominations, meetings, questions and passages to the kept book.

    Nobody's words are lost, even if they are said twice.
    """
    kept_id = kept["id"]
    for ask in queries.rows_where(ASK, ASK.c.book_id == gone_id):
        # A search finds a question by the title of its book, so the kept book's title joins the one that
        # stands there. An empty key belongs to a deleted question, which no search may find.
        about = key_of(f"{kept['title']} {kept['authors_line']}", 1200)
        words = f"{ask['search_key']} {about}".strip() if ask["search_key"] else ""
        record.change(ASK, ask, {"book_id": kept_id, "search_key": words})
    for row in queries.rows_where(ANSWER, ANSWER.c.book_id == gone_id):
        same = (ANSWER.c.ask_id == row["ask_id"], ANSWER.c.member_id == row["member_id"])
        # The unique index leaves out answers that are joined or withdrawn, so two of one member can stand
        # side by side.
        standing = ANSWER.c.book_id == kept_id, ANSWER.c.deleted_at.is_(None)
        twice = row["deleted_at"] is None and bool(queries.keys_where(ANSWER, *same, *standing))
        record.change(ANSWER, row, {"book_id": kept_id, "is_joined": row["is_joined"] or twice})
    # An endorsement names two books, and the one that goes may be either of them.
    either = (ENDORSEMENT.c.book_id == gone_id) | (ENDORSEMENT.c.other_id == gone_id)
    for row in queries.rows_where(ENDORSEMENT, either):
        _move_endorsement(record, row, kept_id, gone_id)
    for row in queries.rows_where(NOMINATION, NOMINATION.c.book_id == gone_id):
        # In a round a book is nominated once. The index leaves out joined nominations, so both keep their
        # ids, by which the ballots name them.
        in_round = NOMINATION.c.round_id == row["round_id"], NOMINATION.c.book_id == kept_id
        twice = bool(queries.keys_where(NOMINATION, *in_round))
        record.change(NOMINATION, row, {"book_id": kept_id, "is_joined": row["is_joined"] or twice})
    # A meeting about both books has one of them; what was said about the other stays a thread of its own.
    record.follow(MEETING_BOOK.c.book_id, gone_id, kept_id, "meeting_id")
    record.move(QUESTION.c.book_id, gone_id, kept_id)
    record.move(PASSAGE.c.book_id, gone_id, kept_id)


def _move_endorsement(record: Record, row: Row, kept_id: int, gone_id: int) -> None:
    book_id, other_id = (kept_id if row[name] == gone_id else row[name] for name in ("book_id", "other_id"))
    if book_id == other_id:
        # "If you loved this, read this" says nothing. The row comes back when the merger is undone.
        record.fold(ENDORSEMENT, row, member_id=row["member_id"])
        return
    same = (
        ENDORSEMENT.c.member_id == row["member_id"],
        ENDORSEMENT.c.book_id == book_id,
        ENDORSEMENT.c.other_id == other_id,
        ENDORSEMENT.c.deleted_at.is_(None),
    )
    twice = row["deleted_at"] is None and bool(queries.keys_where(ENDORSEMENT, *same))
    is_joined = row["is_joined"] or twice
    record.change(ENDORSEMENT, row, {"book_id": book_id, "other_id": other_id, "is_joined": is_joined})


def move_pack(record: Record, kept_id: int, gone_id: int) -> None:
    """Move the pack's counts to the kept book: the greater of two, since many readers are in both."""
    mine, row = (queries.row_where(READERSHIP, READERSHIP.c.book_id == id) for id in (kept_id, gone_id))
    if mine is not None and row is not None:
        record.change(READERSHIP, mine, {"readers": max(mine["readers"], row["readers"])})
        record.fold(READERSHIP, row)
    record.move(READERSHIP.c.book_id, gone_id, kept_id)
    either = (PACKED.c.book_id == gone_id) | (PACKED.c.other_id == gone_id)
    for pair in queries.rows_where(PACKED, either):
        names = {name: kept_id if pair[name] == gone_id else pair[name] for name in ("book_id", "other_id")}
        twin = queries.row_where(
            PACKED, PACKED.c.book_id == names["book_id"], PACKED.c.other_id == names["other_id"]
        )
        if twin is not None:
            best = {name: max(twin[name], pair[name]) for name in ("together", "weight")}
            record.change(PACKED, twin, best)
        # The books are the key of a pair, and a step finds its row by that key: so the pair is deleted and
        # made again.
        record.fold(PACKED, pair)
        # A book is no neighbour of its own.
        if twin is None and names["book_id"] != names["other_id"]:
            record.make(PACKED, {**pair, **names})
