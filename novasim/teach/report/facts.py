"""What the report says: servers with their lanes, refusals, hosts and quotas. It has no present time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from novasim.lifecycle.status import status_of
from novasim.records import Host, InstanceAction, Project, Server, Task
from novasim.records.entry import Entry
from novasim.simulation.quotas import SERVER_RESOURCES, count_usage, get_limit
from novasim.simulation.scheduling.placement import get_capacity, get_usage, is_service_up
from novasim.simulation.time.clock import parse_time
from novasim.simulation.world import World
from novasim.teach.graph.edges import resting_status
from novasim.teach.report.statuses import find_results
from novasim.teach.timeline.spans import Span, span_of_action, span_of_refusal

MAX_SPANS, ALL_SPANS = 40, 4000  # in the lane of a server, and in all lanes of a large cloud
MIN_SPANS = 3


class ServerFacts(NamedTuple):
    """
    One server.

    Args:
        number: Its place in the report, from 1.
        status: Without the running task. shown: the status with it.
        task: The action whose task is running; "" if no task is.
        notes: What is unusual about it, such as a lock or its fault.
        spans: The newest actions and refusals, oldest first. earlier: how many older ones were left out.
    """

    number: int
    id: str
    name: str
    project: str
    status: str
    shown: str
    task: str
    host: str
    flavor: str
    notes: list[str]
    spans: list[Span]
    earlier: int


class HostFacts(NamedTuple):
    """One host: its state in words, the number of servers, and used and total vCPUs, RAM (MiB) and disk (GiB)."""

    name: str
    state: str
    servers: int
    usage: Sequence[tuple[str, float, float]]


class QuotaFacts(NamedTuple):
    """A project: by resource, what it uses and its limit (-1 for unlimited)."""

    project: str
    usage: Sequence[tuple[str, float, float]]


class Facts(NamedTuple):
    """
    A cloud.

    Args:
        entries: The entries of its record; None without a record.
        times: The first and the last time at which something happened; "" for a cloud in which nothing has.
    """

    servers: list[ServerFacts]
    hosts: list[HostFacts]
    quotas: list[QuotaFacts]
    projects: list[str]
    entries: list[Entry] | None
    times: tuple[str, str]

    @property
    def refusals(self) -> list[Entry]:
        """The refused requests of the record, oldest first."""
        return [entry for entry in self.entries or () if entry.is_refusal]


def collect_facts(world: World, entries: list[Entry] | None) -> Facts:
    """Collect what the report says about all projects of a settled world, and its record."""
    projects = {project.id: project.name for project in world.tx.query(Project)}
    servers = [*_query_servers(world, is_deleted=False), *_query_servers(world, is_deleted=True)]
    limit = max(MIN_SPANS, min(MAX_SPANS, ALL_SPANS // max(1, len(servers))))
    logs, recorded = _group_actions(world), _group_entries(entries or ())
    lanes = [_list_spans(world, server, logs.get(server.id, []), recorded.get(server.id, [])) for server in servers]
    found = [
        _describe_server(world, number, server, projects.get(server.project_id, server.project_id), lane, limit)
        for number, (server, lane) in enumerate(zip(servers, lanes, strict=True), 1)
    ]
    used = {server.project_id for server in _query_servers(world, is_deleted=False)}
    return Facts(
        found,
        _list_hosts(world),
        [_describe_quota(world, id, name) for id, name in projects.items() if id in used],
        list(dict.fromkeys(server.project for server in found)),
        entries,
        _find_times(world, entries or ()),
    )


def _query_servers(world: World, is_deleted: bool) -> list[Server]:
    return sorted(world.tx.query(Server, {"deleted": is_deleted}), key=lambda server: (server.number, server.id))


def _group_actions(world: World) -> dict[str, list[InstanceAction]]:
    groups: dict[str, list[InstanceAction]] = {}
    for action in world.tx.query(InstanceAction):
        groups.setdefault(action.server_id, []).append(action)
    return groups


def _group_entries(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.server and entry.time:
            groups.setdefault(entry.server, []).append(entry)
    return groups


def _describe_server(
    world: World, number: int, server: Server, project: str, spans: list[Span], limit: int
) -> ServerFacts:
    task = world.tx.get(Task, server.id)
    return ServerFacts(
        number,
        server.id,
        server.name,
        project,
        resting_status(server.vm_state),
        status_of(server.vm_state, server.task_state),
        "" if task is None or task.timer else task.action,
        server.host or "",
        str(server.flavor.get("original_name") or server.flavor.get("name") or ""),
        _list_notes(world, server),
        spans[-limit:],
        max(0, len(spans) - limit),
    )


def _list_notes(world: World, server: Server) -> list[str]:
    host = world.tx.get(Host, server.host) if server.host else None
    notes = []
    if server.locked_by:
        notes.append(f"locked ({server.locked_reason})" if server.locked_reason else "locked")
    if host is not None and not is_service_up(host):
        notes.append("host down")
    if server.fault:
        notes.append(str(server.fault.get("message", "")))
    return notes


def _list_spans(world: World, server: Server, log: list[InstanceAction], entries: list[Entry]) -> list[Span]:
    """Actions and refusals, oldest first. A running action ends when its task will."""
    task = world.tx.get(Task, server.id)
    log = sorted(log, key=lambda action: action.start_time)
    results = find_results(server, [(each.action, bool(each.message)) for each in log])
    known = [(parse_time(entry.time), entry) for entry in entries if entry.after]
    spans = []
    for action, (status, failed) in zip(log, results, strict=True):
        span = span_of_action(vars(action) | {"message": action.message, "events": action.events})
        if task is not None and task.request_id == action.request_id and task.ends:
            span = span._replace(end=max(task.ends[-1], span.start))
        spans.append(span._replace(status=_find_recorded(known, span.end) or status, failed=span.failed or failed))
    spans += [span_of_refusal(entry) for entry in entries if entry.is_refusal]
    return sorted(spans, key=lambda span: span.start)


def _find_recorded(known: list[tuple[float, Entry]], moment: float) -> str:
    """The status at a time according to the record; "" if it does not know."""
    place = bisect_right(known, moment, key=lambda pair: pair[0])
    after = known[place - 1][1].after if place else None
    return resting_status(after["vm_state"]) if after else ""


def _list_hosts(world: World) -> list[HostFacts]:
    count: dict[str, int] = {}
    for server in _query_servers(world, is_deleted=False):
        if server.host:
            count[server.host] = count.get(server.host, 0) + 1
    return [_describe_host(host, count.get(host.name, 0)) for host in world.tx.query(Host)]


def _describe_host(host: Host, servers: int) -> HostFacts:
    words = [*(["disabled"] if host.disabled else []), "up" if is_service_up(host) else "down"]
    usage = zip(("vCPUs", "RAM (MiB)", "disk (GiB)"), get_usage(host), get_capacity(host), strict=True)
    return HostFacts(host.name, ", ".join(words), servers, tuple(usage))


def _describe_quota(world: World, project_id: str, name: str) -> QuotaFacts:
    used = count_usage(world, project_id)
    return QuotaFacts(name, tuple((each, used[each], get_limit(world, project_id, each)) for each in SERVER_RESOURCES))


def _find_times(world: World, entries: Iterable[Entry]) -> tuple[str, str]:
    times = [action.start_time for action in world.tx.query(InstanceAction)]
    times += [action.updated_at for action in world.tx.query(InstanceAction)]
    times += [entry.time for entry in entries if entry.time]
    return (min(times)[:19], max(times)[:19]) if times else ("", "")
