"""Shapes met in real library files, with invented books."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from bookclub.imports.recorded_values import values_of
from bookclub.imports.shelf_choices import status_of, tags_of
from bookclub.lib.library_files.clippings import LIMIT
from bookclub.lib.library_files.entries import Form, LibraryEntry, LibraryFileError, Skipped
from bookclub.lib.library_files.reader import open_library
from bookclub.lib.library_files.rows import PUBLISHERS
from bookclub.lib.library_files.values import year_from

GOODREADS = (
    "Book Id,Title,Author,Author l-f,Additional Authors,ISBN,ISBN13,My Rating,Average Rating,Publisher,"
    "Binding,Number of Pages,Year Published,Original Publication Year,Date Read,Date Added,Bookshelves,"
    "Bookshelves with positions,Exclusive Shelf,My Review,Spoiler,Private Notes,Read Count,Owned Copies"
)
ROW = (
    '7,Looms,Jane Roe,"Roe, Jane",,="",="",4,3.9,P,Paperback,9,2001,1999,2020/01/02,2020/01/01,,,read,,,,1,0'
)


def opened(text):
    """All rows of a file."""
    return list(open_library(io.BytesIO(text.encode())).rows)


def only(text):
    """The only row of a file, which must be a book."""
    [entry] = opened(text)
    assert isinstance(entry, LibraryEntry), entry
    return entry


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("-1200", -1200),
        ("−2100", -2100),
        ("1200 BC", -1200),
        ("2100 BCE", -2100),
        ("-800", -800),
        ("12-1999", 1999),
        ("12.11.1999", 1999),
        ("1999-11", 1999),
        ("May-1999", 1999),
    ],
)
def test_a_year_keeps_its_minus(text, year):
    assert year_from(text) == year


def test_genres_are_no_shelves():
    entry = only("Title,Author,Exclusive Shelf,Genres\nLooms,Jane Roe,read,Fantasy|637;Dnf|12;Tales|3\n")

    assert entry.tags == ("Fantasy", "Tales")
    assert status_of(entry, {}) == "finished"


@pytest.mark.parametrize(
    "cell",
    [
        "2019-01-02 - 2019-02-03;2021-05-06",
        "2019/01/02-2019/02/03, 2021/05/06",
        "2019-01-02 to 2019-02-03|2021-05-06",
        "2019-01-02/2019-02-03; 2021-05-06",
    ],
)
def test_read_dates_are_times_of_reading(cell):
    entry = only(f'title,author,status,read_dates\nLooms,Jane Roe,read,"{cell}"\n')

    assert entry.times == ((date(2019, 1, 2), date(2019, 2, 3)), (None, date(2021, 5, 6)))
    assert entry.times_read == 2


def test_openreads_tells_its_readings_and_what_was_deleted():
    text = (
        "title,subtitle,author,status,favourite,deleted,rating,my_review,book_format,readings,date_added\n"
        "Looms,,Jane Roe,finished,false,false,4.5,Fine,paperback,"
        "2019-01-02T00:00:00.000|2019-02-03T00:00:00.000|;2021-05-06T00:00:00.000||3600000,2018-01-01\n"
        "Threads,,Jane Roe,finished,false,true,4.5,,paperback,,2018-01-01\n"
    )
    library = open_library(io.BytesIO(text.encode()))
    first, second = library.rows

    assert library.form is Form.OPENREADS

    assert first.times == ((date(2019, 1, 2), date(2019, 2, 3)), (date(2021, 5, 6), None))
    assert (first.rating, first.review) == (9, "Fine")
    assert isinstance(second, Skipped)
    assert "deleted" in str(second.why)


@pytest.mark.parametrize(
    ("author", "family_first", "names"),
    [
        ("James Westly, Roland", "Roland, James Westly", ("James Westly Roland",)),
        ("James Westly, Roland", "Westly Roland, James", ("James Westly Roland",)),
        ("James Westly, Roland Poe", "Westly, James", ("James Westly", "Roland Poe")),
        ("Westly, James", "Westly, James", ("James Westly",)),
        ("Westly, James", "", ("James Westly",)),
        ("James Westly", "Westly, James", ("James Westly",)),
    ],
)
def test_the_family_name_column_decides_a_comma(author, family_first, names):
    entry = only(f'Title,Author,Author l-f,My Rating\nLooms,"{author}","{family_first}",4\n')

    assert entry.authors == names


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("La cittÃ", "La città"),
        ("La cittÃ ", "La città"),
        ("La cittÃ\u00a0 dei fili", "La città dei fili"),
        ("La cittÃ dei fili", "La città dei fili"),
        ("MANHÃ, Ã", "MANHÃ, Ã"),
    ],
)
def test_a_misread_letter_at_the_end_is_put_right(written, meant):
    assert only(f'Title,Author,My Rating\n"{written}",Jane Roe,4\n').title == meant


def test_a_file_cut_inside_its_last_row_says_so():
    whole, cut = opened(f"{GOODREADS}\n{ROW}\n8,Threads,Jane Roe,,,,,5,3.9,P,Paper")
    complete = opened(f"{GOODREADS}\n{ROW}")

    assert whole.problems == ()
    assert "ends in the middle" in " ".join(map(str, cut.problems))
    assert complete[0].problems == ()


def test_a_goodreads_export_may_have_lost_its_header():
    entry = only(f"{ROW}\n")
    older = only(ROW.removesuffix(",1,0") + ",1,,,0,,,,,\n")

    assert (entry.title, entry.authors, entry.rating, entry.year) == ("Looms", ("Jane Roe",), 8, 1999)
    assert (older.title, older.shelf) == ("Looms", "read")
    with pytest.raises(LibraryFileError):
        opened("7,Looms,Jane Roe,4\n")


def test_lines_may_be_quoted_whole_header_included():
    quoted = "".join('"' + line.replace('"', '""') + '"\n' for line in (GOODREADS, ROW))

    entry = only(quoted)

    assert (entry.title, entry.authors, entry.rating) == ("Looms", ("Jane Roe",), 8)


def test_a_spreadsheet_of_any_office_is_called_one():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")

    with pytest.raises(LibraryFileError, match="spreadsheet"):
        open_library(packed)


def test_a_shelf_that_means_another_status_stays_a_tag():
    text = 'Title,Author,Bookshelves,Exclusive Shelf\nLooms,Jane Roe,"wunschliste, cosy",read\n'
    entry = only(text)

    assert status_of(entry, {}) == "finished"
    assert tags_of(entry, {}) == ("wunschliste", "cosy")
    assert tags_of(only(text.replace(",read", ",to-read")), {}) == ("cosy",)


def test_old_line_breaks_of_goodreads_are_line_breaks():
    entry = only(
        "Title,Author,My Review,Private Notes\n"
        "Looms,Jane Roe,One<haml:newline/>Two,Mine<haml:newline/> and yours\n"
    )

    assert entry.review.split() == ["One", "Two"]
    assert "haml" not in entry.review
    assert entry.notes == "Mine\nand yours"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Loom, The", "The Loom"),
        ("Loom, A: Tales of Weaving", "A Loom: Tales of Weaving"),
        ("Faden, Der", "Der Faden"),
        ("Loom, The Blue", "Loom, The Blue"),
    ],
)
def test_an_article_stands_in_front_of_its_title(written, meant):
    assert only(f'Title,Author,My Rating\n"{written}",Jane Roe,4\n').title == meant


def test_calibre_lists_books_that_somebody_owns():
    library = open_library(
        io.BytesIO(
            b"author_sort,authors,comments,formats,isbn,languages,library_name,pubdate,publisher,rating,"
            b"series,series_index,tags,timestamp,title,title_sort,uuid\n"
            b'"Roe, Jane",Jane Roe & John Doe,"<p>The weavers\' thriller of the year!</p>",epub,,eng,Mine,'
            b"0101-01-01T00:00:00+00:00,P,,Threads,2.0,Crime,2020-01-01,Looms,Looms,1-2-3\n"
        )
    )
    [entry] = library.rows

    assert library.form is Form.CALIBRE
    assert entry.authors == ("Jane Roe", "John Doe")
    assert (entry.series, entry.series_number, entry.year) == ("Threads", 2.0, None)
    assert (entry.review, entry.times, entry.times_read) == ("", (), 0)
    assert values_of(entry, {}).status == "to_read"
    assert set(values_of(entry, {}).tags) == {"Crime", "owned"}
    assert entry.description == f"The weavers' thriller of the year!\n\n{PUBLISHERS}"


CLIPPINGS = [
    ("- Your Highlight on page 45 | Location 680-682 | Added on Monday, 6 July 2026 21:13:22",
     "Your Highlight on page 45 | Location 680-682"),
    ("- Your Note at location 12 | Added on Friday, 1 May 2020 09:00:00", "Your Note at location 12"),
    ("- Highlight Loc. 866-67 | Added on Monday, February 02, 2009, 09:42 AM", "Highlight Loc. 866-67"),
    ("- Ihre Markierung bei Position 33-35 | Hinzugefügt am Dienstag, 5. März 2024 21:12:45",
     "Ihre Markierung bei Position 33-35"),
    ("- Votre surlignement sur la page 5 | emplacement 34-36 | Ajouté le lundi 30 septembre 2019 18:00:39",
     "Votre surlignement sur la page 5 | emplacement 34-36"),
    ("- La subrayado en la página 6 | posición 36-40 | Añadido el lunes, 30 de septiembre de 2019 18:00:39",
     "La subrayado en la página 6 | posición 36-40"),
    ("-  La tua evidenziazione alla posizione 3-4 | Aggiunto in data mercoledì 4 maggio 2016 17:36:35",
     "La tua evidenziazione alla posizione 3-4"),
    ("- Seu destaque na página 33 | posição 410-412 | Adicionado: terça-feira, 5 de março de 2024 09:12:45",
     "Seu destaque na página 33 | posição 410-412"),
    ("- Je markering op pagina 6 | locatie 36-40 | Toegevoegd op maandag 30 september 2019 18:00:39",
     "Je markering op pagina 6 | locatie 36-40"),
    ("– Ваш выделенный отрывок на странице 8 | Место 243–245 | Добавлено: пятница, 26 февраля 2016 г.",
     "Ваш выделенный отрывок на странице 8 | Место 243–245"),
    ("- 您在位置 #351-352的标注 | 添加于 2024年3月5日星期二 下午9:12:45", "您在位置 #351-352的标注"),
    ("- 位置No. 4404-4404のハイライト |作成日: 2023年8月10日木曜日", "位置No. 4404-4404のハイライト"),
]  # fmt: skip


@pytest.mark.parametrize(("meta", "place"), CLIPPINGS)
def test_kindles_highlights_become_private_notes(meta, place):
    library = open_library(
        io.BytesIO(
            f"\ufeffLooms (Threads, #2) (Roe, Jane)\r\n{meta}\r\n\r\nA word.\r\n==========\r\n".encode()
        )
    )
    [entry] = library.rows

    assert library.form is Form.KINDLE
    assert (entry.title, entry.series, entry.authors) == ("Looms", "Threads", ("Jane Roe",))
    assert entry.notes == f"A word.\n({place})"
    assert entry.is_private


def test_clippings_are_gathered_by_book_and_changed_ones_come_once():
    meta = "- Your Highlight on page 4 | Location {} | Added on Monday, 6 July 2026 21:13:22"
    blocks = [
        ("Looms (Jane Roe;Doe, John)", meta.format("60-61"), "The warp"),
        ("Emma (Jane Austen)", meta.format("7"), "Handsome"),
        ("Looms (Jane Roe;Doe, John)", meta.format("60-62"), "The warp and the weft"),
        ("Looms (Jane Roe;Doe, John)", "- Your Bookmark on Location 70 | Added on Monday", ""),
        ("Looms (Jane Roe;Doe, John)", meta.format("90-91"), "The end"),
        ("A letter to myself", meta.format("1"), "Milk"),
    ]
    text = "".join(f"{title}\n{meta}\n\n{words}\n==========\n" for title, meta, words in blocks)

    looms, emma, letter = opened(text)

    assert looms.authors == ("Jane Roe", "John Doe")
    assert looms.notes.count("The warp") == 1
    assert looms.notes.endswith("The end\n(Your Highlight on page 4 | Location 90-91)")
    assert (emma.number, emma.authors) == (6, ("Jane Austen",))
    assert isinstance(letter, Skipped)


def test_highlights_that_are_too_many_are_told():
    meta = "- Your Highlight on Location {0}-{0} | Added on Monday, 6 July 2026 21:13:22"
    words = "word " * 150
    text = "".join(f"Looms (Jane Roe)\n{meta.format(n)}\n\n{n} {words}\n==========\n" for n in range(40))

    [entry] = opened(text)

    assert len(entry.notes) < 20_000
    assert "the last " in str(entry.problems[0])


@pytest.mark.parametrize(
    ("line", "title", "authors"),
    [
        ("Looms (Roe, Jane (Editor))", "Looms", ("Jane Roe",)),
        ("Looms (Jane Roe) (Z-Library)", "Looms", ("Jane Roe",)),
        ("Looms (Roe, Jane) (z-lib.org)", "Looms", ("Jane Roe",)),
        ("織機（小雪）", "織機", ("小雪",)),
        ("Looms, The (Roe, Jane;Doe, John)", "The Looms", ("Jane Roe", "John Doe")),
    ],
)
def test_a_clipping_names_its_book_and_author(line, title, authors):
    [entry] = opened(f"{line}\n- Your Highlight on Location 3 | Added on Monday\n\nA word.\n==========\n")

    assert (entry.title, entry.authors) == (title, authors)


@pytest.mark.parametrize(
    "words",
    [
        "<You have reached the clipping limit for this item>",
        "<Sie haben das Limit für Ausschnitte dieses Titels erreicht>",
    ],
)
def test_what_kindle_was_not_allowed_to_copy_is_told_and_no_note(words):
    block = "Looms (Jane Roe)\n- Your Highlight on Location {} | Added on Monday\n\n{}\n==========\n"

    [entry] = opened(block.format(3, "The warp") + block.format(9, words))

    assert entry.notes == "The warp\n(Your Highlight on Location 3)"
    assert entry.problems == (LIMIT,)
