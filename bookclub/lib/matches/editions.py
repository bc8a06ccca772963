"""Editions of a book: ISBN, format and length, parsed from what members type and written out again."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from stdnum import isbn as isbn_numbers
from stdnum.exceptions import InvalidChecksum, ValidationError

from ..text.durations import minutes_text
from ..text.messages import gettext as _
from ..text.messages import lazy_gettext, ngettext, number_text
from .field_values import FieldError, refuse_long_text, shorten

MAX_PAGES = 20_000
MAX_MINUTES = 20_000
FORMATS = {
    "paperback": lazy_gettext("Paperback"),
    "hardback": lazy_gettext("Hardback"),
    "ebook": lazy_gettext("E-book"),
    "audiobook": lazy_gettext("Audiobook"),
}
# The same in front of a length: "paperback, 282 pages".
FORMATS_IN_LINE = {
    "paperback": lazy_gettext("paperback"),
    "hardback": lazy_gettext("hardback"),
    "ebook": lazy_gettext("e-book"),
    "audiobook": lazy_gettext("audiobook"),
}

_ISBN_NAME = re.compile(
    r"\A(?:urn\s*:\s*)?e?-?isbn[\s-]*(?:1[03](?!\d))?\s*(?:\([^()]{0,40}\))?[\s:=#.-]*", re.IGNORECASE
)
_AROUND_ISBN = " \t\r\n\v\f=\"'“”„‘’«»[](){}<>.,;:"
_REMARK = re.compile(r"(?<=[\dXx])[.,;]?\s*[(\[][^()\[\]]*[)\]]?\s*\Z")


@dataclass(frozen=True)
class EditionFields:
    """All fields of an edition that members can add and edit; ``isbn`` is an ISBN-13 without hyphens."""

    isbn: str | None = None
    format: str | None = None
    pages: int | None = None
    minutes: int | None = None

    def __bool__(self) -> bool:
        return any((self.isbn, self.format, self.pages, self.minutes))

    def length(self, unit: str) -> int | None:
        """Return the length in a unit, "page" or "minute"; None if it is unknown."""
        return {"page": self.pages, "minute": self.minutes}.get(unit)

    @property
    def unit(self) -> str | None:
        """The unit of a bare number in this edition: "page", else "minute", or None if no length is known."""
        return "page" if self.pages else "minute" if self.minutes else None

    @property
    def text(self) -> str:
        """All that is known of the edition, as the log of edits stores it; "" for nothing."""
        if not self:
            return ""
        isbn = f"ISBN {isbn_text(self.isbn)}" if self.isbn else ""
        name = edition_name(self.format, self.pages, self.minutes)
        known = (name if self.format or self.pages or self.minutes else "", isbn)
        return ", ".join(part for part in known if part)


def format_choices() -> dict[str, str]:
    """Return the formats by key, with "" for an unknown one, as a form offers them."""
    return {"": _("Not said"), **{key: str(name) for key, name in FORMATS.items()}}


def format_from(text: str) -> str | None:
    """Return one of FORMATS by its key or its name; None for nothing. Raises FieldError."""
    typed = text.strip().lower().replace("-", "")
    if not typed:
        return None
    if typed not in FORMATS:
        raise FieldError(_("Choose one of the formats."))
    return typed


def pages_from(text: str) -> int | None:
    """Read a number of pages, 1 to MAX_PAGES; None for nothing. Raises FieldError."""
    text = text.strip()
    if not text:
        return None
    if not text.isdecimal():
        raise FieldError(_("“%(text)s” is not a number of pages.", text=shorten(text)))
    # A longer number is too large anyway, and int() fails at some thousand digits.
    pages = int(text) if len(text) <= 9 else 10**9
    if not 1 <= pages <= MAX_PAGES:
        raise FieldError(_("Type a number of pages from 1 to %(most)s.", most=number_text(MAX_PAGES)))
    return pages


def minutes_from(text: str) -> int | None:
    """Read the length of a recording in minutes, from "586" or "9:46" (hours and minutes).

    None for nothing. Raises FieldError unless the length is from 1 to MAX_MINUTES.
    """
    text = text.strip()
    if not text:
        return None
    clock = re.fullmatch(r"(\d{1,3}):([0-5]\d)", text)
    if clock:
        minutes = 60 * int(clock[1]) + int(clock[2])
    elif text.isdecimal():
        # As for pages, int() never sees a number of thousands of digits.
        minutes = int(text) if len(text) <= 9 else 10**9
    else:
        raise FieldError(
            _(
                "“%(text)s” is no length: write 586 for minutes, or 9:46 for hours and minutes.",
                text=shorten(text),
            )
        )
    if not 1 <= minutes <= MAX_MINUTES:
        raise FieldError(_("Type a length from 1 to %(most)s minutes.", most=number_text(MAX_MINUTES)))
    return minutes


def edition_name(format: str | None, pages: int | None, minutes: int | None, isbn: str = "") -> str:
    """Return the name of an edition: "paperback, 282 pages", "audiobook, 9 h 46 min", or its ISBN."""
    length = minutes_text(minutes) if minutes else _pages_text(pages) if pages else ""
    kind = str(FORMATS_IN_LINE.get(format or "", ""))
    return ", ".join(part for part in (kind, length) if part) or (f"ISBN {isbn}" if isbn else _("an edition"))


def _pages_text(pages: int) -> str:
    return ngettext("%(num)s page", "%(num)s pages", pages)


def isbn_from(text: str) -> str | None:
    """Read an ISBN of 10 or 13 digits, with or without hyphens or spaces, as ISBN-13.

    None for nothing. Raises FieldError.
    """
    refuse_long_text(text)
    digits = bare_isbn(text)
    if not digits:
        return None
    try:
        return str(isbn_numbers.to_isbn13(isbn_numbers.validate(digits)))
    except InvalidChecksum:
        raise FieldError(_("That ISBN has a wrong digit. Please compare it with the book.")) from None
    except ValidationError:
        raise FieldError(_("An ISBN has 10 or 13 digits; this is something else.")) from None


def bare_isbn(text: str) -> str:
    """Return the digits of an ISBN as it is printed or copied, without what surrounds and separates them.

    Removes its name ("ISBN-13 : ", "urn:isbn:"), hyphens and dashes of any kind, spaces, invisible marks,
    quotes, a spreadsheet's ="…", a remark in brackets after it, and a full stop. Digits of any script become
    0 to 9. A text that is not an ISBN is returned nearly unchanged.
    """
    text = _ISBN_NAME.sub("", plain_signs(text[:200]).strip(_AROUND_ISBN))
    return re.sub(r"[\s-]", "", _REMARK.sub("", text).strip(_AROUND_ISBN))


def plain_signs(text: str) -> str:
    """Return a text with plain digits, dashes and spaces, and without invisible marks."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(map(_plain_character, text))


def _plain_character(sign: str) -> str:
    if sign.isascii():
        return sign
    # Cf are invisible marks, Mn accents, Nd digits and Pd dashes; the listed signs are used as dashes too.
    category = unicodedata.category(sign)
    if category in ("Cf", "Mn"):
        return ""
    if category == "Nd":
        return str(int(sign))
    return "-" if category == "Pd" or sign in "\u2212\u2043\u30fb" else sign


def isbn_text(isbn: str) -> str:
    """Return an ISBN with its hyphens, as far as they are known."""
    return str(isbn_numbers.format(isbn))
