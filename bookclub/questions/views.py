"""Views of questions: ask, edit, delete, support and reveal them, the agenda, and a book's open questions."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..body_limits import takes_text
from ..books.models import Book
from ..edit_forms import Latest
from ..extensions import db, utcnow
from ..lib.text.cursors import row_id_from
from ..lib.text.messages import gettext as _
from ..meetings.models import Meeting
from ..passages.queries import readable_passage
from ..readings import actions as readings
from ..threads.forms import ReasonForm, SwitchForm
from ..threads.writer_queries import writer_on
from ..web import answer, current_viewer, forbid_caching, invalid, load, the_member
from . import actions, queries
from .forms import QuestionEditForm, QuestionForm, ReferenceForm, edit_form_for
from .models import Question
from .pages import (
    LISTS,
    entry_of,
    question_address,
    show_agenda,
    show_book,
    show_edit_form,
    show_not_asked,
    show_question,
)
from .rules import lateness_problem

bp = Blueprint("questions", __name__)
blueprints = (bp,)


@bp.post("/meetings/<int:meeting_id>/questions")
@takes_text(QuestionForm.characters)
def create(meeting_id: int) -> Response:
    """Put a question on the agenda of a meeting, or a comment that is an open question, or a passage."""
    form = QuestionForm()
    if "comment" in request.form:
        return put_comment(meeting_id)
    if "passage" in request.form:
        return put_passage(meeting_id)
    # Rendering is slow, so the form is validated before load() opens the writing transaction.
    fits = form.validate_on_submit()
    meeting, member, now = load(Meeting, meeting_id, to="put questions to"), the_member(), utcnow()
    # The meeting's row is locked, so of a form that is sent twice at once the second waits.
    sent = queries.question_sent(current_viewer(), form.sent_as)
    problem = lateness_problem(meeting.ends_at, now)
    if problem:
        form.body.errors, fits = [*form.body.errors, problem], False
    book = form.book_in(meeting)
    writer = writer_on(member.id, book.id if book else None)
    words = form.words(writer) if fits and not form.book.errors else None
    if words is None:
        return invalid(show_not_asked(meeting, form))
    # Going back in the browser shows the form with its old key. With other words it is another question.
    if sent is None or (sent.meeting_id, sent.body) != (meeting.id, words.body):
        if form.finished.data and book:
            readings.record(member, book, now, status="finished")
        key = None if sent else form.sent_as
        sent = actions.ask(meeting, book.id if book else None, member, words, now, key)
        db.session.commit()
    flash(_("Your question is on the agenda."), "good")
    return redirect(question_address(sent), 303)


@bp.post("/meetings/<int:meeting_id>/questions/preview")
@takes_text(QuestionForm.characters)
def preview(meeting_id: int) -> str | Response:
    """Show a new question as others will see it, with its form. Save nothing."""
    form, member = QuestionForm(), the_member()
    # A preview posts nothing, so it does not ask about open spoilers.
    form.asks_about_doubt = False
    fits = form.validate_on_submit()
    meeting = load(Meeting, meeting_id, to="put questions to")
    book = form.book_in(meeting)
    writer = writer_on(member.id, book.id if book else None)
    words = form.words(writer) if fits and not form.book.errors else None
    if words is None:
        return invalid(show_not_asked(meeting, form))
    return show_not_asked(meeting, form.look(writer, member.display_name, words))


def put_comment(meeting_id: int) -> Response:
    """Put a comment that is an open question on the agenda of a meeting, by reference."""
    form, now = ReferenceForm(), utcnow()
    fits = form.validate_on_submit()
    meeting = load(Meeting, meeting_id, to="put questions to")
    comment = queries.open_comment(current_viewer(), form.comment_id)
    problem = lateness_problem(meeting.ends_at, now)
    if problem or not fits or comment is None:
        # Whether it is locked, closed or nowhere is not for a reader to find out.
        abort(422, problem or _("That comment is not an open question that you can read."))
    question = actions.put_on_agenda(meeting, comment, the_member(), now)
    db.session.commit()
    flash(_("The comment is on the agenda."), "good")
    return redirect(question_address(question), 303)


def put_passage(meeting_id: int) -> Response:
    """Put a passage from a book of a meeting on its agenda, by reference."""
    form, now = ReferenceForm(), utcnow()
    fits = form.validate_on_submit()
    meeting = load(Meeting, meeting_id, to="put questions to")
    passage = readable_passage(current_viewer(), form.passage_id)
    problem = lateness_problem(meeting.ends_at, now)
    if problem or not fits or passage is None:
        # Whether it is locked, deleted or nowhere is not for a reader to find out.
        abort(422, problem or _("That is not a passage that you can read."))
    if passage.book_id not in {each.book_id for each in meeting.books}:
        abort(422, _("This meeting is not about “%(title)s”.", title=passage.book.title))
    question = actions.put_on_agenda(meeting, passage, the_member(), now)
    db.session.commit()
    flash(_("The passage is on the agenda."), "good")
    return redirect(question_address(question), 303)


@bp.get("/meetings/<int:meeting_id>/agenda")
def agenda(meeting_id: int) -> str:
    """Show the agenda of a meeting on one page, to be printed."""
    return show_agenda(load(Meeting, meeting_id, to="see"), utcnow())


@bp.get("/questions/<int:question_id>/reveal")
def reveal(question_id: int) -> Response:
    """Show this one question to a member who asks for it on purpose, and remember nothing."""
    load(Question, question_id, to="reveal")
    row = queries.question_row(current_viewer(), question_id, revealed=True)
    if row is None:
        abort(404)
    return forbid_caching(make_response(show_question(row)))


@bp.post("/questions/<int:question_id>/support")
def support(question_id: int) -> Response:
    """Note that the member cares about a question, or not any more."""
    form = SwitchForm()
    fits = form.validate_on_submit()
    question = load(Question, question_id, to="support")
    row = queries.question_row(current_viewer(), question_id)
    if row is None or row.html is None:
        abort(403, _("You can say so once you have read as far as this."))
    if not fits:
        abort(422, _("Send “on” as 1 if you care about the question, or as 0 if you don’t."))
    actions.support(question, the_member(), utcnow(), on=form.is_on)
    db.session.commit()
    words = (
        _("Noted: you care about this question.") if form.is_on else _("Noted: you no longer care about it.")
    )
    return answer(
        "questions/supported.htmx.html",
        entry=entry_of(row),
        said=words,
        otherwise=question_address(question),
    )


@bp.route("/questions/<int:question_id>/edit", methods=["GET", "POST"])
@takes_text(QuestionEditForm.characters)
def edit(question_id: int) -> str | Response:
    """Edit one's own question."""
    form = QuestionEditForm()
    # Rendering is slow, so the form is validated before load() opens the writing transaction.
    fits = form.validate_on_submit()
    question, member = load(Question, question_id, to="edit"), the_member()
    writer = writer_on(member.id, question.book_id, lifted=question.lifted_horizon)
    fresh = edit_form_for(question, writer)
    if request.method == "GET":
        return show_edit_form(question, fresh)
    words = form.words(writer) if fits and form.merge(fresh, Latest(when=question.edited_at)) else None
    if words is None:
        return invalid(show_edit_form(question, form.offer(writer)))
    now = utcnow()
    if form.finished.data and question.book:
        readings.record(member, question.book, now, status="finished")
    actions.edit(question, words, now)
    address = question_address(question)
    db.session.commit()
    flash(_("Your changes are saved."), "good")
    return redirect(address, 303)


