"""Uploaded files as bytes: their kind, their limits of size, and the tables in a zip."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from ..text.messages import gettext as _
from ..text.messages import lazy_gettext
from .entries import MAX_BYTES, MEBIBYTE, LibraryFileError

Opener = Callable[[], BinaryIO]

TABLES = {".csv", ".tsv", ".tab", ".txt"}
# The name of a member's library in Bookclub's own zip.
OWN_LIBRARY = "library.csv"
# Only so many tables of a zip are tried.
MOST_TABLES = 10
# The directory of a zip is read as a whole; a zip of twenty thousand files is not an export of a library.
LONGEST_DIRECTORY = MEBIBYTE
END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
LONGEST_COMMENT = 65_535

BROKEN_ZIP = lazy_gettext("This zip is damaged and cannot be unpacked. Please download it again.")
NO_TABLE = lazy_gettext("There is no CSV in this zip.")
FULL_ZIP = lazy_gettext("This zip holds too much. Unpack it, and send the CSV alone.")

_PICTURE = lazy_gettext(
    "This is a picture, whatever its name says. Please choose the CSV that the other site gave you."
)
_PACKED = lazy_gettext("This is packed in a way that we cannot unpack. Please send the CSV itself, or a zip.")
WORKBOOK = lazy_gettext("This is a spreadsheet. Save it as CSV in your spreadsheet program, and send that.")
DOCUMENT = lazy_gettext(
    "This is a text document, not a table. Please choose the CSV that the other site gave you."
)
_SLIDES = lazy_gettext(
    "This is a presentation, not a table. Please choose the CSV that the other site gave you."
)
_EBOOK = lazy_gettext(
    "This is a book itself, not a list of books. Please choose the CSV that the other site gave you."
)
WORKBOOKS_INSIDE = lazy_gettext(
    "There is only a spreadsheet in this zip. Save it as CSV in your spreadsheet program, and send that."
)
# Files that are zips without their owner knowing, by the beginning of a path inside or by their type.
_KINDS_BY_PATH = (
    ("word/", DOCUMENT),
    ("ppt/", _SLIDES),
    ("xl/", WORKBOOK),
    ("Index/", WORKBOOK),
    ("META-INF/container.xml", _EBOOK),
)
_KINDS_BY_TYPE = (
    (b"spreadsheet", WORKBOOK),
    (b"text", DOCUMENT),
    (b"presentation", _SLIDES),
    (b"epub", _EBOOK),
)
WORKBOOKS = {".ods", ".xlsx", ".xls", ".xlsm", ".xlsb", ".numbers", ".fods"}
SIGNATURES = (
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"RIFF", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"MM\0*", _PICTURE),
    (b"%PDF", lazy_gettext("This is a PDF. Please choose the CSV that the other site gave you.")),
    (b"\xd0\xcf\x11\xe0", WORKBOOK),
    (b"\x1f\x8b", _PACKED),
    (b"7z\xbc\xaf", _PACKED),
    (b"Rar!", _PACKED),
    (b"BZh", _PACKED),
    (b"\xfd7zXZ", _PACKED),
)


class BoundedStream(io.RawIOBase):
    """A stream of at most ``limit`` bytes; beyond that, and for damage, it raises LibraryFileError.

    ``damaged`` is the sentence about damage. Closing this does not close the stream beneath, which belongs to
    the caller.
    """

    def __init__(self, stream: BinaryIO, limit: int, damaged: str = "") -> None:
        self._stream = stream
        self._left = limit
        self._damaged = damaged

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            piece = self._stream.read(len(buffer))
        except Exception as error:
            # A damaged zip raises a dozen kinds of exceptions, depending on where the damage is.
            if self._damaged:
                raise LibraryFileError(self._damaged) from error
            raise
        self._left -= len(piece)
        if self._left < 0:
            raise _too_big()
        buffer[: len(piece)] = piece
        return len(piece)


def _too_big() -> LibraryFileError:
    megabytes = MAX_BYTES // MEBIBYTE
    return LibraryFileError(
        _("This file is too big: %(limit)s MB are the most, also unpacked.", limit=megabytes)
    )


def tables_of(file: BinaryIO) -> Iterator[Opener]:
    """Return openers of the tables that the file is or contains, the likeliest first.

    Each opener reads its table from the beginning. A file is a table itself unless it is a zip. Raises
    LibraryFileError if it is not a table, or too big.
    """
    size = file.seek(0, io.SEEK_END)
    if size > MAX_BYTES:
        raise _too_big()
    file.seek(0)
    head = file.read(16)
    if not size:
        raise LibraryFileError(_("This file is empty."))
    for signature, sentence in SIGNATURES:
        if head.startswith(signature):
            raise LibraryFileError(sentence)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _tables_in_zip(file, size)
    return iter([lambda: _from_start(file)])


def _from_start(file: BinaryIO) -> BinaryIO:
    file.seek(0)
    return io.BufferedReader(BoundedStream(file, MAX_BYTES))


def _tables_in_zip(file: BinaryIO, size: int) -> Iterator[Opener]:
    _refuse_endless_directory(file, size)
    try:
        archive = zipfile.ZipFile(file)
        infos = archive.infolist()
    except Exception as error:
        raise LibraryFileError(BROKEN_ZIP) from error
    if sentence := _kind_of(archive, {info.filename for info in infos}):
        raise LibraryFileError(sentence)
    tables = [info for info in infos if _is_table(info)]
    if not tables:
        is_workbook = any(PurePosixPath(info.filename).suffix.lower() in WORKBOOKS for info in infos)
        raise LibraryFileError(WORKBOOKS_INSIDE if is_workbook else NO_TABLE)
    # In our own zip this file is the library, so it is tried first.
    tables.sort(key=lambda info: PurePosixPath(info.filename).name != OWN_LIBRARY)
    left = MAX_BYTES
    for info in tables[:MOST_TABLES]:
        if info.flag_bits & 1:
            raise LibraryFileError(_("This zip has a password. Unpack it, and send the CSV alone."))
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise LibraryFileError(_PACKED)
        # The zip states these sizes; Bounded checks the real ones while unpacking.
        left -= info.file_size
        if left < 0:
            raise _too_big()
        yield lambda info=info: _unpacked(archive, info)  # type: ignore[misc]


def _kind_of(archive: zipfile.ZipFile, names: set[str]) -> str:
    """Return the sentence about a zip that is really a file of an office or reading program; else ""."""
    if "mimetype" in names:
        with contextlib.suppress(Exception), archive.open("mimetype") as file:
            kind = file.read(100)
            return next((sentence for word, sentence in _KINDS_BY_TYPE if word in kind), "")
    if not names & {"[Content_Types].xml", "content.xml", "META-INF/container.xml", "Index/Document.iwa"}:
        return ""
    found = (sentence for start, sentence in _KINDS_BY_PATH if any(name.startswith(start) for name in names))
    return next(found, WORKBOOK)


def _is_table(info: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(info.filename)
    is_of_the_system = path.name.startswith(".") or "__MACOSX" in path.parts
    return not info.is_dir() and not is_of_the_system and path.suffix.lower() in TABLES


def _refuse_endless_directory(file: BinaryIO, size: int) -> None:
    """Refuse a zip whose directory alone would fill the memory, judged by the record at its end."""
    file.seek(max(0, size - END_OF_DIRECTORY.size - LONGEST_COMMENT))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < END_OF_DIRECTORY.size:
        raise LibraryFileError(BROKEN_ZIP)
    *_, length, _, _ = END_OF_DIRECTORY.unpack_from(tail, end)
    # A big zip (Zip64) gives the size in a separate record, whose locator comes right before the end record.
    if length > LONGEST_DIRECTORY or tail[:end].endswith(b"PK\x06\x07", 0, max(0, end - 16)):
        raise LibraryFileError(FULL_ZIP)


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    try:
        member = archive.open(info)
    except Exception as error:
        raise LibraryFileError(BROKEN_ZIP) from error
    return io.BufferedReader(BoundedStream(member, MAX_BYTES, BROKEN_ZIP))  # type: ignore[arg-type]
