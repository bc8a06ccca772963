"""Markdown-it parser for emphasis in Chinese, Japanese and Korean, which put no spaces between words.

CommonMark reads a sign beside punctuation as emphasis only if a space or more punctuation stands on its other
side, so `**重要：**これ` keeps its asterisks. This parser follows the CJK-friendly amendments instead
(specification.md, 6.2, in https://github.com/tats-u/markdown-cjk-friendly): punctuation of these scripts does
not count as punctuation, and their letters count like a space. The plugins of the amendments are for
JavaScript, and the one for markdown-it-py also joins lines, which would spoil a verse.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token

# Variation selectors that may follow such a character (FE0F is left out, since it makes an emoji of it), and
# the range of selectors for ideographs.
_SELECTORS = frozenset("\ufe00\ufe01\ufe02\ufe0e")
_IDEOGRAPHIC = ("\U000e0100", "\U000e01ef")
# Quotation marks count as characters of these scripts only if a selector makes them full width.
_AMBIGUOUS, _FULL_WIDTH = frozenset("‘’“”"), "\ufe01"
# A wide symbol outside these blocks is an emoji, which belongs to no script.
_CJK_BLOCKS = ((0x2E80, 0x33FF), (0xFE30, 0xFFEF), (0x1F200, 0x1F2FF))
# Some Hangul letters are not wide by Unicode's tables, so they are listed.
_HANGUL = ((0x1100, 0x11FF), (0x3131, 0x318E), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xFFA0, 0xFFDC))


@lru_cache(maxsize=4096)
def is_cjk(sign: str) -> bool:
    """Return whether a character belongs to Chinese, Japanese or Korean, its punctuation included."""
    code = ord(sign)
    if any(first <= code <= last for first, last in _HANGUL):
        return True
    if unicodedata.east_asian_width(sign) not in "WFH":
        return False
    is_symbol = unicodedata.category(sign) in ("So", "Sk")
    return not is_symbol or any(first <= code <= last for first, last in _CJK_BLOCKS)


class State(StateInline):
    """Inline parser state that reads emphasis by the CJK-friendly rules."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        """Return whether the run of signs at ``start`` may open and may close emphasis, and its length."""
        end = start
        while end < self.posMax and self.src[end] == self.src[start]:
            end += 1
        after = self.src[end] if end < self.posMax else " "
        before = self.src[start - 1] if start else " "
        # A selector is invisible: the character before it decides.
        is_before_cjk = _IDEOGRAPHIC[0] <= before <= _IDEOGRAPHIC[1]
        if start > 1 and before in _SELECTORS:
            is_before_cjk = before == _FULL_WIDTH and self.src[start - 2] in _AMBIGUOUS
            before = self.src[start - 2]
        is_before_cjk = is_before_cjk or is_cjk(before)
        is_punctuation_before, is_punctuation_after = _is_punctuation(before), _is_punctuation(after)
        is_space_before, is_space_after = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))

        is_foreign_after = is_punctuation_after and not is_cjk(after)
        is_foreign_before = is_punctuation_before and not is_before_cjk
        opens = not is_space_after and (
            not is_foreign_after or is_space_before or is_foreign_before or is_before_cjk
        )
        closes = not is_space_before and (
            not is_foreign_before or is_space_after or is_foreign_after or is_cjk(after)
        )
        return Scanned(
            opens and (canSplitWord or not closes or is_punctuation_before),
            closes and (canSplitWord or not opens or is_punctuation_after),
            end - start,
        )


def _is_punctuation(sign: str) -> bool:
    return isMdAsciiPunct(ord(sign)) or isPunctChar(sign)


class InlineParser(ParserInline):
    """Inline parser that uses ``State``."""

    def parse(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> list[Token]:
        """Parse a line and append its tokens."""
        state = State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens
