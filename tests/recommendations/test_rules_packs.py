"""Neighbour packs: built from a table, written, read again, and matched to a catalogue."""

from __future__ import annotations

import gzip
from io import BytesIO, StringIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.recommender import packs
from bookclub.lib.recommender.pack_files import (
    PackFileError,
    match_pack,
    read_names,
    read_pack,
    read_ratings,
    write_pack,
)
from bookclub.lib.recommender.packs import BookName, Pack, build

RATINGS = """user_id,book_id,rating
1,dune,5
1,emma,
1,waves,4
2,emma,3
2,dune,0
2,waves,1
3,dune,4
3,emma,4
3,dune,5
"""
NAMES = {
    "dune": BookName("Dune (Dune Chronicles, #1)", "Frank Herbert", "9780441013593"),
    "emma": BookName("Emma", "Jane Austen"),
    "waves": BookName("The Waves", "Virginia Woolf"),
}


def a_pack(ratings: str = RATINGS, **more: int) -> Pack:
    return build(
        read_ratings(StringIO(ratings)), NAMES, source="Three readers", licence="CC0", least=1, **more
    )


def pairs(pack: Pack) -> dict[tuple[str, str], tuple[int, float]]:
    rows = pack.neighbours({place: place for place in range(len(pack.books))})
    return {
        (pack.books[a].author[0], pack.books[b].author[0]): (count, weight) for a, b, count, weight in rows
    }


def test_co_readers_are_counted_without_those_who_rated_it_two_or_less():
    pack = a_pack()

    counts = {key: count for key, (count, _) in pairs(pack).items()}
    assert counts == {
        ("F", "J"): 3,
        ("J", "F"): 3,
        ("F", "V"): 1,
        ("V", "F"): 1,
        ("J", "V"): 1,
        ("V", "J"): 1,
    }
    assert dict(zip((book.author[0] for book in pack.books), pack.readers.tolist(), strict=True)) == {
        "F": 3, "J": 3, "V": 1,
    }  # fmt: skip
    assert (pack.of, pack.source, pack.licence) == (3, "Three readers", "CC0")


def test_books_read_one_after_the_other_weigh_more_and_one_on_average():
    weights = {key: weight for key, (_, weight) in pairs(a_pack()).items()}

    assert weights["J", "V"] > weights["F", "V"]
    assert weights["F", "J"] == weights["J", "F"]
    assert sum(weights.values()) == pytest.approx(3 + 3 + 1 + 1 + 1 + 1, abs=0.05)


def test_only_the_strongest_neighbours_are_kept():
    kept = pairs(a_pack(keep=1))

    assert set(kept) == {("F", "J"), ("J", "F"), ("V", "J")}


def test_counting_in_small_blocks_gives_the_same_pack(monkeypatch):
    whole, told = a_pack(), []
    monkeypatch.setattr(packs, "BLOCK", 1)

    parts = build(
        read_ratings(StringIO(RATINGS)), NAMES, source="", licence="", least=1,
        tell=lambda done, of: told.append((done, of)),
    )  # fmt: skip

    assert pairs(parts) == pairs(whole)
    assert told == [(1, 3), (2, 3), (3, 3)]


readers = st.lists(
    st.tuples(st.integers(1, 6).map(str), st.sampled_from(sorted(NAMES)), st.integers(0, 5).map(float)),
    max_size=40,
)


@given(readers)
def test_a_pack_comes_back_from_its_file_as_it_was(rows):
    pack = build(rows, NAMES, source="Somebody’s, readers", licence="CC BY-SA 4.0", least=1)
    file = BytesIO()
    write_pack(pack, file)

    back = read_pack(BytesIO(file.getvalue()))

    assert (back.source, back.licence, back.of, back.books) == (
        pack.source,
        pack.licence,
        pack.of,
        pack.books,
    )
    for one, other in (
        (back.readers, pack.readers),
        (back.weights, pack.weights),
        (back.together.starts, pack.together.starts),
        (back.together.columns, pack.together.columns),
        (back.together.values, pack.together.values),
    ):
        assert np.array_equal(one, other)


@pytest.mark.parametrize(
    "file",
    [b"not gzipped", gzip.compress(b"reader,book\n1,2\n"), gzip.compress(b"\xff\xfe"), b""],
    ids=["not gzipped", "another table", "not utf-8", "empty"],
)
def test_a_file_that_is_no_pack_is_refused_in_words(file):
    with pytest.raises(PackFileError, match="not a neighbour pack"):
        read_pack(BytesIO(file))


def test_a_pack_cut_short_is_refused():
    file = BytesIO()
    write_pack(a_pack(), file)
    lines = gzip.decompress(file.getvalue()).splitlines(keepends=True)

    with pytest.raises(PackFileError, match="cut short"):
        read_pack(BytesIO(file.getvalue()[:-12]))
    with pytest.raises(PackFileError, match="cut short"):
        read_pack(BytesIO(gzip.compress(b"".join(lines[:-1]))))
    with pytest.raises(PackFileError, match="Line 6"):
        read_pack(BytesIO(gzip.compress(b"".join([*lines[:5], b"x,y\n"]))))


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("book_id,rating\n1,2\n", "no column for the reader"),
        ("user_id,rating\n1,2\n", "no column for the book"),
        ("user_id,book_id,rating\n1,2,six\n", "Line 2: a rating is a number from 0 to 5, not “six”"),
        ("user_id,book_id,rating\n1,2,6\n", "Line 2"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(table, problem):
    with pytest.raises(PackFileError, match=problem):
        list(read_ratings(StringIO(table)))


def test_a_table_may_name_its_books_itself():
    table = (
        "reader,title,author,rating\nann,Dune,Frank Herbert,5\nann,Emma,Jane Austen,4\n"
        "bea,Dune,Frank Herbert,\n"
    )
    names = read_names(StringIO(table))

    pack = build(read_ratings(StringIO(table)), names, source="", licence="", least=1)

    assert pairs(pack) == {("F", "J"): (1, 1.0), ("J", "F"): (1, 1.0)}


def test_books_are_matched_by_isbn_or_by_title_and_first_author():
    pack = a_pack()
    catalogue = [
        (1, "A Film Book", "Somebody Else", ["0-441-01359-7"]),
        (2, "EMMA", "Jane  Austen", []),
        (3, "Waves", "Virginia Woolf", []),
        (4, "Dune", "Frank Herbert", []),
        (5, "Emma", "Another Writer", []),
    ]

    found = {pack.books[place].author: book for place, book in match_pack(pack, catalogue).items()}

    assert found == {"Frank Herbert": 1, "Jane Austen": 2, "Virginia Woolf": 3}


def test_a_title_that_two_books_share_is_matched_to_neither():
    pack = a_pack()

    assert match_pack(pack, [(1, "Emma", "Jane Austen", []), (2, "Emma", "Jane Austen", [])]) == {}
