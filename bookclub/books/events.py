"""What happens to books, for packages that go by their words and lengths."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ..lib.positions.measures import Measures
from ..registry import Registry
from .look_ups import LookUp

# handler(book_id, before): lengths or chapters of a book changed; ``before`` is what was known until then.
on_positions_changed: Registry[[int, Measures], None] = Registry()
# handler(now): books are about to be edited, by whoever holds the writing transaction.
on_edit: Registry[[datetime], None] = Registry()
# handler(look, work, said, latest_year): a member asks catalogues elsewhere for a book.
on_look_up: Registry[[str, str, Mapping[str, str], int], LookUp | None] = Registry()
