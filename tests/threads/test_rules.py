"""The order of a conversation, its depth, and how locked parts of it fold."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.positions.contents import Contents, SectionPlace
from bookclub.threads.comment_tree import nest, prune
from bookclub.threads.rules import (
    MAX_LEVEL,
    SEGMENT,
    CommentCount,
    ancestors_of,
    level_of,
    path_of,
    say_locked,
    segment,
)

ids = st.integers(0, 62**SEGMENT - 1)


@dataclass(frozen=True)
class Row:
    """A comment, as far as folding and pruning look at it."""

    name: str
    level: int
    locked: bool = False
    withdrawn: bool = False
    id: int = 0
    parent_id: int | None = None


def related(tree: list[Row]) -> list[Row]:
    """The same comments, each knowing which one it answers: the last before it that stands one level up."""
    found: list[Row] = []
    for number, row in enumerate(tree, start=1):
        above = [other.id for other in found if other.level < row.level]
        found.append(replace(row, id=number, parent_id=above[-1] if above else None))
    return found


def rows(*comments: str) -> list[Row]:
    """Comments written as "1 a", "2 b locked", "2 c withdrawn"."""
    return related(
        [
            Row(name, int(level), "locked" in rest, "withdrawn" in rest)
            for level, name, *rest in (comment.split() for comment in comments)
        ]
    )


def drawn(*comments: str) -> str:
    """A thread as nested brackets, runs of locked comments in a pair of stars."""
    text = ""
    for node in nest(rows(*comments)):
        names = " ".join(row.name for row in node.rows)
        text += "(" + (f"*{names}*" if node.folded else names) + ")" * node.closes
    return text


# Order


@given(ids, ids)
def test_ids_and_their_digits_sort_alike(one, other):
    assert (one < other) == (segment(one).encode() < segment(other).encode())
    assert len(segment(one)) == SEGMENT


@pytest.mark.parametrize("comment_id", [-1, 62**SEGMENT])
def test_an_id_that_has_too_many_digits_is_an_error_and_not_a_wrong_order(comment_id):
    with pytest.raises(OverflowError):
        segment(comment_id)


@given(st.lists(ids, min_size=1, max_size=MAX_LEVEL))
def test_a_path_names_every_ancestor_from_the_top(chain):
    path = ""
    for comment_id in chain:
        path = path_of(comment_id, path)

    assert level_of(path) == len(chain)
    assert ancestors_of(path) == chain[:-1]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_paths_sort_into_the_order_of_the_tree(choices):
    """Each comment answers one of those before it, or nobody (0)."""
    parents = {number: choice % number for number, choice in enumerate(choices, 1)}
    paths = {0: ""}
    for number, parent in parents.items():
        paths[number] = path_of(number, paths[parent])

    def walk(parent: int) -> list[int]:
        children = [number for number in parents if parents[number] == parent]
        return [number for child in children for number in (child, *walk(child))]

    assert sorted(parents, key=lambda number: paths[number].encode()) == walk(0)


def test_a_reply_below_the_hundredth_level_stands_on_it():
    path = ""
    for comment_id in range(1, MAX_LEVEL + 20):
        path = path_of(comment_id, path)

    assert level_of(path) == MAX_LEVEL
    assert path.endswith(segment(MAX_LEVEL + 19))
    assert ancestors_of(path) == list(range(1, MAX_LEVEL))


# Pruning


def kept(*comments: str) -> str:
    return " ".join(row.name for row in prune(rows(*comments)))


def test_what_its_author_took_away_is_left_out_where_nothing_hangs_on_it():
    assert kept("1 a", "1 b withdrawn", "1 c") == "a c"
    assert kept("1 a", "2 b withdrawn") == "a"


def test_what_its_author_took_away_keeps_its_place_where_a_reply_hangs_on_it():
    assert kept("1 a withdrawn", "2 b") == "a b"
    assert kept("1 a withdrawn", "2 b withdrawn", "3 c") == "a b c"


def test_at_the_deepest_level_a_reply_holds_up_the_one_that_it_stands_beside():
    asked = Row("asked", MAX_LEVEL, withdrawn=True, id=1)
    answered = Row("answered", MAX_LEVEL, id=2, parent_id=1)

    assert prune([asked, answered]) == [asked, answered]


def test_a_withdrawn_reply_holds_nothing_up():
    assert kept("1 a withdrawn", "2 b withdrawn", "3 c withdrawn") == ""
    assert kept("1 a withdrawn", "2 b withdrawn", "1 c") == "c"


# Nesting


@pytest.mark.parametrize(
    ("comments", "expected"),
    [
        (["1 a", "1 b"], "(a)(b)"),
        (["1 a", "2 b", "2 c", "1 d"], "(a(b)(c))(d)"),
        (["1 a", "2 b", "3 c", "1 d"], "(a(b(c)))(d)"),
        (["1 a", "2 b locked", "2 c locked", "1 d"], "(a(*b c*))(d)"),
        (["1 a locked", "2 b locked", "3 c locked", "1 d locked"], "(*a b c d*)"),
        (["1 a locked", "2 b", "1 c"], "(*a*(b))(c)"),
        (["1 a locked", "2 b locked", "3 c", "2 d"], "(*a b*(c)(d))"),
        (["2 a locked", "1 b locked"], "(*a*)(*b*)"),
        (["1 a", "2 b locked", "1 c locked"], "(a(*b*))(*c*)"),
        ([], ""),
    ],
)
def test_locked_comments_that_follow_each_other_fold_into_one(comments, expected):
    assert drawn(*comments) == expected


@st.composite
def trees(draw: st.DrawFn) -> list[Row]:
    """A thread in tree order: a level is at most one deeper than the one before."""
    found: list[Row] = []
    for number in range(draw(st.integers(0, 40))):
        deepest = found[-1].level + 1 if found else 1
        locked, withdrawn = draw(st.sampled_from([(False, False), (True, False), (False, True)]))
        found.append(Row(str(number), draw(st.integers(1, deepest)), locked, withdrawn))
    return related(found)


@given(trees())
def test_every_list_that_is_opened_is_closed(tree):
    open_lists = 0
    for node in nest(tree):
        assert node.closes >= 0
        open_lists += 1 - node.closes
        assert open_lists >= 0

    assert open_lists == 0


@given(trees())
def test_every_comment_stands_once_and_in_the_order_of_the_tree(tree):
    assert [row for node in nest(tree) for row in node.rows] == tree


@given(trees())
def test_only_locked_comments_fold_and_no_two_runs_could_be_one(tree):
    nodes = nest(tree)
    for node in nodes:
        assert len(node.rows) == 1 or all(row.locked for row in node.rows)
        assert node.folded == node.row.locked
        assert all(row.level >= node.row.level for row in node.rows)
    for one, other in itertools.pairwise(nodes):
        assert not (one.folded and other.folded and other.row.level >= one.row.level)


@given(trees())
def test_a_readable_comment_hangs_under_its_nearest_readable_ancestor(tree):
    """Whose reply it seems to be must not change, whatever was folded between."""
    expected: dict[Row, Row | None] = {}
    for at, row in enumerate(tree):
        above, level = None, row.level
        for before in reversed(tree[:at]):
            if before.level < level:
                level = before.level
                if not before.locked:
                    above = before
                    break
        expected[row] = above

    path: list[Row | None] = []
    for node in nest(tree):
        if not node.folded:
            assert next((row for row in reversed(path) if row), None) == expected[node.row]
        path.append(None if node.folded else node.row)
        path[len(path) - node.closes :] = []


@given(trees())
def test_pruning_leaves_every_comment_that_still_speaks_and_no_gap_below_it(tree):
    left = prune(tree)

    assert [row for row in left if not row.withdrawn] == [row for row in tree if not row.withdrawn]
    after = Row("end", 0)
    for row in reversed(left):
        assert not row.withdrawn or after.level > row.level
        after = row


# Words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (CommentCount(0, 0), "0 thoughts"),
        (CommentCount(1, 1), "1 thought"),
        (CommentCount(4, 4), "4 thoughts"),
        (CommentCount(9, 4), "9 thoughts: 4 here, 5 ahead of you"),
        (CommentCount(1, 0), "1 thought: 0 here, 1 ahead of you"),
    ],
)
def test_a_count_says_what_this_reader_sees(count, words):
    assert count.say() == words


def test_a_visitor_is_not_told_where_they_are():
    assert CommentCount(9, 4).say(visitor=True) == "9 thoughts: 4 here, 5 later in the book"
    assert CommentCount(4, 4).say(visitor=True) == "4 thoughts"


@pytest.mark.parametrize(
    ("authors", "horizons", "words"),
    [
        (["Bob"], [4500], "Bob, up to 45 %."),
        (["Bob"], None, "Bob, later in the book."),
        (["Bob", "Bob"], [2000, 4500], "2 replies by Bob, up to 45 %."),
        (
            ["Bob", "Carol", "Bob"],
            [100, 10_000, 1],
            "3 replies by Bob and Carol, for people who have finished.",
        ),
        (["A", "B", "C"], [100, 100, 100], "3 replies by A, B and C, up to 1 %."),
        (["A", "B", "C", "D", "A"], [100] * 5, "5 replies by 4 people, up to 1 %."),
    ],
)
def test_a_placeholder_says_who_and_how_far(authors, horizons, words):
    assert say_locked(authors, horizons) == words


def test_a_placeholder_counts_former_members_one_by_one():
    authors = ["a former member", "Bob", "a former member", "Bob"]

    assert say_locked(authors, [100] * 4, author_ids=[1, 2, 3, 2]).startswith("4 replies by 3 people, ")
    assert say_locked(authors, [100] * 4, author_ids=[1, 2, 1, 2]).startswith(
        "4 replies by a former member and Bob, "
    )


@pytest.mark.parametrize(
    ("authors", "horizons", "words"),
    [
        (["Bob"], [9000], "Bob, up to chapter 9."),
        (["Bob"], [8001], "Bob, up to chapter 9."),
        (["Bob", "Carol", "Bob"], [9000, 9600, 9900], "3 replies by Bob and Carol, chapters 9 to 10."),
        (["Bob", "Carol"], [9000, 8500], "2 replies by Bob and Carol, up to chapter 9."),
        (["Bob", "Carol"], None, "2 replies by Bob and Carol, later in the book."),
    ],
)
def test_a_placeholder_counts_in_chapters_where_they_are_known(authors, horizons, words):
    chapters = Contents(tuple(SectionPlace(n, n, f"Title {n}", 1000 * (n - 1)) for n in range(1, 11)))

    assert say_locked(authors, horizons, chapters) == words
