"""Rules for readings: notes, own tags, what a text says about a reading, and the progress strip."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from ..lib.matches.field_values import FieldError, line_from, refuse_long_text
from ..lib.positions.contents import Contents, SectionPlace, place_text, section_id_in
from ..lib.positions.measures import Measures
from ..lib.positions.places import END, START, minutes_from, percent
from ..lib.positions.progress import Progress, ReadingTimes, month_text
from ..lib.text.characters import clean_line, clean_text
from ..lib.text.durations import minutes_text
from ..lib.text.keys import key_of
from ..lib.text.limits import MAX_NOTES
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext, list_text, ngettext, number_text

# A tag of one reader, in characters, and their number on one book.
MAX_OWN_TAG = 100
MAX_OWN_TAGS = 50
# The most books that a member is offered to mark as read at once.
MOST_PAST_READS = 60
# Home shows so many books of a member's shelf; the profile has the rest.
SHORT_SHELF = 6

Time = tuple[date | None, date | None]


@dataclass(frozen=True)
class OwnDetails:
    """Private facts of one reader about one book: own tags, earlier times, and their wish for spoilers.

    A time is a pair of the days on which they started and finished. ``reveals`` says that they do not mind
    spoilers.
    """

    tags: tuple[str, ...] = ()
    times: tuple[Time, ...] = ()
    reveals: bool = False

    @property
    def earlier(self) -> str:
        """The earlier times in words, or "" if there are none."""
        return earlier_text(self.times)


def notes_from(text: str) -> str:
    """Return a reader's notes as they are stored: plain text with its lines; "" if nothing is visible.

    Raises FieldError if they are too long.
    """
    lines = (line.expandtabs(1).rstrip() for line in clean_text(text).split("\n"))
    # Only empty lines go at the ends, so a first line keeps its indentation.
    notes = "\n".join(lines).strip("\n")
    if len(notes) > MAX_NOTES:
        raise FieldError(
            _(
                "Notes may have %(most)s characters; these have %(count)s. Shorten them.",
                most=number_text(MAX_NOTES),
                count=number_text(len(notes)),
            )
        )
    return notes if notes.strip() else ""


def own_tags_from(text: str) -> tuple[str, ...]:
    """Return a reader's own tags from a list with commas, each once, spelt as typed. Raises FieldError."""
    refuse_long_text(text)
    tags: dict[str, str] = {}
    for part in text.replace("\n", ",").split(","):
        if tag := line_from(part, MAX_OWN_TAG, _("A tag")):
            tags.setdefault(key_of(tag), tag)
    if len(tags) > MAX_OWN_TAGS:
        raise FieldError(
            _(
                "A book may have %(most)s tags of your own; these are %(count)s. Remove some.",
                most=MAX_OWN_TAGS,
                count=len(tags),
            )
        )
    return tuple(tags.values())


def own_tag(name: str) -> str:
    """Return the own tag for an imported shelf of this name, cut to fit; "" if nothing is left.

    Commas are removed: when the tags are edited, a comma would end the tag.
    """
    line = clean_line(name.replace(",", " "))
    try:
        return line_from(line[:MAX_OWN_TAG].strip(), MAX_OWN_TAG, _("A tag"))
    except FieldError:
        return ""


