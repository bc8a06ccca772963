"""A member's own data, read in pieces so that it fits in memory, and the export's page for an address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from ..asks.models import Answer, AnswerEndorsement, Ask, Endorsement
from ..books.models import Author, Book, BookAuthor, Contribution, Edition, Tag
from ..extensions import db
from ..lib.library_files.library_csv import ShelvedBook
from ..lib.positions.places import END, START
from ..lib.text.shown_text import typed
from ..members.models import Member
from ..reactions.models import Reaction
from ..readings.models import OwnTag, Reading, ReadThrough
from ..recommendations.models import Mute
from ..reviews.models import Review, ReviewDraft, ReviewRevision
from ..rounds.models import Ballot, Nomination, Round
from ..text_columns import as_typed
from ..threads.models import Comment, Thread

# So many rows are in memory at a time.
AT_ONCE = 500


def read_one_moment() -> None:
    """Make everything that this transaction reads be of one moment, whatever is written meanwhile.

    SQLite always does. Call it before the transaction's first statement.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def rows_of(statement: Select[*tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """Rows of a statement as dictionaries by column name, fetched a few at a time."""
    for row in db.session.execute(statement.execution_options(yield_per=AT_ONCE)).mappings():
        yield dict(row)


Rows = Iterator[dict[str, Any]]


def reviews_by(member_id: int) -> Rows:
    """A member's reviews, each with its book and their rating."""
    return rows_of(
        select(
            Review.id, as_typed(Review.title), as_typed(Review.summary), Review.body, Review.horizon,
            Review.created_at, Review.edited_at, Book.title.label("book"), Book.slug,
            Book.authors_line.label("authors"), Reading.rating,
        )
        .join(Book, Book.id == Review.book_id)
        .outerjoin(
            Reading, (Reading.member_id == Review.member_id) & (Reading.book_id == Review.book_id)
        )
        .where(Review.member_id == member_id, Review.deleted_at.is_(None))
        .order_by(Review.id)
    )  # fmt: skip


def revisions_by(member_id: int) -> Rows:
    """Earlier versions of a member's reviews."""
    return rows_of(
        select(
            ReviewRevision.id, ReviewRevision.review_id, as_typed(ReviewRevision.title),
            as_typed(ReviewRevision.summary), ReviewRevision.body, ReviewRevision.horizon,
            ReviewRevision.replaced_at, Book.title.label("book"),
            Book.slug,
        )
        .join(ReviewRevision.review)
        .join(Book, Book.id == Review.book_id)
        .where(Review.member_id == member_id, Review.deleted_at.is_(None))
        .order_by(ReviewRevision.id)
    )  # fmt: skip


def drafts_by(member_id: int) -> Rows:
    """A member's drafts of reviews."""
    return rows_of(
        select(
            ReviewDraft.id, ReviewDraft.title, ReviewDraft.summary, ReviewDraft.body,
            ReviewDraft.has_spoilers, ReviewDraft.written_on, ReviewDraft.changed_at,
            Book.title.label("book"), Book.slug,
        )
        .join(Book, Book.id == ReviewDraft.book_id)
        .where(ReviewDraft.member_id == member_id)
        .order_by(ReviewDraft.id)
    )  # fmt: skip


def comments_by(member_id: int) -> Rows:
    """A member's comments, each with the titles of what it stands under, and the name of whom it answers.

    The titles are safe for everybody. Nothing of the answered comment's text is included.
    """
    answered, replier, reviewer = aliased(Comment), aliased(Member), aliased(Member)
    return rows_of(
        select(
            Comment.id, Comment.body, Comment.horizon, Comment.created_at, Comment.edited_at,
            Thread.id.label("thread_id"), Thread.title.label("thread"), Book.title.label("book"),
            Review.title.label("review"), reviewer.display_name.label("reviewer"), Ask.question,
            answered.id.label("parent_id"), replier.display_name.label("answers"),
        )
        .join(Thread, Thread.id == Comment.thread_id)
        .outerjoin(Book, Book.id == Thread.book_id)
        .outerjoin(Review, Review.thread_id == Thread.id)
        .outerjoin(reviewer, reviewer.id == Review.member_id)
        .outerjoin(Ask, Ask.thread_id == Thread.id)
        .outerjoin(answered, answered.id == Comment.parent_id)
        .outerjoin(replier, replier.id == answered.member_id)
        .where(Comment.member_id == member_id, Comment.deleted_at.is_(None))
        .order_by(Comment.id)
    )  # fmt: skip


