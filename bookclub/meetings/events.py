"""Registry of what hangs on meetings, for packages with rows of their own about them."""

from __future__ import annotations

from collections.abc import Collection, Set

from ..registry import Registry

# handler(meeting_ids): the ids of those that somebody has written about, which are cancelled, not deleted.
on_withdrawal: Registry[[Collection[int]], Set[int]] = Registry()