def earlier_text(times: Iterable[Time]) -> str:
    """Return when a book was read before: "Read in 2015 and 2019"; "" if no year is known.

    A time counts for the year in which it ended, or else began.
    """
    days = sorted(day for started, finished in times if (day := finished or started))
    years = list(dict.fromkeys(str(day.year) for day in days))
    return _("Read in %(years)s", years=list_text(years)) if years else ""


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def number_of_moment(moment: datetime) -> int:
    """Return a moment as microseconds since 1970, exactly, for an address."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment_from(number: int) -> datetime:
    """Return the moment that ``number_of_moment()`` wrote; 1970 for a number that it cannot have written."""
    try:
        return _EPOCH + timedelta(microseconds=number)
    except OverflowError:
        return _EPOCH


# Ratings in half stars, for words such as "loved it" and "liked it".
LOVED, LIKED = 10, 8
# The first characters of a long text are enough: those who say it say it early.
MOST_READ = 5000
DEEDS = {
    "finished": lazy_gettext("Finished"),
    "did_not_finish": lazy_gettext("Did not finish"),
    "to_read": lazy_gettext("Want to read"),
}

_IT = r"(?:it|this(?: (?:one|book|novel))?|the (?:book|novel))"
_VERY = r"(?:(?:really|absolutely|just|simply|so|very|quite|truly|have|i|have just|only) ){0,5}"
# The words before a statement about oneself: the start of a sentence or a clause, or "I".
_SELF = r"(?:(?:^|[,;:–—(]|\b(?:and|but|so)\b) ?|\bi(?:['’]ve|['’]m|['’]ll)? )"
# The order matters: the first phrase that matches a sentence decides.
_PHRASES = (
    ("finished", LOVED, rf"(?:loved|adored) {_IT}\b"),
    ("finished", LIKED, rf"(?:liked|enjoyed) {_IT}\b"),
    ("did_not_finish", None, rf"(?:gave up(?: on {_IT})?|abandoned {_IT})\b"),
    ("did_not_finish", None, rf"(?:did not|didn['’]t|could not|couldn['’]t) finish(?: {_IT})?\b"),
    ("finished", None, rf"(?:finished|read) {_IT}\b"),
    ("finished", None, r"finished reading\b"),
    ("to_read", None, rf"(?:am )?(?:plan|planning|want|intend|going|hope|hoping) to (?:read|start) {_IT}\b"),
)
_SAYING = tuple(
    (status, rating, re.compile(rf"{_SELF}{_VERY}(?P<said>{words})")) for status, rating, words in _PHRASES
)
# These are not the member's own words about this book: quotations, code, spoilers.
_NOT_OWN = re.compile(r"^ *>.*$|`[^`]*`|\|\|.*?\|\||“[^“”]*”|\"[^\"]*\"", re.MULTILINE)
_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]?")
# With one of these words nothing has happened, or it happened to someone else.
_UNSURE = re.compile(
    r"\b(?:if|unless|would|could have|should have|might|wish|almost|nearly|not|never|nobody)\b|n['’]t\b"
)
# "Did not finish" contains "not" and is still a clear statement, so it is taken out before _UNSURE looks.
_DID_NOT = re.compile(r"\b(?:did not|didn['’]t|could not|couldn['’]t) finish\b")


@dataclass(frozen=True)
class Statement:
    """A member's words and the reading that they speak of: its status, and a rating in half stars."""

    words: str
    status: str
    rating: int | None = None

    @property
    def stars(self) -> str:
        """The rating as the form of a reading takes it, or ""."""
        return f"{self.rating / 2:g}" if self.rating else ""

    @property
    def deed(self) -> str:
        """The deed that would be noted: "Finished, 5 stars"."""
        if not self.stars:
            return str(DEEDS[self.status])
        # Only words about a finished book carry stars, and they are four or five.
        return _("Finished, %(stars)s stars", stars=self.stars)

    def is_news(self, status: str | None, rating: int | None) -> bool:
        """Return whether it says more than the member's reading; a status of None: none is known."""
        if self.status == "to_read":
            return status is None
        if self.status == "did_not_finish":
            # Words about giving up never take back that a book was finished.
            return status in (None, "to_read", "reading")
        # A rating that the member gave is never put in question, even if their words sound different.
        return status != "finished" or (self.rating is not None and rating is None)


class Offer(NamedTuple):
    """Offer to record what a member said: plain values, which can wait for the next page."""

    slug: str
    title: str
    words: str
    deed: str
    status: str
    stars: str
    made_from: str = ""


def find_statement(text: str) -> Statement | None:
    """Return what the first clear sentence says its author has read, gave up or plans to read; else None.

    ``text`` is Markdown as it was typed. Only plain English in the first person counts. Questions,
    quotations, and sentences with a doubt, a "not" or another book in them do not.
    """
    own = _NOT_OWN.sub(" ", text[:MOST_READ].casefold())
    for sentence in _SENTENCE.findall(own):
        # Double brackets mention another book, and the sentence may be about that one.
        if sentence.endswith("?") or "[[" in sentence or _UNSURE.search(_DID_NOT.sub(" ", sentence)):
            continue
        # Emphasis may stand inside a phrase, as in "I *loved* it".
        plain = " ".join(re.sub(r"[*_~]", "", sentence).split())
        for status, rating, pattern in _SAYING:
            if found := pattern.search(plain):
                return Statement(found["said"], status, rating)
    return None


def leap_question(position: int, entry: str | None, contents: Contents) -> str:
    """Return the question whether somebody has read so much since they last said where they are.

    ``entry`` names the chapter, if they would have finished one.
    """
    named = section_id_in(entry or "")
    section = contents.section(named) if named is not None else None
    if position == END:
        return _("Have you really finished the book?")
    if section is not None:
        number = number_text(section.number)
        return _("Have you really read up to the end of chapter %(number)s?", number=number)
    return _("Have you really read up to %(place)s?", place=percent(position))


