"""Signed addresses of pictures in a text that a member revealed on purpose, which work for ten minutes."""

from __future__ import annotations

import re

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from .rules import REVEALED_FOR_SECONDS

_ADDRESS = re.compile(r"(?<=[\" ])(/pictures/(\d{1,9})/\d{1,5}\.webp)(?=[\" ])")
_IMAGE = re.compile(r"<img [^>]*>")


def sign_pictures(page: str, member_id: int) -> str:
    """Return rendered prose with signatures in the addresses of its pictures, bound to this member."""

    def sign_image(image: re.Match[str]) -> str:
        return _ADDRESS.sub(
            lambda found: f"{found[1]}?revealed={_signature(int(found[2]), member_id)}", image[0]
        )

    return _IMAGE.sub(sign_image, page)


def is_signed(signature: str, picture_id: int, member_id: int) -> bool:
    """Return whether this member revealed the post with this picture in the last ten minutes."""
    try:
        signed = _serializer().loads(signature, max_age=REVEALED_FOR_SECONDS)
    except BadSignature:  # It is forged, or too old.
        return False
    return bool(signed == [picture_id, member_id])


def _signature(picture_id: int, member_id: int) -> str:
    return str(_serializer().dumps([picture_id, member_id]))


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="revealed picture")
