"""Files as they come: encodings, zips, broken quotation marks, things that are no library, and sheer size."""

from __future__ import annotations

import io
import zipfile
from itertools import islice

import pytest

from bookclub.lib.library_files.entries import MAX_BYTES, LibraryEntry, LibraryFileError, Skipped
from bookclub.lib.library_files.reader import open_library

SMALL = "Title,Author,My Rating,Exclusive Shelf,My Review\nÉmile,Zoë,4,read,Très bien\n"
WIDE = "Title,Author,ISBN13,My Rating,Exclusive Shelf,Date Read,My Review,Private Notes\n"


def opened(content):
    """All rows of a file."""
    return list(open_library(io.BytesIO(content)).rows)


def titles(text):
    """The titles that are read from a text, with what was said of them."""
    return [
        (row.title, tuple(map(str, row.problems)) if isinstance(row, LibraryEntry) else str(row.why))
        for row in opened(text.encode())
    ]


def zipped(files, compression=zipfile.ZIP_DEFLATED):
    """A zip of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        SMALL.encode("utf-8"),
        SMALL.encode("utf-8-sig"),
        SMALL.encode("utf-16"),
        b"\xfe\xff" + SMALL.encode("utf-16-be"),
        SMALL.encode("utf-16-le"),
        SMALL.encode("utf-16-be"),
        SMALL.encode("utf-32"),
        SMALL.encode("cp1252"),
        SMALL.replace(",", "\t").encode(),
        SMALL.replace(",", ";").replace("\n", "\r\n").encode(),
        SMALL.replace("\n", "\r").encode(),
        SMALL.replace("Author", "Author\0").replace("Zoë", "Z\0oë").encode(),
        ("\n\nMy library\n" + SMALL).encode(),
        zipped({"notes.md": "x", "__MACOSX/._a.csv": "x", "other.csv": "a,b\n", "in/library.csv": SMALL}),
        zipped({"other.csv": "a,b\n", "export.TSV": SMALL.replace(",", "\t")}, zipfile.ZIP_STORED),
    ],
)
def test_the_same_book_is_in_every_kind_of_file(content):
    [entry] = opened(content)

    assert (entry.title, entry.authors, entry.rating) == ("Émile", ("Zoë",), 8)
    assert (entry.shelf, entry.review) == ("read", "Très bien")


@pytest.mark.parametrize("title", ["50 €", "It’s", "São Paulo", "ÀÉÈÙ"])
def test_a_few_letters_beyond_ascii_are_read_as_western_european(title):
    [entry] = opened(f"Title,Author\n{title},Zoë\n".encode("cp1252"))

    assert (entry.title, entry.authors) == (title, ("Zoë",))


def test_a_file_in_two_encodings_loses_only_the_letters_that_are_wrong():
    content = (SMALL + "Ärger,Übü,1,read,ok\n" * 3).encode() + "Café,B,2,read,\n".encode("cp1252")

    assert [row.title for row in opened(content)] == ["Émile", "Ärger", "Ärger", "Ärger", "Caf\ufffd"]


PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "no rows"),
        (b"\n\n  \n,,,\n", "no column"),
        (PICTURE, "a picture"),
        (bytes(range(256)) * 20, "not a table of text"),
        (b"%PDF-1.7 x", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Save it as CSV"),
        (b"\x1f\x8b\x08\0", "zip"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b'{"12": {"title": "Emma"}}', "JSON"),
        (b'[{"title": "Emma"}]', "JSON"),
        (b"PK\x03\x04" + b"x" * 100, "damaged"),
        (zipped({"a.csv": SMALL})[:-30], "damaged"),
        (zipped({"[Content_Types].xml": "x", "xl/a.csv": SMALL}), "Save it as CSV"),
        (zipped({"readme.md": "x"}), "no CSV"),
        (zipped({"a.csv": "x,y\n1,2\n", "b.csv": "u\n"}), "None of the tables"),
        (zipped({"a.csv": SMALL}, zipfile.ZIP_LZMA), "cannot unpack"),
        (zipped({"a.csv": b"0" * (MAX_BYTES + 1)}), "too big"),
        (zipped({f"{number}.csv": b"0" * (MAX_BYTES // 4) for number in range(6)}), "too big"),
        (zipped({f"{'n' * 200}{number}.csv": "" for number in range(4600)}), "holds too much"),
    ],
)
def test_what_is_no_library_is_refused_in_words(content, words):
    with pytest.raises(LibraryFileError, match=words):
        opened(content)


def test_a_zip_whose_lies_show_late_is_refused_while_its_rows_are_read():
    damaged = bytearray(zipped({"library.csv": SMALL + "Emma,Jane,4,read,\n" * 3000}, zipfile.ZIP_STORED))
    damaged[damaged.index(b"Emma", 40_000)] ^= 1

    with pytest.raises(LibraryFileError, match="damaged"):
        opened(bytes(damaged))


def test_a_file_that_is_too_big_or_too_long_is_refused(monkeypatch):
    class Endless(io.BytesIO):
        def seek(self, *where):
            return MAX_BYTES + 1

    with pytest.raises(LibraryFileError, match="32 MB"):
        open_library(Endless(b"x"))

    monkeypatch.setattr("bookclub.lib.library_files.tables.MAX_ROWS", 2_100)
    rows = open_library(io.BytesIO(SMALL.encode() + b"Emma,Jane,4,,\n" * 2_100)).rows
    assert [row.title for row in islice(rows, 3)] == ["Émile", "Emma", "Emma"]
    with pytest.raises(LibraryFileError, match="more than 2,100 rows"):
        for _ in rows:
            pass


def test_rows_are_numbered_as_a_spreadsheet_does():
    rows = opened(f'{SMALL}\n,,,,\nEmma,Jane,,,"two\nlines"\n\nUlysses,James,,,\n'.encode())

    assert [(row.number, row.title) for row in rows] == [(2, "Émile"), (5, "Emma"), (7, "Ulysses")]


UNCLOSED = "A quotation mark in this row is never closed."


def test_a_quotation_mark_that_is_never_closed_swallows_no_other_row():
    assert titles(
        f"{WIDE}"
        'Before,A,,4,read,2019/01/01,"a\nreview, with, commas, as, many, as, there, are, columns\nin it",\n'
        '"Unclosed,B,,4,read,2019/01/01,,\n'
        '"Bottom "quoted" title",C,9780441172696,4,read,2019/01/01,,\n'
        'Deep,D,,4,read,2019/01/01,"never closed,\n'
        "After,E,,4,read,2019/01/01,,\n"
        'Last,F,,4,read,2019/01/01,"cut off\nhere'
    ) == [
        ("Before", ()),
        ("Unclosed", (UNCLOSED,)),
        ('Bottom "quoted" title', ()),
        ("Deep", (UNCLOSED,)),
        ("After", ()),
        ("Last", ("The file ends in the middle of this row.",)),
    ]


def test_rows_of_another_length_than_the_header_are_read_where_that_makes_sense():
    said = titles(
        f"{WIDE}Short,A\nLong,B,,4,read,2019/01/01,,,,,\nLonger,C,,4,read,2019/01/01,,,extra\n"
        'Ham, eggs,D,9780441172696,4,read,2019/01/01,fine,\n"Wrapped,E,,4,read,2019/01/01,""so, so"","\n'
    )

    assert said == [
        ("Short", ()),
        ("Long", ()),
        ("Longer", ("This row has more cells than there are columns; the last were left out.",)),
        ("Ham", "This row has more cells than there are columns, so they cannot be told apart."),
        ("Wrapped", ()),
    ]


def test_an_endless_cell_is_left_out_and_an_endless_row_is_skipped():
    rows = opened(
        f"{WIDE}Long review,A,,4,read,,{'word ' * 30_000},\n"
        f"Lost its line ends,B,,4,read,,{'x' * 1_100_000},\n"
        f'Never ends,C,,4,read,,"{("line" * 100 + chr(10)) * 3_000}",\nEmma,D,,3,,,,\n'.encode()
    )

    assert [(row.number, type(row)) for row in rows][:3] == [(2, LibraryEntry), (3, Skipped), (4, Skipped)]
    assert "longer than 100,000" in str(rows[0].problems[0])
    assert (rows[0].review, rows[0].rating) == ("", 8)
    assert rows[-1].title == "Emma"


def test_formulas_are_text():
    [entry] = opened(b'Title,Author,My Rating\n"=HYPERLINK(""http://x"",""y"")",@A,=2+2\n')

    assert entry.title == '=HYPERLINK("http://x","y")'
    assert [*map(str, entry.problems)] == ["“=2+2” is not a rating, so it was left out."]


def test_the_file_stays_open_and_can_be_read_again():
    file = io.BytesIO(SMALL.encode())

    assert len(list(open_library(file).rows)) == len(list(open_library(file).rows)) == 1
    assert not file.closed
