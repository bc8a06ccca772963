"""Size limits for request bodies: each view has a limit that follows from the fields of its form.

``bookclub serve`` asks limit_for() as soon as it has the headers, so that a body that is too large is never
received. Under another server bound_body() does the same before the form is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http.cookies import CookieError
from typing import Any, TypeVar

from flask import Flask, Request, abort, current_app, request, session
from flask_login import COOKIE_NAME
from flask_login.utils import decode_cookie
from werkzeug.exceptions import HTTPException

from .config import SMALL
from .lib.text.messages import gettext as _
from .lib.text.messages import number_text

View = TypeVar("View", bound=Callable[..., Any])

KIBIBYTE = 1024
MEBIBYTE = 1024 * KIBIBYTE
# A character has at most four bytes in UTF-8, and each is percent-encoded as three.
BYTES_A_CHARACTER = 12
# Space for the names of fields, for tokens, choices and short fields.
AROUND = 32 * KIBIBYTE
# No form without a file is larger. The README's sample configurations for proxies state this limit and the
# one for files.
LARGEST_TEXT = 2 * MEBIBYTE
# This key marks the session of a browser in which a member has signed out; it does not say which member.
SIGNED_OUT = "signed_out"
# Werkzeug takes files out of a form in chunks of this size, in bytes. The limit for the fields beside them
# bounds what it holds at a time, which is one chunk and the end of the one before.
CHUNK = 64 * KIBIBYTE
# The type of a form that can bring files.
WITH_FILES = "multipart/form-data"
# The server sets this key in the environment of a request whose body it did not receive.
REFUSED = "bookclub.body_refused"


@dataclass(frozen=True)
class Limit:
    """The largest size of a body in bytes, and the function that words the refusal of a larger one.

    ``with_files`` is the limit of the same form where it brings files, and may be larger by them alone.
    """

    bytes: int
    words: Callable[[], str]
    is_file: bool = False
    with_files: Limit | None = None


SMALL_FORM = Limit(
    SMALL,
    lambda: _(
        "This form takes at most %(most)s kB. Go back, shorten what you wrote and send it again.",
        most=number_text(SMALL // KIBIBYTE),
    ),
)


def takes_text(characters: int) -> Callable[[View], View]:
    """Mark a view whose form has long fields, for this many characters in all.

    Raises ValueError if they do not fit into LARGEST_TEXT.
    """
    limit = Limit(
        max(SMALL, characters * BYTES_A_CHARACTER + AROUND),
        lambda: _(
            "This form takes at most %(most)s characters. Go back: what you wrote is still in the form. "
            "Shorten it and send it again.",
            most=number_text(characters),
        ),
    )
    if limit.bytes > LARGEST_TEXT:
        raise ValueError(f"{characters} characters are more than LARGEST_TEXT has room for")
    return _marked(limit)


def takes_text_and_files(characters: int, largest: int, words: Callable[[], str]) -> Callable[[View], View]:
    """Mark a view whose form has long fields, and may bring files of up to ``largest`` bytes together."""

    def mark(view: View) -> View:
        takes_text(characters)(view)
        text: Limit = view.body_limit  # type: ignore[attr-defined]
        return _marked(replace(text, with_files=Limit(text.bytes + largest, words)))(view)

    return mark


def takes_files(largest: int, words: str) -> Callable[[View], View]:
    """Mark a view that accepts files of up to ``largest`` bytes; ``words`` refuse a larger body."""
    return _marked(Limit(largest, lambda: str(words), is_file=True))


def limit_of(app: Flask, endpoint: str | None, mimetype: str = "") -> Limit:
    """Return the limit of the view behind an endpoint; that of a small form if no view matches."""
    found = getattr(app.view_functions.get(endpoint or ""), "body_limit", SMALL_FORM)
    assert isinstance(found, Limit)
    return found.with_files if found.with_files and mimetype == WITH_FILES else found


def limit_for(app: Flask, environ: Mapping[str, Any]) -> Limit:
    """Return the limit for a request from its headers alone, without asking the database.

    Someone without a cookie that this club signed has not been a member, so they have nothing larger than a
    small form to send.
    """
    try:
        # WSGI passes the bytes of the path as Latin-1 (PEP 3333).
        path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
        endpoint, _values = app.url_map.bind("localhost").match(path, environ["REQUEST_METHOD"])
    except HTTPException:
        return SMALL_FORM
    asking = Request(dict(environ))
    limit = limit_of(app, endpoint, asking.mimetype)
    if limit.bytes <= SMALL or _is_signed(app, asking):
        return limit
    return SMALL_FORM


def bound_body() -> None:
    """Apply the limit of its view to this request; abort with 413 if the body is larger already."""
    endpoint = request.endpoint if request.routing_exception is None else None
    limit = limit_of(current_app, endpoint, request.mimetype)
    if limit.bytes > SMALL and not _has_cookie(request, _is_from_member(session)):
        limit = SMALL_FORM
    request.max_content_length = limit.bytes
    # The fields that go with a file are short, unless the same form takes them without one.
    fields = SMALL if limit.is_file else min(limit.bytes, limit_of(current_app, endpoint).bytes)
    request.max_form_memory_size = max(fields, 2 * CHUNK) if limit.bytes > SMALL else fields
    if request.environ.get(REFUSED) or (request.content_length or 0) > limit.bytes:
        abort(413, limit.words())


def _marked(limit: Limit) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.body_limit = limit  # type: ignore[attr-defined]
        return view

    return mark


def _is_signed(app: Flask, asking: Request) -> bool:
    try:
        opened = app.session_interface.open_session(app, asking)
    except (CookieError, ValueError):
        return False
    return _has_cookie(asking, _is_from_member(opened), app)


def _is_from_member(opened: Mapping[str, Any] | None) -> bool:
    """Return whether a member is signed in, or has just signed out and sends a form from another tab."""
    return bool(opened and (opened.get("_user_id") or opened.get(SIGNED_OUT)))


def _has_cookie(asking: Request, is_from_member: bool, app: Flask | None = None) -> bool:
    """Return whether the request brings a session or remember cookie that this club signed."""
    app = app or current_app
    if is_from_member:
        return True
    remembered = asking.cookies.get(app.config.get("REMEMBER_COOKIE_NAME", COOKIE_NAME))
    return bool(remembered) and decode_cookie(remembered, key=app.secret_key) is not None
