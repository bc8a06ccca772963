"""gettext for code that knows no request: the sentences that members read, in their language.

Pure functions word what they return, too, and may not ask Flask for the language. They ask here;
``languages.py`` says once, when the application is made, where to find the language of the moment. Without
an application, as in ``bookclub recount``, it is English.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import NullTranslations
from typing import Literal

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal, get_decimal_symbol
from babel.support import LazyProxy

# British English: "3 November", and no comma before the "and" of a list.
DEFAULT_LOCALE = "en_GB"


@dataclass(frozen=True)
class Language:
    """A language: how it writes dates and numbers, and the catalogue of its sentences."""

    locale: Locale = field(default_factory=lambda: Locale.parse(DEFAULT_LOCALE))
    translations: NullTranslations = field(default_factory=NullTranslations)


ENGLISH = Language()
_current: Callable[[], Language] = lambda: ENGLISH  # noqa: E731


def set_source(current: Callable[[], Language]) -> None:
    """Set the function that returns the language of the moment, for the whole process."""
    global _current
    _current = current


def locale() -> Locale:
    """Return the locale of the moment, for Babel's functions."""
    return _current().locale


def gettext(message: str, /, **values: object) -> str:
    """Return a sentence in the reader's language, its ``%(name)s`` placeholders filled.

    Without values the sentence stands as it is, a percent sign included.
    """
    text = _current().translations.gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, number: int, /, **values: object) -> str:
    """Return the sentence for a number, in the plural form of the reader's language.

    ``%(num)s`` is the number as that language writes it, unless ``values`` hold another ``num``.
    """
    text = _current().translations.ngettext(singular, plural, number)
    return text % {"num": number_text(number), **values}


def lazy_gettext(message: str, /, **values: object) -> str:
    """Return a sentence that is translated whenever it is shown, for labels made at import."""
    # Forms and Jinja take anything that turns into text, and mypy would want casts at each label.
    return LazyProxy(gettext, message, enable_cache=False, **values)  # type: ignore[return-value]


def number_text(number: float) -> str:
    """Return a number as the reader's language writes it: "1,234" or "4.5"."""
    return _number_text(number, locale())


# Babel takes 0.1 ms for a number, and a page of comments has hundreds of small ones.
@lru_cache(maxsize=2000)
def _number_text(number: float, locale: Locale) -> str:
    return format_decimal(number, locale=locale)


def decimal_text(number: float, *, sign: bool = False) -> str:
    """Return a measure with two decimals: "0.50"; with ``sign`` "+0.50". A table has hundreds of them.

    Babel's own function would take longer than all the rest of such a table.
    """
    return f"{number:{'+' if sign else ''}.2f}".replace(".", get_decimal_symbol(locale()))


def list_text(parts: Iterable[str], style: Literal["standard", "or"] = "standard") -> str:
    """Join words as the reader's language does: "A, B and C"; with the style "or", "A, B or C"."""
    return format_list(list(parts), style=style, locale=locale())
