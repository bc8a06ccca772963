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
from ..lib.text.messages import decimal_text
from .catalogue_queries import library_for_reasons
from .queries import Cited, Shelf, Wish, books_by_id, facts_about, names_of, shelf_of, wishes_by
from .rules import favourites
from .scores import ScoredFor, scored_for

# A page shows so many suggestions, which fill rows of three. A few more are looked at, since a book without
# a reason is left out, and many more if those do not fill the page. Of the books that the member wants to
# read already, it shows fewer.
SHOWN, SPARE, MORE_SPARE, WISHES_SHOWN = 9, 2, 9, 3
# A signal that adds less rounds to nothing.
LEAST_SHARE = 0.005


@dataclass(frozen=True)
class Signal:
    """One line of "why?": a measured signal, its weight, and its contribution to the score, as text."""

    name: str
    raw: str
    weight: str
    contribution: str


@dataclass(frozen=True)
class Suggestion:
    """A book to read next, with its reasons as sentences, the best first, and what its score is made of.

    ``wish`` is set if the member wants to read it already. Without ``signals`` there is no ``score``.
    """

    book: Book
    reasons: Sequence[Sentence]
    signals: Sequence[Signal] = ()
    score: float = 0.0
    wish: Wish | None = None


@dataclass(frozen=True)
class Suggestions:
    """Books in their order, each with a reason.

    ``too_little`` is the sentence for a reader of whom too little is known. ``wanted`` are books that the
    member wants to read already; an author's stay among the ``entries``. ``pack`` names source and licence of
    the pack if its evidence was used. ``is_ready`` is false for a moment after a start: then there are no
    books yet, and ``too_little`` says so.
    """

    entries: Sequence[Suggestion]
    too_little: Sentence | None
    pack: str | None
    is_ready: bool = True
    wanted: Sequence[Suggestion] = ()


def suggestions_for(
    member_id: int,
    author_id: int | None = None,
    known: Collection[Book] = (),
    shelf: Shelf | None = None,
) -> Suggestions:
    """Suggest books to a member: by one author, or of the whole catalogue.

    If too little is known of them there are no books from the whole catalogue; of an author's books in
    ``known``, the only one that is left or the club's favourites. Books in ``known`` and the member's
    ``shelf`` are not loaded again if the caller has them.
    """
    shelf = shelf or shelf_of(member_id)
    found = scored_for(member_id, shelf, author_id)
    if found is None:
        return Suggestions([], reason_text.not_ready_text(), None, is_ready=False)
    wishes = wishes_by(member_id)
    too_little = recommender_reasons.find_too_little(found.taste, found.scored)
    if too_little is not None:
        unread = [book for book in known if book.id not in shelf.taken | shelf.muted]
        if len(unread) == 1:
            only = Suggestion(unread[0], [reason_text.only_one_text()], wish=wishes.get(unread[0].id))
            return Suggestions([only], None, None)
        liked = [
            Suggestion(
                book,
                [reason_text.favourite_text(book.rating_sum, book.rating_count)],
                wish=wishes.get(book.id),
            )
            for book in favourites(unread)[:SHOWN]
        ]
        return Suggestions(liked, reason_text.too_little_text(too_little), None)
    # An author has few books, and for many of them there is no reason.
    for spare in (MORE_SPARE,) if author_id else (SPARE, MORE_SPARE):
        looked_at = _choices(found, shelf, wishes, author_id, spare)
        books = books_by_id({choice.book for choice in looked_at}, known)
        # A book that was chosen a moment ago may be gone from the catalogue.
        choices = [choice for choice in looked_at if choice.book in books]
        reasons, series = _reasons(found, shelf, choices, author_id)
        # The evidence for a book may be gone since the arrays were built, or may come from too few people.
        choices = [choice for choice in choices if reasons[choice.book]]
        chosen = [choice for choice in choices if author_id or choice.book not in wishes][:SHOWN]
        wanted = [choice for choice in choices if not author_id and choice.book in wishes][:WISHES_SHOWN]
        if len(chosen) == SHOWN or len(looked_at) < SHOWN:
            break
    pack = found.pack_source
    shown = [reasons[choice.book] for choice in (*chosen, *wanted)]
    names = names_of(_cited(shown, author_id), series, pack.source if pack else None)
    signal_names = {signal: str(name) for signal, name in reason_text.SIGNAL_NAMES.items()}

    def suggest(choice: Choice) -> Suggestion:
        return Suggestion(
            books[choice.book],
            [reason_text.reason_sentence(reason, names) for reason in reasons[choice.book]],
            _signals(choice, signal_names),
            choice.score,
            wishes.get(choice.book),
        )

    return Suggestions(
        [suggest(choice) for choice in chosen],
        None,
        f"{pack.source}, {pack.licence}" if pack else None,
        wanted=[suggest(choice) for choice in wanted],
    )


def _choices(
    found: ScoredFor, shelf: Shelf, wishes: Collection[int], author_id: int | None, spare: int
) -> Sequence[Choice]:
    """Best choices that are not muted; from the whole catalogue, only some that are on the member's list."""
    # Muted books were ranked, too, since a book stays "most read" even if it is muted.
    ranking = found.scored.best(SHOWN + spare + len(shelf.muted) + len(wishes))
    free, wanted = SHOWN + spare, WISHES_SHOWN + spare
    places = []
    for place, book in enumerate(ranking.books.tolist(), 1):
        if book in shelf.muted:
            continue
        if not author_id and book in wishes:
            wanted -= 1
            if wanted < 0:
                continue
        else:
            free -= 1
            if free < 0:
                break
        places.append(place)
    return [ranking.choice(place) for place in places]


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
            cited.keys(),
            {read.book for read in shelf.reads},
            {read.book for read in shelf.reads if read.is_liked},
            recommender_reasons.telling_signals(choices),
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


def _signals(choice: Choice, names: Mapping[str, str]) -> list[Signal]:
    return [
        Signal(
            names[share.signal],
            decimal_text(share.raw),
            decimal_text(share.weight),
            decimal_text(share.contribution, sign=True),
        )
        for share in choice.shares
        if abs(share.contribution) >= LEAST_SHARE
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
