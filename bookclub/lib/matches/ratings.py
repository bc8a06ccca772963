"""Ratings as a book shows them: their average, their rank, and the verdict in words."""

from __future__ import annotations


def average(rating_sum: int, rating_count: int) -> str:
    """The average of ratings in half stars as stars with one decimal, "4.3"; "" where there are none."""
    return f"{rating_sum / rating_count / 2:.1f}" if rating_count else ""


def rating_rank(rating_sum: int, rating_count: int) -> int:
    """The average of ratings in thousandths of half stars, which sorting goes by; 0 where there are none."""
    return round(1000 * rating_sum / rating_count) if rating_count else 0


def verdict(rating_sum: int, rating_count: int) -> str:
    """Say how the club rates a book: "★ 4.3 from 5 readers", or that nobody has rated it."""
    if not rating_count:
        return "not rated yet"
    readers = "1 reader" if rating_count == 1 else f"{rating_count} readers"
    return f"★ {average(rating_sum, rating_count)} from {readers}"
