"""Views of one's own drafts of reviews: list, publish, save and delete them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..edit_forms import Latest
from ..extensions import begin_write, db, utcnow
from ..lib.text.cursors import row_id_from
from ..lib.text.messages import gettext as _
from ..lib.text.messages import ngettext
from ..pictures.uploads import takes_pictures
from ..readings import actions as readings
from ..readings.queries import reading_to_edit
from ..threads.writer_queries import writer_on
from ..web import current_viewer, invalid, load, the_member
from . import actions
from . import draft_queries as kept
from .forms import DraftForm, SubmissionForm, form_for, prose_of
from .models import Review, ReviewDraft
from .queries import review_sent
from .rules import DraftRow

bp = Blueprint("drafts", __name__)

# A batch is small, because it holds the writing transaction and others want to write meanwhile.
AT_ONCE = 100


@bp.get("/drafts")
def index() -> str:
    """Show the member's drafts, a page at a time."""
    viewer, after = current_viewer(), row_id_from(request.args.get("after"))
    total, ready = kept.count_drafts(viewer)
    page = kept.drafts_page(viewer, after)
    return render_template(
        "reviews/drafts/index.html",
        page=page,
        total=total,
        ready=ready,
        at_once=AT_ONCE,
        begins=after is None,
    )


@bp.post("/drafts/publication")
def publish_all() -> Response:
    """Publish the drafts that can be published as they are, up to AT_ONCE of them."""
    viewer = current_viewer()
    published = publish(kept.drafts_ready(viewer, AT_ONCE))
    # This is counted before the commit, which is the last that can fail.
    left = kept.count_drafts(viewer)[1]
    db.session.commit()
    flash(published_text(len(published)), "good")
    if left:
        flash(ngettext("%(num)s review is still to publish.", "%(num)s reviews are still to publish.", left))
    return redirect(url_for(".index"), 303)


@bp.post("/drafts/<int:draft_id>/publication")
def publish_one(draft_id: int) -> Response:
    """Publish one draft."""
    form, member = SubmissionForm(), the_member()
    form.validate()
    published = publish(kept.drafts_named(member.id, {draft_id}))
    # If the button was pressed twice, the draft has become a review already, and the answer leads to that.
    sent = review_sent(current_viewer(), form.sent_as or "")
    review = next(iter(published), sent)
    if review is None:
        # For a draft that is not there, or belongs to another member, this answers 404.
        load(ReviewDraft, draft_id, to="publish")
        flash(_("It cannot be published as it is. Please look at it once more."))
        return redirect(url_for(".index"), 303)
    db.session.commit()
    return redirect(url_for("reviews.show", review_id=review.id), 303)


@bp.post("/drafts/<int:draft_id>/edit")
@takes_pictures(DraftForm.characters)
def update(draft_id: int) -> Response:
    """Save what was typed as a draft, without publishing it."""
    form, member = DraftForm(), the_member()
    fits = form.validate_on_submit()
    draft = load(ReviewDraft, draft_id, to="edit")
    writer, reading = writer_on(member.id, draft.book_id), reading_to_edit(current_viewer(), draft.book_id)
    if not fits or not form.merge(form_for(draft, reading, writer), Latest(when=draft.changed_at)):
        form.offer(writer)
        return invalid(render_template("reviews/new.html", book=draft.book, form=form, draft=draft))
    now = utcnow()
    actions.redraft(draft, form.title.data, form.summary.data, form.text, form.says_all, now)
    readings.record_review(member, draft.book, now, form.half_stars, finished=form.finished.data)
    db.session.commit()
    flash(_("Kept as a draft. Only you see it."), "good")
    return redirect(url_for(".index"), 303)


@bp.route("/drafts/<int:draft_id>/deletion", methods=["GET", "POST"])
def delete(draft_id: int) -> str | Response:
    """Delete a draft, after asking for confirmation."""
    draft = load(ReviewDraft, draft_id, to="delete")
    if request.method == "GET":
        return render_template("reviews/drafts/delete.html", draft=draft)
    actions.drop_draft(draft)
    db.session.commit()
    flash(_("The draft is deleted."), "good")
    return redirect(url_for(".index"), 303)


@bp.route("/drafts/deletion", methods=["GET", "POST"])
def delete_all() -> str | Response:
    """Delete all of the member's drafts, after asking for confirmation."""
    member = the_member()
    if request.method == "GET":
        return render_template("reviews/drafts/delete_all.html", total=kept.count_drafts(current_viewer())[0])
    # No row is loaded here, so nothing else has opened the writing transaction.
    begin_write()
    kept.drop_drafts(member.id)
    db.session.commit()
    flash(_("Your drafts are deleted."), "good")
    return redirect(url_for(".index"), 303)


def publish(drafts: list[DraftRow]) -> list[Review]:
    """Publish the member's drafts in the writing transaction.

    They are rendered before it begins, because rendering is slow.
    """
    # No transaction stays open during the rendering.
    db.session.close()
    rendered = {draft.id: (draft.body, prose) for draft in drafts if (prose := prose_of(draft))}
    begin_write()
    return actions.publish_drafts(the_member(), rendered, utcnow())


def published_text(number: int) -> str:
    """Return "1 review is published." or "12 reviews are published."."""
    return ngettext("%(num)s review is published.", "%(num)s reviews are published.", number)
