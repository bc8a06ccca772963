"""Move reviews when two books are merged: of two by one member the newer stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, select, update

from ..bulk import table_of
from ..extensions import db
from ..pictures.models import Picture
from ..readings.models import Reveal
from ..reviews.models import Review, ReviewRevision
from ..threads.actions import recompute_horizons
from ..threads.models import Comment, Subscription, Thread
from ..threads.queries import lock_threads
from ..threads.rules import path_of
from . import queries
from .queries import Row
from .record import Record
from .undo import MergerUndo

REVIEW, REVISION, COMMENT = (table_of(model) for model in (Review, ReviewRevision, Comment))
PICTURE = table_of(Picture)
THREAD, REVEAL, SUBSCRIPTION = (table_of(model) for model in (Thread, Reveal, Subscription))
WORDS = ("title", "summary", "body", "body_html", "safe_html", "has_spoilers", "renderer_version")
NO_WORDS = {"title": "", "summary": "", "body": "", "body_html": "", "safe_html": "", "has_spoilers": False}


def move_reviews(record: Record, kept_id: int, gone_id: int, now: datetime) -> None:
    """Move the reviews of a book. Of two by one member the older becomes a version of the newer."""
    for row in queries.rows_where(REVIEW, REVIEW.c.book_id == gone_id, REVIEW.c.deleted_at.is_(None)):
        mine = queries.row_where(
            REVIEW,
            REVIEW.c.book_id == kept_id,
            REVIEW.c.member_id == row["member_id"],
            REVIEW.c.deleted_at.is_(None),
        )
        if mine is not None:
            older, newer = sorted((mine, row), key=_written_at)
            _supersede(record, older, newer, now)
    # The unique index leaves out deleted reviews, so the older of two, emptied above, can move as well.
    record.move(REVIEW.c.book_id, gone_id, kept_id)


def _written_at(review: Row) -> tuple[datetime, int]:
    return max(review["created_at"], review["edited_at"] or review["created_at"]), review["id"]


def _supersede(record: Record, older: Row, newer: Row, now: datetime) -> None:
    """Make a review an earlier version of another one by its member, and move its comments."""
    for revision in queries.rows_where(REVISION, REVISION.c.review_id == older["id"]):
        # A revision was shown under the greater of its own horizon and its review's.
        horizon = max(revision["horizon"], older["horizon"])
        record.change(REVISION, revision, {"review_id": newer["id"], "horizon": horizon})
    words = {name: older[name] for name in WORDS}
    # The older review may have been edited after the newer one was written, and was read until then.
    until = max(newer["created_at"], _written_at(older)[0])
    made = {"review_id": newer["id"], "horizon": older["horizon"], "replaced_at": until, **words}
    revision_id = db.session.execute(REVISION.insert().values(made).returning(REVISION.c.id)).scalar_one()
    emptied = {**NO_WORDS, "deleted_at": now, "became_id": newer["id"]}
    db.session.execute(update(REVIEW).where(REVIEW.c.id == older["id"]).values(emptied))
    # Its words may refer to its pictures, which are deleted with the review that the revision belongs to.
    record.move(PICTURE.c.review_id, older["id"], newer["id"])
    # Only the revision has the words: they are deleted with the review that it belongs to.
    record.note("review", REVIEW, {"older": older["id"], "newer": newer["id"], "revision": revision_id})
    _move_talk(record, older["thread_id"], newer["thread_id"])


def _move_talk(record: Record, before_id: int, after_id: int) -> None:
    """Move the comments under one review to another; none of them gets a lower horizon."""
    before, after = (queries.row_where(THREAD, THREAD.c.id == id) for id in (before_id, after_id))
    assert before is not None
    assert after is not None
    # Steps are undone in reverse, so this one comes last, when the comments are back.
    record.note("talk", THREAD, {"before": before_id, "after": after_id})
    comments = queries.rows_where(COMMENT, COMMENT.c.thread_id == before_id)
    for comment in comments:
        # A comment was hidden at least as far as its review, and takes that floor along to the other thread.
        own = max(comment["own_horizon"], before["floor"])
        horizon = max(comment["horizon"], after["floor"])
        values = {"thread_id": after_id, "own_horizon": own, "horizon": horizon}
        record.change(COMMENT, comment, values)
    # Forms on pages that are still open go on naming the old thread, and this leads them to the new one.
    record.change(THREAD, before, {"became_id": after_id})
    said = select(SUBSCRIPTION.c.member_id).where(SUBSCRIPTION.c.thread_id == after_id)
    record.move(SUBSCRIPTION.c.thread_id, before_id, after_id, SUBSCRIPTION.c.member_id.not_in(said))
    if comments:
        _close_reveals(record, before_id, after_id)
    count_comments(before_id, after_id)


def _close_reveals(record: Record, before_id: int, after_id: int) -> None:
    """End reveals of one of two threads, which would show the other one as well."""
    wishes: dict[int, dict[int, Row]] = {
        id: {row["member_id"]: row for row in queries.rows_where(REVEAL, REVEAL.c.thread_id == id)}
        for id in (before_id, after_id)
    }
    for thread_id, other_id in ((before_id, after_id), (after_id, before_id)):
        for member_id, row in wishes[thread_id].items():
            # A reveal of the remaining thread stays only for members who had revealed both.
            if thread_id == before_id or member_id not in wishes[other_id]:
                record.fold(REVEAL, row, member_id=member_id)


def count_comments(*thread_ids: int) -> None:
    """Count the comments of these threads that have their words, and note their newest."""
    for thread_id in thread_ids:
        there = select(func.count()).where(COMMENT.c.thread_id == thread_id, COMMENT.c.deleted_at.is_(None))
        newest = select(COMMENT.c.id, COMMENT.c.created_at).where(COMMENT.c.thread_id == thread_id)
        highest = select(func.coalesce(func.max(COMMENT.c.horizon), 0)).where(
            COMMENT.c.thread_id == thread_id
        )
        newest_id, newest_at = db.session.execute(
            newest.order_by(COMMENT.c.id.desc()).limit(1)
        ).one_or_none() or (0, None)
        values = {
            "comment_count": there.scalar_subquery(),
            "latest_comment_id": newest_id,
            "latest_comment_at": newest_at,
            "highest_horizon": highest.scalar_subquery(),
        }
        db.session.execute(update(THREAD).where(THREAD.c.id == thread_id).values(values))


def restore_review(_undo: MergerUndo, _table: Table, details: dict[str, Any]) -> None:
    """Make an earlier version a review of its own again, unless its member has deleted it since."""
    older, revision_id = details["older"], details["revision"]
    revision = queries.row_where(
        REVISION, REVISION.c.id == revision_id, REVISION.c.review_id == details["newer"]
    )
    values: dict[str, Any] = {"became_id": None}
    # Without the revision the words are gone, and the review comes back as the deleted one that it is.
    if revision is not None:
        values |= {"deleted_at": None, **{name: revision[name] for name in WORDS}}
        db.session.execute(REVISION.delete().where(REVISION.c.id == revision_id))
    db.session.execute(update(REVIEW).where(REVIEW.c.id == older).values(values))


def repair_threads(_undo: MergerUndo, _table: Table, details: dict[str, Any]) -> None:
    """Repair two threads once the comments of the first are back in it.

    Replies to these that were written since stay in the second, at its top, and hide as much as before.
    """
    before_id, after_id = details["before"], details["after"]
    back = select(COMMENT.c.id).where(COMMENT.c.thread_id == before_id)
    orphans = queries.rows_where(COMMENT, COMMENT.c.thread_id == after_id, COMMENT.c.parent_id.in_(back))
    for row in orphans:
        path = path_of(row["id"], "")
        # Its parent no longer hides the reply, so the horizon that it had through the parent becomes its own.
        _execute_on(row["id"], parent_id=None, path=path, own_horizon=max(row["own_horizon"], row["horizon"]))
        # A path begins with those of its parents, so the replies below follow by another beginning.
        below = COMMENT.c.path.startswith(row["path"], autoescape=True)
        for reply in queries.rows_where(COMMENT, COMMENT.c.thread_id == after_id, below):
            _execute_on(reply["id"], path=path + reply["path"].removeprefix(row["path"]))
    count_comments(before_id, after_id)
    db.session.expire_all()
    for thread in lock_threads([before_id, after_id]):
        if thread.comment_count or orphans:
            recompute_horizons(thread)
    db.session.flush()


def _execute_on(comment_id: int, **values: Any) -> None:
    db.session.execute(update(COMMENT).where(COMMENT.c.id == comment_id).values(values))
