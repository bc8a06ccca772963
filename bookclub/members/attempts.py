"""Known browsers, and the answers to failed attempts to sign in."""

from __future__ import annotations

from flask import current_app, make_response, request
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from ..lib.text.messages import gettext as _
from . import sign_in
from .models import Member
from .rules import FAILURES_WINDOW, SESSION_LIFETIME, address_subject

# The cookie names the members who have signed in with this browser; only this club can read it. The site
# works without it, and it disappears when the browser's cookies are cleared.
COOKIE = "bookclub_known"


def known_browser() -> str | None:
    """Return the cookie of known browsers as the browser sent it."""
    return request.cookies.get(COOKIE)


def remember_browser(answer: Response, member: Member) -> Response:
    """Add a member who has just proved who they are to this browser's cookie."""
    return _set_cookie(answer, sign_in.cookie_with(known_browser(), member))


def forget_browser(answer: Response, member: Member) -> Response:
    """Remove a member from this browser's cookie."""
    return _set_cookie(answer, sign_in.cookie_without(known_browser(), member))


def _set_cookie(answer: Response, value: str) -> Response:
    answer.set_cookie(
        COOKIE,
        value,
        # An empty cookie says nothing, so the browser deletes it.
        max_age=SESSION_LIFETIME if value else 0,
        secure=current_app.extensions["bookclub"].secure,
        # No script reads the cookie, and a form of another site does not send it.
        httponly=True,
        samesite="Lax",
    )
    return answer


def too_many_attempts(page: str) -> Response:
    """Return a page with status 429 that refuses an attempt for now."""
    answer = make_response(page, 429)
    answer.headers["Retry-After"] = str(int(FAILURES_WINDOW.total_seconds()))
    return answer


def abort_after_guesses() -> None:
    """Abort with 429 if too many passwords or links were guessed from this address."""
    if sign_in.is_throttled(address_subject(request.remote_addr)):
        raise TooManyRequests(
            _(
                "There were too many wrong passwords or links from where you are. "
                "Wait a quarter of an hour, then open your link again: it still works."
            ),
            retry_after=int(FAILURES_WINDOW.total_seconds()),
        )


def count_guess() -> None:
    """Count a link that does not exist or no longer works."""
    sign_in.note_guessed_link(request.remote_addr)
