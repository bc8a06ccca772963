"""Open Library: how it is asked, how its records are read, and what is said where it does not answer."""

from .asking import Sought, id_from, isbn_path, record_path, sought_from, summary_path
from .reading import (
    Choice,
    Record,
    authors_of,
    choice_of,
    choices_from,
    description_in,
    line,
    moved_to,
    names_in,
    pages_in,
    used,
    work_of,
    year_in,
)
from .subjects import subjects_in, tags_among
from .troubles import MAX_A_MINUTE, PAUSING, kept_for, trouble_of, wait_from

__all__ = (
    "MAX_A_MINUTE",
    "PAUSING",
    "Choice",
    "Record",
    "Sought",
    "authors_of",
    "choice_of",
    "choices_from",
    "description_in",
    "id_from",
    "isbn_path",
    "kept_for",
    "line",
    "moved_to",
    "names_in",
    "pages_in",
    "record_path",
    "sought_from",
    "subjects_in",
    "summary_path",
    "tags_among",
    "trouble_of",
    "used",
    "wait_from",
    "work_of",
    "year_in",
)
