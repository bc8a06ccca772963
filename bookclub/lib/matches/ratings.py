"""Ratings of a book: their average, their rank for sorting, and a summary in words."""

from __future__ import annotations

from ..text.messages import gettext as _
from ..text.messages import ngettext


def average(rating_sum: int, rating_count: int) -> str:
    """Return the average of ratings in half stars as stars with one decimal, "4.3"; "" if there are none."""
    return f"{rating_sum / rating_count / 2:.1f}" if rating_count else ""


def rating_rank(rating_sum: int, rating_count: int) -> int:
    """Return the average in thousandths of half stars, an integer to sort by; 0 if there are none."""
    return round(1000 * rating_sum / rating_count) if rating_count else 0


def rating_text(rating_sum: int, rating_count: int) -> str:
    """Return the club's rating in words: "★ 4.3 from 5 readers", or "not rated yet"."""
    if not rating_count:
        return _("not rated yet")
    return ngettext(
        "★ %(stars)s from %(num)s reader",
        "★ %(stars)s from %(num)s readers",
        rating_count,
        stars=average(rating_sum, rating_count),
    )
