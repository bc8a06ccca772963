"""Sentences about books, whose titles and tags a page can emphasise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Part:
    """A piece of a sentence: words, or a title, tag or series that stands in italics."""

    text: str
    is_title: bool = False


Sentence = tuple[Part, ...]


def title(text: str) -> Part:
    """A title, to be emphasised."""
    return Part(text, is_title=True)


def say(*parts: str | Part | Iterable[Part]) -> Sentence:
    """One sentence out of words, parts and other sentences; words that meet become one part."""
    joined: list[Part] = []
    for part in parts:
        pieces = [Part(part)] if isinstance(part, str) else [part] if isinstance(part, Part) else part
        for piece in pieces:
            if joined and not piece.is_title and not joined[-1].is_title:
                joined[-1] = Part(joined[-1].text + piece.text)
            elif piece.text:
                joined.append(piece)
    return tuple(joined)


def plain(sentence: Sentence) -> str:
    """A sentence as plain text, what is emphasised between asterisks."""
    return "".join(f"*{part.text}*" if part.is_title else part.text for part in sentence)


def listed(pieces: Sequence[Part]) -> Sentence:
    """Parts as "A", "A and B" or "A, B and C"."""
    parts: list[Part] = []
    for number, piece in enumerate(pieces):
        if number:
            parts.append(Part(" and " if number == len(pieces) - 1 else ", "))
        parts.append(piece)
    return say(parts)


def in_words(number: int) -> str:
    """Small numbers as words."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def counted(number: int, thing: str) -> str:
    """ "one book", "two books"."""
    return f"{in_words(number)} {thing}" if number == 1 else f"{in_words(number)} {thing}s"


def possessive(name: str) -> str:
    """ "Ishiguro’s", "Dickens’s": a name that ends in s is treated like any other."""
    return f"{name}’s"
