"""Suspension: while it lasts a member brings nothing in, and counts as nobody."""

from __future__ import annotations

from ...accounts import actions as accounts
from ...accounts.models import Member
from ...imports import actions as imports
from .counters import CountedBooks, recount_afterwards


def suspend(member: Member) -> None:
    """Shut a member out until the suspension is lifted: sessions, links, invitations and imports stop."""
    accounts.suspend(member)
    imports.stop_all(member.id)
    CountedBooks.of(member.id).recount()
    recount_afterwards(member.id)


def lift_suspension(member: Member) -> None:
    """Let a member in again, and count them again. A stopped import waits for them to go on with it."""
    accounts.lift_suspension(member)
    imports.look_again(member.id)
    CountedBooks.of(member.id).recount()
