"""What to read next, with its reasons: evidence, scores, fresh counts and words put together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from ...books.models import Book
from ...extensions import db
from .. import rules
from ..rules import AUTHOR, NEXT, Choice, Reason, Sentence
from . import evidence, stored
from .evidence import Shelf
from .facts import Cited, books_by_id, facts_about, names_of
from .stock import Stock, state_of_opinions, state_of_stock
from .stock import stock as the_stock
from .stored import Around

SHOWN = 10
# Of so many groups of members the choices are kept.
PICKS_KEPT = 50


@dataclass(frozen=True)
class Signal:
    """One line of "why?": what was measured, how much it weighs, and what it adds to the score."""

    name: str
    raw: float
    weight: float
    contribution: float


@dataclass(frozen=True)
class Suggestion:
    """A book to read next: why, in sentences, and all that its score is made of."""

    book: Book
    reasons: Sequence[Sentence]
    signals: Sequence[Signal]
    score: float


@dataclass(frozen=True)
class Suggestions:
    """The books in their order; ``too_little`` is the sentence for a reader of whom too little is known.

    ``pack`` names source and licence of the pack where its evidence was used.
    """

    entries: Sequence[Suggestion]
    too_little: Sentence | None
    pack: str | None


def suggestions_for(
    member_id: int,
    author_id: int | None = None,
    known: Collection[Book] = (),
    shelf: Shelf | None = None,
) -> Suggestions:
    """What a member could read next: of one author, or of the whole catalogue.

    Where too little is known of them there are no books from the whole catalogue, and an author's books
    come without reasons, for the page to put in the order of their publication. Books that the caller has
    loaded, the ``known``, are not loaded again, nor is the member's ``shelf``.
    """
    shelf = shelf or evidence.shelf_of(member_id)
    stock, taste, found, scored = scored_for(member_id, shelf, author_id)
    too_little = rules.too_little(taste, scored)
    if too_little is not None:
        return Suggestions([], rules.say_too_little(too_little), None)
    # What is not for them was ranked, too: a book that is most read stays so.
    ranked = scored.best(SHOWN + len(shelf.muted)).first()
    choices = [choice for choice in ranked if choice.book not in shelf.muted][:SHOWN]
    books = books_by_id({choice.book for choice in choices}, known)
    cited = rules.cited_books(stock.library, taste, found, books)
    facts = facts_about(cited, author_id)
    reasons = {
        choice.book: rules.choose(stock.library, taste, found, scored, choice, facts[choice.book])
        for choice in choices
    }
    pack = stock.pack_source
    names = names_of(_cited(reasons.values(), author_id), stock.series, pack.source if pack else None)
    return Suggestions(
        [
            Suggestion(
                books[choice.book],
                [rules.say_reason(reason, names) for reason in reasons[choice.book]],
                _signals(choice),
                choice.score,
            )
            for choice in choices
        ],
        None,
        f"{pack.source}, {pack.licence}" if pack else None,
    )


def scored_for(
    member_id: int, shelf: Shelf, author_id: int | None
) -> tuple[Stock | Around, rules.Taste, rules.Evidence, rules.Scored]:
    """Every candidate for a member with this shelf and its score, and all that the scores go by."""
    words = _words({member_id: shelf})
    stock = _stock({member_id: shelf}, words, author_id)
    return stock, *_scored(stock, shelf, member_id, words[member_id], author_id)


@dataclass(frozen=True)
class Pick:
    """A book that the club could read: why, in a sentence, and how it would suit those who take part.

    ``by_member`` are their ids and standardised scores, the best first; ``known_to`` have begun or read it,
    and ``heard`` says which part of the average is whose.
    """

    book: Book
    reason: Sentence
    score: float
    by_member: Sequence[tuple[int, float]]
    known_to: Collection[int]
    heard: Mapping[int, float]


def picks_for(member_ids: Sequence[int], chosen: Collection[int] = ()) -> Sequence[Pick]:
    """Three books for these members together, by what they let others see of their reading.

    Nobody is proposed what one of them did not finish, rated two or less, or does not want, and those whom
    the books ``chosen`` before pleased least are heard most.
    """
    found = _kept_picks(tuple(member_ids), frozenset(chosen))
    books = books_by_id({pick.book for pick in found})
    return [
        Pick(
            books[pick.book],
            rules.say_pick(pick, len(member_ids)),
            pick.score,
            sorted(pick.by_member.items(), key=lambda entry: (-entry[1], entry[0])),
            pick.known_to,
            pick.heard,
        )
        for pick in found
    ]


# What was found for some members, as long as nothing that it goes by has changed.
Party = tuple[tuple[int, ...], frozenset[int]]
_PICKS: WeakKeyDictionary[Engine, tuple[object, dict[Party, Sequence[rules.Pick]]]] = WeakKeyDictionary()


def _kept_picks(member_ids: tuple[int, ...], chosen: frozenset[int]) -> Sequence[rules.Pick]:
    state = state_of_opinions()
    kept = _PICKS.get(db.engine)
    if kept is None or kept[0] != state:
        kept = _PICKS[db.engine] = (state, {})
    found = kept[1].get((member_ids, chosen))
    if found is None:
        found = _picks(member_ids, chosen)
        if len(kept[1]) >= PICKS_KEPT:
            kept[1].clear()
        kept[1][member_ids, chosen] = found
    return found


def _picks(member_ids: Sequence[int], chosen: Collection[int]) -> Sequence[rules.Pick]:
    shelves = evidence.shelves_of(member_ids, public=True)
    words = _words(shelves)
    stock = _stock(shelves, words, None)
    told = {}
    for member_id, shelf in shelves.items():
        taste, _, scored = _scored(stock, shelf, member_id, words[member_id])
        if rules.too_little(taste, scored) is None:
            told[member_id] = scored
    reads = {member_id: shelf.reads for member_id, shelf in shelves.items()}
    refused = rules.vetoes(reads, {member_id: shelf.muted for member_id, shelf in shelves.items()})
    return rules.club_picks(told, refused, rules.satisfaction(reads, chosen)) if told else ()


def _words(shelves: Mapping[int, Shelf]) -> dict[int, list[rules.Endorsement]]:
    return evidence.endorsements_for(
        {member_id: {read.book for read in shelf.reads} for member_id, shelf in shelves.items()}
    )


def _stock(
    shelves: Mapping[int, Shelf], words: Mapping[int, Sequence[rules.Endorsement]], author_id: int | None
) -> Stock | Around:
    """The catalogue as arrays: the whole of it, or, of a large one, what matters to these readers."""
    state = state_of_stock()
    if stored.is_live(state):
        return the_stock(state)
    return stored.around(shelves, words, author_id, state)


def _scored(
    stock: Stock | Around,
    shelf: Shelf,
    member_id: int,
    words: Sequence[rules.Endorsement],
    author_id: int | None = None,
) -> tuple[rules.Taste, rules.Evidence, rules.Scored]:
    task = NEXT if author_id is None else AUTHOR
    taste = rules.Taste.of(shelf.reads, stock.library, fades=task == NEXT)
    among = rules.candidates(stock.library, shelf.taken, author_id)
    if isinstance(stock, Stock):
        found = rules.Evidence.live(
            taste,
            stock.readerships,
            stock.pack,
            words,
            without=member_id,
            among=among if task == AUTHOR else None,
            weights=rules.WEIGHTS[task, rules.loaded(stock.library, stock.pack)],
        )
    else:
        found = stored.evidence_for(stock, words, member_id, shelf)
    return taste, found, rules.scored(stock.library, shelf.reads, found, among, task=task, taste=taste)


def _signals(choice: Choice) -> list[Signal]:
    return [
        Signal(rules.SIGNAL_NAMES[share.signal], share.raw, share.weight, share.contribution)
        for share in choice.shares
    ]


def _cited(reasons: Iterable[Sequence[Reason]], author_id: int | None) -> Cited:
    books: set[int] = set()
    tags: set[int] = set()
    told: set[int] = set()
    authors = {author_id} if author_id else set()
    for reason in (one for each in reasons for one in each):
        match reason:
            case rules.AlsoFinished(loved=book) | rules.AlsoReadElsewhere(loved=book):
                books.add(book)
            case rules.Recommended(endorsement=endorsement, loved=book):
                books.add(book)
                told.add(endorsement)
            case rules.SharedTags(tags=shared, books=liked):
                tags.update(shared)
                books.update(liked)
            case rules.NextInSeries(after=book):
                books.add(book)
            case rules.SameAuthor(author=author, books=liked):
                authors.add(author)
                books.update(liked)
            case rules.MostRead(author=author) if author is not None:
                authors.add(author)
    return Cited(frozenset(books), frozenset(tags), frozenset(authors), frozenset(told))
