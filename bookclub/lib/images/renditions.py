"""Uploaded image to the WebP copies that pages show, or the reason why it cannot be shown.

This file is also run as a program, in a process of its own with limits of memory and time: the decoders are
written in C, and read what strangers send. It reads the image from its standard input, and so imports nothing
but the standard library and, once the limits hold, Pillow.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Sequence
from typing import Any, BinaryIO, NamedTuple

# Widths in pixels of the copies, of which a browser takes the one that fits: a phone, a column of text, and
# the same column on a fine screen. An image that is smaller is never made larger.
WIDTHS = (480, 960, 1600)
# WebP cannot store more than 16 383 pixels a side, and nobody reads a strip as long as that in one piece.
MOST_HEIGHT = 8_000
# A phone's panorama is about 16 000 pixels wide, its largest photo 50 million pixels.
MOST_SIDE = 20_000
MOST_PIXELS = 50_000_000
QUALITY = 82

# Memory in bytes and time in seconds that one image may take. Of 50 million pixels a JPEG takes 140 MB, since
# its decoder leaves out what is too fine; a PNG 300, an AVIF 460, a WebP 790.
MEMORY = 1024 * 1024 * 1024
SECONDS = 30

# Reasons, by which the caller chooses its words.
UNKNOWN, HEIC, BROKEN, LARGE, DOUBLE = "unknown", "heic", "broken", "large", "double"

# The number of the field in EXIF that says which way up a photo was taken.
_ORIENTATION = 0x0112
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
# Signs of a program or a page within an image, in lower case. Nobody's camera writes them.
_FOREIGN_SIGNS = (b"<script", b"<!doctype", b"<html", b"<?php", b"__halt_compiler")


class ImageError(Exception):
    """Raised for an image that cannot be shown; the argument is one of the reasons above."""


class Rendition(NamedTuple):
    """One copy of an image: its size in pixels, and the bytes of a WebP file without any metadata."""

    width: int
    height: int
    content: bytes


def format_of(content: bytes) -> str:
    """Return Pillow's name of an image's format by its first bytes. Raises Refusal(UNKNOWN)."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp":
        brands = content[8:12] + content[16:64]
        if b"avif" in brands or b"avis" in brands:
            return "AVIF"
        if any(brand in brands for brand in _HEIF_BRANDS):
            return "HEIF"
    raise ImageError(UNKNOWN)


def refuse_two_in_one(content: bytes) -> None:
    """Refuse a file that is something else as well: an archive, a document, a page or a program.

    What is shown is always drawn anew, so that nothing of this would reach anybody; but whoever sends it
    means no good. Bytes after an image's end are no sign of it: many phones put some there.

    Raises Refusal(DOUBLE).
    """
    # The four bytes after the first four are a length or a size, unless they begin a comment in a program.
    if b"/*" in content[4:8] or b"%PDF-" in content[:1024]:
        raise ImageError(DOUBLE)
    small = content.lower()
    if any(sign in small for sign in _FOREIGN_SIGNS) or zipfile.is_zipfile(io.BytesIO(content)):
        raise ImageError(DOUBLE)


def renditions(content: bytes, widths: Sequence[int] = WIDTHS) -> list[Rendition]:
    """Return the copies of an image, from narrow to wide: turned upright, in sRGB, without metadata.

    They are as wide as ``widths`` say, in pixels. No image is made larger: the widest copy of a narrow one is
    as wide as itself.

    Of a moving image only the first picture is taken. What is transparent becomes white, since most such
    images are dark drawings, which nobody could see on a dark page.

    Raises ImageError.
    """
    name = format_of(content)
    refuse_two_in_one(content)
    try:
        return [*_copies(_decode(content, name, max(widths)), widths)]
    except ImageError:
        raise
    except MemoryError:
        raise ImageError(LARGE) from None
    except Exception:  # Pillow raises errors of many classes for a file that is damaged.
        raise ImageError(BROKEN) from None


