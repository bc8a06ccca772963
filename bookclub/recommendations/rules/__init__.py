"""Scoring books for a reader, choosing for the club, saying why, and the packs that know more readers.

How a request uses it, from left to right:

1. ``Library.build(books, authors, tags)`` makes arrays of the catalogue, or of some of its books, with
   ``tag_counts`` and ``of_books`` for the whole.
2. ``Read(book, rating in half stars, is_finished)``, the earliest first, are the reader's books;
   ``Taste.of(reads, library, fades=task == NEXT)`` weighs them.
3. ``Evidence`` is what is known around the reader: ``Evidence.live(taste, Readerships, Neighbours of the
   pack, endorsements, without=the reader's id)``.
4. ``scored(library, reads, evidence, candidates(library, taken, is_open), task=NEXT or AUTHOR)`` gives them
   as ``Scored``; ``best(10).first()`` are ``Choice``s, each with every signal's raw value, standardised
   value, weight and contribution, which add up to the score ("why?").
5. ``too_little(taste, scored)`` says where there is nothing to go on. Otherwise ``cited_books(...)`` names
   the reader's books whose counts a reason may cite; count those afresh in the same request, and give them as
   ``Facts`` to ``choose(...)``, whose ``Reason``s ``say_reason(reason, Names)`` turns into sentences.
6. ``club_picks({member: scored}, vetoes(...), satisfaction(...))`` chooses for the club.

Packs: ``build(read_ratings(file), read_names(file), ...)``, ``write_pack``, ``read_pack``, ``match``.
"""

from ...wording import Part, Sentence, plain
from .clubs import Pick, club_picks, satisfaction, say_pick, vetoes
from .coreads import CoReads, Neighbours, NeighbourTable
from .library import Library
from .packfiles import Unreadable, match, read_names, read_pack, read_ratings, write_pack
from .packs import BookName, Pack, build
from .readerships import Readerships
from .reading import Read, Taste
from .reasons import (
    AlsoFinished,
    AlsoReadElsewhere,
    Facts,
    MostRead,
    NextInSeries,
    Reason,
    Recommended,
    SameAuthor,
    SharedTags,
    TooLittle,
    choose,
    cited_books,
    too_little,
)
from .scoring import (
    AUTHOR,
    COUNTS,
    NEXT,
    NOTHING,
    PACK,
    Evidence,
    candidates,
    loaded,
    measure,
    open_to,
    scored,
    written_by,
)
from .signals import Endorsement
from .sparse import Shelf
from .telling import NOT_READY, SIGNAL_NAMES, Names, say_reason, say_too_little
from .weighing import WEIGHTS, Choice, Ranking, Scored, Share, standardise, weigh

__all__ = [
    "AUTHOR",
    "COUNTS",
    "NEXT",
    "NOTHING",
    "NOT_READY",
    "PACK",
    "SIGNAL_NAMES",
    "WEIGHTS",
    "AlsoFinished",
    "AlsoReadElsewhere",
    "BookName",
    "Choice",
    "CoReads",
    "Endorsement",
    "Evidence",
    "Facts",
    "Library",
    "MostRead",
    "Names",
    "NeighbourTable",
    "Neighbours",
    "NextInSeries",
    "Pack",
    "Part",
    "Pick",
    "Ranking",
    "Read",
    "Readerships",
    "Reason",
    "Recommended",
    "SameAuthor",
    "Scored",
    "Sentence",
    "Share",
    "SharedTags",
    "Shelf",
    "Taste",
    "TooLittle",
    "Unreadable",
    "build",
    "candidates",
    "choose",
    "cited_books",
    "club_picks",
    "loaded",
    "match",
    "measure",
    "open_to",
    "plain",
    "read_names",
    "read_pack",
    "read_ratings",
    "satisfaction",
    "say_pick",
    "say_reason",
    "say_too_little",
    "scored",
    "standardise",
    "too_little",
    "vetoes",
    "weigh",
    "write_pack",
    "written_by",
]
