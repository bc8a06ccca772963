"""Previews of mergers: what an organiser may know of that a merger will change.

Private readings are in no number here, nor is anything from which they could be found by subtraction.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from ...accounts.models import Club, Member
from ...books.models import Author, Book, BookAuthor, Section
from ...extensions import db
from ...readings.models import Reading
from ...readings.queries.presence import is_counted
from ...recommendations.models import Answer, Ask, Endorsement
from ...reviews.models import Review
from ...threads.models import Thread
from ...voting.models import Nomination


def author_preview(kept: Author, gone: Author) -> dict[str, Any]:
    """What becomes of the books of ``gone``, and of the questions about them, once both are one author."""
    written = select(BookAuthor.book_id).where(BookAuthor.author_id == gone.id)
    both = select(BookAuthor.book_id).where(BookAuthor.author_id == kept.id, BookAuthor.book_id.in_(written))
    titles = db.session.execute(
        select(Book.title).where(Book.id.in_(written)).order_by(Book.title_key, Book.id)
    ).scalars()
    asks = select(func.count()).select_from(Ask).where(Ask.author_id == gone.id, Ask.deleted_at.is_(None))
    return {
        "kept": kept.name,
        "gone": gone.name,
        "titles": list(titles),
        "twice": len(db.session.execute(both).all()),
        "asks": db.session.execute(asks).scalar_one(),
    }


def book_preview(kept: Book, gone: Book) -> dict[str, Any]:
    """What of ``gone`` will belong to ``kept``: numbers by name, and those who have reviewed both.

    Readings are those that everybody may see, of members who are here.
    """
    return {
        "kept": [kept.title, kept.authors_line],
        "gone": [gone.title, gone.authors_line],
        "numbers": {
            "editions": len([edition for edition in gone.editions if edition.fields]),
            "chapters": _count(Section, gone.id),
            "reviews": _count(Review, gone.id, Review.deleted_at.is_(None)),
            "threads": _count(Thread, gone.id, Thread.title.is_not(None)),
            "readings": _count(Reading, gone.id, is_counted(Reading)),
            "questions": _count(Ask, gone.id, Ask.deleted_at.is_(None)),
            "answers": _count(Answer, gone.id, Answer.deleted_at.is_(None)),
            "recommendations": _count(Endorsement, gone.id, Endorsement.deleted_at.is_(None))
            + _count(Endorsement, gone.id, Endorsement.deleted_at.is_(None), column=Endorsement.other_id),
            "nominations": _count(Nomination, gone.id),
            "adaptations": len(gone.adaptations),
        },
        "has_chapters": _count(Section, kept.id) > 0,
        "reviewers": _reviewers_of_both(kept.id, gone.id),
        "is_current": _count(Club, gone.id, column=Club.current_book_id) > 0,
    }


def _count(model: Any, book_id: int, *which: Any, column: Any = None) -> int:
    of_book = (model.book_id if column is None else column) == book_id
    statement = select(func.count()).select_from(model).where(of_book, *which)
    return db.session.execute(statement).scalar_one()


def _reviewers_of_both(kept_id: int, gone_id: int) -> list[str]:
    other = aliased(Review)
    statement = (
        select(Member.display_name)
        .join(Review, Review.member_id == Member.id)
        .join(other, other.member_id == Member.id)
        .where(Review.book_id == kept_id, other.book_id == gone_id)
        .where(Review.deleted_at.is_(None), other.deleted_at.is_(None))
    )
    return list(db.session.execute(statement.order_by(Member.id)).scalars())
