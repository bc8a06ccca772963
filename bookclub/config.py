"""All settings, with their defaults and checks."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from .lib.text.mail_addresses import is_this_machine, split_sender, wire_address
from .private_files import make_private

# The limit in bytes for forms with short fields only, percent-encoded.
SMALL = 64 * 1024
OPEN_LIBRARY = "https://openlibrary.org"
OPEN_LIBRARY_COVERS = "https://covers.openlibrary.org"
# Characters in the local part of an address for replies, beside its token: 59 with the longest token.
LONGEST_REPLY_NAME = 20


class SettingError(ValueError):
    """An invalid setting; its text names the variable and says what to do."""


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """The server that sends the club's mail, by SMTP.

    ``is_tls`` says that the connection begins with TLS (smtps); otherwise STARTTLS encrypts it, which
    may be missing on this machine alone.
    """

    host: str
    port: int
    is_tls: bool = False
    user: str | None = None
    password: str = field(default="", repr=False)

    @property
    def is_local(self) -> bool:
        return is_this_machine(self.host)


@dataclass(frozen=True, kw_only=True)
class Mailbox:
    """The folder on an IMAP server to which replies and bounces come.

    ``is_tls`` as for the server that sends mail.
    """

    host: str
    port: int
    is_tls: bool = False
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"

    @property
    def is_local(self) -> bool:
        return is_this_machine(self.host)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one installation.

    ``data`` is the folder of the database and the secret key; ``url`` is the public address, if any;
    ``trusted_proxies`` is the number of reverse proxies in front that set X-Forwarded headers;
    ``open_library`` is where books are looked up, or None to look up none, and ``open_library_covers`` is
    where their covers are. Without ``mail`` no mail is sent;
    ``mail_from`` is the address that it comes from, ``mail_from_name`` the name if not the club's,
    ``mail_per_minute`` how many mails may go, and ``mail_timeout`` how many seconds an answer is awaited.
    ``mail_wait`` is how long a mail waits that is about something on the site; ``mail_reply`` is the address
    at which replies and bounces come back, with "{token}" in it, or None; ``mailbox`` is where they are
    fetched.
    """

    data: Path
    database_url: str
    secret_key: str
    htmx: Literal["cdn", "local"] = "cdn"
    url: str | None = None
    trusted_proxies: int = 0
    open_library: str | None = OPEN_LIBRARY
    open_library_covers: str = OPEN_LIBRARY_COVERS
    mail: MailServer | None = None
    mail_from: str = ""
    mail_from_name: str = ""
    mail_per_minute: int = 60
    mail_timeout: int = 30
    mail_wait: timedelta = timedelta(minutes=3)
    mail_reply: str | None = None
    mailbox: Mailbox | None = None
    testing: bool = False

    @classmethod
    def for_folder(cls, data: Path, **overrides: Any) -> Settings:
        """Return settings with all defaults for a club in this folder, which is created if necessary.

        Raises SettingError if the folder cannot be used.
        """
        try:
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as problem:
            raise SettingError(
                f"BOOKCLUB_DATA: cannot make the folder {data} ({problem.strerror})."
            ) from None
        data = data.resolve()
        overrides.setdefault("database_url", sqlite_url(data / "bookclub.sqlite3"))
        if "secret_key" not in overrides:
            overrides["secret_key"] = kept_secret(data)
        return cls(data=data, **overrides)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Return settings from the BOOKCLUB_* variables. Raises SettingError, which says what to do."""
        overrides: dict[str, Any] = {
            "htmx": _one_of(environ, "BOOKCLUB_HTMX", ("cdn", "local")),
            "url": _public_url(environ, "BOOKCLUB_URL", "https://books.example.org"),
            "trusted_proxies": _whole_number(environ, "BOOKCLUB_TRUSTED_PROXIES"),
            "mail_per_minute": _whole_number(environ, "BOOKCLUB_MAIL_PER_MINUTE", "60", range(1, 10_001)),
            "mail_timeout": _whole_number(environ, "BOOKCLUB_MAIL_TIMEOUT", "30", range(1, 301)),
            "mail_wait": timedelta(
                seconds=_whole_number(environ, "BOOKCLUB_MAIL_WAIT", "180", range(86_401))
            ),
            **_replies(environ.get("BOOKCLUB_MAIL_REPLY") or "", environ.get("BOOKCLUB_MAILBOX") or ""),
            "open_library": _public_url(environ, "BOOKCLUB_OPEN_LIBRARY_URL", OPEN_LIBRARY) or OPEN_LIBRARY,
        }
        # Where another server stands in for Open Library, it has the covers, too.
        elsewhere = overrides["open_library"]
        overrides["open_library_covers"] = (
            _public_url(environ, "BOOKCLUB_OPEN_LIBRARY_COVERS_URL", OPEN_LIBRARY_COVERS)
            or (OPEN_LIBRARY_COVERS if elsewhere == OPEN_LIBRARY else elsewhere)
        )  # fmt: skip
        if _one_of(environ, "BOOKCLUB_OPEN_LIBRARY", ("on", "off")) == "off":
            overrides["open_library"] = None
        if database_url := environ.get("BOOKCLUB_DATABASE_URL"):
            overrides["database_url"] = _database_url(database_url)
        if secret_key := environ.get("BOOKCLUB_SECRET_KEY"):
            if len(secret_key) < 16:
                raise SettingError("BOOKCLUB_SECRET_KEY: give at least 16 random characters.")
            overrides["secret_key"] = secret_key
        if mail := environ.get("BOOKCLUB_MAIL"):
            overrides["mail"] = server = _mail_server(mail)
            name, sender = _mail_sender(environ.get("BOOKCLUB_MAIL_FROM") or "", server)
            overrides["mail_from_name"], overrides["mail_from"] = name, sender
        return cls.for_folder(Path(environ.get("BOOKCLUB_DATA") or "instance"), **overrides)

    @property
    def secure(self) -> bool:
        """Return whether members reach the club over https."""
        return bool(self.url and self.url.startswith("https://"))

    @property
    def sqlite_file(self) -> Path | None:
        """The database's file; None if the database is not an SQLite file."""
        url = make_url(self.database_url)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    def flask(self) -> dict[str, Any]:
        """Return the settings in the names of Flask and its extensions."""
        return {
            "SECRET_KEY": self.secret_key,
            "TESTING": self.testing,
            # A view with a larger form says so (see body_limits.py).
            "MAX_CONTENT_LENGTH": SMALL,
            "MAX_FORM_MEMORY_SIZE": SMALL,
            "MAX_FORM_PARTS": 500,
            "SESSION_COOKIE_NAME": "bookclub_session",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.secure,
            "REMEMBER_COOKIE_NAME": "bookclub_remember",
            "REMEMBER_COOKIE_DURATION": timedelta(days=365),
            "REMEMBER_COOKIE_HTTPONLY": True,
            "REMEMBER_COOKIE_SAMESITE": "Lax",
            "REMEMBER_COOKIE_SECURE": self.secure,
            "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),  # Addresses of static files contain a version.
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(self.database_url),
            "WTF_CSRF_ENABLED": True,
            # A form left open over lunch must not lose what was typed into it.
            "WTF_CSRF_TIME_LIMIT": None,
        }


