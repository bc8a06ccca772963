"""Pages on which members answer an ask, and endorse, take or delete an answer."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..extensions import db, utcnow
from ..lib.text.messages import gettext as _
from ..threads.forms import ReasonForm
from ..web import answer, current_viewer, invalid, load, the_member, time_zone
from . import actions, queries
from .forms import AdviceForm
from .models import Answer, Ask
from .views import ask_page

bp = Blueprint("answers", __name__)


@bp.post("/asks/<int:ask_id>/answers")
def create(ask_id: int) -> Response:
    """Answer an ask with a book."""
    form, member = AdviceForm(), the_member()
    fits = form.validate_on_submit()
    # The form is checked before this, since loading begins the transaction that holds up other writers.
    asked = load(Ask, ask_id, to="answer")
    book = form.meant()
    if not fits or book is None:
        return invalid(ask_page(asked, form))
    mine = queries.answers_by(member.id, ask_id).get(book.id)
    # Another reason for the same book may not replace the first one, which members may have endorsed.
    if mine and mine.reason != form.reason.data:
        form.refuse_again(book)
        return invalid(ask_page(asked, form))
    # The same answer again is a second click, so it shows the first one.
    proposed = mine or actions.answer(asked, member, book, form.reason.data or "", utcnow())
    db.session.commit()
    flash(_("Your answer is below."), "good")
    return redirect(answer_address(proposed), 303)


@bp.post("/answers/<int:answer_id>/endorsement")
def endorse(answer_id: int) -> Response:
    """Endorse another member's answer."""
    proposed = load(Answer, answer_id, to="endorse")
    actions.endorse(answer_id, the_member(), utcnow())
    db.session.commit()
    return answer_response(proposed, _("You agree with this answer."))


@bp.post("/answers/<int:answer_id>/endorsement/deletion")
def take_back_endorsement(answer_id: int) -> Response:
    """Remove the member's endorsement of an answer."""
    # “see” rather than “endorse”, since an endorsement can be taken back even if the answer is gone
    # meanwhile.
    proposed = load(Answer, answer_id, to="see")
    actions.take_back_endorsement(answer_id, the_member())
    db.session.commit()
    return answer_response(proposed, _("You no longer agree with this answer."))


@bp.post("/answers/<int:answer_id>/taking")
def take(answer_id: int) -> Response:
    """Take an answer as the asker: they will read the book that it proposes."""
    proposed, now = load(Answer, answer_id, to="take"), utcnow()
    # The member's day counts, since the shelf shows dates as they see them.
    words = actions.take(proposed, the_member(), now, now.astimezone(ZoneInfo(time_zone())).date())
    db.session.commit()
    flash(words, "good")
    return redirect(answer_address(proposed), 303)


@bp.post("/answers/<int:answer_id>/taking/deletion")
def leave(answer_id: int) -> Response:
    """Undo the taking of an answer; the book stays on the shelf."""
    proposed = load(Answer, answer_id, to="take")
    actions.leave(proposed)
    db.session.commit()
    flash(_("That is undone. The book stays on your shelf."), "good")
    return redirect(answer_address(proposed), 303)


@bp.route("/answers/<int:answer_id>/deletion", methods=["GET", "POST"])
def delete(answer_id: int) -> str | Response:
    """Delete the member's own answer after a confirmation."""
    proposed = load(Answer, answer_id, to="delete")
    if request.method == "GET":
        return render_template("asks/delete_answer.html", answer=proposed)
    actions.withdraw(proposed, utcnow())
    db.session.commit()
    flash(_("Your answer is deleted."), "good")
    return redirect(url_for("asks.show", ask_id=proposed.ask_id), 303)


@bp.route("/answers/<int:answer_id>/removal", methods=["GET", "POST"])
def remove(answer_id: int) -> str | Response:
    """Remove a member's answer as a moderator, with a reason that all members can read."""
    form = ReasonForm()
    # A GET is never valid, so it shows the empty form below.
    fits = form.validate_on_submit()
    proposed = load(Answer, answer_id, to="remove")
    if not fits:
        page = render_template("asks/remove_answer.html", answer=proposed, form=form)
        return page if request.method == "GET" else invalid(page)
    actions.withdraw(proposed, utcnow(), moderator=the_member(), reason=form.reason.data)
    db.session.commit()
    flash(_("The answer is removed."), "good")
    return redirect(answer_address(proposed), 303)


def answer_response(proposed: Answer, words: str) -> Response:
    """Return the updated answer: in its place for htmx, otherwise a redirect to its ask."""
    return answer(
        "asks/endorsed.htmx.html",
        entry=queries.answer_entry(current_viewer(), proposed),
        words=words,
        otherwise=answer_address(proposed),
    )


def answer_address(proposed: Answer) -> str:
    """Address of an answer on the page of its ask."""
    return url_for("asks.show", ask_id=proposed.ask_id, _anchor=f"answer-{proposed.id}")
