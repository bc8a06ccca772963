"""What each site's columns say of a book and of its reading."""

from __future__ import annotations

import io
from datetime import date

import pytest

from bookclub.lib.library_files.entries import Form, LibraryEntry, Skipped
from bookclub.lib.library_files.reader import open_library
from bookclub.lib.library_files.rows import NO_AUTHOR, NO_TITLE
from bookclub.lib.library_files.tables import UNCLOSED

GOODREADS = (
    "Book Id,Title,Author,Author l-f,Additional Authors,ISBN,ISBN13,My Rating,Average Rating,Publisher,"
    "Binding,Number of Pages,Year Published,Original Publication Year,Date Read,Date Added,Bookshelves,"
    "Bookshelves with positions,Exclusive Shelf,My Review,Spoiler,Private Notes,Read Count,"
)
WIDTHS = {
    24: f"{GOODREADS}Owned Copies",
    27: f"{GOODREADS}Recommended For,Recommended By,Owned Copies,BCID",
    31: f"{GOODREADS}Recommended For,Recommended By,Owned Copies,Original Purchase Date,"
    "Original Purchase Location,Condition,Condition Description,BCID",
}
READ = (
    '7,Messiah of Sand (Sand  #2),Frank  Hobart,"Hobart, Frank","Ann Lee, Bo Li (Narrator)",="0441172695",'
    '="9780441172696",4,4.2,Ace,Kindle Edition,896,2005,1965,2019/03/07,2019/01/02,"sci-fi, read, to-own",'
    '"sci-fi (#1)",read,"So <b>good</b>!<br/><br/>He <spoiler>dies</spoiler> &amp; 5*",true,my note,2,'
)


def opened(text, encoding="utf-8"):
    """The form of a file and all its rows."""
    library = open_library(io.BytesIO(text.encode(encoding)))
    return library.form, list(library.rows)


def entry_of(text):
    """The only row of a file, which must be a book."""
    [entry] = opened(text)[1]
    assert isinstance(entry, LibraryEntry), entry
    return entry


@pytest.mark.parametrize("width", WIDTHS)
def test_goodreads_is_read_with_as_many_columns_as_it_had_that_year(width):
    form, [entry] = opened(f"{WIDTHS[width]}\n{READ}0\n")

    assert len(WIDTHS[width].split(",")) == width
    assert form is Form.GOODREADS
    assert entry == LibraryEntry(
        number=2,
        title="Messiah of Sand",
        authors=("Frank Hobart", "Ann Lee"),
        contributors=("Bo Li (narrator)",),
        isbns=("9780441172696",),
        year=1965,
        pages=896,
        format="ebook",
        series="Sand",
        series_number=2.0,
        shelf="read",
        tags=("sci-fi", "to-own"),
        rating=8,
        times=((None, date(2019, 3, 7)),),
        times_read=2,
        added_on=date(2019, 1, 2),
        review="So **good**!\n\nHe ||dies|| & 5\\*",
        has_spoilers=True,
        notes="my note",
    )


def test_the_sixteen_columns_of_old_and_any_order_will_do():
    entry = entry_of(
        "Bookshelves,Title,Author l-f,ISBN,My Rating,Average Rating,Publisher,Binding,Number of Pages,"
        "Year Published,Date Read,Date Added,My Review,Private Notes,Book Id,Read Count\n"
        '"to-read, gothic",Emma,"Austen, Jane",,0,4,P,Audible Audio,9,1815,,2013/10/09,,,1,1\n'
    )

    assert (entry.title, entry.authors, entry.shelf, entry.tags) == (
        "Emma",
        ("Jane Austen",),
        "to-read",
        ("gothic",),
    )
    assert (entry.rating, entry.times, entry.times_read, entry.year) == (None, (), 0, 1815)
    assert (entry.format, entry.pages) == ("audiobook", None), "an audiobook's pages count its discs"


def test_goodreads_counts_a_book_as_read_once_that_is_still_being_read():
    row = "1,Emma,Jane Austen,,,,,0,,,,,,,,,dnf-2020,,{},,,,{},"

    def count(shelf, told):
        return entry_of(f"{WIDTHS[24]}\n{row.format(shelf, told)}\n").times_read

    assert [count("currently-reading", 1), count("currently-reading", 3), count("dnf", 1)] == [0, 2, 0]
    assert [count("read", 0), count("read", 3), count("to-read", 1)] == [1, 3, 0]


