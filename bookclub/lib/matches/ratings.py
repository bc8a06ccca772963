"""Ratings of a book: their average, their rank for sorting, and a summary in words."""

from __future__ import annotations


def average(rating_sum: int, rating_count: int) -> str:
    """Return the average of ratings in half stars as stars with one decimal, "4.3"; "" if there are none."""
    return f"{rating_sum / rating_count / 2:.1f}" if rating_count else ""


def rating_rank(rating_sum: int, rating_count: int) -> int:
    """Return the average in thousandths of half stars, an integer to sort by; 0 if there are none."""
    return round(1000 * rating_sum / rating_count) if rating_count else 0


def rating_text(rating_sum: int, rating_count: int) -> str:
    """Return the club's rating in words: "★ 4.3 from 5 readers", or "not rated yet"."""
    if not rating_count:
        return "not rated yet"
    readers = "1 reader" if rating_count == 1 else f"{rating_count} readers"
    return f"★ {average(rating_sum, rating_count)} from {readers}"
