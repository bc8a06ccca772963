"""Queries on reviews and revisions, and on what a reader's progress unlocks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, func, literal, null, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from ..books.models import Book
from ..extensions import db
from ..lib.positions.visibility import Viewer
from ..members.models import Member
from ..passages.models import Passage
from ..permissions import loads
from ..readings.models import Reading
from ..readings.visibility_queries import anyone_like, asked_by, text_for, visible_to
from ..threads.comment_queries import has_wish, unlocked_for
from ..threads.models import Comment, Thread
from ..threads.queries import IN_FULL, counts
from ..threads.rules import PageOfIds
from .models import Review, ReviewRevision
from .rules import ReviewEntry, ReviewRow, RevisionRow, Unlocked


def unlocked_between(viewer: Viewer, book_id: int, before: int, after: int) -> Unlocked:
    """Count the posts on a book that open to a reader whose mark goes from ``before`` to ``after``.

    Their own posts, posts that a wish reveals anyway and posts without words do not count. Nothing opens if
    the mark goes down.
    """

    def opened(of: type[Comment] | type[Review] | type[Passage]) -> ColumnElement[bool]:
        return and_(
            # Above the old mark and up to the new one: if the mark went down, no horizon is both.
            of.horizon > before,
            of.horizon <= after,
            of.member_id != viewer.id,
            of.deleted_at.is_(None),
        )

    comments, first_comment_id = _counted(
        # The window counts all rows, although only the first one is fetched.
        select(func.count().over(), Comment.id)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(
            Thread.book_id == book_id,
            opened(Comment),
            ~has_wish(viewer, book_id=book_id, thread_id=Comment.thread_id),
        )
        .order_by(Comment.horizon, Comment.id)
    )
    reviews, first_review_id = _counted(
        select(func.count().over(), Review.id)
        .where(
            Review.book_id == book_id,
            opened(Review),
            ~has_wish(viewer, book_id=book_id, thread_id=Review.thread_id),
        )
        .order_by(Review.horizon, Review.id)
    )
    passages, _first = _counted(
        select(func.count().over(), Passage.id)
        .where(
            Passage.book_id == book_id,
            opened(Passage),
            ~has_wish(viewer, book_id=book_id, thread_id=Passage.thread_id),
        )
        .order_by(Passage.horizon, Passage.id)
    )
    return Unlocked(comments, reviews, first_comment_id, first_review_id, passages)


def _counted(statement: Select[int, int]) -> tuple[int, int | None]:
    """Return the number of rows and the key of the first."""
    row = db.session.execute(statement.limit(1)).one_or_none()
    return (row[0], row[1]) if row else (0, None)


ENTRIES = 20


@loads(Review)
def review_to_act_on(review_id: int, *, lock: bool) -> Review | None:
    """Return a review with its thread and its book. With ``lock``, the thread's row is locked first."""
    if lock:
        # A comment locks the thread and not the review, and its floor must not move in between.
        of_review = select(Review.thread_id).where(Review.id == review_id).scalar_subquery()
        db.session.execute(select(Thread.id).where(Thread.id == of_review).with_for_update(key_share=True))
    return db.session.execute(_review_in_full(), {"review_id": review_id}).scalar_one_or_none()


@cache
def _review_in_full() -> Select[Review]:
    return (
        select(Review)
        .where(Review.id == bindparam("review_id"))
        .join(Review.thread)
        .options(
            contains_eager(Review.thread).options(*IN_FULL),
            joinedload(Review.book),
            joinedload(Review.member),
        )
    )


def review_row(viewer: Viewer, review_id: int, *, revealed: bool = False) -> ReviewRow | None:
    """Return one review with its body as this reader sees it; with ``revealed``, in full."""
    sent = {"review_id": review_id, **asked_by(viewer)}
    found = db.session.execute(_review_row(anyone_like(viewer), revealed), sent).mappings().one_or_none()
    return ReviewRow(**found) if found else None


@cache
def _review_row(viewer: Viewer, revealed: bool) -> Select[Any]:
    return review_rows(viewer, revealed=revealed).where(Review.id == bindparam("review_id"))


def review_html(viewer: Viewer, review_id: int) -> str:
    """Return as much of a review's body as a reader may see; "" if that is nothing."""
    statement = select(_text(viewer)).where(Review.id == review_id)
    return db.session.execute(statement).scalar_one_or_none() or ""


def reviews_by_id(viewer: Viewer, review_ids: Collection[int]) -> dict[int, ReviewRow]:
    """Return those of these reviews that still exist, by id, as this reader sees them."""
    if not review_ids:
        return {}
    statement = review_rows(viewer).where(Review.id.in_(review_ids))
    rows = db.session.execute(statement, asked_by(viewer)).mappings()
    return {row["id"]: ReviewRow(**row) for row in rows}


