"""Covers from Open Library, for a member who asks for that of a book."""

from __future__ import annotations

from datetime import timedelta

from ..books.events import on_cover
from ..books.look_ups import FoundCover, WantedCover
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext
from . import outages, records, urls
from .actions import Exchange, in_club
from .client import SECONDS_FOR_COVER, the_open_library

# Few books have more editions, and each costs a request.
MOST_ISBNS = 3


class CoverExchange(Exchange):
    """Requests for a cover, whose failures are told to a member who looks for a picture."""

    much_asked = lazy_gettext(
        "The club has asked Open Library a lot in the last minute. Choose a picture yourself, or try again"
        " soon."
    )

    def say(self, status: int, wait: timedelta) -> str | None:
        """Return the sentence about a failed answer, or None."""
        return outages.cover_trouble_of(status, wait)

    def cover(self, path: str) -> bytes:
        """Return the bytes of the cover at this path; none if there is none, or no answer.

        The image itself is not cached: the club keeps it as a picture.
        """
        _known, reply = self._ask(path, self.client.ask_cover, lifetime=timedelta(0))
        return reply.image if reply else b""


@on_cover
def find_cover(wanted: WantedCover | None) -> FoundCover | None:
    """Return the cover that Open Library has of a book, or why it has none. Nothing is asked without a wish.

    Returns None if the club does not use Open Library.
    """
    client = the_open_library()
    if client is None:
        return None
    if wanted is None:
        return FoundCover()
    exchange = CoverExchange(client, SECONDS_FOR_COVER)
    for isbn in wanted.isbns[:MOST_ISBNS]:
        if content := exchange.cover(urls.isbn_cover_path(isbn)):
            return FoundCover(content)
    for number in cover_numbers(exchange, wanted):
        if content := exchange.cover(urls.cover_path(number)):
            return FoundCover(content)
    return FoundCover(
        trouble=exchange.trouble or _("Open Library has no cover of this book. Choose a picture yourself.")
    )


def cover_numbers(exchange: Exchange, wanted: WantedCover) -> list[int]:
    """Return the number of the cover of the work that a search takes for this book, if there is one."""
    path = urls.title_path(wanted.title, wanted.author)
    if path is None or exchange.trouble:
        return []
    sought = urls.Sought(wanted.title)
    # Of a book that only looks like this one the cover would be wrong.
    choices = records.choices_from(exchange.ask(path), sought, latest=9999)
    known = in_club(choices)
    found = [one.cover for one in choices if one.id in known and known[one.id].id == wanted.book_id]
    return [number for number in found if number][:1]