def threads_by(member_id: int) -> Rows:
    """Titled threads that a member opened on books; the opening words are among their comments."""
    return rows_of(
        select(Thread.id, as_typed(Thread.title), Book.title.label("book"), Thread.created_at)
        .outerjoin(Book, Book.id == Thread.book_id)
        .where(Thread.member_id == member_id, Thread.title.is_not(None))
        .where(Thread.of_round.is_(False), Thread.of_meeting.is_(False))
        .order_by(Thread.id)
    )


def asks_by(member_id: int) -> Rows:
    """A member's questions with their scopes."""
    return rows_of(
        select(
            Ask.id, as_typed(Ask.question), Author.name.label("author"), Book.title.label("book"),
            Tag.name.label("theme"), Ask.asked_at,
        )
        .outerjoin(Author, Author.id == Ask.author_id)
        .outerjoin(Book, Book.id == Ask.book_id)
        .outerjoin(Tag, Tag.id == Ask.tag_id)
        .where(Ask.member_id == member_id, Ask.deleted_at.is_(None))
        .order_by(Ask.id)
    )  # fmt: skip


def answers_by(member_id: int) -> Rows:
    """Answers that a member gave."""
    return rows_of(
        select(
            Answer.id, Answer.ask_id, Ask.question, Book.title.label("book"), as_typed(Answer.reason),
            Answer.answered_at, Answer.taken_at,
        )
        .join(Answer.ask)
        .join(Answer.book)
        .where(Answer.member_id == member_id, Answer.deleted_at.is_(None))
        .order_by(Answer.id)
    )  # fmt: skip


def answers_endorsed_by(member_id: int) -> Rows:
    """Answers of others that a member endorsed, each with its book and question."""
    return rows_of(
        select(
            AnswerEndorsement.answer_id, Ask.question, Book.title.label("book"), AnswerEndorsement.endorsed_at
        )
        .join(Answer, Answer.id == AnswerEndorsement.answer_id)
        .join(Ask, Ask.id == Answer.ask_id)
        .join(Book, Book.id == Answer.book_id)
        .where(AnswerEndorsement.member_id == member_id, Answer.deleted_at.is_(None))
        .order_by(AnswerEndorsement.answer_id)
    )


def endorsements_by(member_id: int) -> Rows:
    """Books that a member recommends to readers of another."""
    other = aliased(Book)
    return rows_of(
        select(
            Endorsement.id, Book.title.label("who_loved"), other.title.label("should_read"),
            as_typed(Endorsement.reason), Endorsement.endorsed_at,
        )
        .join(Book, Book.id == Endorsement.book_id)
        .join(other, other.id == Endorsement.other_id)
        .where(Endorsement.member_id == member_id, Endorsement.deleted_at.is_(None))
        .order_by(Endorsement.id)
    )  # fmt: skip


def reactions_by(member_id: int) -> Rows:
    """A member's reactions to comments and reviews."""
    columns = (Reaction.kind, Reaction.comment_id, Reaction.review_id, Reaction.reacted_at)
    return rows_of(select(*columns).where(Reaction.member_id == member_id).order_by(Reaction.id))


def nominations_by(member_id: int) -> Rows:
    """Books that a member nominated, under the label voted on, or the nomination's before the vote."""
    statement = select(Nomination).where(Nomination.member_id == member_id).order_by(Nomination.id)
    loaded = statement.options(joinedload(Nomination.book), joinedload(Nomination.voting_round))
    for each in db.session.execute(loaded).scalars().all():
        yield {
            "id": each.id,
            "round": each.voting_round.title,
            "book": each.title,
            "pitch": typed(each.pitch),
            "nominated_at": each.nominated_at,
            "withdrawn_at": each.withdrawn_at,
        }


