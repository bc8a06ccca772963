"""Merge what belongs to one member when two books become one: readings, drafts, mutes and reveals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import update

from ..bulk import table_of
from ..extensions import db
from ..imports.models import ImportedReading
from ..imports.recorded_values import RecordedValues
from ..imports.three_way_merge import merge
from ..lib.positions.places import END, START
from ..lib.text.messages import gettext as _
from ..lib.text.messages import number_text
from ..notices.models import Notice
from ..pictures.models import Picture
from ..readings.models import OwnTag, Promise, Reading, ReadThrough, Reveal
from ..recommendations.models import Mute
from ..reviews.models import ReviewDraft
from ..threads.models import Thread
from . import queries
from .queries import Row
from .record import Record, condition_of, key_of_row
from .rules import BETWEEN, join_texts

READING, THROUGH, TAG, PROMISE = (table_of(model) for model in (Reading, ReadThrough, OwnTag, Promise))
NOTICE, DRAFT, MUTE, REVEAL = (table_of(model) for model in (Notice, ReviewDraft, Mute, Reveal))
PICTURE = table_of(Picture)
IMPORTED, THREAD = table_of(ImportedReading), table_of(Thread)
# Values of a reader who has no position: a position in another book means nothing.
NOWHERE: dict[str, Any] = {
    "position": None,
    "mark": START,
    "held_mark": None,
    "is_again": False,
    "seen_mark": START,
    "entry": None,
    "entry_unit": None,
}
# Columns that undoing a merger restores even if they changed since: nobody knows in which of the books the
# new position was.
PLACE = (*NOWHERE, "edition_id", "moved_from")


def move_readings(record: Record, kept_id: int, gone_id: int, title: str) -> None:
    """Move the readings of a book. A member who has read both keeps one reading, with the kept book's mark.

    ``title`` is the title of the book that is gone.
    """
    for row in queries.rows_where(READING, READING.c.book_id == gone_id):
        of_member = READING.c.member_id == row["member_id"]
        mine = queries.row_where(READING, READING.c.book_id == kept_id, of_member)
        if mine is None:
            move_reading(record, row, kept_id, title)
        else:
            _join_readings(record, mine, row, title)
    for row in queries.rows_where(IMPORTED, IMPORTED.c.book_id == gone_id):
        of_member = IMPORTED.c.member_id == row["member_id"]
        mine = queries.row_where(IMPORTED, IMPORTED.c.book_id == kept_id, of_member)
        if mine is not None:
            # If the files gave two values, an import may not replace what stands here.
            said = {
                name: value for name, value in mine["said"].items() if row["said"].get(name, value) == value
            }
            record.change(IMPORTED, mine, {"said": said}, member_id=row["member_id"])
            record.fold(IMPORTED, row, into=(IMPORTED, mine), member_id=row["member_id"])
    # What is left belongs to members whose files named only the book that goes.
    record.move(IMPORTED.c.book_id, gone_id, kept_id)


def move_reading(record: Record, row: Row, book_id: int, title: str) -> None:
    """Move a reading to another book, without a position until its reader has been asked."""
    # A title in ``moved_from`` makes the book's page ask for the new place. Nobody is asked who had none.
    is_somewhere = row["position"] is not None or row["mark"] > START
    values = {"book_id": book_id, **NOWHERE, "moved_from": title if is_somewhere else row["moved_from"]}
    record.change(READING, row, values, member_id=row["member_id"], always=PLACE)


def _join_readings(record: Record, mine: Row, row: Row, title: str) -> None:
    """Join two readings of one member by the rules of an import, except for the mark."""
    member_id = row["member_id"]
    before = queries.rows_where(THROUGH, THROUGH.c.reading_id == mine["id"])
    theirs = queries.rows_where(THROUGH, THROUGH.c.reading_id == row["id"])
    # No earlier file is remembered, and ``is_repeated`` fills gaps without replacing what the kept book's
    # reading says.
    values = merge(_values_of(mine, before), {}, _values_of(row, theirs), is_repeated=True).values
    # These pairs of days have rows already, which move below. Only times that the rules found need new rows.
    known = {(one["started_on"], one["finished_on"]) for one in (*before, *theirs)}
    for column, alike in (
        (THROUGH.c.reading_id, ("started_on", "finished_on")),
        (TAG.c.reading_id, ("name_key",)),
        (PROMISE.c.reading_id, ("member_id",)),
        (NOTICE.c.reading_id, ("member_id", "kind")),
    ):
        whose = "member_id" if "member_id" in column.table.c else None
        record.follow(column, row["id"], mine["id"], *alike, member=whose, owner_id=member_id)
    for started, finished in values.earlier:
        if (started, finished) not in known:
            through = {"reading_id": mine["id"], "started_on": started, "finished_on": finished}
            record.make(THROUGH, through, member_id=member_id)
    # What was private in either book stays private.
    is_private = mine["is_private"] or row["is_private"]
    # Whoever finished only the other book has no mark here that opens spoilers. Their page asks first.
    asks = values.status == "finished" and mine["mark"] < END
    changes = {
        "status": values.status or None,
        "rating": values.rating,
        "started_on": values.started_on,
        "finished_on": values.finished_on,
        "times_read": values.times_read,
        "planned_month": mine["planned_month"] or row["planned_month"],
        "is_private": is_private,
        "moved_from": title if asks else mine["moved_from"],
    }
    record.change(READING, mine, changes, member_id=member_id, always=PLACE)
    heading = ""
    # The rating that loses is kept in the private notes, where its member finds it again.
    if row["rating"] and row["rating"] != values.rating:
        heading = _(
            "Rated %(stars)s of 5 stars as “%(title)s”.", stars=number_text(row["rating"] / 2), title=title
        )
    _join_texts(record, READING, mine, row, {"notes": heading}, member_id)
    record.fold(READING, row, into=(READING, mine), member_id=member_id, without=("notes",))


def _values_of(row: Row, earlier: list[Row]) -> RecordedValues:
    return RecordedValues(
        status=row["status"] or "",
        rating=row["rating"],
        started_on=row["started_on"],
        finished_on=row["finished_on"],
        times_read=row["times_read"] or 0,
        earlier=tuple((one["started_on"], one["finished_on"]) for one in earlier),
    )


def _join_texts(
    record: Record,
    table: Any,
    mine: Row,
    row: Row,
    headings: dict[str, str],
    member_id: int,
    parts: Sequence[Any] = (),
) -> None:
    """Append the texts of a row to those of another row of the same member; steps hold no copy of them.

    ``parts`` are names and lengths of other texts in front of the second one.
    """
    joints = {}
    for name, heading in headings.items():
        text, joint = join_texts(mine[name], row[name], heading)
        if text != mine[name]:
            found = condition_of(table, key_of_row(table, mine))
            db.session.execute(update(table).where(found).values({name: text}))
        joints[name] = {**joint.to_json(), "parts": list(parts)}
    record.join(table, mine, row, joints, member_id=member_id)


def move_wishes(record: Record, kept_id: int, gone_id: int) -> None:
    """Move drafts, mutes and reveals."""
    for row in queries.rows_where(DRAFT, DRAFT.c.book_id == gone_id):
        member_id = row["member_id"]
        mine = queries.row_where(DRAFT, DRAFT.c.book_id == kept_id, DRAFT.c.member_id == member_id)
        if mine is not None:
            _join_drafts(record, mine, row)
    record.move(DRAFT.c.book_id, gone_id, kept_id)
    record.follow(MUTE.c.book_id, gone_id, kept_id, "member_id", member="member_id")
    keep_reveals(record, kept_id, gone_id)


def _join_drafts(record: Record, mine: Row, row: Row) -> None:
    """Append a draft to another, with its title and summary."""
    member_id = row["member_id"]
    values = {
        "has_spoilers": mine["has_spoilers"] or row["has_spoilers"],
        "changed_at": max(mine["changed_at"], row["changed_at"]),
    }
    record.change(DRAFT, mine, values, member_id=member_id)
    parts = [(name, row[name]) for name in ("title", "summary")]
    # A draft has one title and one summary, so those of the other draft go in front of its body.
    whole = {**row, "body": BETWEEN.join(filter(None, (row["title"], row["summary"], row["body"])))}
    lengths = [[name, len(text)] for name, text in parts]
    _join_texts(record, DRAFT, mine, whole, {"body": ""}, member_id, parts=lengths)
    record.move(PICTURE.c.draft_id, row["id"], mine["id"])
    record.fold(DRAFT, row, into=(DRAFT, mine), member_id=member_id, without=("title", "summary", "body"))


def keep_reveals(record: Record, kept_id: int, gone_id: int) -> None:
    """Limit reveals, so that a wish to see one book's texts does not show the other's.

    A member who revealed both books reveals the merged one. A wish for one book becomes a wish for the
    threads that this book has now.
    """
    both: dict[int, dict[int, Row]] = {kept_id: {}, gone_id: {}}
    for book_id, wishes in both.items():
        wishes |= {row["member_id"]: row for row in queries.rows_where(REVEAL, REVEAL.c.book_id == book_id)}
    for book_id, other_id in ((kept_id, gone_id), (gone_id, kept_id)):
        threads = queries.keys_where(THREAD, THREAD.c.book_id == book_id)
        for member_id, row in both[book_id].items():
            if member_id in both[other_id]:
                if book_id == gone_id:
                    twin = both[kept_id][member_id]
                    record.fold(REVEAL, row, into=(REVEAL, twin), member_id=member_id)
                continue
            of_member = REVEAL.c.member_id == member_id
            known = {each["thread_id"] for each in queries.rows_where(REVEAL, of_member)}
            record.fold(REVEAL, row, member_id=member_id)
            for thread in threads:
                if thread["id"] not in known:
                    wish = {"member_id": member_id, "thread_id": thread["id"], "book_id": None}
                    record.make(REVEAL, wish, member_id=member_id)
