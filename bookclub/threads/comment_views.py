"""Views of one comment: show, reveal, edit, delete and remove it."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from ..edit_forms import Latest
from ..extensions import db, utcnow
from ..lib.positions.contents import NO_CONTENTS
from ..lib.positions.measures import Measures
from ..lib.text.messages import gettext as _
from ..lib.text.pictures import Owner
from ..pictures.signatures import sign_pictures
from ..pictures.uploads import takes_pictures
from ..readings import actions as readings
from ..readings.queries import contents_of, known_mark, promised, reading_by
from ..web import answer, current_viewer, forbid_caching, invalid, load, open_to_visitors, the_member
from . import actions, comment_queries, queries
from .comment_queries import opens_thread
from .composer import Writer
from .forms import CommentEditForm, ReasonForm, SwitchForm, comment_form_for, edit_form_for
from .models import Comment
from .pages import comment_address
from .writer_queries import writer_of

bp = Blueprint("comments", __name__)


@bp.get("/comments/<int:comment_id>")
@open_to_visitors
def show(comment_id: int) -> str:
    """Show one comment with the form to reply to it. A locked one shows its placeholder."""
    comment = load(Comment, comment_id, to="see")
    return comment_page(comment)


@bp.get("/comments/<int:comment_id>/in-thread")
@open_to_visitors
def in_thread(comment_id: int) -> Response:
    """Redirect to a comment in its thread."""
    comment = load(Comment, comment_id, to="see")
    return redirect(comment_address(comment, comment.thread))


@bp.get("/comments/<int:comment_id>/reveal")
def reveal(comment_id: int) -> Response:
    """Show this one comment to a member who asks for it on purpose, and remember nothing."""
    comment = load(Comment, comment_id, to="reveal")
    return forbid_caching(make_response(comment_page(comment, revealed=True)))


def comment_page(comment: Comment, *, revealed: bool = False) -> str:
    """Return the page of one comment: its words or their placeholder, and a form for a reply."""
    viewer, thread = current_viewer(), comment.thread
    mark = known_mark(viewer, thread.book_id)
    contents = contents_of(thread.book_id) if viewer.is_member else NO_CONTENTS
    # Chapters are enough to show the choices. Lengths are only needed when a typed place arrives.
    writer = Writer(mark, Measures(contents), least=comment.horizon, answers=True)
    others = viewer.is_member and thread.book_id is not None and viewer.id != comment.member_id
    reading = reading_by(comment.member.username, thread.book_id) if others else None
    row = comment_queries.comment_row(viewer, comment.id, revealed=revealed)
    if row and row.html and viewer.id and revealed:
        row = replace(row, html=sign_pictures(row.html, viewer.id))
    return render_template(
        "threads/comments/show.html",
        comment=row,
        thread=thread,
        mark=mark,
        contents=contents,
        reading=reading,
        promised=promised(viewer, [reading.id] if reading else []),
        form=comment_form_for(writer, parent_id=comment.id),
    )


@bp.route("/comments/<int:comment_id>/edit", methods=["GET", "POST"])
@takes_pictures(CommentEditForm.characters)
def edit(comment_id: int) -> str | Response:
    """Edit one's own comment."""
    form = CommentEditForm()
    form.owner = Owner("comment", comment_id)
    # Rendering is slow, so the form is validated before load() opens the writing transaction.
    fits = form.validate_on_submit()
    comment = load(Comment, comment_id, to="edit")
    thread, member = comment.thread, the_member()
    writer, opens = writer_of(comment), opens_thread(comment)
    fresh = edit_form_for(comment, writer)
    if request.method == "GET":
        return render_template("threads/comments/edit.html", comment=comment, form=fresh, opens=opens)
    words = form.words(writer) if fits and form.merge(fresh, Latest(when=comment.edited_at)) else None
    if words is None:
        page = render_template(
            "threads/comments/edit.html", comment=comment, form=form.offer(writer), opens=opens
        )
        return invalid(page)
    now = utcnow()
    # A form that was sent without a title leaves the title alone.
    if opens and form.title.raw_data and "title" not in form.kept:
        thread.title = form.title.data
    if form.finished.data and thread.book:
        readings.record(member, thread.book, now, status="finished")
    actions.edit_comment(thread, comment, words, now)
    db.session.commit()
    return answer_changed(comment, _("Your changes are saved."))


@bp.route("/comments/<int:comment_id>/deletion", methods=["GET", "POST"])
def delete(comment_id: int) -> str | Response:
    """Delete one's own comment, after asking for confirmation."""
    comment = load(Comment, comment_id, to="delete")
    if request.method == "GET":
        return render_template("threads/comments/delete.html", comment=comment)
    actions.delete_comment(comment.thread, comment, utcnow())
    db.session.commit()
    return answer_changed(comment, _("Your comment is deleted."))


@bp.route("/comments/<int:comment_id>/removal", methods=["GET", "POST"])
def remove(comment_id: int) -> str | Response:
    """Remove someone's comment as a moderator, with a reason that all members can read."""
    form = ReasonForm()
    fits = form.validate_on_submit()
    comment = load(Comment, comment_id, to="remove")
    if not fits:
        # A GET comes here as well: nothing was submitted, so the form does not fit.
        page = render_template("threads/comments/remove.html", comment=comment, form=form)
        return page if request.method == "GET" else invalid(page)
    member, reason = the_member(), form.reason.data
    actions.delete_comment(comment.thread, comment, utcnow(), moderator=member, reason=reason)
    db.session.commit()
    return answer_changed(comment, _("The comment is removed."))


@bp.post("/comments/<int:comment_id>/open-question")
def open_question(comment_id: int) -> Response:
    """Mark one's own comment as a question to discuss when the club meets, or take the mark off."""
    form = SwitchForm()
    fits = form.validate_on_submit()
    comment = load(Comment, comment_id, to="discuss")
    if not fits:
        abort(422, _("Send “on” as 1 to open the question, or as 0 to close it."))
    if form.is_on:
        comment.open_question(utcnow())
    else:
        comment.close_question()
    db.session.commit()
    words = (
        _("The others see that you’d like to discuss this.")
        if form.is_on
        else _("It is no longer an open question.")
    )
    return answer(
        "threads/comments/opened.htmx.html",
        comment=comment_queries.comment_row(current_viewer(), comment.id),
        thread=comment.thread,
        contents=contents_of(comment.thread.book_id),
        words=words,
        otherwise=comment_address(comment, comment.thread),
    )


def answer_changed(comment: Comment, words: str) -> Response:
    """Answer with the comment as it is now: in its place for htmx, otherwise in its thread."""
    row = comment_queries.comment_row(current_viewer(), comment.id)
    return answer(
        "threads/comments/changed.htmx.html",
        comment=row,
        thread=comment.thread,
        contents=contents_of(comment.thread.book_id),
        words=words,
        count=queries.counts(current_viewer(), [comment.thread_id])[comment.thread_id],
        otherwise=comment_address(comment, comment.thread),
    )
