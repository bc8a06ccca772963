"""Asks, answers and endorsements of the sample club."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ..asks.actions import answer, ask, endorse, endorse_book
from ..books.models import Book
from ..members.models import Member


def give_advice(
    entries: Mapping[str, Any],
    members: Mapping[str, Member],
    books: Mapping[str, Book],
    at: Callable[[float], datetime],
) -> None:
    """Ask, answer and endorse as the entries say."""
    # The entries name authors, whom only the books have as rows.
    authors = {credit.author.name: credit.author for book in books.values() for credit in book.credits}
    for asked in entries["ask"]:
        question = ask(
            members[asked["member"]],
            asked["question"],
            at(asked["days"]),
            author=authors.get(asked.get("author")),
        )
        for given in asked["answer"]:
            now = at(given["days"])
            proposed = answer(question, members[given["member"]], books[given["book"]], given["reason"], now)
            for username in given["endorsed"]:
                endorse(proposed.id, members[username], now)
    for entry in entries["endorsement"]:
        book, other = books[entry["book"]], books[entry["other"]]
        endorse_book(members[entry["member"]], book, other, entry["reason"], at(entry["days"]))
