"""Views of threads: create, show, reveal, lock and unlock them, and add comments."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..addresses import local_path
from ..books.models import Book
from ..edit_forms import Latest
from ..extensions import begin_write, db, utcnow
from ..lib.text.cursors import row_id_from
from ..lib.text.messages import gettext as _
from ..pictures.uploads import takes_pictures
from ..readings import actions as readings
from ..readings.queries import offer_for
from ..web import (
    answer,
    current_viewer,
    invalid,
    is_shown,
    load,
    open_to_visitors,
    require,
    the_club,
    the_member,
)
from . import actions, bookmark_queries, comment_queries, queries
from .forms import CommentForm, LockForm, NewThreadForm, SwitchForm, comment_form_for
from .models import Thread
from .pages import comment_address, show_composer, show_talk, show_thread, thread_address
from .rules import TalkKey
from .talk_queries import talk_page
from .writer_queries import writer_in, writer_on

bp = Blueprint("threads", __name__)


@bp.post("/books/<slug>/threads")
@takes_pictures(NewThreadForm.characters)
def create(slug: str) -> Response:
    """Create a titled thread on a book, with its first comment."""
    form, member = NewThreadForm(), the_member()
    # Rendering is slow, so the form is validated before load() opens the writing transaction.
    fits = form.validate_on_submit()
    book = load(Book, slug, to="discuss")
    writer = writer_on(member.id, book.id)
    words = form.words(writer) if fits else None
    if words is None:
        return invalid(render_template("threads/new.html", book=book, thread_form=form.offer(writer)))
    # A form that was sent twice makes one thread, and the second answer leads to it.
    sent = queries.comment_sent(current_viewer(), form.sent_as or "")
    if sent and sent.body == words.body:
        return redirect(url_for(".show", thread_id=sent.thread_id), 303)
    now = utcnow()
    if form.finished.data:
        readings.record(member, book, now, status="finished")
    # What the opening gives away is the floor of the thread: nothing in it can be safer.
    thread = actions.open_thread(book.id, member, form.title.data, words.horizon, now)
    actions.add_comment(thread, None, member, words, now, None if sent else form.sent_as)
    db.session.commit()
    return redirect(url_for(".show", thread_id=thread.id), 303)


@bp.get("/threads")
@open_to_visitors
def index() -> str:
    """List the club's talk, or with ``about=books`` the threads on all books, the latest first."""
    about_books = request.args.get("about") == "books"
    after = TalkKey.parse(request.args.get("after"))
    return show_talk(talk_page(current_viewer(), about_books=about_books, after=after), about_books)


@bp.route("/threads/new", methods=["GET", "POST"])
@takes_pictures(NewThreadForm.characters)
def create_talk() -> str | Response:
    """Start a conversation about no book or several, safe for everybody."""
    require("talk in", the_club())
    form, member, writer = NewThreadForm(), the_member(), writer_on(the_member().id, None)
    if request.method == "GET":
        fresh = NewThreadForm(formdata=None).offer(writer)
        return render_template("threads/new.html", book=None, thread_form=fresh)
    words = form.words(writer) if form.validate_on_submit() else None
    if words is None:
        return invalid(render_template("threads/new.html", book=None, thread_form=form.offer(writer)))
    begin_write()
    # A form that was sent twice makes one thread, and the second answer leads to it.
    sent = queries.comment_sent(current_viewer(), form.sent_as or "")
    if sent and sent.body == words.body:
        return redirect(url_for(".show", thread_id=sent.thread_id), 303)
    now = utcnow()
    thread = actions.open_thread(None, member, form.title.data, words.horizon, now)
    actions.add_comment(thread, None, member, words, now, None if sent else form.sent_as)
    db.session.commit()
    return redirect(url_for(".show", thread_id=thread.id), 303)


@bp.get("/threads/<int:thread_id>")
@open_to_visitors
def show(thread_id: int) -> str | Response:
    """Show a titled thread; redirect to the review or the ask if it belongs to one."""
    thread = load(Thread, thread_id, to="see")
    if thread.title is None:
        return redirect(thread_address(thread, after=request.args.get("after"), at=request.args.get("at")))
    talk = queries.conversation(
        current_viewer(),
        thread,
        after=row_id_from(request.args.get("after")),
        at=row_id_from(request.args.get("at")),
    )
    if is_shown():
        bookmark_queries.note_seen(current_viewer(), talk, utcnow())
    return show_thread(thread, talk)


@bp.get("/threads/<int:thread_id>/first-unread")
@open_to_visitors
def first_unread(thread_id: int) -> Response:
    """Redirect to the first unread comment of a thread, or to the thread if all are read."""
    thread = load(Thread, thread_id, to="see")
    comment = queries.comment_in(thread.id, bookmark_queries.first_unread(current_viewer(), thread.id))
    return redirect(comment_address(comment, thread) if comment else thread_address(thread))


