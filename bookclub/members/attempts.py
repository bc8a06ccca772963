"""Attempts to get in: whether this browser is known, and the answer to someone who must wait."""

from __future__ import annotations

from flask import current_app, make_response, request
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from . import sign_in
from .models import Member
from .rules import FAILURES_WINDOW, SESSION_LIFETIME, address_subject

# Which members have signed in with this browser, for nobody but this club to read; it is not needed to look
# around, and goes with everybody else's cookies when a browser forgets them.
COOKIE = "bookclub_known"


def known_browser() -> str | None:
    """The cookie of known browsers, as it was sent."""
    return request.cookies.get(COOKIE)


def know_browser(answer: Response, member: Member) -> Response:
    """Make this browser known to a member who has just shown who they are."""
    return _with_cookie(answer, sign_in.add_to(known_browser(), member))


def unknow_browser(answer: Response, member: Member) -> Response:
    """Let this browser be known to a member no more."""
    return _with_cookie(answer, sign_in.remove_from(known_browser(), member))


def _with_cookie(answer: Response, value: str) -> Response:
    answer.set_cookie(
        COOKIE,
        value,
        max_age=SESSION_LIFETIME if value else 0,
        secure=current_app.extensions["bookclub"].secure,
        httponly=True,
        samesite="Lax",
    )
    return answer


def must_wait(page: str) -> Response:
    """A page that refuses an attempt for now, as there were too many."""
    answer = make_response(page, 429)
    answer.headers["Retry-After"] = str(int(FAILURES_WINDOW.total_seconds()))
    return answer


def refuse_guesses() -> None:
    """Abort with 429 where too many passwords or links were guessed from where this request comes from."""
    if sign_in.is_throttled(address_subject(request.remote_addr)):
        raise TooManyRequests(
            "There were too many wrong passwords or links from where you are. Wait a quarter of an hour, then"
            " open your link again: it still works.",
            retry_after=int(FAILURES_WINDOW.total_seconds()),
        )


def note_guess() -> None:
    """Count a link that opens nothing."""
    sign_in.note_guessed_link(request.remote_addr)
