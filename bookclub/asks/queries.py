"""Asks, answers and endorsements, as pages and notices show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from ..books.models import Author, Book, BookAuthor, Tag
from ..books.queries import author_by_slug, authors_by_identity, tags_by_key
from ..extensions import db
from ..lib.matches.author_names import identity_key
from ..lib.positions.visibility import Viewer
from ..lib.text.keys import is_slug, key_of
from ..lib.text.search_words import search_words
from ..members.models import Member
from ..permissions import loads
from ..readings.queries import is_present
from ..threads.queries import IN_FULL
from ..threads.rules import PageOfIds
from .models import Answer, AnswerEndorsement, Ask, Endorsement
from .rules import answer_count_text, endorsers_text

ENDORSEMENTS_PER_PAGE = 10
# Columns of a book that its card shows.
AS_A_CARD: tuple[Any, ...] = (
    Book.slug, Book.title, Book.authors_line, Book.first_published, Book.cover_id,
)  # fmt: skip


@loads(Endorsement)
def endorsement_to_act_on(endorsement_id: int, *, lock: bool) -> Endorsement | None:
    """Load an endorsement with both books and the member who gave it."""
    statement = select(Endorsement).where(Endorsement.id == endorsement_id)
    statement = statement.options(
        joinedload(Endorsement.member),
        joinedload(Endorsement.book).load_only(*AS_A_CARD),
        joinedload(Endorsement.other).load_only(*AS_A_CARD),
    )
    if lock:
        statement = statement.with_for_update(key_share=True, of=Endorsement)
    return db.session.execute(statement).scalar_one_or_none()


def endorsement_by(viewer: Viewer, book_id: int, other_id: int) -> Endorsement | None:
    """The viewer's endorsement of ``other_id`` for members who loved ``book_id``, or None."""
    statement = select(Endorsement).where(
        Endorsement.member_id == viewer.id,
        Endorsement.book_id == book_id,
        Endorsement.other_id == other_id,
        Endorsement.deleted_at.is_(None),
        # After a merger of books two of them may stand, of which one is marked as joined.
        Endorsement.is_joined.is_(False),
    )
    return db.session.execute(statement).scalar_one_or_none()


def endorsements_from(book_id: int, after: int | None = None) -> PageOfIds:
    """A page of endorsements for members who loved a book, newest first, keyed by id.

    Endorsements that a moderator removed keep their place and show the reason.
    """
    return _endorsement_page(_endorsements_from(), book_id, after)


@cache
def _endorsements_from() -> Select[Endorsement]:
    shown = or_(Endorsement.deleted_at.is_(None), Endorsement.removed_by_id.is_not(None))
    return _endorsements(Endorsement.other, Endorsement.book_id, shown)


def endorsements_to(book_id: int, after: int | None = None) -> PageOfIds:
    """A page of endorsements of this book for members who loved another, newest first, keyed by id."""
    return _endorsement_page(_endorsements_to(), book_id, after)


@cache
def _endorsements_to() -> Select[Endorsement]:
    return _endorsements(Endorsement.book, Endorsement.other_id, Endorsement.deleted_at.is_(None))


def _endorsements(named: Any, of_book: Any, shown: ColumnElement[bool]) -> Select[Endorsement]:
    return (
        select(Endorsement)
        .where(of_book == bindparam("book_id"), shown)
        .options(joinedload(Endorsement.member), joinedload(named).load_only(*AS_A_CARD))
        .order_by(Endorsement.id.desc())
        # One row more than is shown tells if there is a next page.
        .limit(ENDORSEMENTS_PER_PAGE + 1)
    )


def _endorsement_page(statement: Select[Endorsement], book_id: int, after: int | None) -> PageOfIds:
    if after is not None:
        statement = statement.where(Endorsement.id < after)
    found = db.session.execute(statement, {"book_id": book_id}).scalars().all()
    page = found[:ENDORSEMENTS_PER_PAGE]
    return PageOfIds(page, page[-1].id if len(found) > len(page) else None)


@dataclass(frozen=True)
class AnswerEntry:
    """An answer on the page of its ask, with its endorsers and the viewer's own endorsement."""

    answer: Answer
    endorsers: Sequence[str]
    is_endorsed: bool

    @property
    def endorsed(self) -> str:
        """Sentence that names its endorsers; "" if there are none."""
        return endorsers_text(self.endorsers)

    @property
    def pages(self) -> int | None:
        """Number of pages of the book's first edition that has one, or None."""
        return next((edition.pages for edition in self.answer.book.editions if edition.pages), None)


@dataclass(frozen=True)
class LatestAnswer:
    """A member's latest standing answer to an ask, for notices."""

    question: str
    book_title: str
    reason: str


@loads(Answer)
def answer_to_act_on(answer_id: int, *, lock: bool) -> Answer | None:
    """Load an answer with its book, author and ask. With ``lock``, the row of the ask is locked first."""
    if lock:
        # The row of the ask is the lock for all its answers, so two changes to one answer never overlap.
        of_answer = select(Answer.ask_id).where(Answer.id == answer_id).scalar_subquery()
        db.session.execute(select(Ask.id).where(Ask.id == of_answer).with_for_update(key_share=True))
    return db.session.execute(_select_answers().where(Answer.id == answer_id)).scalar_one_or_none()


