"""Uploaded images become upright WebP copies without metadata, or are refused for a reason."""

from __future__ import annotations

import subprocess
import sys
import zlib
from io import BytesIO
from struct import pack

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from bookclub.lib.images import renditions as images
from bookclub.lib.images.renditions import BROKEN, DOUBLE, HEIC, LARGE, UNKNOWN, ImageError
from tests.pictures import samples
from tests.pictures.samples import BLUE, RED, packed, picture

TURNED = 6  # EXIF: taken with the camera turned, to be shown turned a quarter clockwise.


def opened(copy):
    return Image.open(BytesIO(copy.content))


def is_like(colour, other):
    """Whether two colours look alike after lossy compression."""
    return all(abs(a - b) < 25 for a, b in zip(colour, other, strict=True))


def is_upright(copy):
    shown = opened(copy).convert("RGB")
    corners = [shown.getpixel((x * (copy.width - 1), y * (copy.height - 1))) for x, y in ((0, 0), (1, 0))]
    return is_like(corners[0], RED) and is_like(corners[1], BLUE)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_every_format_becomes_webp(form):
    (copy,) = images.renditions(packed(picture(300, 200), form))

    assert opened(copy).format == "WEBP"
    assert (copy.width, copy.height) == opened(copy).size == (300, 200)
    assert is_upright(copy)


