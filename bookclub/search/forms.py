"""The form of the search, from its address."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from wtforms import Form, SearchField, SelectField, StringField
from wtforms.validators import Optional

from ..books.forms import did_you_mean
from ..books.queries import book_by_name, find_similar_titles
from ..forms import choices_of
from ..lib.positions.visibility import Viewer
from ..lib.text.characters import clean_line
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext, number_text
from ..lib.text.search_query import LONGEST_QUERY, SearchQuery, parse_query
from ..members.forms import EARLIEST, LATEST, DayField, add_error
from . import queries
from .rules import KIND_NAMES, Group, Narrowing, kinds_for

# Longer names cannot be those of a book or a member, and are not looked for.
LONGEST_NAME = 200


class SearchForm(Form):
    """The words to search for, and all that narrows the search."""

    q = SearchField(lazy_gettext("Search for"), default="")
    kind = SelectField(lazy_gettext("Find"), validate_choice=False, default="")
    book = StringField(lazy_gettext("About the book"), filters=[clean_line], default="")
    by = StringField(lazy_gettext("Written by"), filters=[clean_line], default="")
    since = DayField(lazy_gettext("Since"), [Optional()])

    def offer(self, viewer: Viewer) -> SearchForm:
        """Offer the kinds that this reader may find. Visitors see no members, so they search by none."""
        names = {kind: KIND_NAMES[kind] for kind in kinds_for(viewer)}
        self.kind.choices = choices_of({"": lazy_gettext("Everything"), **names})
        if self.kind.data not in names:
            self.kind.data = ""
        if not viewer.is_member:
            del self.by
        return self

    @property
    def is_asked(self) -> bool:
        """Return whether something was typed to search for."""
        return bool((self.q.data or "").strip())

    @property
    def is_narrowed(self) -> bool:
        """Return whether something besides the words is filled in."""
        return any(field.data or field.errors for field in self if field.name not in ("q", "kind"))

    def asked(self, group: Group) -> dict[str, str]:
        """Return what to ask for to see more of a group: all of its kind, or what follows on such a page."""
        since = self.since.data
        values = {
            "q": self.q.data,
            "kind": group.kind,
            "book": self.book.data,
            "by": self.by.data if "by" in self else "",
            "since": since.isoformat() if since else "",
            "after": str(group.next_after) if self.kind.data and group.next_after else "",
        }
        return {name: value for name, value in values.items() if value}

    def query(self) -> SearchQuery | None:
        """Return what to search for; None, with an error at the field, if that says nothing."""
        text = self.q.data or ""
        if len(text) > LONGEST_QUERY:
            most = number_text(LONGEST_QUERY)
            add_error(self.q, _("Search for at most %(most)s characters, such as a few words.", most=most))
            return None
        query = parse_query(text)
        if not query.wanted:
            add_error(
                self.q,
                _("Add a word to look for: a hyphen only leaves out what has the word.")
                if query.unwanted
                else _("Type at least one word to look for."),
            )
            return None
        return query

    def narrowing(self, zone: str) -> Narrowing:
        """Return what to narrow the search to; what is unknown gets an error. A day begins in this zone."""
        day = self.since.data
        # In the first and the last year of the calendar there may be no such moment in UTC.
        is_usual = day is not None and EARLIEST <= day.year <= LATEST
        since = datetime.combine(day, time.min, ZoneInfo(zone)) if day and is_usual else None
        return Narrowing(self._book_id(), self._member_id() if "by" in self else None, since)

    def _book_id(self) -> int | None:
        text = (self.book.data or "")[:LONGEST_NAME]
        book = book_by_name(text) if text else None
        if text and book is None:
            near = find_similar_titles(text)
            unknown = _("There is no “%(title)s” in the catalogue.", title=text)
            add_error(self.book, f"{unknown} {did_you_mean(near)}" if near else unknown)
        return book.id if book else None

    def _member_id(self) -> int | None:
        text = (self.by.data or "")[:LONGEST_NAME]
        found = queries.member_called(text) if text else None
        if text and found is None:
            add_error(self.by, _("Nobody in the club is called “%(name)s”.", name=text))
        return found
