"""Merge rows of an import into a member's readings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time

from ..bulk import table_of, write_numbered, write_rows
from ..extensions import Base, db
from ..lib.library_files.entries import LibraryEntry
from ..lib.positions.places import END
from ..lib.positions.progress import Progress, move
from ..lib.text.characters import clean_line
from ..lib.text.keys import key_of
from ..lib.text.limits import MAX_SUMMARY
from ..lib.text.remarks import Remark, remark
from ..readings.actions import keep_promises
from ..readings.models import OwnTag, Reading, ReadThrough
from ..readings.queries import promises_on
from ..reviews.models import ReviewDraft
from ..reviews.rules import MAX_TITLE
from .models import Import, ImportedReading
from .queries import RowBooks
from .recorded_values import RecordedValues
from .report_text import merged_remark, taken_remarks
from .three_way_merge import Merged, merge

# Time of a reading without a date: it stands behind everything else on the shelf.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NOTHING_NEW = remark("Nothing new.")
REPEATED = remark("Row %(row)s is about the same book.")


class ReadingMerge:
    """Rows of one import, merged one after the other: a later row meets what an earlier one has brought.

    ``values`` are those of the readings met so far, by book, and ``new`` the readings that the import began.
    """

    def __init__(self, brought: Import, library: RowBooks, now: datetime) -> None:
        self.brought, self.library, self.now = brought, library, now
        self.values: dict[int, RecordedValues] = {}
        self.new: list[Reading] = []
        self.remembered: list[ImportedReading] = []

    def take(
        self, book_id: int, is_new_book: bool, entry: LibraryEntry, file: RecordedValues
    ) -> tuple[str, tuple[Remark, ...]]:
        """Merge one row into the member's reading of its book. Return the outcome, and why."""
        if book_id not in self.values:
            self._start(book_id, entry, file)
        reading, here = self.library.readings[book_id], self.values[book_id]
        before = self.library.imported.get(book_id)
        is_repeated = before is not None and before.import_id == self.brought.id
        if not here.review and entry.review and self.library.reviews.get(book_id) == file.review:
            # A review that is already published word for word needs no draft.
            here = replace(here, review=file.review)
        merged = merge(here, before.said if before else {}, file, is_repeated=is_repeated)
        self._apply(reading, merged, entry)
        self._remember(book_id, before, merged)
        # The row that it repeats may have come in an earlier chunk, so the library knows those, too.
        first = self.library.first_rows.setdefault(book_id, entry.number)
        remarks = (REPEATED.fill(row=first),) if is_repeated else ()
        if _is_new(reading) and not is_repeated:
            has_review = "review" in merged.changed
            return "taken", taken_remarks(file.status, file.rating, len(file.tags), has_review, is_new_book)
        if merged.changed:
            remarks = (*remarks, merged_remark(merged.changed))
        if merged.kept:
            return "kept", (*remarks, *merged.kept)
        if merged.changed:
            return "merged", remarks
        return "same", remarks or (NOTHING_NEW,)

    def write(self) -> None:
        """Write the rows that belong to new readings.

        Nobody is notified: a book finished elsewhere, perhaps years ago, is no news.
        """
        for reading, id in zip(self.new, write_numbered(Reading, map(_columns_of, self.new)), strict=True):
            reading.id = id
        # These rows name the reading, so it had to get its id first.
        write_rows(ReadThrough, self._new_times())
        write_rows(OwnTag, self._new_tags())
        write_rows(ImportedReading, map(_columns_of, self.remembered))

    def _new_times(self) -> Iterator[dict[str, object]]:
        for book_id, values in self.values.items():
            reading_id = self.library.readings[book_id].id
            known = {(one.started_on, one.finished_on) for one in self.library.earlier[reading_id]}
            for started, finished in values.earlier:
                if (started, finished) not in known:
                    yield {"reading_id": reading_id, "started_on": started, "finished_on": finished}

    def _new_tags(self) -> Iterator[dict[str, object]]:
        for book_id, values in self.values.items():
            reading_id = self.library.readings[book_id].id
            known = {tag.name_key for tag in self.library.tags[reading_id]}
            for tag in values.tags:
                if (key := key_of(tag)) not in known:
                    yield {"reading_id": reading_id, "name": tag, "name_key": key}

    def _start(self, book_id: int, entry: LibraryEntry, file: RecordedValues) -> None:
        """Note the values that stand here, of a reading that begins now if there is none."""
        draft = self.library.drafts.get(book_id)
        values = RecordedValues(review=draft.body if draft else "")
        if reading := self.library.readings.get(book_id):
            self.values[book_id] = replace(
                values,
                status=reading.status or "",
                rating=reading.rating,
                started_on=reading.started_on,
                finished_on=reading.finished_on,
                times_read=reading.times_read or 0,
                earlier=tuple((one.started_on, one.finished_on) for one in self.library.earlier[reading.id]),
                notes=reading.notes or "",
                tags=tuple(tag.name for tag in self.library.tags[reading.id]),
            )
            return
        self.values[book_id] = values
        # It stays outside the session, so every column is given a value that a flush would have given it.
        reading = Reading(
            member_id=self.brought.member_id,
            book_id=book_id,
            status=None,
            rating=None,
            mark=0,
            seen_mark=0,
            times_read=0,
            is_private=entry.is_private,
            is_again=False,
            notes="",
            changed_at=_changed_at(entry, file, self.now),
        )
        self.library.readings[book_id] = reading
        self.new.append(reading)

    def _apply(self, reading: Reading, merged: Merged, entry: LibraryEntry) -> None:
        """Apply merged values to a reading, its draft and its book's rating."""
        # The book’s sum changes by the difference, so the rating that counted until now is kept aside.
        values, counted = merged.values, reading.public_rating
        if "status" in merged.changed:
            self._move(reading, values)
        for name in ("rating", "started_on", "finished_on", "times_read", "notes"):
            if name in merged.changed:
                setattr(reading, name, getattr(values, name))
        if merged.changed and not _is_new(reading):
            # The cache of recommendations finds changed readings by this time.
            reading.changed_at = self.now
        self.library.books[reading.book_id].count_rating(counted, reading.public_rating)
        if "review" in merged.changed:
            self._write_draft(reading.book_id, entry, values.review)
        self.values[reading.book_id] = values

    def _move(self, reading: Reading, values: RecordedValues) -> None:
        """Move a reader to their new status, and to the end of a book that they have finished."""
        if _is_new(reading):
            after = move(None, values.status, None)
            if values.times_read and values.status in ("to_read", "reading"):
                after = Progress(values.status, None, END, again=True)
            reading.move(after, reading.changed_at)
            # What others say of a book that they read elsewhere is no news to them.
            reading.seen_mark = reading.mark
            return
        was = reading.status
        reading.move(move(reading.progress, values.status, None), self.now)
        if values.status == "finished":
            # The page or percentage that they typed last lies before the end.
            reading.entry = None
            if was != "finished" and self._was_promised_before(reading, values):
                keep_promises(reading, self.now)

    def _was_promised_before(self, reading: Reading, values: RecordedValues) -> bool:
        """Return True if someone asked to hear of it before it was finished; older ends are no news."""
        finished = values.finished_on
        return finished is not None and any(
            given.asked_at.date() <= finished for given in promises_on(reading.id)
        )

    def _write_draft(self, book_id: int, entry: LibraryEntry, body: str) -> None:
        draft = self.library.drafts.get(book_id)
        if draft is None:
            draft = ReviewDraft(member_id=self.brought.member_id, book_id=book_id, body=body)
            self.library.drafts[book_id] = draft
            db.session.add(draft)
        # Lines in files may be longer than those that the form of a review takes.
        draft.title = clean_line(entry.review_title)[:MAX_TITLE]
        draft.summary = clean_line(entry.review_summary)[:MAX_SUMMARY]
        draft.body, draft.has_spoilers = body, entry.has_spoilers
        draft.written_on, draft.changed_at = entry.last_day, self.now

    def _remember(self, book_id: int, before: ImportedReading | None, merged: Merged) -> None:
        if before is None:
            before = ImportedReading(member_id=self.brought.member_id, book_id=book_id)
            self.library.imported[book_id] = before
            self.remembered.append(before)
        before.said, before.import_id = merged.remembered, self.brought.id


def _is_new(reading: Reading) -> bool:
    # A reading that this import began gets its id when the whole chunk is written.
    return reading.id is None


def _columns_of(row: Base) -> dict[str, object]:
    """Columns of a row, except for its id."""
    return {column.key: getattr(row, column.key) for column in table_of(type(row)).c if column.key != "id"}


def _changed_at(entry: LibraryEntry, file: RecordedValues, now: datetime) -> datetime:
    """Time of an imported reading's last change, so that shelves stand in the order of the years."""
    day = entry.last_day or entry.added_on
    # A book that is being read stands in front, whenever it was begun.
    if file.status == "reading":
        return now
    # Noon in UTC is the same day in nearly all time zones.
    return min(datetime.combine(day, time(12), UTC), now) if day else LONG_AGO
