"""Pictures in a text: `![what it shows](/pictures/12 "Caption")` on a line of its own.

All words about a picture stand in the reference, so they are hidden with the bars, kept with the revision and
deleted with the text that they are part of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from types import MappingProxyType
from typing import Any, NamedTuple

from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, image
from markdown_it.token import Token

# The sizes in pixels of each picture's copies, from narrow to wide, by the picture's number.
Sizes = Sequence[tuple[int, int]]
NO_PICTURES: Mapping[int, Sizes] = MappingProxyType({})


class Owner(NamedTuple):
    """The post, or the draft of one, that pictures belong to: "comment", "review" or "draft", and its id."""

    kind: str
    id: int


# A column of text is 38 rem wide, or as wide as the page of a phone.
_SIZES = "(max-width: 40rem) 100vw, 38rem"
_ADDRESS = re.compile(r"/pictures/(\d{1,9})")
_REFERENCE = re.compile(r"!\[[^\n]*?\]\(\s*/pictures/(\d{1,9})[\s)]")
_WITHOUT_WORDS = re.compile(r'<img src="/pictures/(\d{1,9})/[^>]*? alt="\s*"')
_SHOWN = re.compile(r'<img src="/pictures/(\d{1,9})/')
_FIGURE = re.compile(
    r"<figure><img [^>]*?alt=\"([^\"]*)\"[^>]*>(?:<figcaption[^>]*>(.*?)</figcaption>)?</figure>"
)
_IMAGE = re.compile(r"<img [^>]*?alt=\"([^\"]*)\"[^>]*>")
_CREDIT = re.compile(r"\s*[-–—―]+\s*(\S.*)")
_PARTS_OF_A_REFERENCE = re.compile(r"[\\\[\]`<]")
# The renderer's signs of a spoiler that opens, closes, or was cut out here.
_SPOILER_EDGE = re.compile(r"\|[\x02\x03]\|")
_CUT = "|\x04|"


def address_of(picture_id: int, width: int) -> str:
    """Return the path of a picture's copy of this width in pixels."""
    return f"/pictures/{picture_id}/{width}.webp"


def reference(picture_id: int, alt: str, caption: str = "", credit: str = "") -> str:
    """Return the Markdown that shows a picture. All words are of one line."""
    title = "\n".join([*([caption] if caption else []), *([f"— {credit}"] if credit else [])])
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    after = f' "{quoted}"' if title else ""
    said = _PARTS_OF_A_REFERENCE.sub(r"\\\g<0>", alt)
    return f"![{said}](/pictures/{picture_id}{after})"


def insert_references(text: str, references: Sequence[str], at: int | None = None) -> str:
    """Return a text with references, each a paragraph of its own, at a place in characters or at the end."""
    if not references:
        return text
    place = len(text) if at is None else min(max(at, 0), len(text))
    before, after = text[:place].rstrip(), text[place:].lstrip()
    return "\n\n".join(part for part in (before, *references, after) if part)


def pictures_named(text: str) -> set[int]:
    """Return the numbers of the pictures that a Markdown text refers to, shown or not."""
    return {int(number) for number in _REFERENCE.findall(text)}


def pictures_without_words(page: str) -> list[int]:
    """Return the numbers of the pictures of which rendered prose does not say what they show."""
    return [int(number) for number in _WITHOUT_WORDS.findall(page)]


def pictures_shown(page: str) -> set[int]:
    """Return the numbers of the pictures in rendered prose."""
    # Text is escaped, so none that somebody typed can look like an image.
    return {int(number) for number in _SHOWN.findall(page)}


def shows_picture(page: str, picture_id: int) -> bool:
    """Return whether rendered prose shows this picture."""
    return picture_id in pictures_shown(page)


def without_pictures(page: str) -> str:
    """Return rendered prose in which words stand for each picture: what it shows, and its caption."""

    def words(figure: re.Match[str]) -> str:
        said = " ".join(part for part in (f"[{figure[1]}]", figure[2] or "") if part)
        return f'<p dir="auto">{said}</p>'

    return _IMAGE.sub(r"[\1]", _FIGURE.sub(words, page))


def plain_pictures(page: str) -> str:
    """Return rendered prose in which what each picture shows stands as text in its place."""
    return _IMAGE.sub(r" \1 ", page)


