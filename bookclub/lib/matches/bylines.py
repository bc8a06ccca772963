"""Bylines: the field of authors parsed into names, with their order and roles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..text.messages import gettext as _
from ..text.messages import ngettext, number_text
from ..text.spoilers import spoiler_problem
from .author_names import identity_key, is_inverted, is_suffix, natural_name
from .contributors import AUTHOR, BEGINS_CONTRIBUTOR, Contributor, distinct_contributors, has_role, split_role
from .field_values import MAX_AUTHORS, MAX_NAME, FieldError, public_line_from, refuse_long_text, shorten

_SEPARATORS = re.compile(r"[;；|\r\n]")
_COMMAS = re.compile(r"\s*[,，、]\s*(?![^(\[]*[)\]])")
_ANDS = re.compile(
    r"\s*[,，]?\s+(?:&|\+|/|and|und|et|og|och|и|with|mit|avec)\s+(?:and\s+)?(?![^(\[]*[)\]])|(?<=\w{2})\s*/\s*(?=\w{2})"
    r"|\s*＆\s*",
    re.IGNORECASE,
)
# These separate whole names only: "José Ortega y Gasset" is one person.
_DOUBTFUL_ANDS = re.compile(r"(?<=\w)\s+(?:y|e|i|con|en|com|met)\s+(?=\w)", re.IGNORECASE)
_AND_OTHERS = re.compile(r"[\s,]*\b(?:et\s+al\b\.?|and\s+others|u\.\s?a\.|и\s+др\.)\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Byline:
    """The people that a line names: authors, and contributors with other roles."""

    authors: tuple[str, ...]
    contributors: tuple[Contributor, ...] = ()

    @property
    def count(self) -> int:
        """The number of authors, or of contributors if there is no author."""
        return len(self.authors) or len(self.contributors)

    @property
    def texts(self) -> tuple[str, ...]:
        """All names as a member types them."""
        return (*self.authors, *(one.text for one in self.contributors))


@dataclass(frozen=True, slots=True)
class BylineReading:
    """The two ways to read a line of names.

    ``one`` keeps a name whole that might be several people; ``several`` splits it. The two are equal if the
    line is clear and the member need not be asked.
    """

    one: Byline
    several: Byline

    @property
    def is_doubtful(self) -> bool:
        """True if the member must be asked which reading is right."""
        return self.one != self.several


def parse_authors(text: str, known: frozenset[str] = frozenset()) -> BylineReading:
    """Read the authors that a member typed, at least one name.

    ``known`` are identity keys of authors, see ``read_byline``. Raises FieldError, with the reason in words.
    """
    refuse_long_text(text)
    # This comes first because splitting takes bars for separators of names.
    if problem := spoiler_problem(text, _("A name")):
        raise FieldError(problem)
    for part in _SEPARATORS.split(text):
        name = public_line_from(part, MAX_AUTHORS * MAX_NAME, _("A name"))
        if name and not any(character.isalnum() for character in name):
            raise FieldError(_("“%(name)s” is not a name: it has no letter.", name=shorten(name)))
    reading = read_byline("; ".join(filter(None, map(_visible_text, _SEPARATORS.split(text)))), known)
    # The member may choose either reading, so both of them have to be possible.
    for byline in (reading.one, reading.several):
        if len(byline.texts) > MAX_AUTHORS:
            raise FieldError(
                ngettext(
                    "A book may have %(num)s author here; these are %(count)s.",
                    "A book may have %(num)s authors here; these are %(count)s.",
                    MAX_AUTHORS,
                    count=number_text(len(byline.texts)),
                )
            )
        for name in (*byline.authors, *(one.name for one in byline.contributors)):
            public_line_from(name, MAX_NAME, _("A name"))
    if not reading.one.texts:
        raise FieldError(_("Name at least one author. If nobody knows, write “Anonymous”."))
    return reading


def names_from(text: str) -> tuple[str, ...]:
    """Return the authors that a member typed, each once; a name that might be several people stays one."""
    return parse_authors(text).one.authors


def _visible_text(part: str) -> str:
    return public_line_from(part, MAX_AUTHORS * MAX_NAME, _("A name"))


def read_byline(text: str, known: frozenset[str] = frozenset()) -> BylineReading:
    """Read the names in one line or several; semicolons and line ends always separate two names.

    "Surname, Forename" is one name and is put in natural order. Commas, "and" and the like between other
    names leave it open, so the two readings differ. Roles move out of the names. A part with one of the
    ``known`` identity keys is one name without doubt.
    """
    ones: list[str] = []
    several: list[str] = []
    for part in _SEPARATORS.split(BEGINS_CONTRIBUTOR.sub(";", text)):
        part = _AND_OTHERS.sub("", " ".join(part.split()))
        if not part:
            continue
        # An author of the catalogue may have an “and” or a comma in the name.
        names = [part] if identity_key(split_role(part)[0]) in known else _split_names(part)
        # A role marks the end of a name: "Ann Hale, translated by Bo Reed" is clear.
        is_sure = len(names) == 1 or all(has_role(name) for name in names[1:])
        ones += names if is_sure else [part]
        several += names
    return BylineReading(_byline_from(ones), _byline_from(several))


def _split_names(part: str) -> list[str]:
    """Split a part into the names that it may hold, each as it was typed."""
    pieces = [piece for piece in _ANDS.split(part) if piece]
    doubtful = _DOUBTFUL_ANDS.split(part)
    if len(pieces) == 1 and len(doubtful) > 1 and all(len(piece.split()) > 1 for piece in doubtful):
        pieces = doubtful
    return [name for piece in pieces for name in _split_at_commas(piece)]


def _split_at_commas(piece: str) -> list[str]:
    """Split names at commas: "Hale, Ann" is one, and "Hale, Ann, Reed, Bo" is two."""
    found: list[str] = []
    for name in _COMMAS.split(piece):
        # A role after a comma is recognised only with a name before it, so one is put there.
        is_suffix_or_role = found and (is_suffix(name) or split_role(f"Somebody, {name}")[0] == "Somebody")
        if is_suffix_or_role:
            found[-1] = f"{found[-1]}, {name}"
        elif name:
            found.append(name)
    pairs = list(zip(found[::2], found[1::2], strict=False))
    bare = [(_bare_name(last), _bare_name(first)) for last, first in pairs]
    is_paired = len(found) == 2 * len(pairs) and all(is_inverted(last, first) for last, first in bare)
    if is_paired and (len(pairs) == 1 or all(len(last.split()) == 1 for last, _ in bare)):
        return [f"{last}, {first}" for last, first in pairs]
    return found


def _bare_name(name: str) -> str:
    """A name without its role and without what follows a comma."""
    return split_role(name)[0].partition(",")[0]


def _byline_from(names: list[str]) -> Byline:
    authors: dict[str, str] = {}
    others: list[Contributor] = []
    for text in names:
        name, role = split_role(text)
        name = natural_name(name)
        if role == AUTHOR:
            authors.setdefault(identity_key(name), name)
        else:
            others.append(Contributor(name, role))
    return Byline(tuple(authors.values()), distinct_contributors(others))
