"""The club's own address: the hosts that it answers to, and full links that can be sent to someone."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import abort, current_app, has_request_context, request
from flask.ctx import RequestContext
from werkzeug.sansio.utils import host_is_trusted

from .lib.text.mail_addresses import is_this_machine
from .lib.text.messages import gettext as _

# Nobody can register these names on the internet, so they mean a machine in this network (RFC 6761, RFC 6762,
# RFC 8375, ICANN's reservation of .internal, and .lan, which routers use and no registry has).
HOME_NETWORKS = (".localhost", ".local", ".lan", ".home.arpa", ".internal")
MISDIRECTED = 421


def is_known_host(host: str, public_url: str | None) -> bool:
    """Return whether the club answers to a Host header (name or address, with or without port).

    Known are the host of the public address, private, loopback and link-local IP addresses, and names that
    only exist in a home network: ``localhost``, a single word such as ``nas``, and HOME_NETWORKS. Any other
    name may belong to someone else, who would receive what the links on our pages carry.
    """
    try:
        name = urlsplit(f"//{host}").hostname or "" if host_is_trusted(host) else ""
    except ValueError:  # It looks like an IPv6 address, but is not one.
        name = ""
    if not name:
        return False
    name = name.removesuffix(".")
    if public_url is not None and name == _in_ascii(urlsplit(public_url).hostname or ""):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return "." not in name or (name[0] != "." and name.endswith(HOME_NETWORKS))
    # An address such as ::ffff:192.0.2.1 means the IPv4 address in it.
    address = getattr(address, "ipv4_mapped", None) or address
    return not (address.is_global or address.is_multicast)


def refuse_unknown_host() -> None:
    """Refuse a request for an unknown host, before any page is made for it.

    A request without a Host header is accepted: it names nothing that a link could lead to.
    """
    public_url = current_app.extensions["bookclub"].url
    if "Host" in request.headers and not is_known_host(request.host, public_url):
        abort(MISDIRECTED, _advice(public_url))


def full_address(path: str) -> str:
    """Return the full address of a path: at the public address if set, else at the requested host."""
    return (current_app.extensions["bookclub"].url or request.host_url.rstrip("/")) + path


def address_for_mail() -> str | None:
    """Return the club's address for links in mail, or None if it is not known for sure.

    Anybody can ask for a password link, in a request to any name of this network: without a public address,
    a link that goes by that name could lead to a stranger's machine. Only this machine's own name cannot.
    """
    public_url: str | None = current_app.extensions["bookclub"].url
    if public_url is not None or not has_request_context():
        return public_url
    return (
        request.host_url.rstrip("/") if is_this_machine(urlsplit(request.host_url).hostname or "") else None
    )


def request_to(site: str) -> RequestContext:
    """Return the context of a request to the club's address, in which links are full and lead there.

    It is for mail, which is composed in a job. It is a visitor's, as nothing in a mail may depend on who is
    signed in.
    """
    return current_app.test_request_context("/", base_url=site)


def _in_ascii(name: str) -> str:
    """Return a name as browsers send it: bücher.example is xn--bcher-kva.example."""
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _advice(public_url: str | None) -> str:
    if public_url:
        return _("The club is at %(address)s. Open it there.", address=public_url)
    return _(
        "If you run this club: set BOOKCLUB_URL to the address that members open, such as "
        "https://books.example.org, and start it again. Without it the club answers on its own network only."
    )
