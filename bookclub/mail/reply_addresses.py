"""Signed addresses at which replies and bounces come back: talk+TOKEN@example.org.

A token is small enough for the local part of an address, and survives servers that change its case: base32 of
what it is about, who it was mailed to, its subject's id, and the first ten bytes of an HMAC with SHA-256.
"""

from __future__ import annotations

import hmac
from base64 import b32decode, b32encode
from binascii import Error
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from flask import current_app

from ..config import Settings
from ..members import queries as accounts
from ..members.models import Member

About = Literal["comment", "review", "mail"]
_LETTERS: dict[About, bytes] = {"comment": b"c", "review": b"r", "mail": b"m"}
_ABOUT = {letter: about for about, letter in _LETTERS.items()}
# Ten bytes cannot be guessed by mail (2 to the power of 80), and RFC 2104 allows half of a digest.
_SIGNATURE = 10


@dataclass(frozen=True)
class ReplyToken:
    """The subject of a reply, a comment or review as it was mailed to ``member``, or of a bounce, a mail.

    A mail has no ``member`` here.
    """

    about: About
    subject_id: int
    member: Member | None


def reply_address(member: Member, about: Literal["comment", "review"], subject_id: int) -> str | None:
    """Return the address at which this member answers a post by mail; None if the club takes no replies."""
    return _address(_token(about, member.id, subject_id, member.link_generation))


def return_address(mail_id: int) -> str | None:
    """Return the address to which a mail's bounces go (VERP), or None if the club has none of its own."""
    return _address(_token("mail", 0, mail_id, 0))


def read_token(text: str) -> ReplyToken | None:
    """Return what a token is about; None unless this club signed it and its member is still the same one.

    Suspended and former members answer nothing any more, nor does a former address.
    """
    try:
        content = b32decode(text.upper() + "=" * (-len(text) % 8))
    except (Error, ValueError):
        return None
    signed, signature = content[:-_SIGNATURE], content[-_SIGNATURE:]
    letter, member_id, subject_id = signed[:1], *_numbers(signed[1:])
    if letter not in _ABOUT:
        return None
    about, member = _ABOUT[letter], None
    if about != "mail":
        member = accounts.member_by_id(member_id)
        if member is None or not member.is_active:
            return None
    generation = member.link_generation if member else 0
    if not hmac.compare_digest(signature, _sign(signed, generation)):
        return None
    return ReplyToken(about, subject_id, member)


def _address(token: str) -> str | None:
    settings: Settings = current_app.extensions["bookclub"]
    return settings.mail_reply.replace("{token}", token) if settings.mail_reply else None


def _token(about: About, member_id: int, subject_id: int, generation: int) -> str:
    signed = _LETTERS[about] + b"".join(_written(number) for number in (member_id, subject_id))
    return b32encode(signed + _sign(signed, generation)).decode().rstrip("=").lower()


def _sign(signed: bytes, generation: int) -> bytes:
    settings: Settings = current_app.extensions["bookclub"]
    key = sha256(f"reply-address-{settings.secret_key}".encode()).digest()
    return hmac.digest(key, signed + f" {generation}".encode(), "sha256")[:_SIGNATURE]


def _written(number: int) -> bytes:
    """Return a number with its length before it, in as few bytes as it needs."""
    size = (number.bit_length() + 7) // 8
    return bytes([size]) + number.to_bytes(size, "big")


def _numbers(content: bytes) -> tuple[int, int]:
    """Return the two numbers that were written; (0, 0) if these are none."""
    size = content[0] if content else 0
    first, rest = content[1 : 1 + size], content[1 + size :]
    second = rest[1:]
    if not rest or len(first) != size or len(second) != rest[0] or max(size, rest[0]) > 8:
        return 0, 0
    return int.from_bytes(first, "big"), int.from_bytes(second, "big")
