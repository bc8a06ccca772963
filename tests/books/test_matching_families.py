"""Volumes, parts, years and editions of many books: none is taken for another, and each is known again."""

from __future__ import annotations

from random import Random

import pytest

from tests.benchmarks.families import KINDS, is_plain
from tests.benchmarks.matching import is_joined
from tests.books.library import rows

PLAIN = [row for row in rows() if is_plain(row)]
# One edition in five hundred drops a word that belongs to the title.
FOUND = 0.99


@pytest.mark.parametrize("name", KINDS)
def test_of_books_of_one_name_each_is_itself_and_no_other(name):
    dice = Random(8)
    families = [family for row in PLAIN if (family := KINDS[name](row, dice))]
    same = [pair for family in families for pair in family.same]
    different = [pair for family in families for pair in family.different]
    assert len(same) + len(different) > 50

    assert [pair for pair in different if is_joined(pair)] == []
    assert sum(map(is_joined, same)) >= FOUND * len(same)
