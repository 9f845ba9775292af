"""What a walk finds before its first step: volumes, snapshots, ports and images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from novasim.records import Image, Port, Record, SecurityGroup, Settings, Subnet, Volume, VolumeSnapshot, VolumeType
from novasim.store.base import Transaction
from tests.conformance.stage import Stage
from tests.worlds import TIMES

Described = dict[str, dict[str, Any]]


def add_contents(stage: Stage, walk: dict[str, Any]) -> None:
    """Write into the world what the walk describes, under the names that it gives."""
    if "volumes" in walk:
        stage.has_every_volume = False
    with stage.edit() as tx:
        tx.put(VolumeType(id=stage.symbols.id("type_lvm_1"), name="lvm-1"))  # of the double of the volume service
        for record in _records(stage, tx, walk):
            tx.put(record)


def _records(stage: Stage, tx: Transaction, walk: dict[str, Any]) -> Iterator[Record]:
    volumes: Described = walk.get("volumes", {})
    for name, described in volumes.items():
        yield _volume(stage, name, described)
    for name, described in walk.get("snapshots", {}).items():
        yield _snapshot(stage, name, described, volumes)
    for number, (name, described) in enumerate(walk.get("ports", {}).items(), 1):
        yield _port(stage, tx, number, name, described)
    for name, described in walk.get("images", {}).items():
        yield _image(stage, tx, name, described)


def _volume(stage: Stage, name: str, described: dict[str, Any]) -> Volume:
    owner = stage.callers[described.get("owner", "member")]
    image = described.get("image")
    metadata = {"image_id": stage.symbols.id(image), "min_disk": "0", "min_ram": "0"} if image else {}
    return Volume(
        id=stage.symbols.id(name),
        size=described.get("size", 1),
        bootable=described.get("bootable", True),
        multiattach=described.get("multiattach", False),
        status=described.get("status", "available"),
        image_metadata=metadata,
        project_id=owner.project_id,
        user_id=owner.user_id,
        **TIMES,
    )


def _snapshot(stage: Stage, name: str, described: dict[str, Any], volumes: Described) -> VolumeSnapshot:
    owner = volumes[described["volume"]].get("owner", "member")
    return VolumeSnapshot(
        id=stage.symbols.id(name),
        volume_id=stage.symbols.id(described["volume"]),
        size=described["size"],
        project_id=stage.callers[owner].project_id,
        **TIMES,
    )


def _port(stage: Stage, tx: Transaction, number: int, name: str, described: dict[str, Any]) -> Port:
    """A port with the next address of the only network, in the default group of its project."""
    subnet = tx.query(Subnet)[0]
    pool = subnet.allocation_pools[0]["start"]
    prefix, _, first = pool.rpartition(".")
    subnet.next_host = number
    tx.put(subnet)
    _count_port(tx, number)
    owner = stage.callers[described.get("owner", "member")].project_id
    return Port(
        id=stage.symbols.id(name),
        network_id=subnet.network_id,
        project_id=owner,
        security_groups=[group.id for group in tx.query(SecurityGroup, {"project_id": owner, "name": "default"})],
        mac_address=f"fa:16:3e:00:00:{number:02x}",
        fixed_ips=[{"subnet_id": subnet.id, "ip_address": f"{prefix}.{int(first) + number - 1}"}],
        number=number,
        **TIMES,
    )


def _count_port(tx: Transaction, number: int) -> None:
    settings = tx.get(Settings, "cloud")
    assert settings is not None
    settings.counters = settings.counters | {"ports": number}
    tx.put(settings)


def _image(stage: Stage, tx: Transaction, name: str, described: dict[str, Any]) -> Image:
    """An image as image-a, but for its properties."""
    model = tx.get(Image, stage.symbols.id("img_a"))
    assert model is not None
    fields = vars(model) | {"id": stage.symbols.id(name), "name": name}
    return Image(**fields | {"properties": model.properties | described.get("properties", {})})
