"""Pages of asks: the list, the form, one ask with its answers and thread, and its deletion."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..extensions import begin_write, db, utcnow
from ..lib.positions.measures import Measures
from ..lib.text.cursors import row_id_from
from ..lib.text.messages import gettext as _
from ..members.queries import member_by_id
from ..readings.queries import contents_of
from ..threads.bookmark_queries import note_seen
from ..threads.composer import Writer
from ..threads.forms import ReasonForm, comment_form_for
from ..threads.queries import conversation
from ..web import current_viewer, invalid, is_shown, load, the_member
from . import actions, queries
from .actions import ask
from .forms import AdviceForm, AskForm, AskSearchForm, Scope, ask_form_for
from .models import Ask

bp = Blueprint("asks", __name__)


@bp.get("/asks")
def index() -> str:
    """List asks, newest first, or those that a search finds."""
    form, after = AskSearchForm(request.args), row_id_from(request.args.get("after"))
    q = form.q.data or ""
    return render_template("asks/index.html", form=form, q=q, page=queries.asks(q, after), after=after)


@bp.get("/asks/new")
def new() -> str:
    """Show the form for an ask, with the scope that the address names."""
    return new_page(*ask_form_for(request.args))


@bp.post("/asks/new")
def create() -> Response:
    """Create an ask."""
    form, member = AskForm(), the_member()
    fits = form.validate_on_submit()
    begin_write()
    # Two clicks wait for each other here, so that the second finds the ask that the first has made.
    member_by_id(member.id, lock=True)
    scope = form.scope()
    if not fits or scope is None:
        return invalid(new_page(form, scope or Scope()))
    sent = queries.ask_sent_by(current_viewer(), form.sent_as) if form.sent_as else None
    if sent and sent.question == form.question.data:
        return redirect(url_for(".show", ask_id=sent.id), 303)
    asked = ask(
        member,
        form.question.data or "",
        utcnow(),
        author=scope.author,
        book=scope.book,
        tag=scope.tag,
        # The same form has asked something else before, so its mark is taken, and this is another ask.
        submission=None if sent else form.sent_as,
    )
    db.session.commit()
    return redirect(url_for(".show", ask_id=asked.id), 303)


@bp.get("/asks/<int:ask_id>")
def show(ask_id: int) -> str:
    """Show an ask with its answers and its thread."""
    return ask_page(load(Ask, ask_id, to="see"))


@bp.route("/asks/<int:ask_id>/deletion", methods=["GET", "POST"])
def delete(ask_id: int) -> str | Response:
    """Delete the member's own question after a confirmation; answers and talk stay."""
    asked = load(Ask, ask_id, to="delete")
    if request.method == "GET":
        return render_template("asks/delete.html", ask=asked)
    asked.wipe(utcnow())
    db.session.commit()
    flash(_("Your question is deleted."), "good")
    return redirect(url_for(".show", ask_id=ask_id), 303)


@bp.route("/asks/<int:ask_id>/removal", methods=["GET", "POST"])
def remove(ask_id: int) -> str | Response:
    """Remove a member's question as a moderator, with a reason that all members can read."""
    form = ReasonForm()
    # A GET is never valid, so it shows the empty form below.
    fits = form.validate_on_submit()
    asked = load(Ask, ask_id, to="remove")
    if not fits:
        page = render_template("asks/remove.html", ask=asked, form=form)
        return page if request.method == "GET" else invalid(page)
    actions.remove_ask(asked, the_member(), form.reason.data, utcnow())
    db.session.commit()
    flash(_("The question is removed."), "good")
    return redirect(url_for(".show", ask_id=ask_id), 303)


def new_page(form: AskForm, scope: Scope) -> str:
    """Render the form for an ask, with the scope chosen so far."""
    return render_template("asks/new.html", form=form.offer(), scope=scope)


def ask_page(asked: Ask, advice: AdviceForm | None = None) -> str:
    """Render an ask, with the form of a refused answer if there is one."""
    place = {key: row_id_from(request.args.get(key)) for key in ("after", "at")}
    talk = conversation(current_viewer(), asked.thread, **place)
    # A refused form shows the same page again, and that is no new visit.
    if is_shown():
        note_seen(current_viewer(), talk, utcnow())
    contents = contents_of(asked.book_id)
    return render_template(
        "asks/show.html",
        ask=asked,
        answers=queries.answers_to(current_viewer(), asked.id),
        advice=advice or AdviceForm(formdata=None),
        thread=asked.thread,
        talk=talk,
        contents=contents,
        form=comment_form_for(Writer(talk.mark, Measures(contents), has_book=asked.book_id is not None)),
    )
