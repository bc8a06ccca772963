"""E-mail addresses: which ones a mail can be sent to, and how they are written on the wire.

Only plain addresses are accepted. Comments, quoted local parts and literal IP addresses are legal in
RFC 5322, but nobody has one, and they are how one address passes for another or for several.
"""

from __future__ import annotations

import re
from ipaddress import ip_address

from .characters import clean_line
from .messages import gettext as _
from .messages import number_text

# RFC 5321 allows a path of 256 characters, two of which are its angle brackets.
LONGEST_EMAIL = 254
# The signs of an atom in RFC 5322, and any letter beyond ASCII (RFC 6531).
_ATOM = r"[A-Za-z0-9\u00a1-\U0010ffff!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[A-Za-z0-9\u00a1-\U0010ffff](?:[A-Za-z0-9\u00a1-\U0010ffff_-]*[A-Za-z0-9\u00a1-\U0010ffff])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_SENDER = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")


def address_problem(address: str) -> str | None:
    """Return what is wrong with an e-mail address as a sentence, or None.

    It refuses only what no mail could ever reach: only a mail can show whether it arrives.
    """
    name, at, host = address.rpartition("@")
    is_plain = address.isprintable() and _LOCAL.fullmatch(name) and _HOST.fullmatch(host)
    if not at or not is_plain:
        return _("This does not look like an e-mail address. Type one such as ada@example.org.")
    if len(address) > LONGEST_EMAIL:
        return _("Use an address of at most %(most)s characters.", most=number_text(LONGEST_EMAIL))
    return None


def wire_address(address: str) -> str | None:
    """Return an address as a server is given it, or None if nothing can be sent there.

    An international domain is written in ASCII, as all servers understand it: ada@xn--bcher-kva.example.
    """
    if address_problem(address):
        return None
    name, _at, host = address.rpartition("@")
    try:
        return f"{name}@{host.encode('idna').decode('ascii')}"
    except UnicodeError:  # A label is too long, or holds what no domain can.
        return None


def split_sender(text: str) -> tuple[str, str]:
    """Return name and address of "The Tuesday Readers <club@example.org>"; the name may be missing ("")."""
    text = clean_line(text)
    found = _SENDER.fullmatch(text)
    return (found["name"].strip().strip('"'), found["address"].strip()) if found else ("", text)


def is_this_machine(host: str) -> bool:
    """Return whether a name or IP address can only mean the machine itself (RFC 6761)."""
    host = host.rstrip(".").lower()
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
