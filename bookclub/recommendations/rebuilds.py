"""Rebuilds of what a process keeps in memory: one at a time, in a thread beside its requests."""

from __future__ import annotations

import ctypes
import logging
import os
from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic

from flask import Flask, current_app

# A rebuild that took no longer than this is awaited by the request that finds it due; before the first one
# has ended a request waits for so many seconds. A test waits until it has ended.
QUICK, FIRST, LONGEST = 0.2, 1.0, 60.0
# Of longer ones the next begins after so many times what the last one took: what is edited all day long
# would otherwise be rebuilt all day long.
REST = 10.0
# For so many seconds at the most other threads wait for one step of it, which then rests for as long.
BREATH = 0.01

log = logging.getLogger(__name__)
Make = Callable[[Callable[[], None]], None]


class Stopped(Exception):
    """Raised inside a rebuild that is wanted no more."""


class Rebuilds:
    """The rebuilds of one thing for one database."""

    def __init__(self) -> None:
        self._lock, self._over = Lock(), Event()
        self._thread: Thread | None = None
        self._seconds: float | None = None
        self._not_before = 0.0

    def ask(self, make: Make) -> None:
        """Have it made, unless that is under way; and wait for it where that is a matter of a moment.

        ``make`` runs in an application context of its own, and calls what it is given between two steps.
        """
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        with self._lock:
            if self._over.is_set():
                return
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._run, args=(app, make), name="rebuild", daemon=True)
                self._thread.start()
            thread = self._thread
        thread.join(self._patience(app))

    def stop(self) -> None:
        """End the one that is under way, and begin none any more."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _patience(self, app: Flask) -> float:
        """For how many seconds a request waits."""
        if app.testing:
            return LONGEST
        if self._seconds is None:
            return FIRST
        return 2 * QUICK if self._seconds <= QUICK else 0.0

    def _run(self, app: Flask, make: Make) -> None:
        if not app.testing and self._over.wait(max(0.0, self._not_before - monotonic())):
            return
        start, worked = monotonic(), monotonic()

        def breathe() -> None:
            nonlocal worked
            if self._over.wait(0.0 if app.testing else min(BREATH, monotonic() - worked)):
                raise Stopped
            worked = monotonic()

        try:
            with app.app_context():
                make(breathe)
        except Stopped:
            return
        except Exception:
            # The database is busy or away. What there was serves on, and the next request asks again.
            log.exception("nothing was rebuilt")
        else:
            self._seconds = monotonic() - start
            if self._seconds > QUICK:
                give_memory_back()
        took = monotonic() - start
        self._not_before = 0.0 if took <= QUICK else monotonic() + REST * took


def give_memory_back() -> None:
    """Give memory that was needed for a while back to the system, where the C library can be told to.

    Else it keeps what one rebuild after the other has needed: 243 MB instead of 177 with 60 000 books.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(0)
