"""The command `worker`: do jobs in a process of its own, for hosting under another server."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from threading import Event

import click

from .mail import say_mail_problem


@click.command()
def worker() -> None:
    """Do the jobs that the club leaves for later. Under gunicorn one of these belongs beside it."""
    from ..config import Settings
    from ..jobs import run_worker
    from ..schema import close, create_upgraded_app
    from ..server import end_on_signals

    # Ctrl-C is the ordinary way to end it, and no error.
    with end_on_signals(), suppress(KeyboardInterrupt), ExitStack() as stack:
        settings = Settings.from_environ()
        app = create_upgraded_app(settings)
        stack.callback(close, app)
        stack.enter_context(run_worker(app))
        say_mail_problem(settings)
        click.echo("Jobs are worked off.\n\nStop it with Ctrl-C.")
        # Nothing ever sets this event; a signal ends the process.
        Event().wait()
