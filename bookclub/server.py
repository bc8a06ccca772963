"""The server behind `serve` and `demo` (Waitress): how it listens, and how it stops."""

from __future__ import annotations

import errno
import gc
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any, NoReturn

from flask import Flask

from .body_limits import LARGEST_TEXT, limit_for
from .config import SettingError, Settings
from .connections import Deadlines
from .jobs import run_worker
from .recommendations.cache_queries import rebuild, rebuilds
from .sockets import ConnectionLimits, create_server

THREADS = 8
LARGEST_BODY = 256 * 1024 * 1024
LARGEST_HEADERS = 32 * 1024
# Each connection takes one open file and a few kilobytes. Other open files are the database, half-sent pages
# and uploads.
MOST_CONNECTIONS, OTHER_FILES = 4000, 200
DEADLINES = Deadlines()
# These signals stop a server from outside; a closed terminal sends SIGHUP.
ENDINGS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
EVERYWHERE = {"0.0.0.0", "::"}


class ListenError(SettingError):
    """An address on which the server cannot listen; its text says why."""


def listen(app: Flask, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Answer requests and do jobs until told to stop.

    ``announce`` is called with the address once the server listens. Port 0 means any free one. Raises
    ListenError.
    """
    try:
        server = serve_at(app, host, port)
    except (OSError, ValueError) as problem:
        raise ListenError(_why_not(host, port, problem)) from None
    # A page requests its stylesheet and scripts all at once, so it is no problem if one waits for a thread.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    freeze_garbage()
    with closing(server), run_worker(app), recommending(app):
        announce(_address(host, server))
        server.run()


def serve_at(
    app: Flask, host: str, port: int, deadlines: Deadlines = DEADLINES, room: ConnectionLimits | None = None
) -> Any:
    """Return the server of an application, already listening. Raises OSError or ValueError."""
    settings: Settings = app.extensions["bookclub"]
    return create_server(
        app,
        host=host,
        port=port,
        deadlines=deadlines,
        room=room or room_for(settings, most_open_files()),
        largest_body=lambda environ: limit_for(app, environ).bytes,
        **options(settings),
    )


def room_for(settings: Settings, open_files: int) -> ConnectionLimits:
    """Return the limits on connections: those that fit beside the files for the database and uploads.

    Behind a proxy all connections come from one address, so that has no limit of its own.
    """
    # At least a hundred, however few open files the system allows.
    connections = max(MOST_CONNECTIONS // 40, min(MOST_CONNECTIONS, open_files - OTHER_FILES))
    return (
        ConnectionLimits(connections)
        if settings.trusted_proxies == 0
        else ConnectionLimits(connections, of_address=None)
    )


def most_open_files() -> int:
    """Raise the limit of open files as far as this process needs and may, and return it.

    Most systems let a process have 1024 unless it asks for more.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit.
        return MOST_CONNECTIONS + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + OTHER_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if soft == resource.RLIM_INFINITY else soft


@contextmanager
def recommending(app: Flask) -> Iterator[None]:
    """Build the caches for recommendations before anyone asks, and stop their updates after this block."""
    with app.app_context():
        ours = rebuilds()
        rebuild()
    try:
        yield
    finally:
        ours.stop()


def freeze_garbage() -> None:
    """Exclude everything that the start has created from garbage collection.

    None of it is ever freed, and scanning it makes someone wait for a tenth of a second.
    """
    gc.collect()
    gc.freeze()


def options(settings: Settings) -> dict[str, Any]:
    """Return the options for Waitress."""
    return {
        "threads": THREADS,
        "ident": None,
        # Each form has a limit of its own, far below this one.
        "max_request_body_size": LARGEST_BODY,
        # Only uploaded files are written to disk while they are received.
        "inbuf_overflow": LARGEST_TEXT,
        "max_request_header_size": LARGEST_HEADERS,
        # The application reads X-Forwarded headers if it trusts proxies; otherwise nobody may read them.
        "clear_untrusted_proxy_headers": settings.trusted_proxies == 0,
        "asyncore_use_poll": True,
    }


@contextmanager
def end_on_signals() -> Iterator[None]:
    """Let a terminating signal end this block as Ctrl-C does, so that everything it opened is closed."""

    def end(_number: int, _frame: object) -> NoReturn:
        for ending in ENDINGS:
            # A second signal must not interrupt the closing.
            signal.signal(ending, signal.SIG_IGN)
        raise SystemExit(0)

    before = {ending: signal.signal(ending, end) for ending in ENDINGS}
    try:
        yield
    finally:
        for ending, handler in before.items():
            signal.signal(ending, handler)


def _why_not(host: str, port: int, problem: Exception) -> str:
    if isinstance(problem, OSError) and problem.errno == errno.EADDRINUSE:
        return f"Port {port} is in use already. Choose another with --port."
    if isinstance(problem, OSError) and problem.errno == errno.EACCES:
        return f"Port {port} may not be opened by you. Choose one above 1023 with --port."
    return f"Cannot listen on {host}, port {port} ({problem})."


def _address(host: str, server: Any) -> str:
    # A name that stands for several addresses is listened on at each of them.
    several = getattr(server, "effective_listen", None)
    port = several[0][1] if several else server.effective_port
    name = "localhost" if host in EVERYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"
