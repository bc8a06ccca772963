"""Keyset pagination cursors, as they stand in addresses: opaque, and never trusted."""

from __future__ import annotations

import base64
import json
import unicodedata
from dataclasses import dataclass

from .keys import TITLE_KEY_LENGTH

PAGE_SIZE = 48
SORTS = ("title", "year", "rating")

# A larger number does not fit an INTEGER column, and PostgreSQL would raise an error.
_LARGEST_ID = 2**31 - 1


def row_id_from(text: str | None) -> int | None:
    """Read the id after which a list continues; return None if the text is not an id."""
    if not text or not (text.isascii() and text.isdecimal()) or len(text) > 10:
        return None
    return int(text) if int(text) <= _LARGEST_ID else None


def row_ids_from(text: str | None) -> tuple[int, int] | None:
    """Read two numbers with a hyphen between them, after which a list continues; None if it is not that."""
    first, _, second = (text or "").partition("-")
    numbers = row_id_from(first), row_id_from(second)
    return None if numbers[0] is None or numbers[1] is None else (numbers[0], numbers[1])


@dataclass(frozen=True)
class Key:
    """Cursor after one page of the catalogue: the sort, the last book's value in it, and its id."""

    sort: str
    value: str | int | None
    id: int

    def __str__(self) -> str:
        written = json.dumps([self.sort, self.value, self.id], ensure_ascii=False, separators=(",", ":"))
        # An address would escape the “=” at the end, and read() can tell how many there were.
        return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str | None, sort: str) -> Key | None:
        """Read a key from ``text``; return None if it is not a valid key of this sort."""
        # A full title key of three-byte letters is shorter in Base64, so longer texts are not even decoded.
        if not text or len(text) > 4 * TITLE_KEY_LENGTH + 400 or not text.isascii():
            return None
        try:
            parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (ValueError, RecursionError):
            return None
        if not isinstance(parts, list) or len(parts) != 3 or parts[0] != sort:
            return None
        value, row_id = parts[1:]
        # isinstance() would let True and False pass as numbers.
        if type(row_id) is not int or not 0 <= row_id <= _LARGEST_ID or not _is_value_of(sort, value):
            return None
        return cls(sort, value, row_id)


def _is_value_of(sort: str, value: object) -> bool:
    if sort == "title":
        return isinstance(value, str) and len(value) <= TITLE_KEY_LENGTH and _is_storable(value)
    if value is None:
        return sort == "year"
    return type(value) is int and abs(value) <= _LARGEST_ID


def _is_storable(text: str) -> bool:
    return not any(unicodedata.category(character) in ("Cc", "Cs") for character in text)
