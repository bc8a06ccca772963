"""How what a file says of a reading is joined with what stands here: a three-way merge.

Remembered is what files have said before. What is here as it was brought, or was never said, takes what
the file says now; what the member changed here since stays, and is listed. What the file leaves empty
takes nothing away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from hashlib import sha256
from typing import Any

from ...books.rules import key_of
from ...readings.rules import MAX_NOTES
from .telling import say_kept, say_other_row

Through = tuple[date | None, date | None]

# By import nobody goes back.
RANKS = {"": -1, "to_read": 0, "reading": 1, "did_not_finish": 2, "finished": 3}
# These grow: what is new joins them, and nothing replaces them.
SETS = ("earlier", "tags")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said of one member's reading of one book, here or by a file.

    ``started_on`` and ``finished_on`` are of the last time, ``earlier`` are the times before. ``review`` is
    a review as it is written, here that of the draft.
    """

    status: str = ""
    rating: int | None = None
    started_on: date | None = None
    finished_on: date | None = None
    times_read: int = 0
    earlier: tuple[Through, ...] = ()
    notes: str = ""
    tags: tuple[str, ...] = ()
    review: str = ""


@dataclass(frozen=True)
class Merged:
    """What a reading becomes: its values, the names of those that changed, and in words what was kept.

    ``remembered`` is to be given to merge() the next time.
    """

    values: Said
    changed: tuple[str, ...]
    kept: tuple[str, ...]
    remembered: dict[str, Any]


NAMES = tuple(field.name for field in fields(Said))


def remember(said: Said) -> dict[str, Any]:
    """What was said, in a form that JSON keeps and that can be compared: of longer texts a digest."""
    kept: dict[str, Any] = {
        "status": said.status,
        "rating": said.rating,
        "started_on": _iso(said.started_on),
        "finished_on": _iso(said.finished_on),
        "times_read": said.times_read,
        "earlier": sorted([_iso(started), _iso(finished)] for started, finished in said.earlier),
        "notes": _digest(said.notes),
        "tags": sorted({key_of(tag) for tag in said.tags}),
        "review": _digest(said.review),
    }
    return {name: value for name, value in kept.items() if value}


def merge(here: Said, before: Mapping[str, Any], file: Said, *, is_repeated: bool = False) -> Merged:
    """Join what the file says with what stands here.

    ``before`` is what was remembered when files spoke of this reading earlier, empty where none did.
    ``is_repeated`` says that an earlier row of the same file was about it, too: then this one fills what is
    still empty, its days are another time of reading, and another rating or review is told of and not lost.
    Running the file once more changes nothing.
    """
    if here.status and _is_left(here, before, file):
        # What they have read since is another time: that of the file was before.
        last = (file.started_on, file.finished_on)
        file = replace(
            file, earlier=(*file.earlier, *([last] if any(last) else [])), started_on=None, finished_on=None
        )
    values: dict[str, Any] = {}
    if is_repeated and file.finished_on and here.finished_on and file.finished_on != here.finished_on:
        file, values = _as_another_time(here, file)
    now, says = remember(here), remember(file)
    remembered = dict(before) | {name: _iso(day) for name, day in values.items() if day}
    kept: list[str] = []
    for name in NAMES:
        if name in SETS or name in values or name not in says:
            continue
        if says[name] == now.get(name):
            remembered[name] = says[name]
            continue
        untouched = now.get(name) == before.get(name)
        if _is_behind(name, here, file, untouched) or (name == "review" and _is_seen_to(now, before, says)):
            continue
        if is_repeated and now.get(name) and not _goes_on(name, here, file):
            if name in ("rating", "review") and says[name] not in before.get("others", []):
                kept.append(say_other_row(name, getattr(here, name), getattr(file, name)))
                remembered["others"] = [*remembered.get("others", []), says[name]]
                if name == "review":
                    values["notes"] = _with_review(values.get("notes", here.notes), file.review)
            continue
        if untouched:
            values[name] = getattr(file, name)
        elif name != "times_read" or file.times_read > here.times_read:
            kept.append(say_kept(name, getattr(here, name), getattr(file, name)))
        remembered[name] = says[name]
    earlier = _new_times(here, before, file, values, is_repeated=is_repeated)
    tags, gone = _new_tags(here, before, file)
    if earlier:
        values["earlier"] = (*here.earlier, *earlier)
    if tags:
        values["tags"] = (*here.tags, *tags)
    kept += [say_kept("tags", None, tag) for tag in gone]
    for name in SETS:
        if together := _union(before.get(name, []), says.get(name, [])):
            remembered[name] = together
    after = replace(here, **values)
    if after.status == "finished" and not after.times_read:
        after = replace(after, times_read=1)
    if is_repeated and earlier:
        finished = sum(end is not None for _, end in (*after.earlier, (None, after.finished_on)))
        after = replace(after, times_read=max(after.times_read, finished))
    changed = tuple(name for name in NAMES if getattr(after, name) != getattr(here, name))
    return Merged(after, changed, tuple(kept), remembered)


