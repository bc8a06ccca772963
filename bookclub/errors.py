"""Handlers for all errors: a page in the club's look, or a notice for htmx."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from .addresses import local_path
from .body_limits import limit_of
from .commits import may_be_saved
from .dry_run import rehearse
from .ended_sessions import fields_sent, is_from_elsewhere, member_of_form
from .extensions import db, is_trouble_with_storage
from .hosts import MISDIRECTED
from .lib.text.messages import gettext as _
from .lib.text.messages import lazy_gettext
from .web import READS, current_member, is_htmx


@dataclass(frozen=True)
class ErrorText:
    """The text of an error page: what happened, and what to do next."""

    title: str
    advice: str


PERHAPS_SAVED = lazy_gettext(
    "This may already be saved. It is safe to send it again: nothing is saved twice."
)
WORDS = {
    400: ErrorText(
        lazy_gettext("That request could not be understood"),
        lazy_gettext("Go back, load the page again and retry."),
    ),
    401: ErrorText(
        lazy_gettext("You have been signed out"),
        lazy_gettext("Sign in again, then send your words once more."),
    ),
    403: ErrorText(
        lazy_gettext("You cannot do that"),
        lazy_gettext("If you think you should, ask an organiser of the club."),
    ),
    404: ErrorText(
        lazy_gettext("There is nothing here"),
        lazy_gettext("It may have been moved or removed. Look among the books."),
    ),
    405: ErrorText(
        lazy_gettext("That address does not do this"), lazy_gettext("Go back and use the form on the page.")
    ),
    # What it may be at most follows from the form.
    413: ErrorText(lazy_gettext("That is too large to send"), ""),
    421: ErrorText(
        lazy_gettext("The club does not answer at this address"),
        lazy_gettext("Open it at the address that you were given."),
    ),
    422: ErrorText(
        lazy_gettext("Something in the form is not right"),
        lazy_gettext("Go back and look at what it says beside the fields."),
    ),
    429: ErrorText(
        lazy_gettext("Too many attempts"), lazy_gettext("Wait a quarter of an hour, then try again.")
    ),
    500: ErrorText(
        lazy_gettext("Something went wrong on our side"),
        lazy_gettext("Nothing was saved. Try again; if it happens again, tell an organiser."),
    ),
    503: ErrorText(
        lazy_gettext("The club’s storage is busy or full: nothing was saved"),
        lazy_gettext("Wait a moment and send it again."),
    ),
}


EARLIER_VISIT = lazy_gettext("You signed in again after this page was opened. Check it and send it again.")
# These replace the texts above if something may have been saved before the error.
UNKNOWN = {
    500: ErrorText(lazy_gettext("Something went wrong on our side"), PERHAPS_SAVED),
    503: ErrorText(lazy_gettext("The club’s storage is busy or full"), PERHAPS_SAVED),
}


def words_for(error: HTTPException, cause: Exception) -> ErrorText:
    """Return the words for an error and its cause.

    A description of our own, given to abort(), replaces the advice.
    """
    if error.code in UNKNOWN and request.method not in READS and may_be_saved(cause):
        return UNKNOWN[error.code]
    words = WORDS.get(error.code or 500) or ErrorText(error.name, _("Go back and try again."))
    # Werkzeug's own descriptions are for developers; those given to abort() are for members.
    if error.description and error.description != type(error).description:
        return ErrorText(words.title, error.description)
    # Werkzeug has refused long fields that came along with a file.
    return (
        ErrorText(words.title, limit_of(current_app, request.endpoint).words())
        if error.code == 413
        else words
    )


def show(error: HTTPException, cause: Exception | None = None) -> Response:
    """Show an error, together with the text that was typed into the form."""
    words, status = words_for(error, cause or error), error.code or 500
    answer = make_response(error_page(words, status), status)
    for name, value in error.get_headers(request.environ):
        # The others describe Werkzeug's own page, which is not sent.
        if name.lower() in ("allow", "retry-after"):
            answer.headers[name] = value
    return answer


def error_page(words: ErrorText, status: int) -> str:
    """Return the page of an error, or its notice for htmx.

    Every page asks the database who is here. If that is what fails, a bare page is shown.
    """
    plain = current_app.jinja_env.get_template("errors/notice.html" if is_htmx() else "errors/bare.html")
    try:
        # The failure may have left the transaction broken.
        db.session.rollback()
        # If the address is not ours, the links of a full page would lead to the wrong host.
        if not is_htmx() and status != MISDIRECTED:
            return render_template("errors/show.html", words=words, status=status)
    except Exception:
        current_app.logger.exception("the error page could not be drawn")
    return plain.render(words=words, status=status)


def show_csrf(error: CSRFError) -> Response:
    """Show a form again, with a valid token, if its member has signed in again since it was opened."""
    member = current_member()
    # Another site must not get its own words into a form of the club.
    if member and member_of_form() == member.id and not is_from_elsewhere():
        fields, _has_files = fields_sent()
        address = request.path, request.query_string.decode("latin-1")
        again = rehearse(address, local_path(request.referrer), fields or [], str(EARLIER_VISIT))
        if again.shows_form and again.answer:
            return make_response(again.answer, 422)
    error.description = _("This form belongs to an earlier visit. Open the page again and send it once more.")
    return show(error)


def show_storage(error: DBAPIError) -> Response:
    """Report trouble with the database: locked, full or gone. The typed text comes back."""
    if not is_trouble_with_storage(error):
        return show_crash(error)
    return show_busy(error)


def show_busy(error: Exception) -> Response:
    """Report that the database is busy or out of connections."""
    current_app.logger.error("storage: %s", getattr(error, "orig", error))
    return show(ServiceUnavailable(), error)


def show_crash(error: Exception) -> Response:
    """Log an unexpected error, and report it without details."""
    current_app.logger.exception("unhandled", exc_info=error)
    return show(InternalServerError(), error)


def init_app(app: Flask) -> None:
    """Register the handlers of all errors."""
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(CSRFError, show_csrf)
    app.register_error_handler(DBAPIError, show_storage)
    app.register_error_handler(NoConnectionLeft, show_busy)
    app.register_error_handler(Exception, show_crash)
