"""Spoilers in a text: the only place that decides which words are hidden from readers who have not finished.

These marks count, because people who come from other sites type or import them:

==============================================  ==========================================================
``||words||``                                   here, Discord, Telegram, Revolt
``<spoiler>words</spoiler>``                    Goodreads, LibraryThing, Disqus; with attributes, too
``[spoiler]…[/spoiler]``, ``[spoiler=title]``   Discourse, phpBB, vBulletin, XenForo, MyAnimeList, Steam
``[details=title]…[/details]``                  Discourse
``<details><summary>…</summary>…</details>``    GitHub, Discourse, Tildes
``<span class="spoiler">…</span>``              pages copied as HTML; ``data-mx-spoiler`` is Matrix
``>!words!<``                                   Reddit, Lemmy; Stack Exchange does not close it
``[title](/s "words")``, ``(#s "words")``       Reddit until 2018, r/books and r/asoiaf among others
``::: spoiler title … :::``                     Lemmy, HedgeDoc, VuePress
a fence of ```` ```spoiler ````                 Zulip
``~!words!~``                                   AniList
``[[spoiler:words]]``                           TV Tropes
==============================================  ==========================================================

Case does not count, and ``<`` and ``>`` may be escaped as ``&lt;`` and ``&gt;``. A mark may begin in one
paragraph and end in another. ``%%words%%`` (Obsidian's comments), ``!!words!!`` (one notebook) and a line
that begins with "Spoiler:" do not count: they mean something else to far more people.

The rules are the same for all marks. A mark counts in code too, unless a backslash stands before it. A mark
that is never closed hides everything to the end of the text; one that is closed but never opened hides
everything before it. Each kind is looked for by itself, and words that any kind hides are hidden, so that one
mark never shows what another one covers.
"""

from __future__ import annotations

import re
from html import escape

from .borrowed_spoilers import find_borrowed_spoilers
from .messages import gettext as _
from .spoiler_bars import find_barred_spoilers
from .spoiler_spans import Spoiler, merge

# Stored prose holds it as it is; ``show_placeholders`` puts it into the reader's language.
PLACEHOLDER = '<span class="spoiler locked">spoiler, for people who have finished</span>'

# A text without any of these has no mark. This cheap test saves most texts the slow search.
_ANY_SIGN = re.compile(r"\|\||[<>\[{]|&[#gl]|:::|```|~~~|~!")


def find_spoilers(text: str, *, is_foreign: bool = False) -> list[Spoiler]:
    """Find the spoilers of a text, in their order and without overlaps.

    In a foreign text, written for another site, bars are only separators and a backslash escapes nothing.
    """
    if not _ANY_SIGN.search(text):
        return []
    found = find_borrowed_spoilers(text, has_escapes=not is_foreign)
    return merge(found if is_foreign else [*found, *find_barred_spoilers(text)])


def hidden_words() -> str:
    """Return what stands in place of a spoiler in a plain text."""
    return _("(hidden: marked as a spoiler)")


def show_placeholders(html: str) -> str:
    """Return rendered prose with the words that stand for hidden spoilers in the reader's language."""
    if PLACEHOLDER not in html:
        return html
    words = escape(_("spoiler, for people who have finished"))
    return html.replace(PLACEHOLDER, f'<span class="spoiler locked">{words}</span>')


def hide_spoilers(text: str, placeholder: str | None = None) -> str:
    """Replace each spoiler of a plain text by a placeholder."""
    parts: list[str] = []
    end = 0
    for spoiler in find_spoilers(text):
        parts += text[end : spoiler.start], hidden_words() if placeholder is None else placeholder
        end = spoiler.end
    return "".join(parts) + text[end:]


def spoiler_problem(text: str | None, field: str) -> str | None:
    """Return the error for a spoiler in a field that everyone reads, with its mark; None if there is none.

    ``field`` begins the sentence: "The title".
    """
    found = find_spoilers(text or "")
    if not found:
        return None
    return _(
        "%(field)s can be read by everyone, so it cannot hide a spoiler: "
        "remove “%(mark)s” and the spoiler that it marks.",
        field=field,
        mark=found[0].mark,
    )


def find_doubtful_spoiler(text: str) -> Spoiler | None:
    """Return the first spoiler that was opened and not closed, or closed and not opened, if any."""
    return next((spoiler for spoiler in find_spoilers(text) if spoiler.doubt), None)
