"""Charts of a year: bars with their places in a drawing, and the same in words for the table behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from babel.numbers import format_compact_decimal

from ..lib.text.dates import month_text
from ..lib.text.durations import minutes_text
from ..lib.text.messages import gettext as _
from ..lib.text.messages import locale, ngettext, number_text
from .facts import say_books, say_pages
from .rules import FIRST_DECADE, Year

# In units of the drawing, which are pixels on a phone. Above the highest bar there is room for its number.
WIDTH, BASE, TALLEST, BELOW = 336, 106, 84, 22
# A longer number would run into the one beside it.
LONGEST_LABEL = 3
# More names of years would run into each other: then every second one stands.
MOST_LABELS = 10


@dataclass(frozen=True)
class YearBar:
    """One bar: the name under it, its full name and words for the table, and a second bar beside it."""

    label: str
    name: str
    value: int
    words: str
    other: int = 0
    other_words: str = ""


@dataclass(frozen=True)
class Shape:
    """A bar as it is drawn, with the number above it, if any."""

    x: float
    y: float
    width: float
    height: float
    number: str
    is_other: bool = False

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class YearChart:
    """A chart with the heads of the table behind it. ``legend`` names the two bars of each pair, if any."""

    key: str
    title: str
    heads: tuple[str, ...]
    bars: Sequence[YearBar]
    legend: tuple[str, str] | None = None

    width, base, height = WIDTH, BASE, BASE + BELOW

    @property
    def is_empty(self) -> bool:
        return not any(bar.value or bar.other for bar in self.bars)

    @property
    def summary(self) -> str:
        """The chart in words, for those who hear it: what is not zero."""
        if self.legend:
            return "; ".join(
                f"{bar.name}: {bar.words}, {bar.other_words}" for bar in self.bars if bar.value or bar.other
            )
        return "; ".join(f"{bar.name}: {bar.words}" for bar in self.bars if bar.value)

    @property
    def step(self) -> float:
        """The width of the place of one bar, or of one pair."""
        # A few bars do not grow to the width of the drawing.
        return min(WIDTH / max(len(self.bars), 1), 48)

    def middle(self, at: int) -> float:
        """Return where the name of a bar stands."""
        left = (WIDTH - self.step * len(self.bars)) / 2
        return round(left + self.step * (at + 0.5), 1)

    @property
    def shapes(self) -> list[Shape]:
        """The bars as they are drawn."""
        most = max((max(bar.value, bar.other) for bar in self.bars), default=0) or 1
        broad = round(self.step * 0.72, 1)
        found = []
        for at, bar in enumerate(self.bars):
            left = self.middle(at) - broad / 2
            if not self.legend:
                found.append(_shape(left, broad, bar.value, most, short_number(bar.value)))
                continue
            half = round(broad / 2 - 0.5, 1)
            # The numbers of two bars would run into each other: they are in the table.
            found.append(_shape(left, half, bar.value, most, ""))
            found.append(_shape(left + half + 1, half, bar.other, most, "", is_other=True))
        return [shape for shape in found if shape.height]


def _shape(x: float, width: float, value: int, most: int, number: str, *, is_other: bool = False) -> Shape:
    # What is there can be seen, however small it is beside the greatest.
    height = max(round(TALLEST * value / most, 1), 1.5) if value else 0
    return Shape(round(x, 1), round(BASE - height, 1), width, height, number, is_other)


def short_number(number: int) -> str:
    """Return a number as it stands above a bar: "880", and "1.2K" or "12K" where that would be too long."""
    text = number_text(number)
    if len(text) <= LONGEST_LABEL:
        return text
    digits = 1 if number < 10_000 else 0
    return str(format_compact_decimal(number, fraction_digits=digits, locale=locale()))


def _monthly(
    key: str, title: str, head: str, values: Iterable[tuple[int, int]], words: Callable[[int], str]
) -> YearChart:
    bars = []
    for number, value in values:
        day = date(2000, number, 1)
        short = str(format_date(day, "LLL", locale=locale())).rstrip(".")
        bars.append(YearBar(short, month_text(day, with_year=False), value, words(value)))
    return YearChart(key, title, (_("Month"), head), bars)


def books_by_month(year: Year) -> YearChart:
    """Return the chart of the books that were finished in each month."""
    values = [(month.number, month.reads) for month in year.months]
    return _monthly("books", _("Books by month"), _("Books"), values, say_books)


def pages_by_month(year: Year) -> YearChart:
    """Return the chart of the pages of the books that were finished in each month."""
    values = [(month.number, month.pages) for month in year.months]
    return _monthly("pages", _("Pages by month"), _("Pages"), values, say_pages)


def hours_by_month(year: Year) -> YearChart:
    """Return the chart of the hours of the audiobooks that were finished in each month."""
    bars = _monthly("hours", "", "", [(each.number, each.minutes) for each in year.months], minutes_text).bars
    # Whole hours are enough for the drawing; the table has the minutes, too.
    rounded = [
        YearBar(bar.label, bar.name, max(round(bar.value / 60), bool(bar.value)), bar.words) for bar in bars
    ]
    return YearChart("hours", _("Hours of audiobooks by month"), (_("Month"), _("Length")), rounded)


def own_ratings(year: Year, *, is_mine: bool) -> YearChart:
    """Return the chart of a reader's ratings, beside the club's of the same books where there are any."""
    own = Counter(each.rating or 0 for each in (year.compared or year.rated))
    if not year.compared:
        return _ratings(_("Ratings"), own)
    club = Counter(max(round(each.book.mean or 0), 1) for each in year.compared)
    return _ratings(
        _("Your ratings and the club’s") if is_mine else _("Their ratings and the club’s"),
        own,
        club,
        (_("Your ratings") if is_mine else _("Their ratings"), _("The club’s averages")),
    )


def club_ratings(year: Year) -> YearChart:
    """Return the chart of the ratings that members gave the books that they read."""
    return _ratings(_("Ratings"), year.rating_counts)


def _ratings(
    title: str,
    counts: Mapping[int, int],
    others: Mapping[int, int] | None = None,
    legend: tuple[str, str] | None = None,
) -> YearChart:
    bars = []
    for halves in range(1, 11):
        stars = number_text(halves / 2)
        # Half stars are plural: "0.5 stars", "1 star".
        name = ngettext("%(stars)s star", "%(stars)s stars", 5 if halves % 2 else halves // 2, stars=stars)
        value, other = counts.get(halves, 0), (others or {}).get(halves, 0)
        label = _("%(stars)s ★", stars=stars) if halves % 2 == 0 else ""
        bars.append(YearBar(label, name, value, number_text(value), other, number_text(other)))
    heads = (_("Stars"), *(legend or (_("Ratings"),)))
    return YearChart("ratings", title, heads, bars, legend)


def decades(year: Year) -> YearChart:
    """Return the chart of the decades in which the books were published first."""
    bars = []
    is_crowded = len(year.decades) > MOST_LABELS
    for at, (decade, count) in enumerate(year.decades):
        name = _("Before %(year)s", year=FIRST_DECADE) if decade is None else _("%(decade)ss", decade=decade)
        # The first year of each stands for it: there is no room for more, and "20s" could be any.
        label = f"<{FIRST_DECADE}" if decade is None else str(decade)
        bars.append(YearBar("" if is_crowded and at % 2 else label, name, count, say_books(count)))
    return YearChart("decades", _("First published, by decade"), (_("Decade"), _("Books")), bars)
