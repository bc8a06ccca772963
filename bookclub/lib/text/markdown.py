"""Markdown rendering to safe HTML, with and without spoilers, and plain excerpts of it.

Spoilers are cut out of the *source*: for the safe version each spoiler, marked by `||bars||` or as on other
sites, is replaced by a sign before rendering. Hidden words cannot come back through a link, a heading or a
piece of code, since they are not in the text that is rendered.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_inline import StateInline, link
from markdown_it.token import Token

from .bare_links import link_bare_address
from .book_mentions import MENTION, mention_key
from .characters import clean_text
from .cjk_emphasis import InlineParser
from .errors import TextError
from .headings import MAX_NESTING, fit_into_page
from .messages import gettext as _
from .messages import number_text
from .pictures import NO_PICTURES, Sizes, plain_pictures, read_picture, set_figures, write_figure
from .spoilers import PLACEHOLDER, find_spoilers

# Raise this with every change to the result, above all one that hides more: a text stored under another
# version is rendered again before anyone sees it (see the job in ``stale_text``).
RENDERER_VERSION = 4

# The time of rendering grows with signs, lines and nesting, not with letters. At these limits the worst texts
# we found take a third of a second; a long review has a tenth of the signs and lines.
MOST_CHARACTERS = 100_000
MOST_SIGNS = 8_000
MOST_LINES = 5_000
LONGEST_ADDRESS = 2_000
LONGEST_HTML = 1_000_000
NO_BOOKS: Mapping[str, str] = MappingProxyType({})

# They mean: a spoiler opens, closes, was cut out here; and keep the wide space beside this (Markdown-it would
# trim it). clean_text() drops these control characters from every text, so none is typed; the bars let
# emphasis start and end beside them.
OPEN, CLOSE, CUT, KEEP = "|\x02|", "|\x03|", "|\x04|", "\x05"

_SIGN = re.compile(r"[*_~`<>!&\\#|+=:\[\]-]")
_OUTER_SPACE = re.compile(r"(?:^|(?<=[ \t\n]))(?=[^\S \t\n])|(?<=[^\S \t\n])(?=[ \t]*(?:\n|\Z))")
_ALLOWED_ADDRESS = re.compile(r"https?://[\w\[]|mailto:.|/(?![/\\])", re.IGNORECASE)
_OUR_SIGN_IN_ADDRESS = re.compile(r"%0[2-5]")
_SPOILER = re.compile(r"\|\x02\|(.*?)(?:\|\x03\||\Z)", re.DOTALL)
_BREAK_AT_THE_EDGE = re.compile(r"\A\s*<br>\n|<br>\s*\Z")
_SPAN = re.compile(r"<span.*?</span>", re.DOTALL)
_TAG = re.compile(r"<(/?)(\w+)[^>]*>")
_TAG_OR_TEXT = re.compile(r"<[^>]*>|[^<]+")
_INLINE_TAGS = {"a", "br", "code", "em", "s", "small", "strong"}


@dataclass(frozen=True)
class Prose:
    """One text as HTML, in full for readers who have finished the book and safe for all others."""

    html: str
    safe_html: str
    has_spoilers: bool


def render(
    text: str, books: Mapping[str, str] = NO_BOOKS, pictures: Mapping[int, Sizes] = NO_PICTURES
) -> Prose:
    """Render Markdown in full and without its spoilers (see ``spoilers`` for what counts as one).

    ``books`` maps the keys of mentions (``book_mentions.key_of``) to addresses; a `[[Title]]` of any other
    book stays as it was typed. ``pictures`` has the sizes of those that belong to this text; of any other it
    shows the words. Raises TextError if the text is too long or too complex.
    """
    text = clean_text(text)
    _refuse_slow_text(text)
    full: list[str] = []
    safe: list[str] = []
    end = 0
    for spoiler in find_spoilers(text):
        before = text[end : spoiler.start]
        full += before, OPEN, spoiler.words(text), CLOSE
        safe += before, CUT
        end = spoiler.end
    rest = text[end:]
    env = {"books": books, "pictures": pictures}
    page = _render("".join(full) + rest, env)
    # Most texts have no spoilers, and are rendered once.
    return Prose(page, _render("".join(safe) + rest, env) if safe else page, has_spoilers=bool(safe))


def plain_text(page: str) -> str:
    """Return the words of rendered prose in one line. An ellipsis stands for each spoiler that is closed."""
    shown = plain_pictures(page).replace(PLACEHOLDER, "…")
    shown = _TAG.sub(lambda tag: "" if tag[2] in _INLINE_TAGS - {"br"} | {"span"} else " ", shown)
    return " ".join(html.unescape(shown).split())


def excerpt(safe_html: str, length: int = 200) -> str:
    """Return up to `length` plain characters of `safe_html`, for a preview.

    An ellipsis replaces each spoiler and the rest of the text.
    """
    plain = plain_text(_SPAN.sub("…", safe_html))
    if len(plain) <= length:
        return plain
    space = plain.rfind(" ", 0, length)
    return plain[: space if space > 0 else length - 1].rstrip(" ,;:…") + "…"


def _refuse_slow_text(text: str) -> None:
    """Refuse a text that would take too long, before any slow work."""
    if len(text) > MOST_CHARACTERS:
        raise TextError(
            _("This is longer than %(most)s characters. Shorten it.", most=number_text(MOST_CHARACTERS))
        )
    if text.count("\n") > MOST_LINES:
        raise TextError(
            _("This has more than %(most)s lines. Join some of them.", most=number_text(MOST_LINES))
        )
    if len(_SIGN.findall(text)) > MOST_SIGNS:
        raise TextError(
            _("This has more than %(most)s Markdown signs. Use fewer of them.", most=number_text(MOST_SIGNS))
        )


def _render(source: str, env: Mapping[str, Any]) -> str:
    # The renderer notes in it which links are open.
    page = _MARKDOWN.render(_OUTER_SPACE.sub(KEEP, source), dict(env)).replace(KEEP, "")
    page = _SPOILER.sub(_show_spoiler, page).replace(CLOSE, "").replace(CUT, PLACEHOLDER)
    if len(page) > LONGEST_HTML:
        raise TextError(_("This makes too long a page. Use fewer and shorter links."))
    return _CLEANER.clean(page).replace("&nbsp;", "\xa0")


def _show_spoiler(spoiler: re.Match[str]) -> str:
    """Put a span around a spoiler, or around each piece of its text if one span would not nest."""
    # Line ends beside the bars belong to the bars, not to the hidden words.
    inner = _BREAK_AT_THE_EDGE.sub("", spoiler[1])
    depth = 0
    for tag in _TAG.finditer(inner):
        depth += 0 if tag[2] == "br" else -1 if tag[1] else 1
        if depth < 0 or tag[2] not in _INLINE_TAGS:
            return _TAG_OR_TEXT.sub(_span_text, inner)
    return _TAG_OR_TEXT.sub(_span_text, inner) if depth else f'<span class="spoiler">{inner}</span>'


def _span_text(piece: re.Match[str]) -> str:
    is_text = not piece[0].startswith("<") and not piece[0].isspace()
    return f'<span class="spoiler">{piece[0]}</span>' if is_text else piece[0]


def _image_as_link(state: StateInline, silent: bool) -> bool:
    """Read `![words](address)` as a link, so that no picture is ever fetched from elsewhere."""
    if not state.src.startswith("![", state.pos):
        return False
    state.pos += 1
    if link(state, silent):
        return True
    # A rule that does not apply must leave the place as it was.
    state.pos -= 1
    return False


# Markdown-it passes these five arguments to every rule that writes HTML; `env` counts the open links.
def _open_link(_: RendererProtocol, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    env["links"] = env.get("links", 0) + 1
    if env["links"] > 1:
        return ""  # A picture within a link would be a link within a link.
    token = tokens[at]
    # A bare address has its own direction; the words of a link follow the words around them.
    direction = ' dir="auto"' if token.meta.get("is_bare") else ""
    return f'<a href="{escapeHtml(str(token.attrs["href"]))}"{direction}>'


def _close_link(_: RendererProtocol, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    env["links"] -= 1
    return "" if env["links"] else "</a>"


def _write_text(_: RendererProtocol, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """Escape a run of text, and link the books it mentions."""
    words = tokens[at].content
    parts: list[str] = []
    end = 0
    for match in MENTION.finditer(words) if not env.get("links") else ():
        href = env.get("books", NO_BOOKS).get(mention_key(match["title"]))
        if href:
            parts.append(f'{escapeHtml(words[end : match.start()])}<a href="{escapeHtml(href)}">')
            parts.append(f"<em>{escapeHtml(match['title'].strip())}</em></a>")
            end = match.end()
    return "".join(parts) + escapeHtml(words[end:])


class _Dialect(MarkdownIt):
    def __init__(self, preset: str, options: dict[str, Any]) -> None:
        super().__init__(preset)
        self.inline = InlineParser()
        self.configure(preset, options_update=options)

    def validateLink(self, url: str) -> bool:
        """Allow web and mail addresses and paths on this site, but no address that holds one of our signs."""
        is_known = _ALLOWED_ADDRESS.match(url) and not _OUR_SIGN_IN_ADDRESS.search(url)
        return bool(is_known) and len(url) <= LONGEST_ADDRESS


# Typed line breaks stay ("breaks"), as in a verse.
_MARKDOWN = _Dialect(
    "commonmark", {"html": False, "xhtmlOut": False, "maxNesting": MAX_NESTING, "breaks": True}
)
_MARKDOWN.enable("strikethrough")
_MARKDOWN.inline.ruler.at("image", _image_as_link)
_MARKDOWN.inline.ruler.before("image", "picture", read_picture)
_MARKDOWN.inline.ruler.after("text", "bare_address", link_bare_address)
_MARKDOWN.core.ruler.after("block", "fit_into_page", fit_into_page)
_MARKDOWN.core.ruler.push("set_figures", set_figures)
_MARKDOWN.add_render_rule("picture", write_figure)
_MARKDOWN.add_render_rule("link_open", _open_link)
_MARKDOWN.add_render_rule("link_close", _close_link)
_MARKDOWN.add_render_rule("text", _write_text)
# Rules are compiled at the first use, which two threads must not do at once.
_MARKDOWN.render("Now.")
_BLOCKS = ("p", "h3", "h4", "h5", "h6", "pre", "blockquote", "figcaption", "ul")
_TAGS = "p br hr h3 h4 h5 h6 em strong s a code pre blockquote figure figcaption ul ol li span img small"
_OF_AN_IMAGE = {"src", "srcset", "sizes", "width", "height", "alt", "loading", "decoding"}
_CLEANER = nh3.Cleaner(
    tags=set(_TAGS.split()),
    # HTML in a text is escaped, so only our rules write ``dir``: on outer blocks, captions, addresses.
    attributes={name: {"dir"} for name in _BLOCKS}
    | {"a": {"dir", "href"}, "ol": {"dir", "start"}, "img": _OF_AN_IMAGE},
    allowed_classes={"span": {"spoiler", "locked"}},
    set_tag_attribute_values={"pre": {"dir": "auto"}},
    url_schemes={"http", "https", "mailto"},
    url_relative=lambda path: path if _ALLOWED_ADDRESS.match(path) else None,
    link_rel="nofollow ugc noopener",
)
