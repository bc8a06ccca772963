"""Pages of date polls: the form, one poll, the answers to it, the choice of a date, and its withdrawal."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..body_limits import takes_text
from ..extensions import begin_write, db, utcnow
from ..forms import BaseForm
from ..lib.text.messages import gettext as _
from ..meetings.forms import CancellationForm
from ..meetings.rules import usual_start
from ..web import current_viewer, invalid, load, require, the_club, the_member, time_zone
from . import actions, queries, rules
from .forms import DatePollForm
from .models import DatePoll
from .pages import show_poll

bp = Blueprint("date_polls", __name__)


@bp.get("/date-polls/new")
def new() -> str:
    """Show the form in which times are proposed."""
    require("plan a meeting in", the_club())
    return new_page(DatePollForm(time_zone()))


@bp.post("/date-polls/new")
@takes_text(DatePollForm.characters)
def create() -> Response:
    """Make a date poll."""
    require("plan a meeting in", the_club())
    form, member, now = DatePollForm(time_zone()), the_member(), utcnow()
    if not form.fits(now):
        return invalid(new_page(form))
    begin_write()
    # A second click shows the poll that the first one made.
    poll = queries.poll_sent_by(current_viewer(), form.sent_as) or actions.ask(
        form.title.data, form.proposed, form.time_zone.data, form.minutes.data or 0, member, now, form.sent_as
    )
    db.session.commit()
    flash(_("Everybody has been asked. Now say when you can come yourself."), "good")
    return redirect(url_for(".show", poll_id=poll.id), 303)


@bp.get("/date-polls/<int:poll_id>")
def show(poll_id: int) -> str:
    """Show a date poll."""
    return show_poll(load(DatePoll, poll_id, to="see"))


@bp.post("/date-polls/<int:poll_id>/availability")
def answer(poll_id: int) -> Response:
    """Say at which of the times one can meet. Times that are not answered stay as they were."""
    # The fields depend on the poll's times, so only the token is checked before the poll is loaded.
    fits = BaseForm().validate_on_submit()
    poll, now = load(DatePoll, poll_id, to="answer"), utcnow()
    names = {f"time-{each.id}": each.id for each in poll.options}
    sent = {name: request.form[name] for name in names if request.form.get(name)}
    said = {names[name]: word for name, word in sent.items()}
    if not fits:
        problem = _("You were signed out before this was sent. Check your answers and save them again.")
    elif poll.state(now) != rules.OPEN:
        problem = rules.closed_text(poll.state(now))
    else:
        problem = rules.answers_problem(said.values())
    if problem:
        return invalid(show_poll(poll, sent=sent, problem=problem))
    actions.answer(poll, the_member(), said, now)
    db.session.commit()
    flash(_("Your answers are saved. You can change them until a date is chosen."), "good")
    return redirect(url_for(".show", poll_id=poll_id), 303)


@bp.post("/date-polls/<int:poll_id>/choice")
def choose(poll_id: int) -> Response:
    """Choose one of the times, and plan the meeting. Of two who choose at once the first one decides."""
    fits = BaseForm().validate_on_submit()
    poll, now = load(DatePoll, poll_id, to="run"), utcnow()
    if fits and poll.meeting_id is not None:
        flash(rules.closed_text(rules.CHOSEN), "good")
        return redirect(url_for("meetings.show", meeting_id=poll.meeting_id), 303)
    if poll.state(now) != rules.OPEN:
        return invalid(show_poll(poll, problem=rules.closed_text(poll.state(now))))
    chosen = request.form.get("time", "")
    option = next((each for each in poll.options if str(each.id) == chosen), None)
    problem = rules.choice_problem(option.starts_at if option else None, now)
    if not fits:
        problem = _("You were signed out before this was sent. Check it and send it again.")
    if problem or option is None:
        return invalid(show_poll(poll, chosen=chosen, choice_problem=problem))
    meeting = actions.choose(poll, option, the_member(), now)
    db.session.commit()
    flash(_("The meeting is planned, and everybody has been told. Add where you meet, and the book."), "good")
    return redirect(url_for("meetings.show", meeting_id=meeting.id), 303)


@bp.post("/date-polls/<int:poll_id>/withdrawal")
def withdraw(poll_id: int) -> Response:
    """Withdraw a poll with a reason."""
    form = CancellationForm()
    fits = form.validate_on_submit()
    poll, now = load(DatePoll, poll_id, to="run"), utcnow()
    if not fits:
        return invalid(show_poll(poll, withdrawal=form))
    # Withdrawing it twice, or after a date was chosen, changes nothing.
    if poll.state(now) in (rules.OPEN, rules.OVER):
        actions.withdraw(poll, the_member(), form.reason.data, now)
        db.session.commit()
        flash(_("The poll is withdrawn."), "good")
    return redirect(url_for(".show", poll_id=poll_id), 303)


def new_page(form: DatePollForm) -> str:
    """Render the form that makes a date poll."""
    usual = datetime.combine(*usual_start(utcnow(), time_zone()))
    return render_template("date_polls/new.html", form=form, usual=f"{usual:%Y-%m-%dT%H:%M}")
