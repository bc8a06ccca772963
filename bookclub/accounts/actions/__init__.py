"""Joining, signing in and leaving: what spans several tables. Nothing here commits."""

from .links import Door, code_of, door, invite, password_link, setup_link, sign_code
from .membership import change_role, lift_suspension, remove, suspend
from .passwords import common_passwords, hash_password, password_problem
from .sign_up import add_member, change_display_name, change_email, join
from .signing_in import (
    Attempt,
    Verdict,
    end_session,
    open_session,
    renew_session,
    set_password,
    settle,
    try_own_password,
    try_password,
)

__all__ = [
    "Attempt",
    "Door",
    "Verdict",
    "add_member",
    "change_display_name",
    "change_email",
    "change_role",
    "code_of",
    "common_passwords",
    "door",
    "end_session",
    "hash_password",
    "invite",
    "join",
    "lift_suspension",
    "open_session",
    "password_link",
    "password_problem",
    "remove",
    "renew_session",
    "set_password",
    "settle",
    "setup_link",
    "sign_code",
    "suspend",
    "try_own_password",
    "try_password",
]
