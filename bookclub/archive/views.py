"""A member's own data: the page that says what there is, the zip, and the library as a CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, render_template

from ..extensions import utcnow
from ..lib.library_files.library_csv import library_csv
from ..web import the_club, the_member
from . import actions
from .queries import hold_still, library_of

bp = Blueprint("exports", __name__)
blueprints = (bp,)

# Larger files wait on the disk until they are sent.
HELD_IN_MEMORY = 1024 * 1024
SENT_AT_ONCE = 64 * 1024


@bp.get("/settings/data")
def show() -> str:
    """Show what a member can bring, and what they can take along."""
    return render_template("archive/show.html")


@bp.get("/my-data.zip")
def pack() -> Response:
    """Send all that a member keeps here."""
    hold_still()
    member, club, now = the_member(), the_club(), utcnow()
    body = pieces(lambda file: actions.pack(member, club.name, file, now))
    return sent(body, "application/zip", f"bookclub-{member.username}", "zip", now)


@bp.get("/my-library.csv")
def library() -> Response:
    """Send a member's library alone."""
    hold_still()
    member = the_member()
    lines = library_csv(library_of(member.id))
    body = pieces(lambda file: file.writelines(line.encode() for line in lines))
    return sent(body, "text/csv", f"library-{member.username}", "csv", utcnow())


def pieces(fill: Callable[[BinaryIO], Any]) -> Iterator[bytes]:
    """What a file holds once it is filled, piece by piece.

    It is filled before the first of them, so that nothing is sent where that fails, and no transaction
    waits for a slow reader.
    """

    def read() -> Iterator[bytes]:
        with SpooledTemporaryFile(max_size=HELD_IN_MEMORY) as file:
            fill(cast(BinaryIO, file))
            file.seek(0)
            yield b""
            while piece := file.read(SENT_AT_ONCE):
                yield piece

    body = read()
    next(body)
    return body


def sent(body: Iterator[bytes], kind: str, name: str, ending: str, now: datetime) -> Response:
    """The answer that saves a file under a dated name. It is its reader's own, so nothing else keeps it."""
    answer = Response(body, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{now:%Y-%m-%d}.{ending}"'
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
