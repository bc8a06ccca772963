"""Static files: their addresses, and all stylesheets joined into one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from flask import Flask, Response, request, send_file

# There is no such file: it is joined when the application starts, so that a page asks for one and not for 25.
STYLESHEET = "css/bookclub.css"
_COMMENT = re.compile(rb"[ \t]*/\*.*?\*/\n?", re.DOTALL)


def init_app(app: Flask, stylesheets: Iterable[str]) -> Callable[[str], str]:
    """Serve static files and the joined stylesheets; return the function that makes their addresses.

    ``stylesheets`` are the names of files in the folder of stylesheets, in the order of their rules. While
    debugging, files are read for each request, so that an edit shows when the page is loaded again.
    """
    folder = Path(app.static_folder or "")
    sheets = tuple(folder / "css" / f"{name}.css" for name in stylesheets)

    def join() -> bytes:
        # Comments are for those who edit the files: without them browsers load a tenth less.
        return _COMMENT.sub(b"", b"".join(sheet.read_bytes() for sheet in sheets))

    def version(path: str) -> str:
        content = join() if path == STYLESHEET else (folder / path).read_bytes()
        return sha256(content).hexdigest()[:12]

    at_start, kept_version = join(), cache(version)

    def version_of(path: str) -> str:
        return version(path) if app.debug else kept_version(path)

    def address(path: str) -> str:
        """Return the address of a static file with a hash of its content.

        The address changes with the content, so that browsers can cache the file for good.
        """
        return f"{app.static_url_path}/{path}?v={version_of(path)}"

    def serve(filename: str) -> Response:
        if filename != STYLESHEET:
            answer = app.send_static_file(filename)
        else:
            answer = send_file(
                BytesIO(join() if app.debug else at_start),
                mimetype="text/css",
                etag=version_of(filename),
                max_age=app.get_send_file_max_age(filename),
            )
        if (asked := request.args.get("v")) and asked != version_of(filename):
            # Another version of Bookclub made the page, as happens during an upgrade. Its address must not
            # keep this version's file for a year.
            answer.headers["Cache-Control"] = "no-cache"
            answer.headers.pop("Expires", None)
        return answer

    app.view_functions["static"] = serve
    return address
