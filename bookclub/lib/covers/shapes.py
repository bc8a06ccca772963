"""What drawings are made of: a supply of choices, a box to stay in, and paths written short."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Seed:
    """A fixed supply of small choices, the same for the same bytes on every machine and Python."""

    def __init__(self, supply: bytes) -> None:
        self._supply = supply
        self._next = 0

    def pick(self, choices: int) -> int:
        """A number below `choices`; the supply starts again when it is used up."""
        value = self._supply[self._next % len(self._supply)]
        self._next += 1
        return value % choices


class Box(NamedTuple):
    """The place an ornament may fill."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        """The centre of the box."""
        return self.x + self.width / 2, self.y + self.height / 2

    def inset(self, margin: float) -> Box:
        """The same box with a margin on every side."""
        return Box(self.x + margin, self.y + margin, self.width - 2 * margin, self.height - 2 * margin)


Ornament = Callable[[Seed, Box, str, str], str]
Pattern = Callable[[Seed, str, str], str]


def number(value: float) -> str:
    """A length with one decimal, which is finer than anybody sees."""
    return f"{value:.1f}".removesuffix(".0")


def fill(shape: str, ink: str) -> str:
    """A filled shape; an empty path draws nothing."""
    return f'<path d="{shape}" fill="{ink}"/>' if shape else ""


def line(shape: str, ink: str, weight: float = 1.5, more: str = "") -> str:
    """A drawn line; an empty path draws nothing."""
    return f'<path d="{shape}" fill="none" stroke="{ink}" stroke-width="{weight:g}"{more}/>' if shape else ""


def path(*parts: float | str) -> str:
    """A path from its commands and lengths: path("M", 1, 2, "h", 3) is M 1 2 h 3."""
    return " ".join(part if isinstance(part, str) else number(part) for part in parts)


def disc(x: float, y: float, radius: float) -> str:
    """The path of a circle."""
    r, across = number(radius), number(2 * radius)
    return f"M{number(x - radius)} {number(y)}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0-{across} 0z"
