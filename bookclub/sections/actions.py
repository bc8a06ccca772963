"""Change the chapters of a book, and note where they start in an edition. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..books.models import Book, BookEdit, Edition
from ..extensions import db
from ..lib.matches import field_values
from ..lib.positions import section_lists, section_starts
from ..lib.positions.section_lists import Chapter, ChapterLine, PlannedChapter
from ..lib.positions.section_starts import Start
from ..lib.text.messages import gettext as _
from ..members.models import Member
from . import queries
from .models import Section, SectionStart

# Starts of chapters that members noted in one edition, by chapter id and unit.
Notes = dict[tuple[int, str], SectionStart]


@dataclass(frozen=True)
class SectionsEdited:
    """The result of an edited list: whether anything changed, and the chapters with a newly given start.

    ``given`` has the line of the box for each of them.
    """

    changed: bool
    given: tuple[tuple[int, Section], ...] = ()


def shown_start(section: Section, edition: Edition | None, notes: Notes) -> Start | None:
    """Return the start that the box shows for a chapter: noted in this edition, or else a percentage."""
    for unit in ("page", "minute"):
        if edition is not None and (note := notes.get((section.id, unit))) is not None:
            return Start(unit, note.start)
    return None if section.typed_start is None else Start("percent", section.typed_start)


def edit_sections(
    book: Book,
    lines: Sequence[ChapterLine],
    edition: Edition | None,
    shown: Edition | None,
    member: Member,
) -> SectionsEdited:
    """Make the chapters of a book what the lines say, and log how many there were and are.

    Pages and times refer to ``edition``; the box showed starts of the edition ``shown``. Deleted chapters
    take their noted starts with them. The caller must update the readers' positions and the members' texts
    (``on_positions_changed``). Raises FieldError, naming the line.
    """
    sections = list(queries.sections_of(book.id))
    notes = queries.notes_of(edition)
    # For one edition both names must mean one dictionary, or a note deleted in one would stay in the other.
    notes_shown = notes if shown is edition else queries.notes_of(shown)
    chapters = [Chapter(one.id, one.title, shown_start(one, shown, notes_shown)) for one in sections]
    plan = section_lists.plan_sections(lines, chapters, edition.fields if edition else None)
    _refuse_lengths(plan, edition)

    before = _state(sections, notes, notes_shown)
    counted_ids = {one.id for one in chapters if one.shown is not None and one.shown.unit == "percent"}
    kept = _place_sections(book, sections, plan)
    given = []
    for one, section in zip(plan, kept, strict=True):
        # What came back as the box showed it says nothing, even if the form names another edition by now.
        if one.moves:
            if one.start is None or one.start.unit == "percent":
                _set_percentage(section, one.start, notes_shown)
            else:
                _set_note(section, one.start, edition, notes, member)
                # The page replaces the percentage in the box; one that the box did not show still holds.
                if section.id in counted_ids:
                    section.typed_start = None
            if one.start is not None:
                given.append((one.line, section))
    db.session.flush()
    notes, notes_shown = queries.notes_of(edition), queries.notes_of(shown)
    # The order is checked after all starts are written, since one line can make room for the next.
    _refuse_contradictions([(one.line, section) for one, section in zip(plan, kept, strict=True)], notes)
    if _state(kept, notes, notes_shown) == before:
        return SectionsEdited(False)
    _log_edit(book, member, "chapters", str(len(sections)), str(len(kept)))
    return SectionsEdited(True, tuple(given))


def note_start(book: Book, section: Section, edition: Edition, start: Start, member: Member) -> bool:
    """Note where a chapter starts in an edition, and log it; return False if that was known.

    ``start`` is in pages or minutes, or a number without a unit. Raises FieldError if it is outside the
    edition, before a chapter that comes earlier, or after one that comes later.
    """
    if start.unit == "percent":
        raise field_values.FieldError(_("Type a page or a time: a percentage is the same in every edition."))
    # A number alone counts in the unit in which the edition is measured.
    start = Start(start.unit or edition.fields.unit or "page", start.place)
    section_starts.refuse_length(start, edition.fields)
    sections, notes = list(queries.sections_of(book.id)), queries.notes_of(edition)
    number = sections.index(section) + 1
    for other_number, other in enumerate(sections, start=1):
        note = notes.get((other.id, start.unit))
        if note is None or other is section:
            continue
        # The sentence below names chapters by number, since a title may lie ahead of the member who reads it.
        is_out_of_order = note.start > start.place if other_number < number else note.start < start.place
        if is_out_of_order:
            values = {"other": other_number, "place": Start(start.unit, note.start), "number": number}
            if other_number < number:
                raise field_values.FieldError(
                    _(
                        "Chapter %(other)s starts at %(place)s in this edition, so chapter %(number)s"
                        " cannot start before that.",
                        **values,
                    )
                )
            raise field_values.FieldError(
                _(
                    "Chapter %(other)s starts at %(place)s in this edition, so chapter %(number)s"
                    " cannot start after that.",
                    **values,
                )
            )
    known = notes.get((section.id, start.unit))
    if known is not None and known.start == start.place:
        return False
    _set_note(section, start, edition, notes, member)
    earlier = str(Start(start.unit, known.start)) if known else ""
    names = [
        _("chapter %(number)s: %(start)s (%(edition)s)", number=number, start=text, edition=edition.name)
        if text
        else ""
        for text in (earlier, str(start))
    ]
    _log_edit(book, member, "starts", *names)
    db.session.flush()
    return True


def _place_sections(book: Book, sections: Iterable[Section], plan: Iterable[PlannedChapter]) -> list[Section]:
    """Return the chapters of the plan in their places, old and new; delete those that it does not name."""
    present = {section.id: section for section in sections}
    kept = []
    for place, one in enumerate(plan):
        # Chapters keep their ids, because posts name the chapter that they give away as "section-7".
        section = present.pop(one.id) if one.id is not None else Section(book_id=book.id)
        section.place, section.title = place, one.title
        db.session.add(section)
        kept.append(section)
    for section in present.values():
        db.session.delete(section)
    db.session.flush()
    # New chapters have ids from here on, to which their noted starts refer.
    return kept


def _set_percentage(section: Section, start: Start | None, notes: Notes) -> None:
    """Let a chapter start at a percentage, or nowhere known, in place of its start in the box."""
    for unit in ("page", "minute"):
        if (note := notes.pop((section.id, unit), None)) is not None:
            db.session.delete(note)
    section.typed_start = start.place if start else None


def _set_note(section: Section, start: Start, edition: Edition | None, notes: Notes, member: Member) -> None:
    """Store that a chapter starts on this page of an edition, or at this minute."""
    assert edition is not None
    note = notes.get((section.id, start.unit))
    if note is None:
        note = SectionStart(section_id=section.id, edition_id=edition.id, unit=start.unit)
        notes[section.id, start.unit] = note
    note.start, note.member_id = start.place, member.id
    db.session.add(note)


def _refuse_lengths(plan: Iterable[PlannedChapter], edition: Edition | None) -> None:
    for one in plan:
        if one.moves and one.start is not None:
            try:
                section_starts.refuse_length(one.start, edition.fields if edition else None)
            except field_values.FieldError as refusal:
                raise field_values.FieldError(
                    _("Line %(number)s: %(problem)s", number=one.line, problem=refusal)
                ) from None


def _refuse_contradictions(kept: Sequence[tuple[int, Section]], notes: Notes) -> None:
    """Refuse starts that do not rise down the list, in percent, and in this edition."""
    section_starts.refuse_falling_starts(
        (line, None if section.typed_start is None else Start("percent", section.typed_start))
        for line, section in kept
    )
    for unit in ("page", "minute"):
        found = ((line, notes.get((section.id, unit))) for line, section in kept)
        section_starts.refuse_falling_starts(
            (line, Start(unit, note.start) if note else None) for line, note in found
        )


def _state(sections: Iterable[Section], *notes: Notes) -> tuple[object, ...]:
    """Everything about chapters that an edit can change, for comparison."""
    return (
        [(section.id, section.title, section.typed_start) for section in sections],
        [{key: note.start for key, note in some.items()} for some in notes],
    )


def _log_edit(book: Book, member: Member, field: str, before: str, after: str) -> None:
    # The log never shows a title: its reader may not have come so far in the book.
    db.session.add(BookEdit(book_id=book.id, member_id=member.id, changes={field: [before, after]}))
