"""Views of the club's picture."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from ..extensions import begin_write, db, utcnow
from ..lib.text.messages import gettext as _
from ..members.models import Club
from ..members.queries import member_by_id
from ..web import invalid, load, require, the_club, the_member
from . import actions
from .forms import UploadForm
from .rules import EMBLEM_WIDTHS, emblem_of_club, no_space_text
from .uploads import takes_one_picture

bp = Blueprint("emblem", __name__)


@bp.get("/club/picture")
def edit() -> str:
    """Show the club's picture, with a form for another."""
    require("edit", the_club())
    return _page(UploadForm(EMBLEM_WIDTHS, formdata=None))


@bp.post("/club/picture")
@takes_one_picture
def update() -> Response:
    """Take a picture as the club's."""
    require("edit", the_club())
    form, member = UploadForm(EMBLEM_WIDTHS), the_member()
    if not form.validate_on_submit():
        return invalid(_page(form))
    begin_write()
    member_by_id(member.id, lock=True)
    club = load(Club, 1, to="edit")
    try:
        number = actions.put(form.upload, emblem_of_club(), member.id, utcnow())
    except actions.NoSpaceError:
        form.refuse(no_space_text())
        return invalid(_page(form))
    club.picture_id = number or club.picture_id
    db.session.commit()
    flash(_("This is the club’s picture now."), "good")
    return redirect(url_for("club.settings"), 303)


@bp.post("/club/picture/removal")
def remove() -> Response:
    """Delete the club's picture."""
    club = load(Club, 1, to="edit")
    actions.take_away(emblem_of_club())
    club.picture_id = None
    db.session.commit()
    flash(_("The club’s picture is deleted."), "good")
    return redirect(url_for("club.settings"), 303)


def _page(form: UploadForm) -> str:
    return render_template("pictures/emblem.html", form=form)
