"""Rebuilds of a cache in memory: one at a time, in a thread beside the requests."""

from __future__ import annotations

import ctypes
import logging
import os
from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic

from flask import Flask, current_app

# In seconds. A request that finds a rebuild due waits for it if the last one took no longer than QUICK.
# Before the first one has ended it waits for FIRST, which is enough for a small club: nobody should look at a
# blank page until a large catalogue is read, since the page can say that it is not ready. A test waits until
# the rebuild has ended, LONGEST at most.
QUICK, FIRST, LONGEST = 0.2, 0.02, 60.0
# After a longer rebuild the next one waits for so many times its duration: a catalogue that is edited all day
# long would otherwise be rebuilt all day long.
REST = 10.0
# Other threads wait at most so many seconds for one step of a rebuild, which then rests for as long.
LONGEST_STEP = 0.01

log = logging.getLogger(__name__)
Make = Callable[[Callable[[], None]], None]


class RebuildStoppedError(Exception):
    """Raised inside a rebuild that is no longer wanted."""


class Rebuilds:
    """Rebuilds of one cache for one database."""

    def __init__(self) -> None:
        self._lock, self._stopped = Lock(), Event()
        self._thread: Thread | None = None
        self._seconds: float | None = None
        self._not_before = 0.0

    def ask(self, make: Make) -> None:
        """Start a rebuild unless one is under way, and wait for it if that takes only a moment.

        ``make`` runs in an application context of its own. It gets a function that it must call between two
        steps.
        """
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        with self._lock:
            if self._stopped.is_set():
                return
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._run, args=(app, make), name="rebuild", daemon=True)
                self._thread.start()
            thread = self._thread
        thread.join(self._seconds_to_wait(app))

    def stop(self) -> None:
        """End the rebuild that is under way, and start no more."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _seconds_to_wait(self, app: Flask) -> float:
        """Seconds that a request waits for a rebuild."""
        if app.testing:
            return LONGEST
        if self._seconds is None:
            return FIRST
        return 2 * QUICK if self._seconds <= QUICK else 0.0

    def _run(self, app: Flask, make: Make) -> None:
        if not app.testing and self._stopped.wait(max(0.0, self._not_before - monotonic())):
            return
        start, worked = monotonic(), monotonic()

        def pause() -> None:
            nonlocal worked
            if self._stopped.wait(0.0 if app.testing else min(LONGEST_STEP, monotonic() - worked)):
                raise RebuildStoppedError
            worked = monotonic()

        try:
            with app.app_context():
                make(pause)
        except RebuildStoppedError:
            return
        except Exception:
            # The database is busy or away. The old cache stays in use, and the next request asks again.
            log.exception("nothing was rebuilt")
        else:
            self._seconds = monotonic() - start
            if self._seconds > QUICK:
                give_memory_back()
        took = monotonic() - start
        # A failed rebuild waits, too, before the next one tries again.
        self._not_before = 0.0 if took <= QUICK else monotonic() + REST * took


def give_memory_back() -> None:
    """Return unused memory to the system, if the C library can.

    Otherwise the process keeps what successive rebuilds have needed: 243 MB instead of 177 MB with 60 000
    books.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(0)
