"""The compute hosts: what they have and use, whether they are up, and what keeps servers away from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from novasim.cli.lookup import find_id, server_id
from novasim.cli.nouns.compute.service import change_service, delete_services, service_of
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.errors import NotFound, UsageError

F = TypeVar("F", bound=Callable[..., Any])

WITH_FIGURES = 87  # the last microversion 2.N in which hypervisors show what they have and use
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
FIGURES = {
    "vcpus": "vCPUs.",
    "ram-mb": "RAM in MiB.",
    "disk-gb": "Disk in GiB.",
    "reserved-vcpus": "vCPUs kept for the host.",
    "reserved-ram-mb": "RAM kept for the host, in MiB.",
    "reserved-disk-gb": "Disk kept for the host, in GiB.",
}
RATIOS = {
    f"{what}-allocation-ratio": f"How many times its {what} may be given to servers." for what in ("cpu", "ram", "disk")
}


def figure_options(command: F) -> F:
    """What a host has, and how often that is given away."""
    for kind, options in ((float, RATIOS), (int, FIGURES)):
        for name, text in reversed(options.items()):
            command = click.option(f"--{name}", type=kind, help=text)(command)
    return command


@click.group()
def host() -> None:
    """
    Compute hosts: the machines on which servers run (administrators).

    Example: novasim --as admin host list
    """


@host.command("list")
@output_options
@pass_session
def list_hosts(session: Session) -> None:
    """
    List all hosts, with what they have and how much of it is used.

    Example: novasim --as admin host list -c Name -c State -c Servers
    """
    found = session.request("GET", "/os-hypervisors/detail", minor=WITH_FIGURES).body["hypervisors"]
    session.show_list(found, COLUMNS, "hypervisor_hostname")


@host.command("show")
@click.argument("name")
@output_options
@pass_session
def show_host(session: Session, name: str) -> None:
    """
    Show one host, its servers, its uptime and its allocation ratios.

    Example: novasim --as admin host show host1
    """
    session.show(_in_full(session, name))


@host.command("create")
@click.argument("name")
@figure_options
@output_options
@pass_session
def create_host(session: Session, /, name: str, **figures: float | None) -> None:
    """
    Add a host (default: 16 vCPUs, 64 GiB of RAM, 1000 GiB of disk).

    Example: novasim --as admin host create host9 --vcpus 64 --ram-mb 262144
    """
    from novasim.control import hosts

    session.get("/os-services")  # who may not see the hosts may not add to them
    hosts.add_host(session.cloud, name, **_given(figures))
    session.show(_in_full(session, name))


@host.command("set")
@click.argument("name")
@click.option("--up/--down", "up", default=None, help="Switch it on (or restart its compute service), or off.")
@click.option("--enable/--disable", "enabled", default=None, help="Whether new servers come here.")
@click.option("--disable-reason", help="Why not.")
@click.option(
    "--forced-down/--no-forced-down", "forced", default=None, help="Tell Nova that it is down, whatever it is."
)
@figure_options
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
    **figures: float | None,
) -> None:
    """
    Switch a host on or off, enable or disable it, force it down, or change what it has.

    A host that is off keeps its servers in the state they were last known in; evacuate them, or switch it on again.

    Example: novasim --as admin host set host1 --down
    """
    from novasim.control import hosts

    changes = _given(figures)
    if up is None and not changes and (enabled, disable_reason, forced) == (None, None, None):
        raise UsageError("Nothing to set; say what, for example --down, --disable or --vcpus 32.")
    service = service_of(session, name)
    with session.transaction(writes=True):
        if up is not None or changes:
            hosts.change_host(session.cloud, name, up, **changes)
        change_service(session, service, enabled, disable_reason, forced)
    session.show(_in_full(session, name))


@host.command("explain")
@click.argument("name", metavar="SERVER-OR-FLAVOR")
@output_options
@pass_session
def explain_hosts(session: Session, name: str) -> None:
    """
    Say of each host why a server (if it were moved) or a new server of a flavor could not come to it.

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
def delete_servicess(session: Session, names: tuple[str, ...]) -> None:
    """
    Remove hosts that have no servers.

    Example: novasim --as admin host delete host9
    """
    delete_services(session, names)


def _server_or_flavor(session: Session, name: str) -> str:
    try:
        return server_id(session, name)
    except NotFound:
        raise NotFound(reason=f"There is neither a flavor nor a server {name!r}.") from None


def _given(figures: dict[str, float | None]) -> dict[str, float]:
    return {name: value for name, value in figures.items() if value is not None}


def _in_full(session: Session, name: str) -> dict[str, Any]:
    """The hypervisor as Nova shows it with its figures, what 2.88 shows of its uptime, and how it is shared out."""
    from novasim.control import hosts

    query = [("hypervisor_hostname_pattern", name), ("with_servers", "true")]
    try:
        found = session.request("GET", "/os-hypervisors/detail", query=query, minor=WITH_FIGURES).body["hypervisors"]
    except NotFound:
        found = []
    for each in found:
        if each["hypervisor_hostname"] == name:
            newest = session.get(f"/os-hypervisors/{each['id']}")["hypervisor"]
            return {**each, "uptime": newest.get("uptime")} | hosts.get_ratios(session.cloud, name)
    raise NotFound(reason=f"There is no host {name!r}; see: novasim --as admin host list.")
