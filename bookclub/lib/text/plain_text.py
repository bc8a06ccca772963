"""Plain text of rendered prose, for the part of a mail that every program shows."""

from __future__ import annotations

from ..library_files.html_runs import Line, lines_of


def plain_text(html: str) -> str:
    """Return rendered prose as plain text: quotations behind ``>``, items behind ``-``, links with addresses.

    Emphasis is left out. What the HTML does not say, such as words under a closed bar, is not there either.
    """
    written: list[str] = []
    for line in lines_of(html):
        words = _words_of(line)
        if words:
            written.append(f"{'> ' * line.quoted}{'- ' if line.is_point and words else ''}{words}".rstrip())
        if line.ends_paragraph and written and written[-1]:
            written.append("")
    return "\n".join(written).strip()


def cut_text(text: str, most: int) -> str:
    """Return a text, or its beginning with an ellipsis if it takes more than ``most`` bytes in UTF-8.

    It is cut between words; one that has none, as in Chinese, is cut between characters.
    """
    if len(text.encode()) <= most:
        return text
    beginning = text.encode()[:most].decode(errors="ignore")
    space = max(beginning.rfind(" "), beginning.rfind("\n"))
    return beginning[: space if space > len(beginning) // 2 else None].rstrip() + " …"


def _words_of(line: Line) -> str:
    parts = []
    for text, look in line.runs:
        is_said = not look.address or look.address.rstrip("/") in text
        parts.append(text if is_said else f"{text} <{look.address}>")
    return "".join(parts).strip()
