"""To report that a post gives away more than it says, and to decide on such a report."""

from __future__ import annotations

from datetime import datetime

from ..books.events import on_positions_changed
from ..extensions import db
from ..lib.positions.contents import section_of
from ..lib.positions.measures import Measures
from ..notices.actions import notify
from ..readings.queries import contents_of
from ..reviews import actions as reviews
from ..reviews.models import Review
from ..threads.actions import recompute
from ..threads.models import Comment
from . import queries, rules
from .models import SpoilerReport
from .queries import Standing


def report(
    post: Comment | Review, member_id: int, standing: Standing, choice: str, horizon: int, now: datetime
) -> None:
    """Lift the horizon of a post, whose thread's row is held, to the place that a member proposes.

    It stays so until that is decided. Who reports it once more changes their report; saying the same
    again changes nothing.
    """
    mine = standing.mine
    if mine is not None and mine.upheld is None and mine.horizon == horizon:
        return
    if mine is None:
        mine = SpoilerReport(member_id=member_id, **_subject(post))
        db.session.add(mine)
    mine.horizon, mine.horizon_choice, mine.horizon_before = horizon, choice, standing.before
    mine.reported_at, mine.decided_at, mine.decided_by_id, mine.upheld = now, None, None, None
    db.session.flush()
    lift(post)
    notify(post.member_id, "spoiler_report", member_id, now, **_subject(post))


def decide(report: SpoilerReport, member_id: int, now: datetime, *, upheld: bool) -> None:
    """Let a report stand for good, or not at all; whom that concerns hears of it."""
    report.upheld, report.decided_by_id, report.decided_at = upheld, member_id, now
    db.session.flush()
    lift(report.post)
    for concerned in (report.member_id, report.author_id):
        notify(concerned, "report_decided", member_id, now, **_subject(report.post))


def lift(post: Comment | Review) -> None:
    """Bring what a post and all below it give away in step with the reports on it."""
    lifted = rules.lift(queries.reports_on(post))
    if isinstance(post, Review):
        post.lifted_horizon = lifted
        reviews.give_away(post, post.own_horizon)
    else:
        # In one step for the database, in which no lift is ever above the horizon in force.
        post.lifted_horizon, post.horizon = lifted, max(post.horizon, lifted)
        recompute(post.thread, opened_with=post)


@on_positions_changed
def remap(book_id: int, before: Measures) -> None:
    """Bring all that is written, read and reported of a book in step once its parts were edited.

    ``before`` is what was known of it until then. A report that names a section follows its end, as the
    posts do: forwards, never back.
    """
    reviews.remap(book_id, before)
    contents = contents_of(book_id)
    for report in queries.reports_by_section(book_id):
        section = contents.section(section_of(report.horizon_choice) or 0)
        end = contents.end(section, up=True) if section else report.horizon
        if end > report.horizon:
            report.horizon = end
            db.session.flush()
            lift(report.post)


def _subject(post: Comment | Review) -> dict[str, int]:
    return {"review_id": post.id} if isinstance(post, Review) else {"comment_id": post.id}
