"""The folders that the recommendations are judged on, as clubs in the product's own tables.

This is the one place where a benchmark's files become books, packs, members and readings.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import delete, insert, update

from bookclub.app import create_app
from bookclub.books.models import Author, Book, BookAuthor, BookTag, Edition, Tag
from bookclub.config import Settings
from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.recommender.library import Library
from bookclub.lib.recommender.pack_files import read_names, read_pack, read_ratings, write_pack
from bookclub.lib.recommender.packs import Pack, build
from bookclub.lib.recommender.scorer import AUTHOR, COUNTS, NEXT, NOTHING, PACK, Evidence
from bookclub.lib.recommender.taste import RatedRead, Taste
from bookclub.lib.recommender.weights import Ranking
from bookclub.lib.text.keys import key_of, title_key
from bookclub.members.models import Member
from bookclub.readings.models import Reading
from bookclub.recommendations.actions import load_pack
from bookclub.recommendations.queries import Shelf, shelf_of
from bookclub.recommendations.scores import ScoredFor, scored_for

FIRST_DAY, ROWS_AT_ONCE = date(2000, 1, 1), 10_000
Members = Mapping[int, Mapping[int, RatedRead]]


class Malformed(Exception):
    """A folder that does not have the form it should have."""


class Query(NamedTuple):
    """One question of a member: about an author with the books to choose among, or about all books.

    ``known`` are the reader's books that an author is asked about with.
    """

    key: str
    task: str
    club: str
    size: int
    member: int
    author: str
    known: Sequence[RatedRead]
    candidates: frozenset[int]


class Target(NamedTuple):
    """What the member read, what is not to be judged, and whether it continued a series."""

    read: frozenset[int]
    ignored: frozenset[int]
    kind: str


class Ranked(NamedTuple):
    """The product's answer to a question, with all that it went by."""

    library: Library
    taste: Taste
    evidence: Evidence
    ranking: Ranking

    @classmethod
    def of(cls, found: ScoredFor | None) -> Ranked:
        assert found is not None, "an application of a test waits for its arrays"
        return cls(found.library, found.taste, found.evidence, found.scored.ranked())


@dataclass(frozen=True)
class Catalogue:
    """Rows for the tables of the catalogue, and how many readers each book is known to have."""

    rows: Mapping[type, Sequence[dict[str, Any]]]
    known: Sequence[dict[str, int]]
    authors: Mapping[str, int]
    written: Mapping[int, frozenset[int]]


class Club:
    """An install of the product with a catalogue, which one club after the other uses.

    ``loaded`` is what is known of the books: NOTHING but what the catalogue says, COUNTS of readers
    elsewhere, or those and a PACK.
    """

    def __init__(self, folder: Path, catalogue: Catalogue, loaded: str, pack: Pack | None) -> None:
        self.catalogue, self.ids = catalogue, dict[int, int]()
        self.app: Flask = create_app(Settings.for_folder(folder / loaded, testing=True))
        with self.app.app_context():
            upgrade()
            begin_write()
            for model, rows in catalogue.rows.items():
                for some in _in_parts(rows):
                    db.session.execute(insert(model), some)
            if loaded != NOTHING:
                db.session.execute(update(Book), catalogue.known)
            self.matched = load_pack(pack, utcnow()) if loaded == PACK and pack else 0
            db.session.commit()

    def seat(self, members: Members) -> None:
        """Let these be the club's members, with what they have read; those before them leave."""
        with self.app.app_context():
            begin_write()
            now = utcnow()
            db.session.execute(update(Member).where(Member.removed_at.is_(None)).values(removed_at=now))
            db.session.execute(delete(Reading))
            start = max(self.ids.values(), default=0) + 1
            self.ids = {member: start + at for at, member in enumerate(members)}
            rows = [
                # A bulk insert through the mapper does not know the hybrid attribute ``display_name``.
                {"id": one, "username": f"m{one}", "username_key": f"m{one}", "display_name": f"m{one}"}
                for one in self.ids.values()
            ]
            db.session.execute(insert(Member.__table__), rows)
            readings = [
                {
                    "member_id": self.ids[member],
                    "book_id": read.book,
                    "status": "finished",
                    "rating": read.rating,
                    "finished_on": FIRST_DAY + timedelta(days=at),
                    "changed_at": now,
                }
                for member, shelf in members.items()
                for at, read in enumerate(shelf.values())
            ]
            for some in _in_parts(readings):
                db.session.execute(insert(Reading), some)
            db.session.commit()

    def ask(self, query: Query) -> Ranked:
        """What the product answers, by its own queries: every candidate, ranked."""
        with self.app.app_context():
            member = self.ids[query.member]
            if query.task == NEXT:
                return Ranked.of(scored_for(member, shelf_of(member), None))
            author = self.catalogue.authors[query.author]
            # What is no candidate was read later, or was read and never logged.
            taken = self.catalogue.written[author] - query.candidates
            return Ranked.of(scored_for(member, Shelf(tuple(query.known), taken, frozenset()), author))

    def close(self) -> None:
        with self.app.app_context():
            db.engine.dispose()


@dataclass(frozen=True)
class Fixture:
    """Installs by what is loaded, clubs by name, the questions, and what there was to find."""

    name: str
    note: str
    books: int
    installs: Mapping[str, Club]
    clubs: Mapping[str, Members]
    queries: Sequence[Query]
    targets: Mapping[str, Target]


