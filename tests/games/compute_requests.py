"""Templates of requests to the compute service: weight, service, method, path, body, caller ("" for any)."""

from __future__ import annotations

from typing import Any

from tests.games.templates import A, OneOf, Ref, Some

SERVER = "/servers/{server}"
IMAGE = OneOf(*3 * [Ref("image", 0)], A("image"))  # mostly the small one
FLAVOR = OneOf(*3 * [Ref("flavor", 0)], A("flavor"))

IMAGE_TO_VOLUME = {
    "uuid": IMAGE,
    "source_type": "image",
    "destination_type": "volume",
    "boot_index": 0,
    "volume_size": OneOf(1, 2, 5),
    "delete_on_termination": Some(OneOf(True, True, False), 0.8),
    "volume_type": Some(A("volume_type"), 0.05),
}
BOOT_VOLUME = {
    "uuid": A("bootable_volume"),
    "source_type": "volume",
    "destination_type": "volume",
    "boot_index": 0,
    "delete_on_termination": Some(True),
}
SNAPSHOT_TO_VOLUME = {
    "uuid": A("snapshot"),
    "source_type": "snapshot",
    "destination_type": "volume",
    "boot_index": OneOf(0, -1),
    "delete_on_termination": Some(True),
}
DATA_VOLUME = BOOT_VOLUME | {"uuid": A("volume"), "boot_index": OneOf(-1, None)}
BLANK_VOLUME = {
    "source_type": "blank",
    "destination_type": "volume",
    "volume_size": OneOf(1, 2),
    "boot_index": -1,
    "delete_on_termination": Some(True),
}
BLANK_DISK = {"source_type": "blank", "destination_type": "local", "boot_index": -1, "guest_format": Some("swap")}
LOCAL_IMAGE = {"uuid": Ref("image", 0), "source_type": "image", "destination_type": "local", "boot_index": 0}
DEVICE = OneOf(DATA_VOLUME, BLANK_VOLUME, BLANK_VOLUME, SNAPSHOT_TO_VOLUME, BLANK_DISK)
ROOT = OneOf(IMAGE_TO_VOLUME, IMAGE_TO_VOLUME, BOOT_VOLUME, SNAPSHOT_TO_VOLUME)

NETWORKS = OneOf(
    *3 * ["auto"],
    "none",
    *3 * [[{"uuid": Ref("network", 0)}]],
    [{"uuid": A("network")}],
    [{"port": A("port")}],
    [{"port": A("port")}],
    [{"uuid": A("network")}, {"port": A("port")}],
    [{"uuid": A("network")}, {"uuid": A("network")}],
    [{"uuid": A("network"), "fixed_ip": OneOf("10.0.0.9", "10.0.0.10")}],
)
COMMON = {
    "name": OneOf("a", "b", "c"),
    "flavorRef": FLAVOR,
    "networks": NETWORKS,
    "min_count": Some(OneOf(1, 2, 3), 0.1),
    "max_count": Some(OneOf(2, 3), 0.05),
    "availability_zone": Some(OneOf("nova", "nova", "nova:host1", "nova:host2", "z2"), 0.1),
    "security_groups": Some([{"name": OneOf("default", A("security_group"))}], 0.1),
    "key_name": Some("k1", 0.05),
    "metadata": Some({"a": "b"}, 0.1),
    "config_drive": Some(True, 0.1),
}
HINTS = {
    "group": Some(A("server_group"), 0.15),
    "same_host": Some(A("server"), 0.05),
    "different_host": Some(A("server"), 0.05),
}
CREATE_FROM_IMAGE = {
    "server": COMMON
    | {
        "imageRef": IMAGE,
        "block_device_mapping_v2": Some(OneOf([LOCAL_IMAGE, DEVICE], [LOCAL_IMAGE, DEVICE, BLANK_VOLUME]), 0.3),
    },
    "os:scheduler_hints": HINTS,
}
CREATE_FROM_VOLUME = {
    "server": COMMON
    | {
        "imageRef": "",
        "block_device_mapping_v2": OneOf([ROOT], [ROOT], [IMAGE_TO_VOLUME, DEVICE], [BOOT_VOLUME, BLANK_VOLUME]),
    },
    "os:scheduler_hints": HINTS,
}

