"""Sentences with titles that a page emphasises and plain text sets between asterisks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from . import messages

PLACEHOLDER = re.compile(r"%\((\w+)\)s")

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class TextPart:
    """Piece of a sentence: plain words, or a title, tag or series in italics."""

    text: str
    is_title: bool = False


Sentence = tuple[TextPart, ...]


def title(text: str) -> TextPart:
    """Make a part that is emphasised."""
    return TextPart(text, is_title=True)


def make_sentence(*parts: str | TextPart | Iterable[TextPart]) -> Sentence:
    """Join words, parts and other sentences into one sentence; merge plain words that meet."""
    joined: list[TextPart] = []
    for part in parts:
        pieces = [TextPart(part)] if isinstance(part, str) else [part] if isinstance(part, TextPart) else part
        for piece in pieces:
            # Parts that merge make equal sentences equal, however they were put together.
            if joined and not piece.is_title and not joined[-1].is_title:
                joined[-1] = TextPart(joined[-1].text + piece.text)
            elif piece.text:
                joined.append(piece)
    return tuple(joined)


def fill(text: str, **values: str | int | TextPart | Sentence) -> Sentence:
    """Put parts into a translated sentence: ``fill(_("%(winner)s beats %(other)s."), winner=…, other=…)``.

    Every ``%(name)s`` must be among the values, which may be emphasised or sentences themselves. A number is
    written as the reader's language writes it. Raises KeyError for a placeholder without a value.
    """
    parts: list[str | TextPart | Sentence] = []
    end = 0
    for placeholder in PLACEHOLDER.finditer(text):
        value = values[placeholder[1]]
        shown = messages.number_text(value) if isinstance(value, int) else value
        parts += [text[end : placeholder.start()], shown]
        end = placeholder.end()
    return make_sentence(*parts, text[end:])


def kept(*names: str) -> dict[str, str]:
    """Values for gettext that leave these placeholders to fill(): ``ngettext(…, many, **kept("title"))``."""
    return {name: f"%({name})s" for name in names}


def plain_text(sentence: Sentence) -> str:
    """Return a sentence as plain text, with titles between asterisks."""
    return "".join(f"*{part.text}*" if part.is_title else part.text for part in sentence)


def join_list(pieces: Sequence[TextPart | Sentence]) -> Sentence:
    """Join pieces as the reader's language does: "A", "A and B" or "A, B and C"."""
    names = [f"piece{number}" for number in range(len(pieces))]
    return fill(messages.list_text(f"%({name})s" for name in names), **dict(zip(names, pieces, strict=True)))


def number_text(number: int) -> str:
    """Return a number up to ten as a word, and a larger one in digits."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)
