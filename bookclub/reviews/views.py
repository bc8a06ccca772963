"""Views of reviews: create, show, edit, preview and delete them."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..books.models import Book
from ..edit_forms import Latest
from ..extensions import db, utcnow
from ..lib.positions.contents import NO_CONTENTS
from ..lib.positions.measures import Measures
from ..lib.text.cursors import row_id_from
from ..lib.text.messages import gettext as _
from ..lib.text.pictures import Owner
from ..pictures.signatures import sign_pictures
from ..pictures.uploads import takes_pictures
from ..reactions import actions as reactions
from ..reactions.bars import answer_with_bar, refuse
from ..reactions.forms import reaction_sent
from ..readings import actions as readings
from ..readings.queries import contents_of, own_reading, reading_to_edit
from ..threads.bookmark_queries import note_seen
from ..threads.composer import Writer
from ..threads.forms import ReasonForm, comment_form_for
from ..threads.queries import conversation
from ..threads.writer_queries import writer_on
from ..web import (
    current_member,
    current_viewer,
    forbid_caching,
    invalid,
    is_shown,
    load,
    open_to_visitors,
    the_member,
)
from . import actions, queries
from .draft_queries import draft_of
from .forms import ReviewForm, edit_form_for, form_for
from .models import Review

bp = Blueprint("reviews", __name__)


@bp.get("/books/<slug>/reviews/new")
def new(slug: str) -> str | Response:
    """Show the form for a new review, or the review that the member already has."""
    book = load(Book, slug, to="review")
    mine = queries.own_review(current_viewer(), book.id)
    if mine is not None:
        return redirect(url_for(".edit", review_id=mine.id))
    draft = draft_of(the_member().id, book.id)
    form = form_for(draft, own_reading(current_viewer(), book.id), writer_on(the_member().id, book.id))
    return render_template("reviews/new.html", book=book, form=form, draft=draft)


@bp.post("/books/<slug>/reviews/new")
@takes_pictures(ReviewForm.characters)
def create(slug: str) -> Response:
    """Publish a review."""
    form, member = ReviewForm(), the_member()
    # Rendering is slow, so the form is validated before load() opens the writing transaction.
    fits = form.validate_on_submit()
    book = load(Book, slug, to="review")
    writer = writer_on(member.id, book.id)
    # The draft is locked so that it cannot change between the merge and its deletion.
    draft = draft_of(member.id, book.id, lock=True)
    sent = queries.review_sent(current_viewer(), form.sent_as or "")
    # Going back in the browser shows the form with its old key. With other words it goes on below.
    if fits and sent and sent.body == form.text:
        return redirect(url_for(".show", review_id=sent.id), 303)
    mine = queries.own_review(current_viewer(), book.id)
    reading = own_reading(current_viewer(), book.id)
    # With a review already there, the page offers to edit that, and there is nothing to merge.
    fits = fits and (mine is not None or form.merge_with_draft(draft, reading, writer))
    words = form.words(writer) if fits else None
    if words is None or mine is not None:
        form.offer(writer)
        return invalid(render_template("reviews/new.html", book=book, form=form, mine=mine, draft=draft))
    now, submission = utcnow(), None if sent else form.sent_as
    # A draft that another tab has saved since holds other words, and stays.
    made_from = draft if draft and draft.submission == form.submission.data else None
    review = actions.add_review(
        book.id, member, form.title.data, form.summary.data, words, now, submission, draft=made_from
    )
    actions.tell_mentioned(review, now)
    readings.record_review(member, book, now, form.half_stars, finished=form.finished.data)
    if made_from:
        actions.drop_draft(made_from)
    db.session.commit()
    return redirect(url_for(".show", review_id=review.id), 303)


@bp.get("/reviews/<int:review_id>")
@open_to_visitors
def show(review_id: int) -> str | Response:
    """Show a review with its thread. A locked one shows its placeholder.

    A review that was merged into another one redirects to that.
    """
    review = load(Review, review_id, to="see")
    if review.became_id is not None:
        after, at = (row_id_from(request.args.get(key)) for key in ("after", "at"))
        # The redirect is temporary, since a merger can be undone for a week.
        return redirect(url_for(".show", review_id=review.became_id, after=after, at=at), 302)
    return review_page(review)


@bp.get("/reviews/<int:review_id>/reveal")
def reveal(review_id: int) -> Response:
    """Show this one review to a member who asks for it on purpose, and remember nothing."""
    return forbid_caching(make_response(review_page(load(Review, review_id, to="reveal"), revealed=True)))


@bp.post("/reviews/<int:review_id>/reactions")
def react(review_id: int) -> Response:
    """Set the member's reaction to a review, or take it back."""
    form = reaction_sent()
    fits = form.validate_on_submit()
    review = load(Review, review_id, to="react")
    row = queries.review_row(current_viewer(), review.id)
    refuse(row, fits)
    reactions.react(the_member(), form.kind.data or "", utcnow(), on=form.is_on, review_id=review.id)
    db.session.commit()
    place = url_for(".show", review_id=review.id, _anchor=f"reactions-review-{review.id}")
    return answer_with_bar(row, review.thread, form, otherwise=place)


