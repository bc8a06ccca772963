"""Actions on reviews and drafts: publish, edit, delete, and recompute horizons."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from ..extensions import db
from ..lib.positions.measures import Measures
from ..lib.positions.visibility import Viewer
from ..lib.text.markdown import Prose
from ..lib.text.member_mentions import find_members, is_mentioned
from ..lib.text.pictures import Owner, pictures_named
from ..members.models import Member
from ..members.queries import members_named
from ..notices.actions import notify
from ..pictures import actions as pictures
from ..readings import actions as readings
from ..readings.actions import Advanced
from ..readings.queries import contents_of
from ..threads import actions as threads
from ..threads.actions import open_thread, recompute_horizons
from ..threads.models import Wording
from ..threads.queries import lock_threads
from . import draft_queries, queries
from .models import Review, ReviewDraft, ReviewRevision
from .rules import title_of


def add_review(
    book_id: int,
    member: Member,
    title: str,
    summary: str,
    words: Wording,
    now: datetime,
    submission: str | None = None,
    *,
    draft: ReviewDraft | None = None,
) -> Review:
    """Add a member's review of a book, with a thread under it that gives away at least as much.

    It takes the pictures of its ``draft`` that it shows.

    Raises IntegrityError if the member has a review of this book already.
    """
    # The thread comes first, because the review refers to it.
    thread = open_thread(book_id, member, None, words.horizon, now)
    review = Review(
        book_id=book_id,
        member_id=member.id,
        thread_id=thread.id,
        thread=thread,
        title=title,
        summary=summary,
        own_horizon=words.horizon,
        lifted_horizon=0,
        horizon=words.horizon,
        submission=submission,
        created_at=now,
    )
    review.write(words)
    db.session.add(review)
    # A second review by the same member fails here, on the unique index.
    db.session.flush()
    made_from = [Owner("draft", draft.id)] if draft else []
    threads.settle_pictures(review, words.prose, Owner("review", review.id), also_of=made_from)
    # What a draft still has goes with it when it is deleted.
    db.session.flush()
    return review


def tell_mentioned(review: Review, now: datetime, *, before: Collection[str] = ()) -> None:
    """Notify the members whom a review mentions in what they can read of it.

    Those whose usernames it mentioned ``before`` have heard of it. Reviews from elsewhere, which are
    published as drafts, tell nobody: their names are not of this club.
    """
    for mentioned in members_named([name for name in find_members(review.body) if name not in before]):
        if is_mentioned(mentioned.username, queries.review_html(Viewer(mentioned.id), review.id)):
            notify(mentioned.id, "mention", review.member_id, now, review_id=review.id)


def publish_drafts(member: Member, rendered: Mapping[int, tuple[str, Prose]], now: datetime) -> list[Review]:
    """Publish a member's drafts. ``rendered`` maps the id of each to its body and the rendered body.

    A draft that cannot be published, or whose body has changed since it was rendered, stays as it is. Return
    the new reviews.
    """
    held = {draft.id: draft for draft in draft_queries.lock_drafts(member.id, rendered)}
    published = []
    for row in draft_queries.drafts_named(member.id, held):
        body, prose = rendered[row.id]
        if row.choice is None or row.review_id is not None or row.body != body:
            continue
        words = Wording(body, prose, row.choice, row.horizon)
        # The review carries the day on which it was written elsewhere, so the oldest do not come up as news.
        moment = row.published_at(now)
        draft = held[row.id]
        review = add_review(
            row.book_id, member, row.heading, row.summary, words, moment, row.submission, draft=draft
        )
        # The same transaction deletes the draft, so that publishing it again finds nothing.
        db.session.delete(draft)
        published.append(review)
    return published


def redraft(
    draft: ReviewDraft, title: str, summary: str, body: str, says_all: bool | None, now: datetime
) -> None:
    """Change a draft. ``says_all`` is whether it is for those who have finished; None leaves that as it is.

    A title that was made from the book is not stored as the draft's own. If nothing differs, nothing is
    written.
    """
    if title == title_of("", draft.book.title):
        title = draft.title
    says_all = draft.has_spoilers if says_all is None else says_all
    said = (draft.title, draft.summary, draft.body, draft.has_spoilers)
    if said != (title, summary, body, says_all):
        draft.title, draft.summary, draft.body, draft.has_spoilers = title, summary, body, says_all
        draft.changed_at = now
        owner, named = Owner("draft", draft.id), pictures_named(body)
        pictures.claim(named, draft.member_id, owner)
        pictures.release(owner, named, now)


def drop_draft(draft: ReviewDraft) -> None:
    """Delete a draft for good."""
    db.session.delete(draft)


def edit_review(review: Review, title: str, summary: str, words: Wording, now: datetime) -> None:
    """Edit a review, keep the earlier words as a revision, and update the horizons under it.

    If nothing differs, nothing is written.
    """
    words = threads.keep_choice(review, words)
    said = (review.title, review.summary, review.body)
    if said == (title, summary, words.body) and threads.has_words(review, words):
        return
    # A new horizon alone makes no revision.
    if said != (title, summary, words.body):
        db.session.add(
            ReviewRevision(
                review_id=review.id,
                title=review.title,
                summary=review.summary,
                body=review.body,
                prose=review.prose,
                # The horizon that was in force, so that what readers reported holds here, too.
                horizon=review.horizon,
                replaced_at=now,
            )
        )
        review.edited_at = now
    before = find_members(review.body)
    review.write(words)
    review.title, review.summary = title, summary
    set_horizon(review, words.horizon)
    db.session.flush()
    # Pictures that it no longer shows stay for the revision, under its rule.
    threads.settle_pictures(review, words.prose, Owner("review", review.id))
    tell_mentioned(review, now, before=before)


def set_horizon(review: Review, own_horizon: int) -> None:
    """Set the horizon of a review, and update all comments under it."""
    # Both columns change in one statement: the database refuses a horizon in force below the author's own.
    review.own_horizon, review.horizon = own_horizon, max(own_horizon, review.lifted_horizon)
    # The comments are only read if their floor has moved.
    if review.thread.floor != review.horizon:
        review.thread.floor = review.horizon
        recompute_horizons(review.thread)


def remap(book_id: int, before: Measures) -> list[Advanced]:
    """Recompute positions and horizons of a book after its lengths, sections or starts changed.

    ``before`` is what was known of the book until then (``readings.queries.measures_of``). Return the readers
    who ended up further on, for other posts that follow their places.
    """
    advanced = readings.remap(book_id, before)
    contents = contents_of(book_id)
    readers = {reader.member_id: reader for reader in advanced}
    moved = threads.remap(book_id, contents, advanced)
    reviews = queries.horizons_to_remap(book_id, readers)
    # All threads are locked at once, in one order, before the first of them changes.
    held = lock_threads(set(moved) | {review.thread_id for review in reviews})
    # Reviews come first: their horizons are the floors from which those of the comments are computed.
    for review in reviews:
        set_horizon(review, threads.remapped_horizon(review, contents, readers))
    for thread in held:
        if thread.id in moved:
            recompute_horizons(thread, opened_with=moved[thread.id])
    return advanced


def delete_review(
    review: Review, now: datetime, *, moderator: Member | None = None, reason: str | None = None
) -> None:
    """Delete a review's words for good, with its revisions. Its thread stays."""
    review.wipe(now, moderator.id if moderator else None, reason)
    if moderator is not None:
        notify(review.member_id, "removed", moderator.id, now, review_id=review.id)
    # wipe() does not know these two columns.
    review.title = review.summary = ""
    for revision in queries.revisions_of(review.id):
        db.session.delete(revision)
    pictures.delete_pictures_of(Owner("review", review.id))
