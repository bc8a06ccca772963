"""Prose as tests read it: without the directions of its blocks, which tests/test_prose.py looks at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bookclub.lib.text.markdown import NO_BOOKS, Prose
from bookclub.lib.text.markdown import render as render_whole


def render(text: str, books: Mapping[str, str] = NO_BOOKS) -> Prose:
    """Render Markdown, and leave out the directions."""
    prose = render_whole(text, books)
    return replace(prose, html=_bare(prose.html), safe_html=_bare(prose.safe_html))


def _bare(html: str) -> str:
    return html.replace(' dir="auto"', "")
