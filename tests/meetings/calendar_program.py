"""A member's calendar program: vdirsyncer fetches the club's calendar over HTTP, and khal shows it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

VDIRSYNCER = """
[general]
status_path = "{folder}/status/"
[pair club]
a = "mine"
b = "theirs"
collections = null
conflict_resolution = "b wins"
[storage mine]
type = "filesystem"
path = "{folder}/events/"
fileext = ".ics"
[storage theirs]
type = "http"
url = "{url}"
"""
KHAL = """
[calendars]
[[club]]
path = {folder}/events/
readonly = True
[locale]
local_timezone = {zone}
default_timezone = {zone}
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""
SHOWN = "{start}|{end}|{title}|{status}|{location}"


def private_path(page: str) -> str:
    """The path of the private address on the page about one's calendar."""
    return urlsplit(re.findall(r'value="(http[^"]+)"', page)[0]).path


def subscribe(folder: Path, url: str, first_day: str, zone: str = "Europe/Berlin") -> Callable[[], list[str]]:
    """Subscribe to this address in a program that keeps its files in ``folder``.

    What is returned fetches the calendar again, and returns a line for each event in the 60 days from
    ``first_day``, in the order of their starts by the clocks of ``zone``.
    """
    (folder / "events").mkdir()
    home = {"HOME": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TZ": zone}

    def run(program: str, *words: str) -> str:
        command = [sys.executable, "-m", program, "-c", str(folder / program), *words]
        done = subprocess.run(command, env=home, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    (folder / "vdirsyncer").write_text(VDIRSYNCER.format(folder=folder, url=url))
    (folder / "khal").write_text(KHAL.format(folder=folder, zone=zone))
    run("vdirsyncer", "discover")

    def calendar() -> list[str]:
        run("vdirsyncer", "sync", "--force-delete")
        listed = run("khal", "list", "--notstarted", "-df", "", "-f", SHOWN, first_day, "60d")
        return sorted(filter(None, listed.splitlines()))

    return calendar