def review_page(review: Review, *, revealed: bool = False) -> str:
    """Return the page of a review: its words or placeholder, and the visible part of its thread."""
    place = {key: row_id_from(request.args.get(key)) for key in ("after", "at")}
    talk = conversation(current_viewer(), review.thread, **place)
    row = queries.review_row(current_viewer(), review.id, revealed=revealed)
    if row and row.html and revealed:
        row = replace(row, html=sign_pictures(row.html, the_member().id))
    # A revealed text was not unlocked.
    if is_shown() and row and not revealed:
        note_seen(current_viewer(), talk, utcnow())
    contents = contents_of(review.book_id) if current_member() else NO_CONTENTS
    return render_template(
        "reviews/show.html",
        review=row,
        book=review.book,
        thread=review.thread,
        talk=talk,
        contents=contents,
        # Chapters are enough to show the choices. Lengths are only needed when a typed place arrives.
        form=comment_form_for(Writer(talk.mark, Measures(contents), least=review.thread.floor)),
    )


@bp.route("/reviews/<int:review_id>/edit", methods=["GET", "POST"])
@takes_pictures(ReviewForm.characters)
def edit(review_id: int) -> str | Response:
    """Edit one's own review; its former words are kept as a revision."""
    form, member = ReviewForm(), the_member()
    form.owner = Owner("review", review_id)
    fits = form.validate_on_submit()
    review = load(Review, review_id, to="edit")
    writer = writer_on(member.id, review.book_id, lifted=review.lifted_horizon)
    # A GET must not lock a row.
    reading = (own_reading if request.method == "GET" else reading_to_edit)(current_viewer(), review.book_id)
    fresh = edit_form_for(review, reading, writer)
    if request.method == "GET":
        return render_template("reviews/edit.html", review=review, form=fresh)
    words = form.words(writer) if fits and form.merge(fresh, Latest(when=review.edited_at)) else None
    if words is None:
        return invalid(render_template("reviews/edit.html", review=review, form=form.offer(writer)))
    now = utcnow()
    actions.edit_review(review, form.title.data, form.summary.data, words, now)
    readings.record_review(member, review.book, now, form.half_stars, finished=form.finished.data)
    db.session.commit()
    flash(_("Your changes are saved."), "good")
    return redirect(url_for(".show", review_id=review_id), 303)


@bp.post("/books/<slug>/reviews/preview")
@takes_pictures(ReviewForm.characters)
def preview(slug: str) -> str | Response:
    """Show a new review as others will see it, with its form. Nothing is saved."""
    form, member = ReviewForm(), the_member()
    # A preview posts nothing, so it does not ask about open spoilers.
    form.asks_about_doubt = False
    fits = form.validate_on_submit()
    book = load(Book, slug, to="review")
    writer = writer_on(member.id, book.id)
    words, draft = form.words(writer) if fits else None, draft_of(member.id, book.id)
    if words is None:
        form.offer(writer)
        return invalid(render_template("reviews/new.html", book=book, form=form, draft=draft))
    form.look(writer, member.display_name, words)
    return render_template("reviews/new.html", book=book, form=form, draft=draft)


@bp.post("/reviews/<int:review_id>/edit/preview")
@takes_pictures(ReviewForm.characters)
def preview_edit(review_id: int) -> str | Response:
    """Show an edited review as others will see it, with its form. Nothing is saved."""
    form, member = ReviewForm(), the_member()
    form.owner = Owner("review", review_id)
    form.asks_about_doubt = False
    fits = form.validate_on_submit()
    review = load(Review, review_id, to="edit")
    writer = writer_on(member.id, review.book_id, lifted=review.lifted_horizon)
    words = form.words(writer) if fits else None
    if words is None:
        return invalid(render_template("reviews/edit.html", review=review, form=form.offer(writer)))
    form.look(writer, member.display_name, words)
    return render_template("reviews/edit.html", review=review, form=form)


@bp.get("/reviews/<int:review_id>/revisions")
@open_to_visitors
def revisions(review_id: int) -> str:
    """Show the former versions of an edited review."""
    review = load(Review, review_id, to="see")
    return render_template(
        "reviews/revisions.html",
        review=queries.review_row(current_viewer(), review.id),
        revisions=queries.revisions(current_viewer(), review),
        contents=contents_of(review.book_id) if current_member() else NO_CONTENTS,
    )


@bp.route("/reviews/<int:review_id>/deletion", methods=["GET", "POST"])
def delete(review_id: int) -> str | Response:
    """Delete one's own review, after asking for confirmation. Its thread stays."""
    review = load(Review, review_id, to="delete")
    if request.method == "GET":
        return render_template("reviews/delete.html", review=review)
    actions.delete_review(review, utcnow())
    db.session.commit()
    flash(_("Your review is deleted."), "good")
    return redirect(url_for("books.show", slug=review.book.slug), 303)


@bp.route("/reviews/<int:review_id>/removal", methods=["GET", "POST"])
def remove(review_id: int) -> str | Response:
    """Remove someone's review as a moderator, with a reason that all members can read."""
    form = ReasonForm()
    fits = form.validate_on_submit()
    review = load(Review, review_id, to="remove")
    if not fits:
        page = render_template("reviews/remove.html", review=review, form=form)
        return page if request.method == "GET" else invalid(page)
    actions.delete_review(review, utcnow(), moderator=the_member(), reason=form.reason.data)
    db.session.commit()
    flash(_("The review is removed."), "good")
    return redirect(url_for(".show", review_id=review_id), 303)
