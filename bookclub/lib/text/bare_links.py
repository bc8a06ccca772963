"""Bare addresses in prose: each is taken whole, before its signs can be read as emphasis, and made a link."""

from __future__ import annotations

import re

from markdown_it.common.utils import unescapeAll
from markdown_it.rules_inline import StateInline

# Letters and digits of our alphabet would make another word of it; those of scripts without spaces do not.
_SCHEME = re.compile(r"(?<![A-Za-z0-9_])https?\Z", re.IGNORECASE)
# It ends at white space, quotation marks, our own signs, and punctuation that addresses never hold.
_REST = re.compile(r"://[^\W_][^\s<>\"“”„|\x02-\x05。、，．！？：；「」『』（）【】《》〈〉｜]*")
# The runs of signs that close emphasis; an underscore within a word never does.
_CLOSING = {
    "*": re.compile(r"(?<!\\)\*+"),
    "_": re.compile(r"(?<!\\)_+(?!\w)"),
    "~": re.compile(r"(?<!\\)~~"),
}
_AFTER = ".,:;!?'’»…"
_BRACKETS = {")": "(", "]": "["}
# So many signs before an address are looked through for one that waits to be closed behind it.
_FARTHEST = 100


def bare_address(state: StateInline, silent: bool) -> bool:
    """Read `https://…` as a link, without the punctuation that belongs to the sentence around it."""
    if not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending[-6:])
    rest = _REST.match(state.src, state.pos, state.posMax)
    if not scheme or not rest:
        return False
    typed = scheme[0] + _trimmed(rest[0], _waiting(state, rest[0]))
    if silent:
        state.pos += len(typed) - len(scheme[0])
        return True
    address = unescapeAll(typed)
    href = state.md.normalizeLink(address)
    is_link = not state.linkLevel and state.md.validateLink(href)
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


def _waiting(state: StateInline, address: str) -> str:
    """The signs of emphasis in an address that may close what was opened before it."""
    signs = {sign for sign in "*_~" if sign in address}
    if not signs:
        return ""
    opened = {chr(each.marker) for each in state.delimiters[-_FARTHEST:] if each.open}
    return "".join(signs & opened)


def _trimmed(rest: str, waiting: str) -> str:
    """The part of an address that is the address.

    What closes emphasis (``waiting``), a bracket that was opened before it, and punctuation at its end belong
    to the sentence. Any other sign stays, at the end as well: addresses end in underscores.
    """
    for sign in waiting:
        run = _CLOSING[sign].search(rest)
        rest = rest[: run.start()] if run else rest
    for closing, opening in _BRACKETS.items():
        depth = 0
        for place, sign in enumerate(rest):
            depth += (sign == opening) - (sign == closing)
            if depth < 0:
                rest = rest[:place]
                break
    return rest.rstrip(_AFTER)
