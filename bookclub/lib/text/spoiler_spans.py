"""Spans of spoilers in a text, the signs that mark them, and their merge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Sign:
    """A sign that marks a spoiler; ``instead`` (a title or "") replaces it where the words are shown."""

    start: int
    end: int
    instead: str = ""


@dataclass(frozen=True)
class Spoiler:
    """A part of a text that is hidden, from ``start`` to ``end``.

    ``mark`` is its first sign as typed. The ``signs`` are left out when the words are shown. ``doubt`` is a
    sentence for the writer, without its end, if the spoiler was not closed or not opened; "" if it is clear.
    """

    start: int
    end: int
    mark: str
    signs: tuple[Sign, ...] = ()
    doubt: str = ""

    def words(self, text: str) -> str:
        """Return the hidden words without the signs around them, for readers who may see them."""
        parts: list[str] = []
        end = self.start
        for sign in self.signs:
            # Signs of joined spoilers may overlap; each character is left out only once.
            if sign.start >= end:
                parts += text[end : sign.start], sign.instead
                end = sign.end
        return "".join(parts) + text[end : self.end]


def merge(found: Iterable[Spoiler]) -> list[Spoiler]:
    """Join spoilers that overlap, in the order of the text. All that any of them hides stays hidden."""
    groups: list[list[Spoiler]] = []
    end = 0
    for spoiler in sorted(found, key=lambda one: (one.start, -one.end)):
        if not groups or spoiler.start >= end:
            groups.append([])
        groups[-1].append(spoiler)
        end = max(end, spoiler.end)
    return [_join_group(group) for group in groups]


def _join_group(group: list[Spoiler]) -> Spoiler:
    signs = sorted((sign for spoiler in group for sign in spoiler.signs), key=lambda sign: sign.start)
    doubt = next((spoiler.doubt for spoiler in group if spoiler.doubt), "")
    end = max(spoiler.end for spoiler in group)
    return Spoiler(group[0].start, end, group[0].mark, tuple(signs), doubt)
