"""meta_data.json and the vendor data. Source: nova/api/metadata/base.py, _metadata_as_json."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from novasim.api.metadata import versions
from novasim.api.metadata.instance import Instance
from novasim.simulation.device_names import device_letter

Data = dict[str, Any]

CONTENT = "content"
VENDOR_DATA: Data = {}  # without Nova's option vendordata_jsonfile_path
VENDOR_DATA2: Data = {"static": VENDOR_DATA}  # one key for each of vendordata_providers, by default StaticJSON


def build_meta_data(instance: Instance, version: str) -> Data:
    """
    The document at a version of the OpenStack tree.

    A config drive of Nova also has `admin_pass`. novasim stores no passwords, so it is left out.
    """
    server = instance.server
    data: Data = {"uuid": server.id}
    if instance.metadata:
        data["meta"] = instance.metadata
    if instance.files:
        paths = [file["path"] for file in instance.files]
        data["files"] = [
            {"path": path, "content_path": f"/{CONTENT}/{content_name(number)}"} for number, path in enumerate(paths)
        ]
    if server.key_name and instance.keypair:
        key = instance.keypair["public_key"]
        data["public_keys"] = {server.key_name: key}
        data["keys"] = [{"name": server.key_name, "type": instance.keypair["type"], "data": key}]
    data |= {
        "hostname": instance.hostname,
        "name": instance.name,
        "launch_index": server.launch_index,
        "availability_zone": server.availability_zone,
    }
    return data | _newer_fields(instance, version)


def content_name(number: int) -> str:
    """The name of a file of the request below openstack/content."""
    return f"{number:04d}"


def _newer_fields(instance: Instance, version: str) -> Data:
    added: tuple[tuple[str, str, Any], ...] = (
        (versions.GRIZZLY, "random_seed", b64encode(instance.random_seed).decode("ascii")),
        (versions.LIBERTY, "project_id", instance.server.project_id),
        (versions.NEWTON_ONE, "devices", _list_devices(instance, version)),
        (versions.VICTORIA, "dedicated_cpus", _list_dedicated_cpus(instance)),
    )
    return {name: value for since, name, value in added if version >= since}


def _list_devices(instance: Instance, version: str) -> list[Data]:
    """
    The disks and the interfaces that have a tag, as the libvirt driver describes them.

    Their addresses on the PCI bus are invented. Those of disks are even, those of interfaces are odd.
    """
    disks = sorted((disk for disk in instance.disks if disk.tag and disk.device), key=lambda disk: disk.device or "")
    devices: list[Data] = [
        {
            "type": "disk",
            "serial": disk.volume_id,
            "bus": "pci",
            "address": _pci_address(4 + 2 * _position(device_letter(disk.device or "a"))),
            "tags": [disk.tag],
        }
        for disk in disks
    ]
    trusted = {"vf_trusted": False} if version >= versions.ROCKY else {}
    for number, interface in enumerate(instance.interfaces):
        if interface.port.tag:
            address = {"bus": "pci", "address": _pci_address(3 + 2 * number), "tags": [interface.port.tag]}
            devices.append({**trusted, "type": "nic", "mac": interface.port.mac_address, **address})
    return devices


def _position(letters: str) -> int:
    """The number of a disk from its letters: 0 for a, 26 for aa."""
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - ord("a") + 1
    return position - 1


def _pci_address(number: int) -> str:
    return f"0000:{number // 32:02x}:{number % 32:02x}.0"


def _list_dedicated_cpus(instance: Instance) -> list[int]:
    """The guest's CPUs that have a CPU of the host for themselves: all of them or none."""
    flavor, properties = instance.server.flavor, instance.server.image.get("properties", {})
    policy = flavor.get("extra_specs", {}).get("hw:cpu_policy") or properties.get("hw_cpu_policy")
    return list(range(flavor["vcpus"])) if policy == "dedicated" else []