def test_the_storygraph_tells_every_time_of_reading_and_who_only_translated():
    form, [again, now, left] = opened(
        "Title,Authors,Contributors,ISBN/UID,Format,Read Status,Date Added,Last Date Read,Dates Read,"
        "Read Count,Moods,Pace,Star Rating,Review,Content Warnings,Tags,Owned?\n"
        'Bloom,"Nio N, Jo McK",Jo McK (Translator),0-441-17269-5,digital,read,2020/01/08,2021/05/02,'
        '"2021/04/01-2021/05/02, 2019/03",2,sad,fast,4.25,<div>One<br>two</div>,,"own, b",No\n'
        "Now,A,,B00X,hardcover,currently-reading,2020/01/08,,2024/01/01-,0,,,,,,,No\n"
        "Left,A,,,audio,did-not-finish,2020/01/08,2020/02/01,,0,,,0.25,,,,No\n"
    )

    assert form is Form.STORYGRAPH
    assert again.times == ((None, date(2019, 3, 1)), (date(2021, 4, 1), date(2021, 5, 2)))
    assert (again.authors, again.times_read, again.rating) == (("Nio N",), 2, 9)
    assert (again.review, again.tags, again.format) == ("One  \ntwo", ("own", "b"), "ebook")
    assert again.isbns == ("9780441172696",)
    assert (now.times, now.isbns, now.problems) == (((date(2024, 1, 1), None),), (), ())
    assert (left.shelf, left.times_read, left.rating) == ("did-not-finish", 0, 1)


