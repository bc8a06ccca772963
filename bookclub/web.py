"""Shared parts of all views: the current member, the guard, and load, answer and invalid.

No other module reads HX- headers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast

from flask import (
    Request,
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from . import ended_sessions
from .addresses import local_path
from .extensions import begin_write, csrf, db, login_manager, utcnow
from .lib.positions.visibility import Viewer
from .lib.text.characters import clean_text
from .members import queries as accounts
from .members.models import Club, Member
from .members.queries import LARGEST_KEY
from .permissions import LOADERS, may, why_not
from .visits import note_page

View = TypeVar("View", bound=Callable[..., Any])
Row = TypeVar("Row")
READS = frozenset({"GET", "HEAD", "OPTIONS"})


class FormRequest(Request):
    """A request with a form or nothing: Flask-WTF would take JSON of any shape for a form."""

    is_json = False

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The values of the query string, cleaned as typed text is."""
        asked = super().args.items(multi=True)
        return ImmutableMultiDict((name, clean_text(value)) for name, value in asked)


def current_member() -> Member | None:
    """Return the member who asks, detached from any transaction; None for a visitor."""
    return cast(Member, current_user._get_current_object()) if current_user.is_authenticated else None


def the_member() -> Member:
    """Return the member who asks, in a view that the guard keeps from visitors."""
    member = current_member()
    if member is None:
        abort(403)
    return member


def current_viewer() -> Viewer:
    """Return the person who asks, as queries need to know them."""
    member = current_member()
    return Viewer(member.id, member.new_since) if member else Viewer()


def the_club() -> Club:
    """Return the club's settings as they were when this request began."""
    if "club" not in g:
        g.club = accounts.the_club()
    return cast(Club, g.club)


def time_zone() -> str:
    """Return the time zone of the person who asks: their own, or the club's."""
    if "time_zone" not in g:
        member = current_member()
        g.time_zone = (member and member.time_zone) or the_club().time_zone
    return cast(str, g.time_zone)


def go_by_clocks_of(member: Member) -> None:
    """Show this page's times by the clocks of a member who need not be the one who asks."""
    g.time_zone = member.time_zone or the_club().time_zone


def is_htmx() -> bool:
    """Return whether htmx asks, and so wants a fragment."""
    return request.headers.get("HX-Request") == "true"


# The guard.


def is_shown() -> bool:
    """Return whether this request shows its page to somebody: it is a GET, and the browser does not guess."""
    # A HEAD request shows nothing, nor does a page that is fetched before anybody has asked for it.
    asked_for = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    return request.method == "GET" and "prefetch" not in asked_for


def always_open(view: View) -> View:
    """Mark a view that visitors can open in every club: the front page, signing in and up, healthz."""
    view.openness = "always"  # type: ignore[attr-defined]
    return view


def open_to_visitors(view: View) -> View:
    """Mark a view that visitors can open in a public club."""
    view.openness = "public"  # type: ignore[attr-defined]
    return view


def open_by_link(view: View) -> View:
    """Mark a view that a signed link in its address opens, to whoever has it.

    Its forms work without cookies: no other site knows the token in their address, so they need no second.
    """
    csrf.exempt(view)
    return always_open(view)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def member_of_session(token: str) -> Member | None:
    """Load the member together with their session and the club, for Flask-Login."""
    found = accounts.session_with_owner(token)
    if found is None:
        return None
    g.club, member, g.member_session = found
    member.session_token = token  # type: ignore[misc]
    return member


def guard() -> BaseResponse | None:
    """Load the member who asks, and refuse visitors every view that is not marked as open to them.

    It reads in a transaction of its own and closes it, so that the view decides how its own begins.
    """
    # The sign-in page needs them, and they tell nothing.
    if request.endpoint == "static":
        return None
    if isinstance(request.routing_exception, BadRequest):
        raise request.routing_exception  # No host can have that name, so no address can be made for it.
    member, club = current_member(), the_club()
    db.session.close()
    if member is not None:
        ended_sessions.note_member(member)
        if request.method == "GET":
            note_page(member, g.member_session, utcnow())
        return None
    # A dead token leaves the browser's cookies alone, because another tab may just have received new ones.
    session.modified = False
    openness = getattr(current_app.view_functions.get(request.endpoint or ""), "openness", None)
    # A private club answers unknown addresses like all others, so a visitor cannot find out what exists. In a
    # public one they are 404.
    unknown = request.routing_exception is not None
    if openness == "always" or (club.is_public and (openness == "public" or unknown)):
        return None
    return sign_in_first()


