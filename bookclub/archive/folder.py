"""Folder that exists completely or not at all: filled under another name, and renamed at the end."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from ..private_files import make_folder_private

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class FolderError(Exception):
    """Raised if a folder cannot be written. The text says why, and what to do."""


@contextmanager
def fill_folder(folder: Path) -> Iterator[Path]:
    """Yield a new folder to fill, which becomes ``folder`` at the end, and is deleted if anything fails.

    Raises FolderError if something exists at that place, or if it cannot be written.
    """
    folder = folder.absolute()
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise FolderError(f"{folder} is there already. Name a folder that is new or empty.")
    if not folder.parent.is_dir():
        raise FolderError(f"There is no folder {folder.parent}.")
    draft: Path | None = None
    try:
        # Beside the folder, since a rename works only within one file system.
        draft = Path(mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        yield draft
        make_folder_private(draft)
        if folder.exists():
            # An empty folder must go first: not every system renames onto one.
            folder.rmdir()
        draft.rename(folder)
    except OSError as problem:
        raise FolderError(_error_text(problem, folder)) from None
    finally:
        if draft is not None:
            # After the rename there is nothing left to delete.
            shutil.rmtree(draft, ignore_errors=True)


def _error_text(problem: OSError, folder: Path) -> str:
    if problem.errno in NO_ROOM:
        return f"The disk of {folder.parent} is full, so nothing was kept. Make room and try again."
    return f"{folder} cannot be written: {problem.strerror or problem}."
