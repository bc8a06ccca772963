"""The commands `mail`: try whether mail goes out. Also the trial of the mail server at a start."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ..config import Settings

# At a start nobody waits for a server longer, in seconds.
SHORT_WAIT = 10


@click.group()
def mail() -> None:
    """Look after the club's mail."""


@mail.command("test")
@click.argument("address")
def send_test(address: str) -> None:
    """Send a test mail to ADDRESS now, and say each step."""
    from ..config import Settings
    from ..lib.text.mail_addresses import address_problem
    from ..mail.messages import compose
    from ..mail.transport import MailServerError, connect, send
    from ..mail.trial import unstored
    from ..schema import close, create_upgraded_app

    settings = Settings.from_environ()
    if settings.mail is None:
        raise click.ClickException("BOOKCLUB_MAIL is not set, so this club sends no mail.")
    if problem := address_problem(address):
        raise click.ClickException(problem)
    app = create_upgraded_app(settings)
    try:
        with app.app_context():
            message = compose(unstored(address, settings))
        with connect(settings.mail, settings.mail_timeout, say=click.echo) as smtp:
            click.echo(f"Send a mail from {settings.mail_from} to {address}")
            outcome = send(smtp, settings.mail_from, address, message)
    except MailServerError as trouble:
        raise click.ClickException(str(trouble)) from None
    finally:
        close(app)
    if outcome.state != "sent":
        raise click.ClickException(f"The mail was not taken: {outcome.reply}")
    click.echo(f"The server took it: {outcome.reply}")


def say_mail_problem(settings: Settings) -> None:
    """Try the mail server and the mailbox, if there are any, and say if they cannot be used.

    That happens in a thread of its own. The club goes on without: mail waits in the outbox, and there.
    """
    if settings.mail is not None and settings.url is None:
        click.echo("Mail needs BOOKCLUB_URL, the address that members open: links in mail lead there.")
    Thread(target=_knock, args=(settings,), name="mail", daemon=True).start()


def _knock(settings: Settings) -> None:
    from ..mail.transport import MailServerError, connect
    from ..mailbox.imap import open_folder

    wait = min(settings.mail_timeout, SHORT_WAIT)
    try:
        if settings.mail is not None:
            with connect(settings.mail, wait):
                pass
    except MailServerError as trouble:
        click.echo(f"Mail cannot be sent now. {trouble}. It waits, and is tried again.", err=True)
    try:
        if settings.mailbox is not None:
            with open_folder(settings.mailbox, wait):
                pass
    except MailServerError as trouble:
        click.echo(f"Mail cannot be fetched now. {str(trouble).rstrip('.')}. It is tried again.", err=True)