HOST = OneOf("host1", "host2", "host3")
LIVE = {"host": OneOf(None, None, HOST), "block_migration": "auto"}
OLD_LIVE = {"host": OneOf(None, HOST), "block_migration": False, "disk_over_commit": False}
STATES = {  # the kind of server that an action is usually sent to
    "os-start": "stopped",
    "unpause": "paused",
    "resume": "suspended",
    "confirmResize": "resized",
    "revertResize": "resized",
    "unrescue": "rescued",
    "unshelve": "shelved",
    "shelveOffload": "shelved",
    "evacuate": "stranded",
    "restore": "soft_deleted",
    "forceDelete": "soft_deleted",
    **dict.fromkeys(("resize", "migrate", "os-migrateLive", "shelve", "suspend", "pause", "os-stop", "rescue"), "idle"),
    **dict.fromkeys(("createImage", "createBackup", "rebuild", "reboot"), "idle"),
}
ACTIONS: dict[str, tuple[int, Any, str]] = {  # key: weight, arguments, caller
    "os-start": (4, None, ""),
    "os-stop": (4, None, ""),
    "pause": (2, None, ""),
    "unpause": (2, None, ""),
    "suspend": (2, None, ""),
    "resume": (2, None, ""),
    "reboot": (4, {"type": OneOf("SOFT", "HARD")}, ""),
    "resize": (10, {"flavorRef": A("flavor"), "OS-DCF:diskConfig": Some("AUTO", 0.1)}, ""),
    "confirmResize": (9, None, ""),
    "revertResize": (7, None, ""),
    "rebuild": (5, {"imageRef": A("image"), "preserve_ephemeral": Some(True, 0.1)}, ""),
    "rescue": (4, OneOf(None, {"rescue_image_ref": A("image")}), ""),
    "unrescue": (4, None, ""),
    "shelve": (8, None, ""),
    "unshelve": (10, OneOf(None, None, {"host": HOST}, {"availability_zone": "nova"}), ""),
    "shelveOffload": (4, None, ""),
    "lock": (1, None, ""),
    "unlock": (4, None, ""),
    "changePassword": (1, {"adminPass": "x"}, ""),
    "createImage": (4, {"name": "snap", "metadata": Some({"a": "b"}, 0.2)}, ""),
    "createBackup": (3, {"name": "b", "backup_type": OneOf("daily", "weekly"), "rotation": OneOf(0, 1, 2)}, ""),
    "migrate": (9, OneOf(None, None, {"host": HOST}), "admin"),
    "os-migrateLive": (8, OneOf(LIVE, LIVE, OLD_LIVE), "admin"),
    "evacuate": (8, OneOf({}, {}, {"host": HOST}), "admin"),
    "os-resetState": (5, {"state": OneOf("active", "error")}, "admin"),
    "restore": (4, {}, ""),
    "forceDelete": (4, {}, ""),
    "trigger_crash_dump": (1, None, ""),
    "addSecurityGroup": (2, {"name": OneOf("default", A("security_group"))}, ""),
    "removeSecurityGroup": (2, {"name": OneOf("default", A("security_group"))}, ""),
    "addFloatingIp": (4, {"address": A("address")}, ""),
    "removeFloatingIp": (3, {"address": A("address")}, ""),
    "addFixedIp": (2, {"networkId": A("network")}, ""),
    "removeFixedIp": (2, {"address": A("fixed_address")}, ""),
    "os-getConsoleOutput": (1, {}, ""),
}
ATTACHMENT = {
    "volumeId": A("volume"),
    "device": Some(OneOf("/dev/vdb", "/dev/vdc"), 0.2),
    "delete_on_termination": Some(True, 0.2),
    "tag": Some("t", 0.1),
}
INTERFACE = OneOf({"port_id": A("port")}, {"port_id": A("port")}, {"net_id": A("network")}, {})