def read_picture(state: StateInline, silent: bool) -> bool:
    """Read a reference to a picture: as a token "picture" where the text may show it, else as its words.

    ``env["pictures"]`` has the sizes of those that it may show. Return False for any other image.
    """
    if silent:
        return image(state, silent=True)
    start = state.pos
    if not image(state, silent=False):
        return False
    read = state.tokens.pop()
    found = _ADDRESS.fullmatch(str(read.attrs["src"]))
    if not found:
        # A rule that does not apply must leave the place as it was.
        state.pos = start
        return False
    alt = _without_signs(" ".join("".join(child.content or " " for child in read.children or ()).split()))
    number = int(found[1])
    sizes = state.env.get("pictures", NO_PICTURES).get(number)
    token = state.push("picture" if sizes else "text", "", 0)
    token.content = alt
    token.meta = {"id": number, "sizes": sizes, "title": _without_signs(str(read.attrs.get("title", "")))}
    return True


def _without_signs(text: str) -> str:
    """Return words without the renderer's signs, which must not become elements within an attribute."""
    return _SPOILER_EDGE.sub("", text).replace(_CUT, "…")


def set_figures(state: StateCore) -> None:
    """Take each picture out of its paragraph, as a figure between what stands before and after it.

    Within a link, an emphasis or a heading, where no figure can stand, its words stay.
    """
    tokens: list[Token] = []
    remaining = iter(state.tokens)
    for token in remaining:
        tokens.append(token)
        if token.type != "inline" or not any(_is_picture(child) for child in token.children or ()):
            continue
        if tokens[-2].type != "paragraph_open":
            _show_words(token.children)
            continue
        closing = next(remaining)
        inline, opening = tokens.pop(), tokens.pop()
        for part in _parts_of(inline.children or ()):
            if _is_picture(part[0]):
                tokens += part
                continue
            _show_words(part)
            said = copy(inline)
            said.children = part
            # Bars alone make no paragraph.
            tokens += (said,) if _is_bare(part) else (copy(opening), said, copy(closing))
    state.tokens = tokens


def write_figure(_: RendererProtocol, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """Write one picture as an HTML figure, with its caption and credit."""
    token = tokens[at]
    number, sizes = token.meta["id"], token.meta["sizes"]
    # The middle one serves browsers that do not choose.
    middle = sizes[min(1, len(sizes) - 1)][0]
    offered = ", ".join(f"{address_of(number, width)} {width}w" for width, _height in sizes)
    width, height = sizes[-1]
    return (
        f'<figure><img src="{address_of(number, middle)}" srcset="{offered}" sizes="{_SIZES}" width="{width}"'
        f' height="{height}" alt="{escapeHtml(token.content)}" loading="lazy" decoding="async">'
        f"{_caption(token.meta['title'])}</figure>\n"
    )


def _caption(title: str) -> str:
    """Return the caption of a figure; a last line that begins with a dash is the credit, as under a quote."""
    head, _break, last = title.strip().rpartition("\n")
    credit = _CREDIT.fullmatch(last)
    caption = " ".join((head if credit else title).split())
    said = [escapeHtml(caption)] if caption else []
    if credit:
        said.append(f"<small>{escapeHtml(credit[1])}</small>")
    return f'<figcaption dir="auto">{" ".join(said)}</figcaption>' if said else ""


def _is_picture(token: Token) -> bool:
    return token.type == "picture"


def _parts_of(children: Sequence[Token]) -> Iterator[list[Token]]:
    """Cut the parts of a paragraph before, at and after each picture, without the space between them."""
    part: list[Token] = []
    depth = 0
    for child in children:
        depth += child.nesting
        if _is_picture(child) and depth == 0:
            yield from _unless_empty(part)
            yield [child]
            part = []
        else:
            part.append(child)
    yield from _unless_empty(part)


def _unless_empty(part: list[Token]) -> Iterator[list[Token]]:
    """Yield a part without the line ends and spaces at its edges, if anything is left."""
    start, end = 0, len(part)
    while start < end and _is_space(part[start]):
        start += 1
    while start < end and _is_space(part[end - 1]):
        end -= 1
    if start < end:
        yield part[start:end]


def _is_space(token: Token) -> bool:
    return token.type in ("softbreak", "hardbreak") or (token.type == "text" and not token.content.strip())


def _is_bare(part: Sequence[Token]) -> bool:
    """Return whether a part consists of the renderer's signs alone."""
    return all(child.type == "text" and not _SPOILER_EDGE.sub("", child.content).strip() for child in part)


def _show_words(children: Sequence[Token] | None) -> None:
    """Make text of the pictures where no figure can stand."""
    for child in children or ():
        if _is_picture(child):
            child.type = "text"
