"""The worlds of the recordings as records: the one of the list queries, and the one of the representations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.records import (
    Aggregate,
    Attachment,
    Caller,
    Flavor,
    Host,
    Network,
    Port,
    Record,
    SecurityGroup,
    Server,
    Settings,
)
from novasim.store.memory import MemoryStore

START = "2026-01-01T00:00:00.000000Z"
MEMBER, OTHER, ADMIN = "{project_member}", "{project_other}", "{project_admin}"

CALLERS = {
    "member": Caller("member", MEMBER),
    "member2": Caller("member2", MEMBER),
    "reader": Caller("reader", MEMBER, ("reader",)),
    "manager": Caller("manager", MEMBER, ("reader", "member", "manager")),
    "other": Caller("other", OTHER),
    "admin": Caller("admin", ADMIN, ("reader", "member", "admin")),
}


def cloud_of(records: Iterable[Record], **options: Any) -> Cloud:
    """A cloud whose clock stands still."""
    store = MemoryStore()
    with store.write() as tx:
        tx.put(Settings(id="cloud", format=1, seed=0, clock="manual", sim_anchor=1.8e9, options=options))
        for record in records:
            tx.put(record)
    return Cloud(store, wall=lambda: 0.0)


def get(caller: str, minor: int, path: str, query: Iterable[tuple[str, str]] = ()) -> Request:
    return Request(CALLERS[caller], "GET", path, minor, tuple(query), endpoint="http://{endpoint}")


def host(name: str, **fields: Any) -> Host:
    return Host(
        id=name,
        name=name,
        number=1,
        service_id="s-" + name,
        vcpus=1000,
        ram_mb=800000,
        disk_gb=600000,
        created_at=START,
        **fields,
    )


def flavor(number: int, id: str, **fields: Any) -> Flavor:
    return Flavor(id=id, name=id, number=number, **fields)


def kept(flavor: Flavor) -> dict[str, Any]:
    """What a server remembers of its flavor."""
    return {
        name: getattr(flavor, name)
        for name in ("id", "name", "vcpus", "ram", "disk", "ephemeral", "swap", "extra_specs")
    }


def port(number: int, server: str, address: str, **fields: Any) -> Port:
    fields = {
        "network_id": "{net}",
        "security_groups": ["{sg}"],
        "mac_address": f"fa:16:3e:00:00:{number:02x}",
    } | fields
    return Port(
        id=f"port {number}",
        project_id=MEMBER,
        device_id=server,
        created_at=START,
        updated_at=START,
        fixed_ips=[{"subnet_id": "{subnet}", "ip_address": address}],
        **fields,
    )


def surroundings() -> list[Record]:
    """What servers stand in: hosts, zones, a network and a security group."""
    zones = {"az1": ["host1", "host2"], "az2": ["host3"]}
    return [
        *(host(name) for name in ("host1", "host2", "host3")),
        *(
            Aggregate(
                id=zone,
                name=zone,
                number=number,
                uuid=zone,
                created_at=START,
                hosts=hosts,
                metadata={"availability_zone": zone},
            )
            for number, (zone, hosts) in enumerate(zones.items(), start=1)
        ),
        Network(id="{net}", name="private", project_id=ADMIN, shared=True, created_at=START, updated_at=START),
        SecurityGroup(id="{sg}", name="default", project_id=MEMBER, created_at=START, updated_at=START),
    ]


def query_world(fixture: dict[str, Any]) -> Cloud:
    """The servers of the recorded list queries; their ids sort as they did there."""
    flavors = {row["id"]: flavor(number, **row) for number, row in _numbered(fixture["flavors"])}
    place = {sym: number for number, sym in enumerate(fixture["query_world"]["uuid_order"])}
    rows = fixture["query_world"]["servers"]
    servers = [_queried(row, id_of(place[row["sym"]]), flavors) for row in rows]
    ports = [
        port(number, id_of(place[row["sym"]]), row["ip"][0])
        for number, row in enumerate(rows, start=1)
        if not row["deleted"]
    ]
    return cloud_of([*surroundings(), *flavors.values(), *servers, *ports])


def _numbered(rows: list[dict[str, Any]]) -> Iterable[tuple[int, dict[str, Any]]]:
    """Flavors by their internal number: six others were there before."""
    for number, row in enumerate(rows, start=7):
        yield number, {("is_public" if name == "public" else name): value for name, value in row.items()}


def id_of(place: int) -> str:
    return f"00000000-0000-4000-8000-{place:012d}"


def _queried(row: dict[str, Any], id: str, flavors: dict[str, Flavor]) -> Server:
    caller = CALLERS[row["owner"]]
    lock = row["locked"] and ("admin" if row["locked"] == "admin" else "owner")
    moments = {name: row[name] and row[name][:19] + ".000000Z" for name in ("created_at", "updated_at", "launched_at")}
    same = ("name", "vm_state", "task_state", "power_state", "host", "tags", "metadata", "key_name", "description")
    return Server(
        id=id,
        project_id=caller.project_id,
        user_id=caller.user_id,
        flavor=kept(flavors[row["flavor"]]),
        image_id="{" + row["image"] + "}",
        availability_zone=row["az"] if row["host"] else None,
        locked_by=lock,
        hostname=row["hostname"],
        node=row["host"],
        deleted=row["deleted"],
        reservation_id="{res_" + row["sym"] + "}",
        root_device_name="/dev/sda",
        **moments,
        **{name: row[name] for name in same},
    )


def view_world() -> Cloud:
    """The servers of the recorded representations: usual, in error, offloaded and locked, never scheduled."""
    f1, huge = flavor(7, "f1", vcpus=1, ram=512, disk=1), flavor(12, "f_huge", vcpus=2000, ram=900000, disk=10)
    usual = {
        "project_id": MEMBER,
        "user_id": "member",
        "created_at": START,
        "updated_at": START,
        "task_state": None,
        "image_id": "{img_a}",
        "image": {"properties": {"architecture": "x86_64"}},
        "reservation_id": "r-1",
    }
    running = {"host": "host1", "node": "host1", "availability_zone": "az1", "power_state": 1}
    launched = {"flavor": kept(f1), "launched_at": START, "root_device_name": "/dev/sda"}
    broken = {"code": 500, "created": "2026-01-01T00:00:00Z", "message": "boom", "details": "where it broke"}
    servers = [
        Server(
            id="{s1}",
            name="s1",
            vm_state="active",
            hostname="h1",
            key_name="key1",
            metadata={"k": "v"},
            tags=["t1", "t2"],
            description="d",
            user_data="aGVsbG8=",
            pinned_availability_zone="az1",
            **usual,
            **running,
            **launched,
        ),
        Server(
            id="{s_err}",
            name="s_err",
            vm_state="error",
            hostname="s-err",
            fault=broken,
            **usual,
            **running,
            **launched,
        ),
        Server(
            id="{s_off}",
            name="s_off",
            vm_state="shelved_offloaded",
            hostname="s-off",
            power_state=4,
            locked_by="owner",
            locked_reason="why",
            **usual,
            **launched,
        ),
        Server(
            id="{s_nohost}",
            name="s_nohost",
            vm_state="error",
            hostname="s-nohost",
            flavor=kept(huge),
            fault=broken | {"message": "No valid host was found. "},
            **usual,
        ),
    ]
    ports = [port(number, server.id, f"192.168.1.{10 + number}") for number, server in enumerate(servers[:3], start=1)]
    devices = [
        Attachment(id="root", server_id="{s1}", boot_index=0, source_type="image", destination_type="local"),
        Attachment(id="data", server_id="{s1}", volume_id="{vol1}"),
    ]
    return cloud_of([*surroundings(), f1, huge, *servers, *ports, *devices])
