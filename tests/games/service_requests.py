"""Templates of requests to the volume, network and image services, in the form of compute_requests."""

from __future__ import annotations

from typing import Any

from tests.games.templates import A, OneOf, Ref, Some

BASE = "/v3/{own_project}"
VOLUME = BASE + "/volumes/{volume}"
NEW_VOLUME = {
    "size": OneOf(1, 1, 2, 3),
    "imageRef": Some(Ref("image", 0), 0.4),
    "multiattach": Some(True, 0.25),
    "snapshot_id": Some(A("snapshot"), 0.05),
    "source_volid": Some(A("volume"), 0.05),
    "backup_id": Some(A("volume_backup"), 0.05),
    "volume_type": Some(A("volume_type"), 0.05),
}
BACKUP = {
    "volume_id": A("volume"),
    "incremental": Some(True),
    "force": Some(True),
    "snapshot_id": Some(A("snapshot"), 0.1),
}
ENCRYPTION = {"provider": "luks", "control_location": "front-end"}
RULE = {"direction": "ingress", "security_group_id": A("security_group"), "remote_group_id": Some(A("security_group"))}
PORT = {
    "network_id": OneOf(Ref("network", 0), Ref("network", 0), A("network")),
    "security_groups": Some([A("security_group")], 0.2),
    "fixed_ips": Some([{"ip_address": OneOf("10.0.0.9", "10.0.0.10")}], 0.1),
}

