"""The sentences that scripts show, in the reader's language. Pages carry them in a meta element."""

from __future__ import annotations

import json
from functools import cache

from .books.catalogue_queries import MOST_PROPOSED
from .languages import current_language
from .lib.text.messages import Language, ngettext, number_text
from .lib.text.messages import gettext as _
from .members.queries import MOST_SUGGESTED
from .pictures.rules import LARGEST, MEBIBYTE

MOST_MENTIONS = max(MOST_PROPOSED, MOST_SUGGESTED)


def script_words() -> str:
    """Return the sentences of the scripts as JSON, each by the name that the scripts know it by.

    Plural forms are worded here, since JavaScript knows no catalogue: a list has one sentence per number.
    """
    return _words_in(current_language())


# Every page carries them, and to word them took longer than most statements.
@cache
def _words_in(_current: Language) -> str:
    again = _("It is safe to send it again in a moment.")
    numbers = range(MOST_MENTIONS + 1)
    return json.dumps(
        {
            "close": _("Close"),
            "401": _("You are no longer signed in. Your words are kept here: sign in and send them again."),
            "403": _("You may not do that."),
            "404": _("That is no longer there. Load the page again to see what is."),
            "413": _("That is too long. Shorten it and try again."),
            "429": _("That was too often in a short time. Wait a minute and try again."),
            "503": f"{_('The club is busy, and this may already be saved.')} {again}",
            "5xx": f"{_('Something went wrong, and this may already be saved.')} {again}",
            "refused": _("That did not work. Check what you entered and try again."),
            "unreachable": _(
                "The club could not be reached. If you were sending something, it may already be saved. "
                "It is safe to send it again."
            ),
            "draft": _("You have unsaved words from earlier."),
            "draft_bring": _("Bring them back"),
            "draft_back": _("Your unsent words are back."),
            "draft_discard": _("Discard them"),
            "copied": _("Copied"),
            "selected": _("Selected. Copy it with your keyboard."),
            "covered": _("The club could not be reached, so this page stays covered."),
            "try_again": _("Try again"),
            "books": _("Books of the club"),
            "members": _("Members of the club"),
            "books_found": [ngettext("%(num)s book.", "%(num)s books.", number) for number in numbers],
            "members_found": [ngettext("%(num)s member.", "%(num)s members.", number) for number in numbers],
            "picture_large": _(
                "This picture is larger than %(most)s MB. Choose a smaller one.",
                most=number_text(LARGEST // MEBIBYTE),
            ),
            "pictures_large": _(
                "The pictures together are larger than %(most)s MB. Add them one after the other.",
                most=number_text(LARGEST // MEBIBYTE),
            ),
            "keys": _("Arrow keys choose, Enter takes it, Escape closes."),
        },
        ensure_ascii=False,
    )
