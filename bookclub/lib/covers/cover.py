"""Typographic covers: an inline SVG for every book, drawn from its title and author alone.

A digest of title and author makes every choice, so a cover never changes and needs no storage. Text and
ornament have separate zones and cannot overlap. Only presentation attributes are used, because the content
security policy refuses inline styles.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import shake_256
from html import escape
from typing import NamedTuple

from .ornaments import PLAIN, arches, lattice, rays, rings, spiral
from .patterns import PATTERNS
from .pictures import PICTURES, branch, hills, horizon
from .shapes import Box, Ornament, Seed, fill, line, path
from .typography import Ruler, Setting, clean_cover_text, initial, set_lines

# In units of the SVG view box, in which every other length is given, too.
WIDTH, HEIGHT = 160, 240
ORNAMENTS = PLAIN + PICTURES
EMBLEMS: tuple[Ornament, ...] = (rings, arches, horizon, rays, branch, spiral, lattice, hills)
# Only fonts that devices have: the content security policy lets a page load none.
SERIF = "Palatino, 'Palatino Linotype', P052, Georgia, serif"
SANS = "system-ui, 'Segoe UI', Roboto, sans-serif"


class Typeface(NamedTuple):
    """The one font that a cover is set in where that is known.

    ``legible`` returns as much of a text as the font has characters for.
    """

    legible: Callable[[str], str]
    ruler: Ruler


class CoverText(NamedTuple):
    """Title and author as a cover shows them, each perhaps empty, and the font if it is known."""

    title: str
    author: str
    typeface: Typeface | None

    @property
    def ruler(self) -> Ruler | None:
        return self.typeface.ruler if self.typeface else None

    def can_show(self, text: str) -> bool:
        """Return whether the font, if it is known, has every character of a text."""
        return self.typeface is None or self.typeface.legible(text) == text

    def raise_letters(self, text: str) -> str:
        """Return a text in capitals, or as it is if the font lacks one of them."""
        raised = text.upper()
        return raised if self.can_show(raised) else text


class Palette(NamedTuple):
    """The four colours of a cover: ground, text, and two inks for the ornament."""

    ground: str
    text: str
    ornament: str
    second: str


# Every text colour has a contrast of at least 7 with its ground, so it stays legible on a small cover.
PALETTES = (
    Palette("#22364a", "#f2e6cf", "#c9a45a", "#5c7d98"),
    Palette("#6f2530", "#f8ead8", "#e0a26b", "#a8505a"),
    Palette("#27463a", "#f2ead6", "#b9c98a", "#5f8a6f"),
    Palette("#42325a", "#f3e7ef", "#d2a1c8", "#75609a"),
    Palette("#174651", "#eaf1e8", "#e5b864", "#4b8792"),
    Palette("#513a22", "#f6e9d3", "#dcab60", "#8f6c43"),
    Palette("#1f1d24", "#f3eee3", "#d9583f", "#6d6875"),
    Palette("#f3ead8", "#3a2418", "#c2542f", "#dfb98a"),
    Palette("#efe6da", "#1d3443", "#2f7f8c", "#e0a25e"),
    Palette("#f6e3cf", "#4b1f2a", "#b23a48", "#e7a977"),
    Palette("#e4ead9", "#22382a", "#4f8a5b", "#c9a94a"),
    Palette("#e6e3ee", "#2d2547", "#6a57a5", "#d98fa0"),
    Palette("#f5d98c", "#3c2a10", "#b5532a", "#dba63e"),
    Palette("#dfe8ec", "#1b2f3e", "#3f6f95", "#d9865b"),
    Palette("#7a3b1d", "#fdeedb", "#f0b26a", "#b0653a"),
    Palette("#0f3d3e", "#f5ecd9", "#e88d67", "#3f7f7c"),
    Palette("#2b3a67", "#f4efe4", "#f2b950", "#6579b8"),
    Palette("#593043", "#fae8e4", "#e39ba0", "#8f5a70"),
    Palette("#f0d5cb", "#44212c", "#9c4a54", "#d99a86"),
    Palette("#3b4a2a", "#f4f0dc", "#d8c25a", "#74894f"),
    Palette("#e9dcc0", "#26302d", "#5c7a6a", "#b98d4f"),
    Palette("#183153", "#eef3f8", "#7fb6d9", "#3f669a"),
)

# Font family, further attributes, and capitals for a short title or not.
VOICES = (
    (SERIF, ' font-weight="600"', False),
    (SERIF, ' font-style="italic"', False),
    (SERIF, "", False),
    (SANS, ' font-weight="700"', False),
    (SERIF, ' letter-spacing="1"', True),
    (SANS, ' font-weight="600" letter-spacing="1"', True),
)


def draw_cover(title: str, author: str, label: str | None = None) -> str:
    """Draw the cover of a book as one `<svg>` element, escaped and safe for a page.

    The same title and author always give the same cover. Without a label the cover is an ornament that
    screen readers skip, which is right if the title stands beside it.
    """
    name = (
        'aria-hidden="true"'
        if label is None
        else f'role="img" aria-label="{escape(clean_cover_text(label))}"'
    )
    return f'<svg class="cover" viewBox="0 0 {WIDTH} {HEIGHT}" {name}>{draw_face(title, author)}</svg>'


def draw_face(title: str, author: str, typeface: Typeface | None = None) -> str:
    """Draw all that is on a cover, for an `<svg>` element with its view box.

    With a ``typeface`` it has the same colours and ornament, and as many of the words as that can show.
    """
    title, author = clean_cover_text(title), clean_cover_text(author)
    # No cleaned text holds a zero byte, so two books never make the same bytes by where title and author
    # meet.
    seed = Seed(shake_256(f"{title}\0{author}".encode()).digest(64))
    # Each pick uses up one byte of the digest, so another order of picks would change every cover.
    palette = PALETTES[seed.pick(len(PALETTES))]
    layout = LAYOUTS[seed.pick(len(LAYOUTS))]
    words = CoverText(title, author, None)
    if typeface is not None:
        words = CoverText(typeface.legible(title), typeface.legible(author), typeface)
        # A plate or a band without words on it would look like a mistake.
        layout = layout if words.title else _footed
    return (
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{palette.ground}"/>'
        f"{layout(words, palette, seed)}"
        # A dark strip and a light line on the left stand for the spine.
        f'<path d="M0 0h5v{HEIGHT}H0z" fill-opacity=".16"/>'
        f'<path d="M5 0h1v{HEIGHT}H5z" fill="#fff" fill-opacity=".12"/>'
    )


def _set_title(
    words: CoverText, seed: Seed, width: float, height: float, largest: float = 30
) -> tuple[Setting, str]:
    """Set the title into a box; return the setting and the font attributes of its voice."""
    family, attributes, capitals = VOICES[seed.pick(len(VOICES))]
    spacing = 1.0 if capitals else 0.0
    # Capitals are wide, so a long title stays in small letters.
    title = words.raise_letters(words.title) if capitals and len(words.title) <= 26 else words.title
    setting = set_lines(
        title, width, height, largest=largest, smallest=11, spacing=spacing, ruler=words.ruler
    )
    return setting, f' font-family="{family}"{attributes}'


def _set_author(words: CoverText, width: float) -> Setting:
    """Set the author in small spaced capitals, in at most two lines."""
    return set_lines(
        words.raise_letters(words.author),
        width,
        21,
        largest=9,
        smallest=7.5,
        leading=1.25,
        spacing=0.8,
        ruler=words.ruler,
    )


def _text_element(
    setting: Setting, x: float, top: float, attributes: str, fill: str, centred: bool = False
) -> str:
    """Write the lines of a setting, the first one at the height ``top``; "" if there are no lines."""
    spans = "".join(
        # SVG places the base line of a text, which lies about 0.86 of the size below its top.
        f'<tspan x="{x:g}" y="{top + setting.size * 0.86 + row * setting.step:.4g}">{escape(line)}</tspan>'
        for row, line in enumerate(setting.lines)
    )
    anchor = ' text-anchor="middle"' if centred else ""
    return (
        f'<text font-size="{setting.size:g}" fill="{fill}"{anchor}{attributes}>{spans}</text>'
        if spans
        else ""
    )


def _author_text(setting: Setting, x: float, top: float, fill: str, centred: bool = False) -> str:
    # The letters are as far apart as _set_author() measured them.
    return _text_element(setting, x, top, f' font-family="{SANS}" letter-spacing=".8"', fill, centred)


def _draw_ornament(box: Box, palette: Palette, seed: Seed, filled: bool) -> str:
    """Draw one ornament in its box, on the ground or, if ``filled``, on a block of the second ink."""
    draw = ORNAMENTS[seed.pick(len(ORNAMENTS))]
    if not filled:
        return draw(seed, box, palette.ornament, palette.second)
    block = fill(
        path("M", box.x, box.y, "h", box.width, "v", box.height, "h", -box.width, "z"), palette.second
    )
    return block + draw(seed, box.inset(8), palette.ground, palette.ornament)


def _headed(words: CoverText, palette: Palette, seed: Seed) -> str:
    """Title and author above, ornament below."""
    setting, voice = _set_title(words, seed, 130, 88)
    by = _set_author(words, 130)
    centred = seed.pick(3) == 0
    # The middle of the cover without its spine of 6 units is at 83.
    x = 83 if centred else 17
    end = 20 + setting.height + 6 + by.height
    # Even above a short title the ornament takes little more than half of the cover.
    box = Box(6, max(end + 10, 112), WIDTH - 6, HEIGHT - max(end + 10, 112))
    art = _draw_ornament(box if seed.pick(2) else box.inset(8), palette, seed, seed.pick(3) == 0)
    return (
        art
        + _text_element(setting, x, 20, voice, palette.text, centred)
        + _author_text(by, x, 26 + setting.height, palette.text, centred)
    )


def _footed(words: CoverText, palette: Palette, seed: Seed) -> str:
    """Ornament above, title and author at the foot."""
    setting, voice = _set_title(words, seed, 130, 84)
    by = _set_author(words, 130)
    top = HEIGHT - 18 - by.height - 7 - setting.height
    box = Box(6, 0, WIDTH - 6, top - 12)
    art = _draw_ornament(box if seed.pick(2) else box.inset(8), palette, seed, seed.pick(3) == 0)
    return (
        art
        + _text_element(setting, 17, top, voice, palette.text)
        + _author_text(by, 17, top + setting.height + 7, palette.text)
    )


def _plated(words: CoverText, palette: Palette, seed: Seed) -> str:
    """A pattern over the whole cover, and a plate for the words."""
    setting, voice = _set_title(words, seed, 108, 100, 26)
    by = _set_author(words, 108)
    height = setting.height + by.height + 34
    # The plate stands in the middle or a little higher.
    top = (HEIGHT - height) / (2 if seed.pick(2) else 3.2)
    pattern = PATTERNS[seed.pick(len(PATTERNS))](seed, palette.ornament, palette.second)
    plate = (
        f'<rect x="19" y="{top:.4g}" width="128" height="{height:.4g}" fill="{palette.ground}"/>'
        f'<rect x="22.5" y="{top + 3.5:.4g}" width="121" height="{height - 7:.4g}" fill="none"'
        f' stroke="{palette.ornament}"/>'
    )
    return (
        pattern
        + plate
        + _text_element(setting, 83, top + 13, voice, palette.text, True)
        + _author_text(by, 83, top + 21 + setting.height, palette.text, True)
    )


def _framed(words: CoverText, palette: Palette, seed: Seed) -> str:
    """A double line around a centred title, an emblem, and the author at the foot."""
    setting, voice = _set_title(words, seed, 116, 90, 27)
    by = _set_author(words, 116)
    foot = HEIGHT - 26 - by.height
    radius = [0, 0, 6, 12][seed.pick(4)]
    frame = (
        f'<rect x="13" y="9" width="140" height="222" rx="{radius}" fill="none"'
        f' stroke="{palette.ornament}" stroke-width="2"/>'
        f'<rect x="17" y="13" width="132" height="214" rx="{max(radius - 3, 0)}" fill="none"'
        f' stroke="{palette.ornament}" stroke-width=".7"/>'
    )
    emblem = EMBLEMS[seed.pick(len(EMBLEMS))]
    space = foot - (36 + setting.height)
    # The emblem and its margins take at most 74 units, centred between title and author.
    box = Box(48, 36 + setting.height + space / 2 - min(space, 74) / 2 + 6, 70, min(space, 74) - 12)
    return (
        frame
        + emblem(seed, box, palette.ornament, palette.second)
        + _text_element(setting, 83, 30, voice, palette.text, True)
        + _author_text(by, 83, foot, palette.text, True)
    )


def _banded(words: CoverText, palette: Palette, seed: Seed) -> str:
    """Ornament above and below a plain band with the words."""
    setting, voice = _set_title(words, seed, 132, 86)
    by = _set_author(words, 132)
    height = setting.height + by.height + 30
    top = (HEIGHT - height) / 2
    kind = ORNAMENTS[seed.pick(len(ORNAMENTS))]
    rules = line(path("M", 6, top, "H", WIDTH, "M", 6, top + height, "H", WIDTH), palette.ornament)
    return (
        kind(seed, Box(6, 4, WIDTH - 6, top - 8), palette.ornament, palette.second)
        + kind(
            seed,
            Box(6, top + height + 4, WIDTH - 6, HEIGHT - top - height - 8),
            palette.ornament,
            palette.second,
        )
        + rules
        + _text_element(setting, 83, top + 11, voice, palette.text, True)
        + _author_text(by, 83, top + 19 + setting.height, palette.text, True)
    )


def _initialled(words: CoverText, palette: Palette, seed: Seed) -> str:
    """The title's first letter, drawn large, instead of an ornament."""
    letter = initial(words.title)
    if not letter or not words.can_show(letter):  # A title of signs alone has no initial.
        return _headed(words, palette, seed)
    setting, voice = _set_title(words, seed, 130, 66, 24)
    by = _set_author(words, 130)
    x, anchor = ((83, "middle"), (17, "start"), (150, "end"))[seed.pick(3)]
    return (
        f'<text x="{x}" y="224" font-family="{SERIF}" font-size="116" text-anchor="{anchor}"'
        f' fill="{palette.ornament}">{escape(letter)}</text>'
        f'<path d="M17 232h133" stroke="{palette.second}" stroke-width="2"/>'
        + _text_element(setting, 17, 18, voice, palette.text)
        + _author_text(by, 17, 23 + setting.height, palette.text)
    )


# The first two layouts are listed twice, so that they are twice as likely.
LAYOUTS = (_headed, _footed, _plated, _framed, _banded, _initialled, _headed, _footed)
