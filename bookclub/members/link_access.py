"""Access by the signed links in mails, and the pages of links that do not work (any more)."""

from __future__ import annotations

from typing import NoReturn

from flask import abort, make_response, render_template, request
from werkzeug.wrappers import Response

from ..extensions import begin_write, db
from ..web import READS, go_by_clocks_of, keep_address_secret
from .attempts import abort_after_guesses, count_guess
from .models import Member
from .signed_links import read_link

GONE = 410


def member_of_link(purpose: str, token: str) -> tuple[Member, str]:
    """Return the member whom a link was made for, by whose clocks its page goes, and its subject.

    Aborts if the link does not work, or after too many that did not. In a request that writes, it opens the
    writing transaction, and nobody suspends the member until that ends.
    """
    abort_after_guesses()
    writes = request.method not in READS
    if writes:
        # What was read so far only counted guesses.
        db.session.close()
        begin_write()
    found = read_link(purpose, token, lock=writes)
    if found is None:
        db.session.rollback()
        count_guess()
        abort(page_of("members/links/gone.html", 404))
    member, subject = found
    go_by_clocks_of(member)
    return member, str(subject)


def abort_as_over(reason: str, page: str, status: int = GONE) -> NoReturn:
    """Abort with the reason why a link has done its work, and a link to the page that it is about."""
    abort(page_of("members/links/over.html", status, reason=reason, page=page))


def page_of(template: str, status: int = 200, **context: object) -> Response:
    """Return a page that a link leads to. Its address holds the link's token."""
    return keep_address_secret(make_response(render_template(template, **context), status))