# A page as people type it: "61", "p. 61", "page 61" or "xii".
_PAGE = re.compile(r"(?:p(?:age|p)?\.?\s*)?(\d+|[ivxlcdm]+)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class ProgressStrip:
    """Everything that the progress strip shows about one reader in one book.

    ``progress`` is None if they never touched the book. ``entry`` and ``unit`` are the last place as they
    typed it; ``edition_id`` and ``length`` name the printing in which they count. ``typed`` (in
    ``typed_unit``) and ``error`` are set when a place has just been refused. ``made_from`` has the digests of
    the form. ``rating`` is in half stars. ``can_undo`` says that the last change can be taken back.
    """

    progress: Progress | None = None
    times: ReadingTimes = field(default_factory=ReadingTimes)
    measures: Measures = field(default_factory=Measures)
    entry: str = ""
    unit: str = ""
    edition_id: int | None = None
    length: int | None = None
    length_unit: str | None = None
    planned_month: str | None = None
    is_private: bool = False
    typed: str = ""
    typed_unit: str = ""
    error: str = ""
    made_from: str = ""
    rating: int | None = None
    can_undo: bool = False

    @property
    def status(self) -> str:
        """The status, "" while none is known."""
        return (self.progress.status or "") if self.progress else ""

    @property
    def position(self) -> int | None:
        return self.progress.position if self.progress else None

    @property
    def units(self) -> tuple[str, ...]:
        """The units for the small field: those whose length is known, and always percent.

        Chapters are not among them, because they have a button.
        """
        return (*(unit for unit in ("page", "minute") if self.scaled(unit) is not None), "percent")

    @property
    def default_unit(self) -> str:
        """The unit that was just typed, or else the one last used, or else the book's own."""
        return next(unit for unit in (self.typed_unit, self.unit, self.units[0]) if unit in self.units)

    def scaled(self, unit: str) -> int | None:
        """Return the length of this reader's printing in pages or minutes; None if nobody gave it."""
        # The reader's own length goes before that of any edition, but only in its own unit.
        own = self.length if unit == (self.length_unit or self.unit) else None
        scale = self.measures.scale(unit, self.edition_id, own)
        return scale.length if scale else None

    @property
    def following(self) -> SectionPlace | None:
        """The chapter that the reader will finish next, if the known starts of chapters say which.

        If they do not, nothing is offered: one tap must never unlock what was not read.
        """
        if self.status in ("finished", "did_not_finish"):
            return None
        contents, position = self.measures.contents, self.position or START
        if (named := section_id_in(self.entry)) is not None and (last := contents.section(named)):
            # A reader who named a chapter has read it to the end, even if nobody knows where that is.
            expected = last.number + 1
        else:
            reached = contents.reached(position)
            expected = reached.number + 1 if reached else 1
        following = contents.following(position)
        # A chapter in between whose start is unknown would be passed over, and a tap would unlock it unread.
        return following if following and following.number <= expected else None

    @property
    def is_only_rated(self) -> bool:
        """True if the reader has given stars and not said whether they have read the book."""
        return not self.status and self.rating is not None

    @property
    def words(self) -> str:
        """The reader's place in a sentence: "You are at chapter 5."."""
        contents = self.measures.contents
        if self.is_only_rated:
            return _("Have you finished it?")
        if self.status == "finished":
            return _("You have finished it.")
        if self.status == "did_not_finish":
            if self.position is None:
                return _("You stopped reading.")
            return _("You stopped at %(place)s.", place=self._percent)
        if self.status == "to_read" and self.position is None:
            return _("You want to read it.")
        if self.status == "reading" and self.position is None:
            return _("You are reading it again.") if self._again else _("You are reading it.")
        return place_text(self.position, contents)

    def details(self, this_year: int) -> tuple[str, ...]:
        """Return the further details: the page, the percentage, a plan, the number of times it was read."""
        return tuple(part for part in self._details(this_year) if part)

    def _details(self, this_year: int) -> tuple[str, ...]:
        printed = self._printed
        reads = self.status == "reading"
        planned = self.planned_month if self.status == "to_read" else None
        times = self.times.times_read if self.status == "finished" else 0
        return (
            printed,
            # The sentence itself may name the percentage already.
            self._percent if reads and (printed or self._percent not in self.words) else "",
            _("as if it were new") if reads and self.progress and self.progress.held is not None else "",
            _("reading it again") if reads and self._again and self.position is not None else "",
            _("planned for %(month)s", month=month_text(planned, this_year)) if planned else "",
            ngettext("read once", "read %(num)s times", times) if times > 1 else "",
            _("only you see this") if self.is_private else "",
        )

    @property
    def _again(self) -> bool:
        return self.progress is not None and self.progress.again

    @property
    def _percent(self) -> str:
        return "" if self.position is None else percent(self.position)

    @property
    def _printed(self) -> str:
        """The page or time as the reader typed it, with the total."""
        length = self.scaled(self.unit) if self.unit in ("page", "minute") else None
        # An entry in an edition of unknown length cannot say "of 282".
        if length is None or not self.entry or self.status != "reading":
            return ""
        if self.unit == "minute":
            heard = minutes_text(int(minutes_from(self.entry)))
            return _("%(heard)s of %(length)s", heard=heard, length=minutes_text(length))
        page = _PAGE.fullmatch(self.entry.strip())
        return _("page %(page)s of %(pages)s", page=page[1], pages=number_text(length)) if page else ""
