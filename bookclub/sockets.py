"""The sockets of `bookclub serve`: limits on connections, and the end of overdue ones."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from time import monotonic
from typing import Any

from waitress.adjustments import Adjustments
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from .connections import Channel, Deadlines, LargestBody, Parser


@dataclass(frozen=True)
class ConnectionLimits:
    """Limits on the number of connections: in all, and for one address on the internet.

    The limit for an address is None if all connections come through a proxy. A living room with ten phones
    opens about sixty.
    """

    connections: int = 4000
    of_address: int | None = 200


class Server(TcpWSGIServer):  # type: ignore[misc]
    """A server at one address that closes overdue connections, and idle ones when there are too many."""

    def __init__(
        self,
        *arguments: Any,
        deadlines: Deadlines,
        room: ConnectionLimits,
        largest_body: LargestBody,
        **options: Any,
    ) -> None:
        self.deadlines, self.room = deadlines, room
        self.looks_at = 0.0
        # Waitress makes the objects itself, from these classes alone, so the classes hold what the objects
        # need to know.
        parser = type("Parser", (Parser,), {"largest_body": staticmethod(largest_body)})
        self.channel_class = type("Channel", (Channel,), {"parser_class": parser})
        super().__init__(*arguments, **options)

    def readable(self) -> bool:
        now = monotonic()
        if now >= self.looks_at:
            # A look at every connection costs time, so there is one a second, or more often if a deadline is
            # shorter.
            self.looks_at = now + min(1.0, self.deadlines.goodbye)
            self.end_overdue(now)
        return bool(super().readable())

    def maintenance(self, now: float) -> None:
        """Do nothing: Waitress would use the wall clock, which may be set."""

    def end_overdue(self, now: float) -> None:
        """Close the connections whose other side takes too long.

        They are closed at once: Waitress would wait until it can write to someone who does not read.
        """
        for channel in list(self.active_channels.values()):
            if channel.is_overdue(now, self.deadlines):
                channel.handle_close()

    def handle_accept(self) -> None:
        # Old connections go before the limit is reached, so that a new one is accepted at once.
        if len(self._map) >= self.room.connections * 9 // 10:
            self.make_room()
        super().handle_accept()

    def make_room(self) -> None:
        """Close a tenth of the waiting connections: first those at rest, the longest-waiting first."""
        waiting = [channel for channel in self.active_channels.values() if channel.is_waiting]
        waiting.sort(key=lambda channel: (channel.began_at is not None, channel.waits_since))
        for channel in waiting[: len(waiting) // 10 + 1]:
            channel.will_close = True

    def accept(self) -> Any:
        """Accept a connection, unless its address has too many already."""
        accepted = super().accept()
        most = self.room.of_address
        if accepted is None or most is None or (network := network_of(accepted[1][0])) is None:
            return accepted
        if sum(network_of(channel.addr[0]) == network for channel in self.active_channels.values()) < most:
            return accepted
        accepted[0].close()
        return None


def network_of(address: str) -> str | None:
    """Return the network by which connections are counted, a /64 for IPv6; None outside the internet.

    An address of the home network may belong to a proxy, or to everyone.
    """
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    known = getattr(known, "ipv4_mapped", None) or known
    if not known.is_global:
        return None
    return str(ip_network(f"{known}/{64 if known.version == 6 else 32}", strict=False))


def create_server(
    application: Any,
    *,
    deadlines: Deadlines,
    room: ConnectionLimits,
    largest_body: LargestBody,
    **options: Any,
) -> Server | MultiSocketServer:
    """Listen, as waitress.create_server() does, at each address that a name means. Raises OSError."""
    adjustments = Adjustments(connection_limit=room.connections, **options)
    dispatcher = ThreadedTaskDispatcher()
    sockets: dict[int, Any] = {}
    dispatcher.set_thread_count(adjustments.threads)
    try:
        servers = [
            Server(
                application,
                sockets,
                dispatcher=dispatcher,
                adj=adjustments,
                sockinfo=listened,
                deadlines=deadlines,
                room=room,
                largest_body=largest_body,
            )
            for listened in adjustments.listen
        ]
    except OSError:
        # The demo tries another port afterwards, so nothing may stay open here.
        for opened in list(sockets.values()):
            opened.close()
        dispatcher.shutdown()
        raise
    if len(servers) == 1:
        return servers[0]
    places = [(server.effective_host, server.effective_port) for server in servers]
    return MultiSocketServer(sockets, adjustments, places, dispatcher, servers[0].log_info)
