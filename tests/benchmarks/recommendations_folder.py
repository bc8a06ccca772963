"""The folders that the recommendations are judged on, and what the scorer takes, made from them.

This is the one place where a benchmark's files become the scorer's arrays.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bookclub.recommendations.rules import (
    AUTHOR,
    Library,
    Listing,
    Neighbours,
    Read,
    Readerships,
    build,
    match,
    read_names,
    read_pack,
    read_ratings,
    write_pack,
)


class Malformed(Exception):
    """A folder that does not have the form it should have."""


class Query(NamedTuple):
    """One question: a member's shelf, the earliest first, and the positions that may be proposed."""

    key: str
    task: str
    club: str
    size: int
    member: int
    reads: list[Read]
    among: np.ndarray


class Target(NamedTuple):
    """What the member read, what is not to be judged, and whether it continued a series."""

    read: frozenset[int]
    ignored: frozenset[int]
    kind: str


@dataclass(frozen=True)
class Fixture:
    """A catalogue, its pack, the shelves of some clubs by name, the questions, and what there was to find."""

    name: str
    note: str
    library: Library
    pack: Neighbours | None
    clubs: dict[str, Readerships]
    queries: list[Query]
    targets: dict[str, Target]


def load(folder: Path) -> Iterator[Fixture]:
    """Every set of clubs in the folder, one after the other. Raises Malformed or ValueError."""
    found = sorted(path for path in (folder / "fixtures").glob("*") if path.is_dir())
    if not found:
        raise Malformed(f"{folder} has no fixtures")
    for path in found:
        catalogue = {int(row["book_id"]) for row in table(path / "catalogue.csv")}
        library, names = load_catalogue(folder, catalogue)
        pack, note = load_pack(folder, path.name, library, names)
        clubs, queries = load_clubs(path, library)
        yield Fixture(path.name, note, library, pack, clubs, queries, load_targets(path))


def table(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file; Malformed where there is none."""
    if not path.is_file():
        raise Malformed(f"{path} is missing")
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def load_catalogue(folder: Path, catalogue: set[int]) -> tuple[Library, list[tuple[int, str, str]]]:
    """The library of a catalogue, and the titles and first authors of its books."""
    books, authors, names = [], [], []
    author_ids: dict[str, int] = {}
    series_ids: dict[tuple[str, str], int] = {}
    for row in table(folder / "books.csv"):
        book = int(row["book_id"])
        if book not in catalogue:
            continue
        first = row["authors"].split(",")[0].strip()
        authors.append((book, author_ids.setdefault(first, len(author_ids) + 1)))
        key = (row.get("series") or "", first)
        series = series_ids.setdefault(key, len(series_ids) + 1) if key[0] else None
        number = float(row["series_no"]) if series and row.get("series_no") else None
        known, printings = whole(row["ratings_count"]), whole(row.get("books_count"))
        year = whole(row["original_publication_year"]) if row["original_publication_year"] else None
        books.append(Listing(book, series, number, known, printings, year))
        names.append((book, row["title"], first))
    tag_ids: dict[str, int] = {}
    tags, places = [], Counter[int]()
    for row in table(folder / "book_tags.csv"):
        book = int(row["book_id"])
        tags.append((book, tag_ids.setdefault(row["tag"], len(tag_ids) + 1), places[book]))
        places[book] += 1
    return Library.build(books, authors, tags), names


def load_pack(
    folder: Path, fixture: str, library: Library, names: list[tuple[int, str, str]]
) -> tuple[Neighbours | None, str]:
    """The neighbours that the product builds, writes, reads and matches out of other readers' ratings.

    Several such tables go by the name of the fixture, and the first serves where none has it.
    """
    found = sorted(folder.glob("*_prior*.csv"))
    fitting = [path for path in found if fixture.startswith(path.name.partition("_prior")[0])] or found[:1]
    if not fitting:
        return None, "no pack"
    with (folder / "books.csv").open(newline="", encoding="utf-8") as books:
        called = read_names(books)
    with fitting[0].open(newline="", encoding="utf-8") as ratings:
        built = build(read_ratings(ratings), called, source=fitting[0].name, licence="see the folder")
    file = BytesIO()
    write_pack(built, file)
    size = file.tell()
    file.seek(0)
    pack = read_pack(file)
    places = match(pack, ((book, title, author, ()) for book, title, author in names))
    note = (
        f"pack of {fitting[0].name}: {pack.of} readers, {len(places)} of {len(pack.books)} books matched, "
        f"{len(pack.weights)} pairs, {size / 1e6:.1f} MB"
    )
    totals = ((book, int(pack.readers[place])) for place, book in places.items())
    rows = ((book, other, weight) for book, other, _, weight in pack.neighbours(places))
    return Neighbours.of(library, rows, totals), note


def load_clubs(fixture: Path, library: Library) -> tuple[dict[str, Readerships], list[Query]]:
    """Who has read what in each club, and the questions."""
    shelves: dict[str, dict[int, dict[int, Read]]] = defaultdict(lambda: defaultdict(dict))
    for row in sorted(table(fixture / "visible.csv"), key=lambda row: int(row["order"])):
        book = int(row["book_id"])
        rating = round(2 * float(row["rating"])) if row["rating"] else None
        shelves[row["club_id"]][int(row["member_id"])][book] = Read(book, rating)
    clubs = {
        club: Readerships.of(library, ((who, book) for who, shelf in members.items() for book in shelf))
        for club, members in shelves.items()
    }
    queries = []
    for row in table(fixture / "queries.csv"):
        club, member = row["club_id"], int(row["member_id"])
        shelf = shelves[club][member]
        reads, among = list(shelf.values()), np.arange(len(library))
        if row["task"] == AUTHOR:
            reads = [shelf.get(book, Read(book)) for book in map(int, row["known"].split())]
            among = np.sort(library.places(map(int, row["candidates"].split())))
        else:
            among = np.delete(among, library.places(shelf))
        queries.append(Query(row["query_id"], row["task"], club, int(row["size"]), member, reads, among))
    return clubs, queries


def load_targets(fixture: Path) -> dict[str, Target]:
    """What there was to find, by query; nothing where the targets are kept elsewhere."""
    if not (fixture / "targets.csv").is_file():
        return {}
    return {
        row["query_id"]: Target(
            frozenset(map(int, row["targets"].split())),
            frozenset(map(int, row["other"].split())),
            row["kind"],
        )
        for row in table(fixture / "targets.csv")
    }


def whole(text: str | None) -> int:
    """A count that may be missing, or written as a decimal."""
    return int(float(text or 0))
