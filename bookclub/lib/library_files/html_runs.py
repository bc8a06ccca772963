"""Parser for the HTML of imported reviews: lines of runs of text, each with its look."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

BOLD = {"b", "strong"}
ITALIC = {"i", "em", "cite", "u", "var", "dfn"}
STRUCK = {"s", "strike", "del"}
SPOILER = {"spoiler"}
# These begin and end a paragraph; those in LINES only a line.
PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "hr", "section", "article"}
LINES = {"div", "li", "tr", "dt", "dd"}
# The text in these is for machines, not for readers.
SILENT = {"script", "style", "head", "iframe", "object", "svg"}
OTHERS = {
    "a", "img", "br", "blockquote", "span", "font", "small", "big", "sup", "sub", "code", "tt", "center",
    "td", "th", "tbody", "thead", "body", "html", "link", "abbr", "q", "ins", "mark", "details", "summary",
}  # fmt: skip
KNOWN = BOLD | ITALIC | STRUCK | SPOILER | PARAGRAPHS | LINES | SILENT | OTHERS
# Deeper quotations would leave no width for words on a phone.
DEEPEST_QUOTE = 3

_TAG = re.compile(
    r"<!--|<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,19})(?P<rest>(?:[\s/][^<>]{0,5000})?)>",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"""\b(?:href|src)\s*=\s*(?:"([^"]{0,3000})"|'([^']{0,3000})'|([^\s"'>]{1,3000}))""", re.IGNORECASE
)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]{0,300})"|'([^']{0,300})')""", re.IGNORECASE)
_SAFE_ADDRESS = re.compile(r"https?://[^\s<>()\[\]|\\]{1,1900}\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Look:
    """Look of a run of text: emphasis, spoiler, and the address of a link."""

    bold: bool = False
    italic: bool = False
    struck: bool = False
    spoiler: bool = False
    address: str = ""


@dataclass(slots=True)
class Line:
    """One line: its runs, its depth of quotation, and whether it is an item of a list."""

    quoted: int = 0
    is_point: bool = False
    ends_paragraph: bool = False
    runs: list[tuple[str, Look]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.runs or not any(text.strip() for text, _ in self.runs)


def has_marks(text: str) -> bool:
    """Return whether a text contains HTML tags, so that it cannot be Markdown or plain text."""
    names = (found["name"] for found in _TAG.finditer(text))
    return any(name and name.lower() in KNOWN for name in names)


def lines_of(text: str) -> list[Line]:
    """Return the lines of a text in HTML, even if malformed. An unclosed spoiler lasts to the end."""
    return _Reader().read(text)


# This is our own code because markdownify builds a tree, in which <b><spoiler>…</b> ends the spoiler too and
# shows the rest of it. It also raises RecursionError at some 300 nested tags, and takes 100 seconds for
# MAX_FIELD spaces.
class _Reader:
    def __init__(self) -> None:
        self.lines = [Line()]
        self.look = Look()
        self.depth = dict.fromkeys(("bold", "italic", "struck", "spoiler"), 0)
        self.quoted = 0

    def read(self, text: str) -> list[Line]:
        silent = ""
        for kind, sign in _pieces(text):
            if isinstance(sign, re.Match):
                name, is_end = sign["name"].lower(), bool(sign["end"])
                if silent:
                    silent = "" if is_end and name == silent else silent
                elif name in SILENT and not is_end:
                    silent = name
                else:
                    self._take_tag(name, is_end, sign["rest"] or "")
            elif not silent:
                self._take_text(kind)
        return self.lines

    def _take_text(self, text: str) -> None:
        for number, piece in enumerate((html.unescape(text) if "&" in text else text).split("\n")):
            if number:
                self._begin_line()
            if piece:
                self.lines[-1].runs.append((piece, self.look))

    def _begin_line(self, paragraph: bool = False, point: bool = False) -> None:
        line = self.lines[-1]
        line.ends_paragraph = line.ends_paragraph or paragraph
        self.lines.append(Line(self.quoted, point))

    def _take_tag(self, name: str, is_end: bool, rest: str) -> None:
        if name in BOLD | ITALIC | STRUCK | SPOILER:
            kind = (
                "bold"
                if name in BOLD
                else "italic"
                if name in ITALIC
                else "struck"
                if name in STRUCK
                else name
            )
            self.depth[kind] = max(0, self.depth[kind] + (-1 if is_end else 1))
            self.look = Look(
                **{kind: depth > 0 for kind, depth in self.depth.items()}, address=self.look.address
            )
        elif name == "a":
            self.look = replace(self.look, address="" if is_end else _address(rest))
        elif name == "img":
            self._link_picture(rest)
        elif name == "blockquote":
            self.lines[-1].ends_paragraph = True
            self.quoted = max(0, self.quoted - 1) if is_end else min(self.quoted + 1, DEEPEST_QUOTE)
            self._begin_line(paragraph=True)
        elif name == "br":
            self._begin_line()
        elif name in PARAGRAPHS:
            self._begin_line(paragraph=True)
        elif name in LINES and not self.lines[-1].is_empty:
            self._begin_line(point=name == "li" and not is_end)
        elif name == "li" and not is_end:
            self.lines[-1].is_point = True
        elif name in ("td", "th") and not self.lines[-1].is_empty:
            self._take_text(" ")

    def _link_picture(self, rest: str) -> None:
        """Turn a picture into a link, since the club shows no pictures from other sites."""
        address = _address(rest)
        found = _ALT.search(rest)
        words = html.unescape(found[1] or found[2] or "") if found else ""
        if address or words:
            look = replace(self.look, address=self.look.address or address)
            self.lines[-1].runs.append((" ".join(words.split()) or "picture", look))


def _pieces(text: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Split a text at its tags, without comments; an unknown tag is text."""
    start = position = 0
    # "<!--" without an end is text. Bounding the search by the last end keeps many of them from costing
    # quadratic time.
    last_end = text.rfind("-->") + 3
    while sign := _TAG.search(text, position):
        position = sign.end()
        name = sign["name"]
        after = position if name else text.find("-->", position, last_end) + 3
        if (name and name.lower() not in KNOWN) or after < position:
            continue
        if start < sign.start():
            yield text[start : sign.start()], None
        if name:
            yield "", sign
        start = position = after
    if start < len(text):
        yield text[start:], None


def _address(rest: str) -> str:
    found = _ADDRESS.search(rest)
    address = html.unescape(next(filter(None, found.groups()), "")).strip() if found else ""
    if address.startswith("//"):
        address = f"https:{address}"
    elif address.startswith(("/book/", "/author/", "/review/", "/series/")):
        # Goodreads' export drops the host of links to its own pages.
        address = f"https://www.goodreads.com{address}"
    return address if _SAFE_ADDRESS.match(address) else ""
