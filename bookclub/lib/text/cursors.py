"""The keys by which lists go on, as they stand in addresses: opaque, and never trusted."""

from __future__ import annotations

import base64
import json
import unicodedata
from dataclasses import dataclass

from .keys import TITLE_KEY_LENGTH

PAGE_SIZE = 48
SORTS = ("title", "year", "rating")

_LARGEST_ID = 2**31 - 1


def id_from(text: str | None) -> int | None:
    """The id that a keyed list goes on from; None where this is not one."""
    if not text or not (text.isascii() and text.isdecimal()) or len(text) > 10:
        return None
    return int(text) if int(text) <= _LARGEST_ID else None


@dataclass(frozen=True)
class Key:
    """Where a part of the catalogue ended: the sort, the last book's value in it, and its id."""

    sort: str
    value: str | int | None
    id: int

    def __str__(self) -> str:
        written = json.dumps([self.sort, self.value, self.id], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str | None, sort: str) -> Key | None:
        """The key that was written as ``text``, if it is one, and one of this sort."""
        if not text or len(text) > 4 * TITLE_KEY_LENGTH + 400 or not text.isascii():
            return None
        try:
            parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (ValueError, RecursionError):
            return None
        if not isinstance(parts, list) or len(parts) != 3 or parts[0] != sort:
            return None
        value, row_id = parts[1:]
        if type(row_id) is not int or not 0 <= row_id <= _LARGEST_ID or not _fits(sort, value):
            return None
        return cls(sort, value, row_id)


def _fits(sort: str, value: object) -> bool:
    if sort == "title":
        return isinstance(value, str) and len(value) <= TITLE_KEY_LENGTH and _is_storable(value)
    if value is None:
        return sort == "year"
    return type(value) is int and abs(value) <= _LARGEST_ID


def _is_storable(text: str) -> bool:
    return not any(unicodedata.category(character) in ("Cc", "Cs") for character in text)
