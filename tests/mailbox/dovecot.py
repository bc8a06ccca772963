"""A real IMAP server for the tests: Dovecot, in a private folder, as an ordinary user.

Each mailbox is a user of its own, whose password is PASSWORD. As postgres.py does it, the server ends
whichever way the tests end.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from pwd import getpwuid

import trustme

from tests.mail.conftest import free_port
from tests.postgres import KEEPER, unprivileged_account

# With signs that an address has to encode; the server takes a space for its end.
PASSWORD = "two/lamps@a-kettle"
SECONDS_TO_START = 30
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{folder}/mail/%u
mailbox_list_index = no
auth_failure_delay = 0
first_valid_uid = 1
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
"""


class NoDovecot(Exception):
    """No Dovecot can be had; the text says why."""


@dataclass(frozen=True)
class Dovecot:
    """A running server, with the file of the authority that signed its certificate for localhost."""

    plain: int
    tls: int
    authority: Path


@contextmanager
def serve() -> Iterator[Dovecot]:
    """A running server. Raises NoDovecot where none can be had."""
    # Servers stand where ordinary users do not look.
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None or not Path("/usr/lib/dovecot/imap").exists():
        raise NoDovecot("dovecot-imapd is not installed on this machine")
    folder = Path(tempfile.mkdtemp(prefix="bookclub-imap-"))
    keeper: subprocess.Popen[bytes] | None = None
    try:
        server, account = _prepare(folder)
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "dovecot-for-tests", program, "-F", "-c", str(folder / "dovecot.conf")],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "FOLDER": str(folder), "ENDS": "TERM", "LANG": "C.UTF-8"},
            cwd=folder, start_new_session=True, **account,
        )  # fmt: skip
        _wait_for(server, folder)
        yield server
    finally:
        if keeper is not None and keeper.stdin is not None:
            keeper.stdin.close()
            keeper.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(folder: Path) -> tuple[Dovecot, dict[str, int]]:
    """Write certificate and configuration. Return the server to be, and whom it runs as."""
    account = unprivileged_account() if os.geteuid() == 0 else getpwuid(os.geteuid())
    group = _group_of(account.pw_gid)
    server = Dovecot(free_port(), free_port(), folder / "authority.pem")
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    authority.cert_pem.write_to_path(server.authority)
    certificate.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    (folder / "dovecot.conf").write_text(
        CONFIG.format(
            folder=folder, user=account.pw_name, group=group, uid=account.pw_uid, gid=account.pw_gid,
            plain=server.plain, tls=server.tls, password=PASSWORD,
        )
    )  # fmt: skip
    (folder / "mail").mkdir()
    for path in (folder, *folder.rglob("*")):
        if os.geteuid() == 0:
            os.chown(path, account.pw_uid, account.pw_gid)
    # The tests read the authority, whoever they are.
    folder.chmod(0o755)
    who = {"user": account.pw_uid, "group": account.pw_gid} if os.geteuid() == 0 else {}
    return server, who


def _group_of(number: int) -> str:
    from grp import getgrgid

    return getgrgid(number).gr_name


def _wait_for(server: Dovecot, folder: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            with socket.create_connection(("127.0.0.1", server.plain), 1) as connection:
                connection.settimeout(5)
                if connection.recv(4) == b"* OK":
                    return
        except OSError:
            pass
        if time.monotonic() > deadline:
            logs = (folder / name for name in ("log", "dovecot.log"))
            said = " ".join(log.read_text(errors="replace") for log in logs if log.exists())
            raise NoDovecot(f"the server did not start: {said.strip()[-600:]}")
        time.sleep(0.05)
