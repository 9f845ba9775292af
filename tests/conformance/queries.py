"""Lists of servers: filters, sorting, paging, on the world of thirty servers that the fixture describes."""

from __future__ import annotations

from typing import Any

from novasim.records import Allocation, Flavor, Image, Port, Record, Server, Subnet
from novasim.store.base import Transaction
from tests.conformance.comparison import differing
from tests.conformance.stage import Stage, error_of
from tests.conformance.symbols import expand
from tests.conformance.tally import Step, Tally


def replay(data: list[Any], base: Stage, tally: Tally, only: str) -> None:
    """Ask every question in the same world; reading changes nothing."""
    stage = query_world(base)
    for number, query in enumerate(data):
        where = f"query {query.get('id', number)}"
        if only not in f"{where} {query['path']}":
            continue
        response = stage.send(query["caller"], query["mv"], "GET", query["path"])
        key, message = error_of(response)
        pairs = [("code", query["code"], response.code), ("key", query.get("key"), key)]
        if "servers" in query and response.code == 200:
            listed = [stage.symbols.names_in(server["id"]).strip("{}") for server in response.body["servers"]]
            pairs.append(("servers", query["servers"], listed))
            pairs.append(("next", query.get("next", False), "servers_links" in response.body))
        path = query["path"].partition("?")[0]
        summary = f"{query['caller']} {query['mv']} {query['path']}"
        step = Step("queries", where, summary, f"GET {path}", query["caller"])
        tally.judge(step, (query["code"], response.code), differing(pairs), (query.get("msg"), message))
        if "msg" in query:
            tally.extra("messages", step, expand(query["msg"]), stage.symbols.names_in(message))


def query_world(base: Stage) -> Stage:
    """A stage with the servers of the fixture's query world, written past the API."""
    stage = base.fork()
    world = stage.fixture["query_world"]
    ids = _ids(world["uuid_order"])
    for name, id in ids.items():
        stage.symbols.bind(name, id)
    with stage.edit() as tx:
        for number, described in enumerate(world["servers"], 1):
            for record in _server(tx, stage, described, ids[described["sym"]], number):
                tx.put(record)
    return stage


def _ids(order: list[str]) -> dict[str, str]:
    """Ids that sort as the recorded ones did."""
    return {name: f"{number:08x}-0000-4000-8000-000000000000" for number, name in enumerate(order, 1)}


def _server(tx: Transaction, stage: Stage, described: dict[str, Any], id: str, number: int) -> list[Record]:
    caller = stage.callers[described["owner"]]
    flavor, image = tx.get(Flavor, described["flavor"]), tx.get(Image, stage.symbols.id(described["image"]))
    assert flavor is not None and image is not None
    size = {field: getattr(flavor, field) for field in ("id", "name", "vcpus", "ram", "disk", "ephemeral", "swap")}
    times = {field: _precise(described[field]) for field in ("created_at", "updated_at", "launched_at")}
    gone = {"deleted_at": times["updated_at"], "terminated_at": times["updated_at"]} if described["deleted"] else {}
    same = ("name", "vm_state", "task_state", "power_state", "tags", "metadata", "key_name", "description", "hostname")
    server = Server(
        id=id,
        number=number,
        user_id=caller.user_id,
        project_id=caller.project_id,
        image_id=image.id,
        flavor={**size, "extra_specs": {}},
        image={"min_disk": 0, "min_ram": 0, "properties": dict(image.properties)},
        host=described["host"],
        node=described["host"],
        availability_zone=described["az"] if described["host"] else None,
        locked_by=_side(described),
        reservation_id=stage.symbols.id(f"res_{described['sym']}"),
        deleted=described["deleted"],
        root_device_name="/dev/sda",
        **{field: described[field] for field in same},
        **times,
        **gone,
    )
    if described["deleted"]:
        return [server]
    return [server, *_port(tx, stage, server, described["ip"][0]), *_claim(server)]


def _precise(time: str | None) -> str | None:
    return time.replace("Z", ".000000Z") if time else None


def _side(described: dict[str, Any]) -> str | None:
    if described["locked"] is None:
        return None
    return "owner" if described["locked"] == described["owner"] else "admin"


def _port(tx: Transaction, stage: Stage, server: Server, address: str) -> list[Record]:
    network_id = stage.symbols.id("net")
    subnet = tx.query(Subnet, {"network_id": network_id})[0]
    return [
        Port(
            id=stage.symbols.id(f"port_{server.name}"),
            network_id=network_id,
            project_id=server.project_id,
            mac_address="fa:16:3e:00:00:01",
            device_id=server.id,
            device_owner=f"compute:{server.availability_zone}",
            host=server.host or "",
            fixed_ips=[{"subnet_id": subnet.id, "ip_address": address}],
            status="ACTIVE",
            made_by_nova=True,
            created_at=server.created_at,
            updated_at=server.created_at,
        )
    ]


def _claim(server: Server) -> list[Record]:
    if server.host is None:
        return []
    flavor = server.flavor
    return [
        Allocation(
            id=server.id,
            consumer=server.id,
            server_id=server.id,
            host=server.host,
            vcpus=flavor["vcpus"],
            ram_mb=flavor["ram"],
            disk_gb=flavor["disk"],
        )
    ]
