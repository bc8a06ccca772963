"""Decoding of images that somebody sent, in a process of its own, one at a time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from threading import BoundedSemaphore
from typing import NamedTuple

from werkzeug.datastructures import FileStorage

from ..lib.images import renditions
from ..lib.images.renditions import ImageError, Rendition
from ..lib.text.characters import clean_text
from .rules import LARGEST, busy_text, refusal_text, too_large_text

# One image takes up to a gigabyte for a second or two, and a home server has not many of either.
_AT_ONCE = BoundedSemaphore(1)
_SECONDS_OF_PATIENCE = 20


class DecoderBusyError(Exception):
    """Raised if other images have to be decoded first for too long."""


class PictureError(Exception):
    """Raised for a file that is not taken. The text is the sentence that says why."""


class Upload(NamedTuple):
    """The copies of an image, and the SHA-256 digest of the file that it came in."""

    copies: Sequence[Rendition]
    digest: str

    @property
    def size(self) -> int:
        """The size of the copies together, in bytes."""
        return sum(len(copy.content) for copy in self.copies)


def decode_file(file: FileStorage, widths: Sequence[int] = renditions.WIDTHS) -> Upload:
    """Return the copies of an image in a form. Raises PictureError."""
    return decode_bytes(file.stream.read(LARGEST + 1), clean_text(file.filename or ""), widths)


def decode_bytes(content: bytes, name: str, widths: Sequence[int] = renditions.WIDTHS) -> Upload:
    """Return the copies of an image. ``name`` is what the sentences call it. Raises PictureError."""
    if len(content) > LARGEST:
        raise PictureError(too_large_text(name))
    try:
        return Upload(decode(content, widths), sha256(content).hexdigest())
    except ImageError as refusal:
        raise PictureError(refusal_text(str(refusal), name)) from None
    except DecoderBusyError:
        raise PictureError(busy_text(name)) from None


def decode(content: bytes, widths: Sequence[int] = renditions.WIDTHS) -> list[Rendition]:
    """Return the copies of an image, from narrow to wide.

    Raises ImageError as the decoder does, also if it took too much memory or time, and Busy.
    """
    if not _AT_ONCE.acquire(timeout=_SECONDS_OF_PATIENCE):
        raise DecoderBusyError
    try:
        # Isolated mode: nothing of the environment reaches it, and it can import no module of Bookclub.
        done = subprocess.run(
            [sys.executable, "-I", renditions.__file__, *map(str, widths)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=renditions.SECONDS + 5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ImageError(renditions.LARGE) from None
    finally:
        _AT_ONCE.release()
    return renditions.read_answer(done.stdout)
