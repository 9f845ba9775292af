"""The differences of two states of a cloud in words, one line for each server and each other thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from novasim.cli.record.log import describe_state
from novasim.control.differences import Difference
from novasim.recorder.changes import describe_state as state_of
from novasim.records import Server
from novasim.simulation.time.clock import format_time

SERVERS = "servers"
HIDDEN_TABLES = ("allocations", "console_tokens", "instance_actions", "tasks")
HIDDEN_FIELDS = frozenset(
    """
    created_at updated_at vm_state power_state node number launched_at terminated_at deleted_at progress old_vm_state
    user_id project_id id latest next_due_at requests counters wall_anchor token_key revoked fingerprint task_state
    old_flavor new_flavor requested_networks server_id
    next_host used_vcpus used_ram_mb used_disk_gb
    """.split()
)
FIRST_FIELDS = ("flavor", "host")
OWNERS = ("server_id", "device_id")  # fields that name the server to which a document belongs
MAX_VALUE = 60  # characters


def describe_differences(differences: Sequence[Difference]) -> Iterator[str]:
    """
    Yield lines such as "web1: status ACTIVE -> VERIFY_RESIZE, host host1 -> host2; migration 1 created".

    Times and running numbers are left out, and so are tasks and the log of actions, which states and times imply.
    """
    shown = [each for each in differences if each.table not in HIDDEN_TABLES]
    servers = [each for each in shown if each.table == SERVERS]
    ids = {server.id for server in servers}
    for server in servers:
        parts = [_describe_server(server), *(_describe(each) for each in shown if _owner(each) == server.id)]
        if any(parts):
            yield f"{server.name}: {'; '.join(filter(None, parts))}"
    for each in shown:
        if each.table != SERVERS and _owner(each) not in ids and (text := _describe(each)):
            yield text


def _owner(difference: Difference) -> str:
    """The ID of the server to which a document belongs; "" if it belongs to none of them."""
    fields = {**(difference.before or {}), **(difference.after or {})}
    return next((str(fields[name]) for name in OWNERS if fields.get(name)), "")


def _describe_server(server: Difference) -> str:
    if server.kind != "changed":
        return f"{server.kind} ({_status(server.after or server.before or {})})"
    before, after = _status(server.before or {}), _status(server.after or {})
    moves = [f"status {before} -> {after}"] if before != after else []
    return ", ".join([*moves, *_describe_fields(server)])


def _status(fields: dict[str, Any]) -> str:
    """The status and the task_state. The lock is a field of its own."""
    state = state_of(Server.from_document(fields))
    return describe_state(state and {**state, "locked": False})


def _describe(difference: Difference) -> str:
    """A document other than a server; "" if only what is hidden differs."""
    if difference.table == "settings":
        return ", ".join(_describe_fields(difference))
    noun = difference.table.removesuffix("s").replace("_", " ").replace("keypair", "key pair")
    if difference.kind != "changed":
        return f"{noun} {difference.name} {difference.kind}"
    fields = ", ".join(_describe_fields(difference))
    return f"{noun} {difference.name}: {fields}" if fields else ""


def _describe_fields(difference: Difference) -> Iterator[str]:
    fields = difference.list_fields()
    for name in sorted(fields, key=lambda name: name not in FIRST_FIELDS):
        before, after = fields[name]
        if name == "sim_anchor":
            yield f"time {format_time(before)} -> {format_time(after)}"
        elif name not in HIDDEN_FIELDS:
            yield f"{name} {_format(before)} -> {_format(after)}"


def _format(value: Any) -> str:
    if isinstance(value, dict) and value.get("name"):
        return str(value["name"])
    text = "-" if value in (None, "", [], {}) else str(value)
    return text if len(text) <= MAX_VALUE else text[:MAX_VALUE] + "..."