def _as_another_time(here: Said, file: Said) -> tuple[Said, dict[str, Any]]:
    """Split a second row into another time of reading and the rest: the later time is the last one.

    Returns what the row says besides, and the days of the last time where they change.
    """
    rest = replace(file, started_on=None, finished_on=None)
    if file.finished_on and here.finished_on and file.finished_on > here.finished_on:
        return rest, {"started_on": file.started_on, "finished_on": file.finished_on}
    return replace(rest, earlier=(*file.earlier, (file.started_on, file.finished_on))), {}


def _with_review(notes: str, review: str) -> str:
    """Private notes with a second review of the same book below them."""
    return "\n\n".join(filter(None, (notes, review)))[:MAX_NOTES]


def _is_left(here: Said, before: Mapping[str, Any], file: Said) -> bool:
    """Whether the reader is reading, or has laid aside, a book here that the file says they have finished."""
    return file.status == "finished" != here.status and here.status != before.get("status", "")


def _is_behind(name: str, here: Said, file: Said, untouched: bool) -> bool:
    """Whether the file only says what was before what it, or another one, has brought here."""
    if name == "status":
        return untouched and RANKS[file.status] < RANKS[here.status]
    if name == "times_read":
        return untouched and file.times_read < here.times_read
    if name not in ("started_on", "finished_on"):
        return False
    # The last time of which the file knows may be an earlier one here.
    finished = {finished for _, finished in here.earlier if finished}
    return (file.started_on, file.finished_on) in here.earlier or file.finished_on in finished


def _is_seen_to(now: Mapping[str, Any], before: Mapping[str, Any], says: Mapping[str, Any]) -> bool:
    """Whether the draft of this very review was here, and has been published or thrown away."""
    return "review" not in now and says.get("review") == before.get("review")


def _goes_on(name: str, here: Said, file: Said) -> bool:
    """Whether a later row about the same book is further on than an earlier one."""
    if name == "status":
        return RANKS[file.status] > RANKS[here.status]
    return name == "times_read" and file.times_read > here.times_read


def _new_times(
    here: Said, before: Mapping[str, Any], file: Said, values: Mapping[str, Any], *, is_repeated: bool
) -> tuple[Through, ...]:
    """The earlier times that join those here, and the last one here, where the file knows of a later.

    A time that the file told before, and that is not here any more, was changed here: it stays away.
    """
    known = {tuple(pair) for pair in before.get("earlier", [])}
    if not is_repeated:
        known.add((before.get("started_on", ""), before.get("finished_on", "")))
    last = (here.started_on, here.finished_on)
    found = [
        pair
        for pair in file.earlier
        if pair not in here.earlier and pair != last and (_iso(pair[0]), _iso(pair[1])) not in known
    ]
    is_later = values.get("finished_on") is not None and here.finished_on is not None
    is_told = last in file.earlier or file.times_read > here.times_read or is_repeated
    if is_later and is_told and last not in here.earlier:
        found.append(last)
    return tuple(found)


def _new_tags(here: Said, before: Mapping[str, Any], file: Said) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tags that join those here, and those of the file that the member has taken off here."""
    mine, known = {key_of(tag) for tag in here.tags}, set(before.get("tags", []))
    others = [tag for tag in file.tags if key_of(tag) not in mine]
    new = tuple(tag for tag in others if key_of(tag) not in known)
    return new, tuple(tag for tag in others if key_of(tag) in known)


def _union(one: list[Any], other: list[Any]) -> list[Any]:
    return sorted({repr(value): value for value in [*one, *other]}.values())


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest() if text else ""
