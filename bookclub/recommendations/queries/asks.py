"""Asks and their answers: each by itself, in lists, and as notices tell of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import joinedload

from ...books.models import Author, Book, BookAuthor, Tag
from ...books.queries import author_by_slug, authors_by_identity, tags_by_key
from ...books.rules import identity_key, is_slug, key_of, search_words
from ...extensions import db
from ...permissions import loads
from ...threads.queries import IN_FULL
from ...threads.rules import Page
from ..models import Answer, Ask
from ..rules.asking import say_answers
from .endorsements import AS_A_CARD

ASKS_PER_PAGE = 20
# How many asks the page of a book or an author shows.
ASKS_SHOWN = 5


# Asks with what they are about and who asked.
_TOLD = select(Ask).options(
    joinedload(Ask.member),
    joinedload(Ask.author),
    joinedload(Ask.book).load_only(*AS_A_CARD),
    joinedload(Ask.tag),
)
_STANDS_UNDER_ASK = and_(Answer.ask_id == Ask.id, Answer.deleted_at.is_(None))
# A question whose words are gone is worth showing only for the answers that stand.
_IS_LISTED = or_(Ask.deleted_at.is_(None), exists().where(_STANDS_UNDER_ASK))
_LATEST = _TOLD.where(_IS_LISTED).order_by(Ask.id.desc()).limit(ASKS_SHOWN)
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
    """An ask in a list: how many answers stand, and the titles of those that the asker took."""

    ask: Ask
    answers: int
    taken: Sequence[str]

    @property
    def answered(self) -> str:
        """How many answers it has, in words."""
        return say_answers(self.answers)


@loads(Ask)
def ask_to_act_on(ask_id: int, *, lock: bool) -> Ask | None:
    """An ask with what it is about, its asker and its thread."""
    statement = _TOLD.where(Ask.id == ask_id)
    statement = statement.options(joinedload(Ask.thread).options(*IN_FULL))
    if lock:
        statement = statement.with_for_update(key_share=True, of=Ask)
    return db.session.execute(statement).scalar_one_or_none()


def ask_id_of(thread_id: int) -> int | None:
    """The ask under which a thread stands."""
    return db.session.execute(select(Ask.id).where(Ask.thread_id == thread_id)).scalar_one_or_none()


def ask_sent_by(member_id: int, submission: str) -> Ask | None:
    """The ask that this form of this member has already made."""
    statement = select(Ask).where(Ask.member_id == member_id, Ask.submission == submission)
    return db.session.execute(statement).scalar_one_or_none()


def author_meant(text: str) -> Author | None:
    """The author whom a member means by a slug or a name."""
    return author_by_slug(text.strip()) or authors_by_identity([text]).get(identity_key(text))


def tag_meant(text: str) -> Tag | None:
    """The tag that a member means by a slug or a name."""
    slug, key = text.strip(), key_of(text)
    found = db.session.execute(select(Tag).where(Tag.slug == slug)) if is_slug(slug) else None
    return (found and found.scalar_one_or_none()) or tags_by_key([key]).get(key)


def asks(q: str = "", after: int | None = None) -> Page:
    """A page of the asks in which every word of ``q`` occurs, the youngest first, keyed by id.

    A word may occur in the question, in what it is about, and in a book that was proposed.
    """
    statement = _TOLD.where(_IS_LISTED)
    for word in search_words(q):
        proposed = exists().where(
            _STANDS_UNDER_ASK, Book.id == Answer.book_id, Book.search_key.contains(word, autoescape=True)
        )
        statement = statement.where(or_(Ask.search_key.contains(word, autoescape=True), proposed))
    if after is not None:
        statement = statement.where(Ask.id < after)
    found = db.session.execute(statement.order_by(Ask.id.desc()).limit(ASKS_PER_PAGE + 1)).scalars().all()
    page = found[:ASKS_PER_PAGE]
    return Page(_entries(page), page[-1].id if len(found) > len(page) else None)


def asks_about(*, book_id: int | None = None, author_id: int | None = None) -> Sequence[AskEntry]:
    """The latest asks about a book, or to which it is an answer; or about an author or a book of theirs."""
    statement = _ABOUT_AUTHOR if book_id is None else _ABOUT_BOOK
    told = {"author": author_id} if book_id is None else {"book": book_id}
    return _entries(db.session.execute(statement, told).scalars().all())


def _entries(found: Sequence[Ask]) -> Sequence[AskEntry]:
    ids = [ask.id for ask in found]
    stands = and_(Answer.ask_id.in_(ids), Answer.deleted_at.is_(None))
    counts: dict[int, int] = {}
    taken: dict[int, list[str]] = defaultdict(list)
    if ids:
        of_asks = select(Answer.ask_id, func.count()).where(stands).group_by(Answer.ask_id)
        counts.update((ask_id, count) for ask_id, count in db.session.execute(of_asks))
        titles = select(Answer.ask_id, Book.title).join(Book, Book.id == Answer.book_id)
        titles = titles.where(stands, Answer.taken_at.is_not(None)).order_by(Answer.taken_at, Answer.id)
        for ask_id, title in db.session.execute(titles):
            taken[ask_id].append(title)
    return [AskEntry(ask, counts.get(ask.id, 0), list(dict.fromkeys(taken[ask.id]))) for ask in found]