def test_the_copies_are_of_three_widths_and_none_is_larger_than_the_image():
    sizes = {
        width: [(copy.width, copy.height) for copy in images.renditions(packed(picture(width, width // 2)))]
        for width in (2000, 1000, 100)
    }
    assert sizes[2000] == [(480, 240), (960, 480), (1600, 800)]
    assert sizes[1000] == [(480, 240), (960, 480), (1000, 500)]
    assert sizes[100] == [(100, 50)]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("width", [400, 3600])
def test_a_photo_is_turned_upright(form, width):
    exif = Image.Exif()
    exif[0x0112] = TURNED
    # As the camera held it: turned a quarter to the left.
    held = picture(width, width // 2).transpose(Image.Transpose.ROTATE_90)
    copy = images.renditions(packed(held, form, exif=exif))[-1]

    assert copy.width > copy.height
    assert is_upright(copy)


def test_a_photo_in_heic_is_not_turned_twice():
    """Its decoder turns it as the file says, so what EXIF repeats of that is left alone."""
    (copy,) = images.renditions(samples.HEIC)

    assert (copy.width, copy.height) == (96, 64)
    assert is_upright(copy)


def test_without_its_library_heic_is_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "pi_heif", None)

    with pytest.raises(ImageError, match=HEIC):
        images.renditions(samples.HEIC)


def test_no_metadata_is_left():
    exif = Image.Exif()
    exif[0x010E] = "SECRET caption"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)  # The latitude at which it was taken.
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    jpeg = packed(picture(), exif=exif, comment=b"SECRET", icc_profile=profile)
    info = PngInfo()
    info.add_text("Author", "SECRET")
    png = packed(picture(), "PNG", pnginfo=info, exif=exif)
    webp = packed(picture(), "WEBP", xmp=b"<SECRET/>", exif=exif)

    for sent in (jpeg, png, webp):
        assert b"SECRET" in sent
        for copy in images.renditions(sent):
            shown = opened(copy)
            assert b"SECRET" not in copy.content
            assert not shown.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment"} & shown.info.keys()


def test_transparent_parts_become_white():
    drawing = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
    drawing.paste((0, 0, 0, 255), (0, 0, 50, 50))
    palette = drawing.quantize()

    for form, image in (("PNG", drawing), ("WEBP", drawing), ("PNG", palette), ("GIF", drawing)):
        sent = packed(image, form)
        assert Image.open(BytesIO(sent)).has_transparency_data
        (copy,) = images.renditions(sent)
        shown = opened(copy)
        assert shown.mode == "RGB"
        assert is_like(shown.getpixel((190, 90)), (255, 255, 255))
        assert is_like(shown.getpixel((5, 5)), (0, 0, 0))


def test_of_a_moving_image_the_first_picture_shows():
    frames = [picture(), Image.new("RGB", (600, 400), "white")]
    for form in ("GIF", "WEBP", "PNG"):
        moving = packed(frames[0], form, save_all=True, append_images=frames[1:], duration=100)
        assert Image.open(BytesIO(moving)).n_frames == 2
        assert is_upright(images.renditions(moving)[0])
        assert getattr(opened(images.renditions(moving)[0]), "n_frames", 1) == 1


def test_dark_tones_of_deep_grey_stay_dark():
    ramp = Image.new("I;16", (256, 1))
    ramp.putdata([level * 257 for level in range(256)])
    (copy,) = images.renditions(packed(ramp.resize((256, 64)), "PNG"))
    shown = opened(copy).convert("L")

    assert shown.getpixel((10, 30)) < 40
    assert 100 < shown.getpixel((128, 30)) < 160
    assert shown.getpixel((245, 30)) > 215


def test_colours_for_print_are_converted():
    sent = packed(picture().convert("CMYK"))
    assert Image.open(BytesIO(sent)).mode == "CMYK"
    copy = images.renditions(sent)[0]

    assert opened(copy).mode == "RGB"
    assert is_upright(copy)


# Refused


def png_header(width, height):
    """A PNG that says it is so large, and holds next to nothing."""

    def chunk(name, data):
        return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))

    start = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", start)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


REFUSED = {
    "nothing": (b"", UNKNOWN),
    "words": (b"Not a picture at all.", UNKNOWN),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', UNKNOWN),
    "SVG with a declaration": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', UNKNOWN),
    "PDF": (b"%PDF-1.7\n1 0 obj", UNKNOWN),
    "TIFF": (packed(picture(), "TIFF"), UNKNOWN),
    "BMP": (packed(picture(), "BMP"), UNKNOWN),
    "video": (b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2", UNKNOWN),
    "30 000 pixels a side": (png_header(30_000, 30_000), LARGE),
    "wide": (png_header(30_000, 10), LARGE),
    "tall": (png_header(10, 30_000), LARGE),
    "64 million pixels": (png_header(8_000, 8_000), LARGE),
    "4 thousand million": (png_header(2_000_000, 2_000), LARGE),
    "half a JPEG": (packed(picture())[:2_000], BROKEN),
    "half a PNG": (packed(picture(), "PNG")[:300], BROKEN),
    "half a WebP": (packed(picture(), "WEBP")[:200], BROKEN),
    "half an AVIF": (packed(picture(), "AVIF")[:300], BROKEN),
    "half a HEIC": (samples.HEIC[:400], BROKEN),
    "three bytes of a JPEG": (b"\xff\xd8\xff", BROKEN),
    "a page": (packed(picture()) + b"<html><body>", DOUBLE),
    "a script": (packed(picture(), "PNG") + b"<SCRIPT>alert(1)</SCRIPT>", DOUBLE),
    "a script in its comment": (packed(picture(), comment=b"<script>alert(1)</script>"), DOUBLE),
    "PHP": (packed(picture(), "GIF") + b"<?php system($_GET[0]); ?>", DOUBLE),
    "JavaScript": (b"GIF89a/*" + packed(picture(), "GIF")[8:] + b"*/=1;alert(1)", DOUBLE),
    "PDF within": (packed(picture(), comment=b"%PDF-1.7"), DOUBLE),
}


@pytest.mark.parametrize(("sent", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_shown_is_refused_for_a_reason(sent, reason):
    with pytest.raises(ImageError) as refusal:
        images.renditions(sent)

    assert str(refusal.value) == reason


def test_an_archive_behind_a_picture_is_refused(tmp_path):
    from zipfile import ZipFile

    file = tmp_path / "both.jpg"
    file.write_bytes(packed(picture()))
    with ZipFile(file, "a") as archive:
        archive.writestr("page.html", "x")

    assert images.format_of(file.read_bytes()) == "JPEG"
    with pytest.raises(ImageError, match=DOUBLE):
        images.renditions(file.read_bytes())


def test_bytes_that_a_phone_puts_behind_a_photo_are_no_reason():
    """A motion photo has a film there, and one with depth a second photo."""
    film = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40
    for behind in (film, packed(picture(50, 50)), b"SEFT\0\0"):
        assert is_upright(images.renditions(packed(picture()) + behind)[0])


# In a process of its own


def run(content, *, memory=None):
    """The program's answer to these bytes."""
    code = f"from bookclub.lib.images import renditions as r; r.MEMORY = {memory}; r.main()"
    command = [sys.executable, "-c", code] if memory else [sys.executable, "-I", images.__file__]
    return subprocess.run(command, input=content, capture_output=True, check=False)


def test_the_program_answers_with_the_copies():
    done = run(packed(picture(700, 350)))

    assert images.read_answer(done.stdout) == images.renditions(packed(picture(700, 350)))


def test_the_program_answers_with_its_reason():
    with pytest.raises(ImageError, match=UNKNOWN):
        images.read_answer(run(b"no picture").stdout)


def test_an_image_that_takes_too_much_memory_is_refused():
    sent = packed(Image.new("RGB", (6_000, 6_000)), "PNG")
    assert images.read_answer(run(sent).stdout)

    with pytest.raises(ImageError):
        images.read_answer(run(sent, memory=200 * 1024 * 1024).stdout)


def test_a_program_that_ended_without_an_answer_counts_as_a_broken_image():
    with pytest.raises(ImageError, match=BROKEN):
        images.read_answer(b"")
