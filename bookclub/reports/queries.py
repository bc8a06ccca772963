"""Queries on spoiler reports, and on a post's facts before a report."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, func, null, or_, select
from sqlalchemy.orm import aliased, joinedload

from ..books.models import Book
from ..extensions import db, shared_alias
from ..lib.positions.contents import Contents, SectionPlace
from ..lib.positions.places import START
from ..lib.positions.visibility import Viewer, effective_horizon
from ..members.models import Member
from ..permissions import loads
from ..readings.models import Reading
from ..readings.queries import contents_of, known_mark
from ..readings.visibility_queries import anyone_like, asked_by, text_for, visible_to
from ..reviews.models import Review
from ..sections.models import Section
from ..threads.models import Comment, Thread
from ..threads.queries import lock_threads
from ..threads.rules import PageOfIds
from . import rules
from .models import SpoilerReport
from .rules import OwnReport, SpoilerReportRow

REPORTS_PER_PAGE = 50

# Up to three members have a part in one report, so each part has an alias.
AUTHOR = shared_alias(Member, "author")
REPORTER = shared_alias(Member, "reporter")
DECIDER = shared_alias(Member, "decider")
HERE = shared_alias(Reading, "reading_here")


@dataclass(frozen=True)
class ReportFacts:
    """The facts about a post and a member who wants to report it.

    ``before`` is what the post gives away without their own report, ``mine`` that report, and ``mark`` the
    member's mark. ``refusal`` says in words why they cannot report it; None if they can.
    """

    contents: Contents
    mark: int | None
    mine: SpoilerReport | None
    before: int
    refusal: str | None


@loads(SpoilerReport)
def report_to_act_on(report_id: int, *, lock: bool) -> SpoilerReport | None:
    """Return a report with its post, whose thread is locked first so that two writers never deadlock."""
    if lock:
        of_report = (
            # A report is about one of the two, so the other is NULL.
            select(func.coalesce(Comment.thread_id, Review.thread_id))
            .select_from(SpoilerReport)
            .outerjoin(Comment, Comment.id == SpoilerReport.comment_id)
            .outerjoin(Review, Review.id == SpoilerReport.review_id)
            .where(SpoilerReport.id == report_id)
            .scalar_subquery()
        )
        db.session.execute(select(Thread.id).where(Thread.id == of_report).with_for_update(key_share=True))
    return db.session.execute(_WITH_POST.where(SpoilerReport.id == report_id)).scalar_one_or_none()


_WITH_POST = select(SpoilerReport).options(
    joinedload(SpoilerReport.comment).options(
        joinedload(Comment.thread).joinedload(Thread.book), joinedload(Comment.member)
    ),
    joinedload(SpoilerReport.review).options(
        joinedload(Review.thread).joinedload(Thread.book), joinedload(Review.member)
    ),
    joinedload(SpoilerReport.decided_by),
)


def reports_by_section(book_id: int) -> Sequence[SpoilerReport]:
    """Return a book's reports that name a section, with their posts, whose threads are locked."""
    on_comment = SpoilerReport.comment.has(Comment.thread.has(Thread.book_id == book_id))
    about = or_(on_comment, SpoilerReport.review.has(Review.book_id == book_id))
    statement = _WITH_POST.where(about, SpoilerReport.horizon_choice.startswith("section-"))
    found = db.session.execute(statement.order_by(SpoilerReport.id)).scalars().all()
    lock_threads({report.post.thread_id for report in found})
    return found


def reports_on(post: Comment | Review) -> Sequence[SpoilerReport]:
    """Return every report on a post, the oldest first."""
    statement = select(SpoilerReport).where(_about(post)).order_by(SpoilerReport.id)
    return db.session.execute(statement).scalars().all()


def report_facts(viewer: Viewer, post: Comment | Review) -> ReportFacts:
    """Return the facts about a post and the viewer, who wants to report it."""
    thread, reports = post.thread, reports_on(post)
    mine = next((report for report in reports if report.member_id == viewer.id), None)
    # Without their own report, or a member who corrects theirs could only move the post further on.
    others = rules.lift(report for report in reports if report is not mine)
    if isinstance(post, Review):
        before = max(post.own_horizon, others)
    else:
        # The floor includes what was reported of the opening comment, and must not count against a report of
        # it.
        floor = START if _opens(post, thread) else thread.floor
        before = effective_horizon(post.own_horizon, _horizon_of(post.parent_id), floor, others)
    refusal = rules.refusal(
        has_book=thread.book_id is not None,
        before=before,
        readable=_sees(viewer, post),
        mine=mine,
        edited_at=post.edited_at,
    )
    mark = known_mark(viewer, thread.book_id)
    return ReportFacts(contents_of(thread.book_id), mark, mine, before, refusal)


def report_row(viewer: Viewer, report_id: int) -> SpoilerReportRow | None:
    """Return one report as this reader sees it, or None."""
    statement = _rows(viewer).where(SpoilerReport.id == report_id)
    row = db.session.execute(statement, asked_by(viewer)).mappings().one_or_none()
    return SpoilerReportRow(**row) if row else None