def ballots_by(member_id: int) -> Rows:
    """A member's ballots in rounds with open ballots.

    A private ballot is in no file, not even its voter's.
    """
    statement = (
        select(Ballot.ranks, Ballot.receipt, Ballot.cast_at, Round.id, Round.title, Round.method)
        .join(Round, Round.id == Ballot.round_id)
        .where(Ballot.member_id == member_id, Round.secrecy == "open")
        .order_by(Round.id)
    )
    for row in db.session.execute(statement).all():
        # Also withdrawn ones, which a ballot cast before may rank.
        of_round = select(Nomination).where(Nomination.round_id == row.id)
        rows = db.session.execute(of_round.options(joinedload(Nomination.book))).scalars()
        titles = {each.id: each.title for each in rows}
        # JSON has only texts for keys, so the ids of nominations were stored as such.
        ranks = sorted((place, int(nomination)) for nomination, place in row.ranks.items())
        yield {
            "round": row.title,
            "method": row.method,
            "receipt": row.receipt,
            "cast_at": row.cast_at,
            "ballot": [{"book": titles.get(nomination), "place": place} for place, nomination in ranks],
        }


def muted_by(member_id: int) -> list[str]:
    """Titles of the books that a member does not want recommended."""
    statement = select(Book.title).join(Mute, Mute.book_id == Book.id).where(Mute.member_id == member_id)
    return list(db.session.execute(statement.order_by(Book.title_key)).scalars())


BOOKS_AT_ONCE = 200


def library_of(member_id: int) -> Iterator[ShelvedBook]:
    """Books of a member's library in the order in which they were added, including private ones."""
    after = 0
    while chunk := _readings(member_id, after):
        after = chunk[-1][0].id
        ids = [reading.id for reading, _ in chunk]
        times: dict[int, list[Any]] = {reading_id: [] for reading_id in ids}
        for through in db.session.execute(_of_readings(ReadThrough, ids)).scalars():
            times[through.reading_id].append((through.started_on, through.finished_on))
        tags: dict[int, list[str]] = {reading_id: [] for reading_id in ids}
        for tag in db.session.execute(_of_readings(OwnTag, ids)).scalars():
            tags[tag.reading_id].append(tag.name)
        words = _own_texts(member_id, [book.id for _, book in chunk])
        for reading, book in chunk:
            shelved = _shelved(reading, book, times[reading.id], tags[reading.id])
            yield replace(shelved, **words.get(book.id, {}))


def _readings(member_id: int, after: int) -> Sequence[tuple[Reading, Book]]:
    statement = (
        select(Reading, Book)
        .join(Book, Book.id == Reading.book_id)
        .where(Reading.member_id == member_id, Reading.id > after)
        .options(
            selectinload(Book.credits).joinedload(BookAuthor.author),
            selectinload(Book.contributions).joinedload(Contribution.author),
            selectinload(Book.editions),
        )
    )
    return db.session.execute(statement.order_by(Reading.id).limit(BOOKS_AT_ONCE)).all()


def _of_readings(model: type[Any], ids: Sequence[int]) -> Select[Any]:
    return select(model).where(model.reading_id.in_(ids)).order_by(model.id)


