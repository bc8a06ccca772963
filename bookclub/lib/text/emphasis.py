"""Sentences with titles that a page emphasises and plain text sets between asterisks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Part:
    """Piece of a sentence: plain words, or a title, tag or series in italics."""

    text: str
    is_title: bool = False


Sentence = tuple[Part, ...]


def title(text: str) -> Part:
    """Make a part that is emphasised."""
    return Part(text, is_title=True)


def make_sentence(*parts: str | Part | Iterable[Part]) -> Sentence:
    """Join words, parts and other sentences into one sentence; merge plain words that meet."""
    joined: list[Part] = []
    for part in parts:
        pieces = [Part(part)] if isinstance(part, str) else [part] if isinstance(part, Part) else part
        for piece in pieces:
            # Parts that merge make equal sentences equal, however they were put together.
            if joined and not piece.is_title and not joined[-1].is_title:
                joined[-1] = Part(joined[-1].text + piece.text)
            elif piece.text:
                joined.append(piece)
    return tuple(joined)


def plain_text(sentence: Sentence) -> str:
    """Return a sentence as plain text, with titles between asterisks."""
    return "".join(f"*{part.text}*" if part.is_title else part.text for part in sentence)


def join_list(pieces: Sequence[Part | Sentence]) -> Sentence:
    """Join pieces as "A", "A and B" or "A, B and C"."""
    parts: list[str | Part | Sentence] = []
    for number, piece in enumerate(pieces):
        if number:
            parts.append(" and " if number == len(pieces) - 1 else ", ")
        parts.append(piece)
    return make_sentence(*parts)


def number_text(number: int) -> str:
    """Return a number up to ten as a word, and a larger one in digits."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)
