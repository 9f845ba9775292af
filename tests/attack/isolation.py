"""The objects of a project in all services, and requests of another project that name them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from novasim.api.routes import MOUNTS, list_routes
from tests.play import Play

MARK = "private-to-demo"
NEWEST = {"compute": 104, "placement": 39, "volume": 71}


class Attempt(NamedTuple):
    """A request of the other project. *names* are the objects that its path or body names."""

    service: str
    method: str
    path: str
    body: Any
    minor: int


class Victim:
    """A project with an object of each kind. `ids` has their IDs by kind; each object with a name has MARK in it."""

    def __init__(self) -> None:
        self.play = play = Play()
        self.project = play.callers["demo"].project_id
        self.ids: dict[str, str] = {"user": play.callers["demo"].user_id, "project": self.project}
        self._create_network_objects()
        self._create_images_and_volumes()
        fields = {"metadata": {"key": MARK}, "tags": [MARK], "description": MARK}
        port = {"networks": [{"port": self.ids["port"]}]}
        image = {"imageRef": self.ids["image"]}
        self.ids["server"] = play.create(name=MARK, key_name=MARK, **fields, **port, **image)
        group = {"server_group": {"name": MARK, "policy": "affinity"}}
        self.ids["server_group"] = self.ask("compute", "POST", "/os-server-groups", group)["server_group"]["id"]
        body = {"volumeAttachment": {"volumeId": self.ids["attached"]}}
        self.ask("compute", "POST", f"/servers/{self.ids['server']}/os-volume_attachments", body)
        body = {"attachment": {"volume_uuid": self.ids["volume"], "instance_uuid": self.ids["server"]}}
        created = self.ask("volume", "POST", f"/v3/{self.project}/attachments", body)
        self.ids["attachment"] = created["attachment"]["id"]
        self.ask("compute", "POST", f"/servers/{self.ids['server']}/action", {"os-stop": None})

    def ask(self, service: str, method: str, path: str, body: Any = None) -> Any:
        answer = self.play.ask(method, path, body, minor=NEWEST.get(service, 1), service=service)
        assert answer.code < 300, (path, answer)
        return answer.body

    def _create_network_objects(self) -> None:
        def create(kind: str, **fields: Any) -> str:
            self.ids[kind] = self.ask("network", "POST", f"/v2.0/{kind.replace('_', '-')}s", {kind: fields})[kind]["id"]
            return self.ids[kind]

        network = create("network", name=MARK)
        subnet = create("subnet", name=MARK, network_id=network, cidr="10.9.0.0/24", ip_version=4)
        router = create("router", name=MARK)
        group = create("security_group", name=MARK)
        create("security_group_rule", security_group_id=group, direction="ingress", description=MARK)
        self.ask("network", "PUT", f"/v2.0/routers/{router}/add_router_interface", {"subnet_id": subnet})
        create("port", name=MARK, network_id=network)
        public = self.play.find_id("network", "/v2.0/networks", "networks", "public")
        create("floatingip", floating_network_id=public, description=MARK)
        key = {"keypair": {"name": MARK, "type": "ssh", "public_key": PUBLIC_KEY}}
        self.ask("compute", "POST", "/os-keypairs", key)

    def _create_images_and_volumes(self) -> None:
        fields = {"name": MARK, "disk_format": "raw", "container_format": "bare", "property": MARK}
        image = self.ids["image"] = self.ask("image", "POST", "/v2/images", fields)["id"]
        self.ask("image", "PUT", f"/v2/images/{image}/file", MARK.encode())
        self.ids["namespace"] = f"space-{MARK}"
        space = {"namespace": self.ids["namespace"], "owner": self.project, "tags": [{"name": MARK}]}
        answer = self.play.ask("POST", "/v2/metadefs/namespaces", space, "admin", service="image")
        assert answer.code == 201, answer
        base = f"/v3/{self.project}"
        for kind in ("volume", "attached"):
            created = self.ask("volume", "POST", base + "/volumes", {"volume": {"size": 1, "name": MARK}})
            self.ids[kind] = created["volume"]["id"]
        body = {"snapshot": {"volume_id": self.ids["volume"], "name": MARK}}
        self.ids["snapshot"] = self.ask("volume", "POST", base + "/snapshots", body)["snapshot"]["id"]
        self._create_group_backup_and_transfer()

    def _create_group_backup_and_transfer(self) -> None:
        admin = self.play.callers["admin"]
        answer = self.play.ask(
            "POST", f"/v3/{admin.project_id}/group_types", {"group_type": {"name": "g"}}, "admin", 71, "volume"
        )
        assert answer.code == 202, answer
        base, fields = f"/v3/{self.project}", {"group_type": "g", "volume_types": ["standard"]}
        group = self.ask("volume", "POST", base + "/groups", {"group": {"name": MARK, **fields}})["group"]["id"]
        self.ask("volume", "POST", base + "/volumes", {"volume": {"size": 1, "name": MARK, "group_id": group}})
        body = {"group_snapshot": {"group_id": group, "name": MARK}}
        created = self.ask("volume", "POST", base + "/group_snapshots", body)["group_snapshot"]
        self.ids |= {"volume_group": group, "group_snapshot": created["id"]}
        body = {"backup": {"volume_id": self.ids["volume"], "name": MARK}}
        self.ids["backup"] = self.ask("volume", "POST", base + "/backups", body)["backup"]["id"]
        offered = self.ask("volume", "POST", base + "/volumes", {"volume": {"size": 1, "name": MARK}})["volume"]["id"]
        body = {"transfer": {"volume_id": offered, "name": MARK}}
        self.ids["transfer"] = self.ask("volume", "POST", base + "/volume-transfers", body)["transfer"]["id"]


PUBLIC_KEY = (
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ83hVHqYcWN4hG4xVUqfDeuU6j1TJEZQ9PVJmqVNyA9 " + MARK
)  # the private key was not kept

KINDS = {  # by service and parameter of a path: kinds of objects whose IDs take its place
    ("compute", "server_id"): ("server",),
    ("compute", "image_id"): ("image",),
    ("compute", "volume_id"): ("volume", "attached"),
    ("compute", "snapshot_id"): ("snapshot",),
    ("compute", "group_id"): ("server_group", "security_group"),
    ("compute", "project_id"): ("project",),
    ("compute", "port_id"): ("port",),
    ("compute", "id"): ("network", "floatingip", "security_group", "security_group_rule", "volume", "snapshot"),
    ("identity", "project_id"): ("project",),
    ("identity", "user_id"): ("user",),
    ("image", "image_id"): ("image",),
    ("image", "namespace"): ("namespace",),
    ("image", "project"): ("project",),
    ("metadata", "server_id"): ("server",),
    ("network", "id"): ("network", "subnet", "router", "security_group", "security_group_rule", "port", "floatingip"),
    ("network", "project"): ("project",),
    ("placement", "consumer"): ("server",),
    ("volume", "volume_id"): ("volume", "attached"),
    ("volume", "snapshot_id"): ("snapshot",),
    ("volume", "attachment_id"): ("attachment",),
    ("volume", "target"): ("project",),
    ("volume", "group_id"): ("volume_group",),
    ("volume", "group_snapshot_id"): ("group_snapshot",),
    ("volume", "transfer_id"): ("transfer",),
    ("volume", "backup_id"): ("backup",),
    ("volume", "id"): ("volume", "snapshot"),
}
BODIES = {  # by the end of a path: bodies that are valid for it
    "/security-groups/{id}": [{"security_group": {"name": "mine"}}],
    "/networks/{id}": [{"network": {"name": "mine"}}],
    "/subnets/{id}": [{"subnet": {"name": "mine"}}],
    "/ports/{id}": [{"port": {"name": "mine"}}],
    "/routers/{id}": [{"router": {"name": "mine"}}],
    "/floatingips/{id}": [{"floatingip": {"port_id": None}}],
    "/volumes/{volume_id}": [{"volume": {"name": "mine"}}],
    "/snapshots/{snapshot_id}": [{"snapshot": {"name": "mine"}}],
    "/servers/{server_id}": [{"server": {"name": "mine"}}],
    "/groups/{group_id}": [
        {"group": {key: "mine"}} for key in ("name", "description", "add_volumes", "remove_volumes")
    ],
    "/groups/{group_id}/action": [
        *({"delete": {"delete-volumes": True}}, {"delete": {}}, {"reset_status": {"status": "error"}}),
        *({key: {}} for key in ("enable_replication", "disable_replication", "failover_replication")),
        {"list_replication_targets": {}},
    ],
    "/group_snapshots/{group_snapshot_id}/action": [{"reset_status": {"status": "error"}}],
    "/images/{image_id}": [[{"op": "replace", "path": "/name", "value": "mine"}]],
    "/members": [{"member": "other"}],
    "/file": [b"mine"],
    "/tags": [{"tags": ["mine"]}],
    "/metadata": [{"metadata": {"key": "mine"}}],
    "/projects/{project_id}": [{"project": {"name": "mine"}}],
    "/users/{user_id}": [{"user": {"password": "mine"}}],
    "/password": [{"user": {"password": "mine", "original_password": "wrong"}}],
    "/volumes/{volume_id}/action": [
        {action: arguments}
        for action, arguments in {
            "os-extend": {"new_size": 2},
            "os-reserve": {},
            "os-unreserve": {},
            "os-begin_detaching": {},
            "os-roll_detaching": {},
            "os-detach": {},
            "os-attach": {"instance_uuid": "00000000-0000-4000-8000-000000000000", "mountpoint": "/dev/vdb"},
            "os-set_bootable": {"bootable": True},
            "os-update_readonly_flag": {"readonly": True},
            "os-volume_upload_image": {"image_name": "mine"},
            "os-reset_status": {"status": "error"},
            "os-force_delete": {},
            "os-retype": {"new_type": "standard"},
            "revert": {"snapshot_id": "00000000-0000-4000-8000-000000000000"},
        }.items()
    ],
    "/servers/{server_id}/action": [
        {action: arguments}
        for action, arguments in {
            **dict.fromkeys(("os-start", "os-stop", "pause", "suspend", "lock", "unlock", "rescue", "shelve")),
            **dict.fromkeys(("restore", "forceDelete", "confirmResize", "revertResize", "unshelve", "migrate")),
            "reboot": {"type": "HARD"},
            "rebuild": {"imageRef": "00000000-0000-4000-8000-000000000000"},
            "resize": {"flavorRef": "2"},
            "createImage": {"name": "mine"},
            "createBackup": {"name": "mine", "backup_type": "daily", "rotation": 1},
            "changePassword": {"adminPass": "mine"},
            "addSecurityGroup": {"name": "default"},
            "removeSecurityGroup": {"name": "default"},
            "os-getConsoleOutput": {},
            "os-resetState": {"state": "error"},
        }.items()
    ],
}


def list_attempts(victim: Victim) -> Iterator[Attempt]:
    """A request for each route, kind of object and body."""
    for service in (*MOUNTS, "metadata"):
        for route in list_routes(service):
            for path in _list_paths(victim, service, route.path):
                for body in _list_bodies(route.method, route.path):
                    yield Attempt(service, route.method, path, body, min(route.until, NEWEST.get(service, 1)))


def _list_paths(victim: Victim, service: str, path: str) -> Iterator[str]:
    """The path with an object in each of its parameters in turn; nothing if it has none for an object."""
    for name in re.findall(r"\{(\w+)\}", path):
        for kind in KINDS.get((service, name), ()):
            others = "other" if service == "volume" else "x"
            filled = path.replace(f"{{{name}}}", victim.ids[kind])
            filled = filled.replace("{server_id}", victim.ids["server"]).replace("{project}", others)
            yield re.sub(r"\{(key|tag|name)\}", MARK, filled).replace("{", "").replace("}", "")


def _list_bodies(method: str, path: str) -> list[Any]:
    if method not in ("POST", "PUT", "PATCH"):
        return [None]
    return next((bodies for end, bodies in BODIES.items() if path.endswith(end)), [None, {}])


def list_references(victim: Victim) -> Iterator[Attempt]:
    """Requests that create something of the other project with an object of the first one."""
    ids, play = victim.ids, victim.play
    server = {"name": "mine", "flavorRef": "1", "imageRef": play.image, "networks": "none"}
    disk = {"boot_index": 0, "destination_type": "volume"}
    for fields in (
        {"networks": [{"port": ids["port"]}]},
        {"networks": [{"uuid": ids["network"]}]},
        {"imageRef": ids["image"]},
        {"key_name": MARK},
        {"block_device_mapping_v2": [{**disk, "source_type": "volume", "uuid": ids["volume"]}], "imageRef": ""},
        {"block_device_mapping_v2": [{**disk, "source_type": "snapshot", "uuid": ids["snapshot"]}], "imageRef": ""},
        {"networks": [{"uuid": play.network}], "security_groups": [{"name": ids["security_group"]}]},
    ):
        yield Attempt("compute", "POST", "/servers", {"server": {**server, **fields}}, 96)
    yield Attempt("volume", "GET", f"/v3/other/attachments/{ids['attachment']}", None, 71)
    hint = {"server": server, "os:scheduler_hints": {"group": ids["server_group"]}}
    yield Attempt("compute", "POST", "/servers", hint, 96)
    for fields in ({"snapshot_id": ids["snapshot"]}, {"source_volid": ids["volume"]}, {"imageRef": ids["image"]}):
        yield Attempt("volume", "POST", "/v3/other/volumes", {"volume": {"size": 1, **fields}}, 71)
    body = {"snapshot": {"volume_id": ids["volume"]}}
    yield Attempt("volume", "POST", "/v3/other/snapshots", body, 71)
    yield Attempt("volume", "POST", "/v3/other/backups", {"backup": {"volume_id": ids["volume"]}}, 71)
    yield Attempt("volume", "POST", "/v3/other/volumes", {"volume": {"backup_id": ids["backup"]}}, 71)
    yield Attempt("volume", "POST", "/v3/other/volume-transfers", {"transfer": {"volume_id": ids["volume"]}}, 71)
    for source in ({"source_group_id": ids["volume_group"]}, {"group_snapshot_id": ids["group_snapshot"]}):
        yield Attempt("volume", "POST", "/v3/other/groups/action", {"create-from-src": source}, 71)
    yield Attempt(
        "volume", "POST", "/v3/other/group_snapshots", {"group_snapshot": {"group_id": ids["volume_group"]}}, 71
    )
    yield Attempt("volume", "POST", "/v3/other/volumes", {"volume": {"size": 1, "group_id": ids["volume_group"]}}, 71)
    body = {"attachment": {"volume_uuid": ids["volume"], "instance_uuid": ids["server"]}}
    yield Attempt("volume", "POST", "/v3/other/attachments", body, 71)
    for kind, body in (
        ("port", {"network_id": ids["network"]}),
        ("port", {"network_id": play.network, "security_groups": [ids["security_group"]]}),
        ("subnet", {"network_id": ids["network"], "cidr": "10.8.0.0/24", "ip_version": 4}),
        ("security_group_rule", {"security_group_id": ids["security_group"], "direction": "ingress"}),
    ):
        yield Attempt("network", "POST", f"/v2.0/{kind.replace('_', '-')}s", {kind: body}, 1)
