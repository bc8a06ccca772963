"""Conversion of a row of an imported library to an Entry, with the conventions of each site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ..matches.field_values import MAX_DESCRIPTION, MAX_TITLE
from ..text.characters import trim_text
from ..text.limits import MAX_SUMMARY
from ..text.remarks import Remark, remark
from ..text.spoilers import find_spoilers
from . import names, values
from .book_facts import authors_of, contributors_of, isbns_of, minutes_of, pages_of, title_of, year_of
from .cells import Cells
from .columns import Columns
from .days import Time, own_times, readings_from, sort_times, times_between
from .entries import MAX_FIELD, Form, LibraryEntry, Skipped
from .review_markdown import from_html, from_markdown, tag_spoilers, text_from
from .shelves import NO_STATUS, meaning_of
from .tables import CUT_OFF, UNCLOSED, Row

OTHERS_RATING = remark("The rating in Calibre may be a bookseller’s, so it was left out.")
PUBLISHERS = "*From the publisher, by way of Calibre.*"
NO_TITLE = remark("This row has no title.")
DELETED = remark("This book was deleted in the app that wrote the file.")
NO_AUTHOR = remark("This row names no author.")
TOO_WIDE = remark("This row has more cells than there are columns, so they cannot be told apart.")
CUT_OFF_CELLS = remark("This row has more cells than there are columns; the last were left out.")
NO_TIMES = remark("“%(text)s” is not a list of days, so it was left out.")
NO_COUNT = remark("“%(text)s” is not a number of times read, so it was left out.")
NO_RATING = remark("“%(text)s” is not a rating, so it was left out.")
# LibraryThing's collection of everything that a member owns; it says nothing about a book.
OWNED = {"your library"}
# A table with fewer columns may have been typed by hand.
FEWEST_OF_EXPORT = 8
# Calibre lists the books that someone owns and says nothing about their reading.
OWNED_TAG = "owned"


def entry_from(row: Row, columns: Columns, day_first: bool) -> LibraryEntry | Skipped:
    """Convert a row as far as it can be read; Skipped, with the reason, if there is no book in it."""
    if row.why:
        return Skipped(row.number, row.why)
    cells = Cells(columns, _trusted_cells(row, columns), day_first)
    if values.is_yes(cells.text("deleted")):
        return Skipped(row.number, DELETED, title_of(cells)[0])
    title, subtitle, series = title_of(cells)
    if not title:
        return Skipped(row.number, row.doubt or NO_TITLE)
    isbns = isbns_of(cells)
    authors = authors_of(cells, columns.form)
    if not authors and not isbns:
        return Skipped(row.number, row.doubt or NO_AUTHOR, title)
    shelf, tags = _shelves(cells, columns.form)
    # Only our own files have a word for it, so a shelf of that name elsewhere is a shelf.
    has_no_status = cells.is_own and shelf == NO_STATUS
    times = _times(cells, columns.form)
    format = values.format_from(cells.text("format")[:100])
    heading, summary, review = _review_words(cells, columns.form)
    entry = LibraryEntry(
        number=row.number,
        title=title,
        subtitle=subtitle,
        authors=authors,
        contributors=contributors_of(cells, columns.form, authors),
        isbns=isbns,
        year=year_of(cells, columns.form),
        # The pages of a recording belong to another edition, or count its discs.
        pages=None if format == "audiobook" and not cells.is_own else pages_of(cells),
        minutes=minutes_of(cells),
        format=format,
        series=series[0],
        series_number=series[1],
        description=_description(cells, columns.form),
        shelf="" if has_no_status else shelf,
        tags=tags,
        rating=_rating(cells, columns.form),
        times=times,
        times_read=_times_read(cells, columns.form, shelf, times),
        added_on=cells.day("added"),
        review_title=heading,
        review_summary=summary,
        review=review,
        has_spoilers=values.is_yes(cells.text("spoilers")) or bool(cells.text("warning")),
        notes=_notes(cells),
        is_private=values.is_yes(cells.text("private")),
        # Calibre’s tags are subjects, and our own export says the status in a column of its own.
        has_no_status=has_no_status,
        has_plain_tags=columns.form in (Form.CALIBRE, Form.BOOKCLUB),
    )
    return _with_problems(entry, cells.problems, row, columns)


def _trusted_cells(row: Row, columns: Columns) -> Sequence[str]:
    """Return the cells of a row without a last one that the end of the file cut off.

    Half a name is another name, but half a text is better than none, so that stays. In a small table the
    last cells may be missing on purpose.
    """
    last = len(row.cells) - 1
    is_text = any(last in columns.numbers.get(role, ()) for role in ("review", "notes", "comment"))
    is_half = row.doubt == CUT_OFF and columns.width >= FEWEST_OF_EXPORT and not is_text
    return row.cells[:last] if is_half else row.cells


def _with_problems(
    entry: LibraryEntry, problems: Sequence[Remark], row: Row, columns: Columns
) -> LibraryEntry | Skipped:
    """Return the entry with its problems; Skipped if they show that its cells are in the wrong columns."""
    surplus = row.cells[columns.width :]
    is_wide = any(cell.strip() for cell in surplus)
    # A delimiter in a cell without quotes moves all cells after it, so an empty one may come last.
    if problems and (is_wide or (surplus and len(problems) > 1)):
        return Skipped(entry.number, TOO_WIDE, entry.title)
    if row.doubt == UNCLOSED and (problems or len(row.cells) != columns.width):
        return Skipped(entry.number, UNCLOSED, entry.title)
    all_problems = [*([row.doubt] if row.doubt else []), *([CUT_OFF_CELLS] if is_wide else []), *problems]
    if not all_problems:
        return entry
    return replace(entry, problems=tuple(dict.fromkeys(all_problems)))


def _shelves(cells: Cells, form: Form) -> tuple[str, tuple[str, ...]]:
    """Return the exclusive shelf, and all other shelves and tags."""
    shelf = cells.own_text("shelf")
    if cells.is_own:
        return shelf or cells.text("status"), names.own_tags(cells.text("shelves"))
    many = [*_tags(cells.own_text("tags")), *_tags(cells.text("lists"))]
    # Genres are other readers’ words, so they count only where the reader’s own tags are missing.
    if not cells.has_column("tags"):
        many += _genres(cells.own_text("genres"))
    if form is Form.BOOKLIST:
        return "", names.distinct(many)
    if form is Form.CALIBRE:
        return "", names.distinct([*many, OWNED_TAG])
    many += _tags(cells.text("shelves") or cells.text("positions"))
    if form is Form.LIBRARYTHING:
        collections = names.tags_from(cells.text("collections"))
        many += [name for name in collections if name.lower() not in OWNED]
    if form is Form.BOOKWYRM and shelf and meaning_of(shelf) is None:
        # The book is on a custom shelf instead of one that says how far its reader is.
        many.append(cells.line("shelf name") or shelf)
        shelf = "stopped-reading" if cells.text("stopped") else ""
    shelf = cells.as_line(shelf) or next((name for name in many if meaning_of(name)), "")
    return shelf, names.distinct(cells.as_line(name) for name in many if name.casefold() != shelf.casefold())


def _tags(text: str) -> Sequence[str]:
    return _genres(text) if names.has_counts(text) else names.tags_from(text)


def _genres(text: str) -> list[str]:
    """Return the genres that others gave the book, without their shelves: those are not this reader's."""
    return [genre for genre in names.crowd_tags(text) if not meaning_of(genre)]


