"""Files of few bytes that would cost much time: each is refused or read at the price of an honest one."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from bookclub.lib.library_files import clippings, names, reader, splitter
from bookclub.lib.library_files import tables as library_files_tables
from bookclub.lib.library_files.entries import MAX_COLUMNS, MAX_FIELD, LibraryFileError, Skipped
from bookclub.lib.library_files.reader import open_library
from bookclub.lib.library_files.review_markdown import from_html
from bookclub.lib.library_files.tables import rows_of

HEADER = "Title,Author,My Rating,Exclusive Shelf,Date Read,My Review\n"
ROW = "Emma,Jane Austen,5,read,,"
WIDE = ",".join(["Title", "Author", *(f"c{number}" for number in range(MAX_COLUMNS - 2))])
CLIPPING = "Emma (Austen, Jane)\n- Your Highlight at location 1-2 | Added on Monday\n\n{}\n==========\n"
# Seconds of this process's own time. On an idle machine most take a tenth of it.
MOST_SECONDS = 3.0


def packed(*tables: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, table in enumerate(tables):
            archive.writestr(f"{number}.csv", table)
    return file.getvalue()


# What somebody may send, and what is said of it; "" where it is taken.
COSTLY = {
    "2.4 million cells": (HEADER + ("ab," * 300_000 + "\n") * 8, "Row 2: This row has more than 300 cells"),
    "quoted cells": (HEADER + ('"a",' * 240_000 + "\n") * 8, "Row 2: This row has more than 300 cells"),
    "cells in all": (f"{WIDE}\n" + ("Emma,Jane" + "," * 298 + "\n") * 1_200, "Row 1001: "),
    "wide header": ("Title,Author," + "a," * 450_000 + "\nEmma,Jane\n", "300 columns in row 1"),
    "wide rows above": (("a," * 499_000 + "\n") * 12, "300 columns in row 1"),
    "empty lines": (HEADER + "\n" * 400_000, "Row 100001: "),
    "open mark": (HEADER + f'{ROW}"' + "a\n" * 9_000, "Row 2: This row is too long"),
    "stray marks": (HEADER + f'{ROW}"' + 'a" ' * 300_000 + '"\n', "Row 2: This row has too many quotation"),
    "doubled marks": (HEADER + f'{ROW}"' + '""' * 450_000 + '"\n', ""),
    "tags": (HEADER + (f"{ROW}" + "<b>" * 33_000 + "\n") * 10, "too much markup"),
    "signs": (HEADER + (f"{ROW}" + "*_" * 49_000 + "\n") * 10, "too much markup"),
    "clippings": (CLIPPING.format("x" * 900_000) + CLIPPING.format("x") * 10_000, ""),
    "lines of clippings": (CLIPPING.format("x") + "y\n" * 200_000, "Line 100001: "),
    "packed": (packed(*["a," * 499_000 + "\n"] * 10), "None of the tables"),
}


def read(file: str | bytes) -> tuple[list[str], float]:
    """All that is said of a file, row by row or as a whole, and the seconds that it took."""
    began, said = time.process_time(), []
    try:
        for row in open_library(io.BytesIO(file if isinstance(file, bytes) else file.encode())).rows:
            said += [f"Row {row.number}: {row.why}"] if isinstance(row, Skipped) else []
    except LibraryFileError as refusal:
        said.append(str(refusal))
    return said, time.process_time() - began


@pytest.fixture
def small_budgets(monkeypatch):
    """A tenth of what a file may have in all, since to read the whole of it takes seconds."""
    of_all = (
        (library_files_tables, "MOST_CELLS"),
        (library_files_tables, "MOST_LINES"),
        (clippings, "MOST_LINES"),
        (reader, "MOST_MARKUP"),
    )
    for module, name in of_all:
        monkeypatch.setattr(module, name, getattr(module, name) // 10)


@pytest.mark.usefixtures("small_budgets")
@pytest.mark.parametrize("kind", COSTLY)
def test_a_costly_file_is_soon_done_with(kind):
    file, words = COSTLY[kind]
    said, seconds = read(file)

    assert any(words in sentence for sentence in said) if words else said == []
    assert seconds < MOST_SECONDS


def test_a_row_that_is_too_wide_names_itself_and_the_rest_is_taken():
    said, _ = read(HEADER + f"{ROW}\n" + "Emma," + "," * 300 + "\n" + f"{ROW}\n")

    assert said == ["Row 3: This row has more than 300 cells, so it is not one book."]


def test_many_rows_that_are_too_wide_refuse_the_file():
    said, _ = read(HEADER + ("," * 300 + "\n") * 1000)

    assert said[-1].startswith(
        "Row 202: This row has more than 300 cells, so it is not one book. Too many rows are like it"
    )


@pytest.mark.parametrize("line", ["a," * 200_000, '"a",' * 200_000, '"a" ,' * 200_000, ' "a",' * 150_000])
def test_no_long_list_of_cells_is_built(line, monkeypatch):
    longest = 0

    class Watched(splitter.Splitter):
        def feed(self, line):
            nonlocal longest
            try:
                super().feed(line)
            finally:
                longest = max(longest, len(self.found))

    monkeypatch.setattr("bookclub.lib.library_files.tables.Splitter", Watched)
    rows = list(rows_of(iter([line + "\n"]), ","))

    assert [len(row.cells) for row in rows] == [0]
    assert longest <= MAX_COLUMNS + 1


@pytest.mark.parametrize(
    "line",
    [
        'a,"b, ""c""",d',
        '"a"', '"",""', '"a" ,"b"', ' "a","b"', '"a"b","c"', 'a"b,"c,d"', '"a,b', '""a"","b"',
        '"a""","b"', "a,b", '"a","b"\r\n', '"a", "b"', '"a"\t,"b"', '"a";"b","c"',
    ],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_fast_way_cuts_a_line_as_the_careful_one_does(line, delimiter):
    careful = splitter.Splitter(delimiter)
    careful.feed(line)
    fast = splitter.well_formed(line, delimiter)

    assert not fast or (fast == careful.found and not careful.is_open)


@pytest.mark.parametrize(
    "read", [names.read_typed_names, names.split_names, names.tags_from, names.crowd_tags, from_html]
)
@pytest.mark.parametrize(
    "text",
    [
        "a" + " " * MAX_FIELD + "b",
        "(" * MAX_FIELD,
        "a (b) " * 16_000,
        "A, " * 33_000,
        "<haml:newline>" + "\n" * 90_000 + "b",
    ],
    ids=["spaces", "brackets", "roles", "commas", "lines"],
)
def test_no_pattern_takes_long_for_a_long_cell(read, text):
    began = time.process_time()
    read(text)

    assert time.process_time() - began < 1.0
