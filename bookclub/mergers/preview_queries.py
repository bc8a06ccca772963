"""Previews of mergers, and the parts of a book to choose for a split. No private reading is in either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from ..asks.models import Answer, Ask, Endorsement
from ..books.models import Adaptation, Author, Book, BookAuthor, Edition
from ..extensions import db
from ..lib.matches.field_values import KIND_WORDS
from ..lib.text.bidi import isolated
from ..lib.text.messages import gettext as _
from ..members.models import Club, Member
from ..passages.models import Passage
from ..readings.models import Reading
from ..readings.queries import is_counted
from ..reviews.models import Review
from ..rounds.models import Nomination, Round
from ..sections.models import Section
from ..threads.models import Thread
from .rules import BookPart


def parts_of(book: Book) -> Mapping[str, Sequence[BookPart]]:
    """Everything that can move to another book, by kind, in the order in which it was added."""
    return {
        "edition": _editions(book.id),
        "review": _reviews(book.id),
        "thread": _threads(book.id),
        "ask": _asks(book.id),
        "answer": _answers(book.id),
        "endorsement": _endorsements(book.id),
        "nomination": _nominations(book.id),
        "adaptation": _adaptations(book.id),
    }


def _editions(book_id: int) -> list[BookPart]:
    statement = select(Edition).where(Edition.book_id == book_id).order_by(Edition.place, Edition.id)
    found = db.session.execute(statement).scalars()
    return [
        BookPart(one.id, f"{one.name}, ISBN {one.isbn_text}" if one.isbn and one.format else one.name)
        for one in found
        # The empty edition that every new book has cannot be told from another, and is of no use there.
        if one.fields
    ]


def _reviews(book_id: int) -> list[BookPart]:
    statement = (
        select(Review.id, Review.title, Member.display_name)
        .join(Member, Member.id == Review.member_id)
        .where(Review.book_id == book_id, Review.deleted_at.is_(None))
    )
    rows = db.session.execute(statement.order_by(Review.id))
    return [
        BookPart(
            row.id, _("“%(title)s” by %(name)s", title=isolated(row.title), name=isolated(row.display_name))
        )
        for row in rows
    ]


def _threads(book_id: int) -> list[BookPart]:
    # Threads of reviews, questions, rounds, meetings and passages stay with these, and are not chosen here.
    kinds = Thread.of_round, Thread.of_ask, Thread.of_meeting, Thread.of_passage
    own = tuple(kind.is_(False) for kind in kinds)
    titled = Thread.title.is_not(None), *own
    statement = select(Thread.id, Thread.title).where(Thread.book_id == book_id, *titled)
    rows = db.session.execute(statement.order_by(Thread.id))
    return [BookPart(row.id, f"“{isolated(row.title)}”") for row in rows]


def _asks(book_id: int) -> list[BookPart]:
    statement = select(Ask.id, Ask.question).where(Ask.book_id == book_id, Ask.deleted_at.is_(None))
    return [
        BookPart(row.id, f"“{isolated(row.question)}”")
        for row in db.session.execute(statement.order_by(Ask.id))
    ]


def _answers(book_id: int) -> list[BookPart]:
    statement = (
        select(Answer.id, Ask.question, Member.display_name)
        .join(Ask, Ask.id == Answer.ask_id)
        .join(Member, Member.id == Answer.member_id)
        .where(Answer.book_id == book_id, Answer.deleted_at.is_(None))
    )
    rows = db.session.execute(statement.order_by(Answer.id))
    return [
        BookPart(
            row.id,
            _(
                "%(name)s, to “%(question)s”",
                name=isolated(row.display_name),
                question=isolated(row.question),
            ),
        )
        for row in rows
    ]


def _endorsements(book_id: int) -> list[BookPart]:
    liked, other = aliased(Book), aliased(Book)
    statement = (
        select(Endorsement.id, liked.title, other.title, Member.display_name)
        .join(liked, liked.id == Endorsement.book_id)
        .join(other, other.id == Endorsement.other_id)
        .join(Member, Member.id == Endorsement.member_id)
        .where(
            or_(Endorsement.book_id == book_id, Endorsement.other_id == book_id),
            Endorsement.deleted_at.is_(None),
        )
    )
    rows = db.session.execute(statement.order_by(Endorsement.id))
    return [
        BookPart(
            row[0],
            _(
                "%(name)s: if you loved “%(title)s”, read “%(other)s”",
                name=isolated(row[3]),
                title=isolated(row[1]),
                other=isolated(row[2]),
            ),
        )
        for row in rows
    ]


def _nominations(book_id: int) -> list[BookPart]:
    statement = (
        select(Nomination.id, Round.title, Member.display_name)
        .join(Round, Round.id == Nomination.round_id)
        .join(Member, Member.id == Nomination.member_id)
        # A book in an open round cannot be split at all, so there is nothing to choose in that one.
        .where(Nomination.book_id == book_id, Round.settled_at.is_not(None))
    )
    rows = db.session.execute(statement.order_by(Nomination.id))
    return [
        BookPart(
            row.id,
            _("in “%(title)s” by %(name)s", title=isolated(row.title), name=isolated(row.display_name)),
        )
        for row in rows
    ]


def _adaptations(book_id: int) -> list[BookPart]:
    statement = select(Adaptation).where(Adaptation.book_id == book_id).order_by(Adaptation.id)
    found = db.session.execute(statement).scalars()
    return [
        BookPart(
            one.id,
            ", ".join(
                filter(None, (f"“{isolated(one.title)}”", str(KIND_WORDS[one.kind]), one.fields.year_text))
            ),
        )
        for one in found
    ]


def author_preview(kept: Author, gone: Author) -> dict[str, Any]:
    """Preview of a merger of authors: books of ``gone``, and counts of those by both and of questions."""
    written = select(BookAuthor.book_id).where(BookAuthor.author_id == gone.id)
    both = select(BookAuthor.book_id).where(BookAuthor.author_id == kept.id, BookAuthor.book_id.in_(written))
    titles = db.session.execute(
        select(Book.title).where(Book.id.in_(written)).order_by(Book.title_key, Book.id)
    ).scalars()
    asks = select(func.count()).select_from(Ask).where(Ask.author_id == gone.id, Ask.deleted_at.is_(None))
    return {
        "kept": kept.name,
        "gone": gone.name,
        # The titles are in the fingerprint, too: if a book is added meanwhile, the form is stale.
        "titles": list(titles),
        "twice": len(db.session.execute(both).all()),
        "asks": db.session.execute(asks).scalar_one(),
    }


def book_preview(kept: Book, gone: Book) -> dict[str, Any]:
    """Preview of a merger of books: numbers of what moves by name, and the members who reviewed both.

    Only public readings of present members are counted.
    """
    return {
        "kept": [kept.title, kept.authors_line],
        "gone": [gone.title, gone.authors_line],
        "numbers": {
            "editions": len([edition for edition in gone.editions if edition.fields]),
            "chapters": _count(Section, gone.id),
            "reviews": _count(Review, gone.id, Review.deleted_at.is_(None)),
            "threads": _count(Thread, gone.id, Thread.title.is_not(None)),
            "passages": _count(Passage, gone.id, Passage.deleted_at.is_(None)),
            "readings": _count(Reading, gone.id, is_counted(Reading)),
            "questions": _count(Ask, gone.id, Ask.deleted_at.is_(None)),
            "answers": _count(Answer, gone.id, Answer.deleted_at.is_(None)),
            "recommendations": _count(Endorsement, gone.id, Endorsement.deleted_at.is_(None))
            # An endorsement names two books, and this one may be the other of them.
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
