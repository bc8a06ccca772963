"""Decoding of uploaded images in a process of its own, one at a time."""

from __future__ import annotations

import subprocess
import sys
from threading import BoundedSemaphore

from ..lib.images import renditions
from ..lib.images.renditions import Refusal, Rendition

# One image takes up to a gigabyte for a second or two, and a home server has not many of either.
_AT_ONCE = BoundedSemaphore(1)
_SECONDS_OF_PATIENCE = 20


class Busy(Exception):
    """Raised if other images have to be decoded first for too long."""


def decode(content: bytes) -> list[Rendition]:
    """Return the copies of an uploaded image, from narrow to wide.

    Raises Refusal as the decoder does, also if it took too much memory or time, and Busy.
    """
    if not _AT_ONCE.acquire(timeout=_SECONDS_OF_PATIENCE):
        raise Busy
    try:
        # Isolated mode: nothing of the environment reaches it, and it can import no module of Bookclub.
        done = subprocess.run(
            [sys.executable, "-I", renditions.__file__],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=renditions.SECONDS + 5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refusal(renditions.LARGE) from None
    finally:
        _AT_ONCE.release()
    return renditions.read_answer(done.stdout)
