"""Going: roles, suspension and removal."""

from __future__ import annotations

from sqlalchemy import update

from ...extensions import db, utcnow
from ...wal import forget_at_once
from .. import rules
from ..models import Invitation, Member
from .signing_in import end_access


def change_role(member: Member, role: str) -> None:
    """Give a member another role. Someone who is an organiser no longer invites nobody any more.

    More rights end every session: they are not for whoever holds a copy of a member's cookie. Fewer rights
    end none, as every request reads the role again.
    """
    if rules.ROLES.index(role) > rules.ROLES.index(member.role):
        end_access(member)
    member.role = role
    if not member.is_organiser:
        _withdraw_invitations(member)


def suspend(member: Member) -> None:
    """Shut a member out until the suspension is lifted; sessions, links and invitations die at once.

    exports.actions.suspend() calls it, and stops what else is theirs.
    """
    member.suspended_at = utcnow()
    _shut_out(member)


def lift_suspension(member: Member) -> None:
    """Let a member in again. What died with the suspension stays dead."""
    member.suspended_at = None


def remove(member: Member, by_id: int | None = None) -> None:
    """Make somebody "a former member"; sessions, links and invitations die at once.

    ``by_id`` is the organiser who did it, None where they left by themselves. exports.actions.leave() calls
    it, and clears what is theirs alone.
    """
    _shut_out(member)
    member.forget(utcnow())
    member.removed_by_id = by_id
    forget_at_once()


def _shut_out(member: Member) -> None:
    end_access(member)
    _withdraw_invitations(member)


def _withdraw_invitations(member: Member) -> None:
    db.session.execute(
        update(Invitation)
        .where(Invitation.created_by_id == member.id, Invitation.revoked_at.is_(None))
        .values(revoked_at=utcnow())
    )
