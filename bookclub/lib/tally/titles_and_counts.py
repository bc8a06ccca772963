"""Titles, counts and scores as the sentences about a vote write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..text.emphasis import Sentence, TextPart, join_list, make_sentence
from ..text.messages import gettext as _
from ..text.messages import ngettext, number_text

Titles = Mapping[int, str]


def title_of(nomination: int, titles: Titles) -> TextPart:
    """Return the title of a nomination as a part in italics; "book 5" if it has none."""
    return TextPart(titles.get(nomination) or _("book %(number)s", number=nomination), is_title=True)


def list_titles(nominations: Sequence[int], titles: Titles, most: int = 4) -> Sentence:
    """List the titles of some books; of more than ``most`` only the first, and the number of others."""
    if len(nominations) <= most:
        return join_list([make_sentence(title_of(one, titles)) for one in nominations])
    # One title fewer leaves room for the number of the others.
    shown = [make_sentence(title_of(one, titles)) for one in nominations[: most - 1]]
    others = ngettext("%(num)s other book", "%(num)s other books", len(nominations) - most + 1)
    return join_list([*shown, make_sentence(others)])


def halves(doubled: int) -> str:
    """Write a doubled score with halves: "31½" for 63."""
    whole, half = divmod(doubled, 2)
    if half:
        return f"{number_text(whole) if whole else ''}½"
    return number_text(whole)
