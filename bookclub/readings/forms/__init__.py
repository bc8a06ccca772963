"""How far a member is in a book, how many stars they give it, and what else they say of their reading."""

from .reading import ReadingForm
from .shown import reading_form_for, standing_of
from .texts import RATINGS, SECRECY, STATUSES, UNITS, Said

__all__ = (
    "RATINGS",
    "SECRECY",
    "STATUSES",
    "UNITS",
    "ReadingForm",
    "Said",
    "reading_form_for",
    "standing_of",
)