VOLUME_REQUESTS = (
    (16, "POST", BASE + "/volumes", {"volume": NEW_VOLUME}, ""),
    (7, "DELETE", VOLUME, None, ""),
    (1, "DELETE", VOLUME + "?cascade=True", None, ""),
    (1, "PUT", VOLUME, {"volume": {"name": "n"}}, ""),
    (3, "POST", VOLUME + "/action", {"os-extend": {"new_size": OneOf(2, 3, 4)}}, ""),
    (2, "POST", VOLUME + "/action", {"os-set_bootable": {"bootable": OneOf(True, False)}}, ""),
    (1, "POST", VOLUME + "/action", {"os-reserve": None}, ""),
    (1, "POST", VOLUME + "/action", {"os-unreserve": None}, ""),
    (1, "POST", VOLUME + "/action", {"os-force_delete": None}, "admin"),
    (2, "POST", VOLUME + "/action", {"os-volume_upload_image": {"image_name": "up", "force": Some(True)}}, ""),
    (1, "POST", VOLUME + "/action", {"os-reset_status": {"status": OneOf("available", "error", "in-use")}}, "admin"),
    (
        9,
        "POST",
        BASE + "/volumes/{attached_volume}/action",
        {"os-reset_status": {"migration_status": OneOf("error", "success", "none")}},
        "admin",
    ),
    (5, "POST", BASE + "/snapshots", {"snapshot": {"volume_id": A("volume"), "force": Some(True, 0.4)}}, ""),
    (3, "DELETE", BASE + "/snapshots/{snapshot}", None, ""),
    (
        1,
        "POST",
        BASE + "/types",
        {"volume_type": {"name": OneOf("m", "n"), "extra_specs": Some({"multiattach": "<is> True"}, 0.5)}},
        "admin",
    ),
    (1, "DELETE", BASE + "/types/{volume_type_id}", None, "admin"),
    (1, "POST", BASE + "/types/{volume_type_id}/encryption", {"encryption": ENCRYPTION}, "admin"),
    (1, "DELETE", BASE + "/types/{volume_type_id}/encryption/x", None, "admin"),
    (1, "POST", BASE + "/qos-specs", {"qos_specs": {"name": OneOf("s", "t"), "total_iops_sec": "9"}}, "admin"),
    (2, "GET", BASE + "/qos-specs/{qos_specs}/associate?vol_type_id={volume_type_id}", None, "admin"),
    (1, "GET", BASE + "/qos-specs/{qos_specs}/disassociate_all", None, "admin"),
    (1, "DELETE", BASE + "/qos-specs/{qos_specs}", None, "admin"),
    (
        2,
        "POST",
        BASE + "/attachments",
        {"attachment": {"volume_uuid": A("volume"), "instance_uuid": Some(A("server"))}},
        "",
    ),
    (2, "DELETE", BASE + "/attachments/{attachment}", None, ""),
    (2, "POST", BASE + "/volume-transfers", {"transfer": {"volume_id": A("volume"), "no_snapshots": Some(True)}}, ""),
    (1, "POST", BASE + "/volume-transfers/{volume_transfer}/accept", {"accept": {"auth_key": "x"}}, ""),
    (1, "DELETE", BASE + "/volume-transfers/{volume_transfer}", None, ""),
    (3, "POST", BASE + "/backups", {"backup": BACKUP}, ""),
    (1, "POST", BASE + "/backups/{volume_backup}/restore", {"restore": {"volume_id": Some(A("volume"))}}, ""),
    (1, "DELETE", BASE + "/backups/{volume_backup}", None, ""),
    (1, "GET", BASE + "/backups/detail", None, ""),
    (1, "POST", BASE + "/group_types", {"group_type": {"name": OneOf("g", "h")}}, "admin"),
    (3, "POST", BASE + "/groups", {"group": {"group_type": A("group_type"), "volume_types": ["standard"]}}, ""),
    (3, "PUT", BASE + "/groups/{volume_group}", {"group": {"add_volumes": A("volume")}}, ""),
    (1, "PUT", BASE + "/groups/{volume_group}", {"group": {"remove_volumes": A("volume")}}, ""),
    (2, "POST", BASE + "/groups/{volume_group}/action", {"delete": {"delete-volumes": OneOf(True, False)}}, ""),
    (1, "POST", BASE + "/groups/action", {"create-from-src": {"source_group_id": A("volume_group")}}, ""),
    (1, "POST", BASE + "/groups/action", {"create-from-src": {"group_snapshot_id": A("group_snapshot")}}, ""),
    (2, "POST", BASE + "/group_snapshots", {"group_snapshot": {"group_id": A("volume_group")}}, ""),
    (1, "DELETE", BASE + "/group_snapshots/{group_snapshot}", None, ""),
    (1, "GET", BASE + "/groups/detail?list_volume=True", None, ""),
    (1, "GET", BASE + "/volumes/detail", None, ""),
    (1, "GET", BASE + "/snapshots/detail", None, ""),
    (1, "GET", BASE + "/attachments/detail", None, ""),
    (1, "GET", BASE + "/limits", None, ""),
)
NETWORK_REQUESTS = (
    (12, "POST", "/v2.0/ports", {"port": PORT}, ""),
    (4, "DELETE", "/v2.0/ports/{port}", None, ""),
    (2, "PUT", "/v2.0/ports/{port}", {"port": {"security_groups": [A("security_group")]}}, ""),
    (
        1,
        "PUT",
        "/v2.0/ports/{port}",
        {"port": {"fixed_ips": [{"ip_address": OneOf("10.0.0.9", "10.0.0.11")}]}},
        "admin",
    ),
    (4, "POST", "/v2.0/security-groups", {"security_group": {"name": OneOf("x", "y")}}, ""),
    (3, "POST", "/v2.0/security-group-rules", {"security_group_rule": RULE}, ""),
    (3, "DELETE", "/v2.0/security-groups/{security_group}", None, ""),
    (
        6,
        "POST",
        "/v2.0/floatingips",
        {"floatingip": {"floating_network_id": A("public_network"), "port_id": Some(A("port"))}},
        "",
    ),
    (3, "PUT", "/v2.0/floatingips/{floating_ip}", {"floatingip": {"port_id": OneOf(None, A("port"))}}, ""),
    (3, "DELETE", "/v2.0/floatingips/{floating_ip}", None, ""),
    (2, "POST", "/v2.0/networks", {"network": {"name": "n", "port_security_enabled": Some(False, 0.2)}}, ""),
    (3, "POST", "/v2.0/subnets", {"subnet": {"network_id": A("network"), "ip_version": 4, "cidr": "192.0.2.0/29"}}, ""),
    (1, "DELETE", "/v2.0/networks/{network}", None, ""),
    (1, "DELETE", "/v2.0/subnets/{subnet}", None, ""),
    (1, "GET", "/v2.0/ports", None, ""),
    (1, "GET", "/v2.0/security-groups", None, ""),
)
IMAGE_REQUESTS = (
    (3, "DELETE", "/v2/images/{image}", None, ""),
    (2, "PATCH", "/v2/images/{image}", [{"op": "replace", "path": "/protected", "value": OneOf(True, False)}], ""),
    (
        1,
        "PATCH",
        "/v2/images/{image}",
        [
            {"op": "add", "path": "/hw_rescue_device", "value": "disk"},
            {"op": "add", "path": "/hw_rescue_bus", "value": "virtio"},
        ],
        "admin",
    ),
    (1, "POST", "/v2/images/{image}/actions/deactivate", None, "admin"),
    (1, "POST", "/v2/metadefs/namespaces", {"namespace": OneOf("m", "n"), "tags": [{"name": "t"}]}, "admin"),
    (1, "PUT", "/v2/metadefs/namespaces/{metadef_namespace}", {"namespace": OneOf("m", "n")}, "admin"),
    (1, "DELETE", "/v2/metadefs/namespaces/{metadef_namespace}/tags/t", None, "admin"),
    (1, "DELETE", "/v2/metadefs/namespaces/{metadef_namespace}", None, "admin"),
    (1, "GET", "/v2/images", None, ""),
)
METADATA_REQUESTS = (
    *(
        (1, "GET", "/{server}" + path, None, "")
        for path in (
            *("/openstack/latest/meta_data.json", "/openstack/latest/network_data.json", "/config-drive"),
            *("/latest/meta-data/block-device-mapping", "/latest/meta-data/local-ipv4"),
        )
    ),
    (1, "POST", "/{server}/openstack/latest/password", b"encrypted", ""),
)
PLACEMENT_REQUESTS = (
    (1, "GET", "/allocations/{server}", None, "admin"),
    (1, "GET", "/resource_providers", None, "admin"),
    (1, "GET", "/allocation_candidates?resources=VCPU:1,MEMORY_MB:512", None, "admin"),
)
BY_SERVICE: dict[str, tuple[tuple[int, str, str, Any, str], ...]] = {
    "volume": VOLUME_REQUESTS,
    "network": NETWORK_REQUESTS,
    "image": IMAGE_REQUESTS,
    "placement": PLACEMENT_REQUESTS,
    "metadata": METADATA_REQUESTS,
}
REQUESTS: tuple[tuple[int, str, str, str, Any, str], ...] = tuple(
    (weight, service, method, path, body, who)
    for service, requests in BY_SERVICE.items()
    for weight, method, path, body, who in requests
)
