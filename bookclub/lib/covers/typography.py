"""Typesetting of cover text: cleaned, measured, broken and shrunk to fit a box, in any script."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from unicodedata import category, east_asian_width

from ..text.characters import clean_line

ELLIPSIS = "…"
JOINERS = "\u200c\u200d"
# Width of a text in ems.
Ruler = Callable[[str], float]
ARTICLES = ("the ", "a ", "an ")


class Setting(NamedTuple):
    """Lines of text with their font size and the distance between them, in units of the SVG view box."""

    lines: tuple[str, ...]
    size: float
    step: float

    @property
    def height(self) -> float:
        """Height of all lines together; 0 if there are none."""
        return self.size + self.step * (len(self.lines) - 1) if self.lines else 0


def clean_cover_text(text: str) -> str:
    """Return a text as one line that XML can hold: without control characters, surrogates, noncharacters.

    Joiners stay, since emoji and some scripts need them; all other format characters are dropped.
    """
    kept = (sign for sign in clean_line(text) if sign in JOINERS or category(sign) != "Cf")
    return "".join(kept).strip()


def initial(title: str) -> str:
    """Return the first letter or digit of a title after an English article, as a capital, or ""."""
    lowered = title.lower()
    skipped = next((len(article) for article in ARTICLES if lowered.startswith(article)), 0)
    # The capital of one letter can be two, as with ß: the first is enough.
    return next((character.upper() for character in title[skipped:] if character.isalnum()), "")[:1]


def split_clusters(word: str) -> list[str]:
    """Split a word where a line may break: never before a combining mark, nor inside an emoji or a flag."""
    found: list[str] = []
    for character in word:
        before = found[-1] if found else ""
        joins = (
            category(character) in ("Mn", "Mc", "Me")
            or character in JOINERS
            # Skin tones belong to the emoji before them.
            or "\U0001f3fb" <= character <= "\U0001f3ff"
            or before.endswith("\u200d")
            or (_is_flag(character) and len(before) == 1 and _is_flag(before))
        )
        if before and joins:
            found[-1] += character
        else:
            found.append(character)
    return found


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def measure(text: str) -> float:
    """Estimate the width of a text in ems, for the widest font it may be set in (a bold serif).

    The estimates are rather too wide, so that a line never leaves its box in any font a reader has.
    """
    return sum(_advance(character) for character in text)


def _advance(character: str) -> float:
    if category(character) in ("Mn", "Me") or character in JOINERS:
        return 0.0
    if east_asian_width(character) in "WF":
        # Emoji are wider than ideographs.
        return 1.3 if ord(character) > 0x1F000 else 1.02
    # Widths of groups of characters in ems, each as wide as its widest member.
    if character in " ijlI.,:;'’!|":
        return 0.42
    if character in "mwMW@%—…":
        return 1.1
    if character.isupper():
        return 0.84
    # Letters of scripts after Latin, Greek, Cyrillic and Armenian may be wider.
    return 0.69 if ord(character) < 0x0590 else 0.78


def set_lines(
    text: str,
    width: float,
    height: float,
    *,
    largest: float,
    smallest: float,
    leading: float = 1.16,
    spacing: float = 0.0,
    ruler: Ruler | None = None,
) -> Setting:
    """Set a text as large as it fits into width and height; cut it if it does not fit at the smallest size.

    Without a ``ruler`` widths are estimated for a font that is not known.

    A word is broken only if it does not fit at the smallest size. The lines are made about equally long, as a
    typesetter would. A cut text ends in an ellipsis.
    """
    if not text:
        return Setting((), smallest, smallest * leading)
    measured = ruler or measure
    # Try ever smaller sizes: in large steps while the size is large, in small ones near the end.
    size = largest
    while True:
        size = max(size, smallest)
        # The first line takes its size, and each further one its leading.
        rows = max(1, int((height - size) / (size * leading)) + 1)
        whole = all(_width_of(part, size, spacing, measured) <= width for part, _ in _split_pieces(text))
        lines = _wrap(text, width, size, spacing, measured)
        if (whole and len(lines) <= rows) or size == smallest:
            break
        size -= 1.5 if size > 14 else 0.75
    if len(lines) > rows:
        lines = [*lines[: rows - 1], _truncate(lines[rows - 1], width, size, spacing, measured)]
    else:
        lines = _balance(text, lines, width, size, spacing, measured)
    return Setting(tuple(lines), round(size, 2), round(size * leading, 2))


def _width_of(text: str, size: float, spacing: float, ruler: Ruler) -> float:
    return ruler(text) * size + spacing * len(text)


def _split_pieces(text: str) -> list[tuple[str, str]]:
    """Return pieces that should stay whole, each with its joint to the piece before: a space or nothing.

    Chinese, Japanese and Korean text may break after every character, so each one is a piece.
    """
    parts: list[tuple[str, str]] = []
    for word in text.split():
        joint = " " if parts else ""
        for cluster in split_clusters(word):
            wide = east_asian_width(cluster[0]) in "WF"
            if (
                parts
                and not joint
                and not wide
                and not parts[-1][0][-1:].isspace()
                and not _is_wide(parts[-1][0])
            ):
                parts[-1] = (parts[-1][0] + cluster, parts[-1][1])
            else:
                parts.append((cluster, joint))
            joint = ""
    return parts


def _is_wide(part: str) -> bool:
    return east_asian_width(part[0]) in "WF"


def _wrap(text: str, width: float, size: float, spacing: float, ruler: Ruler) -> list[str]:
    lines = [""]
    for part, joint in _split_pieces(text):
        if lines[-1] and _width_of(lines[-1] + joint + part, size, spacing, ruler) <= width:
            lines[-1] += joint + part
            continue
        if lines[-1]:
            lines.append("")
        # A piece that is too long for a line of its own is broken.
        for cluster in split_clusters(part):
            if lines[-1] and _width_of(lines[-1] + cluster, size, spacing, ruler) > width:
                lines.append("")
            lines[-1] += cluster
    return lines


def _balance(
    text: str, lines: list[str], width: float, size: float, spacing: float, ruler: Ruler
) -> list[str]:
    """Wrap again, each time narrower, as long as no further line is needed and no word must be broken."""
    longest = max(_width_of(part, size, spacing, ruler) for part, _ in _split_pieces(text))
    best = lines
    while (width := width - 4) >= longest:
        narrower = _wrap(text, width, size, spacing, ruler)
        if len(narrower) > len(best):
            break
        best = narrower
    return best


def _truncate(line: str, width: float, size: float, spacing: float, ruler: Ruler) -> str:
    kept = split_clusters(line)
    # A whole cluster goes at a time, so that no letter loses its accent.
    while kept and _width_of("".join(kept) + ELLIPSIS, size, spacing, ruler) > width:
        kept.pop()
    return "".join(kept).rstrip() + ELLIPSIS
