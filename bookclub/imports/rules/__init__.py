"""How a library from elsewhere is read, row by row, and what its shelves mean here."""

from .entries import MAX_BYTES, MAX_FIELD, MAX_ROWS, Entry, Foreign, Form, Refused, Skipped
from .keeping import book_of, edition_of, entry_from, kept_entry, one_line, said_of, shown_title
from .mapping import BECOMES, ShelfChoice, ShelfCount
from .merging import Merged, merge
from .reading import open_library
from .said import Said
from .shelves import meaning_of
from .stops import MAX_STOP_REASON, STOPPERS, say_stopped, say_stopped_to_organisers
from .telling import OUTCOMES, Counts, report_lines, say_all_kept, say_merged, say_taken

__all__ = (
    "BECOMES",
    "MAX_BYTES",
    "MAX_FIELD",
    "MAX_ROWS",
    "MAX_STOP_REASON",
    "OUTCOMES",
    "STOPPERS",
    "Counts",
    "Entry",
    "Foreign",
    "Form",
    "Merged",
    "Refused",
    "Said",
    "ShelfChoice",
    "ShelfCount",
    "Skipped",
    "book_of",
    "edition_of",
    "entry_from",
    "kept_entry",
    "meaning_of",
    "merge",
    "one_line",
    "open_library",
    "report_lines",
    "said_of",
    "say_all_kept",
    "say_merged",
    "say_stopped",
    "say_stopped_to_organisers",
    "say_taken",
    "shown_title",
)
