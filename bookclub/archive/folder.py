"""A folder that is there whole or not at all: written beside its place, and then given its name."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from ..private_files import make_folder_private

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class CannotWrite(Exception):
    """A folder that cannot be written; the text says why, and what would do."""


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """A new folder to be filled, which becomes ``folder`` at the end and is gone where anything fails.

    Raises CannotWrite where there is something at that place, or it cannot be written.
    """
    folder = folder.absolute()
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise CannotWrite(f"{folder} is there already. Name a folder that is new or empty.")
    if not folder.parent.is_dir():
        raise CannotWrite(f"There is no folder {folder.parent}.")
    draft: Path | None = None
    try:
        draft = Path(mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        yield draft
        make_folder_private(draft)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except OSError as problem:
        raise CannotWrite(_say(problem, folder)) from None
    finally:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)


def _say(problem: OSError, folder: Path) -> str:
    if problem.errno in NO_ROOM:
        return f"The disk of {folder.parent} is full, so nothing was kept. Make room and try again."
    return f"{folder} cannot be written: {problem.strerror or problem}."