def _decode(content: bytes, name: str, widest: int) -> Any:
    """Return an image's pixels as Pillow's RGB image, no larger than the widest copy needs."""
    from PIL import Image, ImageOps

    if name == "HEIF":
        try:
            import pi_heif  # type: ignore[import-untyped]
        except ImportError:
            raise ImageError(HEIC) from None
        pi_heif.register_heif_opener(thumbnails=False)
    try:
        # A camera's file may hold several photos, of which the first is meant.
        opened = Image.open(io.BytesIO(content), formats=["JPEG", "MPO"] if name == "JPEG" else [name])
    except Image.DecompressionBombError:
        raise ImageError(LARGE) from None
    with opened as image:
        width, height = image.size
        # This is in the header: nothing has been unpacked yet.
        if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
            raise ImageError(LARGE)
        if name == "JPEG":
            # The decoder can leave out what is too fine to be seen, and saves most of the memory.
            image.draft("RGB", _fit(width, height, 2 * widest))
        image.load()
        reduced: Any = _reduce(image, widest)
        ImageOps.exif_transpose(reduced, in_place=True)
        return _in_srgb(reduced)


def _reduce(image: Any, widest: int) -> Any:
    """Return an image with fewer pixels where the widest copy has fewer than a half, to save memory."""
    width, _height = _fit(image.width, image.height, widest)
    times = image.width // (2 * width)
    # The colours of a palette cannot be averaged.
    if times < 2 or image.mode not in ("L", "LA", "RGB", "RGBA", "CMYK"):
        return image
    reduced = image.reduce(times)
    # The profile and the way up go along.
    reduced.info = image.info
    if _ORIENTATION in image.getexif():
        reduced.getexif()[_ORIENTATION] = image.getexif()[_ORIENTATION]
    return reduced


def _in_srgb(image: Any) -> Any:
    """Return an image in RGB on white, its colours converted from its own profile."""
    from PIL import Image, ImageCms

    profile = image.info.get("icc_profile")
    if image.mode in ("I;16", "I;16B", "I;16L", "I"):
        # Pillow would cut off all that is lighter than 255 of 65 535.
        image = image.point(lambda level: level / 257).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        white.alpha_composite(image)
        image = white.convert("RGB")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            image = converted or image
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # A profile that cannot be read is no reason to refuse the photo.
    return image.convert("RGB")


def _copies(image: Any, widths: Sequence[int]) -> list[Rendition]:
    """Return an RGB image as WebP in each of the widths, as far as it is wide enough."""
    widest, _height = _fit(image.width, image.height, max(widths))
    made = []
    for width in sorted({min(width, widest) for width in widths}):
        height = min(MOST_HEIGHT, max(1, round(image.height * width / image.width)))
        copy = image.resize((width, height), 1, reducing_gap=3.0)  # 1: Lanczos
        packed = io.BytesIO()
        copy.save(packed, "WEBP", quality=QUALITY, method=4, icc_profile=b"", exif=b"", xmp=b"")
        made.append(Rendition(width, height, packed.getvalue()))
    return made


def _fit(width: int, height: int, most_width: int) -> tuple[int, int]:
    """Return the size that fits into the limits for a copy, at least one pixel a side."""
    share = min(1.0, most_width / width, MOST_HEIGHT / height)
    return max(1, round(width * share)), max(1, round(height * share))


# The program. Its answer is a line of JSON, and the contents of the copies after it.


def write_answer(out: BinaryIO, made: list[Rendition]) -> None:
    """Write the copies as the program answers: their sizes, then their contents."""
    sizes = [[each.width, each.height, len(each.content)] for each in made]
    out.write(json.dumps({"copies": sizes}).encode() + b"\n")
    for each in made:
        out.write(each.content)


def read_answer(answer: bytes) -> list[Rendition]:
    """Read the program's answer. Raises ImageError as it says, or with BROKEN if it ended without one."""
    line, found, rest = answer.partition(b"\n")
    if not found:
        raise ImageError(BROKEN)
    said = json.loads(line)
    if "refused" in said:
        raise ImageError(said["refused"])
    made, start = [], 0
    for width, height, size in said["copies"]:
        made.append(Rendition(width, height, rest[start : start + size]))
        start += size
    return made


def _limit_process() -> None:
    """Bound the memory and the time of this process, and let it write no file."""
    import resource

    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def main() -> None:
    """Answer for the image on the standard input, in the widths that the arguments say."""
    if sys.platform != "win32":
        _limit_process()
    out = sys.stdout.buffer
    try:
        widths = [int(each) for each in sys.argv[1:]] or WIDTHS
        write_answer(out, renditions(sys.stdin.buffer.read(), widths))
    except ImageError as refusal:
        out.write(json.dumps({"refused": str(refusal)}).encode() + b"\n")


if __name__ == "__main__":
    main()
