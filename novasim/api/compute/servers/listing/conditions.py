"""
The filters of a server list. Each function returns the tests that a server has to pass.

Source: the filters in api-ref 'List Servers', and the recorded queries where they say more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, NoReturn

from novasim.api.compute.servers.listing.columns import COLUMNS, Column
from novasim.api.compute.servers.listing.reads import TableReads
from novasim.api.schemas.formats import parse_time
from novasim.errors import BadRequest, Forbidden
from novasim.lifecycle.states import DELETED, SOFT_DELETED
from novasim.lifecycle.status import states_of
from novasim.records import Flavor, Port, Server
from novasim.regex import Search, TooComplex, compile_search
from novasim.simulation.time.clock import format_time
from novasim.strutils import bool_from_string

Test = Callable[[Server], bool]

LATEST_TIME = 253402300799.0  # 9999-12-31T23:59:59Z; a time with a zone may be later

EXACT = {"host": "host", "image": "image_ref", "image_ref": "image_ref", "user_id": "user_id", "uuid": "uuid"}
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
"""By filter: the column in which a regular expression is searched. "description" is not a filter of Nova."""


class Filters(NamedTuple):
    """
    The filters of a query, and all that their meaning depends on.

    Args:
        values: The last value of each filter.
        statuses: All values of status, any of which may match.
        minor: The minor number of the microversion.
        is_admin: Whether the caller is an administrator.
    """

    values: Mapping[str, str]
    statuses: tuple[str, ...]
    minor: int
    is_admin: bool
    reads: TableReads


def parse_boolean(text: str) -> bool:
    """
    Parse the value of a boolean filter.

    Raises:
        BadRequest: the value is not a boolean (400).
    """
    try:
        return bool_from_string(text, strict=True)
    except ValueError as error:
        raise BadRequest(reason=f"Invalid input received: {error}") from None


def filter_by_state(filters: Filters) -> Iterator[Test]:
    """
    Filter by status (any of them may match) or else by vm_state, and by task_state.

    Nova compares the vm_states of all statuses first, then their task_states.
    """
    tasks = None
    if filters.statuses:
        vm_states, tasks = _find_states(filters)
        yield lambda server: server.vm_state in vm_states
    elif (vm_state := filters.values.get("vm_state")) is not None:
        yield lambda server: server.vm_state == vm_state
    if tasks is not None:
        yield lambda server: server.task_state in tasks
    elif (task_state := filters.values.get("task_state")) is not None:
        yield lambda server: server.task_state == task_state


def _find_states(filters: Filters) -> tuple[frozenset[str], frozenset[str] | None]:
    states_by_status = [states_of(status) for status in filters.statuses]
    if not any(states_by_status) and filters.minor >= 38:
        raise BadRequest(reason="Invalid status value", unknown="status")
    vm_states = frozenset(vm_state for states in states_by_status for vm_state in states)
    tasks = [task_states for states in states_by_status for task_states in states.values()]
    limited = [task_states for task_states in tasks if task_states is not None]
    return vm_states, frozenset().union(*limited) if len(limited) == len(tasks) else None


def filter_by_change(filters: Filters) -> Iterator[Test]:
    """Filter by changes-since and changes-before, both inclusive."""
    since, before = (_read_time(filters.values.get(f"changes-{word}")) for word in ("since", "before"))
    if since and before and before < since:
        raise BadRequest(reason="The value of changes-since must be less than or equal to changes-before.")
    if since:
        yield lambda server: server.updated_at >= since
    if before:
        yield lambda server: server.updated_at <= before


def _read_time(text: str | None) -> str | None:
    return None if text is None else format_time(min(max(parse_time(text), 0.0), LATEST_TIME))


def filter_by_deletion(filters: Filters) -> Iterator[Test]:
    """
    Deleted servers or existing ones; both if changes are requested.

    Soft-deleted servers are treated as deleted. `soft_deleted` with any value adds them to the existing ones.
    """
    soft = bool(filters.values.get("soft_deleted"))
    deleted = _read_deleted(filters)
    if deleted:
        yield lambda server: server.deleted or server.vm_state == SOFT_DELETED
    elif deleted is not None:
        yield lambda server: not server.deleted and (soft or server.vm_state != SOFT_DELETED)


def selects_existing(filters: Filters) -> bool:
    """Whether only servers that were not deleted are selected. BadRequest, Forbidden: as `filter_by_deletion`."""
    return _read_deleted(filters) is False


def _read_deleted(filters: Filters) -> bool | None:
    if filters.statuses and _find_states(filters)[0] == {DELETED}:
        if not filters.is_admin:
            raise Forbidden(reason="Only administrators may list deleted instances")
        return True
    if "deleted" in filters.values:
        return bool_from_string(filters.values["deleted"])
    return None if "changes-since" in filters.values or "changes-before" in filters.values else False


def filter_by_lock(filters: Filters) -> Iterator[Test]:
    """Filter by whether the server is locked."""
    if (text := filters.values.get("locked")) is not None:
        locked = parse_boolean(text)
        yield lambda server: (server.locked_by is not None) == locked


def filter_by_tags(filters: Filters) -> Iterator[Test]:
    """Filter by tags: servers with all of them, any of them, not all of them, not any of them."""
    tags = {name: frozenset(filters.values[name].split(",")) for name in _TAG_TESTS if name in filters.values}
    for name, values in tags.items():
        yield _tag_test(_TAG_TESTS[name], values)


def _tag_test(test: Callable[[frozenset[str], frozenset[str]], bool], values: frozenset[str]) -> Test:
    return lambda server: test(values, frozenset(server.tags))


_TAG_TESTS: dict[str, Callable[[frozenset[str], frozenset[str]], bool]] = {
    "tags": lambda values, tags: values <= tags,
    "tags-any": lambda values, tags: not values.isdisjoint(tags),
    "not-tags": lambda values, tags: not values <= tags,
    "not-tags-any": lambda values, tags: values.isdisjoint(tags),
}


def filter_by_value(filters: Filters) -> Iterator[Test]:
    """Filter by exact values of attributes, and by flavor, which must still exist."""
    for name, column in EXACT.items():
        if (value := filters.values.get(name)) is not None:
            yield _equals(COLUMNS[column], value)
    if (flavor_id := filters.values.get("flavor")) is not None:
        from novasim.lifecycle.flavors import has_flavor  # few requests need it

        flavor = filters.reads.get(Flavor, flavor_id)
        yield lambda server: flavor is not None and has_flavor(server, flavor)


def _equals(column: Column, value: str) -> Test:
    return lambda server: column(server) == value


def filter_by_pattern(filters: Filters) -> Iterator[Test]:
    """
    By a regular expression that an attribute must contain.

    An attribute that is not set is searched as the word "None", as recorded from Nova.
    """
    for name, column in PATTERNS.items():
        if (pattern := filters.values.get(name)) is not None:
            yield _contains(COLUMNS[column], compile_filter(name, pattern))


def compile_filter(name: str, pattern: str, *, at_start: bool = False) -> Search:
    """Compile a pattern. Nova's schema checks only some of them; the error is the same for all."""

    def refuse(fault: str) -> NoReturn:
        reason = f"Invalid input for query parameters {name}. Value: {pattern}. '{pattern}' {fault}"
        raise BadRequest(reason=reason) from None

    def limited_search(text: str) -> bool:
        try:
            return search(text)
        except TooComplex:
            refuse("is too complex a regular expression")

    try:
        search = compile_search(pattern, at_start=at_start)
    except TooComplex:
        refuse("is too complex a regular expression")
    except (re.error, OverflowError, RecursionError):
        refuse("is not a 'regex'")
    return limited_search


def _contains(column: Column, search: Search) -> Test:
    return lambda server: search(str(column(server)))


def filter_by_address(filters: Filters) -> Iterator[Test]:
    """Filter by fixed address: the regular expressions ip and ip6 match its beginning."""
    starts = {
        version: compile_filter(name, filters.values[name], at_start=True)
        for version, name in ((False, "ip"), (True, "ip6"))
        if name in filters.values
    }
    if not starts:
        return
    ports = [(port.device_id, ip["ip_address"]) for port in filters.reads.query(Port) for ip in port.fixed_ips]
    ids = {id for id, address in ports if (search := starts.get(":" in address)) and search(address)}
    yield lambda server: server.id in ids


CONDITIONS = (
    filter_by_state,
    filter_by_change,
    filter_by_deletion,
    filter_by_lock,
    filter_by_tags,
    filter_by_value,
    filter_by_pattern,
    filter_by_address,
)
"""In the order in which Nova reports errors."""
