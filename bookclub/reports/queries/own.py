"""A member's own reports, as pages that show a thread need them."""

from __future__ import annotations

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased

from ...extensions import db
from ...readings.rules import START, in_force
from ...reviews.models import Review
from ...threads.models import Comment, Thread
from ..models import SpoilerReport
from ..rules import OwnReport


def own_reports(member_id: int, thread_id: int) -> dict[tuple[str, int], OwnReport]:
    """A member's reports of posts in a thread, by what each is about: ("comment", 12) or ("review", 3)."""
    other, parent = aliased(SpoilerReport), aliased(Comment)
    same = or_(other.comment_id == SpoilerReport.comment_id, other.review_id == SpoilerReport.review_id)
    holds = or_(other.upheld.is_(None), other.upheld.is_(True))
    lift = select(func.max(other.horizon)).where(same, other.member_id != member_id, holds).scalar_subquery()
    first = select(func.min(Comment.id)).where(Comment.thread_id == thread_id).scalar_subquery()
    opens = or_(Comment.id.is_(None), and_(Thread.title.is_not(None), Comment.id == first))
    rows = db.session.execute(
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
    return {
        _subject(report): OwnReport(report.upheld, report.decided_at, in_force(*horizons))
        for report, *horizons in rows
    }


def _subject(report: SpoilerReport) -> tuple[str, int]:
    if report.comment_id is not None:
        return "comment", report.comment_id
    assert report.review_id is not None
    return "review", report.review_id
