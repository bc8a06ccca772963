"""View of one copy of a picture."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, request

from ..members.queries import LARGEST_KEY
from ..web import current_viewer, open_to_visitors
from . import queries
from .pages import is_shown
from .signatures import is_signed

bp = Blueprint("pictures", __name__)


@bp.get("/pictures/<int:picture_id>/<int:width>.webp")
@open_to_visitors
def show(picture_id: int, width: int) -> Response:
    """Show a copy of a picture to those who may see its post."""
    picture = queries.picture(picture_id) if max(picture_id, width) <= LARGEST_KEY else None
    viewer, signature = current_viewer(), request.args.get("revealed", "")
    revealed = bool(signature and viewer.id and is_signed(signature, picture_id, viewer.id))
    # This comes before everything else, so that no answer tells that there is a picture, not even a 304.
    if picture is None or not is_shown(picture, revealed=revealed):
        abort(404)
    tag = f"{picture.digest[:16]}-{width}"
    if request.if_none_match.contains(tag) and queries.has_copy(picture_id, width):
        answer = make_response("", 304)
    else:
        copy = queries.copy_of(picture_id, width)
        if copy is None:
            abort(404)
        answer = make_response(copy.content)
        answer.mimetype = "image/webp"
    answer.set_etag(tag)
    # A browser may keep it, but asks each time whether its reader may still see it.
    answer.headers["Cache-Control"] = "private, no-cache"
    if revealed:
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex"
    return answer


blueprints = (bp,)
