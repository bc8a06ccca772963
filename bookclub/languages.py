"""The language of an answer: which one it is, and the catalogues that hold its sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal, cast

from babel import Locale
from flask import Flask, current_app, g, has_app_context, has_request_context, request
from flask_babel import Babel, get_locale, get_translations
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from .lib.text import messages

# Its own gettext for Jinja takes 0.1 ms for each sentence, most of it to spell the name of the locale.
babel = Babel(configure_jinja=False)
CATALOGUES = "translations"


def init_app(app: Flask) -> None:
    """Give templates and Python the sentences of the reader's language."""
    # An application may bring catalogues of its own, as the tests do with their made-up language.
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", CATALOGUES)
    babel.init_app(app, default_locale=messages.DEFAULT_LOCALE, locale_selector=pick_language)
    with app.app_context():
        # Reading the folder takes longer than a page should wait.
        app.extensions["bookclub_languages"] = [str(locale) for locale in babel.list_translations()]
    messages.set_source(current_language)
    app.extensions["bookclub_catalogues"] = {}
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: current_language().translations.gettext(text),
        ngettext=lambda *texts_and_number: current_language().translations.ngettext(*texts_and_number),
        newstyle=True,
    )
    # White space and line ends in a template are layout; a message is one line.
    environment.policies["ext.i18n.trimmed"] = True
    translate_plural = cast("Callable[..., str]", environment.globals["ngettext"])

    @pass_context
    def ngettext(context: Context, singular: str, plural: str, num: int, **values: Any) -> str:
        values.setdefault("num", messages.number_text(num))
        return translate_plural(context, singular, plural, num, **values)

    environment.globals["ngettext"] = ngettext
    environment.globals["language_tag"] = lambda: str(messages.locale()).replace("_", "-")
    environment.filters["number"] = messages.number_text
    environment.filters["listed"] = list_html


def list_html(
    things: Iterable[Any],
    show: Callable[[Any], Any] = lambda thing: thing,
    style: Literal["standard", "or"] = "standard",
) -> Markup:
    """Return things as "A, B and C", each as ``show`` writes it. Text is escaped, markup stays as it is."""
    return Markup(messages.list_text([escape(show(thing)) for thing in things], style))


def pick_language() -> str | None:
    """Return the best of the shipped languages for the browser that asks; None means British English."""
    languages: list[str] = current_app.extensions["bookclub_languages"]
    if not has_request_context() or len(languages) == 1:
        return None
    # Browsers write "en-GB" where Babel writes "en_GB".
    names = {name.replace("_", "-"): name for name in languages}
    return names.get(request.accept_languages.best_match(names) or "")


def current_language() -> messages.Language:
    """Return the language of the request or command that runs; outside of any, British English."""
    if not has_app_context():
        return messages.ENGLISH
    # A page has some 700 sentences, and to look the locale up takes longer than the sentence itself.
    if (language := g.get("language")) is None:
        catalogues: dict[Locale, messages.Language] = current_app.extensions["bookclub_catalogues"]
        locale = get_locale()
        if (language := catalogues.get(locale)) is None:
            language = catalogues[locale] = messages.Language(locale, get_translations())
        g.language = language
    return cast(messages.Language, language)
