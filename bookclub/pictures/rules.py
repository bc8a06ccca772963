"""Policy for pictures: how large, how many, how long, and the words in which one is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from importlib.util import find_spec
from typing import Any, NamedTuple

from ..lib.images import renditions
from ..lib.text.messages import gettext as _
from ..lib.text.messages import number_text

MEBIBYTE = 1024 * 1024
# The largest file in bytes, and all files of one form together. A form has its text and its tokens besides,
# so that proxies have to let 12 MB through.
LARGEST = 10 * MEBIBYTE
# The stored copies of one member, in bytes: about 600 photos.
SPACE = 300 * MEBIBYTE
# A picture that no post shows is kept so long, for a form that somebody comes back to.
LOOSE_FOR = timedelta(days=1)
# An address that a member gets when they reveal one post on purpose works for ten minutes.
REVEALED_FOR_SECONDS = 600


# Covers are kept by browsers and proxies for a year where the club is public. In a private club, and of a
# member, a browser keeps a picture for an hour, so that it is gone soon after its reader is.
KEPT_FOR_SECONDS = 365 * 86_400
KEPT_PRIVATELY_FOR_SECONDS = 3_600
# Widths in pixels of the copies of a cover, which pages show up to 240 wide, and of a member's and the club's
# picture, up to 80: for coarse screens and for fine ones.
COVER_WIDTHS = (120, 240, 480)
PORTRAIT_WIDTHS = EMBLEM_WIDTHS = (80, 240)


class PicturePlace(NamedTuple):
    """A place that one picture at most belongs to: a book, a member's page, or the club."""

    column: str
    key: Any
    widths: tuple[int, ...]


def cover_of(book_id: int) -> PicturePlace:
    """Return the place of a book's cover."""
    return PicturePlace("book_id", book_id, COVER_WIDTHS)


def portrait_of(member_id: int) -> PicturePlace:
    """Return the place of a member's picture of themselves."""
    return PicturePlace("portrait_of_id", member_id, PORTRAIT_WIDTHS)


def emblem_of_club() -> PicturePlace:
    """Return the place of the club's picture."""
    return PicturePlace("of_club", True, EMBLEM_WIDTHS)


def size_text(size: int) -> str:
    """Return a size in bytes for people: "340 kB" or "12 MB"."""
    if size < MEBIBYTE:
        return _("%(size)s kB", size=number_text(-(-size // 1024)))
    return _("%(size)s MB", size=number_text(-(-size // MEBIBYTE)))


def picture_types() -> str:
    """Return the types of files that a browser offers to choose, as the attribute "accept" has them.

    HEIC is among them only where it can be read: otherwise a phone sends its photos as JPEG by itself.
    """
    types = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"]
    return ",".join([*types, *(["image/heic", ".heic"] if find_spec("pi_heif") else [])])


def refusal_text(reason: str, name: str) -> str:
    """Return the sentence that says why the file with this name is not taken."""
    if reason == renditions.HEIC:
        return _(
            "This club cannot read HEIC photos, as “%(name)s” is one. Save it as JPEG and choose that.",
            name=name,
        )
    if reason == renditions.BROKEN:
        return _("“%(name)s” is damaged or incomplete. Save it again and choose the new file.", name=name)
    if reason == renditions.LARGE:
        return _(
            "“%(name)s” has too many pixels. Make it smaller: at most %(most)s million pixels in all, and "
            "%(side)s on each side.",
            name=name,
            most=number_text(renditions.MOST_PIXELS // 1_000_000),
            side=number_text(renditions.MOST_SIDE),
        )
    if reason == renditions.DOUBLE:
        return _(
            "“%(name)s” is a picture and something else in one file. Save it again as a picture alone.",
            name=name,
        )
    return _(
        "“%(name)s” is not a picture that can be shown here. Choose a JPEG, PNG, WebP, GIF or AVIF.",
        name=name,
    )


def too_large_text(name: str) -> str:
    """Return the sentence that refuses a file of more than LARGEST bytes."""
    return _(
        "“%(name)s” is larger than %(most)s MB. Choose a smaller one.",
        name=name,
        most=number_text(LARGEST // MEBIBYTE),
    )


def no_space_text() -> str:
    """Return the sentence for a member whose pictures have taken all of their space."""
    return _(
        "Your pictures fill the %(most)s MB that each member has. Delete some of them first.",
        most=number_text(SPACE // MEBIBYTE),
    )


def busy_text(name: str) -> str:
    """Return the sentence for a file that could not be read yet, since others are being read."""
    return _(
        "“%(name)s” has to wait, because others are sending pictures, too. Choose it again in a minute.",
        name=name,
    )


def no_words_text(numbers: Sequence[int]) -> str:
    """Return the sentence that asks for the words of pictures that have none."""
    return _(
        "Say in a few words what the picture shows, for people who cannot see it: write them between the "
        "brackets of %(reference)s.",
        reference=f"![](/pictures/{numbers[0]})",
    )
