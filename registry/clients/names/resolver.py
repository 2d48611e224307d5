"""Records through dnspython, within a time limit for the whole question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dns.exception import DNSException
from dns.nameserver import Do53Nameserver
from dns.resolver import NXDOMAIN, NoAnswer
from dns.resolver import Resolver as Stub

from registry.clients.names.records import NamesFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 50


class Resolver:
    """Asks `servers` (`host:port`; none: those of this machine) and waits `seconds` at most."""

    def __init__(self, servers: Sequence[str] = (), *, seconds: float) -> None:
        """Read whom to ask; nothing is sent yet."""
        self.servers = servers
        self.seconds = seconds

    def texts(self, name: str) -> list[str]:
        """The TXT records of `name`; none when there is no such name. Raises NamesFailed."""
        try:
            answer = self._stub().resolve(name, "TXT", search=False, lifetime=self.seconds)
        except (NXDOMAIN, NoAnswer):
            return []
        except (DNSException, OSError, ValueError) as error:
            raise NamesFailed(f"{type(error).__name__}") from error
        return [b"".join(row.strings).decode("utf-8", "replace") for row in list(answer)[:MOST]]

    def _stub(self) -> Stub:
        if not self.servers:
            return Stub()
        stub = Stub(configure=False)
        hosts = [server.rpartition(":") for server in self.servers]
        stub.nameservers = [Do53Nameserver(host, int(port)) for host, _, port in hosts]
        return stub
