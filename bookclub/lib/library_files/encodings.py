"""Encodings of uploaded files: detection, and the file as lines of text."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from ..text.messages import lazy_gettext
from .entries import LibraryFileError
from .uploads import DOCUMENT, WORKBOOK, Opener

CHUNK = 65_536
# So many bytes at the start of a file serve to guess its encoding if it has no mark.
HEAD = 4096
# A line is longer only if a program has lost the line ends; then it arrives in pieces.
LONGEST_LINE = 1_000_000

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
NOT_TEXT = lazy_gettext("This is not a table of text. Please choose the CSV that the other site gave you.")
WEB_PAGE = lazy_gettext(
    "This is a web page, not a CSV. Perhaps you were signed out on the other site: please download it again."
)
JSON = lazy_gettext("This is JSON. Please choose the export as CSV (LibraryThing calls it tab-delimited).")

_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1f]")
_REPLACED = "\ufffd"


def encoding_of(opener: Opener) -> str:
    """Detect the encoding of a whole file; a text in two encodings counts as the more frequent one.

    Raises LibraryFileError if the file is not text, or if the stream refuses.
    """
    with opener() as stream:
        head = stream.read(HEAD)
        for mark, encoding in MARKS:
            if head.startswith(mark):
                return encoding
        if encoding := _wide_encoding(head):
            return encoding
        # Text has hardly any control characters or zeros; a picture or a database has many.
        if len(_CONTROLS.findall(head)) * 20 > len(head) or head.count(0) * 10 > len(head):
            raise LibraryFileError(NOT_TEXT)
        return _narrow_encoding(head, stream)


def _wide_encoding(head: bytes) -> str:
    """Detect UTF-16 without a mark by the zero beside each plain letter of the header; "" if it is not."""
    pairs = len(head) // 2
    even, odd = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if pairs and odd > pairs * 0.4 and even < pairs * 0.1:
        return "utf-16-le"
    if pairs and even > pairs * 0.4 and odd < pairs * 0.1:
        return "utf-16-be"
    return ""


# This is our own code because charset-normalizer is worse here: limited to these two encodings it takes
# cp1252 for a file in UTF-8 with one wrong byte, and with cp1250 or cp1251 added it misreads "São Paulo" or
# "50 €" in cp1252. It also needs the whole file in memory.
def _narrow_encoding(head: bytes, stream: BinaryIO) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    piece: bytes | None = head
    while piece:
        # Plain ASCII is the same in both encodings, so it is not decoded unless a letter is still incomplete.
        if not piece.isascii() or decoder.getstate()[0]:
            text = decoder.decode(piece)
            replaced = text.count(_REPLACED)
            bad += replaced - piece.count(_REPLACED.encode())
            good += sum(map(len, re.findall(r"[^\x00-\x7f]+", text))) - replaced
        piece = stream.read(CHUNK)
    return "utf-8" if good >= bad else "cp1252"


def lines_of(opener: Opener, encoding: str) -> Iterator[str]:
    """Yield the lines with their ends, without the mark at the start and without zeros.

    A line that is too long comes in pieces of LONGEST_LINE characters. Raises LibraryFileError for a web
    page, a document or JSON.
    """
    with opener() as stream:
        text = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
        line = text.readline(LONGEST_LINE).removeprefix("\ufeff")
        _refuse_other_kinds(line)
        while line:
            yield line.replace("\0", "") or "\n"
            line = text.readline(LONGEST_LINE)


def _refuse_other_kinds(first: str) -> None:
    beginning = first.lstrip()[:1000].lower()
    if re.match(r"<\?xml\b", beginning) and re.search(
        r"office:|ss:workbook|<workbook|mso-application", beginning
    ):
        raise LibraryFileError(WORKBOOK)
    if re.match(r"<(?:!doctype|html|head|meta|table|body|div|\?xml)\b", beginning):
        raise LibraryFileError(WEB_PAGE)
    if beginning.startswith("{\\rtf"):
        raise LibraryFileError(DOCUMENT)
    if re.match(r"\[?\s*\{|\{", beginning):
        raise LibraryFileError(JSON)
