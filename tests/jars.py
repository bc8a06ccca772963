"""Cookie jars: a copy of what a browser keeps, as a thief would take it away."""

from __future__ import annotations

from flask.testing import FlaskClient

SESSION, REMEMBER, KNOWN = "bookclub_session", "bookclub_remember", "bookclub_known"
EVERY_COOKIE = (SESSION, REMEMBER, KNOWN)


def copy_of(client: FlaskClient, *names: str) -> FlaskClient:
    """A browser with copies of another one's cookies, or of those with these names."""
    copy = client.application.test_client()
    for name in names or EVERY_COOKIE:
        cookie = client.get_cookie(name)
        if cookie is not None:
            copy.set_cookie(name, cookie.value)
    return copy
