"""The machines of the simulated cloud, for which Nova has no requests: racked, changed, switched off and on."""

from __future__ import annotations

import re
from typing import Any

from novasim.cloud import Cloud
from novasim.errors import Conflict, NotFound, UsageError
from novasim.records import Flavor, Host, Server
from novasim.simulation import volumes
from novasim.simulation.hosts.init_host import init_host
from novasim.simulation.hosts.outages import power_off_host
from novasim.simulation.scheduling.explanation import Verdict, explain_hosts
from novasim.simulation.scheduling.placement import resources_from_flavor
from novasim.simulation.scheduling.scheduler import RequestSpec

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")
RATIOS = ("cpu_allocation_ratio", "ram_allocation_ratio", "disk_allocation_ratio")
SIZES = ("vcpus", "ram_mb", "disk_gb", "reserved_vcpus", "reserved_ram_mb", "reserved_disk_gb")
LARGEST = 10**9


def add_host(cloud: Cloud, name: str, **figures: Any) -> None:
    """
    A new host, up and enabled.

    Args:
        figures: Any of SIZES (RAM in MiB, disk in GiB) and RATIOS.

    Raises:
        UsageError: a name or a figure that makes no sense. Conflict: there is a host of that name.
    """
    if not NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot name a host; use letters, digits, dots, hyphens and underscores.")
    _check(figures)
    with cloud.writing(is_request=False) as world:
        if world.tx.get(Host, name):
            raise Conflict(reason=f"There is a host {name!r} already.")
        number = 1 + max((host.number for host in world.tx.query(Host)), default=0)
        usual = {"vcpus": 16, "ram_mb": 65536, "disk_gb": 1000, "host_ip": f"192.0.2.{number % 250 + 1}"}
        ids = world.at(world.now, world.request_id, f"host {name}").ids  # not those of the request that comes next
        fields = {**usual, **figures, "id": name, "name": name, "number": number, "created_at": world.time}
        world.tx.put(Host(service_id=ids.uuid(), **fields))


def change_host(cloud: Cloud, name: str, up: bool | None = None, **figures: Any) -> None:
    """
    Other figures for a host (servers that no longer fit stay), or its power.

    Args:
        up: False takes its power away, True starts it or, if it runs, restarts its compute service.

    Raises:
        UsageError: a figure that makes no sense. NotFound: no such host.
    """
    _check(figures)
    with cloud.writing(is_request=False) as world:
        host = world.tx.get(Host, name)
        if host is None:
            raise NotFound(reason=f"There is no host {name!r}.")
        vars(host).update(figures)
        world.tx.put(host)
        if up is not None:
            (init_host if up else power_off_host)(world, host)


def ratios_of(cloud: Cloud, name: str) -> dict[str, float]:
    """How often each resource of a host is given away, and what the host keeps for itself."""
    with cloud.reading() as world:
        host = world.tx.get(Host, name)
        return {field: getattr(host, field) for field in (*RATIOS, *SIZES[3:])} if host else {}


def explain_server(cloud: Cloud, server_id: str) -> list[Verdict]:
    """What the scheduler would make of each host if the server were moved away from its own."""
    with cloud.reading() as world:
        server = world.tx.get(Server, server_id)
        if server is None:
            raise NotFound(reason=f"Instance {server_id} could not be found.")
        resources = resources_from_flavor(server.flavor, volumes.is_volume_backed(server))
        here = (server.host,) if server.host else ()
        spec = RequestSpec(server, resources, server.pinned_availability_zone, excluded_hosts=here)
        return list(explain_hosts(world, spec))


def explain_flavor(cloud: Cloud, flavor_id: str) -> list[Verdict]:
    """What the scheduler would make of each host for a new server of a flavor."""
    with cloud.reading() as world:
        flavor = world.tx.get(Flavor, flavor_id)
        if flavor is None:
            raise NotFound(reason=f"Flavor {flavor_id} could not be found.")
        server = Server(id="", name="", project_id="", user_id="", created_at="", updated_at="", flavor=vars(flavor))
        return list(explain_hosts(world, RequestSpec(server, resources_from_flavor(server.flavor))))


def _check(figures: dict[str, Any]) -> None:
    for field, value in figures.items():
        least = 0.000001 if field in RATIOS else 1 if field in SIZES[:2] else 0
        if not least <= value <= LARGEST:
            raise UsageError(f"{field} is between {least:g} and {LARGEST:,}, not {value:g}.")
