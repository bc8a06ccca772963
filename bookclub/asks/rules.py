"""What may be said in an ask, an answer and an endorsement, and in which words they are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from ..lib.text.bidi import isolated
from ..lib.text.characters import clean_lines
from ..lib.text.confusables import is_visible
from ..lib.text.keys import key_of
from ..lib.text.spoilers import public_problem

LONGEST_QUESTION = 300
LONGEST_REASON = 500

ONE_SCOPE = "Choose one of these: an author, a book or a theme."

_CLOSE = 0.55
_NAMES_SHOWN = 3


def tidy(text: str | None) -> str:
    """A few lines as they are kept: trimmed, every run of white space one space, without empty lines."""
    return clean_lines(text or "")


def words_problem(text: str, longest: int, nothing: str, field: str) -> str | None:
    """What is wrong with tidy words that everybody reads, in a sentence; None where nothing is.

    ``nothing`` is that sentence where there are no words. A marked spoiler is refused: these words have no
    place in a book behind which it could be hidden.
    """
    if not text:
        return nothing
    if not is_visible(text):
        return nothing
    if len(text) > longest:
        return f"That is {len(text)} characters long; {longest} is the most."
    return public_problem(text, f"“{field}”")


def near(text: str, names: Iterable[str], limit: int = 5) -> list[str]:
    """Those of these names that are most like what was typed: the ones that hold it, then the likest."""
    wanted, by_key = key_of(text), {key_of(name): name for name in names}
    holding = sorted((key for key in by_key if wanted and wanted in key), key=len)
    close = get_close_matches(wanted, by_key, n=limit, cutoff=_CLOSE)
    return [by_key[key] for key in dict.fromkeys([*holding, *close])][:limit]


def say_unknown(text: str, near_ones: Sequence[str]) -> str:
    """That nobody and nothing in the catalogue is called so, and what is."""
    unknown = f"There is no “{isolated(text)}” in the catalogue."
    if not near_ones:
        return unknown
    return f"{unknown} Did you mean {' or '.join(f'“{isolated(name)}”' for name in near_ones)}?"


def say_again(title: str) -> str:
    """That a member has proposed a book before."""
    named = f"You have named “{isolated(title)}” here already, with a reason."
    return f"{named} Take that back first to give another."


def say_endorsers(names: Sequence[str]) -> str:
    """Who endorses an answer: "Endorsed by Bob, Mo and 2 others"; "" where nobody does."""
    if not names:
        return ""
    shown, rest = list(map(isolated, names[:_NAMES_SHOWN])), len(names) - _NAMES_SHOWN
    if rest > 0:
        shown.append("1 other" if rest == 1 else f"{rest} others")
    return f"Endorsed by {' and '.join(filter(None, (', '.join(shown[:-1]), shown[-1])))}"


def say_taken(title: str, adviser: str | None, *, status: str, is_private: bool) -> str:
    """What taking an answer did, with the asker's reading of the book as it is now.

    ``adviser`` is None where whoever answered has left, or is nobody to be told.
    """
    title, adviser = isolated(title), adviser and isolated(adviser)
    if status == "finished":
        return f"You have finished “{title}” already, so nothing changes on your shelf."
    if status == "did_not_finish":
        return f"You have put “{title}” aside before, and it stays so on your shelf until you say otherwise."
    on_shelf = f"“{title}” is on your shelf."
    if adviser is None:
        return on_shelf
    if is_private:
        return f"{on_shelf} Your reading of it is private, so {adviser} is not told when you finish it."
    return f"{on_shelf} {adviser} hears when you finish it."


def say_answers(count: int) -> str:
    """How many answers a question has: "no answer yet", "1 answer", "3 answers"."""
    return "no answer yet" if not count else "1 answer" if count == 1 else f"{count} answers"
