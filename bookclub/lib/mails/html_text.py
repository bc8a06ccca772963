"""HTML of mails to Markdown. Signs of Markdown stay signs: a member who types ||bars|| means them."""

from __future__ import annotations

import re

from ..library_files.html_runs import KNOWN, Line, Look, lines_of

_ANY_TAG = re.compile(r"<[!?/]?\[?([a-zA-Z][a-zA-Z0-9:]{0,30})[^<>]{0,5000}>")
_BLANK = re.compile(r"\n{3,}")


def text_of_html(html: str) -> str:
    """Return the text of a mail in HTML, with quotations as lines that begin with ">"."""
    # Lines of the source mean nothing, and tags that only one program knows are no text.
    source = " ".join(_without_comments(html).replace("\xa0", " ").split())
    source = _ANY_TAG.sub(lambda tag: tag[0] if tag[1].lower() in KNOWN else "", source)
    written: list[str] = []
    for line in lines_of(source):
        written.append(_render(line))
        if line.ends_paragraph:
            written.append("")
    return _BLANK.sub("\n\n", "\n".join(written)).strip()


def _without_comments(html: str) -> str:
    # An expression would search the rest of the text for each beginning without an end.
    parts, end = [], 0
    while (start := html.find("<!--", end)) >= 0 and (ends := html.find("-->", start)) >= 0:
        parts.append(html[end:start])
        end = ends + len("-->")
    return "".join(parts) + html[end:]


def _render(line: Line) -> str:
    words = " ".join(
        "".join(_render_run(text, look) for text, look in line.runs).replace("\xa0", " ").split()
    )
    return "> " * line.quoted + ("- " if line.is_point and words else "") + words


def _render_run(text: str, look: Look) -> str:
    core = text.strip()
    if not core:
        return text
    lead, tail = text[: text.index(core[0])], text[len(text.rstrip()) :]
    if look.address and look.address.rstrip("/") != core.rstrip("/"):
        core = f"[{core}]({look.address})"
    for is_so, sign in ((look.struck, "~~"), (look.italic, "*"), (look.bold, "**"), (look.spoiler, "||")):
        core = f"{sign}{core}{sign}" if is_so else core
    return f"{lead}{core}{tail}"