@bp.post("/threads/<int:thread_id>/comments")
@takes_pictures(CommentForm.characters)
def create_comment(thread_id: int) -> Response:
    """Add a comment to a thread."""
    form, member = CommentForm(), the_member()
    fits = form.validate_on_submit()
    thread = load(Thread, thread_id, to="reply")
    # The thread is locked by load(), so the parent cannot be deleted before the reply stands under it.
    parent = queries.comment_in(thread.id, row_id_from(form.parent_id.data))
    writer = writer_in(member.id, thread, parent)
    words = form.words(writer) if fits and form.accepts(parent) else None
    if words is None:
        return invalid(show_composer(thread, parent, form.offer(writer)))
    # A form that was sent twice makes one comment, and the second answer shows that.
    comment = queries.comment_sent(current_viewer(), form.sent_as or "")
    # Going back in the browser shows the form with its old key. With other words it is another comment.
    if comment is None or (comment.thread_id, comment.body) != (thread.id, words.body):
        now = utcnow()
        if form.finished.data and thread.book:
            readings.record(member, thread.book, now, status="finished")
        submission = None if comment else form.sent_as
        comment = actions.add_comment(thread, parent, member, words, now, submission)
        db.session.commit()
    return answer(
        "threads/create_comment.htmx.html",
        thread=thread,
        comment=comment_queries.comment_row(current_viewer(), comment.id),
        count=queries.counts(current_viewer(), [thread.id])[thread.id],
        contents=writer.contents,
        # The fresh form is for the top of the thread, whatever was answered just now.
        form=comment_form_for(writer_in(member.id, thread, None)),
        offer=offer_for(current_viewer(), thread.book, words.body),
        otherwise=comment_address(comment, thread),
    )


@bp.post("/threads/<int:thread_id>/reveal")
def reveal(thread_id: int) -> Response:
    """Remember that the member wants to see everything in a thread."""
    thread = load(Thread, thread_id, to="reveal")
    readings.reveal(the_member(), thread_id=thread.id)
    db.session.commit()
    return redirect(local_path(request.referrer) or url_for(".show", thread_id=thread_id), 303)


@bp.post("/threads/<int:thread_id>/reveal/deletion")
def hide_again(thread_id: int) -> Response:
    """Hide spoilers in this thread from the member again."""
    thread = load(Thread, thread_id, to="reveal")
    readings.hide_again(the_member(), thread_id=thread.id)
    db.session.commit()
    return redirect(local_path(request.referrer) or url_for(".show", thread_id=thread_id), 303)


@bp.post("/threads/<int:thread_id>/pin")
def pin(thread_id: int) -> Response:
    """Put a thread on top of its list, or take it down again."""
    form = SwitchForm()
    fits = form.validate_on_submit()
    thread = load(Thread, thread_id, to="pin")
    if not fits:
        abort(422, _("Send “on” as 1 to pin the conversation, or as 0 to unpin it."))
    if form.is_on:
        thread.pin(utcnow())
    else:
        thread.unpin()
    db.session.commit()
    flash(_("The conversation is pinned.") if form.is_on else _("The conversation is unpinned."), "good")
    return redirect(url_for(".show", thread_id=thread.id), 303)


def _latest_lock(thread: Thread) -> Latest:
    return Latest(who=thread.locked_by.display_name if thread.locked_by else None, when=thread.locked_at)


@bp.route("/threads/<int:thread_id>/lock", methods=["GET", "POST"])
def lock(thread_id: int) -> str | Response:
    """Lock a thread, with a reason that all members can read."""
    form = LockForm()
    fits = form.validate_on_submit()
    thread = load(Thread, thread_id, to="lock")
    fresh = LockForm(formdata=None, reason=thread.lock_reason)
    if request.method == "GET":
        return render_template("threads/lock.html", thread=thread, form=fresh)
    # An open thread has no reason that this one could clash with.
    if not fits or (thread.locked_at and not form.merge(fresh, _latest_lock(thread))):
        return invalid(render_template("threads/lock.html", thread=thread, form=form))
    # If two moderators give one reason, the first of them stays named.
    if thread.lock_reason != form.reason.data:
        thread.lock(the_member().id, form.reason.data, utcnow())
    db.session.commit()
    flash(_("The conversation is locked."), "good")
    return redirect(url_for(".show", thread_id=thread_id), 303)


@bp.post("/threads/<int:thread_id>/lock/deletion")
def unlock(thread_id: int) -> Response:
    """Unlock a thread."""
    load(Thread, thread_id, to="lock").unlock()
    db.session.commit()
    flash(_("The conversation is open again."), "good")
    return redirect(url_for(".show", thread_id=thread_id), 303)
