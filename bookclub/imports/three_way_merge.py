"""Three-way merge of a row's values with those of a reading here.

The common ancestor is what files have said before. A value here that is as it was imported, or was never
given, takes what the file says now; one that the member changed here since stays, and is listed. Values that
the file leaves empty change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from ..lib.text.keys import key_of
from ..lib.text.limits import MAX_NOTES
from ..lib.text.remarks import Remark
from .recorded_values import (
    RecordedValues,
    Through,
    earlier_values,
    iso,
    recorded_times,
    remember,
    times_of,
    union,
)
from .report_text import kept_remark, other_row_remark

# An import never moves a reading to a lower rank.
RANKS = {"": -1, "to_read": 0, "reading": 1, "did_not_finish": 2, "finished": 3}
# New values are added to these sets, and replace nothing.
SETS = ("earlier", "tags")


@dataclass(frozen=True)
class Merged:
    """Merged values of a reading, the names of the changed ones, and what to say of those that were kept.

    ``remembered`` is the next merge()'s ``before``.
    """

    values: RecordedValues
    changed: tuple[str, ...]
    kept: tuple[Remark, ...]
    remembered: dict[str, Any]


# Values that a second row may give differently, and the text of it that goes to the private notes.
OTHERS = {"rating": "", "review": "review", "notes": "notes"}
NAMES = tuple(field.name for field in fields(RecordedValues))


def merge(
    here: RecordedValues, before: Mapping[str, Any], file: RecordedValues, *, is_repeated: bool = False
) -> Merged:
    """Merge what the file says into what stands here.

    ``before`` is what was remembered when files mentioned this reading earlier, empty if none did.
    ``is_repeated`` says that an earlier row of the same file was about it, too: then this row fills what is
    still empty, its days are another time of reading, and another rating or review is reported and not lost.
    Importing the file again changes nothing.
    """
    given = file
    if here.status and _is_read_again(here, before, file):
        # The reading here is another time, and the file's time came before it.
        last = (file.started_on, file.finished_on)
        file = replace(
            file, earlier=(*file.earlier, *([last] if any(last) else [])), started_on=None, finished_on=None
        )
    # Only what the file changes; all other values stay as they are here.
    values: dict[str, Any] = {}
    if is_repeated and file.finished_on and here.finished_on and file.finished_on != here.finished_on:
        file, values = _split_other_time(here, before, file)
    now, says = remember(here), remember(file)
    remembered = dict(before) | {name: iso(day) for name, day in values.items() if day}
    kept: list[Remark] = []
    for name in NAMES:
        if name in SETS or name in values or name not in says:
            continue
        if says[name] == now.get(name):
            # A second row that agrees is no reason to forget what the first one said.
            if not (is_repeated and name in before):
                remembered[name] = says[name]
            continue
        untouched = now.get(name) == before.get(name)
        if _is_behind(name, here, before, file, untouched) or (
            name == "review" and _is_draft_done(now, before, says)
        ):
            continue
        if name == "notes" and file.notes in here.notes:
            continue
        if is_repeated and says[name] in earlier_values(before, name):
            # A row gave this value before, and what the member did with it since counts.
            continue
        if is_repeated and now.get(name) and not _is_further(name, here, file):
            if name in OTHERS:
                notes = _append_text(values.get("notes", here.notes), getattr(file, OTHERS[name], ""))
                kept.append(
                    other_row_remark(name, getattr(here, name), getattr(file, name), fits=notes is not None)
                )
                if notes is not None and OTHERS[name]:
                    values["notes"] = notes
            continue
        if untouched:
            values[name] = getattr(file, name)
        elif name != "times_read" or file.times_read > here.times_read:
            kept.append(kept_remark(name, getattr(here, name), getattr(file, name)))
        remembered[name] = says[name]
    earlier = _new_times(here, before, file, values, is_repeated=is_repeated)
    tags, gone = _new_tags(here, before, file)
    if earlier:
        values["earlier"] = (*here.earlier, *earlier)
    if tags:
        values["tags"] = (*here.tags, *tags)
    kept += [kept_remark("tags", None, tag) for tag in gone]
    given_values = remember(given)
    remembered["told"] = dict(before.get("told", {})) | {
        name: union(earlier_values(before, name), [given_values[name]])
        for name in NAMES
        if name in given_values and name not in SETS
    }
    remembered["times"] = union(before.get("times", []), times_of(given))
    for name in SETS:
        if together := union(before.get(name, []), says.get(name, [])):
            remembered[name] = together
    after = replace(here, **values)
    # A finished book was read once at least.
    if after.status == "finished" and not after.times_read:
        after = replace(after, times_read=1)
    if is_repeated and earlier:
        finished = sum(end is not None for _, end in (*after.earlier, (None, after.finished_on)))
        after = replace(after, times_read=max(after.times_read, finished))
    changed = tuple(name for name in NAMES if getattr(after, name) != getattr(here, name))
    return Merged(after, changed, tuple(kept), remembered)


def _split_other_time(
    here: RecordedValues, before: Mapping[str, Any], file: RecordedValues
) -> tuple[RecordedValues, dict[str, Any]]:
    """Split a second row into another time of reading and the rest. The later time becomes the last one.

    Returns what the row says besides, and the days of the last time if they change. A time that files have
    given before, and that is not here any more, was changed here: it stays away.
    """
    rest = replace(file, started_on=None, finished_on=None)
    if (iso(file.started_on), iso(file.finished_on)) in recorded_times(before):
        return rest, {}
    if file.finished_on and here.finished_on and file.finished_on > here.finished_on:
        return rest, {"started_on": file.started_on, "finished_on": file.finished_on}
    return replace(rest, earlier=(*file.earlier, (file.started_on, file.finished_on))), {}


def _append_text(notes: str, text: str) -> str | None:
    """Private notes with the words of a second row below them, or None if that is too long for notes."""
    joined = "\n\n".join(filter(None, (notes, text)))
    return joined if len(joined) <= MAX_NOTES else None


def _is_read_again(here: RecordedValues, before: Mapping[str, Any], file: RecordedValues) -> bool:
    """Return True if the file has finished a book that the member reads again, or has laid aside, here."""
    return file.status == "finished" != here.status and here.status != before.get("status", "")


def _is_behind(
    name: str, here: RecordedValues, before: Mapping[str, Any], file: RecordedValues, untouched: bool
) -> bool:
    """Return True if the file only says an older value than it, or another file, has brought here."""
    if name == "status":
        return untouched and RANKS[file.status] < RANKS[here.status]
    if name == "times_read":
        return untouched and file.times_read < here.times_read
    if name not in ("started_on", "finished_on"):
        return False
    # The last time that the file knows may be an earlier one here.
    finished = {finished for _, finished in here.earlier if finished}
    if (file.started_on, file.finished_on) in here.earlier or file.finished_on in finished:
        return True
    # It may also be a time that was given before the last one, and that is not here any more.
    last = before.get("started_on", ""), before.get("finished_on", "")
    days = iso(file.started_on), iso(file.finished_on)
    return days != last and days in recorded_times(before)


def _is_draft_done(now: Mapping[str, Any], before: Mapping[str, Any], says: Mapping[str, Any]) -> bool:
    """Return True if the draft of this very review was here, and has been published or deleted."""
    return "review" not in now and says.get("review") == before.get("review")


def _is_further(name: str, here: RecordedValues, file: RecordedValues) -> bool:
    """Return True if a later row about the same book is further on than an earlier one."""
    if name == "status":
        return RANKS[file.status] > RANKS[here.status]
    return name == "times_read" and file.times_read > here.times_read


def _new_times(
    here: RecordedValues,
    before: Mapping[str, Any],
    file: RecordedValues,
    values: Mapping[str, Any],
    *,
    is_repeated: bool,
) -> tuple[Through, ...]:
    """Earlier times to add to those here, and the last one here if the file knows a later one.

    A time that the file gave before, and that is not here any more, was changed here: it stays away.
    """
    known = recorded_times(before)
    if not is_repeated:
        known.add((before.get("started_on", ""), before.get("finished_on", "")))
    last = (here.started_on, here.finished_on)
    found = [
        pair
        for pair in file.earlier
        if pair not in here.earlier and pair != last and (iso(pair[0]), iso(pair[1])) not in known
    ]
    is_later = values.get("finished_on") is not None and here.finished_on is not None
    is_told = last in file.earlier or file.times_read > here.times_read or is_repeated
    if is_later and is_told and last not in here.earlier:
        found.append(last)
    return tuple(found)


def _new_tags(
    here: RecordedValues, before: Mapping[str, Any], file: RecordedValues
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tags to add to those here, and those of the file that the member has removed here."""
    mine, known = {key_of(tag) for tag in here.tags}, set(before.get("tags", []))
    others = [tag for tag in file.tags if key_of(tag) not in mine]
    new = tuple(tag for tag in others if key_of(tag) not in known)
    return new, tuple(tag for tag in others if key_of(tag) in known)
