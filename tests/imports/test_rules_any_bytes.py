"""Whatever bytes arrive, a file is read or refused, and its rows come in order."""

from __future__ import annotations

import io
import zipfile
from itertools import islice

from hypothesis import example, given
from hypothesis import strategies as st

from bookclub.lib.library_files.entries import Form, LibraryEntry, LibraryFileError
from bookclub.lib.library_files.reader import open_library

SMALL = "Title,Author,My Rating,Exclusive Shelf,My Review\nÉmile,Zoë,4,read,Très bien\n"


def zipped(text):
    """A zip of one table."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", text)
    return packed.getvalue()


PIECES = [
    *SMALL.encode().split(b","),
    *(
        b",",
        b";",
        b"\t",
        b'"',
        b'""',
        b"\n",
        b"\r",
        b"\0",
        b"=",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\x81",
    ),
    *(
        b"Author",
        b"Title",
        b"Date Read",
        b"Read Count",
        b"Bookclub Times",
        b"ISBN",
        b"Binding",
        b"Dates Read",
    ),
    *(
        b"2019/13",
        b"1/2/2003",
        b"0x",
        "١٢".encode(),
        "½★".encode(),
        b"(A #1)",
        b"((",
        b"#",
        b"<spoiler>",
        b"<a",
    ),
    *(b"PK\x03\x04", b"PK\x05\x06", zipped(SMALL), SMALL.encode("utf-16")),
]


@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join),
        st.lists(st.sampled_from(PIECES), max_size=40).map(lambda parts: SMALL.encode() + b",".join(parts)),
        st.lists(st.sampled_from(PIECES), max_size=12).map(
            lambda parts: b"Title,Author,Date Read," + b",".join(parts)
        ),
        st.tuples(st.integers(0, 250), st.binary(max_size=8)).map(
            lambda change: PIECES[-2][: change[0]] + change[1] + PIECES[-2][change[0] + len(change[1]) :]
        ),
    )
)
@example(b'Title,Author\n"')
@example(b"PK\x05\x06" + b"\0" * 18)
def test_no_bytes_whatever_do_more_than_refuse_and_rows_come_in_order(content):
    try:
        library = open_library(io.BytesIO(content), name="a.csv")
        rows = list(islice(library.rows, 1000))
    except LibraryFileError:
        return
    numbers = [row.number for row in rows]
    assert numbers == sorted(set(numbers))
    assert isinstance(library.form, Form)
    for row in rows:
        if isinstance(row, LibraryEntry):
            assert row.title.strip() == row.title != ""
            assert row.rating is None or 1 <= row.rating <= 10
            texts = (row.title, *row.authors, *row.tags, row.shelf, row.review, row.notes, row.series)
            assert all(text.isprintable() or "\n" in text or text.encode() for text in texts)
            assert "\0" not in "".join(texts)
        else:
            assert str(row.why).endswith(".")
