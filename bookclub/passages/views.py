"""Views of passages: keep, show, edit, delete and discuss them, and choose among one's highlights."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..body_limits import takes_text
from ..books.models import Book
from ..edit_forms import Latest
from ..extensions import db, utcnow
from ..lib.text.messages import gettext as _
from ..pictures.uploads import takes_pictures
from ..readings import actions as readings
from ..threads.forms import NewThreadForm, ReasonForm
from ..threads.models import Thread
from ..threads.queries import comment_sent
from ..threads.writer_queries import writer_on
from ..web import current_viewer, forbid_caching, invalid, load, the_member
from . import actions, queries
from .forms import PassageEditForm, PassageForm, edit_form_for
from .models import Passage
from .pages import show_discussion_form, show_edit_form, show_highlights, show_passage, show_passages
from .rules import PassageKey, PassageRow

bp = Blueprint("passages", __name__)
blueprints = (bp,)


@bp.get("/books/<slug>/passages")
def index(slug: str) -> str:
    """List the passages from a book in its order, with the form for another."""
    book = load(Book, slug, to="quote")
    after = PassageKey.parse(request.args.get("after"))
    return show_passages(book, after, highlight=request.args.get("highlight"))


@bp.post("/books/<slug>/passages")
@takes_text(PassageForm.characters)
def create(slug: str) -> Response:
    """Keep a passage."""
    form, member = PassageForm(), the_member()
    # Rendering is slow, so the form is validated before load() opens the writing transaction.
    fits = form.validate_on_submit()
    book = load(Book, slug, to="quote")
    said = form.quotation(writer_on(member.id, book.id)) if fits else None
    if said is None:
        return invalid(show_passages(book, form=form))
    sent = queries.passage_sent(current_viewer(), form.sent_as)
    # Going back in the browser shows the form with its old key. With other words it is another passage.
    if sent is None or (sent.book_id, sent.text) != (book.id, said.text):
        sent = actions.keep_passage(book, member, said, utcnow(), None if sent else form.sent_as)
        db.session.commit()
    flash(_("The passage is kept."), "good")
    return redirect(url_for(".show", passage_id=sent.id), 303)


@bp.get("/books/<slug>/passages/highlights")
def highlights(slug: str) -> str:
    """List the highlights among the member's own notes on a book, to be kept as passages one by one."""
    return show_highlights(load(Book, slug, to="quote"))


@bp.get("/passages/<int:passage_id>")
def show(passage_id: int) -> str:
    """Show a passage, or its placeholder."""
    load(Passage, passage_id, to="see")
    return show_passage(row_of(passage_id))


@bp.get("/passages/<int:passage_id>/reveal")
def reveal(passage_id: int) -> Response:
    """Show this one passage to a member who asks for it on purpose, and remember nothing."""
    load(Passage, passage_id, to="reveal")
    return forbid_caching(make_response(show_passage(row_of(passage_id, revealed=True))))


@bp.route("/passages/<int:passage_id>/edit", methods=["GET", "POST"])
@takes_text(PassageEditForm.characters)
def edit(passage_id: int) -> str | Response:
    """Edit one's own passage."""
    form = PassageEditForm()
    fits = form.validate_on_submit()
    passage, member = load(Passage, passage_id, to="edit"), the_member()
    writer = writer_on(member.id, passage.book_id)
    fresh = edit_form_for(passage, writer)
    if request.method == "GET":
        return show_edit_form(passage, fresh)
    said = form.quotation(writer) if fits and form.merge(fresh, Latest(when=passage.edited_at)) else None
    if said is None:
        return invalid(show_edit_form(passage, form.offer(writer)))
    actions.edit_passage(passage, said, utcnow())
    db.session.commit()
    flash(_("Your changes are saved."), "good")
    return redirect(url_for(".show", passage_id=passage_id), 303)


