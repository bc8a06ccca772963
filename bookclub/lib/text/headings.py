"""How Markdown is fitted into a page: its headings, its quotes with their attribution, its depth."""

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .refusal import Refused

DEEPEST = 20

_ATTRIBUTION = re.compile(r"\s*\\?[-–—―]+\s*(\S.*)")
_DASHED_LINE = ["bullet_list_open", "list_item_open", "paragraph_open", "inline"]


def fit_into_page(state: StateCore) -> None:
    """Shift headings below the page's own, give quotes their attribution, refuse what is too deep.

    A heading stands one level below the one that it belongs to, however many signs it was typed with: the
    page has only its title and its section above the words, and no level may be left out.
    """
    tokens: list[Token] = []
    quotes: list[int] = []
    outline: list[str] = []  # The headings as typed, "h2" and so on, to which the present one belongs.
    for token in state.tokens:
        if token.type in ("blockquote_open", "list_item_open") and token.level >= DEEPEST - 1:
            raise Refused("Quotes or lists are nested too deeply here. Please use fewer levels.")
        if token.type == "heading_open":
            outline = [*(above for above in outline if above < token.tag), token.tag]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, len(outline) + 2)}"
        if token.nesting == 1 and token.level == 0:
            # Each block by itself; what stands inside goes with it, so that lists keep their numbers in line.
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
    """Take the last line out of the quote just closed, if it is an attribution, and return its name.

    It is one when it starts with a dash, which is dropped, and something is quoted before it. Markdown
    reads `- Name` as a list, so a list of this single line is an attribution too.
    """
    inside = tokens[quote + 1 : -1]
    is_list = [token.type for token in inside[-7:-3]] == _DASHED_LINE and inside[-7].markup == "-"
    if not is_list and (not inside or inside[-1].type != "paragraph_close"):
        return None
    size, inline = (7, inside[-4]) if is_list else (3, inside[-2])
    head, _, line = inline.content.rpartition("\n")
    name = _ATTRIBUTION.fullmatch(f"- {line}" if is_list else line)
    if not name or (is_list and head) or (len(inside) == size and not head):
        return None
    if head:
        inline.content = head.rstrip(" ").removesuffix("\\")
    else:
        del tokens[-size - 1 : -1]
    return name[1]