def _times(cells: Cells, form: Form) -> tuple[Time, ...]:
    """Return the times of reading (first day, last day), as far as the days are known."""
    if cells.is_own and cells.text("own times"):
        return cells.value("own times", own_times, (), NO_TIMES)
    none: tuple[Time, ...] = ()
    if readings := cells.value("readings", readings_from, none, NO_TIMES):
        return readings
    known_times = cells.times("times")
    if any(any(time) for time in known_times):
        return sort_times(known_times)
    ranges = cells.times("finished")
    if any(start for start, _ in ranges):
        return sort_times(ranges)
    started, finished = cells.days("started"), [end for _, end in ranges]
    return times_between(started, finished or ([cells.day("stopped")] if form is Form.BOOKWYRM else []))


def _times_read(
    cells: Cells, form: Form, shelf: str, times: Sequence[tuple[date | None, date | None]]
) -> int:
    """Count how often the book was read to its end.

    Goodreads also counts a reading that is not over yet or was given up, so one is subtracted then.
    """
    count = cells.value("count", values.count_from, 0, NO_COUNT)
    if cells.is_own:
        return count
    ended, meaning = sum(end is not None for _, end in times), meaning_of(shelf)
    if form is Form.GOODREADS and meaning in ("reading", "did_not_finish", "to_read"):
        count = max(count - 1, 0)
    if meaning == "did_not_finish":
        return count
    return max(count, ended, meaning == "finished")