def id_of_thread(thread_id: int) -> int | None:
    """Return the id of the review that a thread belongs to; None for a titled thread."""
    return db.session.execute(select(Review.id).where(Review.thread_id == thread_id)).scalar_one_or_none()


def own_review(viewer: Viewer, book_id: int) -> Review | None:
    """Return the viewer's own review of a book, unless it was deleted."""
    return db.session.execute(
        select(Review).where(
            Review.member_id == viewer.id, Review.book_id == book_id, Review.deleted_at.is_(None)
        )
    ).scalar_one_or_none()


def review_sent(viewer: Viewer, submission: str) -> Review | None:
    """Return the review that this form of the viewer has already made."""
    return db.session.execute(
        select(Review).where(Review.member_id == viewer.id, Review.submission == submission)
    ).scalar_one_or_none()


def reviews_on_book(viewer: Viewer, book_id: int, after: int | None = None) -> PageOfIds:
    """Return the reviews of a book, the newest first, keyed by id.

    Deleted ones are included only if comments hang on them.
    """
    return _page(viewer, _reviews_on_book(anyone_like(viewer)), after, book_id=book_id)


@cache
def _reviews_on_book(viewer: Viewer) -> Select[Any]:
    return _listed(viewer, Review.book_id == bindparam("book_id"))


def reviews_by(viewer: Viewer, author_id: int, after: int | None = None) -> PageOfIds:
    """Return a member's reviews, the newest first, keyed by id."""
    return _page(viewer, _reviews_by(anyone_like(viewer)), after, author_id=author_id)


@cache
def _reviews_by(viewer: Viewer) -> Select[Any]:
    return _listed(viewer, and_(Review.member_id == bindparam("author_id"), Review.deleted_at.is_(None)))


def new_reviews(viewer: Viewer, limit: int = 10) -> list[ReviewEntry]:
    """Return others' reviews since this reader's last visit, the latest first."""
    if viewer.id is None or viewer.new_since is None:
        return []
    return _entries(viewer, _new_reviews(anyone_like(viewer)), most=limit)


@cache
def _new_reviews(viewer: Viewer) -> Select[Any]:
    # Titles and summaries are safe for everybody, so a review that is locked is news as well.
    since = and_(
        Review.created_at > viewer.new_since, Review.member_id != viewer.id, Review.deleted_at.is_(None)
    )
    most = bindparam("most", type_=Integer)
    return review_rows(viewer, with_text=False).where(since).order_by(Review.id.desc()).limit(most)


def latest_reviews(viewer: Viewer, limit: int = 5) -> list[ReviewEntry]:
    """Return the latest reviews that this reader may see."""
    return _entries(viewer, _latest_reviews(anyone_like(viewer)), most=limit)


@cache
def _latest_reviews(viewer: Viewer) -> Select[Any]:
    most = bindparam("most", type_=Integer)
    seen = review_rows(viewer, with_text=False).where(Review.deleted_at.is_(None), readable(viewer))
    return seen.order_by(Review.id.desc()).limit(most)


def revisions(viewer: Viewer, review: Review) -> Sequence[RevisionRow]:
    """Return former versions of a review, the latest first.

    Each is under the greater of its own and the review's present horizon.
    """
    # The greater of two is max() in SQLite and greatest() in PostgreSQL. CASE serves both.
    horizon = case((ReviewRevision.horizon > Review.horizon, ReviewRevision.horizon), else_=Review.horizon)
    text = text_for(
        viewer, full=ReviewRevision.body_html, safe=ReviewRevision.safe_html, horizon=horizon, **_place()
    )
    rows = db.session.execute(
        select(
            ReviewRevision.title,
            ReviewRevision.summary,
            horizon.label("horizon"),
            ReviewRevision.replaced_at,
            text.label("html"),
        )
        .join(ReviewRevision.review)
        .where(ReviewRevision.review_id == review.id)
        .order_by(ReviewRevision.id.desc())
    )
    return [RevisionRow(**row) for row in rows.mappings()]


def revisions_of(review_id: int) -> Sequence[ReviewRevision]:
    """Return the ReviewRevision rows of a review, to be deleted with it."""
    statement = select(ReviewRevision).where(ReviewRevision.review_id == review_id)
    return db.session.execute(statement).scalars().all()


