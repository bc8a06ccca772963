"""Conversion of imported reviews to Markdown: HTML, spoilers between bars, and escaped signs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from ..text.characters import trim_text
from ..text.spoilers import find_spoilers
from .goodreads_marks import name_marks
from .html_runs import Line, Look, has_marks, lines_of

_SPACES = re.compile(r"[ \t\xa0\u2000-\u200a\u202f\u3000]+")
# Signs that Markdown would interpret within a line.
_MARKDOWN_SIGNS = re.compile(r"[\\`*\[\]<>|~]|_(?![^\W_])|_(?<![^\W_]_)|&(?=#?\w+;)")
_ADDRESS = re.compile(r"https?://[\w./%?=&#:+@,;-]+", re.IGNORECASE)
# Signs that Markdown would interpret at the start of a line.
_AT_START = re.compile(r"(?:#{1,6}(?=\s|\Z)|[-+](?=\s|\Z)|[-=](?=[-= ]*\Z)|:(?=\s))")
_NUMBER_AT_START = re.compile(r"(\d{1,9})([.)])(?=\s|\Z)")
_BARS_AT_THE_EDGE = re.compile(r"\A(?:\\\|)+|(?:\\\|)+\Z")
_HAML = re.compile(r"</?haml:newline\s{0,9}/?>")
_BLANK = re.compile(r"\n{3,}")


def _break_lines(text: str) -> str:
    """Return the text with line breaks for the ``<haml:newline/>`` of Goodreads' old export."""
    return "\n".join(map(str.strip, _HAML.split(text))) if "<haml:" in text else text


def from_markdown(text: str) -> str:
    """Convert a review that is Markdown already, unless it turns out to be HTML."""
    return from_html(text) if has_marks(text) else name_marks(trim_text(text), "*", "*")


def text_from(text: str) -> str:
    """Convert private notes to plain text: their line breaks stay, their markup goes."""
    text = name_marks(trim_text(_break_lines(text)))
    if not has_marks(text):
        return text
    lines = (
        "".join(part for part, _ in line.runs).strip() + "\n" * line.ends_paragraph for line in lines_of(text)
    )
    return _BLANK.sub("\n\n", trim_text("\n".join(lines)))


def from_html(text: str) -> str:
    """Convert a review from HTML or plain text to Markdown.

    Spoilers (see ``lib.text.spoilers``) go between bars, separately in each paragraph, so that the pairs are
    clear. Bars and Markdown's signs in the text are escaped, because their author meant them literally.
    """
    written: list[str] = []
    before: Line | None = None
    for line in lines_of(tag_spoilers(name_marks(trim_text(_break_lines(text)), "<i>", "</i>"))):
        rendered = _render_line(line)
        if before is not None:
            written.append(_line_end(before, line, rendered))
        written.append(rendered)
        before = line
    return _BLANK.sub("\n\n", "".join(written)).strip()


def tag_spoilers(text: str, *, is_foreign: bool = True) -> str:
    """Put every spoiler of a text between <spoiler> tags, however it was marked."""
    parts: list[str] = []
    end = 0
    for spoiler in find_spoilers(text, is_foreign=is_foreign):
        parts += text[end : spoiler.start], "<spoiler>", spoiler.words(text), "</spoiler>"
        end = spoiler.end
    return "".join(parts) + text[end:]


def _line_end(before: Line, line: Line, rendered: str) -> str:
    """Return the end of a line, a hard break if the next one continues the same paragraph."""
    if before.is_empty or line.is_empty or before.ends_paragraph or line.quoted != before.quoted:
        return "\n\n" if before.ends_paragraph or line.quoted != before.quoted else "\n"
    # Markdown would take a line right below an item for its continuation.
    if line.is_point != before.is_point:
        return "\n\n"
    return "\n" if line.is_point else "  \n"


def _render_line(line: Line) -> str:
    if line.is_empty:
        return ""
    runs = _merge_runs(line.runs)
    inner = _SPACES.sub(" ", _render_runs(runs))
    if line.is_point:
        inner = f"- {inner}"
    elif not runs[0][1].spoiler:
        inner = _escape_start(inner)
    return "> " * line.quoted + inner


def _merge_runs(runs: Iterable[tuple[str, Look]]) -> list[tuple[str, Look]]:
    """Merge runs that look alike, with single spaces and none at either end of the line."""
    merged = [(_SPACES.sub(" ", "".join(text for text, _ in group)), look) for look, group in
              groupby(runs, key=lambda run: run[1])]  # fmt: skip
    while merged and not merged[0][0].strip():
        merged.pop(0)
    while merged and not merged[-1][0].strip():
        merged.pop()
    merged[0] = (merged[0][0].lstrip(), merged[0][1])
    merged[-1] = (merged[-1][0].rstrip(), merged[-1][1])
    return merged


def _render_runs(runs: list[tuple[str, Look]]) -> str:
    """Render runs with their signs: bars outermost, then links, then emphasis."""
    written = ""
    for is_spoiler, group in groupby(runs, key=lambda run: run[1].spoiler):
        inner = "".join(_render_run(text, look) for text, look in group)
        if is_spoiler and inner.strip():
            lead, core, tail = _split_spaces(inner)
            # A bar in the text next to ours would make a longer run of bars, which hides too much.
            core = _BARS_AT_THE_EDGE.sub(lambda bars: "¦" * (len(bars[0]) // 2), core)
            lead = lead or (" " if written.endswith("|") else "")
            written += f"{lead}||{core}||{tail}"
        else:
            touches = written.endswith("||") and inner.startswith("\\|")
            written += f" {inner}" if touches else inner
    return written


def _render_run(text: str, look: Look) -> str:
    lead, core, tail = _split_spaces(text)
    if not core:
        return text
    # In the words of a link even an address is text, since links cannot be nested.
    core = _escape(core) if not look.address else re.sub(r"[\\`*_\[\]<>|~&]", r"\\\g<0>", core)
    if look.struck:
        core = f"~~{core}~~"
    if look.italic:
        core = f"*{core}*"
    if look.bold:
        core = f"**{core}**"
    if look.address:
        core = f"[{core}]({look.address})"
    return f"{lead}{core}{tail}"


def _split_spaces(text: str) -> tuple[str, str, str]:
    """Split off the spaces before and after a text, since Markdown's signs must touch words."""
    core = text.strip()
    if not core:
        return text, "", ""
    start = text.index(core[0])
    return text[:start], core, text[start + len(core) :]


def _escape(text: str) -> str:
    """Escape the signs in a text, but not in addresses."""
    written: list[str] = []
    end = 0
    for address in _ADDRESS.finditer(text):
        written += _MARKDOWN_SIGNS.sub(r"\\\g<0>", text[end : address.start()]), address[0]
        end = address.end()
    return "".join(written) + _MARKDOWN_SIGNS.sub(r"\\\g<0>", text[end:])


def _escape_start(line: str) -> str:
    if _AT_START.match(line):
        return f"\\{line}"
    return _NUMBER_AT_START.sub(r"\1\\\2", line, count=1) if _NUMBER_AT_START.match(line) else line
