"""Commands that change names, labels and hosts or create a server again, so that the goals can be met."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from novasim.records import Host, Server, Task
from novasim.simulation.hosts.outages import is_waiting_for_host
from novasim.simulation.world import World
from novasim.teach.lessons.checks import Condition
from novasim.teach.lessons.evaluation import View
from novasim.teach.lessons.facts import METADATA
from novasim.teach.lessons.hints.proposals import ADMIN, to_command
from novasim.teach.lessons.lesson import Command, Lesson

EVACUATE = "evacuate"


def rename_back(view: View, name: str) -> Iterator[Command]:
    """Commands that rename the servers which had a name before, and now have another one."""
    for id in dict.fromkeys(entry.server for entry in view.entries if entry.name == name):
        found = view.world.tx.query(Server, {"id": id, "deleted": False})
        for server in (server for server in found if server.name != name):
            is_unique = view.world.tx.count(Server, {"name": server.name, "deleted": False}) == 1
            yield to_command(("set", server.name if is_unique else server.id, "--name", name))


def create_again(lesson: Lesson, name: str, waits: bool) -> Iterator[Command]:
    """The command that creates a server as the world of the lesson does. *waits*: as for `Proposals`."""
    for command in lesson.world:
        words = command.words
        place = words.index("create") + 1 if "create" in words else len(words)
        names = list(takewhile(lambda word: not word.startswith("-"), words[place:]))
        if name in names and not command.must_fail:
            options = [word for word in words[place + len(names) :] if waits or word != "--wait"]
            yield to_command((*words[:place], name, *options))


def change_label(name: str, condition: Condition) -> Iterator[Command]:
    """The commands that set or remove the metadata item or the description that a condition is about."""
    value = "" if condition.negated else condition.values[0]
    words: tuple[str, ...] = ()
    if condition.key == "description":
        words = ("set", name, "--description", value) if value else ("unset", name, "--description")
    elif condition.key.startswith(METADATA):
        key = condition.key.removeprefix(METADATA)
        words = ("set", name, "--property", f"{key}={value}") if value else ("unset", name, "--property", key)
    if words:
        yield from (to_command((*caller, *words)) for caller in ((), ADMIN))


def open_hosts(world: World) -> Iterator[Command]:
    """The commands that switch on all hosts, and let servers be scheduled to them."""
    for host in world.tx.query(Host):
        if not host.up:
            yield _set_host(host, "--up")
        if host.disabled:
            yield _set_host(host, "--enable")


def switch_host(world: World, server: Server, action: str, is_refused: bool) -> Iterator[Command]:
    """
    The command that switches a server's host on or off before an action.

    Args:
        is_refused: Whether a goal wants the action to be refused.
    """
    host = _host_of(world, server)
    if host is None:
        return
    is_up = host.up and not host.forced_down
    if action == EVACUATE and is_up is not is_refused:  # only servers on a host that is down are evacuated
        yield _set_host(host, "--down" if is_up else "--up")
    elif not is_up and any(is_waiting_for_host(world, task) for task in _tasks_of(world, server)):
        yield _set_host(host, "--up")


def _tasks_of(world: World, server: Server) -> list[Task]:
    return [task for task in world.tx.query(Task, {"server_id": server.id}) if not task.timer]


def _host_of(world: World, server: Server) -> Host | None:
    hosts = world.tx.query(Host, {"name": server.host}, limit=1) if server.host else []
    return next(iter(hosts), None)


def _set_host(host: Host, option: str) -> Command:
    return to_command((*ADMIN, "host", "set", host.name, option))
