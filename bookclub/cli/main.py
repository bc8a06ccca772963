"""The commands `demo`, `serve`, `migrate`, `member add`, `backup` and `restore`; registers commands.py.

Each command imports what it needs when it runs, so that asking for help takes no time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .commands import COMMANDS
from .mail import say_mail_problem

if TYPE_CHECKING:
    from flask import Flask

    from ..config import Settings

DEFAULT_PORT = 5000
PORT = click.IntRange(0, 65535)
FILE = click.Path(dir_okay=False, path_type=Path)
HELP = {"help_option_names": ["-h", "--help"]}
FOLDER = click.Path(file_okay=False, path_type=Path)


class CommandError(click.ClickException):
    """A setting or an address that cannot be used, said in one line."""

    exit_code = 2


class Commands(click.Group):
    """A command group that reports an invalid setting or address in one line, without a traceback."""

    def invoke(self, context: click.Context) -> Any:
        from ..config import SettingError

        try:
            return super().invoke(context)
        except SettingError as problem:
            raise CommandError(str(problem)) from None


@click.group(cls=Commands, commands=COMMANDS, context_settings=HELP)
@click.version_option(package_name="bookclub", message="%(prog)s %(version)s")
def main() -> None:
    """A home for one book club."""


@main.command()
@click.option(
    "--port", type=PORT, help=f"Listen here.  [default: {DEFAULT_PORT}, or a free one if it is taken]"
)
@click.option(
    "--keep", metavar="FOLDER", type=FOLDER, help="Keep the club in this folder, and use it next time."
)
def demo(port: int | None, keep: Path | None) -> None:
    """Try a club with sample members, books, reviews and threads. It is gone when you stop it."""
    from tempfile import TemporaryDirectory

    from ..config import Settings
    from ..demo.sample_club import ACCOUNTS, PASSWORD
    from ..schema import close, create_upgraded_app
    from ..server import ListenError, end_on_signals, listen

    with end_on_signals(), ExitStack() as stack:
        folder = keep or Path(
            stack.enter_context(TemporaryDirectory(prefix="bookclub-demo-", ignore_cleanup_errors=True))
        )
        # Only these variables count: a demo must never touch the real club's database.
        what_counts = ("BOOKCLUB_HTMX", "BOOKCLUB_OPEN_LIBRARY", "BOOKCLUB_OPEN_LIBRARY_URL")
        chosen = {name: os.environ[name] for name in what_counts if name in os.environ}
        app = create_upgraded_app(Settings.from_environ({**chosen, "BOOKCLUB_DATA": str(folder)}))
        # An ExitStack ends in reverse order, so the connections are closed before the folder is deleted.
        stack.callback(close, app)
        fill_with_samples(app, folder)

        def announce(address: str) -> None:
            click.echo(f"The demo club is at {address}/\n\nSign in with the password {PASSWORD} as")
            for username, who in ACCOUNTS.items():
                click.echo(f"  {username:<7}{who}")
            kept = f"The club is kept in {keep}." if keep else "Nothing of it is kept."
            click.echo(f"\nStop it with Ctrl-C. {kept}")

        try:
            listen(app, "127.0.0.1", DEFAULT_PORT if port is None else port, announce)
        except ListenError:
            if port is not None:
                raise
            # Only the default port is taken, and nobody asked for that one.
            listen(app, "127.0.0.1", 0, announce)


@main.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Listen on this address; 0.0.0.0 is all."
)
@click.option("--port", type=PORT, default=DEFAULT_PORT, show_default=True, help="Listen on this port.")
def serve(host: str, port: int) -> None:
    """Serve the club in the data folder, which is made and brought up to date first."""
    from ..schema import close, create_upgraded_app
    from ..server import end_on_signals, listen

    with end_on_signals(), ExitStack() as stack:
        settings = settings_from_environ()
        app = create_upgraded_app(settings)
        stack.callback(close, app)

        def announce(address: str) -> None:
            public = settings.url or address
            click.echo(f"The club is at {public}/")
            if settings.url:
                click.echo(f"It listens on {address}/")
            elif settings.trusted_proxies:
                click.echo("Behind a proxy it needs BOOKCLUB_URL, the address that members open.")
            say_mail_problem(settings)
            # The link is made only now, because a new link invalidates the one before.
            if path := path_of_setup(app):
                click.echo(
                    f"\nNobody organises it yet. This link, good for once, is for who will:\n  {public}{path}"
                )
            click.echo("\nStop it with Ctrl-C.")

        listen(app, host, port, announce)


@main.command()
def migrate() -> None:
    """Bring the database up to date, as serve does by itself: for hosting under another server."""
    from ..schema import close, create_upgraded_app

    close(create_upgraded_app(settings_from_environ()))
    click.echo("The database is up to date.")


@main.group()
def member() -> None:
    """Look after accounts."""


@member.command("add")
@click.argument("username")
@click.option("--email", required=True, help="Their address, which they can sign in with, too.")
@click.option("--organiser", is_flag=True, help="Let them run the club.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add_member(username: str, email: str, organiser: bool, password_stdin: bool) -> None:
    """Add an account. Its password is asked for, twice."""
    from ..extensions import db
    from ..members import actions as members_actions
    from ..members.rules import MembershipError
    from ..schema import close, create_upgraded_app

    # A wrong setting is reported before anyone types a password.
    settings = settings_from_environ()
    if password_stdin:
        # Only the end of the line goes, as a password may end with a space.
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt="The same again")
    app = create_upgraded_app(settings)
    try:
        with app.app_context():
            members_actions.add_member(username, email, password, "organiser" if organiser else "member")
            db.session.commit()
    except MembershipError as problem:
        raise click.ClickException(str(problem)) from None
    finally:
        close(app)
    click.echo(f"{username} can sign in now{' and organises the club' if organiser else ''}.")


@main.command()
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Save the whole club in a new FILE, while it is in use."""
    from .backup import database_file, save

    with reporting_copy_errors():
        save(database_file(settings_from_environ()), file)
    click.echo(f"The club is saved in {file}")


