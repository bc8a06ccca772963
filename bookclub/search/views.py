"""View of the search."""

from __future__ import annotations

from time import monotonic

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from ..extensions import db
from ..members.rules import address_subject
from ..web import current_viewer, invalid, open_to_visitors, time_zone
from . import pages, throttle
from .forms import SearchForm
from .rules import HitPlace

bp = Blueprint("search", __name__)
blueprints = (bp,)


@bp.get("/search")
@open_to_visitors
def show() -> str | Response:
    """Search in everything that the reader may see."""
    viewer, began_at = current_viewer(), monotonic()
    form = SearchForm(request.args).offer(viewer)
    if not form.is_asked:
        return pages.show_form(form)
    form.validate()
    query, by = form.query(), form.narrowing(time_zone())
    if query is None or any(field.errors for field in form):
        return invalid(pages.show_form(form))
    if not throttle.may_search(viewer.id, address_subject(request.remote_addr)):
        answer = make_response(pages.show_form(form, is_too_often=True), 429)
        answer.headers["Retry-After"] = str(throttle.SECONDS)
        return answer
    page = pages.show_hits(form, query, by, HitPlace.parse(request.args.get("after")))
    db.session.close()
    throttle.rest(began_at)
    return page
