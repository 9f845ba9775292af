"""A server as its metadata describes it, with the records that belong to it."""

from __future__ import annotations

from base64 import b64decode
from operator import attrgetter
from typing import Any, NamedTuple

from novasim.api.views.related import Related
from novasim.records import Attachment, Keypair, Network, Port, Server, Subnet
from novasim.simulation.seeded import Generator
from novasim.simulation.world import World

SEED_BYTES = 512


class Interface(NamedTuple):
    """
    A network interface of a server.

    Args:
        subnets: The subnets in which it has addresses, each with the first of them.
    """

    port: Port
    network: Network
    subnets: list[tuple[Subnet, str]]


class Instance(NamedTuple):
    """
    A server, and what its metadata contains besides its own fields.

    Args:
        name, metadata: Those of the server, or as they were when its config drive was written.
        hostname: With the domain of the option dhcp_domain.
        keypair: The type and the public key of its key pair; None without one.
        files: The paths and contents (base64) of the files of its request; only a config drive has them.
        random_seed: Bytes that depend only on the cloud's seed and the server's id.
    """

    server: Server
    name: str
    metadata: dict[str, str]
    hostname: str
    user_data: bytes | None
    keypair: dict[str, str] | None
    files: list[dict[str, str]]
    interfaces: list[Interface]
    disks: list[Attachment]
    group_names: list[str]
    floating_ips: list[str]
    random_seed: bytes

    def list_addresses(self, version: int) -> list[str]:
        """The fixed addresses of an IP version, in the order of the interfaces."""
        found = [ip["ip_address"] for each in self.interfaces for ip in each.port.fixed_ips]
        return [address for address in found if (":" in address) == (version == 6)]


def read_instance(world: World, server: Server) -> Instance:
    """Read all that the metadata service has about a server."""
    related = Related(world.tx, [server])
    ports = sorted(related.list_ports(server), key=attrgetter("number"))
    domain = world.option("dhcp_domain")
    return Instance(
        server=server,
        name=server.name,
        metadata=dict(server.metadata),
        hostname=f"{server.hostname}.{domain}" if domain else server.hostname,
        user_data=decode_base64(server.user_data) if server.user_data else None,
        keypair=_find_keypair(world, server),
        files=[],
        interfaces=[each for port in ports if (each := _read_interface(world, port))],
        disks=related.list_attachments(server),
        group_names=related.list_group_names(server),
        floating_ips=[ip.address for port in ports for ip in related.list_floating_ips(server, port)],
        random_seed=Generator(world.settings.seed, f"random_seed of {server.id}").octets(SEED_BYTES),
    )


def read_drive_instance(world: World, server: Server) -> Instance:
    """As `read_instance`, as it is on the config drive: with the files, and the name and metadata of that time."""
    instance = read_instance(world, server)
    written: dict[str, Any] = server.drive or {}
    return instance._replace(
        files=server.personality if isinstance(server.personality, list) else [],
        name=written.get("name", instance.name),
        metadata=written.get("metadata", instance.metadata),
    )


def decode_base64(text: object) -> bytes | None:
    """The bytes of user data or a file, whose padding may be missing; None for what the record has left out."""
    if not isinstance(text, str):
        return None
    try:
        return b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""


def _find_keypair(world: World, server: Server) -> dict[str, str] | None:
    """The server's copy of its key pair; for a server from a file without such copies the key pair as it is now."""
    if server.keypair or not server.key_name:
        return server.keypair
    keypair = world.tx.get(Keypair, f"{server.user_id}/{server.key_name}")
    return {"type": keypair.type, "public_key": keypair.public_key} if keypair else None


def _read_interface(world: World, port: Port) -> Interface | None:
    network = world.tx.get(Network, port.network_id)
    if network is None:
        return None
    first: dict[str, str] = {}
    for ip in port.fixed_ips:
        first.setdefault(ip["subnet_id"], ip["ip_address"])
    pairs = [(world.tx.get(Subnet, id), address) for id, address in first.items()]
    return Interface(port, network, [(subnet, address) for subnet, address in pairs if subnet])
