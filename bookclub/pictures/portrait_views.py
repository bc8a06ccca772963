"""Views of the picture that members show of themselves."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from ..extensions import db, utcnow
from ..lib.text.messages import gettext as _
from ..members.models import Member
from ..web import invalid, load, the_member
from . import actions
from .forms import UploadForm
from .rules import PORTRAIT_WIDTHS, no_space_text, portrait_of
from .uploads import takes_one_picture

bp = Blueprint("portraits", __name__)


@bp.get("/settings/picture")
def edit() -> str:
    """Show the member's picture, with a form for another."""
    return _page(UploadForm(PORTRAIT_WIDTHS, formdata=None))


@bp.post("/settings/picture")
@takes_one_picture
def update() -> Response:
    """Take a picture as the member's own."""
    form = UploadForm(PORTRAIT_WIDTHS)
    if not form.validate_on_submit():
        return invalid(_page(form))
    member = load(Member, the_member().username, to="edit")
    try:
        number = actions.put(form.upload, portrait_of(member.id), member.id, utcnow())
    except actions.NoSpaceError:
        form.refuse(no_space_text())
        return invalid(_page(form))
    member.portrait_id = number or member.portrait_id
    db.session.commit()
    flash(_("This is your picture now. Members see it, visitors do not."), "good")
    return redirect(url_for("settings.show"), 303)


@bp.post("/settings/picture/removal")
def remove() -> Response:
    """Delete the member's picture; the initials stand again."""
    member = load(Member, the_member().username, to="edit")
    actions.take_away(portrait_of(member.id))
    member.portrait_id = None
    db.session.commit()
    flash(_("Your picture is deleted."), "good")
    return redirect(url_for("settings.show"), 303)


def _page(form: UploadForm) -> str:
    return render_template("pictures/portrait.html", form=form)
