"""Commands that hints propose only if no gentler ones lead to the end: hosts, another label, a lock, a new server."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.errors import Locked
from novasim.lifecycle.actions import ACTIONS
from novasim.records import Server
from novasim.simulation.world import World
from novasim.teach.lessons.checks import Check, Refused, ServerIs
from novasim.teach.lessons.facts import find_servers
from novasim.teach.lessons.hints.preparations import open_hosts
from novasim.teach.lessons.hints.proposals import ADMIN, to_command
from novasim.teach.lessons.lesson import Command

LABELS = {"ACTIVE": "active", "ERROR": "error"}  # statuses, and what reset-state calls them


def last_resorts(world: World, check: Check) -> Iterator[Command]:
    """The last resorts for a check of a server, the gentlest first."""
    yield from open_hosts(world)
    for server in find_servers(world, getattr(check, "server", "")):
        if server.locked_by:
            yield to_command((*ADMIN, "unlock", server.name))
        yield from _change_label(server, check)
        if isinstance(check, Refused) and check.code == Locked.http and ACTIONS[check.action].lock:
            yield to_command((*ADMIN, "lock", server.name))
        yield to_command(("delete", server.name, "--wait"))
        yield to_command((*ADMIN, "delete", server.name, "--wait"))


def _change_label(server: Server, check: Check) -> Iterator[Command]:
    wanted: tuple[str, ...] = (check.state,) if isinstance(check, Refused) else ()
    if isinstance(check, ServerIs):
        wanted = next((each.values for each in check.conditions if each.key == "status"), ())
    for status in filter(LABELS.get, wanted):
        yield set_label(server.name, status)


def set_label(name: str, status: str) -> Command:
    """The command that gives a server one of the statuses in LABELS, and changes nothing else."""
    return to_command((*ADMIN, "reset-state", name, "--state", LABELS[status]))
