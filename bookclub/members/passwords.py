"""Passwords: how they are kept, compared and refused."""

from __future__ import annotations

import secrets
from functools import lru_cache
from importlib.resources import files
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from . import password_strength
from .rules import fold


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """The folded passwords that are guessed first."""
    lines = files("bookclub.members").joinpath("common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(fold(line) for line in lines if line and not line.startswith("#"))


def password_problem(password: str, *names: str | None) -> str | None:
    """What is wrong with a password of somebody with these names, in words; None where nothing is."""
    return password_strength.password_problem(password, [name for name in names if name], common_passwords())


@lru_cache(maxsize=2)
def _hasher(testing: bool) -> tuple[PasswordHasher, str]:
    """argon2id, and the hash of a password that nobody has."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if testing else PasswordHasher()
    return hasher, hasher.hash(secrets.token_hex(32))


def hash_password(password: str) -> str:
    """How a password is kept. Slow on purpose: call it before the writing transaction opens.

    The same letters are typed in different ways on different machines, so they are normalised.
    """
    hasher, _ = _hasher(current_app.extensions["bookclub"].testing)
    return hasher.hash(normalize("NFKC", password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether this is the password. It takes the same time where there is none to compare with."""
    hasher, nobodys = _hasher(current_app.extensions["bookclub"].testing)
    try:
        right = hasher.verify(password_hash or nobodys, normalize("NFKC", password))
    except (VerificationError, InvalidHashError):
        return False
    return right and password_hash is not None


def rehashed(password_hash: str, password: str) -> str:
    """The hash to keep from now on: a new one where it was made with other parameters than today's."""
    hasher, _ = _hasher(current_app.extensions["bookclub"].testing)
    return hash_password(password) if hasher.check_needs_rehash(password_hash) else password_hash