def load(folder: Path) -> Iterator[Fixture]:
    """Every set of clubs in the folder, one after the other. Raises Malformed or ValueError."""
    found = sorted(path for path in (folder / "fixtures").glob("*") if path.is_dir())
    if not found:
        raise Malformed(f"{folder} has no fixtures")
    for path in found:
        catalogue = _catalogue(folder, {int(row["book_id"]) for row in table(path / "catalogue.csv")})
        pack, note = _pack(folder, path.name)
        states = (NOTHING, COUNTS, PACK) if pack else (NOTHING, COUNTS)
        with TemporaryDirectory() as data:
            installs = {state: Club(Path(data), catalogue, state, pack) for state in states}
            if pack:
                note += f", {installs[PACK].matched} of {len(pack.books)} books matched"
            clubs, queries = _clubs(path)
            books = len(catalogue.rows[Book])
            yield Fixture(path.name, note, books, installs, clubs, queries, _targets(path))
            for install in installs.values():
                install.close()


def table(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file; Malformed where there is none."""
    if not path.is_file():
        raise Malformed(f"{path} is missing")
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _in_parts(rows: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    left = iter(rows)
    while some := list(islice(left, ROWS_AT_ONCE)):
        yield some


def _catalogue(folder: Path, wanted: Collection[int]) -> Catalogue:
    """The books of a catalogue by their first authors, with their series, printings and tags."""
    rows: dict[type, list[dict[str, Any]]] = {model: [] for model in (Author, Tag, Book)}
    rows |= {BookAuthor: [], Edition: [], BookTag: []}
    authors, written, known = dict[str, int](), defaultdict(set), []
    for row in table(folder / "books.csv"):
        book, first = int(row["book_id"]), row["authors"].split(",")[0].strip()
        if book not in wanted:
            continue
        author = _numbered(authors, first, Author, rows)
        written[author].add(book)
        rows[BookAuthor].append({"book_id": book, "author_id": author, "place": 0})
        series, number = row.get("series") or "", row.get("series_no")
        year = row["original_publication_year"]
        rows[Book].append(
            {
                "id": book,
                "slug": f"book-{book}",
                "title": row["title"][:200],
                "authors_line": first,
                "title_key": title_key(row["title"]),
                "search_key": "",
                "first_published": _whole(year) if year else None,
                "series": series,
                "series_number": float(number) if series and number else None,
            }
        )
        rows[Edition] += [{"book_id": book}] * _whole(row.get("books_count"))
        known.append({"id": book, "known_readers": _whole(row["ratings_count"])})
    tags, places, seen = dict[str, int](), Counter[int](), set()
    for row in table(folder / "book_tags.csv"):
        book = int(row["book_id"])
        if book not in wanted:
            continue
        tag = _numbered(tags, row["tag"], Tag, rows)
        if (book, tag) not in seen:
            rows[BookTag].append({"book_id": book, "tag_id": tag, "place": places[book]})
            places[book] += 1
            seen.add((book, tag))
    by_author = {author: frozenset(books) for author, books in written.items()}
    return Catalogue(rows, known, _Folded(authors), by_author)


class _Folded(dict[str, int]):
    """Numbers by name, however the name is spelt."""

    def __missing__(self, name: str) -> int:
        return self[key_of(name)]


def _numbered(numbers: dict[str, int], name: str, model: type, rows: dict[type, list[dict[str, Any]]]) -> int:
    """The number of an author or a tag; a new one gets its row."""
    key = key_of(name)
    if key not in numbers:
        numbers[key] = len(numbers) + 1
        slug = f"{model.__name__.lower()}-{numbers[key]}"
        rows[model].append({"id": numbers[key], "slug": slug, "name": name[:50], "name_key": key})
    return numbers[key]


def _pack(folder: Path, fixture: str) -> tuple[Pack | None, str]:
    """What the product builds, writes and reads again out of other readers' ratings.

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
    return pack, (
        f"pack of {fitting[0].name}: {pack.of} readers, {len(pack.weights)} pairs, {size / 1e6:.1f} MB"
    )


def _clubs(fixture: Path) -> tuple[dict[str, dict[int, dict[int, RatedRead]]], list[Query]]:
    """Who has read what in each club, and the questions."""
    shelves: dict[str, dict[int, dict[int, RatedRead]]] = defaultdict(lambda: defaultdict(dict))
    for row in sorted(table(fixture / "visible.csv"), key=lambda row: int(row["order"])):
        book = int(row["book_id"])
        rating = round(2 * float(row["rating"])) if row["rating"] else None
        shelves[row["club_id"]][int(row["member_id"])][book] = RatedRead(book, rating)
    queries = []
    for row in table(fixture / "queries.csv"):
        club, member, is_author = row["club_id"], int(row["member_id"]), row["task"] == AUTHOR
        shelf = shelves[club][member]
        known = [shelf.get(book, RatedRead(book)) for book in _numbers(row["known"])] if is_author else []
        candidates = frozenset(_numbers(row["candidates"]) if is_author else ())
        queries.append(
            Query(
                row["query_id"],
                row["task"],
                club,
                int(row["size"]),
                member,
                row["author"] or "",
                known,
                candidates,
            )
        )
    return shelves, queries


def _targets(fixture: Path) -> dict[str, Target]:
    """What there was to find, by query; nothing where the targets are kept elsewhere."""
    if not (fixture / "targets.csv").is_file():
        return {}
    return {
        row["query_id"]: Target(
            frozenset(_numbers(row["targets"])), frozenset(_numbers(row["other"])), row["kind"]
        )
        for row in table(fixture / "targets.csv")
    }


def _numbers(text: str) -> Iterable[int]:
    return map(int, text.split())


def _whole(text: str | None) -> int:
    """A count that may be missing, or written as a decimal."""
    return int(float(text or 0))