def _review_words(cells: Cells, form: Form) -> tuple[str, str, str]:
    """Return title, summary and text of a review.

    Everybody can read titles and summaries, so one with a spoiler becomes the beginning of the text, where
    the spoiler is hidden.
    """
    lines = [cells.line("review title")[:MAX_TITLE], cells.line("review summary")[:MAX_SUMMARY]]
    title, summary = ("" if find_spoilers(line) else line for line in lines)
    moved = [_bar_spoilers(line) for line in lines if find_spoilers(line)]
    return title, summary, "\n\n".join([*moved, *filter(None, [_review(cells, form)])])


def _bar_spoilers(line: str) -> str:
    """Convert a line to Markdown, with its spoilers between bars."""
    return from_html(tag_spoilers(line, is_foreign=False))


def _review(cells: Cells, form: Form) -> str:
    text = cells.text("review")
    if cells.is_own:
        review = text
    elif form is Form.CALIBRE:
        # Calibre's comments are the publisher's words.
        review = ""
    elif form is Form.BOOKWYRM:
        review = from_markdown(text)
    else:
        review = from_html(text.replace("[Return]", "\n") if form is Form.LIBRARYTHING else text)
    if len(review) > MAX_FIELD:
        cells.problems.append(
            remark("The review is longer than %(limit)s characters, so it was left out.", limit=MAX_FIELD)
        )
        return ""
    return review


def _rating(cells: Cells, form: Form) -> int | None:
    """Return the member's rating. Calibre's is left out, since it often comes from a bookseller."""
    rating = cells.value("rating", values.rating_from, None, NO_RATING)
    if rating is None or form is not Form.CALIBRE:
        return rating
    cells.problems.append(OTHERS_RATING)
    return None


def _description(cells: Cells, form: Form) -> str:
    """Return the publisher's words from Calibre, or those of a list of books, if everybody may read them."""
    if form not in (Form.CALIBRE, Form.BOOKLIST):
        return ""
    text = cells.text("review" if form is Form.CALIBRE else "blurb")
    written = from_html(text)
    if form is Form.CALIBRE and written:
        written = f"{written}\n\n{PUBLISHERS}"
    if len(written) > MAX_DESCRIPTION:
        cells.problems.append(
            remark(
                "The description is longer than %(limit)s characters, so it was left out.",
                limit=MAX_DESCRIPTION,
            )
        )
        return ""
    if find_spoilers(written):
        cells.problems.append(remark("The description hides a spoiler, so it was left out."))
        return ""
    return written


def _notes(cells: Cells) -> str:
    """Return the member's private notes, with LibraryThing's comments, which are not reviews."""
    parts = [cells.text("notes"), cells.text("comment")]
    if cells.is_own:
        return trim_text(parts[0])
    return "\n\n".join(text for text in (text_from(part.replace("[Return]", "\n")) for part in parts) if text)
