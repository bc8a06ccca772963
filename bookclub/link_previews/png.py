"""PNG files of drawn pictures."""

from __future__ import annotations

from pathlib import Path

import resvg_py

FONT = Path(__file__).parent / "Literata-SemiBold.ttf"


def render_png(svg: str) -> bytes:
    """Return an SVG document as a PNG file.

    It takes about 70 ms, and no other thread runs meanwhile, since resvg-py 0.5 keeps the interpreter to
    itself. There is one font, whatever a drawing asks for: those of the machine are not even looked at.
    """
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        skip_system_fonts=True,
        font_files=[str(FONT)],
        font_family="Literata",
        serif_family="Literata",
        sans_serif_family="Literata",
    )
