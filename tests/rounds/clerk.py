"""A process of its own that sends requests to a club, as it is told through a pipe.

Each job is answered. Requests are ``[method, path, cookie, fields]``.
"""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import cycle
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

from bookclub.app import create_app
from bookclub.config import Settings
from bookclub.schema import close
from tests.conftest import STATEMENTS, Compiled

REFUSED = 422
# As many as a server has.
THREADS = 8
# Nobody goes on for longer than this, whatever they wait for.
MOST = 2000


def send(app: Flask, request: list[Any]) -> int:
    """Send one request; its status."""
    method, path, cookie, fields = request
    client = app.test_client(use_cookies=False)
    headers = {"Cookie": f"bookclub_session={cookie}"}
    return client.open(path, method=method, headers=headers, data=fields).status_code


def at_once(app: Flask, job: dict[str, Any]) -> list[int]:
    """Send all of them at the same instant."""

    def wait_and_send(request: list[Any]) -> int:
        time.sleep(max(0.0, job["start"] - time.time()))
        return send(app, request)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(wait_and_send, job["requests"]))


def until_refused(app: Flask, job: dict[str, Any]) -> list[int]:
    """Send one after another, over and over, until the first is refused."""
    time.sleep(max(0.0, job["start"] - time.time()))
    statuses = []
    for request in cycle(job["requests"]):
        statuses.append(send(app, request))
        if statuses[-1] == REFUSED or len(statuses) == MOST:
            return statuses
    return statuses


def die(app: Flask, job: dict[str, Any]) -> list[str]:
    """Send one in a process that is killed before its n-th statement; the statements that it came to send.

    The last of them is "done" where the request was answered before that. The page that the request leads
    to is asked for before: what that compiles is there in each process, instead of being made in each.
    """
    _, path, cookie, _ = job["requests"][0]
    send(app, ["GET", path.rpartition("/")[0], cookie, {}])
    # What is open does not bear to be used by two processes.
    close(app)
    told, telling = os.pipe()
    child = os.fork()
    if not child:
        steps = iter(range(job["at"]))

        def step(name: str) -> None:
            if next(steps, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            os.write(telling, f"{name}\n".encode())

        event.listen(
            Engine, "before_cursor_execute", lambda _c, _k, statement, *_: step(statement.split("\n")[0])
        )
        event.listen(Engine, "commit", lambda _connection: step("COMMIT"))
        send(app, job["requests"][0])
        os.write(telling, b"done\n")
        os._exit(0)
    os.close(telling)
    with open(told) as said:
        lines = said.read().splitlines()
    os.waitpid(child, 0)
    return lines


@cache
def club(database: str, folder: str, secret: str) -> Flask:
    """The application over a database."""
    settings = Settings(data=Path(folder), database_url=database, secret_key=secret, testing=True)
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def serve(jobs: Connection) -> None:
    """Do every job that comes, until there are no more."""
    compile_once()
    while True:
        try:
            job = jobs.recv()
        except EOFError:
            return
        app = club(job["database"], job["folder"], job["secret"])
        jobs.send(globals()[job["do"]](app, job))
        close(app)


def compile_once() -> None:
    """Compile templates and statements once for all clubs, as tests/conftest.py does for all tests."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}
    DefaultDialect.__eq__ = lambda one, other: type(one) is type(other)
    DefaultDialect.__hash__ = lambda one: hash(type(one))
    Engine._compiled_cache = property(lambda _engine: STATEMENTS, lambda _engine, _own: None)
