"""
Hosts of new servers: all servers of a request are placed at once, each with alternate hosts.

Source: nova/conductor/manager.py, schedule_and_build_instances and build_instances; nova/scheduler/manager.py,
_schedule and _get_alternate_hosts.
"""

from __future__ import annotations

from novasim.records import Host, Server, Task
from novasim.simulation import volumes
from novasim.simulation.failures import TaskFailed
from novasim.simulation.scheduling import retries
from novasim.simulation.scheduling.placement import claim, get_zone, release, resources_from_flavor
from novasim.simulation.scheduling.request_spec import RequestSpec
from novasim.simulation.scheduling.scheduler import NOT_ENOUGH, list_alternates, no_valid_host, select_hosts
from novasim.simulation.world import World


def place_servers(world: World, server: Server, task: Task) -> None:
    """
    Select and claim hosts for all servers of a request, in the order of their creation: for all of them or for none.

    The first server whose scheduling ends places the others, too.

    Raises:
        TaskFailed: There are not enough hosts.
    """
    if "unplaced_reason" in task.args:
        raise TaskFailed(task.args["unplaced_reason"], unplaced=True)
    if server.host is not None:
        return
    if task.args.get("is_batch"):
        _place_batch(world, _list_batch(world, server, task))
    else:
        _place(world, server, task)


def _place(world: World, server: Server, task: Task) -> None:
    """Place one server, and note alternate hosts for its build."""
    spec = _build_spec(server, task)
    found = select_hosts(world, spec, retries.get_max_attempts(world, task))
    _claim_host(world, server, spec, found[0])
    task.args["alternates"] = [host.name for host in found[1:]]


def _place_batch(world: World, batch: list[tuple[Server, Task]]) -> None:
    try:
        for number, (server, task) in enumerate(batch):
            spec = _build_spec(server, task)
            _claim_host(world, server, spec, _select_next(world, spec, number))
            world.tx.put(server)
    except TaskFailed as failure:
        _leave_unplaced(world, batch, failure)
        raise
    selected = {str(server.host) for server, _ in batch}
    count = retries.get_max_attempts(world, task) - 1
    alternates = list_alternates(world, spec, selected, count) if count else []
    for _, task in batch:
        task.args["alternates"] = list(alternates)
        world.tx.put(task)


def _select_next(world: World, spec: RequestSpec, number: int) -> Host:
    """Select a host for one of several servers. Only the message for the first says that Placement has no host."""
    try:
        return select_hosts(world, spec, 1)[0]
    except TaskFailed:
        if number:
            raise no_valid_host(NOT_ENOUGH) from None
        raise


def _list_batch(world: World, server: Server, task: Task) -> list[tuple[Server, Task]]:
    """The servers of the request that are not placed yet, in the order of their creation, with their tasks."""
    others = world.tx.query(Server, {"reservation_id": server.reservation_id})
    found = []
    for each in sorted(others, key=lambda other: other.launch_index):
        if each.id == server.id:
            found.append((server, task))
        elif each.host is None and (its_task := world.tx.get(Task, each.id)) and its_task.args.get("is_batch"):
            found.append((each, its_task))
    return found


def _leave_unplaced(world: World, batch: list[tuple[Server, Task]], failure: TaskFailed) -> None:
    """Release the claims of all servers of a request, because no host was found for one of them."""
    for server, task in batch:
        release(world, server.id)
        server.host = server.node = None
        server.availability_zone = server.pinned_availability_zone
        task.args["unplaced_reason"] = failure.message
        world.tx.put(server)
        world.tx.put(task)


def place_on_alternate(world: World, server: Server, task: Task) -> None:
    """Claim the next alternate host. Raises RetriesExceeded: none of them has room."""
    spec = _build_spec(server, task)
    _claim_host(world, server, spec, retries.select_alternate(world, task, spec))


def _build_spec(server: Server, task: Task) -> RequestSpec:
    """Args: host, node (requested ones), forced (whether filters are skipped); all optional."""
    args = task.args
    return RequestSpec(
        server,
        resources_from_flavor(server.flavor, volumes.is_volume_backed(server)),
        server.pinned_availability_zone,
        args.get("host"),
        skips_filters=bool(args.get("forced")),
        requested_node=args.get("node") or "",
    )


def _claim_host(world: World, server: Server, spec: RequestSpec, host: Host) -> None:
    claim(world, server.id, host.name, spec.resources)
    server.host = server.node = host.name
    server.availability_zone = get_zone(world, host.name)
