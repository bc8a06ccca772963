"""Registry of what a member does about a notice by a link in its mail, without signing in."""

from __future__ import annotations

from dataclasses import dataclass

from ..members.models import Member
from ..registry import Registry
from .models import Notice


@dataclass(frozen=True)
class ActionLink:
    """A link in a mail, signed for its reader, and the words on it."""

    label: str
    url: str


# handler(member, notice): the link by which this member acts on what the notice is about, or None.
on_mail: Registry[[Member, Notice], ActionLink | None] = Registry()
