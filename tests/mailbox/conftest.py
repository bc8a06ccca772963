"""A real mailbox, from which a club with a real server for mail fetches what members write to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.policy import SMTP
from itertools import count
from typing import Any

import pytest
from imap_tools.mailbox import MailBoxUnencrypted
from sqlalchemy import select

from bookclub.config import Mailbox, MailServer, Settings
from bookclub.extensions import db, utcnow
from bookclub.mail.reply_addresses import reply_address, return_address
from bookclub.mailbox.models import MailboxLook
from bookclub.members.models import Member
from bookclub.threads.models import Comment
from tests.conftest import NO_DOVECOT, cannot_run
from tests.mail.conftest import SENDER, SITE, PostOffice, post_office, work  # noqa: F401
from tests.mailbox import dovecot

PATTERN = "talk+{token}@example.org"
users = count(1)


@pytest.fixture(scope="session")
def imap_server() -> Iterator[dovecot.Dovecot]:
    """A real IMAP server."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(dovecot.serve())
        except dovecot.NoDovecot as problem:
            cannot_run(NO_DOVECOT, str(problem))
        yield server


@dataclass
class Inbox:
    """The club's mailbox, as the server on which it is sees it."""

    setting: Mailbox
    box: MailBoxUnencrypted
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def put(self, mail: EmailMessage | bytes) -> None:
        """Let a mail arrive."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes(policy=SMTP)
        self.box.append(raw)

    def flags(self) -> list[set[str]]:
        """The flags of each mail, in their order."""
        # In a connection that was open all along, news of other mails would mix with what is asked for.
        with MailBoxUnencrypted(self.setting.host, self.setting.port) as box:
            box.login(self.setting.user, self.setting.password)
            mails = box.fetch(mark_seen=False, headers_only=True)
            return [set(mail.flags) - {r"\Recent"} for mail in mails]


@pytest.fixture
def inbox(imap_server: dovecot.Dovecot) -> Iterator[Inbox]:
    """An empty mailbox of its own."""
    user = f"club{next(users)}"
    where = {"host": "127.0.0.1", "port": imap_server.plain}
    box = MailBoxUnencrypted(**where, timeout=10)
    box.login(user, dovecot.PASSWORD)
    yield Inbox(Mailbox(**where, user=user, password=dovecot.PASSWORD), box)
    with suppress(Exception):
        box.logout()


@pytest.fixture
def settings(database: str, tmp_path: Any, post_office: PostOffice, inbox: Inbox) -> Settings:  # noqa: F811
    """A club that sends mail, and takes replies."""
    server = MailServer(host="127.0.0.1", port=post_office.port)
    return Settings.for_folder(
        tmp_path, database_url=database, testing=True, url=SITE, mail=server, mail_from=SENDER,
        mail_timeout=5, mail_reply=PATTERN, mailbox=inbox.setting,
    )  # fmt: skip


@pytest.fixture
def configure(app: Any) -> Callable[..., None]:
    """``configure(mailbox=…)`` changes settings."""

    def configure(**changes: Any) -> None:
        app.extensions["bookclub"] = replace(app.extensions["bookclub"], **changes)

    return configure


@pytest.fixture
def alice(alice: Member, save: Callable[..., Any]) -> Member:
    """Alice has confirmed her address."""
    alice.email_confirmed_at = utcnow()
    return save(alice)


@pytest.fixture
def bob(bob: Member, save: Callable[..., Any]) -> Member:
    """So has Bob."""
    bob.email_confirmed_at = utcnow()
    return save(bob)


@pytest.fixture
def address_for(app: Any) -> Callable[..., str]:
    """``address_for(bob, comment)`` is where Bob answers it by mail."""

    def address_for(member: Member, post: Any) -> str:
        about = "comment" if isinstance(post, Comment) else "review"
        with app.test_request_context():
            return reply_address(db.session.get(Member, member.id), about, post.id)

    return address_for


@pytest.fixture
def bounce_address(app: Any) -> Callable[[int], str]:
    """``bounce_address(mail_id)`` is where that mail comes back."""

    def bounce_address(mail_id: int) -> str:
        with app.test_request_context():
            return return_address(mail_id)

    return bounce_address


@pytest.fixture
def reply(inbox: Inbox, address_for: Callable[..., str]) -> Callable[..., EmailMessage]:
    """``reply(bob, comment, "I agree.")`` is in the mailbox; ``headers`` replace or add to the usual ones."""

    def reply(
        member: Member,
        post: Any,
        words: str | None = "I thought so, too.",
        html: str = "",
        **headers: str | None,
    ) -> EmailMessage:
        number = next(inbox.numbers)
        usual = {
            "From": f"{member.display_name} <{member.email}>", "To": address_for(member, post),
            "Subject": "Re: something", "Message-ID": f"<{number}@phone.example>",
        }  # fmt: skip
        mail = EmailMessage(policy=SMTP)
        for name, value in (usual | {key.replace("_", "-"): text for key, text in headers.items()}).items():
            if value is not None:
                mail[name] = value
        if words is not None:
            mail.set_content(words)
        if html:
            (mail.add_alternative if words is not None else mail.set_content)(html, subtype="html")
        inbox.put(mail)
        return mail

    return reply


@pytest.fixture
def comments(rows: Callable[..., Any]) -> Callable[[], list[Comment]]:
    """``comments()`` are all comments, the oldest first."""
    return lambda: rows(select(Comment).order_by(Comment.id))


@pytest.fixture
def fetch(app: Any, work: Callable[..., None]) -> Callable[[], None]:  # noqa: F811
    """``fetch()`` looks into the mailbox, and sends what that causes."""
    from bookclub.extensions import begin_write
    from bookclub.jobs import enqueue

    def fetch() -> None:
        with app.app_context():
            begin_write()
            enqueue("mailbox", key="mailbox")
            db.session.commit()
        work()

    return fetch


@pytest.fixture
def look(rows: Callable[..., Any]) -> Callable[[], MailboxLook | None]:
    """``look()`` is what is known of the last look into the mailbox."""
    return lambda: next(iter(rows(select(MailboxLook))), None)
