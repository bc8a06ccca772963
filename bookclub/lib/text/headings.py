"""Markdown-it rule that fits a text into a page: heading levels, quote attributions, nesting depth."""

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .errors import TextError
from .messages import gettext as _

# Markdown gets slow with nesting (see the limits in ``markdown``).
MAX_NESTING = 20

_ATTRIBUTION = re.compile(r"\s*\\?[-–—―]+\s*(\S.*)")
# The tokens of a list with a single line.
_DASHED_LINE = ["bullet_list_open", "list_item_open", "paragraph_open", "inline"]


def fit_into_page(state: StateCore) -> None:
    """Shift headings below the page's own, mark up attributions of quotes, refuse too deep nesting.

    A heading gets the level below the heading it belongs to, however many signs it was typed with: above the
    text the page has only its title and its section, and no level may be skipped. Raises TextError.
    """
    tokens: list[Token] = []
    quotes: list[int] = []
    outline: list[str] = []  # The headings as typed ("h2" …) that enclose the present one.
    for token in state.tokens:
        if token.type in ("blockquote_open", "list_item_open") and token.level >= MAX_NESTING - 1:
            raise TextError(_("Quotes or lists are nested too deeply here. Use fewer levels."))
        if token.type == "heading_open":
            outline = [*(above for above in outline if above < token.tag), token.tag]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, len(outline) + 2)}"
        if token.nesting == 1 and token.level == 0:
            # Each outer block has its own direction. Inner blocks follow it, so list numbers stay in line.
            token.attrSet("dir", "auto")
        token.info = ""  # The language of a code block would become a class.
        tokens.append(token)
        if token.type == "blockquote_open":
            quotes.append(len(tokens) - 1)
        elif token.type == "blockquote_close" and (name := _take_attribution(tokens, quote := quotes.pop())):
            tokens.insert(quote, Token("figure_open", "figure", 1, block=True))
            tokens.append(Token("figcaption_open", "figcaption", 1, block=True, attrs={"dir": "auto"}))
            tokens.append(Token("inline", "", 0, content=name, children=[]))
            tokens.append(Token("figcaption_close", "figcaption", -1, block=True))
            tokens.append(Token("figure_close", "figure", -1, block=True))
    state.tokens = tokens


def _take_attribution(tokens: list[Token], quote: int) -> str | None:
    """Remove the last line of the quote just closed if it is an attribution, and return its name.

    An attribution starts with a dash, which is dropped, and follows quoted words. Markdown reads `- Name` as
    a list, so a list with this single line is an attribution too. Return None if there is none.
    """
    inside = tokens[quote + 1 : -1]
    is_list = [token.type for token in inside[-7:-3]] == _DASHED_LINE and inside[-7].markup == "-"
    if not is_list and (not inside or inside[-1].type != "paragraph_close"):
        return None
    # A list of one line is seven tokens long, a paragraph three.
    size, inline = (7, inside[-4]) if is_list else (3, inside[-2])
    head, _break, line = inline.content.rpartition("\n")
    name = _ATTRIBUTION.fullmatch(f"- {line}" if is_list else line)
    if not name or (is_list and head) or (len(inside) == size and not head):
        return None
    if head:
        inline.content = head.rstrip(" ").removesuffix("\\")
    else:
        del tokens[-size - 1 : -1]
    return name[1]