LIBRARYTHING = (
    "Book Id\tTitle\tSort Character\tPrimary Author\tPrimary Author Role\tSecondary Author\t"
    "Secondary Author Roles\tPublication\tDate\tReview\tRating\tComment\tPrivate Comment\tMedia\tPage Count\t"
    "Date Started\tDate Read\tTags\tCollections\tISBN\tISBNs\tEntry Date\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "cp1252"])
def test_librarything_is_read_from_its_tabs_with_brackets_bars_and_returns(encoding):
    form, [entry, quoted, owned] = opened(
        LIBRARYTHING + "5\tMarelle\t1\tCortázar, Julio\t\tDoe, Jane|Roe, Ann|Poe, Al\tTranslator||Editor\t"
        "Gallimard (1979), Poche\t1979\tFun[Return]Very\t4.5\tpublic\tprivate\tBroché\t590 \t[2007-04-16]\t"
        "[2007-05-08]\troman, bohème\tYour library, Read but unowned\t[2070291340]\t"
        "2070291340, 9782070291342\t[2006-08-09]\n"
        '6\t"Half quoted title\t1\tX, Y\t\t\t\t\t1985\t\t\t\t\t\t\t\t\t\tTo read\t\t\t\n'
        "7\tZ\t1\tX, Y\t\t\t\tSeuil (1989)\t\t\t\t\t\t\t\t\t\t\tYour library\t\t\t\n",
        encoding,
    )

    assert form is Form.LIBRARYTHING
    assert entry == LibraryEntry(
        number=2,
        title="Marelle",
        authors=("Julio Cortázar", "Ann Roe"),
        contributors=("Jane Doe (translator)", "Al Poe (editor)"),
        isbns=("9782070291342",),
        year=1979,
        pages=590,
        format="paperback",
        shelf="Read but unowned",
        tags=("roman", "bohème"),
        rating=9,
        times=((date(2007, 4, 16), date(2007, 5, 8)),),
        times_read=1,
        added_on=date(2006, 8, 9),
        review="Fun  \nVery",
        notes="private\n\npublic",
    )
    assert (quoted.title, quoted.shelf, quoted.problems) == (
        "Half quoted title",
        "To read",
        (UNCLOSED,),
    )
    assert (owned.title, owned.shelf, owned.tags, owned.year) == ("Z", "", (), 1989)


def test_bookwyrm_keeps_markdown_and_tells_a_shelf_of_ones_own_from_the_status():
    form, [read, shelved] = opened(
        "title,author_text,remote_id,openlibrary_key,isbn_10,isbn_13,start_date,finish_date,stopped_date,"
        "rating,review_name,review_cw,review_content,review_published,shelf,shelf_name,shelf_date\n"
        "Gideon (Tombs #1),Tam M,https://e/2,,0441172695,9780441172696,2020-10-21,2020-10-25,,3.5,Nice,gore,"
        "**bold**,2020-10-25,read,Read,2020-10-21\n"
        "Cakes,Mélanie D,,,,,2019-07-08,,2019-08-01,0,,,,,cooking-12,Cooking,2019-07-08\n"
    )

    assert form is Form.BOOKWYRM
    assert (read.series, read.series_number, read.rating, read.review_title) == ("Tombs", 1, 7, "Nice")
    assert (read.review, read.has_spoilers, read.isbns) == ("**bold**", True, ("9780441172696",))
    assert read.times == ((date(2020, 10, 21), date(2020, 10, 25)),)
    assert (shelved.shelf, shelved.tags, shelved.rating) == ("stopped-reading", ("Cooking",), None)


def test_hardcover_names_lists_seconds_and_translators_among_the_authors():
    form, [entry] = opened(
        "Title,Author,Series,Status,Privacy,Hardcover Book ID,ISBN 10,ISBN 13,Media,Binding,Pages,"
        "Duration in Seconds,Publish Date,Genres,Tags,Lists,Date Added,Date Started,Date Finished,Rating,"
        "Review,Review Contains Spoilers,Private Notes,Owned,Review Slate\n"
        '2666,"Roberto B, Natasha W (Translator)",Sprawl (#1.0),Stopped,Public,7,0441172695,9780441172696,'
        'Audio,,898,25686,2008-11-11,x,,"Owned, Shelved (#19)",2025-01-15,2025-01-01,"",4.5,So,true,'
        "note,true,{}\n"
    )

    assert form is Form.HARDCOVER
    assert (entry.authors, entry.series, entry.series_number) == (("Roberto B",), "Sprawl", 1)
    assert (entry.minutes, entry.pages, entry.format, entry.year) == (428, None, "audiobook", 2008)
    assert (entry.shelf, entry.tags, entry.has_spoilers) == ("Stopped", ("Owned", "Shelved"), True)


def test_a_list_of_books_is_typed_as_people_type_them():
    form, rows = opened(
        "sep=;\ntitel;Autor;Jahr;ISBN;Schlagworte;Seiten\n"
        "Was vom Tage übrig blieb;Ishiguro, Kazuo;1989;978-0-571-15310-7;Roman, Butler;245\n"
        "Good Omens;Neil Gaiman and Terry Pratchett;1990;;;\n"
        ";Nobody;;;;\n;;;;;\nAlone;;;;;\n",
        "cp1252",
    )

    assert form is Form.BOOKLIST
    assert [(row.number, row.authors) for row in rows[:2]] == [
        (3, ("Kazuo Ishiguro",)),
        (4, ("Neil Gaiman", "Terry Pratchett")),
    ]
    assert (rows[0].isbns, rows[0].year, rows[0].tags) == (("9780571153107",), 1989, ("Roman", "Butler"))
    assert rows[2:] == [
        Skipped(5, NO_TITLE),
        Skipped(7, NO_AUTHOR, "Alone"),
    ]


def test_a_role_in_the_first_column_moves_out_of_the_name():
    plain = READ.replace("Frank  Hobart", "Frank Hobart (Goodreads Author)").replace(
        "Ann Lee", "Jo Rubin (Übers.)"
    )
    entry = entry_of(f"{WIDTHS[24]}\n{plain}0\n")

    assert entry.authors == ("Frank Hobart",)
    assert entry.contributors == ("Jo Rubin (translator)", "Bo Li (narrator)")


def test_names_that_may_be_one_are_taken_as_several_and_the_report_says_so():
    entry = entry_of('Title,Authors,Pages,Tags\nSalt,"Ann Hale, Bo Reed",200,sea\n')

    assert entry.authors == ("Ann Hale", "Bo Reed")
    assert [*map(str, entry.problems)] == ["“Ann Hale, Bo Reed” was taken as several authors."]
