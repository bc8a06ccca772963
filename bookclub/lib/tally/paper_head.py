"""The head of a published paper: its lines ``# key: value``, also as a spreadsheet saves them again."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence

# What spreadsheets separate cells by, whatever the file was called before they saved it again.
SEPARATORS = ",;\t"


class Unreadable(ValueError):
    """A file that is no paper of a round; the text is a sentence that names the line where there is one."""

    def __init__(self, sentence: str, line: int | None = None) -> None:
        super().__init__(sentence if line is None else f"Line {line}: {sentence}")
        self.line = line


def one_line(text: str) -> str:
    """A text without line breaks and control characters, and without separators at its end.

    A spreadsheet fills a line up with separators, so that those at the end of a title could not be told
    from them.
    """
    plain = (" " if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} else letter for letter in text)
    return " ".join("".join(plain).split()).rstrip(f"{SEPARATORS} ")


def told_in(line: str, number: int) -> tuple[str, str]:
    """Key and value of a line ``# key: value``, which a spreadsheet may have quoted. Raises Unreadable."""
    if line.startswith('"'):
        line = ",".join(row(line.rstrip(f"{SEPARATORS} "), number, ","))
    found = re.fullmatch("#([^:]*):(.*)", one_line(line))
    if not found:
        raise Unreadable("Lines that start with # look like “# key: value”.", number)
    return found[1].strip().casefold(), found[2].strip()


def row(line: str, number: int, separator: str) -> list[str]:
    """The cells of a line of CSV. Raises Unreadable."""
    try:
        cells = next(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error:
        raise Unreadable("The cells of this line cannot be told apart.", number) from None
    return [cell.strip(" ") for cell in cells]


class Head:
    """What the lines with # say, each with its number."""

    def __init__(self, told: Mapping[str, tuple[str, int]]) -> None:
        self._told = told

    def optional(self, key: str) -> str | None:
        return self._told[key][0] if key in self._told else None

    def text(self, key: str) -> str:
        if key not in self._told:
            raise Unreadable(f"There is no line that starts with “# {key}:”.")
        return self._told[key][0]

    def one_of(self, key: str, allowed: Sequence[str]) -> str:
        value = self.text(key)
        if value not in allowed:
            raise Unreadable(f"“{key}” is one of {', '.join(allowed)}.", self._told[key][1])
        return value

    def number(self, key: str) -> int:
        """A whole number; a quorum may carry its %."""
        value = self.text(key)
        if not re.fullmatch("[0-9]{1,9}%?", value):
            raise Unreadable(f"“{key}” is a whole number.", self._told[key][1])
        return int(value.removesuffix("%"))

    def nominations(self) -> tuple[int, ...]:
        """The nominations that have a title here."""
        found = []
        for key, (_, line) in self._told.items():
            if key.startswith("nomination "):
                if not re.fullmatch("nomination [1-9][0-9]{0,17}", key):
                    raise Unreadable("A nomination has a number, as in “# nomination 5: …”.", line)
                found.append(int(key.removeprefix("nomination ")))
        return tuple(sorted(found))

    def those(self, key: str, nominations: Sequence[int]) -> tuple[int, ...]:
        """The nominations that a line names; none where it is missing."""
        ids = {str(nomination): nomination for nomination in nominations}
        named = (self.optional(key) or "").split()
        if any(name not in ids for name in named):
            raise Unreadable(f"“{key}” names what is no nomination.", self._told[key][1])
        return tuple(sorted(ids[name] for name in named))
