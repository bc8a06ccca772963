"""The command `worker`: do jobs in a process of its own, for hosting under another server."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from threading import Event

import click


@click.command()
def worker() -> None:
    """Do the jobs that the club leaves for later. Under gunicorn one of these belongs beside it."""
    from ..config import Settings
    from ..jobs import working
    from ..schema import close, up_to_date
    from ..server import ending_in_order

    with ending_in_order(), suppress(KeyboardInterrupt), ExitStack() as stack:
        app = up_to_date(Settings.from_environ())
        stack.callback(close, app)
        stack.enter_context(working(app))
        click.echo("Jobs are worked off.\n\nStop it with Ctrl-C.")
        # Nothing ever sets this event; a signal ends the process.
        Event().wait()
