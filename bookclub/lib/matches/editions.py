"""Printings and recordings of a book: ISBN, format and length, as members type them and read them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from stdnum import isbn as isbn_numbers
from stdnum.exceptions import InvalidChecksum, ValidationError

from .field_values import Refused, refuse_what_is_endless, short

MAX_PAGES = 20_000
MAX_MINUTES = 20_000
FORMATS = {"paperback": "Paperback", "hardback": "Hardback", "ebook": "E-book", "audiobook": "Audiobook"}

_ISBN_NAME = re.compile(
    r"\A(?:urn\s*:\s*)?e?-?isbn[\s-]*(?:1[03](?!\d))?\s*(?:\([^()]{0,40}\))?[\s:=#.-]*", re.IGNORECASE
)
_AROUND_ISBN = " \t\r\n\v\f=\"'“”„‘’«»[](){}<>.,;:"
_REMARK = re.compile(r"(?<=[\dXx])[.,;]?\s*[(\[][^()\[\]]*[)\]]?\s*\Z")


@dataclass(frozen=True)
class EditionFields:
    """Everything about an edition that members can add and edit; ``isbn`` is an ISBN-13 without hyphens."""

    isbn: str | None = None
    format: str | None = None
    pages: int | None = None
    minutes: int | None = None

    def __bool__(self) -> bool:
        return any((self.isbn, self.format, self.pages, self.minutes))

    def length(self, unit: str) -> int | None:
        """How many pages ("page") or minutes ("minute") it has."""
        return {"page": self.pages, "minute": self.minutes}.get(unit)

    @property
    def unit(self) -> str | None:
        """What a number alone counts in it: pages, or else minutes; None where its length is unknown."""
        return "page" if self.pages else "minute" if self.minutes else None

    @property
    def text(self) -> str:
        """The edition as the log of edits keeps it: all that is known, "" where that is nothing."""
        if not self:
            return ""
        isbn = f"ISBN {isbn_text(self.isbn)}" if self.isbn else ""
        name = edition_name(self.format, self.pages, self.minutes)
        known = (name if self.format or self.pages or self.minutes else "", isbn)
        return ", ".join(part for part in known if part)


def format_from(text: str) -> str | None:
    """One of FORMATS, by its key or its name; None for nothing."""
    typed = text.strip().lower().replace("-", "")
    if not typed:
        return None
    if typed not in FORMATS:
        raise Refused("Choose one of the formats.")
    return typed


def pages_from(text: str) -> int | None:
    """How many pages a printing has; None for nothing."""
    text = text.strip()
    if not text:
        return None
    if not text.isdecimal():
        raise Refused(f"“{short(text)}” is not a number of pages.")
    pages = int(text) if len(text) <= 9 else 10**9
    if not 1 <= pages <= MAX_PAGES:
        raise Refused(f"Give a number of pages from 1 to {MAX_PAGES}.")
    return pages


def minutes_from(text: str) -> int | None:
    """How long a recording is, in minutes, from "586" or "9:46" (hours and minutes); None for nothing."""
    text = text.strip()
    if not text:
        return None
    clock = re.fullmatch(r"(\d{1,3}):([0-5]\d)", text)
    if clock:
        minutes = 60 * int(clock[1]) + int(clock[2])
    elif text.isdecimal():
        minutes = int(text) if len(text) <= 9 else 10**9
    else:
        raise Refused(f"“{short(text)}” is no length: write 586 for minutes, or 9:46 for hours and minutes.")
    if not 1 <= minutes <= MAX_MINUTES:
        raise Refused(f"Give a length from 1 to {MAX_MINUTES} minutes.")
    return minutes


def edition_name(format: str | None, pages: int | None, minutes: int | None, isbn: str = "") -> str:
    """What members call an edition: "paperback, 282 pages", "audiobook, 9 h 46 min", or by its ISBN."""
    length = f"{pages} pages" if pages else ""
    if minutes:
        hours, rest = divmod(minutes, 60)
        length = " ".join(part for part in (f"{hours} h" * bool(hours), f"{rest} min" * bool(rest)) if part)
    kind = FORMATS.get(format or "", "").lower()
    return ", ".join(part for part in (kind, length) if part) or (f"ISBN {isbn}" if isbn else "an edition")


def isbn_from(text: str) -> str | None:
    """An ISBN of 10 or 13 digits, with hyphens or spaces or without, as ISBN-13; None for nothing."""
    refuse_what_is_endless(text)
    digits = bare_isbn(text)
    if not digits:
        return None
    try:
        return str(isbn_numbers.to_isbn13(isbn_numbers.validate(digits)))
    except InvalidChecksum:
        raise Refused("That ISBN has a wrong digit. Please compare it with the book.") from None
    except ValidationError:
        raise Refused("An ISBN has 10 or 13 digits; this is something else.") from None


def bare_isbn(text: str) -> str:
    """The number of an ISBN as it is printed or copied, without what stands around and between its digits.

    Takes away its name ("ISBN-13 : ", "urn:isbn:"), hyphens and dashes of any kind, spaces, invisible marks,
    quotes, a spreadsheet's ="…", a remark in brackets behind it, and a full stop. Digits of any script become
    0 to 9. What is no ISBN comes back much as it was.
    """
    text = _ISBN_NAME.sub("", plain_signs(text[:200]).strip(_AROUND_ISBN))
    return re.sub(r"[\s-]", "", _REMARK.sub("", text).strip(_AROUND_ISBN))


def plain_signs(text: str) -> str:
    """A text in plain digits, dashes and spaces, without invisible marks."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(map(_plain_sign, text))


def _plain_sign(sign: str) -> str:
    if sign.isascii():
        return sign
    category = unicodedata.category(sign)
    if category in ("Cf", "Mn"):
        return ""
    if category == "Nd":
        return str(int(sign))
    return "-" if category == "Pd" or sign in "\u2212\u2043\u30fb" else sign


def isbn_text(isbn: str) -> str:
    """An ISBN with its hyphens, where they are known."""
    return str(isbn_numbers.format(isbn))
