"""The compute hosts of a cloud."""

from __future__ import annotations

from typing import Any

from novasim.cloud import Cloud
from novasim.control import hosts
from novasim.errors import NotFound
from novasim.records import Host


class Hosts:
    """The hosts of a cloud, changed as no request of Nova can."""

    def __init__(self, world: Cloud) -> None:
        self._world = world

    def list(self) -> list[str]:
        """The names of all hosts, in the order in which they were added."""
        with self._world.reading() as world:
            return [host.name for host in world.tx.query(Host)]

    def show(self, name: str) -> dict[str, Any]:
        """
        A host: its capacity, usage, power and compute service, by the names of `add`.

        Raises:
            NotFound: there is no such host.
        """
        with self._world.reading() as world:
            host = world.tx.get(Host, name)
            if host is None:
                raise NotFound(reason=f"There is no host {name!r}.")
            return host.to_document()

    def explain(self, server: str) -> dict[str, str]:
        """
        Why the scheduler would not move a server to each host; "" for hosts that it could take.

        Args:
            server: The server's id.

        Raises:
            NotFound: there is no such server.
        """
        return {verdict.host: verdict.why for verdict in hosts.explain_server(self._world, server)}

    def add(self, name: str, **values: Any) -> None:
        """
        Add a host, which is up and enabled.

        Args:
            values: vcpus, ram_mb (MiB), disk_gb (GiB), reserved_..., ..._allocation_ratio, shared_storage,
                hypervisor_type, hypervisor_version.

        Raises:
            UsageError: the name or a value is not valid. Conflict: a host has this name.
        """
        hosts.add_host(self._world, name, **values)

    def set(self, name: str, up: bool | None = None, cell_down: bool | None = None, **values: Any) -> None:
        """
        Change a host; None changes nothing.

        Args:
            up: False cuts its power, True switches it on.
            cell_down: True makes its cell unreachable, so that its servers are UNKNOWN; False ends that.
            values: As for `add`.

        Raises:
            UsageError: a value is not valid. NotFound: there is no such host.
        """
        hosts.change_host(self._world, name, up, cell_down, **values)
