"""Policy of merging and splitting: who is one author, how texts are joined, and how long it can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from json import dumps
from typing import Any

from .choices import PARTS, Chosen, Part
from .spellings import Spelling, spelling_groups
from .texts import BETWEEN, Joint, join_texts, part_fields, part_texts

__all__ = (
    "BETWEEN",
    "PARTS",
    "UNDO_FOR",
    "Chosen",
    "Joint",
    "Part",
    "Spelling",
    "can_undo",
    "fingerprint",
    "join_texts",
    "part_fields",
    "part_texts",
    "spelling_groups",
)

UNDO_FOR = timedelta(days=7)


def can_undo(merged_at: datetime, undone_at: datetime | None, now: datetime) -> bool:
    """Return whether a merger can be undone: once, and within a week, whatever way the clock was wrong."""
    return undone_at is None and abs(now - merged_at) < UNDO_FOR


def fingerprint(preview: Mapping[str, Any]) -> str:
    """Digest of what a preview shows, by which the form that confirms it is told from one that is stale."""
    return sha256(dumps(preview, sort_keys=True, default=str).encode()).hexdigest()[:32]