REQUESTS: tuple[tuple[int, str, str, str, Any, str], ...] = tuple(
    (weight, "compute", method, path, body, who)
    for weight, method, path, body, who in (
        (22, "POST", "/servers", CREATE_FROM_IMAGE, ""),
        (22, "POST", "/servers", CREATE_FROM_VOLUME, ""),
        (9, "DELETE", SERVER, None, ""),
        *((1, "POST", SERVER + "/action", {key: body}, who) for key, (_, body, who) in ACTIONS.items()),
        *(
            (weight, "POST", f"/servers/{{{STATES.get(key, 'server')}}}/action", {key: body}, who)
            for key, (weight, body, who) in ACTIONS.items()
        ),
        (12, "POST", SERVER + "/os-volume_attachments", {"volumeAttachment": {"volumeId": A("volume")}}, ""),
        (6, "POST", SERVER + "/os-volume_attachments", {"volumeAttachment": ATTACHMENT}, ""),
        (6, "DELETE", SERVER + "/os-volume_attachments/{volume}", None, ""),
        (6, "DELETE", "/servers/{attached_server}/os-volume_attachments/{attached_volume}", None, ""),
        (3, "PUT", SERVER + "/os-volume_attachments/{volume}", {"volumeAttachment": ATTACHMENT}, "admin"),
        (
            14,
            "PUT",
            "/servers/{attached_server}/os-volume_attachments/{attached_volume}",
            {"volumeAttachment": {"volumeId": A("volume")}},
            "admin",
        ),
        (9, "POST", SERVER + "/os-interface", {"interfaceAttachment": INTERFACE}, ""),
        (2, "DELETE", SERVER + "/os-interface/{port}", None, ""),
        (5, "DELETE", "/servers/{plugged_server}/os-interface/{plugged_port}", None, ""),
        (3, "PUT", SERVER, {"server": {"name": "new"}}, ""),
        (2, "POST", SERVER + "/metadata", {"metadata": {"k": "v"}}, ""),
        (2, "PUT", SERVER + "/tags", {"tags": ["x"]}, ""),
        (3, "DELETE", "/servers/{migrating}/migrations/{migration}", None, "admin"),
        (2, "POST", "/servers/{migrating}/migrations/{migration}/action", {"force_complete": None}, "admin"),
        (
            4,
            "POST",
            "/os-server-groups",
            {"server_group": {"name": "g", "policies": [OneOf("affinity", "anti-affinity")]}},
            "",
        ),
        (
            3,
            "POST",
            "/os-server-groups",
            {"server_group": {"name": "g", "policy": OneOf("affinity", "soft-affinity")}},
            "",
        ),
        (2, "DELETE", "/os-server-groups/{server_group}", None, ""),
        (2, "POST", "/os-keypairs", {"keypair": {"name": OneOf("k1", "k2"), "type": Some("x509", 0.1)}}, ""),
        (1, "DELETE", "/os-keypairs/k1", None, ""),
        (2, "PUT", "/os-services/{service}", {"status": OneOf("enabled", "enabled", "disabled")}, "admin"),
        (2, "POST", "/os-aggregates", {"aggregate": {"name": "z", "availability_zone": Some("z2", 0.5)}}, "admin"),
        (2, "POST", "/os-aggregates/{aggregate}/action", {"add_host": {"host": HOST}}, "admin"),
        (1, "POST", "/os-aggregates/{aggregate}/action", {"remove_host": {"host": HOST}}, "admin"),
        (1, "DELETE", "/os-aggregates/{aggregate}", None, "admin"),
        (
            2,
            "POST",
            "/os-server-external-events",
            {"events": [{"name": "network-changed", "server_uuid": A("server")}]},
            "admin",
        ),
        (
            1,
            "POST",
            "/os-server-external-events",
            {"events": [{"name": "power-update", "tag": OneOf("POWER_ON", "POWER_OFF"), "server_uuid": A("server")}]},
            "admin",
        ),
        (1, "POST", SERVER + "/remote-consoles", {"remote_console": {"protocol": "vnc", "type": "novnc"}}, ""),
        *(
            (1, "GET", path, None, who)
            for who in ("", "admin")
            for path in (
                "/servers/detail",
                SERVER,
                SERVER + "/os-instance-actions",
                SERVER + "/os-volume_attachments",
                SERVER + "/os-interface",
                SERVER + "/os-security-groups",
                SERVER + "/diagnostics",
                SERVER + "/topology",
                SERVER + "/migrations",
                SERVER + "/ips",
                "/os-server-groups",
                "/os-migrations",
                "/os-services",
                "/os-hypervisors/detail",
                "/os-aggregates",
                "/os-availability-zone/detail",
                "/os-simple-tenant-usage",
                "/limits",
                "/images/detail",
                "/os-volumes/detail",
                "/os-security-groups",
                "/os-floating-ips",
            )
        ),
    )
)
