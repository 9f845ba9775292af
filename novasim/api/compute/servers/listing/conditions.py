"""
What each filter of a server list means: every function turns the filters asked for into tests of a server.

Source: the filters in api-ref 'List Servers', and the recorded queries where they say more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from novasim.api.compute.servers.listing.columns import COLUMNS, Column
from novasim.api.context import Context
from novasim.api.schemas.formats import parse_time
from novasim.errors import BadRequest, Forbidden
from novasim.lifecycle.states import DELETED, SOFT_DELETED
from novasim.lifecycle.status import states_of
from novasim.records import Flavor, Port, Server
from novasim.simulation.time.clock import format_time
from novasim.strutils import bool_from_string

Test = Callable[[Server], bool]

LAST_MOMENT = 253402300799.0  # 9999-12-31T23:59:59Z; a time with a zone may lie behind it

EQUAL = {"host": "host", "image": "image_ref", "image_ref": "image_ref", "user_id": "user_id", "uuid": "uuid"}
PATTERNS = {
    "name": "display_name",
    **{
        name: name
        for name in (
            *("access_ip_v4", "access_ip_v6", "auto_disk_config", "availability_zone", "config_drive", "created_at"),
            *("display_description", "display_name", "hostname", "kernel_id", "key_name", "launch_index"),
            *("launched_at", "locked_by", "node", "power_state", "progress", "ramdisk_id", "reservation_id"),
            *("root_device_name", "terminated_at"),
        )
    },
}
"""Filters by regular expression, and the column that is searched. Nova does not know "description" as one."""


class Asked(NamedTuple):
    """The filters that count: the last value of each, and all values of status, which add up."""

    ctx: Context
    values: Mapping[str, str]
    statuses: tuple[str, ...]


def truth(text: str) -> bool:
    """
    A filter's value as yes or no.

    Raises:
        BadRequest: neither (400).
    """
    try:
        return bool_from_string(text, strict=True)
    except ValueError as error:
        raise BadRequest(reason=f"Invalid input received: {error}") from None


def by_state(asked: Asked) -> Iterator[Test]:
    """Status before vm_state; several statuses add up, first their vm_states, then their task states."""
    tasks = None
    if asked.statuses:
        vm_states, tasks = _states_asked(asked)
        yield lambda server: server.vm_state in vm_states
    elif (vm_state := asked.values.get("vm_state")) is not None:
        yield lambda server: server.vm_state == vm_state
    if tasks is not None:
        yield lambda server: server.task_state in tasks
    elif (task_state := asked.values.get("task_state")) is not None:
        yield lambda server: server.task_state == task_state


def _states_asked(asked: Asked) -> tuple[frozenset[str], frozenset[str] | None]:
    found = [states_of(status) for status in asked.statuses]
    if not any(found) and asked.ctx.minor >= 38:
        raise BadRequest(reason="Invalid status value")
    vm_states = frozenset(vm_state for states in found for vm_state in states)
    tasks = [task_states for states in found for task_states in states.values()]
    limited = [task_states for task_states in tasks if task_states is not None]
    return vm_states, frozenset().union(*limited) if len(limited) == len(tasks) else None


def by_change(asked: Asked) -> Iterator[Test]:
    """Changed since or before a moment, which belongs to the time asked for."""
    since, before = (_moment(asked.values.get(f"changes-{word}")) for word in ("since", "before"))
    if since and before and before < since:
        raise BadRequest(reason="The value of changes-since must be less than or equal to changes-before.")
    if since:
        yield lambda server: server.updated_at >= since
    if before:
        yield lambda server: server.updated_at <= before


def _moment(text: str | None) -> str | None:
    return None if text is None else format_time(min(max(parse_time(text), 0.0), LAST_MOMENT))


def by_deletion(asked: Asked) -> Iterator[Test]:
    """
    Deleted servers, or those that are not; both when changes are asked for.

    A server that waits for its deletion counts as deleted. `soft_deleted` with any value adds it to the others.
    """
    soft = bool(asked.values.get("soft_deleted"))
    deleted = _deleted_asked(asked)
    if deleted:
        yield lambda server: server.deleted or server.vm_state == SOFT_DELETED
    elif deleted is not None:
        yield lambda server: not server.deleted and (soft or server.vm_state != SOFT_DELETED)


def _deleted_asked(asked: Asked) -> bool | None:
    if asked.statuses and _states_asked(asked)[0] == {DELETED}:
        if not asked.ctx.caller.is_admin:
            raise Forbidden(reason="Only administrators may list deleted instances")
        return True
    if "deleted" in asked.values:
        return bool_from_string(asked.values["deleted"])
    return None if "changes-since" in asked.values or "changes-before" in asked.values else False


def by_lock(asked: Asked) -> Iterator[Test]:
    """Locked or not."""
    if (text := asked.values.get("locked")) is not None:
        locked = truth(text)
        yield lambda server: (server.locked_by is not None) == locked


def by_tags(asked: Asked) -> Iterator[Test]:
    """All of the tags, any of them, not all of them, none of them."""
    tags = {name: frozenset(asked.values[name].split(",")) for name in _TAG_TESTS if name in asked.values}
    for name, wanted in tags.items():
        yield _tagged(_TAG_TESTS[name], wanted)


def _tagged(test: Callable[[frozenset[str], frozenset[str]], bool], wanted: frozenset[str]) -> Test:
    return lambda server: test(wanted, frozenset(server.tags))


_TAG_TESTS: dict[str, Callable[[frozenset[str], frozenset[str]], bool]] = {
    "tags": lambda wanted, has: wanted <= has,
    "tags-any": lambda wanted, has: not wanted.isdisjoint(has),
    "not-tags": lambda wanted, has: not wanted <= has,
    "not-tags-any": lambda wanted, has: wanted.isdisjoint(has),
}


def by_value(asked: Asked) -> Iterator[Test]:
    """Attributes that must be equal, and the flavor, which must exist as well."""
    for name, column in EQUAL.items():
        if (wanted := asked.values.get(name)) is not None:
            yield _equal(COLUMNS[column], wanted)
    if (flavor := asked.values.get("flavor")) is not None:
        known = asked.ctx.world.tx.get(Flavor, flavor) is not None
        yield lambda server: known and server.flavor["id"] == flavor


def _equal(column: Column, wanted: str) -> Test:
    return lambda server: column(server) == wanted


def by_pattern(asked: Asked) -> Iterator[Test]:
    """
    Attributes in which a regular expression is found.

    What is not set is searched as the word "None", as in the recorded Nova.
    """
    for name, column in PATTERNS.items():
        if (pattern := asked.values.get(name)) is not None:
            yield _found(COLUMNS[column], _compiled(name, pattern))


def _compiled(name: str, pattern: str) -> re.Pattern[str]:
    """Nova's schema does not judge every pattern that it searches by; the answer is that of the others."""
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        words = f"Invalid input for query parameters {name}. Value: {pattern}. '{pattern}' is not a 'regex'"
        raise BadRequest(reason=words) from None


def _found(column: Column, pattern: re.Pattern[str]) -> Test:
    return lambda server: pattern.search(str(column(server))) is not None


def by_address(asked: Asked) -> Iterator[Test]:
    """Servers with a fixed address that begins as one of the regular expressions ip and ip6 says."""
    starts = {
        version: re.compile(asked.values[name]).match
        for version, name in ((False, "ip"), (True, "ip6"))
        if name in asked.values
    }
    if not starts:
        return
    ports = [(port.device_id, ip["ip_address"]) for port in asked.ctx.world.tx.query(Port) for ip in port.fixed_ips]
    ids = {id for id, address in ports if (match := starts.get(":" in address)) and match(address)}
    yield lambda server: server.id in ids


CONDITIONS = (
    by_state,
    by_change,
    by_deletion,
    by_lock,
    by_tags,
    by_value,
    by_pattern,
    by_address,
)
"""In the order in which Nova finds faults in them."""
