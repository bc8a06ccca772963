"""Limits and checks of the words of asks, answers and endorsements, and the sentences about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from ..lib.text.bidi import isolated
from ..lib.text.confusables import is_visible
from ..lib.text.keys import key_of
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext, list_text, ngettext, number_text
from ..lib.text.spoilers import spoiler_problem

LONGEST_QUESTION = 300
LONGEST_REASON = 500

ONE_SCOPE = lazy_gettext("Choose one of these: an author, a book or a theme.")

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
        return ngettext(
            "That is %(num)s character long. Use at most %(most)s.",
            "That is %(num)s characters long. Use at most %(most)s.",
            len(text),
            most=number_text(longest),
        )
    return spoiler_problem(text, _("“%(field)s”", field=field))


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
    if not near_ones:
        return _("There is no “%(text)s” here. Check the spelling.", text=isolated(text))
    names = list_text([_("“%(name)s”", name=isolated(name)) for name in near_ones], "or")
    return _("There is no “%(text)s” here. Did you mean %(names)s?", text=isolated(text), names=names)


def already_named_text(title: str) -> str:
    """Sentence that says a member has proposed this book before."""
    return _(
        "You have suggested “%(title)s” here already. Delete that answer first to give another reason.",
        title=isolated(title),
    )


def endorsers_text(names: Sequence[str]) -> str:
    """List the endorsers of an answer: "Bob, Mo and 2 others agree"; "" if there are none."""
    if not names:
        return ""
    shown, rest = list(map(isolated, names[:_NAMES_SHOWN])), len(names) - _NAMES_SHOWN
    if rest > 0:
        shown.append(ngettext("%(num)s other", "%(num)s others", rest))
    return ngettext("%(names)s agrees", "%(names)s agree", len(names), names=list_text(shown))


def taken_text(title: str, adviser: str | None, *, status: str | None, is_private: bool) -> str:
    """Sentence that tells the asker what taking an answer did.

    ``status`` and ``is_private`` are of their reading of the book as it is now. ``adviser`` is the name of
    the member who answered, or None if that member has left and nobody is to be notified.
    """
    title, adviser = isolated(title), adviser and isolated(adviser)
    if status == "finished":
        return _("You have finished “%(title)s” already, so nothing changes on your shelf.", title=title)
    if status == "did_not_finish":
        return _("You did not finish “%(title)s”. Your shelf still says so until you change it.", title=title)
    if adviser is None:
        return _("“%(title)s” is on your shelf.", title=title)
    names = {"title": title, "name": adviser}
    # A notice would tell the adviser about a reading that is known to its owner alone.
    if is_private:
        return _(
            "“%(title)s” is on your shelf. As it is private, %(name)s will not hear when you finish it.",
            **names,
        )
    return _("“%(title)s” is on your shelf. %(name)s will hear when you finish it.", **names)


def answer_count_text(count: int) -> str:
    """Number of answers in words: "no answer yet", "1 answer", "3 answers"."""
    return ngettext("%(num)s answer", "%(num)s answers", count) if count else _("no answer yet")
