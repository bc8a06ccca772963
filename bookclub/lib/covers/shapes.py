"""Building blocks of cover drawings: the seed of choices, the box, and short SVG paths."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Seed:
    """Fixed sequence of choices: the same bytes give the same choices on every machine and Python version."""

    def __init__(self, supply: bytes) -> None:
        self._supply = supply
        self._next = 0

    def pick(self, choices: int) -> int:
        """Return a number from 0 to below `choices`; the bytes start again when they are used up."""
        value = self._supply[self._next % len(self._supply)]
        self._next += 1
        # Some choices are a little more likely, as 256 is seldom a multiple of their number. Nobody can see
        # that.
        return value % choices


class Box(NamedTuple):
    """Rectangle that an ornament may fill, in units of the SVG view box."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def inset(self, margin: float) -> Box:
        """Return the box made smaller by a margin on every side."""
        return Box(self.x + margin, self.y + margin, self.width - 2 * margin, self.height - 2 * margin)


Ornament = Callable[[Seed, Box, str, str], str]
Pattern = Callable[[Seed, str, str], str]


def number(value: float) -> str:
    """Format a length with one decimal, which is finer than anyone can see."""
    return f"{value:.1f}".removesuffix(".0")


def fill(shape: str, ink: str) -> str:
    """Draw a filled shape; return "" for an empty path."""
    return f'<path d="{shape}" fill="{ink}"/>' if shape else ""


def line(shape: str, ink: str, weight: float = 1.5, more: str = "") -> str:
    """Draw a line along a path; return "" for an empty path."""
    return f'<path d="{shape}" fill="none" stroke="{ink}" stroke-width="{weight:g}"{more}/>' if shape else ""


def path(*parts: float | str) -> str:
    """Write a path from its commands and lengths: path("M", 1, 2, "h", 3) is M 1 2 h 3."""
    return " ".join(part if isinstance(part, str) else number(part) for part in parts)


def disc(x: float, y: float, radius: float) -> str:
    """Return the path of a circle."""
    # Two half circles, because SVG draws no arc that ends where it begins.
    r, across = number(radius), number(2 * radius)
    return f"M{number(x - radius)} {number(y)}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0-{across} 0z"
