"""Limits and checks of the words of asks, answers and endorsements, and the sentences about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from ..lib.text.bidi import isolated
from ..lib.text.confusables import is_visible
from ..lib.text.keys import key_of
from ..lib.text.messages import list_text
from ..lib.text.spoilers import spoiler_problem

LONGEST_QUESTION = 300
LONGEST_REASON = 500

ONE_SCOPE = "Choose one of these: an author, a book or a theme."

# A cutoff of difflib: 1 is the same text, and its own default of 0.6 would find fewer misspelt names.
_CLOSE = 0.55
_NAMES_SHOWN = 3


def words_problem(text: str, longest: int, nothing: str, field: str) -> str | None:
    """Return a sentence that says what is wrong with clean words that everybody reads, or None.

    ``nothing`` is the sentence for an empty or invisible text, ``longest`` the most characters, ``field`` the
    field's label. A marked spoiler is refused: these words belong to no book that could hide it.
    """
    if not text:
        return nothing
    # A text of invisible characters is as good as none.
    if not is_visible(text):
        return nothing
    if len(text) > longest:
        return f"That is {len(text)} characters long; {longest} is the most."
    return spoiler_problem(text, f"“{field}”")


def similar_names(text: str, names: Iterable[str], limit: int = 5) -> list[str]:
    """Names most like the typed text: first those that contain it, shortest first, then the closest ones."""
    wanted, by_key = key_of(text), {key_of(name): name for name in names}
    # A name that contains the typed word is meant more often than one that is spelt like it. The shortest has
    # least besides.
    holding = sorted((key for key in by_key if wanted and wanted in key), key=len)
    close = get_close_matches(wanted, by_key, n=limit, cutoff=_CLOSE)
    return [by_key[key] for key in dict.fromkeys([*holding, *close])][:limit]


def unknown_name_text(text: str, near_ones: Sequence[str]) -> str:
    """Sentence that says the catalogue has no such name, with suggestions if there are any."""
    unknown = f"There is no “{isolated(text)}” in the catalogue."
    if not near_ones:
        return unknown
    return f"{unknown} Did you mean {' or '.join(f'“{isolated(name)}”' for name in near_ones)}?"


def already_named_text(title: str) -> str:
    """Sentence that says a member has proposed this book before."""
    named = f"You have named “{isolated(title)}” here already, with a reason."
    return f"{named} Take that back first to give another."


def endorsers_text(names: Sequence[str]) -> str:
    """List the endorsers of an answer: "Endorsed by Bob, Mo and 2 others"; "" if there are none."""
    if not names:
        return ""
    shown, rest = list(map(isolated, names[:_NAMES_SHOWN])), len(names) - _NAMES_SHOWN
    if rest > 0:
        shown.append("1 other" if rest == 1 else f"{rest} others")
    return f"Endorsed by {list_text(shown)}"


def taken_text(title: str, adviser: str | None, *, status: str | None, is_private: bool) -> str:
    """Sentence that tells the asker what taking an answer did.

    ``status`` and ``is_private`` are of their reading of the book as it is now. ``adviser`` is the name of
    the member who answered, or None if that member has left and nobody is to be notified.
    """
    title, adviser = isolated(title), adviser and isolated(adviser)
    if status == "finished":
        return f"You have finished “{title}” already, so nothing changes on your shelf."
    if status == "did_not_finish":
        return f"You have put “{title}” aside before, and it stays so on your shelf until you say otherwise."
    on_shelf = f"“{title}” is on your shelf."
    if adviser is None:
        return on_shelf
    # A notice would tell the adviser about a reading that is known to its owner alone.
    if is_private:
        return f"{on_shelf} Your reading of it is private, so {adviser} is not told when you finish it."
    return f"{on_shelf} {adviser} hears when you finish it."


def answer_count_text(count: int) -> str:
    """Number of answers in words: "no answer yet", "1 answer", "3 answers"."""
    return "no answer yet" if not count else "1 answer" if count == 1 else f"{count} answers"
