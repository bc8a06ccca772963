"""Jobs that fill the index of the search, correct it every night, and wipe what was deleted from its file."""

from __future__ import annotations

from ..extensions import utcnow
from ..jobs import LOST_AFTER, enqueue, job, next_night
from ..searchable import KINDS
from . import actions

KIND = "search index"


@job(KIND, nightly=True)
def correct_index(name: str = "", after: int = 0) -> None:
    """Correct the next rows of the index, and enqueue this job for the others, or for the next night."""
    # The kinds come in the order of their names, so the job goes on where it stopped.
    for each in sorted(each for each in KINDS if each >= name):
        last = actions.index_batch(KINDS[each], after if each == name else 0)
        if last is not None:
            # The job is due within the worker's present look, and not only at the next.
            enqueue(KIND, key=KIND, due_at=utcnow() - LOST_AFTER / 2, name=each, after=last)
            return
    enqueue(KIND, key=KIND, due_at=next_night(utcnow()))


@job(actions.MERGE)
def wipe_deleted(begins: bool = True) -> None:
    """Write the next part of the index without deleted words, and enqueue this job for the rest."""
    if actions.merge_step(begins=begins):
        enqueue(actions.MERGE, key=actions.MERGE, due_at=utcnow() - LOST_AFTER / 2, begins=False)
