"""View of a form that was sent after its member's session had ended."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from ..dry_run import Rehearsal, rehearse
from ..extensions import db, utcnow
from ..lib.text.messages import lazy_gettext
from ..web import the_member
from . import queries, rules
from .models import SealedForm

bp = Blueprint("sealed_forms", __name__)
blueprints = (bp,)

WORDS = lazy_gettext("You were signed out before this was sent. Check it and send it again.")
WORDS_AND_FILES = lazy_gettext(
    "You were signed out before this was sent. Files are not kept: choose yours again, check the form and "
    "send it."
)
PRESS_AGAIN = lazy_gettext(
    "You were signed out before that was done. Press the button again if you still want it."
)


@bp.get("/sealed-forms/<token>")
def show(token: str) -> Response:
    """Show a member their form as they typed it. Everybody else is sent home, as if there were none."""
    form = queries.sealed_form(token, the_member().id, utcnow())
    # note_shown() and the rehearsal need transactions of their own.
    db.session.close()
    if form is None:
        return redirect(url_for("home.show"), 303)
    queries.note_shown(form, utcnow())
    fields = rules.unpack(form.fields)
    words = str(WORDS_AND_FILES if form.has_files else WORDS)
    rehearsal = rehearse((form.path, form.query), form.page, fields, words)
    return answer_with(rehearsal, form, fields)


def answer_with(rehearsal: Rehearsal, form: SealedForm, fields: rules.Fields) -> Response:
    """Return the form on its own page, its texts to copy if it has none any more, or the page of a button."""
    if rehearsal.answer is not None:
        # A form that counts as invalid comes back as 422, but this GET has not failed.
        rehearsal.answer.status_code = 200 if rehearsal.shows_form else rehearsal.answer.status_code
        return rehearsal.answer
    # A form without visible fields is a button, which would have done something just now.
    is_button = rehearsal.would_write and not rehearsal.labels
    texts = [] if is_button else rules.texts_to_copy(fields, rehearsal.labels)
    if texts:
        return make_response(render_template("sealed_forms/show.html", texts=texts, page=form.page))
    flash(str(PRESS_AGAIN))
    return redirect(form.page or url_for("home.show"), 303)
