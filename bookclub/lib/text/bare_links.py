"""Markdown-it rule that makes a link of a bare address before its signs can be read as emphasis."""

from __future__ import annotations

import re

from markdown_it.common.utils import unescapeAll
from markdown_it.rules_inline import StateInline

# After a Latin letter or a digit, "http" is the end of another word. In scripts without spaces it may follow
# a letter directly.
_SCHEME = re.compile(r"(?<![A-Za-z0-9_])https?\Z", re.IGNORECASE)
# An address ends at white space, quotation marks, our own control characters (see ``markdown``), and
# punctuation that addresses never hold.
_REST = re.compile(r"://[^\W_][^\s<>\"“”„|\x02-\x05。、，．！？：；「」『』（）【】《》〈〉｜]*")
# Runs of signs that close emphasis. An underscore within a word never does.
_CLOSING_RUNS = {
    "*": re.compile(r"(?<!\\)\*+"),
    "_": re.compile(r"(?<!\\)_+(?!\w)"),
    "~": re.compile(r"(?<!\\)~~"),
}
_SENTENCE_PUNCTUATION = ".,:;!?'’»…"
_BRACKETS = {")": "(", "]": "["}
# Search only this many signs before an address for open emphasis, so that a text full of signs stays fast.
_MAX_DELIMITERS = 100


def link_bare_address(state: StateInline, silent: bool) -> bool:
    """Read `https://…` as a link, without the punctuation that belongs to the sentence around it."""
    if not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending[-6:])
    rest = _REST.match(state.src, state.pos, state.posMax)
    if not scheme or not rest:
        return False
    typed = scheme[0] + _trim_address(rest[0], _open_emphasis(state, rest[0]))
    if silent:  # Markdown-it only asks how far a link would reach, so no token is written.
        state.pos += len(typed) - len(scheme[0])
        return True
    address = unescapeAll(typed)
    href = state.md.normalizeLink(address)
    is_link = not state.linkLevel and state.md.validateLink(href)
    # The scheme was read as plain text before "://" showed that it begins an address.
    state.pending = state.pending[: -len(scheme[0])]
    if is_link:
        token = state.push("link_open", "a", 1)
        token.attrs, token.meta = {"href": href}, {"is_bare": True}
    token = state.push("text", "", 0)
    token.content = address
    if is_link:
        state.push("link_close", "a", -1)
    state.pos += len(typed) - len(scheme[0])
    return True


def _open_emphasis(state: StateInline, address: str) -> str:
    """Return the emphasis signs in an address that may close emphasis opened before it."""
    signs = {sign for sign in "*_~" if sign in address}
    if not signs:
        return ""
    opened = {chr(each.marker) for each in state.delimiters[-_MAX_DELIMITERS:] if each.open}
    return "".join(signs & opened)


def _trim_address(rest: str, open_signs: str) -> str:
    """Cut from an address what belongs to the sentence around it.

    That is a sign that closes emphasis (one of ``open_signs``), a bracket that was opened before the address,
    and punctuation at the end. Every other sign stays, also at the end: addresses may end in underscores.
    """
    for sign in open_signs:
        run = _CLOSING_RUNS[sign].search(rest)
        rest = rest[: run.start()] if run else rest
    for closing, opening in _BRACKETS.items():
        depth = 0
        for place, sign in enumerate(rest):
            depth += (sign == opening) - (sign == closing)
            if depth < 0:
                rest = rest[:place]
                break
    return rest.rstrip(_SENTENCE_PUNCTUATION)
