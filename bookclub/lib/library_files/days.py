"""Days and times of reading, parsed from the notations of other sites and spreadsheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateutil.parser import parser

Time = tuple[date | None, date | None]

# No member was reading before 1900, and a later year than 2200 is a mistake.
EARLIEST, LATEST = 1900, 2200
MOST_TIMES = 100
# Programs write these for an unknown day.
NO_DAYS = {
    "",
    "0",
    "00/00/0000",
    "0000-00-00",
    "0000/00/00",
    "none",
    "null",
    "nan",
    "n/a",
    "na",
    "-",
    "unknown",
    "?",
    "not set",
    "unset",
    "no date",
    "undefined",
    "nat",
    "never",
}

# Names and short forms in the languages of libraries, without those that mean another month in another one.
_MONTHS = [
    tuple(names.split())
    for names in (
        "january jan januar jänner janvier janv enero gennaio gen januari janeiro styczeń stycznia января",
        "february feb februar feber février fevrier févr fev febrero febbraio februari fevereiro luty"
        " lutego февраля фев",
        "march mar märz mrz mars marzo maart mrt março marzec marca марта мар",
        "april apr avril avr abril abr aprile kwiecień kwietnia апреля апр",
        "may mai mayo mei maggio mag maio maj maja мая май",
        "june jun juni juin junio giugno giu junho czerwiec czerwca июня июн",
        "july jul juli juillet juil julio luglio lug julho lipiec lipca июля июл",
        "august aug août aout agosto ago augustus augusti sierpień sierpnia августа",
        "september sep sept septembre septiembre settembre set setembro wrzesień września сентября сен",
        "october oct oktober okt octobre octubre ottobre ott outubro out październik października октября",
        "november nov novembre noviembre novembro listopad listopada ноября ноя",
        "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro desember grudzień"
        " grudnia декабря дек",
    )
]  # fmt: skip
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:(?:T| +)\d{1,2}:\d\d.*)?", re.DOTALL)
_PLAIN = re.compile(r"(\d{4})(\d\d)(\d\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.]) ?(\d{1,2})[-/.] ?(\d{4})(?: +\d{1,2}:\d\d.*)?", re.DOTALL)
_YEAR_LAST_ANYWHERE = re.compile(r"(?<!\d)(\d{1,2})[-/.] ?(\d{1,2})[-/.] ?\d{4}(?!\d)")
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_YEAR_ONLY = re.compile(r"\d{4}")
_LETTERS = r"[^\W\d_]"
# A weekday, then the name of a month somewhere before the last year; text after the year is ignored.
_NAMED_MONTH = re.compile(
    rf"(?:{_LETTERS}{{2,12}}\.?, *(?=\d))?"
    rf"(.*(?<!{_LETTERS})(?:{'|'.join(chain.from_iterable(_MONTHS))})(?!{_LETTERS}).*(?<!\d)\d{{4}})(?!\w)",
    re.IGNORECASE | re.DOTALL,
)
_EAST_ASIAN = re.compile(r"(\d{4})[年년] ?(\d{1,2})[月월](?: ?(\d{1,2})[日일])?")
# Spreadsheets count days since 1900, and programs count seconds or milliseconds since 1970.
_SERIAL, _SECONDS = re.compile(r"[2-6]\d{4}(?:\.\d+)?"), re.compile(r"\d{9,10}(?:\d{3})?(?:\.\d+)?")
# A month without a day begins on the first, and dateutil must not fill in this year.
_NO_YEAR = datetime(1, 1, 1)
_DAY_ZERO, _EPOCH, _DAY_IN_SECONDS = date(1899, 12, 30), date(1970, 1, 1), 86_400

_OPEN_RANGE = re.compile(
    r"(?:(\d{4}[/.]\d{1,2}(?:[/.]\d{1,2})?)?\s*[-–—]\s*(\d{4}[/.]\d{1,2}(?:[/.]\d{1,2})?)?)"
)
_ISO_DAY = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
_ISO_RANGE = re.compile(rf"({_ISO_DAY})\s*(?:[-–—/→]|to|until|\.\.)\s*({_ISO_DAY})")
# Separators between two days of any kind. Those without spaces are signs that never occur within a day.
_BETWEEN_DAYS = re.compile(
    r"\s+(?:[-–—]|to|until|till|through|bis|jusqu['’]?\s?au|au|hasta|al|fino al|tot|até|till|til|по)\s+"
    r"|\s*(?:→|->|>|\.\.+|…|[–—~]|\s/\s)\s*",
    re.IGNORECASE,
)
_BETWEEN_SHORT_DAYS = re.compile(r"(?<=[./]\d{4})[-/](?=\d{1,2}[./])")
# "March 7, 2019" is one day, and so is "Thu, 7 March": the piece before the comma is unfinished.
_UNFINISHED = re.compile(
    rf"(?:.*\s)?{_LETTERS}{{3,12}}\.? +\d{{1,2}}(?:st|nd|rd|th)?|{_LETTERS}{{2,12}}\.?", re.DOTALL
)
_PIECE_SEPARATORS = re.compile(r"[,;|\n]|\s(?:and|und|et|y)\s")


class DayError(ValueError):
    """A text that should be a day but is not."""


@lru_cache(maxsize=1024)
def day_from(text: str, day_first: bool = False) -> date | None:
    """Read a day; None for nothing.

    "2019-03" is the first day of that month and "2019" the first of that year: the day is unknown, but at
    least the year is right. ``day_first`` says how to read "03/07/2019", which differs by country; a number
    above 12 and dots (3.7.2019) decide by themselves. Raises DayError.
    """
    text = text.strip().strip("[]").strip()
    if text.lower() in NO_DAYS:
        return None
    # No notation of a day is longer.
    if len(text) > 60:
        raise DayError
    if (found := _EAST_ASIAN.fullmatch(text)) or _SERIAL.fullmatch(text) or _SECONDS.fullmatch(text):
        return _day(found[1], found[2], found[3] or "1") if found else _day_from_count(float(text))
    if found := _YEAR_FIRST.fullmatch(text) or _PLAIN.fullmatch(text):
        return _day(found[1], found[2], found[3] or "1")
    if found := _YEAR_LAST.fullmatch(text):
        first, second = found[1], found[3]
        is_day_first = int(first) > 12 or (int(second) <= 12 and (day_first or found[2] == "."))
        return _day(found[4], second, first) if is_day_first else _day(found[4], first, second)
    if found := _MONTH_AND_YEAR.fullmatch(text):
        return _day(found[2], found[1], "1")
    if _YEAR_ONLY.fullmatch(text):
        return _day(text, "1", "1")
    if found := _NAMED_MONTH.match(text):
        return _named_day(found[1])
    raise DayError


def is_day_first(texts: Iterable[str]) -> bool:
    """Return whether a file writes the day before the month, judged by the first day without doubt."""
    for text in texts:
        for found in _YEAR_LAST_ANYWHERE.finditer(text):
            if (int(found[1]) > 12) != (int(found[2]) > 12):
                return int(found[1]) > 12
    return False


def times_between(started: Sequence[date | None], finished: Sequence[date | None]) -> tuple[Time, ...]:
    """Return times of reading from first days and last days, which are paired in order."""
    return sort_times(zip_longest(started, finished))


def sort_times(times: Iterable[Time]) -> tuple[Time, ...]:
    """Return the times that have a day, each once, oldest first, and at most the latest MOST_TIMES.

    If a time ends before it begins, its days are swapped: someone typed them into the wrong fields.
    """
    ordered = ((end, start) if start and end and end < start else (start, end) for start, end in times)
    known = [time for time in dict.fromkeys(ordered) if any(time)]
    # A time whose end is unknown stands where it began.
    return tuple(sorted(known, key=lambda time: (time[1] or time[0] or date.min, time[0] or date.min)))[
        -MOST_TIMES:
    ]


def range_from(text: str, day_first: bool = False) -> Time:
    """Read a time as The StoryGraph writes it: "2019/03/01-2019/03/07", or only the last day.

    A dash with nothing on one side leaves that day open. Raises DayError.
    """
    text = text.strip()
    if found := _ISO_RANGE.fullmatch(text) or _OPEN_RANGE.fullmatch(text):
        return day_from(found[1] or "", day_first), day_from(found[2] or "", day_first)
    for between in (_BETWEEN_DAYS, _BETWEEN_SHORT_DAYS):
        parts = between.split(text)
        if len(parts) == 2 and all(parts):
            return day_from(parts[0], day_first), day_from(parts[1], day_first)
    return None, day_from(text, day_first)


def pieces_of(text: str) -> list[str]:
    """Split a cell into days or ranges of days, also if a program printed them as a list."""
    pieces: list[str] = []
    for piece in _PIECE_SEPARATORS.split(text):
        piece = piece.strip(" \t[](){}'\"“”")
        if pieces and (_UNFINISHED.fullmatch(pieces[-1]) and piece[:1].isdigit()):
            piece = f"{pieces.pop()}, {piece}"
        pieces.append(piece)
    return [piece for piece in pieces if piece]


def readings_from(text: str) -> tuple[Time, ...]:
    """Read the readings that Openreads writes: "2024-01-02T…|2024-02-03T…|"; days may be missing.

    Semicolons separate readings, and a number of milliseconds follows the second bar. Raises DayError.
    """
    times: list[Time] = []
    for reading in filter(None, (part.strip() for part in text.split(";")[:MOST_TIMES])):
        started, _, rest = reading.partition("|")
        times.append((day_from(started), day_from(rest.partition("|")[0])))
    return sort_times(times)


def own_times(text: str) -> tuple[Time, ...]:
    """Read the times of Bookclub's own export: "2019-03-01/2019-03-07; /2020-01-02". Raises DayError."""
    times: list[Time] = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        start, slash, end = part.partition("/")
        if not slash:
            raise DayError
        times.append((day_from(start), day_from(end)))
    return tuple(times[-MOST_TIMES:])


@cache
def _parser() -> parser:
    """Build dateutil's parser with our names of months; it skips the names of weekdays."""
    from dateutil.parser import parser, parserinfo

    skipped = [*parserinfo.JUMP, *chain.from_iterable(parserinfo.WEEKDAYS), "de", "er", "º", "ª"]
    return parser(type("Names", (parserinfo,), {"MONTHS": _MONTHS, "WEEKDAYS": [], "JUMP": skipped})())


def _named_day(text: str) -> date:
    """Read a day with the name of its month and the year last, so that the order is certain.

    dateutil fails for days in figures: it takes the first of "2019-03-07 and 2021-05-06" for the whole, reads
    "1912.03" as a fraction, and knows neither spreadsheets' numbers nor 2019年3月7日. Our own patterns read
    those.
    """
    try:
        found = _parser().parse(text, default=_NO_YEAR, ignoretz=True)
    except (ValueError, ArithmeticError):
        raise DayError from None
    return _day(str(found.year), str(found.month), str(found.day))


def _day_from_count(number: float) -> date:
    """Return the day of a number that counts days since 1900, or seconds or milliseconds since 1970."""
    if number < 100_000:
        return _DAY_ZERO + timedelta(int(number))
    # As seconds 1e11 would be after the year 5000, so such a number counts milliseconds.
    return _EPOCH + timedelta(int(number / (1000 if number >= 1e11 else 1)) // _DAY_IN_SECONDS)


def _day(year: str, month: str, day: str) -> date:
    if not EARLIEST <= int(year) <= LATEST:
        raise DayError
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise DayError from None
