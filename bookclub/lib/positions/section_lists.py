"""Lists of chapters as members type them, one a line, and the match of a changed list with the old one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from ..matches.editions import EditionFields
from ..matches.field_values import MAX_TITLE, FieldError, public_line_from
from ..text.characters import clean_text
from ..text.keys import key_of
from ..text.messages import gettext as _
from .section_starts import Start, start_from

MAX_SECTIONS = 500

_SEPARATOR = re.compile(r"\||\t| @ ")
# A start without a separator, as people write it: "The Boat, p. 61", "The Boat (20 %)", "The Boat 20 %".
_TRAILING = re.compile(
    r"[\s,;:(–—-](\d{1,3}(?:[.,]\d{1,9})?\s*%|(?:page|p\.?)\s*\d{1,5})\)?$", re.ASCII | re.IGNORECASE
)
_BETWEEN = " \t,;:(–—-"
# "7." or "[7]" alone keeps the chapter that had this number so far, with its title.
_NUMBER = re.compile(r"(?:\[(\d{1,6})\]|(\d{1,6})\.)", re.ASCII)
_NUMBERED = re.compile(r"(\d{1,6})[.)]\s+(?=\S)", re.ASCII)
_UNTITLED = frozenset({"", "-", "–", "—"})


@dataclass(frozen=True)
class ChapterLine:
    """One line of the text box: a title ("" for none), or the old number of the chapter that it ``keeps``."""

    number: int
    title: str
    keeps: int | None = None
    start: Start | None = None


@dataclass(frozen=True)
class Chapter:
    """A stored chapter, with the start that the box shows for it.

    ``is_ahead``: the member who sees the box has not read so far, so it shows a number instead of the title.
    """

    id: int
    title: str
    shown: Start | None = None
    is_ahead: bool = False


@dataclass(frozen=True)
class PlannedChapter:
    """A chapter after the change: the one with this id, or a new one (None), typed on this line of the box.

    ``moves``: its start differs from the one that the box showed.
    """

    line: int
    id: int | None
    title: str
    start: Start | None
    moves: bool


def lines_from(text: str) -> tuple[ChapterLine, ...]:
    """Read the lines of the box. Raises FieldError, with the number of the wrong line.

    A title may be followed by its start, after "|", a tab or " @ "; a page or a percentage at the end of a
    line is a start even without these, unless the line ends with "|". A hyphen is a chapter without a title.
    A number that only repeats the place in the list ("3. The Boat") is not part of the title.
    """
    lines: list[ChapterLine] = []
    for number, typed in enumerate(clean_text(text).split("\n"), start=1):
        if not typed.strip():
            continue
        if len(lines) == MAX_SECTIONS:
            raise FieldError(
                _(
                    "A book may have %(most)s chapters here; line %(number)s is one more.",
                    most=MAX_SECTIONS,
                    number=number,
                )
            )
        try:
            # The place among the chapters differs from the number of the line where lines are empty.
            lines.append(_read_line(typed, number, place=len(lines) + 1))
        except FieldError as refusal:
            raise FieldError(_("Line %(number)s: %(problem)s", number=number, problem=refusal)) from None
    return tuple(lines)


def _read_line(typed: str, number: int, place: int) -> ChapterLine:
    head, tail = _split_line(typed)
    try:
        start = start_from(tail)
    except FieldError as refusal:
        # A tail that starts with a digit was clearly meant as a start.
        if tail[:1].isdecimal():
            raise
        hint = _("If it belongs to the title, end the line with “|”.")
        raise FieldError(f"{refusal} {hint}") from None
    if found := _NUMBER.fullmatch(head.strip()):
        return ChapterLine(number, "", int(found[1] or found[2]), start)
    if head.strip() in _UNTITLED:
        return ChapterLine(number, "", None, start)
    numbered = _NUMBERED.match(head.strip())
    title = head.strip()[numbered.end() :] if numbered and int(numbered[1]) == place else head
    title = public_line_from(title, MAX_TITLE, _("A title"))
    if not title:
        raise FieldError(_("nothing here is visible. For a chapter without a title, type a hyphen."))
    return ChapterLine(number, title, None, start)


def _split_line(typed: str) -> tuple[str, str]:
    """Split a line at its last separator, or before a start at its end."""
    found = list(_SEPARATOR.finditer(typed))
    if found:
        return typed[: found[-1].start()], typed[found[-1].end() :].strip()
    # Without words before it, a start is itself the title, as in "(20 %)".
    trailing = _TRAILING.search(typed.strip())
    title = typed.strip()[: trailing.start()].rstrip(_BETWEEN) if trailing else ""
    return (title, trailing[1]) if trailing and title else (typed, "")


def write_box(chapters: Sequence[Chapter]) -> str:
    """Write the chapters as the text of the box, without titles that lie ahead.

    A box that is sent back unchanged changes nothing.
    """
    return "\n".join(_write_line(chapter, number) for number, chapter in enumerate(chapters, start=1))


def _write_line(chapter: Chapter, number: int) -> str:
    title = chapter.title
    if chapter.is_ahead:
        title = f"[{number}]"
    elif not title:
        title = f"{number}."
    elif title in _UNTITLED or _NUMBER.fullmatch(title) or _NUMBERED.match(title):
        # Such a title would be read as something else, but not after its number.
        title = f"{number}. {title}"
    if chapter.shown is not None:
        return f"{title} | {chapter.shown}"
    # The bar at the end keeps a part of the title from being read as a start.
    return f"{title} |" if _SEPARATOR.search(title) or _split_line(title)[1] else title


def plan_sections(
    lines: Sequence[ChapterLine], chapters: Sequence[Chapter], edition: EditionFields | None = None
) -> tuple[PlannedChapter, ...]:
    """Match the lines of the box with the present ``chapters``, and return the chapters after the change.

    Chapters keep their identity in this order: those kept by number; those whose title is still there, in
    their order; and the rest one by one between the same neighbours, so that a chapter can get another title.
    No chapter is matched twice, and none passes another. ``edition`` is the one whose pages or minutes a
    start without a unit counts. Raises FieldError.
    """
    found = _match_lines(lines, chapters)
    plan = []
    for line, old in zip(lines, found, strict=True):
        before = chapters[old] if old is not None else None
        start = _start_with_unit(line, edition)
        plan.append(
            PlannedChapter(
                line.number,
                before.id if before else None,
                # A line that keeps a chapter by its number has no title of its own.
                before.title if before and line.keeps is not None else line.title,
                start,
                start != (before.shown if before else None),
            )
        )
    return tuple(plan)


def _start_with_unit(line: ChapterLine, edition: EditionFields | None) -> Start | None:
    """Return the start of a line; a number alone gets the unit of the edition."""
    if line.start is None or line.start.unit:
        return line.start
    if edition is None or edition.unit is None:
        raise FieldError(
            _(
                "Line %(number)s: no edition has a length yet. Type the start as a percentage.",
                number=line.number,
            )
        )
    return replace(line.start, unit=edition.unit)


def _match_lines(lines: Sequence[ChapterLine], chapters: Sequence[Chapter]) -> list[int | None]:
    """Return for each line the index of the chapter that it continues; None for a new chapter."""
    found: list[int | None] = [None] * len(lines)
    fixed = _match_by_number(lines, len(chapters))
    for at, old in fixed:
        found[at] = old
    titles = [key_of(chapter.title) for chapter in chapters]
    typed = [key_of(line.title) for line in lines]
    # Between two chapters kept by number, the rest is matched by title. The pairs around the list are bounds.
    for (at, old), (next_at, next_old) in pairwise([(-1, -1), *fixed, (len(lines), len(chapters))]):
        run, old_run = typed[at + 1 : next_at], titles[old + 1 : next_old]
        # With autojunk a list of 200 chapters or more would lose its frequent titles, such as those without a
        # name.
        for _tag, old_from, old_to, new_from, new_to in SequenceMatcher(
            None, old_run, run, autojunk=False
        ).get_opcodes():
            # Replaced titles are paired in turn; what is left over is new or gone.
            for new_place, old_place in zip(range(new_from, new_to), range(old_from, old_to), strict=False):
                found[at + 1 + new_place] = old + 1 + old_place
    return found


def _match_by_number(lines: Sequence[ChapterLine], count: int) -> list[tuple[int, int]]:
    """Return the pairs of line and chapter that match by number, both counted from 0.

    A number beyond the end of the list is a new chapter without a title. Raises FieldError.
    """
    kept: list[tuple[int, int]] = []
    for at, line in enumerate(lines):
        if line.keeps is None or line.keeps > count:
            continue
        if line.keeps == 0:
            raise FieldError(_("Line %(number)s: chapters are counted from 1.", number=line.number))
        if kept and line.keeps - 1 == kept[-1][1]:
            raise FieldError(
                _(
                    "Line %(number)s: chapter %(chapter)s is there already.",
                    number=line.number,
                    chapter=line.keeps,
                )
            )
        if kept and line.keeps - 1 < kept[-1][1]:
            raise FieldError(
                _(
                    "Line %(number)s: chapter %(chapter)s comes before chapter %(next)s."
                    " To move a chapter, type its title where it belongs.",
                    number=line.number,
                    chapter=line.keeps,
                    next=kept[-1][1] + 1,
                )
            )
        kept.append((at, line.keeps - 1))
    return kept
