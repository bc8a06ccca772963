"""Values of a book's fields (title, tags, year, adaptations), parsed or refused with a sentence."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ..text.characters import clean_line, clean_text
from ..text.confusables import is_visible
from ..text.keys import fold, key_of
from ..text.messages import gettext as _
from ..text.messages import lazy_gettext, list_text, ngettext, number_text
from ..text.spoilers import spoiler_problem

MAX_TITLE = 200
MAX_NAME = 120
MAX_AUTHORS = 20
MAX_TAG = 50
MAX_TAGS = 20
MAX_DESCRIPTION = 10_000
MAX_ADAPTATIONS = 30
# 3 titles: title, subtitle and series. An adaptation counts twice: its title, then year, kind and maker.
LONGEST_FORM = (
    MAX_DESCRIPTION
    + 3 * MAX_TITLE
    + MAX_AUTHORS * MAX_NAME
    + MAX_TAGS * MAX_TAG
    + MAX_ADAPTATIONS * 2 * MAX_TITLE
)
# No text that is read today is older than this.
EARLIEST_YEAR = -4000
# Publishers announce books some years ahead, and members may add those.
YEARS_AHEAD = 3
# The year of this release: a server whose clock was never set reports an earlier year.
THIS_YEAR = 2026

KINDS = {
    "film": "film",
    "movie": "film",
    "television": "television",
    "tv": "television",
    "tv series": "television",
    "series": "television",
    "stage": "stage",
    "play": "stage",
    "theatre": "stage",
    "musical": "stage",
    "opera": "opera",
    "radio": "radio",
    "other": "other",
}
KIND_NAMES = ("film", "television", "stage", "opera", "radio", "other")
# The same for readers of any language.
KIND_WORDS = {
    "film": lazy_gettext("film"),
    "television": lazy_gettext("television"),
    "stage": lazy_gettext("stage"),
    "opera": lazy_gettext("opera"),
    "radio": lazy_gettext("radio"),
    "other": lazy_gettext("other adaptation"),
}

_NAME_SEPARATORS = re.compile(r"[;；\r\n]")
_TAG_SEPARATORS = re.compile(r"[,，、;；\r\n]")
_BC = re.compile(r"(\d+)\s*b\.?\s?c\.?(?:\s?e\.?)?", re.IGNORECASE)

# No real entry in a field is longer, and the patterns that read fields are slow on long text.
LONGEST_ENTRY = 10_000


def latest_year(year: int) -> int:
    """Return the last year that a book may have; ``year`` is what the server's clock says."""
    return max(year, THIS_YEAR) + YEARS_AHEAD


class FieldError(ValueError):
    """An entry that cannot be accepted; the message is a sentence that tells the member why."""


@dataclass(frozen=True)
class AdaptationFields:
    """A film, play or other work made from a book; ``kind`` is one of KIND_NAMES."""

    title: str
    year: int | None
    kind: str

    @property
    def year_text(self) -> str:
        return year_text(self.year)


def line_from(text: str, limit: int, what: str) -> str:
    """Return one line of text, cleaned; "" if nothing in it is visible.

    ``what`` names the field in the message ("A title"). Raises FieldError if the line has more than ``limit``
    characters.
    """
    refuse_long_text(text)
    line = clean_line(text)
    if len(line) > limit:
        raise FieldError(
            _(
                "%(what)s may have %(limit)s characters; this has %(count)s.",
                what=what, limit=number_text(limit), count=number_text(len(line)),
            )
        )  # fmt: skip
    return line if is_visible(line) else ""


def cut_line(text: str, limit: int, end: str = "…") -> str:
    """Return a text as one cleaned line, cut to ``limit`` characters; "" if nothing in it is visible.

    ``end`` stands for what was cut off.
    """
    # A text may have megabytes, and cleaning can shorten it, so more than the limit is taken at first.
    line = clean_line(text[: 4 * limit])
    line = line if len(line) <= limit else line[: limit - len(end)].rstrip() + end
    return line if is_visible(line) else ""


def public_line_from(text: str, limit: int, what: str) -> str:
    """Return one cleaned line that all may read. Raises FieldError if it has a spoiler or is too long."""
    line = line_from(text, limit, what)
    if problem := spoiler_problem(line, what):
        raise FieldError(problem)
    return line


def title_from(text: str) -> str:
    """Return a title, which may consist of punctuation but must not be empty. Raises FieldError."""
    return public_line_from(text, MAX_TITLE, _("A title")) or _refuse(_("Give the title."))


def subtitle_from(text: str) -> str:
    """Return a subtitle, or "". Raises FieldError."""
    return public_line_from(text, MAX_TITLE, _("A subtitle"))


def split_last_name(text: str) -> tuple[str, str]:
    """Split the field of authors into the finished names, with their separators, and the last one."""
    cut = max((found.end() for found in _NAME_SEPARATORS.finditer(text)), default=0)
    return text[:cut].strip() + (" " if cut else ""), text[cut:].strip()


