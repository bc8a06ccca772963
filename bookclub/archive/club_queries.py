"""Rows of the club's export: catalogue, members, reviews, talk, asks and rounds, without locked texts.

Every kind of row is one function, listed in KINDS. Its argument says if locked texts are included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import case, exists, func, or_, select
from sqlalchemy.orm import selectinload

from ..asks.models import Answer, AnswerEndorsement, Ask, Endorsement
from ..books.models import Author, Book, BookAuthor, BookTag, Contribution, Edition, Tag
from ..extensions import db
from ..lib.positions.contents import SectionPlace, section_name
from ..lib.positions.places import END, START
from ..members.models import Club, Member
from ..reactions.models import Reaction
from ..readings.models import Reading
from ..reviews.models import Review, ReviewRevision
from ..rounds.models import Ballot, Round, RoundEvent
from ..rounds.queries import whole_rounds
from ..sections.models import Section
from ..threads.models import Comment, Thread
from . import club_meeting_queries, date_poll_queries, passage_queries, picture_queries
from .exported_text_queries import Rows, hide_spoilers, text_of
from .queries import rows_of

# A catalogue may be larger than the memory of a small machine.
BOOKS_AT_ONCE = 200


def books_whole() -> Iterator[Book]:
    """Every book with its authors, tags, editions and adaptations."""
    after = 0
    parts = (
        selectinload(Book.credits).joinedload(BookAuthor.author),
        selectinload(Book.contributions).joinedload(Contribution.author),
        selectinload(Book.taggings).joinedload(BookTag.tag),
        selectinload(Book.editions),
        selectinload(Book.adaptations),
    )
    while True:
        statement = select(Book).where(Book.id > after).order_by(Book.id).limit(BOOKS_AT_ONCE)
        found = db.session.execute(statement.options(*parts)).scalars().all()
        if not found:
            return
        yield from found
        after = found[-1].id


def books(_everything: bool) -> Rows:
    """Rows of the catalogue."""
    for book in books_whole():
        yield {
            "id": book.id,
            "slug": book.slug,
            "title": book.title,
            "subtitle": book.subtitle,
            "authors": [credit.author.name for credit in book.credits],
            "contributors": [{"name": one.name, "role": one.role} for one in book.contributors],
            "first_published": book.first_published,
            "series": book.series,
            "series_number": book.series_number,
            "tags": [tag.name for tag in book.tags],
            "description": book.description,
            "adaptations": [
                {"title": made.title, "year": made.year, "kind": made.kind} for made in book.adaptations
            ],
            # The sum is in half stars.
            "rating": book.rating_sum / book.rating_count / 2 if book.rating_count else None,
            "ratings": book.rating_count,
            "cover_id": book.cover_id,
            "added_at": book.added_at,
            "added_by_id": book.added_by_id,
        }


def authors(_everything: bool) -> Rows:
    """Rows of the authors."""
    yield from rows_of(select(Author.id, Author.slug, Author.name).order_by(Author.id))


def editions(_everything: bool) -> Rows:
    """Rows of the printings and recordings of all books."""
    columns = (Edition.id, Edition.book_id, Edition.isbn, Edition.format, Edition.pages, Edition.minutes)
    yield from rows_of(select(*columns).order_by(Edition.id))


def sections(everything: bool) -> Rows:
    """Rows of all chapters. Titles that are hidden from someone who has read nothing are left out."""
    columns = (Section.id, Section.book_id, Section.place, Section.title, Section.start)
    for row in rows_of(select(*columns).order_by(Section.book_id, Section.place, Section.id)):
        place = SectionPlace(row["id"], 1, row["title"], row["start"])
        # section_name() gives a bare number for a title that is hidden.
        name = section_name(place, END if everything else START)
        yield {**row, "title": row["title"] if name == f"1. {row['title']}" else None}


def rounds(_everything: bool) -> Iterator[Mapping[str, Any]]:
    """Rows of the rounds. Open votes are secret, and private ballots always are."""
    for number in db.session.execute(select(Round.id).order_by(Round.id)).scalars().all():
        one = db.session.execute(whole_rounds().where(Round.id == number)).scalar_one()
        is_over = one.settled_at is not None
        yield {
            "id": one.id,
            "title": one.title,
            "method": one.method,
            "secrecy": one.secrecy,
            "quorum": one.quorum,
            "opened_by_id": one.opened_by_id,
            "opened_at": one.opened_at,
            "thread_id": one.thread_id,
            "nominations_until_at": one.nominations_until_at,
            "voting_until_at": one.voting_until_at,
            "voting_opened_at": one.voting_opened_at,
            "labelled_at": one.labelled_at,
            "settled_at": one.settled_at,
            "outcome": one.outcome,
            "electorate": one.electorate,
            "turnout": one.turnout,
            "lot_hash": one.lot_hash,
            # The lot of a round with too few ballots stays secret, as on its page.
            "lot": one.lot if is_over and not one.withholds else None,
            "nominations": [
                {
                    "id": each.id,
                    "book_id": each.book_id,
                    "as_nominated": each.as_nominated,
                    "as_voted": each.as_voted,
                    "member_id": each.member_id,
                    "pitch": each.pitch,
                    "readers": each.readers,
                    "nominated_at": each.nominated_at,
                    "withdrawn_at": each.withdrawn_at,
                    "carried_from_id": each.carried_from_id,
                }
                for each in one.nominations
            ],
            "tallies": [
                {
                    "counted_at": tally.counted_at,
                    "winner_id": tally.winner_id,
                    "without_id": tally.without_id,
                    "count": tally.count,
                }
                for tally in one.tallies
            ],
            # No ballot leaves before the close, and private ones never do.
            "ballots": list(_ballots(one)) if is_over and not one.is_private else None,
            "events": [
                {"kind": event.kind, "member_id": event.member_id, "happened_at": event.happened_at}
                for event in _events(one.id)
            ],
        }


def _ballots(one: Round) -> Iterator[Mapping[str, Any]]:
    statement = select(Ballot).where(Ballot.round_id == one.id).order_by(Ballot.receipt)
    for ballot in db.session.execute(statement).scalars():
        yield {"receipt": ballot.receipt, "member_id": ballot.member_id, "ranks": ballot.ranks}


def _events(round_id: int) -> Iterator[RoundEvent]:
    statement = select(RoundEvent).where(RoundEvent.round_id == round_id).order_by(RoundEvent.id)
    yield from db.session.execute(statement).scalars()


def club(_everything: bool) -> Rows:
    """Row of the club itself."""
    row = db.session.execute(select(Club)).scalar_one()
    yield {
        "name": row.name,
        "words": row.words,
        "picture_id": row.picture_id,
        "time_zone": row.time_zone,
        "current_book_id": row.current_book_id,
        "current_from": row.current_from,
        "current_until": row.current_until,
    }


def members(_everything: bool) -> Rows:
    """Rows of everybody who is or was a member, by the names that others know."""
    # Of a former member others know no more than that they were here.
    is_here = Member.removed_at.is_(None)
    yield from rows_of(
        select(
            Member.id, case((is_here, Member.username)).label("username"), Member.display_name,
            case((is_here, Member.role)).label("role"), Member.about,
            case((is_here, Member.joined_at)).label("joined_at"), Member.removed_at.label("left_at"),
        ).order_by(Member.id)
    )  # fmt: skip


def readings(_everything: bool) -> Rows:
    """Rows of the public readings."""
    yield from (
        {**row, "rating": row["rating"] / 2 if row["rating"] else None}
        for row in rows_of(
            select(
                Reading.member_id, Reading.book_id, Reading.status, Reading.rating, Reading.position,
                Reading.started_on, Reading.finished_on, Reading.times_read, Reading.planned_month,
                Reading.changed_at,
            )
            .where(Reading.is_private.is_(False))
            .order_by(Reading.id)
        )
    )  # fmt: skip


def reviews(everything: bool) -> Rows:
    """Rows of the reviews; deleted ones keep their place for what was said under them."""
    place = {"author_id": Review.member_id, "book_id": Review.book_id, "thread_id": Review.thread_id}
    yield from hide_spoilers(
        everything,
        select(
            Review.id, Review.book_id, Review.member_id, Review.thread_id, Review.title, Review.summary,
            text_of(everything, Review.body, Review.horizon, place).label("body"), Review.has_spoilers,
            Review.horizon, Review.created_at, Review.edited_at, Review.deleted_at, Review.removal_reason,
        ).order_by(Review.id),
    )  # fmt: skip


def revisions(everything: bool) -> Rows:
    """Rows of earlier versions of reviews, under the greater of their own horizon and the review's."""
    place = {"author_id": Review.member_id, "book_id": Review.book_id, "thread_id": Review.thread_id}
    # The author may have found later how much the review gives away, or have cut that part.
    horizon = case((ReviewRevision.horizon > Review.horizon, ReviewRevision.horizon), else_=Review.horizon)
    yield from hide_spoilers(
        everything,
        select(
            ReviewRevision.id, ReviewRevision.review_id, ReviewRevision.title, ReviewRevision.summary,
            text_of(everything, ReviewRevision.body, horizon, place).label("body"),
            ReviewRevision.has_spoilers, horizon.label("horizon"), ReviewRevision.replaced_at,
        )
        .join(ReviewRevision.review)
        .order_by(ReviewRevision.id),
    )  # fmt: skip


