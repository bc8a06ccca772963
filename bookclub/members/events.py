"""What happens to members, for packages that hold what is theirs."""

from __future__ import annotations

from ..registry import Registry
from .models import Member

# handler(member, now, *, words_too=False, by_id=None): a member leaves, or ``by_id`` removes them.
on_departure: Registry[..., None] = Registry()
# handler(member)
on_suspension: Registry[[Member], None] = Registry()
on_readmission: Registry[[Member], None] = Registry()
