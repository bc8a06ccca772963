"""Text of recommendations: the names of signals, and the sentences for reasons and for too little data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..matches.ratings import average
from ..text.bidi import isolated
from ..text.emphasis import Sentence, TextPart, fill, join_list, kept, make_sentence, title
from ..text.messages import gettext as _
from ..text.messages import lazy_gettext, ngettext, number_text
from . import weights
from .reasons import (
    AlsoFinished,
    AlsoReadElsewhere,
    MostRead,
    NextInSeries,
    Reason,
    Recommended,
    SameAuthor,
    SharedTags,
    TooLittle,
)

# Translated where they are shown.
SIGNAL_NAMES: Mapping[str, str] = {
    weights.CO_READERS: lazy_gettext("Read by readers of your books"),
    weights.ENDORSEMENTS: lazy_gettext("Members who recommend it after a book of yours"),
    weights.KINDRED: lazy_gettext("Read by members who read what you read"),
    weights.CLUB_READERS: lazy_gettext("Readers in the club"),
    weights.KNOWN_READERS: lazy_gettext("Known readers anywhere"),
    weights.EDITIONS: lazy_gettext("Printings"),
    weights.TAG_PROFILE: lazy_gettext("Themes like those of all your books"),
    weights.TAG_NEIGHBOURS: lazy_gettext("Themes very like those of one of your books"),
    weights.SAME_AUTHOR: lazy_gettext("By an author you have read"),
    weights.NEXT_IN_SERIES: lazy_gettext("The next in a series"),
    weights.NEAR_IN_TIME: lazy_gettext("Written around the same time as theirs that you read last"),
}


@dataclass(frozen=True)
class Names:
    """Names of the things that reasons cite, by id, the words of endorsements, and the name of the pack."""

    titles: Mapping[int, str] = field(default_factory=dict)
    tags: Mapping[int, str] = field(default_factory=dict)
    members: Mapping[int, str] = field(default_factory=dict)
    authors: Mapping[int, str] = field(default_factory=dict)
    series: Mapping[int, str] = field(default_factory=dict)
    endorsements: Mapping[int, str] = field(default_factory=dict)
    pack: str = ""


def reason_sentence(reason: Reason, names: Names) -> Sentence:
    """Return one reason as a sentence. Raises KeyError if a name is missing."""

    def book(key: int) -> TextPart:
        return title(names.titles[key])

    match reason:
        case AlsoFinished(loved, both, of) if both == of:
            said = ngettext(
                "The %(num)s member who finished %(title)s also finished this.",
                "All %(num)s members who finished %(title)s also finished this.",
                of,
                **kept("title"),
            )
            return fill(said, title=book(loved))
        case AlsoFinished(loved, both, of):
            said = ngettext(
                "%(both)s of the %(num)s member who finished %(title)s also finished this.",
                "%(both)s of the %(num)s members who finished %(title)s also finished this.",
                of,
                **kept("both", "title"),
            )
            return fill(said, both=both, title=book(loved))
        case AlsoReadElsewhere(loved, both, of):
            return _say_also_read(book(loved), both, of, names.pack)
        case SharedTags(tags, books):
            said = ngettext(
                "Shares %(themes)s with %(num)s book you rated 4 or more.",
                "Shares %(themes)s with %(num)s books you rated 4 or more.",
                len(books),
                **kept("themes"),
            )
            return fill(said, themes=join_list([title(names.tags[tag]) for tag in tags]))
        case Recommended(endorsement, member, loved):
            words, name = names.endorsements.get(endorsement, ""), isolated(names.members[member])
            if words:
                said = _("%(name)s recommends it to anyone who loved %(title)s: “%(words)s”")
                return fill(said, name=name, title=book(loved), words=isolated(words))
            return fill(
                _("%(name)s recommends it to anyone who loved %(title)s."), name=name, title=book(loved)
            )
        case MostRead(author, members):
            return _say_most_read(author, members, names)
        case NextInSeries(series, after):
            said = _("The next in %(series)s after %(title)s.")
            return fill(said, series=title(names.series[series]), title=book(after))
        case SameAuthor(author, books):
            said = ngettext(
                "You rated %(num)s book by %(author)s 4 or more.",
                "You rated %(num)s books by %(author)s 4 or more.",
                len(books),
                **kept("author"),
            )
            return fill(said, author=isolated(names.authors[author]))


def _say_also_read(loved: TextPart, both: int, of: int, pack: str) -> Sentence:
    if not pack:
        said = ngettext(
            "%(both)s of the %(num)s reader of %(title)s elsewhere also read this.",
            "%(both)s of the %(num)s readers of %(title)s elsewhere also read this.",
            of,
            **kept("both", "title"),
        )
        return fill(said, both=both, title=loved)
    said = ngettext(
        "%(both)s of the %(num)s reader of %(title)s in %(source)s also read this.",
        "%(both)s of the %(num)s readers of %(title)s in %(source)s also read this.",
        of,
        **kept("both", "title", "source"),
    )
    return fill(said, both=both, title=loved, source=pack)


def _say_most_read(author: int | None, members: int | None, names: Names) -> Sentence:
    if author is None and members is None:
        return make_sentence(_("The most-read book that you have not read."))
    if author is None:
        said = ngettext(
            "The most-read book in this club that you have not read: %(num)s member finished it.",
            "The most-read book in this club that you have not read: %(num)s members finished it.",
            members or 0,
        )
        return make_sentence(said)
    name = isolated(names.authors[author])
    if members is None:
        return fill(_("The most-read book by %(author)s that you have not read."), author=name)
    said = ngettext(
        "The most-read book by %(author)s in this club that you have not read: %(num)s member finished it.",
        "The most-read book by %(author)s in this club that you have not read: %(num)s members finished it.",
        members,
        **kept("author"),
    )
    return fill(said, author=name)


def favourite_text(rating_sum: int, rating_count: int) -> Sentence:
    """Return the reason for a book that the club rates highly; the sum is in half stars."""
    said = ngettext(
        "%(num)s member here gave it %(stars)s stars.",
        "%(num)s members here gave it %(stars)s stars on average.",
        rating_count,
        stars=average(rating_sum, rating_count),
    )
    return make_sentence(said)


def only_one_text() -> Sentence:
    """Return the reason for the last book by an author, which nothing can be compared with."""
    return make_sentence(_("The only one here that you have not read."))


def not_ready_text() -> Sentence:
    """Return the sentence for the moment after a start, when nothing can be recommended yet."""
    return make_sentence(_("The recommendations are being put together. Reload this page in a moment."))


def too_little_text(result: TooLittle) -> Sentence:
    """Return a sentence that says why nothing is recommended, and how many books are needed."""
    if not result.finished:
        said = ngettext(
            "A recommendation needs %(num)s book that you have read, and there is none on your shelf yet.",
            "A recommendation needs %(num)s books that you have read, and there are none on your shelf yet.",
            result.needed,
        )
        return make_sentence(said)
    if result.finished < result.needed:
        said = ngettext(
            "A recommendation needs %(needed)s books that you have read. Your shelf has %(num)s so far.",
            "A recommendation needs %(needed)s books that you have read. Your shelf has %(num)s so far.",
            result.finished,
            needed=number_text(result.needed),
        )
        return make_sentence(said)
    return make_sentence(_("Nothing connects the books you have read with these yet."))
