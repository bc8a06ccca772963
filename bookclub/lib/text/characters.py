"""Cleaning of incoming text: one kind of line end, and no characters that a page or database cannot keep.

This policy holds for all text that comes in: from forms, files, the command line and other sites. Text that
can be repaired is never refused, and a field that was not sent (None) is an empty text.
"""

from __future__ import annotations

import re

# The ends of lines in Unicode (UAX #14: BK, CR, LF, NL). Word pastes vertical tabs, and page breaks are form
# feeds.
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, byte order marks, and code points that stand for no character in any plane.
_UNFIT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
# Halves of UTF-16 pairs. Alone they cannot be encoded in UTF-8.
_HALF = re.compile("[\ud800-\udfff]")
# Embeddings, overrides and isolates: in a line they would also reorder the words after it on the page.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean_text(text: str | None) -> str:
    """Clean a text of several lines: end its lines in ``\\n`` and drop what no database keeps.

    The two halves of a surrogate pair that stand together become their character.
    """
    if text is None:
        return ""
    # Printable texts hold neither line ends nor anything to drop.
    if text.isprintable():
        return text
    if _HALF.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return _UNFIT.sub("", _LINE_END.sub("\n", text))


def trim_text(text: str | None) -> str:
    """Clean a text of several lines with ``clean_text``, and drop the white space around it."""
    return clean_text(text).strip()


def clean_lines(text: str | None) -> str:
    """Clean each line with ``clean_line``, and drop empty lines."""
    return "\n".join(filter(None, map(clean_line, clean_text(text).split("\n"))))


def clean_line(text: str | None) -> str:
    """Clean a text of one line: trim it, and put one space for every run of white space and line ends."""
    return " ".join(_DIRECTIONS.sub("", clean_text(text)).split())
