"""The characters of a text: line ends of every kind as one, and none that no page or database could keep.

The one policy for all words that come in: from forms, files, the command line and other sites. Nothing is
refused that can be put right.
"""

from __future__ import annotations

import re

# The ends of lines in Unicode (UAX #14: BK, CR, LF, NL). Word pastes the vertical tab; page breaks are form
# feeds.
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, byte order marks, and code points that stand for no character.
_UNFIT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_HALF = re.compile("[\ud800-\udfff]")
# In a line they would turn the rest of the page around with it.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean_text(text: str) -> str:
    """A text of several lines as it is kept: its lines end in ``\\n``, and what no database keeps is dropped.

    Two halves of a character that stand together become that character.
    """
    if text.isprintable():
        return text
    if _HALF.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return _UNFIT.sub("", _LINE_END.sub("\n", text))


def clean_lines(text: str) -> str:
    """A few lines as they are kept, each as ``clean_line`` has it, without empty ones."""
    return "\n".join(filter(None, map(clean_line, clean_text(text).split("\n"))))


def clean_line(text: str) -> str:
    """A text of one line as it is kept: trimmed, with one space for every run of white space or line ends."""
    return " ".join(_DIRECTIONS.sub("", clean_text(text)).split())
