"""Views of spoiler reports: make, list, show and decide them."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..extensions import db, utcnow
from ..lib.positions.contents import horizon_text
from ..lib.text.cursors import row_id_from
from ..lib.text.messages import gettext as _
from ..permissions import may
from ..reviews.models import Review
from ..reviews.rules import ReviewRow
from ..threads.comment_queries import comment_row
from ..threads.models import Comment, Thread
from ..threads.queries import counts
from ..threads.rules import CommentRow
from ..web import answer, current_member, current_viewer, invalid, load, require, the_club, the_member
from . import actions, queries, rules
from .forms import DecisionForm, ReportForm
from .models import SpoilerReport
from .queries import own_reports
from .rules import ReportEntry

bp = Blueprint("reports", __name__)
blueprints = (bp,)


def can_report(post: CommentRow | ReviewRow, thread: Thread) -> bool:
    """Return whether the current member can report a post: a page offers it only then.

    It uses their own reports in the thread, which are loaded once for a page.
    """
    member = current_member()
    if member is None or thread.book_id is None or not may(member, "report", post):
        return False
    # A page asks once for each of its comments.
    if "own_reports" not in g:
        g.own_reports = {}
    if thread.id not in g.own_reports:
        g.own_reports[thread.id] = own_reports(current_viewer(), thread.id)
    what = "review" if isinstance(post, ReviewRow) else "comment"
    mine = g.own_reports[thread.id].get((what, post.id))
    before = mine.before if mine else post.horizon
    refusal = rules.refusal(
        has_book=True, before=before, readable=not post.is_revealed, mine=mine, edited_at=post.edited_at
    )
    return refusal is None


@bp.route("/comments/<int:comment_id>/spoiler-report", methods=["GET", "POST"])
def on_comment(comment_id: int) -> str | Response:
    """Report that a comment gives away more than it says."""
    form = ReportForm()
    # A GET is never valid, so report() returns the page with the form.
    fits = form.validate_on_submit()
    comment = load(Comment, comment_id, to="report")
    page = report(comment, form, fits)
    if page is not None:
        return page
    thread = comment.thread
    place = url_for("comments.in_thread", comment_id=comment_id)
    return answer(
        "reports/create.htmx.html",
        comment=comment_row(current_viewer(), comment_id),
        thread=thread,
        facts=queries.report_facts(current_viewer(), comment),
        count=counts(current_viewer(), [thread.id])[thread.id],
        words=str(rules.THANKS),
        place=place,
        otherwise=place,
    )


@bp.route("/reviews/<int:review_id>/spoiler-report", methods=["GET", "POST"])
def on_review(review_id: int) -> str | Response:
    """Report that a review gives away more than it says."""
    form = ReportForm()
    fits = form.validate_on_submit()
    review = load(Review, review_id, to="report")
    page = report(review, form, fits)
    if page is not None:
        return page
    flash(str(rules.THANKS), "good")
    return redirect(url_for("reviews.show", review_id=review_id), 303)


def report(post: Comment | Review, form: ReportForm, fits: bool) -> str | Response | None:
    """Save a report on a post and return None; return the page with the form if there is none to save."""
    member = the_member()
    # A POST has locked the thread in load(), so this still holds when the report is saved.
    facts = queries.report_facts(current_viewer(), post)
    if facts.refusal:
        abort(403, facts.refusal)
    horizon = form.place(facts) if fits and form.fits_in(facts) else None
    if horizon is None:
        says = horizon_text(facts.before, facts.contents)
        on_comment = isinstance(post, Comment)
        page = render_template(
            "reports/new.html", post=post, form=form.offer(facts), says=says, on_comment=on_comment
        )
        return page if request.method == "GET" else invalid(page)
    actions.report(post, member, facts, form.horizon.data or "", horizon, utcnow())
    db.session.commit()
    return None


@bp.get("/reports")
def index() -> str:
    """List the reports for moderators: the open ones, and the decided ones with their decisions."""
    require("moderate", the_club())
    after = row_id_from(request.args.get("after"))
    waiting = queries.open_reports(current_viewer()) if after is None else []
    decided = queries.decided_reports(current_viewer(), after)
    contents = queries.contents_of_books({row.book_id for row in (*waiting, *decided.entries)})
    return render_template(
        "reports/index.html",
        waiting=[rules.report_entry(row, contents[row.book_id]) for row in waiting],
        decided=[rules.report_entry(row, contents[row.book_id]) for row in decided.entries],
        next_after=decided.next_after,
        after=after,
    )


@bp.get("/reports/<int:report_id>")
def show(report_id: int) -> str:
    """Show one report to the members that it concerns."""
    # It refuses members whom the report does not concern. The row that is shown has only what this one may
    # read.
    load(SpoilerReport, report_id, to="see")
    return render_template("reports/show.html", entry=entry_of(report_id), problem=False)


def entry_of(report_id: int) -> ReportEntry:
    """Return a report as the current member sees it; 404 if it is not there."""
    row = queries.report_row(current_viewer(), report_id)
    if row is None:
        abort(404)
    return rules.report_entry(row, queries.contents_of_books({row.book_id})[row.book_id])


@bp.post("/reports/<int:report_id>/decision")
def decide(report_id: int) -> Response:
    """Uphold a report or dismiss it."""
    form = DecisionForm()
    fits = form.validate_on_submit()
    # “see” rather than “decide”, since an author may not decide again, but should hear of a decision that was
    # made meanwhile.
    found = load(SpoilerReport, report_id, to="see")
    member, upheld = the_member(), form.verdict.data == "uphold"
    # Two people may decide at once: the second one first gets to see what the first one decided.
    if rules.is_outdated(form.seen.data, found.upheld):
        other = found.decided_by.display_name if found.decided_by else _("Another member")
        is_own = found.decided_by_id == member.id
        flash(rules.earlier_decision_text(None if is_own else other, found.upheld))
        return redirect(url_for(".show", report_id=report_id), 303)
    require("decide", found)
    if not fits:
        return invalid(render_template("reports/show.html", entry=entry_of(report_id), problem=True))
    # The same decision again is a second click, and notifies nobody.
    if found.upheld is not upheld:
        actions.decide(found, member, utcnow(), upheld=upheld)
        db.session.commit()
    flash(rules.decision_text(upheld), "good")
    return redirect(url_for(".show", report_id=report_id), 303)
