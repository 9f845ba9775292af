"""What a watcher of the live page sees of a cloud at one moment, and what has changed since another."""

from __future__ import annotations

from typing import Any, NamedTuple

from novasim.api.context import Context
from novasim.api.request import Request
from novasim.errors import PolicyRefusal
from novasim.lifecycle.status import status_of
from novasim.records import Caller, Host, Project, Server, Task
from novasim.simulation.hosts.outages import is_waiting_for_host
from novasim.simulation.scheduling.placement import get_capacity, get_usage, is_service_up
from novasim.simulation.time.clock import get_mode
from novasim.simulation.world import World

Values = dict[str, Any]
LIST_SERVERS, LIST_ALL = "os_compute_api:servers:detail", "os_compute_api:servers:detail:get_all_tenants"
LIST_HOSTS = "os_compute_api:os-hypervisors:list-detail"
KINDS = ("servers", "hosts", "projects")


class View(NamedTuple):
    """
    What a watcher may see.

    Args:
        project_id: The project whose servers it sees; None for all projects.
        has_hosts: Whether it sees hosts.
    """

    project_id: str | None
    has_hosts: bool


EVERYTHING = View(None, True)


def view_of(world: World, caller: Caller) -> View:
    """
    What a caller may see: the servers that a list of servers has, and hosts if the policy allows to list them.

    Raises:
        PolicyRefusal: the policy does not allow the caller to list servers (403).
    """
    ctx = Context(Request(caller, "GET", "/servers/detail"), world)
    if not ctx.is_allowed(LIST_SERVERS):
        raise PolicyRefusal(rule=LIST_SERVERS)
    return View(None if ctx.is_allowed(LIST_ALL) else caller.project_id, ctx.is_allowed(LIST_HOSTS))


def take_snapshot(world: World, view: View) -> Values:
    """Servers, hosts and projects by ID or name, and the clock."""
    where: Values = {"deleted": False} | ({"project_id": view.project_id} if view.project_id is not None else {})
    hosts = {host.name: host for host in world.tx.query(Host)}
    servers = world.tx.query(Server, where)
    names = {project.id: project.name for project in world.tx.query(Project)}
    return {
        "servers": {server.id: _describe_server(world, server, hosts, view) for server in servers},
        "hosts": {name: _describe_host(host) for name, host in hosts.items()} if view.has_hosts else {},
        "projects": {id: names.get(id, id) for id in sorted({server.project_id for server in servers})},
        "clock": describe_clock(world),
    }


def _describe_server(world: World, server: Server, hosts: dict[str, Host], view: View) -> Values:
    host, task = hosts.get(server.host or ""), world.tx.get(Task, server.id)
    values: Values = {"name": server.name, "project": server.project_id}
    values["status"] = status_of(server.vm_state, None)
    values["shown"] = status_of(server.vm_state, server.task_state)
    if task is not None:
        values["task"] = {"action": task.action, "state": server.task_state, "start": task.started}
        values["task"] |= {"end": task.ends[-1], "waits": is_waiting_for_host(world, task)}
    if server.locked_by:
        values["locked"] = True
    if host is not None and not is_service_up(host):
        values["down"] = True
    if view.has_hosts and server.host:
        values["host"] = server.host
    return values


def _describe_host(host: Host) -> Values:
    load = zip(get_usage(host), get_capacity(host), strict=True)
    share = max((used / capacity for used, capacity in load if capacity > 0), default=0.0)
    return {"up": is_service_up(host), "disabled": host.disabled, "load": round(min(share, 1.0), 3)}


def describe_clock(world: World) -> Values:
    """The simulated time in seconds since the epoch, and its speed; 0 if it does not pass by itself."""
    mode = get_mode(world.settings)
    runs = mode == "real" and world.settings.wall_anchor is not None
    return {"now": world.now, "mode": mode, "speed": world.settings.speed if runs else 0}


def compare(before: Values, after: Values) -> Values:
    """What has changed between two snapshots: new and changed values, `gone` keys by kind, and the clock."""
    change: Values = {"clock": after["clock"]}
    for kind in KINDS:
        old, new = before[kind], after[kind]
        if changed := {key: value for key, value in new.items() if old.get(key) != value}:
            change[kind] = changed
        if gone := [key for key in old if key not in new]:
            change.setdefault("gone", {})[kind] = gone
    return change


def has_jumped(before: Values, after: Values) -> bool:
    """Whether the clock was set or advanced, beyond what it does by itself."""
    return (before["mode"], before["speed"]) != (after["mode"], after["speed"]) or (
        not after["speed"] and before["now"] != after["now"]
    )
