"""Letters to a whole club: how long they take, how the site answers meanwhile, and what a crash leaves.

    python -m tests.benchmarks.mail                1 000 letters, and a browser that looks at home
    python -m tests.benchmarks.mail --kills 50     the server is killed 50 times while it sends

The server for mail runs in this process and takes everything. The club is the demo's, with as many members
more; each gets one letter about the last month.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from threading import Event, Thread
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from bookclub.config import Settings
from bookclub.demo import sample_club
from bookclub.extensions import begin_write, db, utcnow
from bookclub.jobs import Job, enqueue
from bookclub.mail.models import Mail
from bookclub.members.models import Member
from bookclub.schema import close, create_upgraded_app
from tests.factories import make_member
from tests.mail.conftest import free_port
from tests.running import COMMAND, Browser

# Names that no sample member has.
NAME = "benchreader{}"
MONTH = timedelta(days=30)


class Counting:
    """A server's handler that counts what it took, by recipient."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.last_at = 0.0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.taken.update(envelope.rcpt_tos)
        self.last_at = time.monotonic()
        return "250 kept"


def build(folder: Path, letters: int) -> None:
    """Make the club, in which letters are due as soon as the worker looks."""
    app = create_upgraded_app(Settings.for_folder(folder))
    with app.app_context():
        begin_write()
        sample_club.build(utcnow())
        for number in range(letters):
            db.session.add(make_member(NAME.format(number), password=None))
        db.session.flush()
        long_ago = utcnow() - MONTH
        for member in db.session.execute(
            select(Member).where(Member.username.startswith("benchreader"))
        ).scalars():
            member.email_confirmed_at = member.joined_at = member.new_since = long_ago
        enqueue("letters", key="letters")
        db.session.commit()
    close(app)


def state_of(folder: Path) -> tuple[Counter[str], int]:
    """Return how many letters are in each state, and how many jobs for letters and mail are due."""
    app = create_upgraded_app(Settings.for_folder(folder))
    with app.app_context():
        states = db.session.execute(
            select(Mail.state, func.count()).where(Mail.kind == "letter").group_by(Mail.state)
        )
        counted: Counter[str] = Counter()
        counted.update(dict(states.all()))
        due = db.session.scalar(
            select(func.count()).where(Job.kind.in_(("letters", "mail")), Job.due_at <= utcnow())
        )
    close(app)
    return counted, int(due or 0)


@contextmanager
def club(folder: Path, port: int, smtp: int) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the club until the block ends."""
    environ = os.environ | {
        "BOOKCLUB_DATA": str(folder),
        "BOOKCLUB_MAIL": f"smtp://127.0.0.1:{smtp}",
        "BOOKCLUB_MAIL_FROM": "club@example.org",
        "BOOKCLUB_MAIL_PER_MINUTE": "10000",
        "BOOKCLUB_MAIL_TIMEOUT": "2",
        "BOOKCLUB_URL": f"http://127.0.0.1:{port}",
    }
    command = [*COMMAND, "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def look_at_home(address: str, over: Event, times: list[float], pause: float) -> None:
    """Load home again and again, as a member, and note the seconds that each load took.

    ``pause`` is how many seconds pass between two loads.
    """
    browser = Browser(address)
    while not over.is_set():
        try:
            browser.get("/healthz")
            break
        except OSError:
            time.sleep(0.05)
    browser.sign_in("bob", sample_club.PASSWORD)
    while not over.wait(pause):
        begun = time.perf_counter()
        browser.get("/")
        times.append(time.perf_counter() - begun)


def measure(folder: Path, letters: int, smtp: int, handler: Counting, pause: float) -> None:
    port, times, over = free_port(), list[float](), Event()
    begun = time.monotonic()
    with club(folder, port, smtp):
        reader = Thread(target=look_at_home, args=(f"http://127.0.0.1:{port}", over, times, pause))
        reader.start()
        while sum(handler.taken.values()) < letters and time.monotonic() - begun < 600:
            time.sleep(0.1)
        over.set()
        reader.join()
    cuts = quantiles(times, n=20)
    print(f"{sum(handler.taken.values())} letters in {handler.last_at - begun:.1f} s, the start included")
    median, most = cuts[9] * 1000, cuts[18] * 1000
    print(f"home meanwhile: {len(times)} loads, median {median:.0f} ms, 95 % within {most:.0f} ms")


def kill_often(folder: Path, kills: int, smtp: int, handler: Counting) -> None:
    chance = random.Random(17)
    for _ in range(kills):
        with club(folder, free_port(), smtp) as process:
            before = sum(handler.taken.values())
            until = time.monotonic() + 60
            while sum(handler.taken.values()) == before and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(chance.random() / 2)
            process.kill()
            process.wait()
    with club(folder, free_port(), smtp):
        until = time.monotonic() + 600
        while time.monotonic() < until:
            states, due = state_of(folder)
            if not states["waiting"] and not states["claimed"] and not due:
                break
            time.sleep(1)
    states, _ = state_of(folder)
    twice = sum(count > 1 for count in handler.taken.values())
    print(f"killed {kills} times: {dict(states)}; taken: {len(handler.taken)}, of these twice: {twice}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--letters", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--pause", type=float, default=0.2, help="seconds between two loads of home")
    given = parser.parse_args()
    handler = Counting()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with tempfile.TemporaryDirectory() as name:
            build(Path(name), given.letters)
            if given.kills:
                kill_often(Path(name), given.kills, controller.port, handler)
            else:
                measure(Path(name), given.letters, controller.port, handler, given.pause)
    finally:
        controller.stop()


if __name__ == "__main__":
    main()
