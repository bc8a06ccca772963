"""Verdict on two books: whether they are the same work, and with what certainty."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from .name_likeness import Agreement, compare_authors
from .numbers import number_in
from .numerals import numerals
from .title_parts import Words
from .titles import EQUAL, MISSPELT, NOT_AT_ALL, SHORTENED, Title, parse_title
from .vocabulary import INNER_ARTICLES
from .volumes import numbers_clash, numbers_in_words, volumes_clash

# Likeness of books that differ only in their subtitles, lower than any other.
RETITLED = 50
# A shorter subtitle is often the name of a part: "You Don't Know JS: Types & Grammar".
LONG_SUBTITLE = 4


@dataclass(frozen=True, slots=True)
class BookDescription:
    """A book described by a file, a form or the catalogue, to be found among others.

    ``authors`` are names in natural order ("Kazuo Ishiguro"), the first author first. ``isbns`` are valid
    and have 13 digits. More fields make the verdict surer, but a title alone may be enough. ``is_exact``
    says that its list has another book with nearly the same title, so only the same title matches.
    """

    title: str
    authors: tuple[str, ...] = ()
    isbns: tuple[str, ...] = ()
    year: int | None = None
    subtitle: str = ""
    series: str = ""
    series_number: float | None = None
    is_exact: bool = False


def same_book(one: BookDescription, other: BookDescription) -> bool:
    """Return whether two books are the same work, as far as the fields alone can decide."""
    return likeness(one, other) > 0


def likeness(one: BookDescription, other: BookDescription) -> int:
    """Return the certainty that two books are the same work: higher is surer, 0 means they are not.

    A shared ISBN decides, unless title and authors both plainly disagree, or the volumes do. Without one,
    title and first author must agree, apart from what editions add, omit and misspell. A collection is none
    of the books in it, and a book about a book is another book. RETITLED means that the two seem to be
    editions for two countries.
    """
    a, b = title_of(one), title_of(other)
    titles = _compare_titles(a, b, is_sure=_has_same_year(one, other) or _has_same_number(a, b))
    if (one.is_exact or other.is_exact) and not _is_called_the_same(a, b):
        titles = NOT_AT_ALL
    if titles == NOT_AT_ALL and set(one.isbns).isdisjoint(other.isbns):
        return RETITLED if _is_retitled(one, other) else 0
    authors = compare_authors(one.authors, other.authors)
    certainty = _certainty(one, other, titles, authors)
    if not set(one.isbns).isdisjoint(other.isbns) and _can_share_isbn(a, b, titles, authors):
        # This puts a shared ISBN above every other evidence.
        return 1000 + certainty
    return certainty


def only_subtitles_differ(one: BookDescription, other: BookDescription) -> bool:
    """Return whether two books share author, main title and year but have different subtitles.

    British and American editions differ like this, and so do the parts of a series that has no name.
    """
    a, b = title_of(one), title_of(other)
    is_plain = not (a.series or b.series or a.volume or b.volume) and a.marks == b.marks
    has_only_other_subtitle = (
        a.key == b.key and bool(a.rest and b.rest) and _compare_titles(a, b, is_sure=True) == NOT_AT_ALL
    )
    has_same_author = compare_authors(one.authors[:1], other.authors[:1]) is Agreement.SAME
    return is_plain and has_only_other_subtitle and has_same_author and _has_same_year(one, other)


def _is_retitled(one: BookDescription, other: BookDescription) -> bool:
    """Return whether two books are almost certainly one whose subtitle differs by country."""
    a, b = title_of(one), title_of(other)
    rests = a.rest, b.rest
    if not set(a.parts).isdisjoint(b.parts):
        # The part that they share is the name of a series.
        return False
    is_comparable = min(map(len, rests)) >= LONG_SUBTITLE and numbers_in_words(rests[0]) == numbers_in_words(
        rests[1]
    )
    is_comparable = (
        is_comparable and numerals(rests[0]) == numerals(rests[1]) and not (one.is_exact or other.is_exact)
    )
    return is_comparable and only_subtitles_differ(one, other)


def same_row(one: BookDescription, other: BookDescription) -> bool:
    """Return whether two rows of one reader's file are about the same book.

    This is stricter than for two readers: someone with "How Not to Die" and "How Not to Diet" has two books.
    """
    if not same_book(one, other):
        return False
    return not set(one.isbns).isdisjoint(other.isbns) or _is_called_the_same(title_of(one), title_of(other))


def _is_called_the_same(a: Title, b: Title) -> bool:
    """Return whether two titles are equal apart from case, signs, articles, printings and series."""
    return a.key == b.key and (a.rest == b.rest or a.full == b.full)


def title_of(book: BookDescription) -> Title:
    """Return the parsed title of a book."""
    return parse_title(book.title, book.subtitle, book.series, book.series_number)


def _certainty(one: BookDescription, other: BookDescription, titles: int, authors: Agreement) -> int:
    a, b = title_of(one), title_of(other)
    is_same_year, is_same_number = _has_same_year(one, other), _has_same_number(a, b)
    if titles == NOT_AT_ALL or authors is Agreement.DIFFERENT:
        return 0
    if authors is Agreement.UNKNOWN:
        # Without authors only a long title is rare enough to decide alone.
        is_rare = len(a.key) >= 12 and len(a.words) >= 3
        if titles != EQUAL or not (is_rare or is_same_year) or _years_clash(one, other):
            return 0
    # The name that both lists share may be a translator's, so more has to agree.
    if authors is Agreement.CROSSED:
        is_plain = titles == EQUAL and a.asides == b.asides and not _years_clash(one, other)
        if not (is_plain or is_same_year):
            return 0
    # A slip in the title and another in the name are too many for a short title.
    if titles == MISSPELT and authors < Agreement.SAME:
        is_long = min(len(a.key), len(b.key)) >= 10
        if not (is_long or is_same_year or is_same_number):
            return 0
    # A comic made from a novel has its title, and mostly another year or another first author.
    if "drawn" in a.marks ^ b.marks and (_years_clash(one, other) or not _has_same_first_author(one, other)):
        return 0
    # The factors put titles before authors, and authors before year and number.
    return 100 * titles + 10 * authors + 5 * is_same_year + 4 * is_same_number


def _compare_titles(a: Title, b: Title, *, is_sure: bool) -> int:
    """Compare two titles without their authors."""
    if {"several", "about"} & (a.marks ^ b.marks):
        return NOT_AT_ALL
    if a.key == b.key:
        found = _compare_subtitles(a.rest, b.rest)
    elif a.full == b.full:
        found = EQUAL
    elif _is_shortened(a, b) or _is_shortened(b, a):
        found = SHORTENED
    else:
        found = (
            MISSPELT
            if _is_misspelt(a, b, is_sure=is_sure) and _compare_subtitles(a.rest, b.rest)
            else NOT_AT_ALL
        )
    return NOT_AT_ALL if found and volumes_clash(a, b, found, is_sure=is_sure) else found


def _compare_subtitles(one: Words, other: Words) -> int:
    """Compare the subtitles of two books with the same title."""
    if one == other:
        return EQUAL
    if not one or not other:
        return SHORTENED
    if numbers_clash(one, other):
        return NOT_AT_ALL
    a, b = (" ".join(word for word in words if word not in INNER_ARTICLES) for words in (one, other))
    shared = min(len(a), len(b))
    # One of the two subtitles is cut off.
    if min(len(one), len(other)) > 1 and a[:shared] == b[:shared]:
        return EQUAL
    # Subtitles that differ in little more than a number are those of two volumes.
    if numbers_in_words(one) != numbers_in_words(other) and abs(len(a) - len(b)) <= 3:
        return NOT_AT_ALL
    if shared >= 16 and OSA.distance(a[:shared], b[:shared], score_cutoff=2) <= 2:
        return EQUAL
    if numbers_in_words(one) != numbers_in_words(other):
        return NOT_AT_ALL
    is_near = len(a) > 4 and OSA.distance(a, b, score_cutoff=1) <= 1
    return EQUAL if is_near or fuzz.ratio(a, b) >= 85 else NOT_AT_ALL


def _is_shortened(long: Title, short: Title) -> bool:
    """Return whether the long title is a series name before the short one, or runs on without a colon."""
    if short.rest:
        return False
    if long.parts == (short.key,) and len(short.key) >= 8:
        return True
    if not long.key.startswith(short.key):
        return False
    count = len(short.words)
    runs_on = long.words[:count] == short.words and long.words[count : count + 1] in (("a",), ("an",))
    return runs_on and len(long.words) >= count + 3 and len(short.key) >= 4


def _is_misspelt(a: Title, b: Title, *, is_sure: bool) -> bool:
    """Return whether the titles are equal apart from one or two typing errors.

    They are compared with numbers in digits and as spelt, since the error may be in an article or in a
    number. A different number or a plural is not a typing error.
    """
    if _letters_clash(a.words, b.words) or numbers_clash(a.words, b.words):
        return False
    # A short title with another letter is another title, so only longer ones may have errors.
    length = min(max(len(title.key), len("".join(title.spelt)) - 3) for title in (a, b))
    allowed = int(is_sure and length > 2) if length < 6 else 1 if length < 11 else 2
    if not allowed:
        return False
    if numbers_in_words(a.words) == numbers_in_words(b.words) and _is_close(
        a.words, b.words, allowed, is_sure=is_sure
    ):
        return True
    numbers = [sorted(word for word in title.spelt if number_in(word) is not None) for title in (a, b)]
    is_other = numbers_in_words(a.words) - numbers_in_words(b.words) and numbers_in_words(
        b.words
    ) - numbers_in_words(a.words)
    same_numbers = numbers[0] == numbers[1] and not is_other
    return same_numbers and _is_close(a.spelt, b.spelt, allowed, is_sure=is_sure)


def _letters_clash(one: Words, other: Words) -> bool:
    """Return whether the titles differ in a single letter that is a word: "Volume A" and "Volume B"."""
    pairs = zip(one, other, strict=False)
    return len(one) == len(other) and any(len(c) == len(d) == 1 and c != d for c, d in pairs)


def _is_close(one: Words, other: Words, allowed: int, *, is_sure: bool) -> bool:
    a, b = "".join(one), "".join(other)
    distance = OSA.distance(a, b, score_cutoff=allowed)
    # A plural is another title unless something else confirms that the two are one.
    if distance > allowed or (not is_sure and (a == b + "s" or b == a + "s")):
        return False
    if distance < 2:
        return True
    # Two slips may stand in two words or in a long one, but not turn one short word into another.
    return len(one) == len(other) and all(
        OSA.distance(c, d) <= (1 if min(len(c), len(d)) < 8 else 2) for c, d in zip(one, other, strict=True)
    )


def _can_share_isbn(a: Title, b: Title, titles: int, authors: Agreement) -> bool:
    """Return whether two books with a shared ISBN can be one; if not, one has the ISBN by mistake."""
    if a.volume and b.volume and a.volume.span != b.volume.span:
        return False
    if titles or authors not in (Agreement.UNKNOWN, Agreement.DIFFERENT):
        return True
    is_similar = fuzz.token_set_ratio(" ".join(a.words + a.rest), " ".join(b.words + b.rest)) >= 60
    # Titles in different scripts cannot be compared, so the ISBN decides.
    return is_similar or a.key.isascii() != b.key.isascii()


def _has_same_first_author(one: BookDescription, other: BookDescription) -> bool:
    return compare_authors(one.authors[:1], other.authors[:1]) >= Agreement.ALIKE


def _has_same_year(one: BookDescription, other: BookDescription) -> bool:
    return one.year is not None and one.year == other.year


def _years_clash(one: BookDescription, other: BookDescription) -> bool:
    return one.year is not None and other.year is not None and abs(one.year - other.year) > 1


def _has_same_number(a: Title, b: Title) -> bool:
    return any(span and b.series.get(name) == span for name, span in a.series.items())