def open_reports(viewer: Viewer) -> Sequence[SpoilerReportRow]:
    """Return the reports without a decision, the oldest first."""
    statement = _rows(viewer).where(SpoilerReport.upheld.is_(None)).order_by(SpoilerReport.id)
    # There is no second page: the oldest come first, and the rest move up as these are decided.
    rows = db.session.execute(statement.limit(REPORTS_PER_PAGE), asked_by(viewer)).mappings()
    return [SpoilerReportRow(**row) for row in rows]


def decided_reports(viewer: Viewer, after: int | None = None) -> PageOfIds:
    """Return the reports with a decision, the newest report first, keyed by id."""
    statement = _rows(viewer).where(SpoilerReport.upheld.is_not(None)).order_by(SpoilerReport.id.desc())
    if after is not None:
        statement = statement.where(SpoilerReport.id < after)
    found = db.session.execute(statement.limit(REPORTS_PER_PAGE + 1), asked_by(viewer)).mappings()
    rows = [SpoilerReportRow(**row) for row in found]
    page = rows[:REPORTS_PER_PAGE]
    return PageOfIds(page, page[-1].id if len(rows) > len(page) else None)


def reports_about(
    viewer: Viewer, comment_ids: Collection[int], review_ids: Collection[int]
) -> Sequence[SpoilerReportRow]:
    """Return the reports on any of these comments and reviews, the latest decision first."""
    if not comment_ids and not review_ids:
        return []
    sent = {"comment_ids": list(comment_ids), "review_ids": list(review_ids), **asked_by(viewer)}
    rows = db.session.execute(_rows_about(anyone_like(viewer)), sent).mappings()
    return [SpoilerReportRow(**row) for row in rows]


@cache
def _rows_about(viewer: Viewer) -> Select[Any]:
    about = or_(
        SpoilerReport.comment_id.in_(bindparam("comment_ids", expanding=True)),
        SpoilerReport.review_id.in_(bindparam("review_ids", expanding=True)),
    )
    # Without nulls_last() open reports would come first on PostgreSQL and last on SQLite.
    last = SpoilerReport.decided_at.desc().nulls_last()
    return _rows(viewer).where(about).order_by(last, SpoilerReport.id.desc())


def count_open() -> int:
    """Count the reports that wait for a decision."""
    statement = select(func.count()).select_from(SpoilerReport).where(SpoilerReport.upheld.is_(None))
    return db.session.execute(statement).scalar_one()


def contents_of_books(book_ids: Collection[int | None]) -> dict[int | None, Contents]:
    """Return the sections of each of these books, in their order, from one query."""
    found: dict[int | None, list[SectionPlace]] = {book_id: [] for book_id in book_ids}
    sent = {"book_ids": [book_id for book_id in found if book_id is not None]}
    for row in db.session.execute(_sections(), sent):
        sections = found[row.book_id]
        sections.append(SectionPlace(row.id, len(sections) + 1, row.title, row.start))
    return {book_id: Contents(tuple(sections)) for book_id, sections in found.items()}


@cache
def _sections() -> Select[int, int, str, int | None]:
    return (
        select(Section.book_id, Section.id, Section.title, Section.start)
        .where(Section.book_id.in_(bindparam("book_ids", expanding=True)))
        .order_by(Section.book_id, Section.place, Section.id)
    )


def _about(post: Comment | Review) -> ColumnElement[bool]:
    if isinstance(post, Review):
        return SpoilerReport.review_id == post.id
    return SpoilerReport.comment_id == post.id


def _opens(comment: Comment, thread: Thread) -> bool:
    """Return whether a comment opens a titled thread, so that the thread's floor follows it."""
    if not thread.follows_opening:
        return False
    first = select(func.min(Comment.id)).where(Comment.thread_id == thread.id)
    return db.session.execute(first).scalar_one() == comment.id


def _horizon_of(comment_id: int | None) -> int | None:
    if comment_id is None:
        return None
    return db.session.execute(select(Comment.horizon).where(Comment.id == comment_id)).scalar_one()


def _sees(viewer: Viewer, post: Comment | Review) -> bool:
    model = Review if isinstance(post, Review) else Comment
    # This asks the database, so that a report goes by the same condition as the page that it is made on.
    seen = visible_to(
        viewer,
        horizon=model.horizon,
        author_id=model.member_id,
        book_id=Thread.book_id,
        thread_id=Thread.id,
    )
    statement = select(seen).join(Thread, Thread.id == model.thread_id).where(model.id == post.id)
    return bool(db.session.execute(statement.select_from(model)).scalar_one())


def _rows(viewer: Viewer) -> Select[Any]:
    """Select the columns of a SpoilerReportRow; locked text is not among them. Sent with ``asked_by()``."""
    return _any_rows(anyone_like(viewer))


