"""How well the scorer recommends, on clubs made of real readers whose last books it does not see.

    python -m tests.benchmarks.recommendations FOLDER [--sample N] [--rankings FOLDER]

FOLDER holds books.csv, book_tags.csv, a ``*_prior.csv`` of other readers to build a neighbour pack from, and
in fixtures/ one folder for each set of clubs: visible.csv (what members have logged), queries.csv,
catalogue.csv and targets.csv. A fixture without targets.csv is ranked but not judged. Rankings can be written
out, for another program to judge.

Each club is seated in a database of the product, and its own queries, actions and scorer answer. "Nothing"
knows the club's shelves, tags, authors, series and printings; "counts" also how many readers a book is known
to have; "pack" also the neighbours, which `bookclub neighbours load` would load. What a reader reads later
never reaches the product: about an author they are asked with the shelf that the query names.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from math import log2
from pathlib import Path
from random import Random
from statistics import fmean
from time import perf_counter

import numpy as np

from bookclub.lib.recommender.scorer import AUTHOR, COUNTS, NEXT, NOTHING, PACK, measure_signals
from bookclub.lib.recommender.weights import TAG_PROFILE
from tests.benchmarks.recommendations_folder import Fixture, Malformed, Query, Target, load

DEPTH, TOP, CLUB = 100, 10, 150
BASELINES = ("random", "publication", "club readers", "known readers", "tags")
OURS = (NOTHING, COUNTS, PACK)
# What issue 5 asks for, by protocol and what is loaded.
REACH = {
    ("next", NOTHING): 0.042,
    ("next", COUNTS): 0.046,
    ("next", PACK): 0.073,
    ("gap", PACK): 0.047,
    ("author", COUNTS): 0.50,
    ("author", PACK): 0.53,
    ("author, series", PACK): 0.62,
}
Books = np.ndarray
Rankings = dict[str, Books]


def rankings(fixture: Fixture, query: Query, dice: Random) -> Rankings:
    """The books of one query, the best first, by each baseline and by the product with each thing loaded."""
    answers = {loaded: install.ask(query) for loaded, install in fixture.installs.items()}
    library, taste, evidence, ranking = answers[COUNTS]
    among = np.sort(library.places(ranking.books.tolist()))
    tags = measure_signals(library, taste, evidence, among, {TAG_PROFILE: 1.0})[TAG_PROFILE]
    lots = np.array([dice.random() for _ in among])
    years = np.nan_to_num(library.year[among], nan=np.inf)
    orders = {
        "random": lots,
        "publication": np.lexsort((-library.known[among], years)).argsort(),
        "club readers": -evidence.club.totals[among] + lots / 2,
        "known readers": -library.known[among],
        "tags": -tags,
    }
    found = {name: library.ids[among[np.argsort(order, kind="stable")]] for name, order in orders.items()}
    return found | {loaded: answer.ranking.books for loaded, answer in answers.items()}


def score_next(books: Books, target: Target) -> float:
    """NDCG@10: how high what was read next stands, books read but never logged taken out first."""
    judged = [book for book in books[:DEPTH].tolist() if book not in target.ignored][:TOP]
    gained = sum(1 / log2(place + 2) for place, book in enumerate(judged) if book in target.read)
    return gained / sum(1 / log2(place + 2) for place in range(min(TOP, len(target.read))))


def score_author(books: Books, target: Target) -> float:
    """1 where the first choice is what was read next."""
    return float(len(books) > 0 and int(books[0]) in target.read)


class Table:
    """Scores by protocol and system, and which books are in anybody's top ten, by club."""

    def __init__(self) -> None:
        self.scores: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        self.shown: dict[str, set[int]] = defaultdict(set)

    def add(self, fixture: Fixture, query: Query, found: Rankings, target: Target) -> None:
        is_next = query.task == NEXT
        protocols = ["gap" if "gap" in fixture.name else "next"] if is_next else [AUTHOR]
        if not is_next and target.kind == "series":
            protocols.append("author, series")
        for name, books in found.items():
            value = score_next(books, target) if is_next else score_author(books, target)
            for protocol in protocols:
                self.scores[protocol][name].append(value)

    def see(self, query: Query, found: Rankings) -> None:
        if query.task == NEXT and query.size == CLUB:
            for name, books in found.items():
                self.shown[name].update(books[:TOP].tolist())

    def lines(self, fixture: Fixture, is_whole: bool) -> Iterator[str]:
        """The table as text; a sample is too small to say how much of the catalogue is shown."""
        systems = [*BASELINES, *OURS]
        yield f"  {'protocol':<16}{'queries':>8}" + "".join(f"{name:>15}" for name in systems)
        for protocol, scores in self.scores.items():
            cells = (self._cell(protocol, name, scores.get(name), fixture) for name in systems)
            yield f"  {protocol:<16}{len(scores['random']):>8}" + "".join(f"{cell:>15}" for cell in cells)
        if is_whole and self.shown:
            shares = (len(self.shown[name]) / fixture.books for name in systems)
            yield f"  {'share shown':<16}{'':>8}" + "".join(f"{share:>15.0%}" for share in shares)

    @staticmethod
    def _cell(protocol: str, name: str, scores: Sequence[float] | None, fixture: Fixture) -> str:
        if not scores:
            return "-"
        reach = REACH.get((protocol, name)) if fixture.name.startswith("gb3k") else None
        return f"{fmean(scores):.4f}" + (f" (≥{reach:g})".replace("0.", ".") if reach else "")


