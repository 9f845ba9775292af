"""Compute hosts: their capacity, usage and state, and why the scheduler removes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from novasim.cli.lookup import find_id, server_id
from novasim.cli.nouns.compute.service import change_service, delete_services, find_service
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.errors import CellDown, NotFound, UsageError

F = TypeVar("F", bound=Callable[..., Any])

UNKNOWN = {"status": "UNKNOWN"}  # what is known of a host while a cell cannot be reached
LAST_WITH_CAPACITY = 87  # the last microversion 2.N in which hypervisors show capacity and usage
COLUMNS = {
    "Name": "hypervisor_hostname",
    "State": "state",
    "Status": "status",
    "vCPUs": "vcpus",
    "used": "vcpus_used",
    "RAM (MiB)": "memory_mb",
    "RAM used": "memory_mb_used",
    "Disk (GiB)": "local_gb",
    "Disk used": "local_gb_used",
    "Servers": "running_vms",
}
CAPACITY = {
    "vcpus": "vCPUs.",
    "ram-mb": "RAM in MiB.",
    "disk-gb": "Disk in GiB.",
    "reserved-vcpus": "vCPUs reserved for the host.",
    "reserved-ram-mb": "RAM reserved for the host, in MiB.",
    "reserved-disk-gb": "Disk reserved for the host, in GiB.",
}
RATIOS = {f"{what}-allocation-ratio": f"Overcommit factor of its {what}." for what in ("cpu", "ram", "disk")}


def capacity_options(command: F) -> F:
    """Options for the capacity, the allocation ratios, the storage and the hypervisor of a host."""
    for option in (
        click.option("--hypervisor-version", type=int, help="Version of the hypervisor, such as 8002000 for 8.2.0."),
        click.option("--hypervisor-type", help="Type of the hypervisor, such as QEMU."),
        click.option(
            "--shared-storage/--local-storage",
            "shared_storage",
            default=None,
            help="Where the disks of servers are; a live migration's block_migration then has to match it.",
        ),
    ):
        command = option(command)
    for kind, options in ((float, RATIOS), (int, CAPACITY)):
        for name, text in reversed(options.items()):
            command = click.option(f"--{name}", type=kind, help=text)(command)
    return command


@click.group()
def host() -> None:
    """
    Compute hosts (administrators).

    Example: novasim --as admin host list
    """


@host.command("list")
@output_options
@pass_session
def list_hosts(session: Session) -> None:
    """
    List all hosts with their capacity and usage.

    Example: novasim --as admin host list -c Name -c State -c Servers
    """
    hypervisors = session.request("GET", "/os-hypervisors/detail", minor=LAST_WITH_CAPACITY).body["hypervisors"]
    session.show_list(hypervisors, COLUMNS, "hypervisor_hostname")


@host.command("show")
@click.argument("name")
@output_options
@pass_session
def show_host(session: Session, name: str) -> None:
    """
    Show one host with its servers, uptime and allocation ratios.

    Example: novasim --as admin host show host1
    """
    session.show(_get_host(session, name))


@host.command("create")
@click.argument("name")
@capacity_options
@output_options
@pass_session
def create_host(session: Session, /, name: str, **capacity: Any) -> None:
    """
    Add a host (default: 16 vCPUs, 64 GiB of RAM, 1000 GiB of disk).

    Example: novasim --as admin host create host9 --vcpus 64 --ram-mb 262144
    """
    from novasim.control import hosts

    session.get("/os-services")  # refused unless the caller is allowed to see the hosts
    session.control(hosts.add_host, name, **_without_none(capacity))
    session.show(_get_host(session, name))


@host.command("set")
@click.argument("name")
@click.option(
    "--up/--down", "up", default=None, help="Switch it on (or restart its compute service), or switch it off."
)
@click.option("--enable/--disable", "enabled", default=None, help="Whether new servers may be scheduled to it.")
@click.option("--disable-reason", help="Reason for --disable.")
@click.option(
    "--forced-down/--no-forced-down", "forced", default=None, help="Force its compute service down, whatever its state."
)
@click.option(
    "--cell-down/--cell-up", "cell_down", default=None, help="Make the host's cell unreachable for the API, or undo it."
)
@capacity_options
@output_options
@pass_session
def set_host(
    session: Session,
    /,
    name: str,
    up: bool | None,
    enabled: bool | None,
    disable_reason: str | None,
    forced: bool | None,
    cell_down: bool | None,
    **capacity: Any,
) -> None:
    """
    Switch a host on or off, enable or disable it, force it down, or change its capacity.

    Servers on a host that is off keep their last known state: evacuate them, or switch the host on again. Servers in a
    cell that cannot be reached are UNKNOWN, and every action on them fails; the host itself continues to run.

    Example: novasim --as admin host set host1 --down
    """
    from novasim.control import hosts

    changes = _without_none(capacity)
    if not changes and (up, cell_down, enabled, disable_reason, forced) == (None,) * 5:
        raise UsageError("Nothing to set; see: novasim host set --help")
    session.get("/os-services")  # refused unless the caller is allowed to see the hosts
    with session.transaction(writes=True):
        if (up, cell_down) != (None, None) or changes:
            session.control(hosts.change_host, name, up, cell_down, **changes)
        if (enabled, disable_reason, forced) != (None, None, None):
            change_service(session, find_service(session, name), enabled, disable_reason, forced)
    session.show(_get_changed_host(session, name))


@host.command("explain")
@click.argument("name", metavar="SERVER-OR-FLAVOR")
@output_options
@pass_session
def explain_hosts(session: Session, name: str) -> None:
    """
    Show for each host why the scheduler would not place a server (when it moves) or a new server of a flavor there.

    Example: novasim --as admin host explain m1.xlarge
    """
    from novasim.control import hosts

    session.get("/os-services")
    try:
        found = hosts.explain_flavor(session.cloud, find_id(session, "flavor", name))
    except NotFound:
        found = hosts.explain_server(session.cloud, _server_or_flavor(session, name))
    rows = [verdict._asdict() for verdict in sorted(found, key=lambda each: (each.rank or len(found) + 1, each.host))]
    session.show_list(rows, {"Rank": "rank", "Host": "host", "Removed by": "removed_by", "Why": "why"}, "host")


@host.command("delete")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@output_options
@pass_session
def delete_hosts(session: Session, names: tuple[str, ...]) -> None:
    """
    Delete hosts that have no servers.

    Example: novasim --as admin host delete host9
    """
    delete_services(session, names)


def _server_or_flavor(session: Session, name: str) -> str:
    try:
        return server_id(session, name)
    except NotFound:
        raise NotFound(reason=f"There is neither a flavor nor a server {name!r}.") from None


def _without_none(capacity: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in capacity.items() if value is not None}


def _get_host(session: Session, name: str) -> dict[str, Any]:
    """
    The hypervisor with capacity and usage (up to 2.87), its uptime (from 2.88) and its allocation ratios.

    Raises:
        NotFound: no such host.
    """
    from novasim.control import hosts

    for each in _match_hosts(session, name):
        if each["hypervisor_hostname"] == name:
            newest = session.get(f"/os-hypervisors/{each['id']}")["hypervisor"]
            return {**each, "uptime": newest.get("uptime")} | hosts.get_ratios(session.cloud, name)
    raise NotFound(reason=f"There is no host {name!r}; see: novasim --as admin host list.")


def _get_changed_host(session: Session, name: str) -> dict[str, Any]:
    """The host, or that its status is unknown: Nova shows no host while any cell cannot be reached."""
    from novasim.control import hosts

    try:
        return _get_host(session, name) if hosts.is_reachable(session.cloud, name) else {"host": name, **UNKNOWN}
    except CellDown:
        return {"host": name, **UNKNOWN}


def _match_hosts(session: Session, name: str) -> list[dict[str, Any]]:
    """The hypervisors whose names contain *name*, with their servers."""
    query = [("hypervisor_hostname_pattern", name), ("with_servers", "true")]
    try:
        answer = session.request("GET", "/os-hypervisors/detail", query=query, minor=LAST_WITH_CAPACITY)
    except NotFound:
        return []
    hypervisors: list[dict[str, Any]] = answer.body["hypervisors"]
    return hypervisors
