"""Kinds of mail: how each is composed, and the way for every package to post one.

A kind is a function that @mail_kind names. It is asked at the moment of sending, and so decides on the rows
as they are then. A package posts by the name of a kind, and need not know the outbox in ``mail``, which
may stand to its right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app

from .hosts import address_for_mail
from .registry import Registry


@dataclass(frozen=True)
class Draft:
    """One mail in words: its subject, and the values for the templates that its kind names.

    Programs show the mails of one ``conversation`` ("thread-12") as one. ``reply_to`` is the address at which
    an answer is taken, ``unsubscribe`` the full link where a POST ends mails of this kind (RFC 8058).
    """

    subject: str
    values: dict[str, Any]
    conversation: str | None = None
    reply_to: str | None = None
    unsubscribe: str | None = None


# compose(member, **arguments): the recipient is None for a guest. None: there is nothing to send any more.
Compose = Callable[..., Draft | None]


@dataclass(frozen=True)
class MailKind:
    """A kind of mail, with its templates mail/<name>.txt and .html.

    Someone waits for an ``urgent`` one, so it goes before all others. A ``vital`` one is sent although its
    address is marked, and again if a crash left it unknown. ``to_former_address``: the recipient has
    another address by now.
    """

    name: str
    compose: Compose
    is_urgent: bool
    is_vital: bool
    to_former_address: bool


KINDS: dict[str, MailKind] = {}
# handler(kind, *, cause, address, member_id, site, arguments): True if it was stored, and False if this cause
# has made its mail already.
on_post: Registry[..., bool] = Registry()


def mail_kind(
    name: str, *, urgent: bool = False, vital: bool = False, to_former_address: bool = False
) -> Callable[[Compose], Compose]:
    """Register the function that composes a kind of mail."""

    def register(compose: Compose) -> Compose:
        KINDS[name] = MailKind(name, compose, urgent, vital, to_former_address)
        return compose

    return register


def sends_mail() -> bool:
    """Return whether the club sends mail, and knows the address to which its links lead."""
    return current_app.extensions["bookclub"].mail is not None and address_for_mail() is not None


def post(
    kind: str,
    *,
    cause: str,
    address: str,
    member_id: int | None = None,
    site: str | None = None,
    **arguments: Any,
) -> bool:
    """Put a mail into the outbox, to go once the caller's transaction commits.

    ``cause`` identifies what it is about: the same cause makes one mail only. ``site`` is the club's address
    as of a request, for jobs. Arguments are ids and such: no words, and no secrets. Return False if the club
    sends no mail, or has this one already.
    """
    site = site or address_for_mail()
    if current_app.extensions["bookclub"].mail is None or site is None:
        return False
    assert kind in KINDS, kind
    given = {"cause": cause, "address": address, "member_id": member_id, "site": site}
    return any(on_post.call(kind, **given, arguments=arguments))
