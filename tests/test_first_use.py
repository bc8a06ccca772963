"""Libraries that take much memory are imported when they are first used, not when the club starts."""

from __future__ import annotations

import subprocess
import sys

ON_FIRST_USE = {"bs4", "charset_normalizer", "dateutil", "icalendar", "markdownify", "zxcvbn"}
LIST_MODULES = "import sys, bookclub.app; print(*{name.partition('.')[0] for name in sys.modules})"


def test_the_club_starts_without_its_heavy_libraries():
    started = subprocess.run(
        [sys.executable, "-c", LIST_MODULES], capture_output=True, check=True, text=True
    ).stdout.split()

    assert "bookclub" in started
    assert ON_FIRST_USE.intersection(started) == set()