def threads(_everything: bool) -> Rows:
    """Rows of the threads: titled ones, and those under reviews, asks and rounds."""
    yield from rows_of(
        select(
            Thread.id, Thread.book_id, Thread.member_id, Thread.title, Thread.floor, Thread.created_at,
            Thread.locked_at, Thread.lock_reason,
        ).order_by(Thread.id)
    )  # fmt: skip


def comments(everything: bool) -> Rows:
    """Rows of the comments in all threads, in the order in which they were written."""
    place = {"author_id": Comment.member_id, "book_id": Thread.book_id, "thread_id": Comment.thread_id}
    yield from hide_spoilers(
        everything,
        select(
            Comment.id, Comment.thread_id, Comment.parent_id, Comment.member_id,
            text_of(everything, Comment.body, Comment.horizon, place).label("body"), Comment.has_spoilers,
            Comment.horizon, Comment.created_at, Comment.edited_at, Comment.deleted_at,
            Comment.removal_reason, Comment.open_question_at,
        )
        .join(Thread, Thread.id == Comment.thread_id)
        .order_by(Comment.id),
    )  # fmt: skip


def asks(_everything: bool) -> Rows:
    """Rows of the questions, which are safe for everybody."""
    yield from rows_of(
        select(
            Ask.id, Ask.member_id, Ask.question, Ask.author_id, Ask.book_id, Tag.name.label("theme"),
            Ask.thread_id, Ask.asked_at, Ask.deleted_at, Ask.removal_reason,
        )
        .outerjoin(Tag, Tag.id == Ask.tag_id)
        .order_by(Ask.id)
    )  # fmt: skip


