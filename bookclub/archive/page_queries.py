"""Data for the pages of the club's export, as someone sees them who has read nothing, or everything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select, union
from sqlalchemy.orm import joinedload

from ..asks.models import Endorsement
from ..books.models import Author, Book, BookAuthor, Contribution
from ..extensions import db
from ..lib.positions.visibility import Viewer
from ..members.models import IS_ABSENT, Member
from ..reviews.models import Review
from ..reviews.queries import review_row, review_rows
from ..reviews.rules import ReviewEntry, ReviewRow
from ..rounds.models import Round
from ..threads.comment_queries import comment_rows
from ..threads.comment_tree import Node, nest, prune
from ..threads.models import Comment, Thread
from ..threads.queries import counts
from ..threads.rules import CommentCount, CommentRow

AT_ONCE = 200
# Somebody who has read nothing: what they may see is safe for everybody.
NOBODY = Viewer()


@dataclass(frozen=True)
class ExportedThread:
    """A titled thread, with the number of comments that the export holds."""

    thread: Thread
    count: CommentCount


@dataclass(frozen=True)
class Archive:
    """The club's content in an export: safe for everybody, or with ``everything``."""

    everything: bool

    # Lists

    def reviews_of_books(self, book_ids: Sequence[int]) -> dict[int, list[ReviewEntry]]:
        """Reviews per book, newest first."""
        found: dict[int, list[ReviewEntry]] = defaultdict(list)
        for entry in self._reviews(Review.book_id.in_(book_ids)):
            found[entry.review.book_id].append(entry)
        return found

    def reviews_by(self, member_id: int) -> list[ReviewEntry]:
        """A member's reviews, newest first."""
        return self._reviews(and_(Review.member_id == member_id, Review.deleted_at.is_(None)))

    def latest_reviews(self, limit: int) -> list[ReviewEntry]:
        """Up to ``limit`` reviews, newest first."""
        return self._reviews(Review.deleted_at.is_(None), limit)

    def _reviews(self, which: ColumnElement[bool], limit: int | None = None) -> list[ReviewEntry]:
        statement = (
            review_rows(NOBODY, revealed=self.everything, with_text=False)
            # A deleted review keeps its page for what was said under it.
            .where(which, or_(Review.deleted_at.is_(None), Thread.comment_count > 0))
            .order_by(Review.id.desc())
            .limit(limit)
        )
        rows = [ReviewRow(**row) for row in db.session.execute(statement).mappings()]
        comment_counts = self._counts([row.thread_id for row in rows])
        return [ReviewEntry(row, comment_counts[row.thread_id]) for row in rows]

    def threads_of_books(self, book_ids: Sequence[int]) -> dict[int, list[ExportedThread]]:
        """Titled threads per book, newest first."""
        statement = (
            select(Thread)
            .where(Thread.book_id.in_(book_ids), Thread.title.is_not(None))
            .where(or_(Thread.of_meeting.is_(False), Thread.comment_count > 0))
            .options(joinedload(Thread.member))
            .order_by(Thread.id.desc())
        )
        threads = db.session.execute(statement).scalars().all()
        comment_counts = self._counts([thread.id for thread in threads])
        found: dict[int, list[ExportedThread]] = defaultdict(list)
        for thread in threads:
            found[thread.book_id or 0].append(ExportedThread(thread, comment_counts[thread.id]))
        return found

    def _counts(self, thread_ids: Sequence[int]) -> dict[int, CommentCount]:
        found: dict[int, CommentCount] = {}
        # Databases limit the number of parameters in a statement.
        for start in range(0, len(thread_ids), AT_ONCE):
            found |= counts(NOBODY, thread_ids[start : start + AT_ONCE])
        return {
            key: CommentCount(one.total, one.total) if self.everything else one for key, one in found.items()
        }

    # Single pages

    def review(self, review_id: int) -> ReviewRow | None:
        """Load a review with as much of its text as is exported."""
        return review_row(NOBODY, review_id, revealed=self.everything)

    def conversation(self, thread_id: int) -> list[Node[CommentRow]]:
        """All comments of a thread, as nested lists."""
        statement = comment_rows(NOBODY, revealed=self.everything).where(Comment.thread_id == thread_id)
        ordered = db.session.execute(statement.order_by(Comment.path)).mappings()
        # Deleted comments that nobody answered are pruned, as on the live page.
        return nest(prune([CommentRow(**row) for row in ordered]))


