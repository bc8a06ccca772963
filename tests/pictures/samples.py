"""Images as people send them, small ones."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

# 96 by 64 pixels like picture(), which EXIF says to turn by a quarter. Pillow cannot write this format.
HEIC = (Path(__file__).parent / "photo.heic").read_bytes()
RED, BLUE = (200, 30, 40), (30, 60, 200)


def picture(width: int = 600, height: int = 400, mode: str = "RGB") -> Image.Image:
    """A blue picture whose top left quarter is red."""
    made = Image.new(mode, (width, height), BLUE if mode == "RGB" else (*BLUE, 255))
    ImageDraw.Draw(made).rectangle((0, 0, width // 2, height // 2), fill=RED)
    return made


def packed(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """The bytes of an image in a format."""
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def upload(content: bytes | None = None, name: str = "door.jpg") -> tuple[BytesIO, str]:
    """A file as the test client sends it."""
    return BytesIO(packed(picture()) if content is None else content), name
