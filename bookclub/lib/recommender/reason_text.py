"""Text of recommendations: the names of signals, and the sentences for reasons and for too little data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..text.bidi import isolated
from ..text.emphasis import Part, Sentence, join_list, make_sentence, number_text, title
from . import weights
from .counts_and_names import count_text, possessive
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


def reason_sentence(reason: Reason, names: Names) -> Sentence:
    """Return one reason as a sentence without a full stop. Raises KeyError if a name is missing."""

    def book(key: int) -> Part:
        return title(names.titles[key])

    match reason:
        case AlsoFinished(loved, both, of):
            who = f"All {of} members" if both == of else f"{both} of the {of} members"
            return make_sentence(f"{who} who finished ", book(loved), " also finished this")
        case AlsoReadElsewhere(loved, both, of):
            return make_sentence(
                f"{both:,} of the {of:,} readers of ", book(loved), f" in {names.pack} also read this"
            )
        case SharedTags(tags, books):
            shared = join_list([title(names.tags[tag]) for tag in tags])
            return make_sentence(
                "Shares ", shared, f" with {count_text(len(books), 'book')} you rated 4 or more"
            )
        case Recommended(endorsement, member, loved):
            words = names.endorsements.get(endorsement, "")
            advice = make_sentence(
                f"{isolated(names.members[member])} recommends it to anyone who loved ", book(loved)
            )
            return make_sentence(advice, f": {isolated(words)}") if words else advice
        case MostRead(author, members):
            return _say_most_read(author, members, names)
        case NextInSeries(series, after):
            return make_sentence("The next in ", title(names.series[series]), " after ", book(after))
        case SameAuthor(author, books):
            which = "one" if len(books) == 1 else number_text(len(books))
            return make_sentence(
                f"By {isolated(names.authors[author])}, {which} of whose books you rated 4 or more"
            )


def _say_most_read(author: int | None, members: int | None, names: Names) -> Sentence:
    whose = "The" if author is None else possessive(names.authors[author])
    if members is None:
        return make_sentence(f"{whose} most-read book that you have not read")
    return make_sentence(
        f"{whose} most-read book in this club that you have not read: {members} members finished it"
    )


NOT_READY = make_sentence("The recommendations are being put together. Reload this page in a moment.")


def too_little_text(result: TooLittle) -> Sentence:
    """Return a sentence that says why nothing is recommended, and how many books are needed."""
    if result.finished < result.needed:
        known = "no book" if not result.finished else count_text(result.finished, "book")
        return make_sentence(
            f"There is too little to go on: your shelf here has {known} that you have read, "
            f"and a recommendation needs {number_text(result.needed)}."
        )
    return make_sentence("There is too little to go on: nothing connects the books you have read with these.")
