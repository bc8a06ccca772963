"""Threads that run beside a block of code and end with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread


@contextmanager
def run_beside(name: str, work: Callable[[Event], None]) -> Iterator[None]:
    """Run ``work`` in a thread with this name while the block lasts. The event tells it to end."""
    over = Event()
    thread = Thread(target=work, args=(over,), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        # The caller may close what the work uses, so it waits for the work to end.
        over.set()
        thread.join()