def answers_to(viewer: Viewer, ask_id: int) -> Sequence[AnswerEntry]:
    """Answers to an ask: taken ones first, then the most endorsed, then the oldest.

    Answers that a moderator removed keep their place and show the reason; those deleted by their authors are
    gone.
    """
    answers = db.session.execute(_answers_shown(), {"ask_id": ask_id}).scalars().all()
    entries = _answer_entries(viewer, answers)
    return sorted(
        # The endorsers are counted in Python, so the answers are sorted here.
        entries,
        key=lambda each: (each.answer.taken_at is None, -len(each.endorsers), each.answer.id),
    )


@cache
def _answers_shown() -> Select[Answer]:
    shown = or_(Answer.deleted_at.is_(None), Answer.removed_by_id.is_not(None))
    return _select_answers().where(Answer.ask_id == bindparam("ask_id"), shown)


def answer_entry(viewer: Viewer, answer: Answer) -> AnswerEntry:
    """One answer as the page of its ask shows it."""
    return _answer_entries(viewer, [answer])[0]


def answers_by(member_id: int, ask_id: int) -> dict[int, Answer]:
    """A member's standing answers to an ask, by the ids of their books."""
    statement = select(Answer).where(
        Answer.member_id == member_id, Answer.ask_id == ask_id, Answer.deleted_at.is_(None)
    )
    return {answer.book_id: answer for answer in db.session.execute(statement).scalars()}


def endorsement_of(answer_id: int, member_id: int) -> AnswerEndorsement | None:
    """A member's endorsement of an answer, or None."""
    return db.session.get(AnswerEndorsement, (answer_id, member_id))


def latest_answers(ask_ids: Collection[int]) -> dict[tuple[int | None, int | None], LatestAnswer]:
    """Latest standing answer for each ask and member, by (ask id, member id)."""
    if not ask_ids:
        return {}
    rows = db.session.execute(
        select(Answer.ask_id, Answer.member_id, Ask.question, Book.title, Answer.reason)
        .join(Ask, Ask.id == Answer.ask_id)
        .join(Book, Book.id == Answer.book_id)
        .where(Answer.ask_id.in_(ask_ids), Answer.deleted_at.is_(None))
        .order_by(Answer.id)
    )
    # Rows come in the order of their ids, so that a later answer replaces an earlier one.
    return {(ask_id, member_id): LatestAnswer(*columns) for ask_id, member_id, *columns in rows}


def _select_answers() -> Select[Answer]:
    return (
        select(Answer)
        .join(Answer.ask)
        .options(
            contains_eager(Answer.ask),
            joinedload(Answer.member),
            # A book's length stands in its editions.
            joinedload(Answer.book).load_only(*AS_A_CARD).selectinload(Book.editions),
        )
        .order_by(Answer.id)
    )


def _answer_entries(viewer: Viewer, answers: Sequence[Answer]) -> list[AnswerEntry]:
    names: dict[int, list[str]] = defaultdict(list)
    mine: set[int] = set()
    rows = db.session.execute(_endorsers(), {"answer_ids": [answer.id for answer in answers]})
    for answer_id, member_id, name in rows:
        names[answer_id].append(name)
        if member_id == viewer.id:
            mine.add(answer_id)
    return [AnswerEntry(answer, names[answer.id], answer.id in mine) for answer in answers]


@cache
def _endorsers() -> Select[int, int, str]:
    of_answers = AnswerEndorsement.answer_id.in_(bindparam("answer_ids", expanding=True))
    return (
        select(AnswerEndorsement.answer_id, AnswerEndorsement.member_id, Member.display_name)
        .join(Member, Member.id == AnswerEndorsement.member_id)
        # Members who are suspended or have left do not count, here as everywhere.
        .where(of_answers, is_present(Member.id))
        .order_by(AnswerEndorsement.endorsed_at, AnswerEndorsement.member_id)
    )


ASKS_PER_PAGE = 20
# The page of a book or an author shows so many asks.
ASKS_SHOWN = 5


# Asks with their scope and their asker.
_ASKS = select(Ask).options(
    joinedload(Ask.member),
    joinedload(Ask.author),
    joinedload(Ask.book).load_only(*AS_A_CARD),
    joinedload(Ask.tag),
)
_STANDS_UNDER_ASK = and_(Answer.ask_id == Ask.id, Answer.deleted_at.is_(None))
# A question whose words are gone is worth showing only for the answers that stand.
_IS_LISTED = or_(Ask.deleted_at.is_(None), exists().where(_STANDS_UNDER_ASK))
# Every page of a book or an author asks one of the two below, so they are built once for each process.
_LATEST = _ASKS.where(_IS_LISTED).order_by(Ask.id.desc()).limit(ASKS_SHOWN)
_OF_BOOK: BindParameter[int] = bindparam("book")
_OF_AUTHOR: BindParameter[int] = bindparam("author")
_ABOUT_BOOK = _LATEST.where(
    or_(Ask.book_id == _OF_BOOK, exists().where(_STANDS_UNDER_ASK, Answer.book_id == _OF_BOOK))
)
_ABOUT_AUTHOR = _LATEST.where(
    or_(
        Ask.author_id == _OF_AUTHOR,
        Ask.book_id.in_(select(BookAuthor.book_id).where(BookAuthor.author_id == _OF_AUTHOR)),
    )
)