def tags_from(text: str) -> tuple[str, ...]:
    """Return the tags of a comma-separated text, in lower case, each once. Raises FieldError."""
    refuse_long_text(text)
    tags: dict[str, str] = {}
    for part in _TAG_SEPARATORS.split(text):
        # Lower case can be longer than the text, as with "İ", so the tag is cut again.
        tag = public_line_from(part, MAX_TAG, _("A tag")).lower()[:MAX_TAG]
        if tag and not fold(tag):
            raise FieldError(_("“%(tag)s” is not a tag: it has no letter.", tag=shorten(tag)))
        if tag:
            # Of several spellings of one tag the first counts.
            tags.setdefault(key_of(tag), tag)
    if len(tags) > MAX_TAGS:
        raise FieldError(
            ngettext(
                "A book may have %(num)s tag; these are %(count)s.",
                "A book may have %(num)s tags; these are %(count)s.",
                MAX_TAGS,
                count=number_text(len(tags)),
            )
        )
    return tuple(tags.values())


def year_from(text: str, latest: int) -> int | None:
    """Read a year up to ``latest``: "2005", "-800" or "800 BC"; None for nothing.

    Raises FieldError, also for 0: there was no such year.
    """
    text = text.strip().replace("−", "-")
    if not text:
        return None
    before_christ = _BC.fullmatch(text)
    digits = before_christ[1] if before_christ else text.removeprefix("-")
    if not digits.isdecimal():
        raise FieldError(_("“%(text)s” is not a year. Write it as 2005, or as 800 BC.", text=shorten(text)))
    # A longer number is out of range anyway, and int() fails at some thousand digits.
    year = int(digits) if len(digits) <= 6 else 10**6
    year = -year if before_christ or text.startswith("-") else year
    if not EARLIEST_YEAR <= year <= latest or year == 0:
        raise FieldError(
            _("Type a year from %(first)s to %(last)s.", first=year_text(EARLIEST_YEAR), last=str(latest))
        )
    return year


def adaptations_from(text: str, latest: int) -> tuple[AdaptationFields, ...]:
    """Read adaptations, one on each line: "Title, year, kind". The result is sorted by year.

    A line is read from the right, so a title may contain commas. The year may be missing, as in
    "Title, kind" or "Title, , kind". Raises FieldError with the number of the line.
    """
    refuse_long_text(text)
    found: list[AdaptationFields] = []
    for number, line in enumerate(clean_text(text).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            adaptation = _adaptation_from(line, latest)
        except FieldError as refusal:
            raise FieldError(
                _("Line %(number)s: %(problem)s", number=number_text(number), problem=str(refusal))
            ) from None
        if adaptation not in found:
            found.append(adaptation)
    if len(found) > MAX_ADAPTATIONS:
        raise FieldError(
            ngettext(
                "A book may have %(num)s adaptation; these are %(count)s.",
                "A book may have %(num)s adaptations; these are %(count)s.",
                MAX_ADAPTATIONS,
                count=number_text(len(found)),
            )
        )
    # Adaptations without a year come last.
    return tuple(sorted(found, key=lambda one: (one.year is None, one.year or 0, one.title, one.kind)))


def _adaptation_from(line: str, latest: int) -> AdaptationFields:
    parts = [part.strip() for part in line.replace("，", ",").split(",")]
    if len(parts) < 2:
        raise FieldError(_("write it as “Title, year, kind”."))
    kind = KINDS.get(fold(parts[-1]))
    if kind is None:
        raise FieldError(
            _("“%(kind)s” is not one of %(kinds)s.", kind=shorten(parts[-1]), kinds=list_text(KIND_NAMES))
        )
    year = year_from(parts[-2], latest) if len(parts) > 2 else None
    title = public_line_from(", ".join(parts[:-2] if len(parts) > 2 else parts[:-1]), MAX_TITLE, _("A title"))
    return AdaptationFields(title or _refuse(_("give its title.")), year, kind)


def shorten(text: str) -> str:
    """Return the first 40 characters of an entry, without control characters, to quote in a sentence."""
    text = "".join(c if unicodedata.category(c)[0] not in "C" else " " for c in text[:41])
    return text if len(text) <= 40 else f"{text[:39]}…"


def refuse_long_text(text: str) -> None:
    """Raise FieldError if a text is longer than any real entry in a field."""
    if len(text) > LONGEST_ENTRY:
        raise FieldError(
            _(
                "This is %(count)s characters long; %(limit)s are the most.",
                count=number_text(len(text)), limit=number_text(LONGEST_ENTRY),
            )
        )  # fmt: skip


def _refuse(sentence: str) -> str:
    raise FieldError(sentence)


def year_text(year: int | None) -> str:
    """Return a year as people write it: "2005", "800 BC", or "" if it is unknown."""
    if year is None:
        return ""
    return f"{-year} BC" if year < 0 else str(year)


def adaptation_text(adaptation: AdaptationFields) -> str:
    """Return the line that ``adaptations_from`` reads as this adaptation."""
    # A title with a comma needs the empty place of the year, or its last part would be read as the year.
    if adaptation.year is None and "," not in adaptation.title:
        return f"{adaptation.title}, {adaptation.kind}"
    return f"{adaptation.title}, {year_text(adaptation.year)}, {adaptation.kind}"
