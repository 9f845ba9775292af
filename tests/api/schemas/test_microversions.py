"""The microversions in which properties of bodies exist. Source: Nova's microversion history."""

from __future__ import annotations

from typing import Any

from tests import each_case
from tests.api.schemas.cases import NEWEST, UUID, error_of_body, new_server


def rebuild(**more: Any) -> dict[str, Any]:
    return {"rebuild": {"imageRef": UUID, **more}}


def attach(**more: Any) -> dict[str, Any]:
    return {"volumeAttachment": {"volumeId": UUID, **more}}


# Where a property exists, by the microversion history: first and last minor of each range.
EXISTS = [
    ("servers.create", new_server(description="d"), [(19, 104)]),
    ("servers.create", new_server(personality=[]), [(1, 56)]),
    ("servers.create", new_server(tags=["t"]), [(52, 104)]),
    ("servers.create", new_server(trusted_image_certificates=["c"]), [(63, 104)]),
    ("servers.create", new_server(host="h", hypervisor_hostname="h"), [(74, 104)]),
    ("servers.create", new_server(hostname="host"), [(90, 104)]),
    ("servers.create", new_server(hostname="host.example.com"), [(94, 104)]),
    ("servers.create", new_server(networks="auto"), [(37, 104)]),
    ("servers.create", new_server(networks=[{"uuid": "any text"}]), [(1, 36)]),
    ("servers.create", new_server(networks=[{"uuid": UUID, "tag": "t"}]), [(32, 36), (42, 104)]),
    ("servers.create", new_server(block_device_mapping_v2=[{"tag": "t"}]), [(32, 32), (42, 104)]),
    ("servers.create", new_server(block_device_mapping_v2=[{"volume_type": "fast"}]), [(67, 104)]),
    ("servers.create", {"server": {"name": "v", "flavorRef": "1"}}, [(1, 36)]),
    ("servers.update", {"server": {"description": "d"}}, [(19, 104)]),
    ("servers.update", {"server": {"hostname": "host"}}, [(90, 104)]),
    ("servers.update", {"server": {"pinned_availability_zone": None}}, [(104, 104)]),
    ("action.rebuild", rebuild(personality=[]), [(1, 56)]),
    ("action.rebuild", rebuild(description=None), [(19, 104)]),
    ("action.rebuild", rebuild(key_name=None), [(54, 104)]),
    ("action.rebuild", rebuild(user_data=None), [(57, 104)]),
    ("action.rebuild", rebuild(trusted_image_certificates=None), [(63, 104)]),
    ("action.rebuild", rebuild(hostname="host"), [(90, 104)]),
    ("action.evacuate", {"evacuate": {"onSharedStorage": "False"}}, [(1, 13)]),
    ("action.evacuate", {"evacuate": {}}, [(14, 104)]),
    ("action.evacuate", {"evacuate": {"force": True}}, [(29, 67)]),
    (
        "action.os-migrateLive",
        {"os-migrateLive": {"host": None, "block_migration": False, "disk_over_commit": False}},
        [(1, 24)],
    ),
    ("action.os-migrateLive", {"os-migrateLive": {"host": None, "block_migration": "auto"}}, [(25, 104)]),
    ("action.os-migrateLive", {"os-migrateLive": {"host": "h", "block_migration": False, "force": True}}, [(30, 67)]),
    ("action.unshelve", {"unshelve": {"host": "h"}}, [(1, 76), (91, 104)]),
    ("action.migrate", {"migrate": {"x": 1}}, [(1, 55)]),
    ("action.lock", {"lock": "x"}, [(1, 72)]),
    ("volume_attachments.create", attach(tag="t"), [(49, 104)]),
    ("volume_attachments.create", attach(delete_on_termination=True), [(79, 104)]),
    ("volume_attachments.update", attach(delete_on_termination=True), [(85, 104)]),
    ("interfaces.create", {"interfaceAttachment": {"tag": "t"}}, [(49, 104)]),
    ("remote_consoles.create", {"remote_console": {"protocol": "mks", "type": "webmks"}}, [(8, 104)]),
    ("remote_consoles.create", {"remote_console": {"protocol": "spice", "type": "spice-direct"}}, [(99, 104)]),
    ("keypairs.create", {"keypair": {"name": "k"}}, [(1, 91)]),
    ("keypairs.create", {"keypair": {"name": "k", "type": "x509", "public_key": "p"}}, [(2, 104)]),
    ("keypairs.create", {"keypair": {"name": "k", "user_id": "u", "public_key": "p"}}, [(10, 104)]),
    ("server_groups.create", {"server_group": {"name": "g", "policies": ["affinity"]}}, [(1, 63)]),
    ("server_groups.create", {"server_group": {"name": "g", "policies": ["soft-affinity"]}}, [(15, 63)]),
    (
        "server_groups.create",
        {"server_group": {"name": "g", "policy": "affinity", "rules": {"max_server_per_host": 1}}},
        [(64, 104)],
    ),
    ("flavors.create", {"flavor": {"name": "f", "ram": 1, "vcpus": 1, "disk": 0, "description": "d"}}, [(55, 104)]),
    ("flavors.create", {"flavor": {"name": "f", "ram": 1, "vcpus": 1, "disk": 0, "rxtx_factor": 1}}, [(1, 101)]),
    ("quota_sets.update", {"quota_set": {"fixed_ips": 1}}, [(1, 35)]),
    ("quota_sets.update", {"quota_set": {"injected_files": 1}}, [(1, 56)]),
    ("quota_class_sets.update", {"quota_class_set": {"security_groups": 1}}, [(1, 49)]),
    ("services.update", {"host": "h", "binary": "nova-compute"}, [(1, 52)]),
    ("services.update", {"host": "h", "binary": "nova-compute", "forced_down": True}, [(11, 52)]),
    ("services.update", {"status": "disabled", "disabled_reason": "r", "forced_down": False}, [(53, 104)]),
    ("external_events.create", {"events": [{"name": "power-update", "server_uuid": UUID}]}, [(76, 104)]),
    ("external_events.create", {"events": [{"name": "volume-reimaged", "server_uuid": UUID}]}, [(93, 104)]),
]


@each_case(("name", "body", "ranges"), EXISTS)
def test_a_property_exists_in_exactly_its_microversions(name, body, ranges):
    accepted = [minor for minor in range(1, NEWEST + 1) if not error_of_body(name, minor, body)]
    assert accepted == [minor for first, last in ranges for minor in range(first, last + 1)]
