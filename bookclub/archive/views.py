"""Pages of a member's own data: an overview, the zip, and the library as a CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, render_template

from ..extensions import utcnow
from ..lib.library_files.entries import sources
from ..lib.library_files.library_csv import library_csv
from ..web import the_club, the_member
from . import actions
from .queries import library_of, read_one_moment

bp = Blueprint("exports", __name__)
blueprints = (bp,)

# In bytes. Larger files wait on the disk until they are sent.
HELD_IN_MEMORY = 1024 * 1024
SENT_AT_ONCE = 64 * 1024


@bp.get("/settings/data")
def show() -> str:
    """Show what a member can import, and what they can export."""
    return render_template("archive/show.html", sources=sources())


@bp.get("/my-data.zip")
def pack() -> Response:
    """Send everything that a member keeps here as a zip."""
    read_one_moment()
    member, club, now = the_member(), the_club(), utcnow()
    body = pieces(lambda file: actions.pack(member, club.name, file, now))
    return sent(body, "application/zip", f"bookclub-{member.username}", "zip", now)


@bp.get("/my-library.csv")
def library() -> Response:
    """Send a member's library as a CSV."""
    read_one_moment()
    member = the_member()
    lines = library_csv(library_of(member.id))
    body = pieces(lambda file: file.writelines(line.encode() for line in lines))
    return sent(body, "text/csv", f"library-{member.username}", "csv", utcnow())


def pieces(fill: Callable[[BinaryIO], Any]) -> Iterator[bytes]:
    """Fill a temporary file, and return an iterator over its content.

    It is filled before the first piece, so that nothing is sent if that fails, and no transaction waits for a
    slow reader.
    """

    def read() -> Iterator[bytes]:
        with SpooledTemporaryFile(max_size=HELD_IN_MEMORY) as file:
            fill(cast(BinaryIO, file))
            file.seek(0)
            yield b""
            while piece := file.read(SENT_AT_ONCE):
                yield piece

    # The first, empty piece is taken here, which runs the generator until the file is filled.
    body = read()
    next(body)
    return body


def sent(body: Iterator[bytes], kind: str, name: str, ending: str, now: datetime) -> Response:
    """Response that saves a file under a dated name. Nothing else may store it, since it is private."""
    answer = Response(body, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{now:%Y-%m-%d}.{ending}"'
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
