"""Books to read next with their reasons, put together from evidence, scores, fresh counts and words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..books.models import Book
from ..lib.recommender import reason_text
from ..lib.recommender import reasons as recommender_reasons
from ..lib.recommender import taste as recommender_taste
from ..lib.recommender.reasons import Reason
from ..lib.recommender.weights import Choice
from ..lib.text.emphasis import Sentence
from .catalogue_queries import library_for_reasons
from .queries import Cited, Shelf, books_by_id, facts_about, names_of, shelf_of
from .scores import ScoredFor, scored_for

# A page shows so many suggestions.
SHOWN = 10


@dataclass(frozen=True)
class Signal:
    """One line of "why?": a measured signal, its weight, and its contribution to the score."""

    name: str
    raw: float
    weight: float
    contribution: float


@dataclass(frozen=True)
class Suggestion:
    """A book to read next, with its reasons as sentences and everything its score is made of."""

    book: Book
    reasons: Sequence[Sentence]
    signals: Sequence[Signal]
    score: float


@dataclass(frozen=True)
class Suggestions:
    """Books in their order. ``too_little`` is the sentence for a reader of whom too little is known.

    ``pack`` names source and licence of the pack if its evidence was used. ``is_ready`` is false for a moment
    after a start: then there are no books yet, and ``too_little`` says so.
    """

    entries: Sequence[Suggestion]
    too_little: Sentence | None
    pack: str | None
    is_ready: bool = True


def suggestions_for(
    member_id: int,
    author_id: int | None = None,
    known: Collection[Book] = (),
    shelf: Shelf | None = None,
) -> Suggestions:
    """Suggest books to a member: by one author, or of the whole catalogue.

    If too little is known of them there are no books from the whole catalogue, and an author's books come
    without reasons, for the page to put in the order of their publication. Books in ``known`` and the
    member's ``shelf`` are not loaded again if the caller has them.
    """
    shelf = shelf or shelf_of(member_id)
    found = scored_for(member_id, shelf, author_id)
    if found is None:
        return Suggestions([], reason_text.NOT_READY, None, is_ready=False)
    too_little = recommender_reasons.find_too_little(found.taste, found.scored)
    if too_little is not None:
        return Suggestions([], reason_text.too_little_text(too_little), None)
    # Muted books were ranked, too, since a book stays "most read" even if it is muted.
    ranked = found.scored.best(SHOWN + len(shelf.muted)).first()
    choices = [choice for choice in ranked if choice.book not in shelf.muted][:SHOWN]
    books = books_by_id({choice.book for choice in choices}, known)
    # A book that was chosen a moment ago may be gone from the catalogue.
    choices = [choice for choice in choices if choice.book in books]
    reasons, series = _reasons(found, shelf, choices, author_id)
    if found.is_behind:
        # The evidence for a book may be gone since the arrays were built.
        choices = [choice for choice in choices if reasons[choice.book]]
    pack = found.pack_source
    names = names_of(_cited(reasons.values(), author_id), series, pack.source if pack else None)
    return Suggestions(
        [
            Suggestion(
                books[choice.book],
                [reason_text.reason_sentence(reason, names) for reason in reasons[choice.book]],
                _signals(choice),
                choice.score,
            )
            for choice in choices
        ],
        None,
        f"{pack.source}, {pack.licence}" if pack else None,
    )


def _reasons(
    found: ScoredFor, shelf: Shelf, choices: Sequence[Choice], author_id: int | None
) -> tuple[dict[int, Sequence[Reason]], Mapping[int, str]]:
    """Reasons for each choice, based on the current rows, and the names of series.

    Statements about all candidates hold only if all are known.
    """
    cited = recommender_reasons.cited_books(
        found.library, found.taste, found.evidence, [choice.book for choice in choices]
    )
    facts = facts_about(cited, author_id)
    # The scores are based on arrays that may be behind; what a reason says is read again. An author's books
    # were read in this request anyway.
    library, taste, series = found.library, found.taste, found.series
    if author_id is None:
        library, series = library_for_reasons(
            {*cited, *(read.book for read in shelf.reads)},
            {*cited, *(read.book for read in shelf.reads if read.is_liked)},
            found.spread,
        )
        taste = recommender_taste.Taste.of(shelf.reads, library, fades=True)
    says_most = found.is_whole and not found.is_behind
    reasons: dict[int, Sequence[Reason]] = {}
    for choice in choices:
        chosen = recommender_reasons.choose_reasons(
            library, taste, found.evidence, found.scored, choice, facts[choice.book]
        )
        reasons[choice.book] = [
            one for one in chosen if says_most or not isinstance(one, recommender_reasons.MostRead)
        ]
    return reasons, series


def _signals(choice: Choice) -> list[Signal]:
    return [
        Signal(reason_text.SIGNAL_NAMES[share.signal], share.raw, share.weight, share.contribution)
        for share in choice.shares
    ]


def _cited(reasons: Iterable[Sequence[Reason]], author_id: int | None) -> Cited:
    books: set[int] = set()
    tags: set[int] = set()
    endorsements: set[int] = set()
    authors = {author_id} if author_id else set()
    for reason in (one for each in reasons for one in each):
        match reason:
            case (
                recommender_reasons.AlsoFinished(loved=book)
                | recommender_reasons.AlsoReadElsewhere(loved=book)
            ):
                books.add(book)
            case recommender_reasons.Recommended(endorsement=endorsement, loved=book):
                books.add(book)
                endorsements.add(endorsement)
            case recommender_reasons.SharedTags(tags=shared, books=liked):
                tags.update(shared)
                books.update(liked)
            case recommender_reasons.NextInSeries(after=book):
                books.add(book)
            case recommender_reasons.SameAuthor(author=author, books=liked):
                authors.add(author)
                books.update(liked)
            case recommender_reasons.MostRead(author=author) if author is not None:
                authors.add(author)
    return Cited(frozenset(books), frozenset(tags), frozenset(authors), frozenset(endorsements))
