"""A server's clock that is wrong: for the application, the libraries beside it, and nobody else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from bookclub import extensions

RIGHT = timedelta(0)
NEVER_SET = datetime(1970, 1, 1, tzinfo=UTC) - datetime.now(UTC)


@contextmanager
def clock_off_by(shift: timedelta) -> Iterator[None]:
    """Let the clock be ahead by ``shift``, or behind where it is negative, as long as this block lasts."""
    right = time.time

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + shift

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extensions, "datetime", Wrong)
        patch.setattr(time, "time", lambda: right() + shift.total_seconds())
        yield