@bp.route("/passages/<int:passage_id>/deletion", methods=["GET", "POST"])
def delete(passage_id: int) -> str | Response:
    """Delete one's own passage, after asking for confirmation. The conversation about it stays."""
    passage = load(Passage, passage_id, to="delete")
    if request.method == "GET":
        return render_template("passages/delete.html", passage=passage)
    actions.delete_passage(passage, utcnow())
    address = url_for(".index", slug=passage.book.slug)
    db.session.commit()
    flash(_("Your passage is deleted."), "good")
    return redirect(address, 303)


@bp.route("/passages/<int:passage_id>/removal", methods=["GET", "POST"])
def remove(passage_id: int) -> str | Response:
    """Remove someone's passage as a moderator, with a reason that all members can read."""
    form = ReasonForm()
    fits = form.validate_on_submit()
    passage = load(Passage, passage_id, to="remove")
    if not fits:
        # A GET comes here as well: nothing was submitted, so the form does not fit.
        page = render_template("passages/remove.html", passage=passage, form=form)
        return page if request.method == "GET" else invalid(page)
    actions.delete_passage(passage, utcnow(), moderator=the_member(), reason=form.reason.data)
    db.session.commit()
    flash(_("The passage is removed."), "good")
    return redirect(url_for(".show", passage_id=passage_id), 303)


@bp.route("/passages/<int:passage_id>/thread", methods=["GET", "POST"])
@takes_pictures(NewThreadForm.characters)
def discuss(passage_id: int) -> str | Response:
    """Open the conversation about a passage, hidden as far as the passage."""
    form, member = NewThreadForm(), the_member()
    fits = form.validate_on_submit()
    passage = load(Passage, passage_id, to="discuss")
    row = row_of(passage_id)
    writer = writer_on(member.id, passage.book_id, least=passage.horizon)
    if request.method == "GET":
        if passage.thread_id is not None:
            return redirect(url_for("threads.show", thread_id=passage.thread_id))
        if row.locked:
            return redirect(url_for(".show", passage_id=passage_id))
        return show_discussion_form(row, NewThreadForm(formdata=None).offer(writer))
    refuse_locked(row)
    words = form.words(writer) if fits else None
    if words is None:
        return invalid(show_discussion_form(row, form.offer(writer)))
    # A form that was sent twice makes one comment, and the second answer leads to it.
    sent = comment_sent(current_viewer(), form.sent_as or "")
    if sent is None or sent.body != words.body:
        # Someone may have opened the conversation meanwhile; then the words go there.
        thread = None if passage.thread_id is None else load(Thread, passage.thread_id, to="reply")
        now = utcnow()
        if form.finished.data:
            readings.record(member, passage.book, now, status="finished")
        key = None if sent else form.sent_as
        sent = actions.discuss(passage, thread, member, form.title.data, words, now, key)
        db.session.commit()
    return redirect(url_for("comments.in_thread", comment_id=sent.id), 303)


@bp.post("/passages/<int:passage_id>/thread/preview")
@takes_pictures(NewThreadForm.characters)
def preview(passage_id: int) -> str | Response:
    """Show the first words about a passage as others will see them, with their form. Save nothing."""
    form, member = NewThreadForm(), the_member()
    # A preview posts nothing, so it does not ask about open spoilers.
    form.asks_about_doubt = False
    fits = form.validate_on_submit()
    passage = load(Passage, passage_id, to="discuss")
    row = row_of(passage_id)
    refuse_locked(row)
    writer = writer_on(member.id, passage.book_id, least=passage.horizon)
    words = form.words(writer) if fits else None
    if words is None:
        return invalid(show_discussion_form(row, form.offer(writer)))
    return show_discussion_form(row, form.look(writer, member.display_name, words))


def row_of(passage_id: int, *, revealed: bool = False) -> PassageRow:
    """Return a passage as the member who asks sees it; 404 if it is not there."""
    row = queries.passage_row(current_viewer(), passage_id, revealed=revealed)
    if row is None:
        abort(404)
    return row


def refuse_locked(row: PassageRow) -> None:
    """Abort with 403 if a passage lies ahead of the member who asks."""
    if row.locked:
        abort(403, _("You can discuss it once you have read as far as this."))
