"""Jobs that decide which notices go by mail, and write letters."""

from __future__ import annotations

from ..extensions import utcnow
from ..jobs import LOST_AFTER, enqueue, job
from ..mail_kinds import sends_mail
from .actions import MAIL_JOB
from .mail_actions import post_due_letters, post_due_notices
from .mail_rules import next_letters_at

LETTERS_JOB = "letters"
# A job that was due so long ago has its turn within the worker's present look, and waits for no other.
WITHIN_LOOK = LOST_AFTER / 2


@job(MAIL_JOB)
def post_notices(site: str | None) -> None:
    """Post the notices whose readers want them at once, and look again when more are due."""
    now = utcnow()
    due_at = post_due_notices(now, site)
    if due_at is not None:
        enqueue(MAIL_JOB, key=MAIL_JOB, due_at=max(due_at, now - WITHIN_LOOK), site=site)


# It begins with the worker, like a nightly job, and then looks every quarter of an hour.
@job(LETTERS_JOB, nightly=True)
def post_letters() -> None:
    """Post the letters that are due. A club that does not know its public address writes none."""
    now = utcnow()
    has_more = sends_mail() and post_due_letters(now)
    enqueue(LETTERS_JOB, key=LETTERS_JOB, due_at=now - WITHIN_LOOK if has_more else next_letters_at(now))
