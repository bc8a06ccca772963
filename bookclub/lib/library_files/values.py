"""Values in the cells of a library: ratings, ISBNs, years, pages, minutes, counts, formats and yes or no."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from stdnum import isbn as isbn_numbers
from stdnum.exceptions import ValidationError

from ..matches.editions import MAX_MINUTES, MAX_PAGES, bare_isbn, plain_signs
from ..matches.field_values import EARLIEST_YEAR

# Books are announced a few years ahead; a later year is a typing error.
LATEST_YEAR = 2100
# Nobody has read a book more often; a larger number stands in the wrong column.
MOST_TIMES_READ = 1000
HOURS_TO_MINUTES = 60

# The first of these words that occurs in the text of a file decides the format.
FORMAT_WORDS = (
    ("audiobook", ("audi", "hörbuch", "listen", "cd", "mp3", "spoken")),
    ("ebook", ("ebook", "e-book", "kindle", "digital", "epub", "electronic", "nook", "kobo", "pdf",
               "numérique")),
    ("hardback", ("hardcover", "hardback", "hard cover", "library binding", "gebunden", "relié", "leather",
                  "tapa dura", "copertina rigida", "cartonné", "inbunden", "board")),
    ("paperback", ("paperback", "softcover", "soft cover", "taschenbuch", "broschiert", "broché", "poche",
                   "tapa blanda", "brossura", "copertina flessibile", "trade paper", "häftad", "pocket")),
)  # fmt: skip

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_OUT_OF = re.compile(r"(\d+(?:[.,]\d+)?) ?(?:/|out of|of|von|sur) ?(\d+)")
_ISBN_SEPARATORS = re.compile(r"[,;|/\r\n]+|(?<=\d{9}[\dXx]) +(?=97[89])|(?<=\d{13}) +")
# "BC" in the languages of libraries, right after the year or before it. "Vancouver, B.C., 1979" is not one.
_BC_AFTER_YEAR = re.compile(
    r"(?:\.0+)?[\s,(\[]*(?:b\.? ?c\.?(?: ?e\.?)?|v\.? ?(?:chr|u\.? ?z|o\.? ?t)\.?|vo?or chr\w+"
    r"|vor unserer zeit\w*|av(?:ant)?\.? ?j\w*\.?[- ]?c\w*\.?|avant notre ère|a\.? ?c\.?(?: ?n\.?)?"
    r"|a\. ?de ?c\.?|antes de (?:cristo|nuestra era)|avanti cristo|f\.? ?kr\.?|f[öø]re? kr\w+|e\.? ?kr\.?"
    r"|eaa\.?|p\.? ?n\.? ?e\.?|př\.? ?(?:n\.? ?l|kr)\.?|pr\.? ?n\.? ?l\.?|до н\.? ?[эе]\.?|до р\.? ?х\.?"
    r"|î\.? ?(?:hr|e\.? ?n)\.?|π\.? ?χ\.?|לפנה)(?!\w)",
    re.IGNORECASE,
)
_BC_BEFORE_YEAR = re.compile(
    r"\W*(?:ca?\.? *)?(?:b\.?c\.?(?:e\.?)?|m\.?ö\.?|kr\. ?e\.|紀元前|公元前|前|기원전) *\W?", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)(?:(?:\A|(?<=[\s(\[]))[-−–—])?0*\d{1,4}(?!\d)")
_YEAR_OF_DAY = re.compile(
    r"(?<!\d)([-−–]?\d{4})[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?!\d)"
    r"|(?:\d{1,2}[-/. ]\w{1,9}[-/. ]|(?<=\w)(?<!\d{4})[-/.])(\d{4})(?!\d)"
)
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::[0-5]\d)?")
_HOURS = re.compile(
    r"(\d{1,3}) ?(?:h|hrs?|hours?|std\.?)\b(?:,? ?(\d{1,2}) ?(?:m|mins?|minutes?)?\b)?", re.IGNORECASE
)


# "No" in the languages of libraries.
NO_WORDS = {
    "", "false", "no", "0", "0.0", "n", "f", "none", "null", "nan", "-", "falsch", "nein", "faux", "non",
    "falso", "não", "nee", "onwaar", "nej", "falskt", "nei", "usann", "nie", "fałsz", "нет", "hayır", "否",
}  # fmt: skip


class CellError(ValueError):
    """A text that should be a value of some kind but is not."""


@lru_cache(maxsize=256)
def rating_from(text: str) -> int | None:
    """Read a rating in half stars, 1 to 10; None for nothing and for zero, the "not rated" of most sites.

    Quarter stars are rounded up to the next half. Reads "4.5", "4,5", "4/5", "8/10", "★★★★½" and "4 stars".
    Raises CellError.
    """
    text = unicodedata.normalize("NFKC", text.replace("½", ".5")).strip().lower()
    if text in ("", "-", "none", "null", "nan", "n/a", "unrated", "not rated"):
        return None
    # Without digits the signs are counted: "★★★★".
    stars = text.count("★") + text.count("⭐") + text.count("*")
    if stars and not re.search(r"[1-9]", text.replace(".5", "")):
        number = Decimal(stars) + (Decimal("0.5") if ".5" in text else 0)
        return _half_stars(number)
    if found := _OUT_OF.fullmatch(text):
        most = Decimal(found[2])
        if not most:
            raise CellError
        return _half_stars(_decimal(found[1]) * 5 / most)
    # A number by itself counts stars, of which there are five.
    bare = re.sub(r" ?(?:stars?|★|⭐|\*)\Z", "", text)
    if not _NUMBER.fullmatch(bare):
        raise CellError
    return _half_stars(_decimal(bare))


def _decimal(text: str) -> Decimal:
    return Decimal(text[:20].replace(",", "."))


def _half_stars(stars: Decimal) -> int | None:
    if stars > 5:
        raise CellError
    return int((stars * 2).quantize(Decimal(1), ROUND_HALF_UP)) or None


def isbns_from(text: str) -> tuple[str, ...]:
    """Return the valid ISBNs in a cell, as 13 digits; text such as the UIDs of some sites is ignored.

    Spreadsheets take an ISBN for a number and drop its leading zeros, so they are added again. Raises
    CellError if there are only wrong ones.
    """
    found: dict[str, None] = {}
    wrong = False
    for piece in _ISBN_SEPARATORS.split(plain_signs(text[:500])):
        digits = re.sub(r"\.0+\Z", "", bare_isbn(piece)).upper()
        if re.fullmatch(r"\d{8,13}|\d{7,9}X", digits) and (isbn := _isbn(digits)):
            found[isbn] = None
        else:
            wrong = wrong or bool(re.fullmatch(r"[\dX.,E+]{8,17}", digits) and digits.strip("0"))
    if wrong and not found:
        raise CellError
    return tuple(found)


def _isbn(digits: str) -> str:
    try:
        isbn = str(isbn_numbers.to_isbn13(isbn_numbers.validate(digits.zfill(10))))
    except ValidationError:
        return ""
    return isbn if digits.strip("0") else ""


@lru_cache(maxsize=256)
def year_from(text: str) -> int | None:
    """Read the year in a text such as "1979", "c1979", "2008-11-11", "-800" or "800 BC"; None for nothing.

    Raises CellError.
    """
    text = text.strip()[:100]
    if text.lower() in ("", "0", "none", "null", "nan", "n/a", "?", "unknown", "[n.d.]", "n.d."):
        return None
    found = _YEAR_OF_DAY.search(text)
    group = 0 if not found else 1 if found[1] else 2
    found = found or _YEAR.search(text)
    if not found:
        raise CellError
    year = int(re.sub("[−–—]", "-", found[group]))
    if _BC_AFTER_YEAR.match(text, found.end(group)) or _BC_BEFORE_YEAR.fullmatch(text, 0, found.start(group)):
        year = -abs(year)
    if not EARLIEST_YEAR <= year <= LATEST_YEAR or not year:
        raise CellError
    return year


@lru_cache(maxsize=256)
def pages_from(text: str) -> int | None:
    """Read a number of pages: "590", "590 p.", "xii, 590 p.", "1,024"; None for nothing or zero.

    Raises CellError.
    """
    text = re.sub(r"(?<=\d)[,.](?=\d{3}\b)", "", text.strip()[:100])
    numbers = [int(found) for found in re.findall(r"\d{1,9}", re.sub(r"\.0+\b", "", text))]
    if not numbers:
        if text.lower() in ("", "none", "null", "nan", "n/a", "?", "-"):
            return None
        raise CellError
    # In "2 volumes, 590 p." the largest number counts the pages.
    pages = max(numbers)
    if pages > MAX_PAGES:
        raise CellError
    return pages or None


def minutes_from(text: str, unit: str = "minute") -> int | None:
    """Read a length in minutes: "586", "9:46", "9 hrs 46 min"; None for nothing. ``unit`` may be "second".

    Raises CellError.
    """
    text = text.strip()[:100]
    if text.lower() in ("", "0", "none", "null", "nan", "n/a", "?", "-"):
        return None
    if found := _CLOCK.fullmatch(text) or _HOURS.fullmatch(text):
        minutes = int(found[1]) * HOURS_TO_MINUTES + int(found[2] or 0)
    elif found := re.fullmatch(r"(\d{1,9})(?:\.\d+)? ?(?:m|mins?|minutes?)?", text, re.IGNORECASE):
        minutes = round(int(found[1]) / 60) if unit == "second" else int(found[1])
    else:
        raise CellError
    if minutes > MAX_MINUTES:
        raise CellError
    return minutes or None


@lru_cache(maxsize=256)
def count_from(text: str) -> int:
    """Read how often a book was read; 0 for nothing, and at most MOST_TIMES_READ. Raises CellError."""
    text = re.sub(r"\.0+\Z", "", text.strip())
    if text.lower() in ("", "none", "null", "nan", "n/a", "-"):
        return 0
    if not text.isdecimal():
        raise CellError
    return min(int(text[:9]), MOST_TIMES_READ)


@lru_cache(maxsize=256)
def format_from(text: str) -> str:
    """Return one of the formats of editions; "" if the text names none of them ("Unknown Binding")."""
    text = text.lower()
    for format, words in FORMAT_WORDS:
        # "cd" must begin a word, because the two letters occur within others.
        if any(
            re.search(rf"\b{re.escape(word)}" if word == "cd" else re.escape(word), text) for word in words
        ):
            return format
    return ""


def is_yes(text: str) -> bool:
    """Return whether a cell says yes: "true", "yes", "1", "x", and any other word that is not a no.

    Such a word is a warning, for example about spoilers.
    """
    return text.strip().lower() not in NO_WORDS
