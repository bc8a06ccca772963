"""Goodreads' marks in reviews, such as ``[b:Emma|6969|Emma|Jane Austen|https://…|3360164]``."""

from __future__ import annotations

import re

# Marks of books, in short and long forms and with a cover. Their titles are set in italics.
_BOOKS = ("b", "bc", "book", "bookcover")
_OTHERS = ("a", "author", "s", "series", "g", "group", "p", "person", "people", "u", "user", "r", "review",
           "l", "list", "q", "quote", "t", "topic", "e", "event")  # fmt: skip
# The name may contain brackets; the number after it separates a mark from other words in brackets.
_MARK = re.compile(
    rf"\[(?P<kind>{'|'.join((*_BOOKS, *_OTHERS))}):\s{{0,3}}"
    r"(?P<name>(?:[^\[\]|\n]|\[[^\[\]|\n]{0,100}\]){1,300})\|\d{1,20}(?:\.[^|\[\]\n]{0,300})?"
    r"(?:\|[^\[\]\n]{0,2000})?\]",
    re.IGNORECASE,
)


def name_marks(text: str, before: str = "", after: str = "") -> str:
    """Replace each mark by the name that it shows; names of books go between ``before`` and ``after``."""
    if "[" not in text or "|" not in text:
        return text

    def name(mark: re.Match[str]) -> str:
        words = mark["name"].strip()
        return f"{before}{words}{after}" if words and mark["kind"].lower() in _BOOKS else words

    return _MARK.sub(name, text)
