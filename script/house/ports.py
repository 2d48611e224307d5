"""The site's port: the wanted one or none, else the last one, else the next free one."""

from __future__ import annotations

from house import processes
from house.console import Refused, say

HIGHEST = 65535
TRIES = 100


def choose(wanted: int | None, last: int) -> int:
    """The port to serve on; raises Refused naming who holds a port that was asked for."""
    if wanted is not None:
        if not processes.is_free(wanted):
            raise Refused(
                f"Port {wanted} is in use by {processes.occupant(wanted)}. Stop it, or choose another with --port."
            )
        return wanted
    if processes.is_free(last):
        return last
    port = processes.free_port(*range(last + 1, min(last + TRIES, HIGHEST)))
    say(f"Port {last} is in use by {processes.occupant(last)}: using {port}.")
    return port
