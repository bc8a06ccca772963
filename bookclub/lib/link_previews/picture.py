"""The picture of a page: its words on paper, and the drawn cover of its book at the side.

The words come from members. Nothing of them becomes markup, and the picture names no file and no address.
"""

from __future__ import annotations

from hashlib import sha256
from html import escape
from typing import NamedTuple

from ..covers.cover import HEIGHT as COVER_HEIGHT
from ..covers.cover import WIDTH as COVER_WIDTH
from ..covers.cover import draw_face
from ..covers.ornaments import arches
from ..covers.pictures import PICTURES
from ..covers.shapes import Box, Seed
from ..covers.typography import Setting, set_lines
from .literata import FAMILY, TYPEFACE, legible, measure

# In pixels, as is every other length here. Other sites cut a picture of other proportions.
WIDTH, HEIGHT = 1200, 630
# The colours of a page of the club in the light, as tokens.css has them.
PAPER, INK, QUIET, ACCENT, RULE = "#fbf8f2", "#24201b", "#645c51", "#8a2c38", "#e5ddcf"
# A longer text is cut before it is set, so that no title keeps the club busy.
MOST_CHARACTERS = 400
# To be raised whenever the same words make another picture: programs that have one ask by this number.
DRAWING = 1
_LEFT, _MEASURE, _TOP, _FOOT = 464, 664, 76, 530


class LinkPreview(NamedTuple):
    """The words of a picture, all of them safe for everybody.

    ``cover`` is the title and author on the cover at the side. Every text may be empty.
    """

    title: str
    byline: str
    summary: str
    club: str
    cover: tuple[str, str]

    def digest(self) -> str:
        """Return what changes whenever the picture does."""
        return sha256(repr((DRAWING, *self)).encode()).hexdigest()


def draw_picture(preview: LinkPreview) -> str:
    """Draw a picture as an SVG document.

    What the font cannot show is left out, and an ornament stands in for a title.
    """
    title, byline, summary, club = (
        legible(text[:MOST_CHARACTERS])
        for text in (preview.title, preview.byline, preview.summary, preview.club)
    )
    cover_title, cover_author = (text[:MOST_CHARACTERS] for text in preview.cover)
    below = _set_below(byline, summary)
    words = _draw_words(title, below) if title else _draw_ornament(below, cover_title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="{FAMILY}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>'
        f'<rect width="{WIDTH}" height="10" fill="{ACCENT}"/>'
        # A shadow, and on it the cover.
        '<rect x="80" y="84" width="320" height="480" rx="3" fill="#3a2a10" fill-opacity=".16"/>'
        f'<svg x="72" y="76" width="320" height="480" viewBox="0 0 {COVER_WIDTH} {COVER_HEIGHT}">'
        f"{draw_face(cover_title, cover_author, TYPEFACE)}</svg>"
        f"{words}{_draw_foot(club)}</svg>"
    )


class _Below(NamedTuple):
    """Lines below a title: the byline and the summary, each with the space above it."""

    byline: Setting
    summary: Setting

    @property
    def height(self) -> float:
        return sum(_GAP + part.height for part in self if part.lines)


_GAP = 26


def _set_below(byline: str, summary: str) -> _Below:
    return _Below(
        set_lines(byline, _MEASURE, 84, largest=38, smallest=28, leading=1.25, ruler=measure),
        set_lines(summary, _MEASURE, 120, largest=29, smallest=27, leading=1.4, ruler=measure),
    )


def _draw_words(title: str, below: _Below) -> str:
    """Draw the title as large as it fits above what stands below it, all in the middle of the height."""
    room = _FOOT - _TOP - below.height
    setting = set_lines(title, _MEASURE, room, largest=84, smallest=30, ruler=measure)
    top = _TOP + (room - setting.height) / 2
    return _draw_lines(setting, top, INK) + _draw_below(below, top + setting.height)


def _draw_ornament(below: _Below, title: str) -> str:
    """Draw an ornament in place of a title, always the same one for it."""
    seed = Seed(title.encode().ljust(64, b"\0")[:64])
    draw = (*PICTURES, arches)[seed.pick(len(PICTURES) + 1)]
    height = _FOOT - _TOP - below.height
    # Ornaments are made for a cover, whose units are four pixels here.
    box = Box(0, 0, _MEASURE / 4, height / 4)
    return (
        f'<g transform="translate({_LEFT} {_TOP}) scale(4)">{draw(seed, box, ACCENT, RULE)}</g>'
        + _draw_below(below, _TOP + height)
    )


def _draw_below(below: _Below, top: float) -> str:
    drawn = ""
    for part, colour in zip(below, (ACCENT, QUIET), strict=True):
        if part.lines:
            drawn += _draw_lines(part, top + _GAP, colour)
            top += _GAP + part.height
    return drawn


def _draw_foot(club: str) -> str:
    if not club:
        return ""
    name = set_lines(club, _MEASURE, 30, largest=26, smallest=20, ruler=measure)
    rule = f'<path d="M{_LEFT} 548h{_MEASURE}" stroke="{RULE}" stroke-width="2"/>'
    return rule + _draw_lines(name, 562, QUIET)


def _draw_lines(setting: Setting, top: float, fill: str) -> str:
    """Draw lines of text, the first one at the height ``top``."""
    # SVG places the base line, which lies about 0.86 of the size below the top.
    spans = "".join(
        f'<tspan x="{_LEFT}" y="{top + setting.size * 0.86 + row * setting.step:.5g}">{escape(line)}</tspan>'
        for row, line in enumerate(setting.lines)
    )
    return f'<text font-size="{setting.size:g}" fill="{fill}">{spans}</text>' if spans else ""
