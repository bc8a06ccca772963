"""Requests after the end of a session: whose session it was, and how their form is kept.

Two signed proofs name the member: a field in every form on their pages, and their id in the session cookie,
which outlives the session on the server.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request, session, url_for
from flask_login import logout_user, user_logged_in
from itsdangerous import BadSignature, Signer, URLSafeSerializer
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from .body_limits import limit_of
from .config import SMALL
from .extensions import begin_write, db, is_trouble_with_storage, utcnow
from .forms import secret_names
from .members.models import Member
from .members.queries import LARGEST_KEY, member_by_id
from .sealed_forms import actions as sealed_forms_actions
from .sealed_forms import rules as sealed_forms_rules

PROOF = "from_member"
# Forms of these endpoints start and end sessions, so there is nothing to come back to.
NEVER_SEALED = frozenset({"sessions.destroy"})


# The member of an ended session.


def proof_of(member: Member | None) -> str | None:
    """Return the signed value by which a form names the member of its page; None on a visitor's page."""
    return _proof(current_app.secret_key, member.id) if member else None


def mark_of(member: Member | None) -> str:
    """Return an opaque name of a member for scripts on their pages; "" for a visitor."""
    if member is None:
        return ""
    return Signer(current_app.secret_key or "", salt="reader").get_signature(str(member.id)).decode()


def member_of_form() -> int | None:
    """Return the id of the member on whose page the sent form was; None if it does not say."""
    try:
        member_id = _serializer(current_app.secret_key).loads(_form().get(PROOF, ""))
    except (BadSignature, HTTPException):  # The proof is forged, or the form is too long to read.
        return None
    return member_id if isinstance(member_id, int) and 0 < member_id <= LARGEST_KEY else None


def note_member(member: Member) -> None:
    """Store in the cookie whose session it is."""
    # Only a change is written: writing sets the cookie again with every answer.
    if session.get("member_id") != member.id:
        session["member_id"] = member.id


def is_from_elsewhere() -> bool:
    """Return whether the browser says that another site sent this request."""
    site, origin = request.headers.get("Sec-Fetch-Site", ""), request.headers.get("Origin", "")
    # Compared as text: an origin has no path, and one that is not an address at all is from elsewhere, too.
    is_other = bool(origin) and origin.partition("://")[2] != request.host
    return site in ("cross-site", "same-site") or is_other


@lru_cache(maxsize=1000)
def _proof(key: str | bytes | None, member_id: int) -> str:
    """Sign a member's id; cached, because a page has many forms."""
    return str(_serializer(key).dumps(member_id))


def _serializer(key: str | bytes | None) -> URLSafeSerializer:
    return URLSafeSerializer(key or "", salt="form of a member")


# The form that came too late.


@dataclass(frozen=True)
class Kept:
    """A form that came too late: its member, if known, and the page where it is kept, if it could be."""

    member: Member | None
    page: str | None = None

    @property
    def stays(self) -> bool:
        """Return whether a member's form exists only on the page that it was sent from."""
        return self.member is not None and self.page is None


def keep_form(page: str | None) -> Kept:
    """Seal the sent form for the member whose session has ended. ``page`` is the page it was on."""
    member = _former_member()
    token = _seal(member, page) if member else None
    return Kept(member, url_for("sealed_forms.show", token=token) if token else None)


def say_here() -> Response:
    """Return the answer that says, on the page itself, that its member is signed out."""
    return make_response(render_template("errors/signed_out_notice.html"), 401)


def say_signed_out(sign_in: str, kept: Kept) -> Response:
    """Return the page for a form without a script; it says whether the typed text is kept."""
    html = render_template("errors/signed_out.html", sign_in=sign_in, is_kept=kept.page is not None)
    return make_response(html, 401)


def _former_member() -> Member | None:
    """Return the member whose session has ended. If they may not come back, the cookie forgets them."""
    # Another site must not be able to store forms in a member's name.
    if is_from_elsewhere():
        return None
    # The form comes first: someone else may have signed in with this browser since the page was loaded.
    member_id = member_of_form() or session.get("member_id")
    member = member_by_id(member_id) if member_id else None
    db.session.close()
    if member is not None and not member.is_active:
        session.clear()
        logout_user()
    return member


def _seal(member: Member, page: str | None) -> str | None:
    """Keep the sent form for this member and return its token; None if it cannot be kept."""
    fields, has_files = fields_sent()
    packed = None if fields is None else sealed_forms_rules.pack(fields)
    # Latin-1 keeps every byte of the query as it came.
    address = request.path, request.query_string.decode("latin-1")
    is_known = request.routing_exception is None and request.endpoint not in NEVER_SEALED
    if not (member.is_active and is_known and packed and sealed_forms_rules.is_plain("?".join(address))):
        return None
    if page is not None and not sealed_forms_rules.is_plain(page):
        page = None
    try:
        begin_write()
        token = sealed_forms_actions.seal(member, address, page, packed, utcnow(), has_files=has_files)
        db.session.commit()
    except DBAPIError as problem:
        # Trouble with storage must not cost the words as well: they stay on the page that they were sent
        # from.
        db.session.rollback()
        if not is_trouble_with_storage(problem):
            raise
        return None
    return token


def fields_sent() -> tuple[sealed_forms_rules.Fields | None, bool]:
    """Return the fields that can be shown again, and whether files came with them.

    The fields are None if the body is too large to read. A body with files may consist of nothing else.
    """
    brings_files = request.mimetype == "multipart/form-data"
    try:
        fields = sealed_forms_rules.fields_to_keep(_form().items(multi=True), {PROOF, *secret_names()})
    except HTTPException:
        return [] if brings_files else None, brings_files
    # A field for a file that was left empty arrives as a file without a name.
    has_files = _is_large_file() or any(file.filename for file in request.files.values())
    return fields, brings_files and has_files


def _form() -> MultiDict[str, str]:
    """Return the sent fields; none if a large file came with them, because it is not read for them."""
    return MultiDict() if _is_large_file() else request.form


def _is_large_file() -> bool:
    """Return whether the body is a large file, with short fields at most."""
    limit = limit_of(current_app, request.endpoint, request.mimetype)
    return limit.is_file and (request.content_length or 0) > SMALL


def init_app(app: Flask) -> None:
    """Note in the cookie who has signed in, whichever way they did."""

    def note(_app: Flask, user: Any, **_more: Any) -> None:
        note_member(user)

    user_logged_in.connect(note, app, weak=False)
