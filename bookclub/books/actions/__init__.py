"""To keep the catalogue: books with all their parts, editions and chapters. Nothing here commits."""

from .catalogue import add_book, edit_book
from .editions import add_edition, edit_edition
from .match_keys import fill_match_keys
from .openlibrary import LookUp, consult
from .sections import SectionsEdited, edit_sections, note_start, shown_start

__all__ = (
    "LookUp",
    "SectionsEdited",
    "add_book",
    "add_edition",
    "consult",
    "edit_book",
    "edit_edition",
    "edit_sections",
    "fill_match_keys",
    "note_start",
    "shown_start",
)