@bp.post("/questions/<int:question_id>/edit/preview")
@takes_text(QuestionEditForm.characters)
def preview_edit(question_id: int) -> str | Response:
    """Show an edited question as others will see it, with its form. Save nothing."""
    form, member = QuestionEditForm(), the_member()
    form.asks_about_doubt = False
    fits = form.validate_on_submit()
    question = load(Question, question_id, to="edit")
    writer = writer_on(member.id, question.book_id, lifted=question.lifted_horizon)
    words = form.words(writer) if fits else None
    if words is None:
        return invalid(show_edit_form(question, form.offer(writer)))
    return show_edit_form(question, form.look(writer, member.display_name, words))


@bp.route("/questions/<int:question_id>/deletion", methods=["GET", "POST"])
def delete(question_id: int) -> str | Response:
    """Delete one's own question, or take a post off the agenda, after asking for confirmation."""
    question = load(Question, question_id, to="delete")
    if request.method == "GET":
        return render_template("questions/delete.html", question=question)
    words = _("It is off the agenda.") if question.is_reference else _("Your question is deleted.")
    actions.delete_question(question, utcnow())
    address = url_for("meetings.show", meeting_id=question.meeting_id, _anchor="agenda")
    db.session.commit()
    flash(words, "good")
    return redirect(address, 303)


@bp.route("/questions/<int:question_id>/removal", methods=["GET", "POST"])
def remove(question_id: int) -> str | Response:
    """Remove someone's question as a moderator, with a reason that all members can read."""
    form = ReasonForm()
    fits = form.validate_on_submit()
    question = load(Question, question_id, to="remove")
    if not fits:
        # A GET comes here as well: nothing was submitted, so the form does not fit.
        page = render_template("questions/remove.html", question=question, form=form)
        return page if request.method == "GET" else invalid(page)
    actions.delete_question(question, utcnow(), moderator=the_member(), reason=form.reason.data)
    address = question_address(question)
    db.session.commit()
    flash(_("The question is removed."), "good")
    return redirect(address, 303)


@bp.get("/books/<slug>/questions")
def of_book(slug: str) -> str:
    """List the open questions about a book."""
    book = load(Book, slug, to="discuss")
    return show_book(book, {name: row_id_from(request.args.get(name)) for name in LISTS}, utcnow())
