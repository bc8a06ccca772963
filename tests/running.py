"""The real commands in processes of their own, and a browser without a screen to visit what they serve."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, build_opener

COMMAND = (sys.executable, "-c", "from bookclub.cli.main import main; main(prog_name='bookclub')")
SECONDS = 60
LAST_LINE = "Stop it with Ctrl-C."


@dataclass
class Answer:
    """What came back for a request."""

    status: int
    url: str
    text: str


@dataclass
class Server:
    """A command that serves, what it printed until then, and where it is."""

    process: subprocess.Popen[str]
    said: str

    @property
    def address(self) -> str:
        """Where it listens: the last address at port so-and-so that it named."""
        return re.findall(r"http://[\w.]+:\d+", self.said)[0]

    def browser(self) -> Browser:
        return Browser(self.address)

    def end(self, with_signal: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Tell it to end; its exit status and what it complained about."""
        self.process.send_signal(with_signal)
        _, errors = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, errors


class Browser:
    """Somebody who keeps cookies and follows redirects."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener: OpenerDirector = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Answer:
        return self._ask(path)

    def post(self, path: str, **fields: str) -> Answer:
        """Send the form on the page at ``path``, with the hidden fields that it brings."""
        page = self.get(path).text
        hidden = {
            name: unescape(value)
            for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page)
            for name in re.findall(r"name=\"([^\"]*)\"", tag)[:1]
            for value in re.findall(r"value=\"([^\"]*)\"", tag)[:1]
        }
        return self._ask(path, urlencode({**hidden, **fields}).encode())

    def sign_in(self, username: str, password: str) -> Answer:
        return self.post("/sign-in", username=username, password=password)

    def _ask(self, path: str, body: bytes | None = None) -> Answer:
        try:
            with self.opener.open(self.address + path, body, timeout=SECONDS) as answer:
                return Answer(answer.status, answer.url, answer.read().decode())
        except HTTPError as answer:
            with answer:
                return Answer(answer.code, answer.url, answer.read().decode())


def environment(**settings: object) -> dict[str, str]:
    """The environment with these settings of Bookclub's, and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOOKCLUB_")}
    return kept | {name: str(value) for name, value in settings.items()}


@contextmanager
def running(*arguments: str, **settings: object) -> Iterator[Server]:
    """A command that serves, from when it has said where until it is told to end, or this block does."""
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(PYTHONUNBUFFERED=1, **settings),
    )
    assert process.stdout is not None
    too_late = threading.Timer(SECONDS, process.kill)
    too_late.start()
    try:
        said = ""
        for line in process.stdout:
            said += line
            if line.startswith(LAST_LINE):
                break
        else:
            raise AssertionError(f"it ended before it served: {said}{process.communicate()[1]}")
        too_late.cancel()
        yield Server(process, said)
    finally:
        too_late.cancel()
        if process.poll() is None:
            process.kill()
        process.communicate()


def run(*arguments: str, given: str = "", **settings: object) -> subprocess.CompletedProcess[str]:
    """A command from beginning to end, with ``given`` on its standard input."""
    return subprocess.run(
        [*COMMAND, *arguments],
        input=given,
        capture_output=True,
        text=True,
        env=environment(**settings),
        timeout=SECONDS,
        check=False,
    )