@main.command()
@click.argument("file", type=FILE)
def restore(file: Path) -> None:
    """Bring back the club saved in FILE. Stop the server first.

    The database that was in use until now is kept beside the new one, under a dated name.
    """
    from ..config import sqlite_url
    from ..schema import close, create_upgraded_app
    from .backup import copy_beside, database_file, replace_database

    settings = settings_from_environ()
    with reporting_copy_errors():
        database = database_file(settings)
        with copy_beside(file, database) as arrived:
            # The copy is brought up to date before it replaces the database: if that fails, nothing has
            # changed.
            app = create_upgraded_app(replace(settings, database_url=sqlite_url(arrived)))
            stop_old_mail(app)
            close(app)
            kept = replace_database(arrived, database)
    click.echo(f"The club saved in {file} is back.")
    if kept:
        click.echo(f"What was here before is kept in {kept}")


def settings_from_environ() -> Settings:
    """Return the settings of the club from the environment. Raises SettingError."""
    from ..config import Settings

    return Settings.from_environ()


def path_of_setup(app: Flask) -> str | None:
    """Return the path of the one-time page on which the first organiser signs up; None if there is one."""
    from ..extensions import db
    from ..members.actions import make_setup_link

    with app.app_context():
        path = make_setup_link()
        db.session.commit()
    return path


def stop_old_mail(app: Flask) -> None:
    """Let no mail of a backup go out: it went when it was due, or was for the club of that day."""
    from ..extensions import begin_write, db, utcnow
    from ..mail.actions import stop_waiting

    with app.app_context():
        begin_write()
        stop_waiting(utcnow())
        db.session.commit()


def fill_with_samples(app: Flask, folder: Path) -> None:
    """Fill an empty club with the demo's samples. Leave an existing demo as it is.

    Raises CommandError for any other club.
    """
    from ..demo import sample_club
    from ..extensions import begin_write, db, utcnow

    with app.app_context():
        begin_write()
        if sample_club.is_empty():
            sample_club.build(utcnow())
        elif not sample_club.is_demo():
            raise CommandError(f"{folder} holds a club of its own, which the demo leaves alone.")
        db.session.commit()


@contextmanager
def reporting_copy_errors() -> Iterator[None]:
    """Report in one line why a backup or a restore failed."""
    import sqlite3

    from .backup import CopyError

    try:
        yield
    except (CopyError, sqlite3.Error) as problem:
        raise click.ClickException(str(problem)) from None
    except OSError as problem:
        raise click.ClickException(f"{problem.strerror}: {problem.filename}") from None
