"""Adds and changes compute hosts, and switches them off and on. Nova has no requests for this."""

from __future__ import annotations

import re
from typing import Any

from novasim.cloud import Cloud
from novasim.control.arguments import check_arguments, check_type
from novasim.errors import Conflict, NotFound, UsageError
from novasim.records import Flavor, Host, Server
from novasim.simulation import volumes
from novasim.simulation.hosts.cells import is_cell_down, set_cell_down
from novasim.simulation.hosts.init_host import init_host
from novasim.simulation.hosts.outages import power_off_host
from novasim.simulation.scheduling.explanation import Verdict, explain_hosts
from novasim.simulation.scheduling.placement import resources_from_flavor
from novasim.simulation.scheduling.request_spec import RequestSpec
from novasim.strutils import quote

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")
RATIOS = ("cpu_allocation_ratio", "ram_allocation_ratio", "disk_allocation_ratio")
CAPACITIES = ("vcpus", "ram_mb", "disk_gb", "reserved_vcpus", "reserved_ram_mb", "reserved_disk_gb")
HYPERVISOR = ("shared_storage", "hypervisor_type", "hypervisor_version")
SERVICE = "disabled"  # whether its compute service is
MAX_VALUE = 10**9


def add_host(cloud: Cloud, name: str, **values: Any) -> None:
    """
    Add a host, which is up and enabled.

    Args:
        values: Any of CAPACITIES (RAM in MiB, disk in GiB), RATIOS, HYPERVISOR and SERVICE.

    Raises:
        UsageError: The name is invalid, or a value is out of range.
        Conflict: A host has this name.
    """
    check_host(name, values)
    with cloud.writing(is_request=False, what="host create") as world:
        if world.tx.get(Host, name):
            raise Conflict(reason=f"Host {name!r} already exists.")
        number = 1 + max((host.number for host in world.tx.query(Host)), default=0)
        defaults = {"vcpus": 16, "ram_mb": 65536, "disk_gb": 1000, "host_ip": f"192.0.2.{number % 250 + 1}"}
        ids = world.at(world.now, world.request_id, f"host {name}").ids  # not the ids that the next request gets
        fields = {**defaults, **values, "id": name, "name": name, "number": number, "created_at": world.time}
        world.tx.put(Host(service_id=ids.uuid(), **fields))


def check_host(name: str, values: dict[str, Any]) -> None:
    """
    Check a new host.

    Raises:
        UsageError: The name is invalid, or a value is out of range.
    """
    if not NAME.fullmatch(name):
        raise UsageError(f"{quote(name)} is not a valid host name; use letters, digits, dots, hyphens and underscores.")
    _check_values(values)


def change_host(cloud: Cloud, name: str, up: bool | None = None, cell_down: bool | None = None, **values: Any) -> None:
    """
    Change a host's capacities, ratios or power. Servers that no longer fit stay.

    Args:
        up: False cuts its power. True starts it or, if it is running, restarts its compute service.
        cell_down: True makes its cell unreachable for the API, False reachable. The host runs on in both cases.

    Raises:
        UsageError: A value is out of range, or of another type.
        NotFound: There is no such host.
    """
    _check_values(values)
    for field, value in (("up", up), ("cell_down", cell_down)):
        check_type(field, value, {bool, type(None)})
    with cloud.writing(is_request=False, what="host set") as world:
        host = world.tx.get(Host, name)
        if host is None:
            raise NotFound(reason=f"There is no host {name!r}.")
        vars(host).update(values)
        world.tx.put(host)
        if up is not None:
            (init_host if up else power_off_host)(world, host)
        if cell_down is not None:
            set_cell_down(world, host, cell_down)


def is_reachable(cloud: Cloud, name: str) -> bool:
    """Whether the cell of a host can be reached."""
    with cloud.reading() as world:
        return not is_cell_down(world, name)


def get_ratios(cloud: Cloud, name: str) -> dict[str, float]:
    """A host's allocation ratios, reserved resources and shared storage; empty if there is no such host."""
    with cloud.reading() as world:
        host = world.tx.get(Host, name)
        return {field: getattr(host, field) for field in (*RATIOS, *CAPACITIES[3:], HYPERVISOR[0])} if host else {}


def explain_server(cloud: Cloud, server_id: str) -> list[Verdict]:
    """
    Explain for each host whether the scheduler could move a server there.

    Raises:
        NotFound: There is no such server.
    """
    with cloud.reading() as world:
        server = world.tx.get(Server, server_id)
        if server is None:
            raise NotFound(reason=f"Instance {server_id} could not be found.")
        resources = resources_from_flavor(server.flavor, volumes.is_volume_backed(server))
        here = (server.host,) if server.host else ()
        spec = RequestSpec(server, resources, server.pinned_availability_zone, excluded_hosts=here)
        return list(explain_hosts(world, spec))


def explain_flavor(cloud: Cloud, flavor_id: str) -> list[Verdict]:
    """
    Explain for each host whether the scheduler could place a new server of a flavor there.

    Raises:
        NotFound: There is no such flavor.
    """
    with cloud.reading() as world:
        flavor = world.tx.get(Flavor, flavor_id)
        if flavor is None:
            raise NotFound(reason=f"Flavor {flavor_id} could not be found.")
        server = Server(id="", name="", project_id="", user_id="", created_at="", updated_at="", flavor=vars(flavor))
        return list(explain_hosts(world, RequestSpec(server, resources_from_flavor(server.flavor))))


def _check_values(values: dict[str, Any]) -> None:
    check_arguments(Host, values, (*CAPACITIES, *RATIOS, *HYPERVISOR, SERVICE), "a host")
    for field, value in values.items():
        if field in (*HYPERVISOR, SERVICE):
            continue
        minimum = 0.000001 if field in RATIOS else 1 if field in CAPACITIES[:2] else 0
        if not minimum <= value <= MAX_VALUE:
            raise UsageError(f"{field} must be between {minimum:g} and {MAX_VALUE:,}, not {quote(value)}.")
