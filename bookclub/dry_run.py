"""Rehearsals: a POST is processed without being carried out, so that its form comes back as typed.

Every view answers an invalid form with the form on its own page. In a rehearsal every form counts as invalid
(forms.py), and the database accepts no write (extensions.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import current_app, flash, g, make_response, request, session
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from .extensions import RehearsedWriteError, db, rehearsing
from .forms import labels_seen

URL_ENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Rehearsal:
    """The answer to a rehearsed POST, or None if it came to none, and the labels of its form.

    ``would_write`` says that the rehearsal was stopped because it reached a write.
    """

    answer: Response | None
    labels: dict[str, str]
    would_write: bool = False

    @property
    def shows_form(self) -> bool:
        """Return whether the answer is a page with the form on it."""
        return self.answer is not None and self.answer.status_code in (200, 422)


def rehearse(
    address: tuple[str, str], page: str | None, fields: Iterable[tuple[str, str]], words: str
) -> Rehearsal:
    """Process a POST of the current member without carrying it out.

    ``address`` is the path and the query of the POST; ``page`` is the address of the page with the form, if
    known. ``words`` are flashed on the page that shows the form again.
    """
    outer = session
    before: dict[str, Any] = dict(outer)
    with current_app.request_context(_environ(*address, page)):
        # The body was read before, so its fields are put in its place.
        request.form, request.files = ImmutableMultiDict(fields), ImmutableMultiDict()
        # The inner request has a session of its own. It starts as a copy and is copied back at the end.
        session.clear()
        session.update(before)
        g.csrf_valid = True  # The form is refused anyway, and its token was not kept.
        flash(words)
        token = rehearsing.set(True)
        try:
            rehearsal = _dispatch()
        finally:
            rehearsing.reset(token)
            db.session.rollback()
        after = dict(session)
    # No page has shown the message, so it must not turn up on the next one.
    if not rehearsal.shows_form:
        after["_flashes"] = before.get("_flashes", [])
    outer.clear()
    outer.update(after)
    return rehearsal


def _environ(path: str, query: str, page: str | None) -> dict[str, Any]:
    """Return the environment of the present request, changed to an empty POST from ``page``."""
    return {
        **request.environ,
        "HTTP_REFERER": request.host_url.rstrip("/") + page if page else "",
        "REQUEST_METHOD": "POST",
        # WSGI passes the bytes of the path as Latin-1 (PEP 3333).
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "CONTENT_TYPE": URL_ENCODED,
        "CONTENT_LENGTH": "0",
        "wsgi.input": BytesIO(),
    }


def _dispatch() -> Rehearsal:
    try:
        answer = make_response(current_app.dispatch_request())
    except HTTPException:
        # What the form was about may be gone by now, or not the member's to change any more.
        return Rehearsal(None, labels_seen())
    except RehearsedWriteError:
        return Rehearsal(None, labels_seen(), would_write=True)
    return Rehearsal(answer, labels_seen())
