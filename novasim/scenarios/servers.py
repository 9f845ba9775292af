"""
Creates the servers of a scenario by the requests that lead to their statuses.

So everything that belongs to a status exists, and no rule about it is written twice. Actions take no time meanwhile;
only the last one of a server that begins in progress takes its usual time.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from novasim.errors import NovaFault
from novasim.lifecycle import states
from novasim.lifecycle.status import status_of
from novasim.records import Fault, Host, Server, Task
from novasim.scenarios.checks import Scenario
from novasim.scenarios.creation import Creation
from novasim.scenarios.new_server import NewServer, read_server
from novasim.scenarios.paths import MOVED, NEVER, OPTIONS, PATHS, TIMED, UNKNOWN, Goal, action_body
from novasim.scenarios.times import parse_time
from novasim.simulation.hosts.cells import set_cell_down
from novasim.simulation.time.clock import format_time
from novasim.simulation.time.timers import drop_timer
from novasim.yamlutils import Place

TIMES = {"created": "created_at", "updated": "updated_at", "launched_at": "launched_at"}
"""Fields of servers and of their records."""
DEFAULT_FAULT = "The hypervisor could not start the guest."


def create_servers(creation: Creation, scenario: Scenario) -> None:
    """
    Create all servers, in the order of the file.

    Raises:
        UsageError: A server refers to something that does not exist, does not fit on any host, or cannot reach its
            status; the message names the line.
    """
    unreachable = []
    for place, entry in scenario.list_entries("servers"):
        new = read_server(creation.world, scenario, entry, place)
        server = _create_server(creation, scenario, new, entry, place)
        if new.goal.status == UNKNOWN:
            unreachable.append(server.host or "")
    for name in unreachable:
        set_cell_down(creation.world, creation.get(Host, name), True)


def _create_server(
    creation: Creation, scenario: Scenario, new: NewServer, entry: dict[str, Any], place: Place
) -> Server:
    with creation.usable_host(new.host), creation.options(**_choose_options(creation, new.goal)):
        try:
            server = _build(creation, new, entry.get("id"))
            _act(creation, new, server, entry.get("fault", DEFAULT_FAULT))
            _lock(creation, new, server, entry)
        except NovaFault as fault:
            raise scenario.error(place, f"{entry['name']} cannot be created: {fault}") from None
        _check_status(creation, scenario, new.goal, server, place)
        _override(creation, scenario, new.goal, server, entry, place)
    return server


def _choose_options(creation: Creation, goal: Goal) -> dict[str, Any]:
    """The options with which the actions end in the status. A time that the scenario itself sets remains."""
    own = creation.settings.options
    options = {
        name: value
        for name, value in OPTIONS.get(goal.status, {}).items()
        if goal.status not in TIMED or own.get(name, 0) <= 0
    }
    if creation.tx.count(Host) == 1:
        options["allow_resize_to_same_host"] = True
    return options


def _build(creation: Creation, new: NewServer, id: str | None) -> Server:
    """Build the server on its host, or elsewhere if it moves there later. NovaFault if the build fails."""
    has_other_host = creation.tx.count(Host) > 1
    moves = new.goal.status in MOVED and new.host is not None and has_other_host
    body = new.body if moves or not new.host else {**new.body, "host": new.host}
    durations = creation.usual_durations() if new.goal.status == "BUILD" else nullcontext()
    with durations, creation.disabled_hosts([new.host] if moves and new.host else []):
        server = creation.create_server(new.caller, body, id)
    if server.vm_state == states.ERROR and server.fault:
        raise NovaFault(reason=server.fault["message"])
    return server


def _act(creation: Creation, new: NewServer, server: Server, fault: str) -> None:
    """Send the requests for the actions that lead to the status. *fault* is the message with which one fails."""
    *before, last = PATHS[new.goal.status] or ("",)
    for name in before:
        _send(creation, new, server, name)
    if new.goal.status == "ERROR":
        _fail(creation, new, server, last, fault)
    elif last:
        with creation.usual_durations() if new.goal.is_in_progress else nullcontext():
            _send(creation, new, server, last)
    if creation.world.option("reclaim_instance_interval") == NEVER:
        drop_timer(creation.world, server, "force-delete")


def _fail(creation: Creation, new: NewServer, server: Server, name: str, message: str) -> None:
    """Send the request for an action that an injected fault lets fail."""
    fault = Fault(id="scenario", does="fail", action=name, message=message, created_at=creation.world.time)
    creation.tx.put(fault)
    _send(creation, new, server, name)
    creation.tx.delete(fault)


def _send(creation: Creation, new: NewServer, server: Server, name: str) -> None:
    """Send the request for one action."""
    path = f"/servers/{server.id}"
    if name == "delete":
        creation.send(new.caller, "DELETE", path)
    elif name == "resize":
        _resize(creation, new, f"{path}/action")
    else:
        arguments = {"imageRef": new.body["imageRef"]} if name == "rebuild" else None
        creation.send(new.caller, "POST", f"{path}/action", action_body(name, arguments))


def _resize(creation: Creation, new: NewServer, path: str) -> None:
    """Resize a server from its old flavor or, without one, migrate it. It moves to the host that the entry names."""
    target = new.host if new.goal.status in MOVED and creation.tx.count(Host) > 1 else None
    if new.old_flavor_id is None:
        creation.send(new.caller, "POST", path, action_body("migrate", {"host": target} if target else None))
        return
    others = [host.name for host in creation.tx.query(Host) if host.name != target] if target else []
    with creation.disabled_hosts(others):
        creation.send(new.caller, "POST", path, action_body("resize", {"flavorRef": new.flavor_id}))


def _lock(creation: Creation, new: NewServer, server: Server, entry: dict[str, Any]) -> None:
    """Lock the server if the entry says so. An administrator locks it from outside its project."""
    reason, side = entry.get("locked_reason"), entry.get("locked_by")
    if server.deleted or not entry.get("locked", bool(side or reason)):
        return
    caller = new.caller._replace(project_id="") if side == "admin" else new.caller
    creation.send(
        caller, "POST", f"/servers/{server.id}/action", action_body("lock", reason and {"locked_reason": reason})
    )


def _check_status(creation: Creation, scenario: Scenario, goal: Goal, server: Server, place: Place) -> None:
    status = status_of(server.vm_state, server.task_state)
    may_end_at_once = goal.is_in_progress and creation.ends_tasks_at_once
    if goal.status in (status, UNKNOWN) or may_end_at_once:
        return
    why = f": {server.fault['message']}" if server.fault else ""
    raise scenario.error(place, f"{server.name} cannot begin in status {goal.status}; it is {status}{why}")


def _override(
    creation: Creation, scenario: Scenario, goal: Goal, server: Server, entry: dict[str, Any], place: Place
) -> None:
    """Set what the entry says and no request leads to: times, a power_state, and a task_state without a task."""
    for name, field in TIMES.items():
        if name in entry:
            setattr(server, field, format_time(parse_time(scenario, entry[name], (*place, name))))
    if goal.stuck:
        server.vm_state, server.task_state = goal.stuck
        for task in creation.tx.query(Task, {"server_id": server.id}):
            creation.tx.delete(task)
        if server.vm_state == states.BUILDING:
            server.power_state, server.launched_at = states.NOSTATE, None
    server.power_state = entry.get("power_state", server.power_state)
    creation.tx.put(server)
