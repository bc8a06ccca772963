"""View of one copy of a picture."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, request

from ..members.queries import LARGEST_KEY
from ..web import current_viewer, open_to_visitors, the_club
from . import queries, rules
from .emblem_views import bp as emblem
from .models import Picture, PictureCopy
from .pages import is_shown
from .portrait_views import bp as portraits
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
    if (widths := _widths(picture)) and width not in widths:
        abort(404)
    tag = f"{picture.digest[:16]}-{width}"
    if request.if_none_match.contains(tag) and (widths or queries.has_copy(picture_id, width)):
        answer = make_response("", 304)
    else:
        copy = _copy(picture, width)
        if copy is None:
            abort(404)
        answer = make_response(copy.content)
        answer.mimetype = "image/webp"
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = _caching(picture)
    if revealed:
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _widths(picture: Picture) -> tuple[int, ...]:
    """Return the widths by which pages ask for a picture of a book, a member or the club; none for others.

    A page does not know how wide such a picture really is.
    """
    if picture.book_id is not None:
        return rules.COVER_WIDTHS
    if picture.portrait_of_id is not None:
        return rules.PORTRAIT_WIDTHS
    return rules.EMBLEM_WIDTHS if picture.of_club else ()


def _copy(picture: Picture, width: int) -> PictureCopy | None:
    find = queries.copy_near if _widths(picture) else queries.copy_of
    return find(picture.id, width)


def _caching(picture: Picture) -> str:
    """Return the Cache-Control of a picture: who keeps it, and how long.

    An address always shows the same: another cover has another one.
    """
    is_for_all = picture.book_id is not None or picture.of_club
    is_open = is_for_all and the_club().is_public
    # An answer to a member may bring a cookie of theirs, which no proxy may keep.
    audience = "private" if not is_open or current_viewer().is_member else "public"
    if is_open:
        terms = [f"max-age={rules.KEPT_FOR_SECONDS}", "immutable"]
    elif is_for_all or picture.portrait_of_id is not None:
        terms = [f"max-age={rules.KEPT_PRIVATELY_FOR_SECONDS}"]
    else:
        # A browser may keep it, but asks each time whether its reader may still see it.
        terms = ["no-cache"]
    return ", ".join([audience, *terms])


blueprints = (bp, portraits, emblem)
