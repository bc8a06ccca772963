"""Actions on spoiler reports: make and decide them, and raise the horizons of posts accordingly."""

from __future__ import annotations

from datetime import datetime

from ..books.events import on_positions_changed
from ..extensions import db
from ..lib.positions.contents import section_id_in
from ..lib.positions.measures import Measures
from ..members.models import Member
from ..notices.actions import notify
from ..passages import actions as passages
from ..questions import actions as questions
from ..readings.queries import contents_of
from ..reviews import actions as reviews
from ..reviews.models import Review
from ..threads.actions import recompute_horizons
from ..threads.models import Comment
from . import queries, rules
from .models import SpoilerReport
from .queries import ReportFacts


def report(
    post: Comment | Review, member: Member, facts: ReportFacts, choice: str, horizon: int, now: datetime
) -> None:
    """Report a post, whose thread's row is locked, and raise its horizon to the proposed place.

    The horizon stays raised until a decision. A second report by the same member replaces the first;
    repeating it changes nothing.
    """
    mine = facts.mine
    # The post is raised already, and its author must not be notified twice.
    if mine is not None and mine.upheld is None and mine.horizon == horizon:
        return
    if mine is None:
        mine = SpoilerReport(member_id=member.id, **_subject(post))
        db.session.add(mine)
    mine.horizon, mine.horizon_choice, mine.horizon_before = horizon, choice, facts.before
    mine.reported_at, mine.decided_at, mine.decided_by_id, mine.upheld = now, None, None, None
    # lift() reads the reports from the database.
    db.session.flush()
    lift(post)
    notify(post.member_id, "spoiler_report", member.id, now, **_subject(post))


def decide(report: SpoilerReport, member: Member, now: datetime, *, upheld: bool) -> None:
    """Uphold a report or dismiss it, and notify its reporter and the post's author."""
    report.upheld, report.decided_by_id, report.decided_at = upheld, member.id, now
    db.session.flush()
    lift(report.post)
    # notify() leaves out the one of them who decided.
    for concerned in (report.member_id, report.author_id):
        notify(concerned, "report_decided", member.id, now, **_subject(report.post))


def lift(post: Comment | Review) -> None:
    """Recompute the horizons of a post and of all below it from the reports on it."""
    lifted = rules.lift(queries.reports_on(post))
    if isinstance(post, Review):
        post.lifted_horizon = lifted
        # A review's horizon is the floor of its thread, so the comments under it move as well.
        reviews.set_horizon(post, post.own_horizon)
    else:
        # Both columns change in one statement: the database refuses a lift above the horizon in force.
        post.lifted_horizon, post.horizon = lifted, max(post.horizon, lifted)
        recompute_horizons(post.thread, opened_with=post)


@on_positions_changed
def remap(book_id: int, before: Measures) -> None:
    """Recompute a book's positions, horizons and reports after its measures changed.

    ``before`` is what was known of the book until then. A report that names a section follows the end of that
    section, as posts do: forwards, never back.
    """
    # The horizons of posts go first, and reports raise them from where they are now.
    advanced = reviews.remap(book_id, before)
    contents = contents_of(book_id)
    passages.remap(book_id)
    questions.remap(book_id, contents, advanced)
    for report in queries.reports_by_section(book_id):
        section = contents.section(section_id_in(report.horizon_choice) or 0)
        end = contents.end(section, up=True) if section else report.horizon
        # If it went back, whoever moved the end of a chapter would open all posts that were reported up to
        # it.
        if end > report.horizon:
            report.horizon = end
            db.session.flush()
            lift(report.post)


def _subject(post: Comment | Review) -> dict[str, int]:
    return {"review_id": post.id} if isinstance(post, Review) else {"comment_id": post.id}
