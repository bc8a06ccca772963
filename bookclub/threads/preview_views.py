"""Views that preview a comment or a thread for other readers. They save nothing."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from ..books.models import Book
from ..lib.text.cursors import row_id_from
from ..lib.text.pictures import Owner
from ..pictures.uploads import takes_pictures
from ..web import invalid, load, require, the_club, the_member
from . import queries
from .comment_queries import opens_thread
from .forms import CommentEditForm, CommentForm, NewThreadForm
from .models import Comment, Thread
from .pages import show_composer
from .writer_queries import writer_in, writer_of, writer_on

bp = Blueprint("previews", __name__)


@bp.post("/threads/<int:thread_id>/comments/preview")
@takes_pictures(CommentForm.characters)
def new_comment(thread_id: int) -> str | Response:
    """Show a new comment as others will see it, with its form."""
    form, member = CommentForm(), the_member()
    # A preview posts nothing, so it does not ask about open spoilers.
    form.asks_about_doubt = False
    fits = form.validate_on_submit()
    thread = load(Thread, thread_id, to="reply")
    parent = queries.comment_in(thread.id, row_id_from(form.parent_id.data))
    # What the parent gives away counts in the preview, just as it will when the reply is posted.
    writer = writer_in(member.id, thread, parent)
    words = form.words(writer) if fits and form.accepts(parent) else None
    if words is None:
        return invalid(show_composer(thread, parent, form.offer(writer)))
    return show_composer(thread, parent, form.look(writer, member.display_name, words))


@bp.post("/books/<slug>/threads/preview")
@takes_pictures(NewThreadForm.characters)
def new_thread(slug: str) -> str | Response:
    """Show the first words of a new thread as others will see them, with its form."""
    form, member = NewThreadForm(), the_member()
    form.asks_about_doubt = False
    fits = form.validate_on_submit()
    book = load(Book, slug, to="discuss")
    writer = writer_on(member.id, book.id)
    words = form.words(writer) if fits else None
    if words is None:
        return invalid(render_template("threads/new.html", book=book, thread_form=form.offer(writer)))
    form.look(writer, member.display_name, words)
    return render_template("threads/new.html", book=book, thread_form=form)


@bp.post("/threads/new/preview")
@takes_pictures(NewThreadForm.characters)
def new_talk() -> str | Response:
    """Show the first words of a new conversation about no book as others will see them, with its form."""
    require("talk in", the_club())
    form, member = NewThreadForm(), the_member()
    form.asks_about_doubt = False
    writer = writer_on(member.id, None)
    words = form.words(writer) if form.validate_on_submit() else None
    if words is None:
        return invalid(render_template("threads/new.html", book=None, thread_form=form.offer(writer)))
    form.look(writer, member.display_name, words)
    return render_template("threads/new.html", book=None, thread_form=form)


@bp.post("/comments/<int:comment_id>/edit/preview")
@takes_pictures(CommentEditForm.characters)
def changed_comment(comment_id: int) -> str | Response:
    """Show an edited comment as others will see it, with its form."""
    form, member = CommentEditForm(), the_member()
    form.owner = Owner("comment", comment_id)
    form.asks_about_doubt = False
    fits = form.validate_on_submit()
    comment = load(Comment, comment_id, to="edit")
    writer, opens = writer_of(comment), opens_thread(comment)
    words = form.words(writer) if fits else None
    if words is None:
        page = render_template(
            "threads/comments/edit.html", comment=comment, form=form.offer(writer), opens=opens
        )
        return invalid(page)
    form.look(writer, member.display_name, words)
    return render_template("threads/comments/edit.html", comment=comment, form=form, opens=opens)
