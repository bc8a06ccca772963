"""Files that were cut, lost their header, were quoted whole or are of another kind altogether."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from bookclub.lib.library_files.columns import GOODREADS_COLUMNS
from bookclub.lib.library_files.entries import LibraryFileError, Skipped
from bookclub.lib.library_files.reader import open_library
from bookclub.lib.library_files.tables import CUT_OFF

HEADER = ",".join(GOODREADS_COLUMNS)


def row(number=1, title="Looms", *, isbns=('="0441172695"', '="9780441172696"'), review="Fine", notes=""):
    return (
        f'{number},{title},Jane Roe,"Roe, Jane",,{",".join(isbns)},4,3.90,Press,Paperback,300,2001,1999,'
        f"2019/03/07,2018/01/01,,,read,{review},,{notes},1,0"
    )


def opened(text):
    return list(open_library(BytesIO(text if isinstance(text, bytes) else text.encode())).rows)


def titles(text):
    return [entry.title for entry in opened(text)]


FULL = f"{HEADER}\n{row(1, 'Warp')}\n{row(2, 'Weft')}\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("left", range(3, 130, 9))
def test_a_file_cut_anywhere_in_its_last_row_says_so(left, end):
    whole = FULL.replace("\n", end)
    cut = whole[: whole.index("2,Weft") + left]
    premise = cut.count(",") < whole.count(",")

    first, last = opened(cut)

    assert premise
    assert (first.title, first.problems if not isinstance(first, Skipped) else first.why) == ("Warp", ())
    assert CUT_OFF in ((last.why,) if isinstance(last, Skipped) else last.problems)


def test_half_a_name_is_taken_for_nobody():
    cut = FULL[: FULL.index("2,Weft,Jane R") + len("2,Weft,Jane R")]

    assert opened(cut)[1] == Skipped(3, CUT_OFF, "Weft")
    # A table that somebody typed may leave its last cells out.
    assert opened("Title,Author,Year,Pages\nWarp,Jane Roe,1999,300\nWeft,Jane Roe")[1].authors == (
        "Jane Roe",
    )


def test_half_a_review_is_taken():
    cut = f"{HEADER}\n{row(1, 'Warp')}\n{row(2, 'Weft', review='''«It begins well.''')}"
    cut = cut[: cut.index("begins") + 6]

    assert (opened(cut)[1].review, opened(cut)[1].problems) == ("«It begins", (CUT_OFF,))


@pytest.mark.parametrize(
    "text",
    [
        row(1),
        f"\ufeff{row(1)}",
        f"\n\n{row(1)}",
        row(1, isbns=("0441172695", "9780441172696")),
        row(1, isbns=('=""', '=""')),
        row(1, isbns=("441172695", "9.78044E+12")),
        row(1).removesuffix(",0"),
        row(1) + ",,,,,,,",
        ",".join(f'"{cell}"' for cell in row(1).replace('"Roe, Jane"', "Roe").replace('"', "").split(",")),
        row(1).replace('"Roe, Jane"', "Roe").replace(",", ";"),
        row(1).replace('"Roe, Jane"', "Roe").replace(",", "\t"),
    ],
)
def test_a_goodreads_export_is_known_without_its_header(text):
    assert titles(f"{text}\n") == ["Looms"]


def test_another_table_of_that_width_is_no_goodreads_export():
    with pytest.raises(LibraryFileError, match="no column “Title”"):
        opened(",".join(f"cell {number}" for number in range(24)) + "\n")


def whole(line, tail=""):
    return '"' + line.replace('"', '""') + '"' + tail


@pytest.mark.parametrize("tail", ["", ",", ",,,", ";;;", ";", "\t\t"])
def test_lines_that_are_quoted_whole_are_read_with_whatever_stands_behind(tail):
    text = "\n".join(whole(line, tail) for line in FULL.splitlines())

    assert titles(text) == ["Warp", "Weft"]


@pytest.mark.parametrize("quoted", [(True, False, False), (False, True, True), (True, False, True)])
def test_some_of_the_lines_may_be_quoted_whole(quoted):
    lines = [whole(line) if is_so else line for line, is_so in zip(FULL.splitlines(), quoted, strict=True)]

    assert titles("\n".join(lines)) == ["Warp", "Weft"]


def test_a_narrow_table_may_be_quoted_whole():
    assert titles('"Title,Author"\n"Warp,Jane Roe"\n"Weft,Jane Roe"\n') == ["Warp", "Weft"]
    assert titles('"Title;Author;Rating"\n"Warp;Jane Roe;4"\n') == ["Warp"]
    # A title with a comma in a table that is not quoted whole stays one.
    assert titles('Title,Author,ISBN\n"Warp, Weft",Jane Roe,\n') == ["Warp, Weft"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}, "a spreadsheet"),
        ({"[Content_Types].xml": "", "xl/workbook.xml": ""}, "a spreadsheet"),
        ({"Index/Document.iwa": "", "Metadata/Properties.plist": ""}, "a spreadsheet"),
        ({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}, "a text document"),
        ({"[Content_Types].xml": "", "word/document.xml": ""}, "a text document"),
        ({"[Content_Types].xml": "", "ppt/presentation.xml": ""}, "a presentation"),
        ({"mimetype": "application/epub+zip", "META-INF/container.xml": ""}, "a book itself"),
        ({"library.ods": "PK", "readme.md": ""}, "only a spreadsheet in this zip"),
        ({"library.json": "{}"}, "no CSV in this zip"),
    ],
)
def test_what_is_packed_as_a_zip_is_called_what_it_is(files, words):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)

    with pytest.raises(LibraryFileError, match=words):
        opened(packed.getvalue())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<?xml version="1.0"?><office:document xmlns:office="x"/>', "a spreadsheet"),
        ('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "a spreadsheet"),
        ("<table><tr><th>Title</th></tr></table>", "a web page"),
        ("<meta charset=utf-8><table>", "a web page"),
        ("{\\rtf1 Looms}", "a text document"),
    ],
)
def test_what_is_text_of_another_kind_is_called_what_it_is(text, words):
    with pytest.raises(LibraryFileError, match=words):
        opened(text)


@pytest.mark.parametrize(
    "sign",
    ["<haml:newline/>", "<haml:newline />", "<HAML:newline/>", "&lt;haml:newline/&gt;", "</haml:newline>",
     "<haml:newline></haml:newline>", "<haml:newline>"],
)  # fmt: skip
def test_goodreads_old_line_break_is_one_however_it_is_written(sign):
    (entry,) = opened(f"{HEADER}\n{row(1, f'War{sign}p', review=f'One{sign}two', notes=f'One{sign}two')}\n")

    assert (entry.title, entry.review, entry.notes) == ("War p", "One  \ntwo", "One\ntwo")