def run(fixture: Fixture, sample: int | None, folder: Path | None) -> None:
    """Rank every query of a fixture, or an even sample; print what came of it, and write it where asked."""
    by_task: Mapping[str, list[Query]] = {
        task: [query for query in fixture.queries if query.task == task] for task in (NEXT, AUTHOR)
    }
    queries = [
        query
        for asked in by_task.values()
        for query in asked[:: max(1, len(asked) // sample) if sample else 1]
    ]
    order = {club: place for place, club in enumerate(dict.fromkeys(query.club for query in queries))}
    results, dice, started, seated = Table(), Random(5), perf_counter(), None
    with ExitStack() as files:
        writers = {}
        for name in (*BASELINES, *OURS) if folder else ():
            path = folder / f"{fixture.name}-{name.replace(' ', '-')}.csv"
            writers[name] = csv.writer(files.enter_context(path.open("w", newline="", encoding="utf-8")))
            writers[name].writerow(("query_id", "rank", "book_id"))
        # One club after the other, in the order in which they are first asked about.
        queries.sort(key=lambda query: order[query.club])
        for club, query in ((query.club, query) for query in queries):
            if club != seated:
                for install in fixture.installs.values():
                    install.seat(fixture.clubs[club])
                seated = club
            found = rankings(fixture, query, dice)
            results.see(query, found)
            if query.key in fixture.targets:
                results.add(fixture, query, found, fixture.targets[query.key])
            for name in writers:
                books = found.get(name, np.zeros(0, dtype=np.int64))[:DEPTH].tolist()
                writers[name].writerows((query.key, place, book) for place, book in enumerate(books, 1))
    took = (perf_counter() - started) / max(len(queries), 1)
    print("\n".join(results.lines(fixture, sample is None)))
    print(f"  {1000 * took:.1f} ms a query, for all of them together", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Judge every fixture of the folder; leaves with 1 where the folder is not of the form it should be."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sample", type=int, help="about so many queries of each kind, evenly taken")
    parser.add_argument(
        "--rankings", type=Path, help="write the rankings into this folder, for another judge"
    )
    told = parser.parse_args(arguments)
    if told.rankings:
        told.rankings.mkdir(parents=True, exist_ok=True)
    try:
        for fixture in load(told.folder):
            print(f"{fixture.name}: {fixture.books} books; {fixture.note}", flush=True)
            run(fixture, told.sample, told.rankings)
    except (Malformed, KeyError, ValueError) as problem:
        sys.exit(f"The folder is not of the form it should be: {problem!r}")


if __name__ == "__main__":
    main()
