"""The instance-action log: the requests that a server accepted, and their events."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle.action import Action, Phase
from novasim.records import Caller, InstanceAction, Migration, Server
from novasim.simulation.hosts.control_services import CONTROL_HOST
from novasim.simulation.world import World

OF_COMPUTE = "compute_"
HOSTS_OF_MOVES = {  # event: the field of the migration that has its host
    "compute_prep_resize": "dest_host",
    "compute_resize_instance": "source_host",
    "compute_finish_resize": "dest_host",
    "compute_confirm_resize": "source_host",
    "compute_revert_resize": "dest_host",
    "compute_finish_revert_resize": "source_host",
    "compute_check_can_live_migrate_destination": "dest_host",
    "compute_check_can_live_migrate_source": "source_host",
    "compute_pre_live_migration": "dest_host",
    "compute_live_migration": "source_host",
    "compute_post_live_migration_at_destination": "dest_host",
}


def record_action(world: World, action: Action, server: Server, caller: Caller) -> None:
    """Add an entry for an accepted action, if its row names one."""
    if action.log_name:
        _record_entry(world, action.log_name, server, caller)


def record_external_event(
    world: World, name: str, event: str, server: Server, caller: Caller, error: str | None = None
) -> None:
    """
    Add the complete entry of an action that another service caused.

    Args:
        name: The action, such as "extend_volume".
        event: The only event of the action.
        error: Why the action failed; None if it succeeded.
    """
    _record_entry(world, name, server, caller)
    start_events(world, server, world.request_id, Phase(None, events=(event,)))
    finish_events(world, server, world.request_id, error)


def record_part(world: World, server: Server, name: str, event: str, host: str | None) -> None:
    """
    Add the complete entry of an action that is part of the present request, which has an entry of its own.

    Lists contain both; a request for one entry finds that of the request.
    """
    whole = world.tx.get(InstanceAction, entry_id(server.id, world.request_id))
    if whole is None:
        return
    fields = {**vars(whole), "id": f"{whole.id} {name}", "action": name}
    fields["events"] = [_start_event(world, event, host) | {"finish_time": world.time, "result": "Success"}]
    world.tx.put(InstanceAction(**fields))


def list_entries(world: World, server_id: str) -> list[InstanceAction]:
    """The entries of a server, newest first. The parts of a request are older than its own entry."""
    entries = world.tx.query(InstanceAction, {"server_id": server_id})
    entries.sort(key=lambda entry: (entry.start_time, entry.id == entry_id(server_id, entry.request_id)))
    return entries[::-1]


def _start_event(world: World, name: str, host: str | None) -> dict[str, Any]:
    return {
        "event": name,
        "start_time": world.time,
        "finish_time": None,
        "result": None,
        "traceback": None,
        "details": None,
        "host": host,
    }


def _record_entry(world: World, name: str, server: Server, caller: Caller) -> None:
    world.tx.put(
        InstanceAction(
            id=entry_id(server.id, world.request_id),
            server_id=server.id,
            request_id=world.request_id,
            action=name,
            user_id=caller.user_id,
            project_id=caller.project_id,
            start_time=world.time,
            updated_at=world.time,
        )
    )


def entry_id(server_id: str, request_id: str) -> str:
    """The id of the entry of a server and a request. A request can have entries of several servers."""
    return f"{server_id} {request_id}"


def start_events(world: World, server: Server, request_id: str, phase: Phase) -> None:
    """Add the events of a phase to an entry."""
    entry = world.tx.get(InstanceAction, entry_id(server.id, request_id))
    if entry is None or not phase.events:
        return
    entry.events.extend(
        _start_event(world, name, server.host if name.startswith(OF_COMPUTE) else CONTROL_HOST) for name in phase.events
    )
    entry.updated_at = world.time
    world.tx.put(entry)


def drop_events(world: World, server: Server, request_id: str, phase: Phase) -> None:
    """Remove from an entry those events of its phase that did not start, since no host was found."""
    entry = world.tx.get(InstanceAction, entry_id(server.id, request_id))
    if entry is not None and phase.events_without_host:
        del entry.events[phase.events_without_host - len(phase.events) or len(entry.events) :]
        world.tx.put(entry)


def finish_events(world: World, server: Server, request_id: str, error: str | None = None, name: str = "") -> None:
    """
    Finish the open events of an entry, or those with a name, with success or with an error.

    An event that has started several times, since its host failed, stays open; the first one changes instead.

    Source: nova/db/main/api.py, action_event_finish.
    """
    entry = world.tx.get(InstanceAction, entry_id(server.id, request_id))
    if entry is None:
        return
    first: dict[str, dict[str, Any]] = {}
    for event in entry.events:
        target = first.setdefault(event["event"], event)
        if event["result"] is not None or name not in ("", event["event"]):
            continue
        event["host"] = _find_host(world, server, event)
        target.update(finish_time=world.time, result="Error" if error else "Success", details=error)
        if error:
            target["traceback"] = f"Traceback of {event['event']} (simulated)\nTaskFailed: {error}\n"
    entry.message = "Error" if error else entry.message
    entry.updated_at = world.time
    world.tx.put(entry)


def _find_host(world: World, server: Server, event: dict[str, Any]) -> str | None:
    """The host on which an event happened. Those of moves are known once the move has a target."""
    field = HOSTS_OF_MOVES.get(event["event"])
    migrations = world.tx.query(Migration, {"server_id": server.id}) if field else []
    latest = max(migrations, key=lambda migration: migration.number, default=None)
    host: str | None = getattr(latest, field or "", None) or event["host"]
    return host or server.host
