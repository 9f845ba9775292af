"""Requests and circumstances from which recipes for refusals are built."""

from __future__ import annotations

from typing import Any

from novasim.teach.coverage.scripts import ADMIN, Lines, send

UNKNOWN = "00000000-0000-4000-8000-000000000000"
SERVERS = "/servers/{id}"
VOLUMES = "/v3/{project}/volumes"
ATTACHMENTS = "/servers/{id}/os-volume_attachments"
PORTS = "/servers/{id}/os-interface"


def act(key: str, arguments: Any, version: str = "", caller: str = "", server: str = SERVERS) -> Lines:
    """An action in the body of a request."""
    return send("POST", f"{server}/action", {key: arguments}, version=version, caller=caller)


def attach(version: str = "", **fields: Any) -> Lines:
    """Attach the volume "data"."""
    return send("POST", ATTACHMENTS, {"volumeAttachment": {"volumeId": "{volume:data}", **fields}}, version=version)


def attach_port(**fields: Any) -> Lines:
    """Attach a port or a network."""
    return send("POST", PORTS, {"interfaceAttachment": fields})


def swap(old: str, new: str) -> Lines:
    """Swap a volume for another one, as the volume service does."""
    return send("PUT", f"{ATTACHMENTS}/{old}", {"volumeAttachment": {"volumeId": new}}, caller=ADMIN)


def create_volume(name: str, **fields: Any) -> Lines:
    """A volume of 1 GiB."""
    return send("POST", VOLUMES, {"volume": {"size": 1, "name": name, **fields}}, service="volume")


def reset_volume(name: str, **fields: str) -> Lines:
    """Give a volume another status."""
    path = f"/v3/{{admin}}/volumes/{{volume:{name}}}/action"
    return send("POST", path, {"os-reset_status": fields}, service="volume", caller=ADMIN)


def set_quota(**limits: int) -> Lines:
    """Quotas of the project."""
    return send("PUT", "/os-quota-sets/{project}", {"quota_set": {**limits, "force": True}}, caller=ADMIN)


def create_flavor(**fields: Any) -> Lines:
    """The flavor "other"."""
    body = {"name": "other", "id": "other", "ram": 512, "vcpus": 1, "disk": 1, **fields}
    return send("POST", "/flavors", {"flavor": body}, caller=ADMIN)


def create_network(name: str, **fields: Any) -> Lines:
    """A network without subnets."""
    return send("POST", "/v2.0/networks", {"network": {"name": name, **fields}}, service="network")


def create_port(**fields: Any) -> Lines:
    """The port "spare"."""
    body = {"port": {"network_id": "{network:private}", "name": "spare", **fields}}
    return send("POST", "/v2.0/ports", body, service="network")


def set_property(name: str, value: str) -> Lines:
    """A property of the image cirros."""
    change = [{"op": "add", "path": f"/{name}", "value": value}]
    return send("PATCH", "/v2/images/{image:cirros}", change, service="image", caller=ADMIN)


def create_image(name: str, **fields: Any) -> Lines:
    """An image without content, which is active after an upload."""
    body = {"name": name, "disk_format": "raw", "container_format": "bare", **fields}
    return send("POST", "/v2/images", body, service="image")


DATA = create_volume("data")
ATTACHED = DATA + attach()
COPY = create_volume("copy")
HOST = "$(novasim --as admin show web1 -f value -c OS-EXT-SRV-ATTR:host)"
HOST_DOWN = Lines(
    (f'novasim --as admin host set "{HOST}" --down',),
    ("cloud.hosts.set(server.host, up=False)",),
)
WITHOUT_HOST = act("os-resetState", {"state": "active"}, caller=ADMIN)
FROM_VOLUME = create_volume("root", imageRef="{image:cirros}") + send(
    "POST",
    "/servers",
    {
        "server": {
            "name": "web2",
            "flavorRef": "2",
            "networks": "auto",
            "block_device_mapping_v2": [
                {"boot_index": 0, "uuid": "{volume:root}", "source_type": "volume", "destination_type": "volume"}
            ],
        }
    },
)
WITHOUT_PORTS = send(
    "POST",
    "/servers",
    {"server": {"name": "web2", "flavorRef": "1", "imageRef": "{image:cirros}", "networks": "none"}},
)
WEB2 = "/servers/{server:web2}"
ITEMS = {"a": "1"}
NO_ITEMS = set_quota(metadata_items=0)
SECOND_GROUP = send("POST", "/v2.0/security-groups", {"security_group": {"name": "web"}}, service="network")
NUMA = {"extra_specs": {"hw:numa_nodes": "2"}}
OTHER_ZONE = send("POST", "/os-aggregates", {"aggregate": {"name": "a", "availability_zone": "zone2"}}, caller=ADMIN)
OTHER_ZONE += send("POST", "/os-aggregates/1/action", {"add_host": {"host": "host3"}}, caller=ADMIN)
SWAP_BEGUN = ATTACHED + COPY + reset_volume("data", migration_status="error")
FEW_DISKS = Lines(
    ("novasim --as admin config set max_disk_devices_to_attach 1",),
    ('cloud.config.set("max_disk_devices_to_attach", "1")',),
)
SMALL_NETWORK = create_network("other") + send(
    "POST",
    "/v2.0/subnets",
    {"subnet": {"network_id": "{network:other}", "ip_version": 4, "cidr": "192.0.2.0/30"}},
    service="network",
)
