"""Hits of a search: the statement that searches is also the one that decides what its reader may see.

The index says where words stand. Who may read them is decided on the living rows, in the same statement, by
the predicate that decides everywhere else. Of the ways in which a row is indexed only the one counts in which
this reader sees it, so a word that somebody may not read neither finds a row nor keeps one out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    TableClause,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    literal,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from ..asks.models import Ask
from ..books.models import Author, Book
from ..extensions import UTCDateTime, db
from ..lib.positions.visibility import Viewer
from ..lib.text.index_expressions import fts5_expression, tsquery
from ..lib.text.markdown import RENDERER_VERSION
from ..lib.text.search_query import SearchQuery
from ..meetings.models import Meeting, MeetingBook
from ..members.models import IS_ABSENT, Member
from ..passages.models import Passage
from ..questions.models import Question
from ..readings.visibility_queries import anyone_like, asked_by, spoilers_visible_to, visible_to
from ..reviews.models import Review
from ..rounds.models import Nomination, Round
from ..searchable import KINDS
from ..threads.models import Comment, Thread
from .models import COMMENT_INDEX, INDEX, KIND, ROW, View, index_of, row_id_of, view_in
from .rules import FOR_VISITORS, HitPlace, Narrowing

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class SearchHit:
    """A row that a reader finds, and the way in which they see it."""

    row_id: int
    in_title: bool
    view: View

    @property
    def place(self) -> HitPlace:
        return HitPlace(self.in_title, self.row_id)


@dataclass(frozen=True)
class Target:
    """Rows of one kind, as a search reaches them from the index.

    ``shown`` is the condition that a reader sees a row, and in the View of this row of the index. ``book``,
    ``member`` and ``at`` are what a search can be narrowed by, None where that would make no sense.
    ``thread`` joins the rows with their Thread.
    """

    model: Any
    shown: Callable[[Viewer], Condition] = lambda _viewer: true()
    book: Callable[[Any], Condition] | None = None
    member: Any = None
    at: Any = None
    has_titles: bool = True
    thread: Condition | None = None

    def can_narrow(self, by: Narrowing) -> bool:
        """Return whether the rows have all that a search is narrowed by."""
        asked = (by.book_id, self.book), (by.member_id, self.member), (by.since, self.at)
        return all(value is None or column is not None for value, column in asked)


def find(
    viewer: Viewer, kind: str, query: SearchQuery, by: Narrowing, *, limit: int, after: HitPlace | None = None
) -> list[SearchHit]:
    """Return the hits of one kind that this reader may see, after a place."""
    target = TARGETS[kind]
    if not target.can_narrow(by) or not (viewer.is_member or kind in FOR_VISITORS):
        return []
    dialect = db.session.connection().dialect.name
    express = fts5_expression if dialect == "sqlite" else tsquery
    first = KINDS[kind].number * KIND
    # Behind a place in the titles come all texts, and behind one in the texts no titles.
    titles_end = KIND if after is None else after.row_id * ROW if after.in_title else 0
    texts_end = KIND if after is None or after.in_title else after.row_id * ROW
    narrowed = {name: value for name, value in vars(by).items() if value is not None}
    sent = {
        "titled": express(query, in_title=True),
        "worded": express(query, in_title=False if target.has_titles else None),
        "first": first,
        "titles_end": first + titles_end,
        "texts_end": first + texts_end,
        "most": limit,
        **narrowed,
        **asked_by(viewer),
    }
    rows = db.session.execute(_statement(kind, anyone_like(viewer), dialect, frozenset(narrowed)), sent)
    return [SearchHit(row.row_id, bool(row.in_title), View(row.view)) for row in rows]


def kinds_with_words(kinds: Sequence[str], query: SearchQuery) -> list[str]:
    """Return those of these kinds in which something has the words, whoever may see it.

    Most words stand in few kinds, and one statement for all of them spares the others their own. Comments
    have an index to themselves and are always among them.
    """
    dialect = db.session.connection().dialect.name
    express = fts5_expression if dialect == "sqlite" else tsquery
    row = db.session.execute(_kinds_statement(dialect), {"worded": express(query, in_title=None)}).one()
    return [kind for kind in kinds if kind not in row._mapping or row._mapping[kind]]


@cache
def _kinds_statement(dialect: str) -> Select[Any]:
    worded = bindparam("worded", type_=Text)
    found: list[ColumnElement[Any]] = [
        exists()
        .where(
            _matches(dialect, INDEX, worded),
            INDEX.c.rowid >= literal(kind.number * KIND, BigInteger),
            INDEX.c.rowid < literal((kind.number + 1) * KIND, BigInteger),
        )
        .label(name)
        for name, kind in KINDS.items()
        if index_of(kind) is INDEX
    ]
    return select(*found)


@cache
def _statement(kind: str, viewer: Viewer, dialect: str, narrowed: frozenset[str]) -> Select[Any]:
    """Build the statement that finds rows of a kind, once for all readers and queries."""
    target, parts = TARGETS[kind], []
    index, row_id = index_of(KINDS[kind]), row_id_of(KINDS[kind])
    for in_title in (True, False) if target.has_titles else (False,):
        expression = bindparam("titled" if in_title else "worded", type_=Text)
        end = bindparam("titles_end" if in_title else "texts_end", type_=BigInteger)
        row = row_id.label("row_id"), literal(int(in_title)).label("in_title"), view_in(index).label("view")
        part = (
            select(*row)
            .select_from(index)
            .join(target.model, target.model.id == row_id)
            .where(
                _matches(dialect, index, expression),
                index.c.rowid >= bindparam("first", type_=BigInteger),
                index.c.rowid < end,
                target.shown(viewer),
                *_narrowed(target, narrowed),
            )
            # The rows of a kind stand in the order of their ids, so a look at the latest ones is enough.
            .order_by(index.c.rowid.desc())
            .limit(bindparam("most", type_=Integer))
        )
        rows = (part if target.thread is None else part.join(Thread, target.thread)).subquery()
        parts.append(select(rows.c.row_id, rows.c.in_title, rows.c.view))
    found = union_all(*parts).subquery()
    order = found.c.in_title.desc(), found.c.row_id.desc()
    return select(found).order_by(*order).limit(bindparam("most", type_=Integer))


def _matches(dialect: str, index: TableClause, expression: ColumnElement[str]) -> Condition:
    if dialect == "sqlite":
        # FTS5 calls the whole row by the name of its table.
        matches: Condition = literal_column(index.name).op("MATCH", is_comparison=True)(expression)
    else:
        matches = index.c.places.op("@@", is_comparison=True)(cast(expression, TSQUERY))
    return matches


def _narrowed(target: Target, by: frozenset[str]) -> Iterator[Condition]:
    if "book_id" in by and target.book is not None:
        yield target.book(bindparam("book_id", type_=Integer))
    if "member_id" in by:
        yield target.member == bindparam("member_id", type_=Integer)
    if "since" in by:
        yield target.at >= bindparam("since", type_=UTCDateTime)


def _is_view(
    viewer: Viewer, model: Any, book_id: Any, thread_id: Any, *, is_public: bool = False
) -> Condition:
    """Return the condition that a row of the index is the View in which a reader sees a post.

    ``is_public`` says that those from whom it is locked still read its public words.
    """
    place = {"author_id": model.member_id, "book_id": book_id, "thread_id": thread_id}
    view = view_in(COMMENT_INDEX if model is Comment else INDEX)
    visible = visible_to(viewer, horizon=model.horizon, **place)
    # The bars of a text that another renderer made are not known, so they count as closed.
    has_bars = or_(model.has_spoilers, model.renderer_version != RENDERER_VERSION)
    in_full = or_(~has_bars, spoilers_visible_to(viewer, **place))
    # A locked row, of which there may be many, is turned away by the first condition.
    shown = and_(visible, view == case((in_full, int(View.FULL)), else_=int(View.CLOSED)))
    # What one may see is never in its public view, so that each row counts once.
    return case((view == int(View.PUBLIC), ~visible), else_=shown) if is_public else shown


def _thread_shown(viewer: Viewer) -> Condition:
    """Return the condition that a titled thread stands in a list."""
    # Those of rounds and meetings do as soon as somebody has written in them.
    is_own = and_(Thread.of_round.is_(False), Thread.of_meeting.is_(False))
    listed = and_(Thread.became_id.is_(None), or_(is_own, Thread.comment_count > 0))
    return and_(listed, _open_thread(viewer))


def _open_thread(viewer: Viewer) -> Condition:
    closed = or_(Thread.of_ask, Thread.of_round, Thread.of_meeting)
    return true() if viewer.is_member else ~closed


TARGETS = {
    "book": Target(Book, book=lambda book_id: Book.id == book_id, at=Book.added_at),
    "author": Target(Author),
    "member": Target(Member, shown=lambda _viewer: ~IS_ABSENT, at=Member.joined_at),
    "thread": Target(
        Thread,
        shown=_thread_shown,
        book=lambda book_id: Thread.book_id == book_id,
        member=Thread.member_id,
        at=Thread.created_at,
    ),
    "comment": Target(
        Comment,
        shown=lambda viewer: and_(
            Comment.deleted_at.is_(None),
            _open_thread(viewer),
            _is_view(viewer, Comment, Thread.book_id, Comment.thread_id),
        ),
        book=lambda book_id: Thread.book_id == book_id,
        member=Comment.member_id,
        at=Comment.created_at,
        has_titles=False,
        thread=Thread.id == Comment.thread_id,
    ),
    "review": Target(
        Review,
        shown=lambda viewer: and_(
            Review.deleted_at.is_(None),
            _is_view(viewer, Review, Review.book_id, Review.thread_id, is_public=True),
        ),
        book=lambda book_id: Review.book_id == book_id,
        member=Review.member_id,
        at=Review.created_at,
    ),
    "passage": Target(
        Passage,
        shown=lambda viewer: and_(
            Passage.deleted_at.is_(None),
            _is_view(viewer, Passage, Passage.book_id, Passage.thread_id),
        ),
        book=lambda book_id: Passage.book_id == book_id,
        member=Passage.member_id,
        at=Passage.created_at,
        has_titles=False,
    ),
    "meeting": Target(
        Meeting,
        book=lambda book_id: exists().where(
            MeetingBook.meeting_id == Meeting.id, MeetingBook.book_id == book_id
        ),
        member=Meeting.host_id,
        at=Meeting.starts_at,
    ),
    "question": Target(
        Question,
        shown=lambda viewer: and_(
            Question.deleted_at.is_(None),
            Question.comment_id.is_(None),
            Question.passage_id.is_(None),
            # It stands in no thread that somebody could have revealed. NULL would find wishes about books.
            _is_view(viewer, Question, Question.book_id, literal(0)),
        ),
        book=lambda book_id: Question.book_id == book_id,
        member=Question.member_id,
        at=Question.created_at,
        has_titles=False,
    ),
    "round": Target(
        Round,
        book=lambda book_id: exists().where(Nomination.round_id == Round.id, Nomination.book_id == book_id),
        member=Round.opened_by_id,
        at=Round.opened_at,
    ),
    "ask": Target(
        Ask,
        shown=lambda _viewer: Ask.deleted_at.is_(None),
        book=lambda book_id: Ask.book_id == book_id,
        member=Ask.member_id,
        at=Ask.asked_at,
    ),
}
