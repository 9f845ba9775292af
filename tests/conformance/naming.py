"""Gives names such as s1 and snap1 to what requests created."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from novasim.records import Attachment, Host, Image, Port, Record, Server, ServerGroup, Settings, Volume
from novasim.simulation.seeded import Generator
from novasim.store.base import Transaction
from tests.conformance.symbols import Symbols
from tests.worlds import Fixture

NAMED: tuple[tuple[str, type[Record]], ...] = (("snap", Image), ("volume", Volume), ("group", ServerGroup))


def name_first_records(symbols: Symbols, fixture: Fixture, tx: Transaction) -> None:
    """Name what the world of a fixture has from the beginning, and its hypervisors."""
    for name in _first_names(fixture):
        symbols.bind(name, symbols.id(name))
    seed = tx.query(Settings)[0].seed
    for host in tx.query(Host):
        hypervisor = Generator(seed, f"hypervisor of service {host.service_id}").uuid()
        symbols.bind(f"hv_{host.name}", hypervisor)


def _first_names(fixture: Fixture) -> Iterator[str]:
    yield from ("net", "subnet")
    yield from (f"svc_{host['name']}" for host in fixture["hosts"])
    yield from (f"aggregate_{zone}" for zone in fixture["availability_zones"])
    yield from (image["id"].strip("{}") for image in fixture["images"])
    for caller in fixture["callers"].values():
        project = caller["project"].strip("{}").removeprefix("project_")
        yield from (f"sg_{project}_{group}" for group in fixture["network"]["security_groups_per_project"])


class Naming:
    """
    Names for the servers, ports, images, volumes and server groups that requests create.

    Args:
        seen_servers: How many servers have been looked at.
        nameless: Ids that get no name.
    """

    def __init__(self, symbols: Symbols, seen_servers: int = 0, nameless: Iterable[str] = ()) -> None:
        self.symbols = symbols
        self.nameless = set(nameless)
        self._seen_servers = seen_servers

    def copy(self, symbols: Symbols) -> Naming:
        return Naming(symbols, self._seen_servers, self.nameless)

    def name_new(self, tx: Transaction) -> list[str]:
        """Name whatever is new. Returns the names of new servers in the order in which they were created."""
        servers = self._name_servers(tx)
        self._name_volumes(tx)
        for prefix, kind in NAMED:
            for record in tx.query(kind):
                if not self.symbols.has(record.id) and record.id not in self.nameless:
                    self._name_next(prefix, record.id)
        self._name_ports(tx)
        return servers

    def name_image(self, id: str) -> None:
        """Name an image of a backup, which may be deleted already."""
        if not self.symbols.has(id):
            self._name_next("snap", id)

    def _name_servers(self, tx: Transaction) -> list[str]:
        if tx.count(Server) == self._seen_servers:
            return []
        names = []
        for number, server in enumerate(tx.query(Server), 1):
            if number > self._seen_servers:
                names.append(f"s{number}")
                self.symbols.bind(f"s{number}", server.id)
        self._seen_servers = tx.count(Server)
        return names

    def _name_volumes(self, tx: Transaction) -> None:
        """Name new volumes of servers in the order of the servers."""
        devices = sorted(tx.query(Attachment), key=lambda device: self.symbols.names_in(device.server_id))
        for device in devices:
            if device.volume_id and device.source_type != "volume" and not self.symbols.has(device.volume_id):
                self._name_next("volume", device.volume_id)

    def _name_ports(self, tx: Transaction) -> None:
        for port in tx.query(Port):
            if port.made_by_nova and not self.symbols.has(port.id) and self.symbols.has(port.device_id):
                owner = self.symbols.names_in(port.device_id).strip("{}")
                self._name_next(f"port_{owner}_", port.id)

    def _name_next(self, prefix: str, id: str) -> None:
        self.symbols.bind(next(name for n in range(1, 10_000) if (name := f"{prefix}{n}") not in self.symbols), id)
