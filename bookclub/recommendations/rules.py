"""A reader's books by one author, the members a choice for the club is made for, and authors' surnames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from ..lib.text.bidi import isolated
from ..lib.text.messages import gettext as _
from ..lib.text.messages import list_text, number_text
from ..members.rules import fold_name

# A favourite of the club has at least so many ratings, and at least this average, in half stars.
FAVOURITE_RATINGS, FAVOURITE_AVERAGE = 2, 7
# Later than any year, so that books without a year come last.
UNKNOWN_YEAR = 10_000


class Dated(Protocol):
    """Book or edition with a year of first publication and an id."""

    id: int
    first_published: int | None


Work = TypeVar("Work", bound=Dated)


@dataclass(frozen=True)
class Divided(Generic[Work]):
    """An author's books by the reader's status: ended, begun, and unread by year."""

    read: Sequence[Work]
    begun: Sequence[Work]
    unread: Sequence[Work]


def divide_by_status(
    books: Iterable[Work], statuses: Mapping[int, str | None], muted: Iterable[int]
) -> Divided[Work]:
    """Divide an author's books by a reader's statuses; muted books are not among the unread."""
    refused = set(muted)
    ordered = sorted(books, key=lambda book: (year_key(book.first_published), book.id))
    return Divided(
        [book for book in ordered if statuses.get(book.id) in ("finished", "did_not_finish")],
        [book for book in ordered if statuses.get(book.id) == "reading"],
        [book for book in ordered if statuses.get(book.id) in (None, "to_read") and book.id not in refused],
    )


class Rated(Protocol):
    """Book with the club's ratings: their sum in half stars, their number, and a rank by their average."""

    id: int
    rating_sum: int
    rating_count: int
    rating_rank: int


Favourite = TypeVar("Favourite", bound=Rated)


def favourites(books: Iterable[Favourite]) -> list[Favourite]:
    """Return the books that the club rates highly, the best first: one member's rating makes no favourite."""
    liked = [
        book
        for book in books
        if book.rating_count >= FAVOURITE_RATINGS and book.rating_sum >= FAVOURITE_AVERAGE * book.rating_count
    ]
    return sorted(liked, key=lambda book: (-book.rating_rank, -book.rating_count, book.id))


def year_key(year: int | None) -> int:
    """Sort key for a year of publication: a book without a year comes last."""
    return UNKNOWN_YEAR if year is None else year


# A choice is made for so many members of a large club unless others are chosen, and for at most so many.
USUAL_PARTY, LARGEST_PARTY = 12, 30


class Named(Protocol):
    """Something with a username."""

    @property
    def username(self) -> str: ...


Somebody = TypeVar("Somebody", bound=Named)


@dataclass(frozen=True)
class Participants(Generic[Somebody]):
    """The members for whom the club's next book is chosen.

    ``unknown`` are names that no member has. ``has_left_out`` says that more members were named than can take
    part.
    """

    members: Sequence[Somebody]
    unknown: Sequence[str] = ()
    has_left_out: bool = False

    @property
    def problem(self) -> str | None:
        """Sentence that says what is wrong with the named members, or None."""
        if self.unknown:
            names = list_text([_("“%(name)s”", name=isolated(name)) for name in self.unknown], "or")
            return _("Nobody here is called %(names)s. Check the username.", names=names)
        if self.has_left_out:
            most = number_text(LARGEST_PARTY)
            return _("At most %(most)s can take part in a choice. These are the first of them.", most=most)
        return None


def usernames_in(typed: Iterable[str]) -> list[str]:
    """Usernames in ticked boxes and typed lines, each once.

    A line may hold several, with or without an @.
    """
    words = (word.removeprefix("@") for line in typed for word in line.replace(",", " ").split())
    return list({fold_name(word): word for word in words if word}.values())


def party(members: Sequence[Somebody], wanted: Sequence[str]) -> Participants[Somebody]:
    """Choose the members whose usernames are in ``wanted``, regardless of case.

    ``members`` are in the order in which they were here last. If none of them is named, the first twelve are
    chosen.
    """
    names = {fold_name(name): name for name in wanted}
    found = [member for member in members if names.pop(fold_name(member.username), None) is not None]
    return Participants(
        found[:LARGEST_PARTY] or members[:USUAL_PARTY], tuple(names.values()), len(found) > LARGEST_PARTY
    )


# Words that belong to the surname that follows them.
PARTICLES = {
    "de",
    "du",
    "da",
    "la",
    "le",
    "von",
    "van",
    "der",
    "den",
    "ter",
    "al",
    "el",
    "bin",
    "ibn",
    "st",
    "st.",
}


def surname(name: str) -> str:
    """An author's short name: "Ishiguro", "Le Guin", "de Beauvoir".

    It is the last word of the name with the particles before it, or the part before a comma.
    """
    before = name.partition(",")[0]
    words = before.split()
    # "Ishiguro, Kazuo" has the surname first.
    if "," in name or len(words) < 2:
        return before.strip()
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in PARTICLES:
        start -= 1
    return " ".join(words[start:])