def _own_texts(member_id: int, book_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The member's texts about each book: the review, or the draft if there is no review."""
    published = select(Review).where(Review.member_id == member_id, Review.deleted_at.is_(None))
    drafts = select(ReviewDraft).where(ReviewDraft.member_id == member_id)
    words: dict[int, Review | ReviewDraft] = {}
    for draft in db.session.execute(drafts.where(ReviewDraft.book_id.in_(book_ids))).scalars():
        words[draft.book_id] = draft
    for review in db.session.execute(published.where(Review.book_id.in_(book_ids))).scalars():
        # A review replaces the draft.
        words[review.book_id] = review
    return {
        book_id: {
            "review_title": typed(one.title),
            "review_summary": typed(one.summary),
            "review": one.body,
            # A draft has no horizon yet. Its mark says only that it gives something away, so it counts as the
            # end.
            "horizon": one.horizon if isinstance(one, Review) else END if one.has_spoilers else START,
            "has_spoilers": one.has_spoilers,
        }
        for book_id, one in words.items()
    }


def _shelved(reading: Reading, book: Book, earlier: list[Any], tags: list[str]) -> ShelvedBook:
    edition = _edition_of(reading, book.editions)
    # Beside earlier times the last one is written even if its days are unknown, or one of those would be
    # taken for it.
    last = (reading.started_on, reading.finished_on)
    times = (*earlier, last) if earlier or any(last) else ()
    return ShelvedBook(
        title=book.title,
        subtitle=book.subtitle,
        authors=tuple(credit.author.name for credit in book.credits),
        contributors=tuple(one.text for one in book.contributors),
        isbn=edition.isbn or "",
        year=book.first_published,
        pages=edition.pages,
        minutes=edition.minutes,
        format=edition.format or "",
        series=book.series or "",
        series_number=book.series_number,
        status=reading.status or "",
        rating=reading.rating,
        times=times,
        times_read=reading.times_read,
        tags=tuple(tags),
        notes=reading.notes,
        is_private=reading.is_private,
        changed_on=reading.changed_at.date(),
    )


def _edition_of(reading: Reading, editions: Sequence[Edition]) -> Edition:
    """The edition that they read, or else the first that has an ISBN, or the first at all."""
    read = [edition for edition in editions if edition.id == reading.edition_id]
    named = [edition for edition in editions if edition.isbn]
    # An Edition that is not stored has no values, which are left out like unknown ones.
    return next(iter([*read, *named, *editions]), Edition())


# More digits do not fit an id, and PostgreSQL would refuse them.
LONGEST_NUMBER = 9


def page_of(kind: str, key: str) -> str | None:
    """File for an address such as /books/emma, or None if the export has none.

    ``kind`` is the first part of the address, ``key`` the second.
    """
    if kind == "books":
        return _file_for(kind, select(Book.slug).where(Book.slug == key))
    if kind == "authors":
        return _file_for(kind, select(Author.slug).where(Author.slug == key))
    if kind == "members":
        here = select(Member.username).where(Member.removed_at.is_(None))
        # Addresses find members in any spelling of capitals.
        return _file_for(kind, here.where(Member.username_key == key.lower()))
    if not key.isdecimal() or len(key) > LONGEST_NUMBER:
        return None
    number = int(key)
    if kind == "threads":
        return _of_thread(number)
    if kind == "comments":
        thread_id = _scalar(select(Comment.thread_id).where(Comment.id == number))
        page = _of_thread(thread_id) if thread_id else None
        return page and f"{page}#comment-{number}"
    if kind == "reviews":
        return _file_for(kind, _reviews_shown().where(Review.id == number))
    if kind == "asks":
        return _file_for(kind, select(Ask.id).where(Ask.id == number, Ask.deleted_at.is_(None)))
    return _file_for(kind, select(Round.id).where(Round.id == number)) if kind == "rounds" else None


def _of_thread(thread_id: int) -> str | None:
    """Page of a thread. Titled threads have pages of their own; the others stand under a review or an ask."""
    titled = select(Thread.id).where(Thread.id == thread_id, Thread.title.is_not(None))
    return (
        _file_for("threads", titled)
        or _file_for("reviews", _reviews_shown().where(Review.thread_id == thread_id))
        or _file_for("asks", select(Ask.id).where(Ask.thread_id == thread_id, Ask.deleted_at.is_(None)))
    )


def _reviews_shown() -> Any:
    """Statement for the reviews that have a page; a deleted one keeps it for the comments under it."""
    kept = or_(Review.deleted_at.is_(None), Thread.comment_count > 0)
    return select(Review.id).join(Thread, Thread.id == Review.thread_id).where(kept)


def _file_for(folder: str, statement: Any) -> str | None:
    found = _scalar(statement)
    return None if found is None else f"{folder}/{found}.html"


def _scalar(statement: Any) -> Any:
    return db.session.execute(statement).scalar_one_or_none()
