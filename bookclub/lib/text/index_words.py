"""Words of a text as the search index holds them, each with its place in the text.

Both databases index the output of ``index_text()`` and look for that of ``search_query``, so that both answer
alike and neither needs an extension. Case and accents do not count. Chinese, Japanese, Korean and Thai need
no spaces between words, so a run of their characters becomes overlapping pairs and its last character:
"日本語" is "日本", "本語" and "語". A pair is found wherever it stands, and so is a single character, as the
beginning of a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .keys import fold

# PostgreSQL refuses words of 2 kB. Nobody types one as long as this.
LONGEST_WORD = 100
FOLDED_KEPT = 20_000

# Thai; Hangul as letters and as syllables; Kana and Han with their sign of repetition, in all blocks.
_PAIRED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u1100-\u11ff\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
)
# Vowels of many scripts are marks, which \\w leaves out. None stands beyond these planes.
_MARKS = "".join(
    re.escape(chr(code)) for code in range(0x300, 0x1F000) if unicodedata.category(chr(code)) in ("Mn", "Mc")
)
_WORD = re.compile(rf"(?P<run>[{_PAIRED}]+)|(?:(?![{_PAIRED}])[^\W_])(?:(?![{_PAIRED}])[^\W_]|[{_MARKS}])*")


@dataclass(frozen=True)
class IndexedWord:
    """A word of a text as the index holds it, folded, and where it stands."""

    folded: str
    start: int
    end: int


@dataclass(frozen=True)
class FoundWord(IndexedWord):
    """A word of a text, or a run of characters without spaces (``is_run``)."""

    is_run: bool = False

    def pieces(self) -> Iterator[IndexedWord]:
        """Return what the index holds of it: a word itself, of a run its pairs and its last character."""
        if not self.is_run:
            yield self
            return
        # Where folding joins or parts characters, nobody knows which is which: then a pair is all of them.
        is_alike = len(self.folded) == self.end - self.start
        for at, pair in enumerate(pairs_of(self.folded)):
            start, end = (at, at + len(pair)) if is_alike else (0, self.end - self.start)
            yield IndexedWord(pair, self.start + start, self.start + end)


def index_text(text: str) -> str:
    """Return the words of a text for the index, with a space between any two."""
    return " ".join(piece.folded for piece in find_pieces(text))


def find_pieces(text: str) -> Iterator[IndexedWord]:
    """Find the words of a text as the index holds them."""
    for word in find_words(text):
        yield from word.pieces()


def find_words(text: str) -> Iterator[FoundWord]:
    """Find the words of a text, and its runs of Chinese, Japanese, Korean and Thai characters."""
    for match in _WORD.finditer(text):
        is_run = match["run"] is not None
        folded = _fold_word(match[0])
        # What folds to nothing, such as a vowel point alone, is no word.
        if folded:
            yield FoundWord(folded if is_run else folded[:LONGEST_WORD], match.start(), match.end(), is_run)


def pairs_of(run: str) -> list[str]:
    """Return the pairs of neighbours in a run of characters, and its last character."""
    return [run[at : at + 2] for at in range(len(run))]


@lru_cache(FOLDED_KEPT)
def _fold_word(word: str) -> str:
    # To fold takes ten times as long as anything else here, and most words of English need none.
    return word.lower() if word.isascii() else fold(word).replace(" ", "")