def answers(_everything: bool) -> Rows:
    """Rows of the answers."""
    yield from rows_of(
        select(
            Answer.id, Answer.ask_id, Answer.book_id, Answer.member_id, Answer.named_as, Answer.reason,
            Answer.answered_at, Answer.taken_at, Answer.deleted_at, Answer.removal_reason,
        ).order_by(Answer.id)
    )  # fmt: skip


def answer_endorsements(_everything: bool) -> Rows:
    """Rows of the endorsements of answers."""
    one = AnswerEndorsement
    yield from rows_of(
        select(one.answer_id, one.member_id, one.endorsed_at).order_by(one.answer_id, one.member_id)
    )


def endorsements(_everything: bool) -> Rows:
    """Rows of members' recommendations to readers of another book."""
    yield from rows_of(
        select(
            Endorsement.id, Endorsement.member_id, Endorsement.book_id, Endorsement.other_id,
            Endorsement.book_named_as, Endorsement.other_named_as, Endorsement.reason,
            Endorsement.endorsed_at, Endorsement.deleted_at, Endorsement.removal_reason,
        ).order_by(Endorsement.id)
    )  # fmt: skip


def reactions(_everything: bool) -> Rows:
    """Rows of the reactions, without those that would tell of a private reading."""
    is_private = exists().where(
        Reading.member_id == Reaction.member_id,
        Reading.is_private.is_(True),
        Reading.book_id == func.coalesce(Thread.book_id, Review.book_id),
    )
    is_safe = func.coalesce(Comment.horizon, Review.horizon) <= START
    yield from rows_of(
        select(
            Reaction.member_id, Reaction.comment_id, Reaction.review_id, Reaction.kind, Reaction.reacted_at
        )
        .outerjoin(Comment, Comment.id == Reaction.comment_id)
        .outerjoin(Thread, Thread.id == Comment.thread_id)
        .outerjoin(Review, Review.id == Reaction.review_id)
        .where(or_(is_safe, ~is_private))
        .order_by(Reaction.id)
    )  # fmt: skip


def pictures(everything: bool) -> Rows:
    """Rows of the covers, of the club's picture, and of those that texts name as they are exported."""
    yield from picture_queries.covers_and_emblem()
    of_comments = picture_queries.numbers_named(comments(everything))
    of_reviews = picture_queries.numbers_named(reviews(everything))
    for id, numbers in picture_queries.numbers_named(revisions(everything), "review_id").items():
        of_reviews.setdefault(id, set()).update(numbers)
    yield from picture_queries.pictures_of(of_comments, "comment_id")
    yield from picture_queries.pictures_of(of_reviews, "review_id")


KINDS: Mapping[str, Callable[[bool], Rows]] = {
    "club": club,
    "members": members,
    "authors": authors,
    "books": books,
    "editions": editions,
    "sections": sections,
    "readings": readings,
    "reviews": reviews,
    "revisions": revisions,
    "threads": threads,
    "comments": comments,
    "pictures": pictures,
    "reactions": reactions,
    "passages": passage_queries.passages,
    "asks": asks,
    "answers": answers,
    "answer_endorsements": answer_endorsements,
    "endorsements": endorsements,
    "rounds": rounds,
    "meetings": club_meeting_queries.meetings,
    "rsvps": club_meeting_queries.rsvps,
    "attendances": club_meeting_queries.attendances,
    "recaps": club_meeting_queries.recaps,
    "date_polls": date_poll_queries.date_polls,
    "availabilities": date_poll_queries.availabilities,
    "questions": club_meeting_queries.questions,
    "question_supports": club_meeting_queries.question_supports,
    "meeting_series": club_meeting_queries.meeting_series,
}