@cache
def _any_rows(viewer: Viewer) -> Select[Any]:
    place: dict[str, Any] = {
        "author_id": func.coalesce(Comment.member_id, Review.member_id),
        "book_id": Thread.book_id,
        "thread_id": Thread.id,
    }
    horizon = func.coalesce(Comment.horizon, Review.horizon)
    gone = func.coalesce(Comment.deleted_at, Review.deleted_at)
    text = text_for(viewer, full=Comment.body_html, safe=Comment.safe_html, horizon=horizon, **place)
    # The mark is 0 both for a member who is at the start and for one who has never said where they are. The
    # page has another sentence for each.
    never_said = or_(HERE.id.is_(None), and_(HERE.position.is_(None), HERE.mark == START))
    return (
        select(
            SpoilerReport.id,
            SpoilerReport.comment_id,
            SpoilerReport.review_id,
            Thread.id.label("thread_id"),
            Thread.book_id,
            Book.slug.label("book_slug"),
            Book.title.label("book_title"),
            func.coalesce(Thread.title, Review.title).label("title"),
            place["author_id"].label("author_id"),
            AUTHOR.display_name.label("author"),
            SpoilerReport.member_id,
            REPORTER.display_name.label("reporter"),
            SpoilerReport.horizon,
            SpoilerReport.horizon_before,
            horizon.label("horizon_now"),
            SpoilerReport.reported_at,
            SpoilerReport.decided_at,
            SpoilerReport.decided_by_id,
            DECIDER.display_name.label("decided_by"),
            SpoilerReport.upheld,
            gone.label("deleted_at"),
            visible_to(viewer, horizon=horizon, **place).label("readable"),
            case((gone.is_not(None), null()), else_=text).label("html"),
            case((never_said, null()), else_=HERE.mark).label("mark"),
        )
        .select_from(SpoilerReport)
        # Each report has either a comment or a review, so both are joined from outside.
        .outerjoin(Comment, Comment.id == SpoilerReport.comment_id)
        .outerjoin(Review, Review.id == SpoilerReport.review_id)
        .join(Thread, Thread.id == func.coalesce(Comment.thread_id, Review.thread_id))
        .outerjoin(Book, Book.id == Thread.book_id)
        .join(AUTHOR, AUTHOR.id == place["author_id"])
        .join(REPORTER, REPORTER.id == SpoilerReport.member_id)
        .outerjoin(DECIDER, DECIDER.id == SpoilerReport.decided_by_id)
        .outerjoin(HERE, and_(HERE.member_id == viewer.id, HERE.book_id == Thread.book_id))
    )


def own_reports(viewer: Viewer, thread_id: int) -> dict[tuple[str, int], OwnReport]:
    """Return the viewer's reports in a thread by their subject: ("comment", 12) or ("review", 3)."""
    rows = db.session.execute(_own_reports(), {"member_id": viewer.id, "thread_id": thread_id})
    return {
        _subject(report): OwnReport(report.upheld, report.decided_at, effective_horizon(*horizons))
        for report, *horizons in rows
    }


@cache
def _own_reports() -> Select[Any]:
    # One statement for a whole thread, since a page asks for each of its comments.
    member_id, thread_id = bindparam("member_id", type_=Integer), bindparam("thread_id", type_=Integer)
    other, parent = aliased(SpoilerReport), aliased(Comment)
    # NULL equals nothing, so a report of a comment never matches one of a review.
    same = or_(other.comment_id == SpoilerReport.comment_id, other.review_id == SpoilerReport.review_id)
    # The same condition as SpoilerReport.holds.
    holds = or_(other.upheld.is_(None), other.upheld.is_(True))
    lift = select(func.max(other.horizon)).where(same, other.member_id != member_id, holds).scalar_subquery()
    first = select(func.min(Comment.id)).where(Comment.thread_id == thread_id).scalar_subquery()
    # A review has no floor above it, as it sets the floor of its own thread.
    opens = or_(
        Comment.id.is_(None),
        and_(
            Thread.title.is_not(None),
            Thread.of_meeting.is_(False),
            Thread.of_passage.is_(False),
            Comment.id == first,
        ),
    )
    return (
        select(
            SpoilerReport,
            func.coalesce(Comment.own_horizon, Review.own_horizon),
            parent.horizon,
            case((opens, START), else_=Thread.floor),
            func.coalesce(lift, START),
        )
        .outerjoin(Comment, Comment.id == SpoilerReport.comment_id)
        .outerjoin(parent, parent.id == Comment.parent_id)
        .outerjoin(Review, Review.id == SpoilerReport.review_id)
        .join(Thread, Thread.id == func.coalesce(Comment.thread_id, Review.thread_id))
        .where(SpoilerReport.member_id == member_id, Thread.id == thread_id)
    )


def _subject(report: SpoilerReport) -> tuple[str, int]:
    if report.comment_id is not None:
        return "comment", report.comment_id
    assert report.review_id is not None
    return "review", report.review_id
