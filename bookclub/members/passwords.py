"""Password hashes, and the check of a new password."""

from __future__ import annotations

import secrets
from functools import lru_cache
from importlib.resources import files
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from . import password_strength
from .rules import fold_name


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """Return the folded passwords that attackers guess first."""
    lines = files("bookclub.members").joinpath("common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(fold_name(line) for line in lines if line and not line.startswith("#"))


def password_problem(password: str, *names: str | None) -> str | None:
    """Return what is wrong with a password as a sentence, or None.

    ``names`` are the owner's and the club's: a password must not be too much like any of them.
    """
    return password_strength.strength_problem(password, [name for name in names if name], common_passwords())


@lru_cache(maxsize=2)
def _hasher(testing: bool) -> tuple[PasswordHasher, str]:
    """Return argon2id, and the hash of a password that nobody has."""
    # Tests hash hundreds of passwords, so their hashes are cheap.
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if testing else PasswordHasher()
    return hasher, hasher.hash(secrets.token_hex(32))


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, to be stored.

    Slow on purpose: call it before the writing transaction opens. Different machines type the same
    letters in different ways, so the password is normalised (NFKC).
    """
    hasher, _ = _hasher(current_app.extensions["bookclub"].testing)
    return hasher.hash(normalize("NFKC", password))


def verify_password(password_hash: str | None, password: str) -> bool:
    """Return whether a password belongs to a hash.

    Without a hash (None) it takes just as long, so that the time does not say whether an account exists.
    """
    hasher, decoy_hash = _hasher(current_app.extensions["bookclub"].testing)
    try:
        # The decoy was hashed with the same parameters, so comparing with it takes as long.
        is_right = hasher.verify(password_hash or decoy_hash, normalize("NFKC", password))
    except (VerificationError, InvalidHashError):
        return False
    return is_right and password_hash is not None


def refresh_hash(password_hash: str, password: str) -> str:
    """Return the hash to store from now on.

    It is a new one if the old one was made with other parameters than today's.
    """
    hasher, _ = _hasher(current_app.extensions["bookclub"].testing)
    return hash_password(password) if hasher.check_needs_rehash(password_hash) else password_hash