def sqlite_url(file: Path) -> str:
    """Return the URL of an SQLite file, whatever characters are in its path."""
    return URL.create("sqlite", database=str(file)).render_as_string()


def kept_secret(data: Path) -> str:
    """Return the secret key from the data folder; create it on first use, with mode 0600.

    Raises SettingError if it cannot be stored there or was lost.
    """
    path = data / "secret_key"
    try:
        secret = path.read_text() if path.exists() else _make_secret(path)
    except OSError as problem:
        reason = f"cannot keep a key in {path} ({problem.strerror})"
        raise SettingError(f"BOOKCLUB_DATA: {reason}. Mend that, or set BOOKCLUB_SECRET_KEY.") from None
    make_private(path)
    if not secret.strip():
        raise SettingError(f"BOOKCLUB_DATA: {path} is empty. Restore it, or delete it and a new key is made.")
    return secret.strip()


def _make_secret(path: Path) -> str:
    draft = path.with_name(f".secret_key-{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
    make_private(draft)  # A umask may have removed even the owner's rights.
    try:
        # A hard link is created completely or not at all, so two workers that start at once agree on one key.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    # Another worker may have been first, and then its key is the one that counts.
    return path.read_text()


def _engine_options(database_url: str) -> dict[str, Any]:
    # Members' words, addresses and password hashes must not appear in the log.
    options: dict[str, Any] = {"hide_parameters": True}
    if database_url.startswith("postgresql"):
        # PostgreSQL waits for locks without end unless it is told otherwise.
        # In milliseconds. A lock is awaited as long as on SQLite (SQLITE_BUSY_SECONDS).
        limits = ("lock_timeout=4000", "statement_timeout=15000", "idle_in_transaction_session_timeout=60000")
        given = " ".join(f"-c {limit}" for limit in limits)
        options["connect_args"] = {"options": given, "connect_timeout": 5}
        # A connection that broke while it was idle is replaced, and no request fails because of it.
        options["pool_pre_ping"] = True
    return options


def _database_url(value: str) -> str:
    if value.startswith(("postgres://", "postgresql://")):
        # Hosts hand out addresses like these two, with which SQLAlchemy finds no driver or another one.
        value = "postgresql+psycopg://" + value.partition("://")[2]
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        url = None
    if url is None or not url.database or url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise SettingError(
            "BOOKCLUB_DATABASE_URL: use sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME."
        )
    # Flask-SQLAlchemy would put a file with a relative path into a folder of its own choice.
    return value if url.drivername != "sqlite" else sqlite_url(Path(url.database).resolve())


def _one_of(environ: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = environ.get(name) or choices[0]
    if value not in choices:
        raise SettingError(f"{name}: {value!r} is not one of {', '.join(choices)}.")
    return value


def _whole_number(
    environ: Mapping[str, str], name: str, default: str = "0", allowed: range = range(11)
) -> int:
    value = environ.get(name) or default
    if not value.isascii() or not value.isdecimal() or len(value) > 6 or int(value) not in allowed:
        raise SettingError(f"{name}: {value!r} is not a whole number from {allowed[0]} to {allowed[-1]}.")
    return int(value)


@dataclass(frozen=True)
class _Server:
    """A server as a URL names it. ``path`` has its slash."""

    scheme: str
    host: str
    port: int | None
    user: str
    password: str
    path: str


def _read_server(value: str) -> _Server | None:
    """Return the server that a URL names; None if it is not whole."""
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
        texts = (parts.username, parts.password, parts.path)
        user, password, path = (unquote(part or "", errors="strict") for part in texts)
    except ValueError:
        return None
    # A password with a sign that ends the host part would be cut off, and read as a path.
    is_whole = host and port != 0 and not parts.query and not parts.fragment
    signs = f"{host}{user}{password}{path}"
    if not is_whole or not value.isprintable() or " " in value or not signs.isprintable():
        return None
    return _Server(parts.scheme, host or "", port, user, password, path)


def _mail_server(value: str) -> MailServer:
    """Return the server that BOOKCLUB_MAIL names. The error does not repeat the value and its password."""
    found = _read_server(value)
    if found is None or found.scheme not in ("smtp", "smtps") or found.path not in ("", "/"):
        raise SettingError(
            "BOOKCLUB_MAIL: give the server as smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST. "
            "In user and password write signs such as @, / and # percent-encoded: %40, %2F, %23."
        )
    if bool(found.user) != bool(found.password):
        raise SettingError("BOOKCLUB_MAIL: give both a user and a password, or neither.")
    is_tls = found.scheme == "smtps"
    standard = 465 if is_tls else 25 if is_this_machine(found.host) else 587
    user, password = found.user or None, found.password
    return MailServer(
        host=found.host, port=found.port or standard, is_tls=is_tls, user=user, password=password
    )


def _mailbox(value: str) -> Mailbox:
    """Return the mailbox that BOOKCLUB_MAILBOX names. Its error does not repeat the password, either."""
    found = _read_server(value)
    if found is None or found.scheme not in ("imap", "imaps") or not found.user or not found.password:
        raise SettingError(
            "BOOKCLUB_MAILBOX: give the mailbox as imaps://USER:PASSWORD@HOST/INBOX, or imap://… with "
            "STARTTLS. In user and password write signs such as @, / and # percent-encoded: %40, %2F, %23."
        )
    is_tls = found.scheme == "imaps"
    return Mailbox(
        host=found.host,
        port=found.port or (993 if is_tls else 143),
        is_tls=is_tls,
        user=found.user,
        password=found.password,
        folder=found.path.strip("/") or "INBOX",
    )


def _replies(address: str, mailbox: str) -> dict[str, Any]:
    """Return the settings by which replies come in. Neither is of use without the other."""
    found = {
        "mail_reply": _reply_address(address) if address else None,
        "mailbox": _mailbox(mailbox) if mailbox else None,
    }
    if bool(address) != bool(mailbox):
        missing, given = ("BOOKCLUB_MAILBOX", "BOOKCLUB_MAIL_REPLY")[:: 1 if address else -1]
        raise SettingError(f"{missing}: set it, too: with {given} alone no reply is taken.")
    return found


def _mail_sender(value: str, server: MailServer) -> tuple[str, str]:
    """Return name and address that BOOKCLUB_MAIL_FROM gives; without it the address is the server's user."""
    name, address = split_sender(value or (server.user if server.user and "@" in server.user else ""))
    if not address:
        raise SettingError("BOOKCLUB_MAIL_FROM: give the address that mail comes from, club@example.org.")
    written = wire_address(address)
    if written is None:
        raise SettingError(
            f"BOOKCLUB_MAIL_FROM: {value!r} is not an address such as club@example.org "
            "or The Tuesday Readers <club@example.org>."
        )
    return name, written


def _reply_address(value: str) -> str:
    """Return the address of replies that BOOKCLUB_MAIL_REPLY gives, with its "{token}"."""
    local, _at, _host = value.rpartition("@")
    is_whole = value.count("{token}") == local.count("{token}") == 1
    written = wire_address(value.replace("{token}", "a"))
    if not is_whole or written is None or len(local.replace("{token}", "")) > LONGEST_REPLY_NAME:
        raise SettingError(
            f"BOOKCLUB_MAIL_REPLY: {value!r} is not an address such as talk+{{token}}@example.org, with at "
            f"most {LONGEST_REPLY_NAME} characters beside {{token}} before the @."
        )
    return value


def _public_url(environ: Mapping[str, str], name: str, example: str) -> str | None:
    value = environ.get(name) or ""
    if not value:
        return None
    try:
        parts = urlsplit(value)
        # Reading the port raises ValueError if it is not a valid number.
        host = parts.hostname if parts.port != 0 else None
    except ValueError:
        parts, host = urlsplit(""), None
    address = f"{parts.scheme}://{parts.netloc.lower()}"
    # An address with spaces, a name and password, or a path says more than where the club is.
    plain = value.isprintable() and " " not in value and "@" not in value
    if parts.scheme not in ("http", "https") or not host or not plain or value.lower().rstrip("/") != address:
        raise SettingError(f"{name}: {value!r} is not an address such as {example}.")
    return address