def horizons_to_remap(book_id: int, member_ids: Collection[int]) -> Sequence[Review]:
    """Return reviews of a book, with threads, whose horizon follows a section or one of these members."""
    follows = or_(
        Review.horizon_choice.startswith("section-"),
        and_(Review.horizon_choice == "mine", Review.member_id.in_(member_ids)),
    )
    statement = select(Review).where(Review.book_id == book_id, follows).options(joinedload(Review.thread))
    return db.session.execute(statement.order_by(Review.id)).scalars().all()


def _listed(viewer: Viewer, condition: ColumnElement[bool]) -> Select[Any]:
    return (
        review_rows(viewer, with_text=False)
        .where(condition, or_(Review.deleted_at.is_(None), Thread.comment_count > 0))
        .order_by(Review.id.desc())
        # One row more than fits on a page shows that there is another page.
        .limit(ENTRIES + 1)
    )


def _page(viewer: Viewer, statement: Select[Any], after: int | None, **sent: int) -> PageOfIds:
    if after is not None:
        statement = statement.where(Review.id < after)
    entries = _entries(viewer, statement, **sent)
    page = entries[:ENTRIES]
    return PageOfIds(page, page[-1].review.id if len(entries) > len(page) else None)


def _entries(viewer: Viewer, statement: Select[Any], **sent: int) -> list[ReviewEntry]:
    found = db.session.execute(statement, sent | asked_by(viewer)).mappings()
    rows = [ReviewRow(**row) for row in found]
    # One statement counts for all reviews of the page.
    count = counts(viewer, [row.thread_id for row in rows])
    return [ReviewEntry(row, count[row.thread_id]) for row in rows]


def _place() -> dict[str, Any]:
    return {"author_id": Review.member_id, "book_id": Review.book_id, "thread_id": Review.thread_id}


def readable(viewer: Viewer) -> ColumnElement[bool]:
    """Return the visibility condition for rows of Review; sent with ``asked_by()``."""
    return _readable(anyone_like(viewer))


@cache
def _readable(viewer: Viewer) -> ColumnElement[bool]:
    return visible_to(viewer, horizon=Review.horizon, **_place())


def _text(viewer: Viewer, *, revealed: bool = False, with_text: bool = True) -> ColumnElement[Any]:
    # A list shows no bodies, so none are read: they may be long.
    if not with_text:
        return null()
    if revealed:
        return case((Review.deleted_at.is_(None), Review.body_html))
    text = text_for(viewer, full=Review.body_html, safe=Review.safe_html, horizon=Review.horizon, **_place())
    return case((Review.deleted_at.is_(None), text))


def review_rows(viewer: Viewer, *, revealed: bool = False, with_text: bool = True) -> Select[Any]:
    """Select the columns of a ReviewRow; locked text is not among them. Sent with ``asked_by()``."""
    return _review_rows(anyone_like(viewer), revealed, with_text)


@cache
def _review_rows(viewer: Viewer, revealed: bool, with_text: bool) -> Select[Any]:
    # For a visitor the comparison would be NULL and not false.
    is_mine = Review.member_id == viewer.id if viewer.id is not None else literal(False)
    is_young = (
        (Review.created_at > viewer.new_since) & (Review.member_id != viewer.id)
        if viewer.new_since is not None
        else literal(False)
    )
    is_unlocked = unlocked_for(
        viewer,
        horizon=Review.horizon,
        created_at=Review.created_at,
        deleted_at=Review.deleted_at,
        **_place(),
    )
    # This says if the body may be read even in a list, which does not load it.
    opens = literal(True) if revealed else readable(viewer)
    return (
        select(
            Review.id,
            Review.book_id,
            Book.slug.label("book_slug"),
            Book.title.label("book_title"),
            Review.thread_id,
            Review.member_id,
            Member.display_name.label("author"),
            # A removed member has no page to link to.
            case((Member.removed_at.is_(None), Member.username)).label("username"),
            Review.title,
            Review.summary,
            Review.horizon,
            Reading.rating,
            Review.created_at,
            Review.edited_at,
            Review.deleted_at,
            Review.removed_by_id,
            Review.removal_reason,
            opens.label("readable"),
            _text(viewer, revealed=revealed, with_text=with_text).label("html"),
            is_mine.label("is_mine"),
            or_(is_young, is_unlocked).label("is_new"),
            is_unlocked.label("is_unlocked"),
            (~readable(viewer) if revealed else literal(False)).label("is_revealed"),
        )
        .join(Member, Member.id == Review.member_id)
        .join(Book, Book.id == Review.book_id)
        .join(Thread, Thread.id == Review.thread_id)
        .outerjoin(
            Reading,
            and_(
                Reading.member_id == Review.member_id,
                Reading.book_id == Review.book_id,
                # A private rating shows only to its owner.
                or_(Reading.is_private.is_(False), is_mine),
            ),
        )
    )