def endorsements_of_books(book_ids: Sequence[int]) -> dict[int, list[Endorsement]]:
    """Books recommended to members who loved each of these books."""
    statement = (
        select(Endorsement)
        .where(Endorsement.book_id.in_(book_ids), Endorsement.deleted_at.is_(None))
        .options(joinedload(Endorsement.other), joinedload(Endorsement.member))
        .order_by(Endorsement.id.desc())
    )
    found: dict[int, list[Endorsement]] = defaultdict(list)
    for endorsement in db.session.execute(statement).scalars():
        found[endorsement.book_id].append(endorsement)
    return found


def books_most_rated(limit: int) -> Sequence[Book]:
    """The books with the most ratings."""
    statement = select(Book).order_by(Book.rating_count.desc(), Book.rating_rank.desc(), Book.id)
    return db.session.execute(statement.limit(limit)).scalars().all()


def books_by_title() -> Iterator[Book]:
    """Books in the order of their titles, as cards show them."""
    title, number = "", 0
    while True:
        # Several books may have one title, so the id decides among them.
        further = or_(Book.title_key > title, and_(Book.title_key == title, Book.id > number))
        statement = select(Book).where(further).order_by(Book.title_key, Book.id).limit(AT_ONCE)
        books = db.session.execute(statement).scalars().all()
        if not books:
            return
        yield from books
        title, number = books[-1].title_key, books[-1].id


def authors_with_books() -> Iterator[tuple[Author, list[Book]]]:
    """Authors by name, each with the books that they wrote or worked on, oldest first."""
    after = ""
    while True:
        statement = select(Author).where(Author.name_key > after).order_by(Author.name_key).limit(AT_ONCE)
        authors = db.session.execute(statement).scalars().all()
        if not authors:
            return
        ids = [author.id for author in authors]
        # A union holds a book once, even if its author also worked on it otherwise.
        named = union(
            *(
                select(link.author_id, link.book_id).where(link.author_id.in_(ids))
                for link in (BookAuthor, Contribution)
            )
        ).subquery()
        made = (
            select(named.c.author_id, Book)
            .join(Book, Book.id == named.c.book_id)
            .order_by(Book.first_published, Book.id)
        )
        books: dict[int, list[Book]] = defaultdict(list)
        for author_id, book in db.session.execute(made):
            books[author_id].append(book)
        yield from ((author, books[author.id]) for author in authors if books[author.id])
        after = authors[-1].name_key


def members_here() -> Sequence[Member]:
    """Members who have a page, by name, including suspended ones."""
    statement = select(Member).where(Member.removed_at.is_(None)).order_by(Member.username_key)
    return db.session.execute(statement).scalars().all()


def review_ids() -> Sequence[int]:
    """Ids of the reviews that have a page."""
    kept = or_(Review.deleted_at.is_(None), Thread.comment_count > 0)
    statement = select(Review.id).join(Thread, Thread.id == Review.thread_id).where(kept)
    return db.session.execute(statement.order_by(Review.id)).scalars().all()


def titled_thread_ids() -> Sequence[int]:
    """Ids of the threads that have a page of their own."""
    statement = select(Thread.id).where(Thread.title.is_not(None)).order_by(Thread.id)
    return db.session.execute(statement).scalars().all()


def thread_to_show(thread_id: int) -> Thread:
    """Load a thread with its book and the member who opened it."""
    whole = (joinedload(Thread.book), joinedload(Thread.member))
    return db.session.execute(select(Thread).where(Thread.id == thread_id).options(*whole)).scalar_one()


def book_by_id(book_id: int | None) -> Book | None:
    """Load a book as a card shows it."""
    return db.session.execute(select(Book).where(Book.id == book_id)).scalar_one_or_none()


def figures() -> dict[str, int]:
    """Numbers of books, members, reviews, comments and rounds."""
    here = {
        "books": select(func.count()).select_from(Book),
        "members": select(func.count()).select_from(Member).where(~IS_ABSENT),
        "reviews": select(func.count()).select_from(Review).where(Review.deleted_at.is_(None)),
        "comments": select(func.count()).select_from(Comment).where(Comment.deleted_at.is_(None)),
        "rounds": select(func.count()).select_from(Round),
    }
    return {name: db.session.execute(statement).scalar_one() for name, statement in here.items()}
