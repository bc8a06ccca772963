"""How many of a library's books are found in the catalogue however they are written, and how many wrongly.

    python -m tests.benchmarks.matching FOLDER [--seed N]

FOLDER holds a books.csv (title, authors separated by commas, original_publication_year). Half of its books
make the catalogue; then all of them are looked for, under each disturbance in turn. Found: of those that are
there, how many. Wrong: of all, how many were taken for another book, those that are not there included. Two
rows of one title and first author are one book here.

A second table has pairs made from the books (families.py): volumes, parts, years, subtitles by country, and
rows of one reader. Found: of those that are one book, how many are joined. Wrong: of those that are two. At
the end, how long it takes to look for 200.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

from sqlalchemy import insert

from bookclub.books import actions as books_actions
from bookclub.books import match_queries
from bookclub.books.models import Author, Book, BookAuthor
from bookclub.config import Settings
from bookclub.extensions import begin_write, db
from bookclub.lib.matches.book_fields import BookFields
from bookclub.lib.matches.lookup_keys import first_rows_of_books
from bookclub.lib.matches.series import Series
from bookclub.lib.matches.verdict import BookDescription, same_book
from bookclub.lib.text.keys import key_of
from bookclub.schema import close, create_upgraded_app
from tests.benchmarks.disturbances import ALL
from tests.benchmarks.disturbed_titles import Row, split
from tests.benchmarks.families import KINDS, Pair, is_plain

GOAL_FOUND, GOAL_WRONG = 99.3, 0.015
MORE, AT_ONCE, TIMES = 20_000, 200, 15


def rows_of(folder: Path) -> list[Row]:
    """The books of FOLDER/books.csv, each once."""
    with (folder / "books.csv").open(encoding="utf-8", newline="") as file:
        rows = [row_from(record) for record in csv.DictReader(file)]
    return list({work_of(row): row for row in reversed(rows)}.values())[::-1]


def row_from(record: dict[str, str]) -> Row:
    """A book from its record."""
    names = [" ".join(name.split()) for name in record["authors"].split(",")]
    year = re.match(r"-?[0-9]+", record.get("original_publication_year") or "")
    return Row(" ".join(record["title"].split()), tuple(filter(None, names)), int(year[0]) if year else None)


def work_of(row: Row) -> tuple[str, str]:
    """What two rows of one work have in common."""
    return row.title.casefold(), row.authors[0].casefold()


def add(row: Row, dice: Random) -> int:
    """Add a book to the catalogue as members do: as it is, or with its series where series go."""
    title, suffix = split(row.title)
    found = re.fullmatch(r"\s*\(([^#]*?),?\s*#([0-9.]+)\)\s*", suffix)
    kept = Series(found[1], float(found[2])) if found and dice.random() < 0.5 else Series()
    head, colon, subtitle = title.partition(": ")
    if not colon or dice.random() < 0.5:
        head, subtitle = title, ""
    if not kept.name:
        head += suffix
    fields = BookFields(
        title=head[:200],
        subtitle=subtitle[:200],
        authors=tuple({key_of(name): name for name in reversed(row.authors)}.values())[::-1],
        first_published=row.year,
        series=kept,
    )
    return books_actions.add_book(fields, None).id


def wanted_from(row: Row) -> BookDescription:
    """What the file tells, as matching takes it."""
    return BookDescription(title=row.title, authors=row.authors, year=row.year)


def measure(rows: Sequence[Row], ids: dict[int, int], dice: Random, show: int) -> tuple[float, float]:
    """Print the table; return how many in a hundred were found and how many were wrong."""
    print(f"{'disturbance':28}{'rows':>7}{'there':>7}{'found %':>9}{'wrong':>7}{'wrong %':>9}")
    shown: list[str] = []
    totals = [0, 0, 0, 0]
    for name, disturb in ALL.items():
        places, wanted = [], []
        for place, row in enumerate(rows):
            disturbed = disturb(row, dice)
            if disturbed is not None:
                places.append(place)
                wanted.append(wanted_from(disturbed))
        if not wanted:
            continue
        answers = match_queries.find_books(wanted)
        there = found = wrong = 0
        for place, one, answer in zip(places, wanted, answers, strict=True):
            truth = ids.get(place)
            there += truth is not None
            found += truth is not None and answer == truth
            wrong += answer is not None and answer != truth
            if answer != truth and show:
                taken = next((rows[other] for other, id in ids.items() if id == answer), None)
                kind = "WRONG" if answer is not None else "LOST "
                shown.append(f"{kind} {name}: {one.title} | {'; '.join(one.authors)} | {one.year}"
                             f"  ->  {taken or rows[place]}")  # fmt: skip
        report(name, len(wanted), there, found, wrong)
        totals = [a + b for a, b in zip(totals, (len(wanted), there, found, wrong), strict=True)]
    report("all", *totals)
    print(*sorted(shown)[:show], sep="\n")
    return 100 * totals[2] / max(1, totals[1]), 100 * totals[3] / max(1, totals[0])


def measure_families(rows: Sequence[Row], dice: Random, show: int) -> tuple[float, float]:
    """Print the table of pairs; return how many in a hundred were found and how many were wrong."""
    print(f"\n{'pairs of one name':28}{'pairs':>7}{'one':>7}{'found %':>9}{'wrong':>7}{'wrong %':>9}")
    totals, shown = [0, 0, 0, 0], []
    for name, kind in KINDS.items():
        families = [family for row in rows if is_plain(row) and (family := kind(row, dice))]
        same = [pair for family in families for pair in family.same]
        different = [pair for family in families for pair in family.different]
        lost = [pair for pair in same if not is_joined(pair)]
        joined = [pair for pair in different if is_joined(pair)]
        counts = (len(same) + len(different), len(same), len(same) - len(lost), len(joined))
        report(name, *counts)
        totals = [a + b for a, b in zip(totals, counts, strict=True)]
        shown += [
            f"LOST  {name}: {pair.one.title} | {pair.other.title}"
            for pair in dice.sample(lost, min(show, len(lost)))
        ]
        shown += [
            f"WRONG {name}: {pair.one.title} | {pair.other.title} {pair.of_one_reader}"
            for pair in joined[:show]
        ]
    report("all", *totals)
    print(*shown, sep="\n")
    return 100 * totals[2] / max(1, totals[1]), 100 * totals[3] / max(1, totals[0])


def is_joined(pair: Pair) -> bool:
    """Return whether two books are taken for one, by what a file that has both is asked, or by two files."""
    one, other = wanted_from(pair.one), wanted_from(pair.other)
    return first_rows_of_books([one, other]) == [0, 0] if pair.of_one_reader else same_book(one, other)


def report(name: str, rows: int, there: int, found: int, wrong: int) -> None:
    share = 100 * found / there if there else 100.0
    print(f"{name:28}{rows:7}{there:7}{share:9.2f}{wrong:7}{100 * wrong / rows:9.3f}")


def fill_up(dice: Random, titles: Sequence[str]) -> None:
    """Many more books, whose titles are made of the words of the others, by authors with usual names."""
    words = sorted({word for title in titles for word in re.findall(r"[A-Z][a-z]{2,}", title)})
    db.session.rollback()
    begin_write()
    authors = MORE // 6
    names = [f"{dice.choice(words)} {dice.choice(words)}" for _ in range(authors)]
    first_author = 1_000_000
    db.session.execute(
        insert(Author),
        [
            {"id": first_author + i, "slug": f"more-{i}", "name": name, "name_key": f"{name} {i}"}
            for i, name in enumerate(names)
        ],
    )
    made = [f"The {dice.choice(words)} of {dice.choice(words)}" for _ in range(MORE)]
    db.session.execute(
        insert(Book),
        [
            {
                "id": first_author + i,
                "slug": f"more-{i}",
                "title": title,
                "title_key": title,
                "search_key": title,
            }
            for i, title in enumerate(made)
        ],
    )
    db.session.execute(
        insert(BookAuthor),
        [
            {"book_id": first_author + i, "author_id": first_author + i % authors, "place": 0}
            for i in range(MORE)
        ],
    )
    db.session.commit()


def milliseconds(wanted: Sequence[BookDescription]) -> float:
    """How long it takes to look for these, none of them looked for before."""
    started = perf_counter()
    match_queries.find_books(wanted)
    return 1000 * (perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="so many of the rows that were lost or wrong")
    chosen = parser.parse_args()
    dice, rows = Random(chosen.seed), rows_of(chosen.folder)
    kept = sorted(dice.sample(range(len(rows)), len(rows) // 2))
    with TemporaryDirectory() as folder:
        app = create_upgraded_app(Settings.for_folder(Path(folder)))
        with app.app_context():
            begin_write()
            ids = {place: add(rows[place], dice) for place in kept}
            db.session.commit()
            print(f"{len(ids)} of {len(rows)} books in the catalogue, seed {chosen.seed}\n")
            found, wrong = measure(rows, ids, dice, chosen.show)
            paired, mispaired = measure_families(rows, Random(chosen.seed), chosen.show)
            fill_up(dice, [row.title for row in rows])
            times = []
            for _ in range(TIMES):
                several = [
                    ALL["two at once"](row, dice) or row for row in dice.sample(rows, min(AT_ONCE, len(rows)))
                ]
                times.append(milliseconds([wanted_from(row) for row in several]))
            db.session.close()
        close(app)
    times.sort()
    print(f"\n{AT_ONCE} looked for among {MORE + len(ids)} books:"
          f" {times[len(times) // 2]:.0f} ms (fastest {times[0]:.0f}, slowest {times[-1]:.0f})")  # fmt: skip
    for what, hits, misses in (("books", found, wrong), ("pairs", paired, mispaired)):
        is_good = hits >= GOAL_FOUND and misses <= GOAL_WRONG
        print(f"{what}: found {hits:.2f} % (goal {GOAL_FOUND}), wrong {misses:.3f} % (goal {GOAL_WRONG}):",
              "reached" if is_good else "not reached")  # fmt: skip


if __name__ == "__main__":
    main()