def sign_in_first() -> BaseResponse:
    """Send a visitor to the sign-in page and back, without losing anything that they typed."""
    if request.headers.get("Unasked") == "true":
        return ended_sessions.say_here()  # Nobody clicked, so nobody wants to leave the page.
    reads, htmx = request.method in READS, is_htmx()
    if reads and not htmx:
        # full_path ends with “?” even if there is no query.
        return redirect(url_for("sessions.new", next=request.full_path.rstrip("?")), 303)
    page = local_path(request.headers.get("HX-Current-URL") if htmx else request.referrer)
    kept = ended_sessions.Kept(None) if reads else ended_sessions.keep_form(page)
    sign_in = url_for("sessions.new", next=kept.page or page)
    if not htmx:
        return ended_sessions.say_signed_out(sign_in, kept)
    # The words are nowhere but on that page, so it must not be left.
    if kept.stays:
        return ended_sessions.say_here()
    answer = make_response("", 401)
    # The browser would follow a plain redirect, and htmx would put the sign-in page inside the thread.
    answer.headers["HX-Redirect"] = sign_in
    return answer


# Load, answer, invalid


def load(model: type[Row], key: int | str, *, to: str) -> Row:
    """Fetch and authorise the row that a view acts on.

    ``to`` is a verb of ``permissions.RULES``. Aborts with 404 if the row does not exist or the person who
    asks may not know that it does, and with 403 if they may not do this. In a request that writes, it opens
    the writing transaction and locks the row until that ends.
    """
    if isinstance(key, int) and key > LARGEST_KEY:
        abort(404)  # PostgreSQL refuses to look up a key that it could not store.
    writes = request.method not in READS
    if writes:
        begin_write()
    # A page that only shows a row takes no lock, and makes nobody wait.
    row = LOADERS[model](key, lock=writes)
    member = current_member()
    if row is None or not may(member, "see", row):
        abort(404)
    if not may(member, to, row):
        abort(403, why_not(to, row))
    return cast(Row, row)


def require(verb: str, row: object) -> None:
    """Abort with 403 unless the person who asks may do this."""
    if not may(current_member(), verb, row):
        abort(403)


def require_public() -> None:
    """Abort with 404 in a private club: what is made for everybody does not exist there."""
    if not the_club().is_public:
        abort(404)


def answer(template: str, *, otherwise: str, words: str | None = None, **context: Any) -> BaseResponse:
    """Answer a successful write: a fragment for htmx, otherwise a redirect to ``otherwise``.

    ``words`` say what was done. The fragment announces them; after a redirect the next page shows them, and
    an ``offer``.
    """
    if is_htmx():
        return make_response(render_template(template, words=words, **context))
    for category, said in (("good", words), ("offer", context.get("offer"))):
        if said:
            flash(said, category)
    return redirect(otherwise, 303)


def invalid(page: str) -> Response:
    """Answer with a page that shows the invalid form, its errors beside the fields and the typed text kept.

    Nothing of the request is saved. htmx picks the form out of the page with ``hx-status:422="select:…"``.
    """
    db.session.rollback()
    return make_response(page, 422)


def forbid_caching(page: Response) -> Response:
    """Keep a page with a text revealed on purpose out of every cache and index."""
    page.headers["Cache-Control"] = "no-store"
    page.headers["X-Robots-Tag"] = "noindex"
    return page


def keep_address_secret(page: BaseResponse) -> BaseResponse:
    """Keep a page whose address holds a token out of every cache and index, and its address to itself."""
    page.headers["Cache-Control"] = "no-store"
    page.headers["X-Robots-Tag"] = "noindex"
    # Not no-referrer: over https, a form on this page would be refused as one from another site.
    page.headers["Referrer-Policy"] = "strict-origin"
    return page
