"""The fields of a server, as `server show` and the commands that return a server print them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from novasim.cli.openstack.call import Call, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import show_item

FROM_VOLUME = "N/A (booted from volume)"
ADMIN = "OS-EXT-SRV-ATTR"
USER_DATA = f"{ADMIN}:user_data"
FIELDS = f"""
    OS-DCF:diskConfig OS-EXT-AZ:availability_zone {ADMIN}:host {ADMIN}:hostname {ADMIN}:hypervisor_hostname
    {ADMIN}:instance_name {ADMIN}:kernel_id {ADMIN}:launch_index {ADMIN}:ramdisk_id {ADMIN}:reservation_id
    {ADMIN}:root_device_name {USER_DATA} OS-EXT-STS:power_state|OS-EXT-STS:power_state|power
    OS-EXT-STS:task_state OS-EXT-STS:vm_state OS-SRV-USG:launched_at OS-SRV-USG:terminated_at accessIPv4 accessIPv6
    addresses||addresses adminPass config_drive created description fault||dict flavor||dict hostId host_status id image
    key_name locked locked_reason name pinned_availability_zone progress project_id|tenant_id properties|metadata|dict
    scheduler_hints||lists security_groups||dicts server_groups status tags||list trusted_image_certificates updated
    user_id volumes_attached|os-extended-volumes:volumes_attached|dicts
"""
OPTIONAL = {"adminPass", "fault", "security_groups"}
"""Fields that are left out if the API does not return them."""


def show_server(call: Call, server: Item, newer: Item | None = None, **more: Any) -> Output:
    """
    Show a server.

    Args:
        newer: The server as read later. Its values replace those of *server* unless they are empty.
        more: Further fields.
    """
    item = dict(server)
    item.update({key: value for key, value in (newer or {}).items() if value})
    item.setdefault(USER_DATA, item.get("user_data"))
    item["image"] = _image_text(call, item.get("image"))
    item["flavor"] = describe_flavor(item.get("flavor"))
    output = show_item(item, _list_fields(item))
    if not more:
        return output
    pairs = sorted([*zip(output.titles, output.rows[0], strict=True), *more.items()], key=lambda pair: pair[0])
    return Output([title for title, _ in pairs], [[cell for _, cell in pairs]], is_list=False)


def _list_fields(item: Mapping[str, Any]) -> str:
    fields = []
    for field in FIELDS.split():
        title = field.partition("|")[0]
        if title not in OPTIONAL or item.get(title) is not None:
            fields.append(field if "|" in field else f"{field}|{field}")
    return " ".join(fields)


def _image_text(call: Call, image: Any) -> str:
    if not image:
        return FROM_VOLUME
    response = call.try_send("GET", f"/v2/images/{image['id']}", service="image")
    return str(image["id"]) if response.fault else f"{response.body['name']} ({image['id']})"


def describe_flavor(flavor: Any) -> Item:
    """The flavor of a server with the attributes that openstacksdk gives it."""
    flavor = flavor or {}
    name = flavor.get("original_name")
    known = {
        "name": name,
        "original_name": name,
        "description": None,
        "disk": flavor.get("disk"),
        "is_public": True,
        "ram": flavor.get("ram"),
        "vcpus": flavor.get("vcpus"),
        "swap": flavor.get("swap"),
        "ephemeral": flavor.get("ephemeral"),
        "is_disabled": None,
        "rxtx_factor": None,
        "extra_specs": flavor.get("extra_specs"),
        "id": name,
        "location": None,
    }
    return known
