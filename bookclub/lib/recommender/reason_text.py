"""Text of recommendations: the names of signals, and the sentences for reasons and for too little data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..text.bidi import isolated
from ..text.emphasis import Part, Sentence, in_words, listed, say, title
from . import weights
from .counts_and_names import counted, possessive
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

SIGNAL_NAMES: Mapping[str, str] = {
    weights.CO_READERS: "Read by readers of your books",
    weights.ENDORSEMENTS: "Members who recommend it after a book of yours",
    weights.KINDRED: "Read by members who read what you read",
    weights.CLUB_READERS: "Readers in the club",
    weights.KNOWN_READERS: "Known readers anywhere",
    weights.EDITIONS: "Printings",
    weights.TAG_PROFILE: "Themes like those of all your books",
    weights.TAG_NEIGHBOURS: "Themes very like those of one of your books",
    weights.SAME_AUTHOR: "By an author you have read",
    weights.NEXT_IN_SERIES: "The next in a series",
    weights.NEAR_IN_TIME: "Written near the one of theirs you read last",
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
    pack: str = "elsewhere"


def say_reason(reason: Reason, names: Names) -> Sentence:
    """Return one reason as a sentence without a full stop. Raises KeyError if a name is missing."""

    def book(key: int) -> Part:
        return title(names.titles[key])

    match reason:
        case AlsoFinished(loved, both, of):
            who = f"All {of} members" if both == of else f"{both} of the {of} members"
            return say(f"{who} who finished ", book(loved), " also finished this")
        case AlsoReadElsewhere(loved, both, of):
            return say(f"{both:,} of the {of:,} readers of ", book(loved), f" in {names.pack} also read this")
        case SharedTags(tags, books):
            shared = listed([title(names.tags[tag]) for tag in tags])
            return say("Shares ", shared, f" with {counted(len(books), 'book')} you rated 4 or more")
        case Recommended(endorsement, member, loved):
            words = names.endorsements.get(endorsement, "")
            advice = say(f"{isolated(names.members[member])} recommends it to anyone who loved ", book(loved))
            return say(advice, f": {isolated(words)}") if words else advice
        case MostRead(author, members):
            return _say_most_read(author, members, names)
        case NextInSeries(series, after):
            return say("The next in ", title(names.series[series]), " after ", book(after))
        case SameAuthor(author, books):
            which = "one" if len(books) == 1 else in_words(len(books))
            return say(f"By {isolated(names.authors[author])}, {which} of whose books you rated 4 or more")


def _say_most_read(author: int | None, members: int | None, names: Names) -> Sentence:
    whose = "The" if author is None else possessive(names.authors[author])
    if members is None:
        return say(f"{whose} most-read book that you have not read")
    return say(f"{whose} most-read book in this club that you have not read: {members} members finished it")


NOT_READY = say("The recommendations are being put together. Reload this page in a moment.")


def say_too_little(result: TooLittle) -> Sentence:
    """Return a sentence that says why nothing is recommended, and how many books are needed."""
    if result.finished < result.needed:
        known = "no book" if not result.finished else counted(result.finished, "book")
        return say(
            f"There is too little to go on: your shelf here has {known} that you have read, "
            f"and a recommendation needs {in_words(result.needed)}."
        )
    return say("There is too little to go on: nothing connects the books you have read with these.")
