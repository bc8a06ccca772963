"""The figures of a year, by cases that were counted by hand."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime

from bookclub.years import charts, facts, rules
from bookclub.years.rules import Credit, Extent, FinishedRead, Month, Printing, Year, YearBook, extent_of
from tests.cases import each

ALICE, BOB, CAROL = 1, 2, 3
PAPERBACK = Printing(10, "paperback", 320, None)
LARGE_PRINT = Printing(11, "hardback", 500, None)
RECORDING = Printing(12, "audiobook", None, 600)
UNKNOWN = Printing(13, "ebook", None, None)
UNKNOWN_RECORDING = Printing(14, "audiobook", None, None)


def book(
    id: int, title: str = "", *, ratings: tuple[int, ...] = (), published: int | None = None
) -> YearBook:
    title = title or f"Book {id}"
    return YearBook(id, title.lower(), title, "Anybody", published, len(ratings), sum(ratings))


def read(
    book_id: int, day: str, *, member: int = ALICE, rating=None, pages=None, minutes=None, private=False
):
    day = date.fromisoformat(f"2025-{day}")
    return FinishedRead(member, book_id, day, rating, private, Extent(pages, minutes))


def year(*reads: FinishedRead, books: tuple[YearBook, ...] = (), credits: tuple[Credit, ...] = ()) -> Year:
    known = {one.id: one for one in books}
    ids = {one.book_id for one in reads} - known.keys()
    return Year(2025, reads, known | {id: book(id) for id in ids}, credits)


@each(
    ("printings", "said", "expected"),
    [
        ([PAPERBACK, LARGE_PRINT], {}, Extent(pages=320)),
        ([PAPERBACK, LARGE_PRINT], {"edition_id": 11}, Extent(pages=500)),
        ([PAPERBACK], {"length": 290, "unit": "page"}, Extent(pages=290)),
        ([PAPERBACK], {"length": 700, "unit": "minute"}, Extent(minutes=700)),
        # A length whose unit nobody knows is none.
        ([PAPERBACK], {"length": 290, "unit": "percent"}, Extent(pages=320)),
        ([PAPERBACK, RECORDING], {"edition_id": 12}, Extent(minutes=600)),
        ([PAPERBACK, RECORDING], {"unit": "minute"}, Extent(minutes=600)),
        ([PAPERBACK, RECORDING], {"unit": "page"}, Extent(pages=320)),
        ([RECORDING], {}, Extent(minutes=600)),
        ([UNKNOWN, PAPERBACK], {"edition_id": 13}, Extent(pages=320)),
        # Pages never stand in for hours.
        ([PAPERBACK, UNKNOWN_RECORDING], {"edition_id": 14}, Extent()),
        ([PAPERBACK, UNKNOWN_RECORDING, RECORDING], {"edition_id": 14}, Extent(minutes=600)),
        ([PAPERBACK], {"unit": "minute"}, Extent()),
        ([UNKNOWN], {}, Extent()),
        ([], {}, Extent()),
    ],
)
def test_a_reading_is_as_long_as_what_was_read(printings, said, expected):
    assert extent_of(printings, **said) == expected


def test_a_month_sums_what_was_finished_in_it():
    found = year(
        read(1, "01-31", pages=100),
        read(2, "02-01", pages=250),
        read(3, "02-28", minutes=90),
        read(4, "02-10"),
    )

    assert found.months[0] == Month(1, 1, 100, 0)
    assert found.months[1] == Month(2, 3, 250, 90)
    assert found.months[11] == Month(12)
    assert (found.pages, found.minutes, found.unmeasured) == (350, 90, 1)


def test_a_book_that_was_read_twice_counts_in_both_months():
    found = year(read(1, "03-01", pages=100), read(1, "09-01", pages=100), read(2, "05-01"))

    assert [each.book.id for each in found.books] == [2, 1]
    assert [each.times for each in found.books] == [1, 2]
    assert found.pages == 200


def test_the_longest_and_the_shortest_differ():
    found = year(read(1, "01-01", pages=900), read(2, "01-02", pages=90), read(3, "01-03", pages=300))
    longest, shortest = found.extremes("pages")

    assert (longest.book.id, longest.length, shortest.book.id, shortest.length) == (1, 900, 2, 90)
    assert found.extremes("minutes") is None
    assert year(read(1, "01-01", pages=900)).extremes("pages") is None
    assert year(read(1, "01-01", pages=9), read(2, "01-02", pages=9)).extremes("pages") is None
    assert year().extremes("pages") is None


def test_authors_are_those_of_different_books_and_of_all_times():
    credits = (Credit(1, "ann", "Ann"), Credit(1, "ben", "Ben"), Credit(2, "ann", "Ann"), Credit(9, "x", "X"))
    found = year(read(1, "01-01"), read(1, "02-01"), read(2, "03-01"), credits=credits)

    assert [(one.name, one.books, one.times) for one in found.authors] == [("Ann", 2, 3), ("Ben", 1, 2)]
    assert found.returned_to == found.authors
    assert [facts.say_author(one) for one in found.authors] == [
        "2 books, read 3 times",
        "one book, read 2 times",
    ]


def test_decades_stand_in_a_row_with_all_earlier_ones_together():
    books = (
        book(1, published=-800),
        book(2, published=1899),
        book(3, published=1925),
        book(4, published=1941),
    )
    found = year(*(read(one.id, "01-01") for one in books), read(5, "02-01"), books=books)

    assert found.decades == [(None, 2), (1920, 1), (1930, 0), (1940, 1)]
    assert [one.note for one in facts.ages(found)] == ["800 BC", "1941"]
    assert year(read(1, "01-01")).decades == []


def test_a_mean_takes_three_raters():
    assert book(1, ratings=(10, 8)).mean is None
    assert book(1, ratings=(10, 8)).mean_text == ""
    assert book(1, ratings=(10, 8, 6)).mean == 8
    assert book(1, ratings=(10, 8, 6)).mean_text == "4.0"


def test_ratings_stand_beside_means_of_the_same_books():
    books = (book(1, ratings=(4, 4, 4)), book(2, ratings=(9, 9, 9)), book(3, ratings=(2, 2)))
    found = year(
        read(1, "01-01", rating=10), read(2, "02-01", rating=8), read(3, "03-01", rating=1), read(4, "04-01"),
        books=books,
    )  # fmt: skip

    assert [one.book.id for one in found.rated] == [1, 2, 3]
    assert [one.book.id for one in found.compared] == [1, 2]
    assert (found.own_mean, found.club_mean) == (9, 6.5)
    # Half a star is no difference to speak of.
    assert [one.book.id for one in found.furthest_apart] == [1]
    assert [one.note for one in facts.furthest_apart(found)] == ["5 ★, the club 2.0 ★"]


def test_the_clubs_ratings_show_if_three_members_gave_some():
    two = [read(1, "01-01", rating=8), read(2, "01-02", rating=6, member=BOB), read(3, "01-03", rating=6)]

    assert not year(*two).rating_counts
    three = year(*two, read(1, "02-02", member=CAROL, rating=8), read(1, "03-03", rating=8))
    # A member's rating of a book counts once, however often they read it.
    assert three.rating_counts == {8: 2, 6: 2}


def test_a_book_was_read_together_by_two():
    found = year(
        read(1, "01-01"),
        read(1, "02-01"),
        read(2, "01-02"),
        read(2, "01-03", member=BOB),
        read(3, "01-04", member=BOB),
    )

    assert [(one.book.id, one.readers) for one in found.read_together] == [(2, 2)]
    assert found.readers == 2
    assert [find.note for find in facts.books_of_club(found)] == ["2 readers", "1 reader", "1 reader"]


def test_the_books_that_are_liked_best_have_three_ratings():
    books = (book(1, ratings=(10, 10)), book(2, ratings=(7, 8, 9)), book(3, ratings=(10, 9, 8)))
    found = year(*(read(one.id, "01-01") for one in books), books=books)

    assert [one.id for one in found.liked_best] == [3, 2]


def test_totals_say_what_there_was():
    assert [" ".join(total) for total in facts.totals(year(read(1, "01-01")))] == ["1 book"]
    found = year(
        read(1, "01-01", pages=1200), read(1, "02-01", pages=1), read(2, "01-02", member=BOB, minutes=95)
    )
    assert [" ".join(total) for total in facts.totals(found, of_club=True)] == [
        "2 books", "2 readers", "3 times read to the end", "1,201 pages", "1 h 35 min of audiobooks",
    ]  # fmt: skip


def test_a_book_of_ones_own_says_when_how_often_how_good_and_if_in_private():
    found = year(read(1, "03-04", rating=9, private=True), read(1, "11-03", rating=9, private=True))

    assert found.private_books == 1
    assert [find.note for find in facts.books_of_member(found)] == [
        "3 November · read 2 times · 4.5 ★ · private"
    ]


def test_years_begin_by_the_clocks_of_who_asks():
    start, end = rules.span(2025, "Pacific/Auckland")

    assert start == datetime(2024, 12, 31, 11, tzinfo=UTC)
    assert end == datetime(2025, 12, 31, 11, tzinfo=UTC)


@each(("number", "expected"), [(1899, False), (1900, True), (2025, True), (2026, True), (2027, False)])
def test_only_years_that_have_begun_have_a_page(number, expected):
    assert rules.has_begun(number, date(2026, 1, 1)) is expected


@each(
    ("day", "expected"),
    [("2025-11-30", None), ("2025-12-01", 2025), ("2026-01-31", 2025), ("2026-02-01", None)],
)
def test_the_front_page_looks_back_in_december_and_january(day, expected):
    assert rules.year_to_look_back_on(date.fromisoformat(day)) == expected


def test_the_years_beside_one_are_those_with_something_in_them():
    assert rules.neighbours(2020, [2024, 2018, 2020, 1999]) == (2018, 2024)
    assert rules.neighbours(2020, [2020]) == (None, None)
    assert rules.neighbours(2020, [2015]) == (2015, None)


# Charts


def test_the_highest_bar_is_as_high_as_the_drawing():
    chart = charts.books_by_month(year(read(1, "01-01"), read(2, "02-01"), read(3, "02-02")))
    january, february = chart.shapes

    assert (february.height, january.height) == (charts.TALLEST, charts.TALLEST / 2)
    assert february.y + february.height == january.y + january.height == chart.base
    assert [(bar.name, bar.words) for bar in chart.bars[:3]] == [
        ("January", "1 book"),
        ("February", "2 books"),
        ("March", "0 books"),
    ]
    assert chart.summary == "January: 1 book; February: 2 books"


def test_bars_stay_within_the_drawing_and_apart():
    many = year(*(read(number, f"{number:02}-01", pages=number) for number in range(1, 13)))
    shapes = charts.pages_by_month(many).shapes

    assert shapes[0].x >= 0
    assert shapes[-1].x + shapes[-1].width <= charts.WIDTH
    assert all(one.x + one.width < other.x for one, other in itertools.pairwise(shapes))
    assert all(shape.y > 12 for shape in shapes)


def test_hours_are_drawn_whole_and_written_to_the_minute():
    chart = charts.hours_by_month(year(read(1, "01-01", minutes=10), read(2, "02-01", minutes=605)))

    assert [(bar.value, bar.words) for bar in chart.bars[:2]] == [(1, "10 min"), (10, "10 h 5 min")]


def test_ratings_have_two_bars_where_the_club_has_means():
    books = (book(1, ratings=(4, 4, 5)),)
    beside = charts.own_ratings(year(read(1, "01-01", rating=10), books=books), is_mine=True)
    alone = charts.own_ratings(year(read(1, "01-01", rating=10)), is_mine=True)

    assert [(bar.name, bar.value, bar.other) for bar in beside.bars if bar.value or bar.other] == [
        ("2 stars", 0, 1),
        ("5 stars", 1, 0),
    ]
    assert beside.summary == "2 stars: 0, 1; 5 stars: 1, 0"
    assert [shape.is_other for shape in beside.shapes] == [True, False]
    assert alone.legend is None
    assert not alone.is_empty
    assert charts.own_ratings(year(read(1, "01-01")), is_mine=True).is_empty


def test_crowded_decades_leave_every_second_name_out():
    books = tuple(book(number, published=1890 + 10 * number) for number in range(13))
    chart = charts.decades(year(*(read(one.id, "01-01") for one in books), books=books))

    assert [bar.label for bar in chart.bars][:4] == ["<1900", "", "1910", ""]
    assert [bar.name for bar in chart.bars][:2] == ["Before 1900", "1900s"]


@each(
    ("number", "expected"),
    [(0, "0"), (880, "880"), (1000, "1k"), (1550, "1.6k"), (22530, "23k"), (1234567, "1m")],
)
def test_numbers_above_bars_are_short(number, expected):
    assert charts.short_number(number) == expected
