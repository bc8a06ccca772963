"""How far a member is in a book, how many stars they give it, and what else they say of their reading."""

from .reading import RATINGS, SECRECY, STATUSES, UNITS, ReadingForm, Said
from .shown import reading_form_for, standing_of

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
