"""Registries of departures, suspensions, readmissions and new passwords, for packages with members' rows."""

from __future__ import annotations

from ..registry import Registry
from .models import Member

# handler(member, now, *, words_too=False, by_id=None): a member leaves, or ``by_id`` removes them.
on_departure: Registry[..., None] = Registry()
# handler(member): a member is suspended, or the suspension is lifted.
on_suspension: Registry[[Member], None] = Registry()
on_readmission: Registry[[Member], None] = Registry()
# handler(member): a one-time link is setting their password.
on_password_reset: Registry[[Member], None] = Registry()
