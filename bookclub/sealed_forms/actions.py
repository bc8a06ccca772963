"""Seal a form, and delete those that have expired."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete

from .. import jobs as bookclub_jobs
from ..extensions import db, utcnow
from ..members.models import Member
from ..members.queries import hash_token
from .models import SealedForm
from .queries import is_kept, newest_others, next_expiry
from .rules import LIFETIME


def seal(
    member: Member, address: tuple[str, str], page: str | None, fields: str, now: datetime, *, has_files: bool
) -> str:
    """Store a form for a member; return the token with which they find it again.

    ``address`` is the path and the query that it was sent to, ``fields`` the result of ``rules.pack()``.
    A member has MOST_PER_MEMBER forms at most: the oldest is deleted for a new one.
    """
    token = secrets.token_urlsafe(32)
    path, query = address
    db.session.execute(
        delete(SealedForm).where(
            SealedForm.member_id == member.id, SealedForm.id.not_in(newest_others(member.id))
        )
    )
    form = SealedForm(
        token_hash=hash_token(token),
        member_id=member.id,
        path=path,
        query=query,
        page=page,
        fields=fields,
        has_files=has_files,
        expires_at=now + LIFETIME,
    )
    db.session.add(form)
    # Jobs with one key are one job, so many forms need no more than one sweep.
    bookclub_jobs.enqueue("sweep sealed forms", key="sweep sealed forms", due_at=form.expires_at)
    return token


@bookclub_jobs.job("sweep sealed forms")
def sweep() -> None:
    """Delete the forms that have expired, and queue the next sweep."""
    now = utcnow()
    db.session.execute(delete(SealedForm).where(~is_kept(now)))
    soonest = next_expiry()
    if soonest is not None:
        bookclub_jobs.enqueue("sweep sealed forms", key="sweep sealed forms", due_at=soonest)
