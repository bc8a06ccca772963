"""Threads that work beside a block of code and end with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread


@contextmanager
def beside(name: str, work: Callable[[Event], None]) -> Iterator[None]:
    """Let a thread of that name ``work`` as long as this block lasts; the event tells it that it is over."""
    over = Event()
    thread = Thread(target=work, args=(over,), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
