"""Addresses that a request brings, checked before anyone is sent there."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request


def local_path(address: str | None) -> str | None:
    """Return the path and query of an address on this site, safe to redirect to; None for anything else."""
    # Browsers ignore control characters and read a backslash as a slash, which would hide another host.
    if not address or any(ord(character) < 33 or character == "\\" for character in address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    # Browsers send full addresses of this site, for example in Referer.
    if (parts.scheme or parts.netloc) and f"{parts.scheme}://{parts.netloc}/" != request.host_url:
        return None
    # After two slashes a browser reads the name of another host.
    if not parts.path.startswith("/") or parts.path.startswith("//") or address.startswith("//"):
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def return_address(otherwise: str) -> str:
    """Return the address of the page that a form stood on, from its field ``next``, or else another."""
    # The field could name any address, so only a path of this site counts.
    return local_path(request.form.get("next")) or otherwise