@dataclass(frozen=True)
class AskEntry:
    """An ask in a list, with its number of standing answers and the titles of those that the asker took."""

    ask: Ask
    answers: int
    taken: Sequence[str]

    @property
    def answered(self) -> str:
        """Number of its answers in words."""
        return answer_count_text(self.answers)


@loads(Ask)
def ask_to_act_on(ask_id: int, *, lock: bool) -> Ask | None:
    """Load an ask with its scope, its asker and its thread."""
    statement = _ASKS.where(Ask.id == ask_id)
    statement = statement.options(joinedload(Ask.thread).options(*IN_FULL))
    if lock:
        # A key-share lock lets others add answers and comments that refer to the ask.
        statement = statement.with_for_update(key_share=True, of=Ask)
    return db.session.execute(statement).scalar_one_or_none()


def ask_id_of(thread_id: int) -> int | None:
    """Id of the ask that a thread belongs to, or None."""
    return db.session.execute(select(Ask.id).where(Ask.thread_id == thread_id)).scalar_one_or_none()


def ask_sent_by(viewer: Viewer, submission: str) -> Ask | None:
    """The ask that the viewer has already made with this form, or None."""
    statement = select(Ask).where(Ask.member_id == viewer.id, Ask.submission == submission)
    return db.session.execute(statement).scalar_one_or_none()


def find_author(text: str) -> Author | None:
    """Find an author by a slug or a name."""
    # Links carry a slug, and people type a name.
    return author_by_slug(text.strip()) or authors_by_identity([text]).get(identity_key(text))


def find_tag(text: str) -> Tag | None:
    """Find a tag by a slug or a name."""
    slug, key = text.strip(), key_of(text)
    found = db.session.execute(select(Tag).where(Tag.slug == slug)) if is_slug(slug) else None
    return (found and found.scalar_one_or_none()) or tags_by_key([key]).get(key)


def asks(q: str = "", after: int | None = None) -> PageOfIds:
    """A page of the asks in which every word of ``q`` occurs, newest first, keyed by id.

    A word may occur in the question, in its scope, and in a book that was proposed.
    """
    statement = _ASKS.where(_IS_LISTED)
    for word in search_words(q):
        proposed = exists().where(
            # Without autoescape, LIKE would take % and _ in a typed word for wildcards.
            _STANDS_UNDER_ASK,
            Book.id == Answer.book_id,
            Book.search_key.contains(word, autoescape=True),
        )
        statement = statement.where(or_(Ask.search_key.contains(word, autoescape=True), proposed))
    if after is not None:
        statement = statement.where(Ask.id < after)
    # One row more than is shown tells if there is a next page.
    found = db.session.execute(statement.order_by(Ask.id.desc()).limit(ASKS_PER_PAGE + 1)).scalars().all()
    page = found[:ASKS_PER_PAGE]
    return PageOfIds(_ask_entries(page), page[-1].id if len(found) > len(page) else None)


def asks_about(*, book_id: int | None = None, author_id: int | None = None) -> Sequence[AskEntry]:
    """Latest asks about a book or answered with it, or about an author or a book of theirs.

    One of ``book_id`` and ``author_id`` is given.
    """
    statement = _ABOUT_AUTHOR if book_id is None else _ABOUT_BOOK
    parameters = {"author": author_id} if book_id is None else {"book": book_id}
    return _ask_entries(db.session.execute(statement, parameters).scalars().all())


def _ask_entries(found: Sequence[Ask]) -> Sequence[AskEntry]:
    ids = [ask.id for ask in found]
    stands = and_(Answer.ask_id.in_(ids), Answer.deleted_at.is_(None))
    counts: dict[int, int] = {}
    taken: dict[int, list[str]] = defaultdict(list)
    if ids:
        # Two statements for the whole page, whatever its number of asks.
        of_asks = select(Answer.ask_id, func.count()).where(stands).group_by(Answer.ask_id)
        counts.update((ask_id, count) for ask_id, count in db.session.execute(of_asks))
        titles = select(Answer.ask_id, Book.title).join(Book, Book.id == Answer.book_id)
        titles = titles.where(stands, Answer.taken_at.is_not(None)).order_by(Answer.taken_at, Answer.id)
        for ask_id, title in db.session.execute(titles):
            taken[ask_id].append(title)
    # The asker may take two answers that propose the same book, which is named once.
    return [AskEntry(ask, counts.get(ask.id, 0), list(dict.fromkeys(taken[ask.id]))) for ask in found]
