"""The forms in which books, editions and chapters are kept, and the filters of the catalogue."""

from .catalogue import BookEditForm, BookForm, FilterForm, edit_form_for, latest_year
from .editions import EditionEditForm, EditionForm, edition_form_for
from .sections import SectionsForm, StartForm, noted_as

__all__ = (
    "BookEditForm",
    "BookForm",
    "EditionEditForm",
    "EditionForm",
    "FilterForm",
    "SectionsForm",
    "StartForm",
    "edit_form_for",
    "edition_form_for",
    "latest_year",
    "noted_as",
)
