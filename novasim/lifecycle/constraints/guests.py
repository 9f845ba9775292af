"""
What a flavor's extra specs and an image's properties may say together about devices, memory and sockets of a guest.

Source: nova/virt/hardware.py, the functions that nova/compute/api.py, _validate_flavor_image_numa_pci, calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from novasim.errors import BadRequest, NovaFault
from novasim.lifecycle.image_properties import CHOICES
from novasim.strutils import bool_from_string

CONFLICT = (
    "Flavor {flavor} has hw:{key} extra spec explicitly set to {spec}, conflicting with image {image} which has "
    "hw_{key} explicitly set to {property}."
)
PACKED_CONFLICT = (
    "Flavor has hw:{key} extra spec explicitly set to {spec}, conflicting with image which has hw_{key} explicitly "
    "set to {property}."
)
NO_UEFI = (
    "Memory encryption is requested by {} but the image metadata doesn't have the 'hw_firmware_type' property set to "
    "'uefi'"
)
NO_Q35 = "Machine type '{}' is not compatible with image {} ({}): q35 type is required for SEV to work"
STATEFUL = (
    "The {} memory encryption model requires stateless firmware but the image metadata doesn't have the "
    "'hw_firmware_stateless' property set to True"
)
UNKNOWN_MODEL = "Invalid memory encryption model {!r}. Allowed values: {}."
ENCRYPTION_CONFLICT = (
    "Flavor {flavor} has hw:{key} extra spec explicitly set to {spec}, conflicting with image {image} which has "
    "hw_{key} property explicitly set to {property}"
)
LOCKED_CONFLICT = (
    "locked_memory value in image ({property}) and flavor ({spec}) conflict. A consistent value is expected if both "
    "specified."
)
LOCKED_FORBIDDEN = "locked_memory value in image or flavor is forbidden when mem_page_size is not set."
PORTS_INVALID = "Number of serial ports specified in flavor is invalid: expected an integer, got '{}'"
PORTS_EXCEEDED = "Forbidden to exceed flavor value of number of serial ports passed in image meta."
SPEC_INVALID = "Invalid flavor extra spec. Error: {}"
LIMITS_EXCEEDED = "Image vCPU topology limits ({}) exceeds the limits of the flavor ({})"
TOPOLOGY_EXCEEDED = "Image vCPU topology ({}) exceeds the limits of the flavor or image ({})"
PARTS = ("sockets", "cores", "threads")
UNLIMITED = 65536


class Guest(NamedTuple):
    """
    A flavor and an image for a server.

    Args:
        flavor: The name of the flavor. specs: its extra specs.
        image, image_id: The name and the ID of the image; None without one. properties: its properties.
    """

    flavor: str
    vcpus: int
    specs: Mapping[str, Any]
    image: str | None
    image_id: str | None
    properties: Mapping[str, Any]

    def switch(self, key: str) -> tuple[bool | None, bool | None]:
        """Whether the flavor and the image switch something on; None if one does not say it."""
        values = self.specs.get(f"hw:{key}"), self.properties.get(f"hw_{key}")
        spec, own = (None if value is None else bool_from_string(value) for value in values)
        return spec, own

    def find_conflict(self, key: str, text: str = CONFLICT) -> str:
        """The refusal of a flavor and an image that differ in a switch; "" if they do not."""
        spec, own = self.switch(key)
        if spec is None or own is None or spec == own:
            return ""
        return text.format(flavor=self.flavor, key=key, spec=spec, image=self.image, property=own)

    def describe_encryption_conflict(self, key: str, own: Any) -> str:
        """The refusal of different values about encrypted memory. That of the flavor is shown as it is."""
        values = {"flavor": self.flavor, "spec": self.specs[f"hw:{key}"], "image": self.image, "property": own}
        return ENCRYPTION_CONFLICT.format(key=key, **values)


def guest_refusals(guest: Guest) -> Iterator[NovaFault]:
    """Yield a refusal (400) if a flavor and an image contradict each other or themselves."""
    if not any(key.startswith("hw") for key in (*guest.specs, *guest.properties)):
        return
    for check in CHECKS:
        if message := check(guest):
            yield BadRequest(reason=message)
            return


def device_refusals(specs: Mapping[str, Any]) -> Iterator[NovaFault]:
    """
    Yield a refusal (400) of extra specs for PCI devices and accelerators: the simulated hosts have none of them.

    Source: nova/pci/request.py, _translate_alias_to_requests; nova/accelerator/cyborg.py.
    """
    if alias := str(specs.get("pci_passthrough:alias") or ""):
        yield BadRequest(reason=f"PCI alias {alias.split(':')[0].strip()} is not defined")
    if profile := specs.get("accel:device_profile"):
        yield BadRequest(reason=f"Device profile name {profile}: Could not communicate with Cyborg.")


def _check_packed_ring(guest: Guest) -> str:
    return guest.find_conflict("virtio_packed_ring", PACKED_CONFLICT)


def _check_encryption(guest: Guest) -> str:
    """Source: get_mem_encryption_constraint and MemEncryptionConfigSev."""
    spec, own = guest.switch("mem_encryption")
    if not spec and not own:
        return ""
    if spec is not None and own is not None and spec != own:
        return guest.describe_encryption_conflict("mem_encryption", own)
    return _check_encryption_model(guest) or _check_machine(guest, bool(spec), bool(own))


def _check_encryption_model(guest: Guest) -> str:
    spec, own = guest.specs.get("hw:mem_encryption_model"), guest.properties.get("hw_mem_encryption_model")
    if spec is not None and own is not None and spec != own:
        return guest.describe_encryption_conflict("mem_encryption_model", own)
    model, known = own or spec, CHOICES["hw_mem_encryption_model"]
    return UNKNOWN_MODEL.format(model, ", ".join(known)) if model and model not in known else ""


def _check_machine(guest: Guest, by_flavor: bool, by_image: bool) -> str:
    """Check the firmware and the machine type of a guest whose memory is encrypted."""
    properties = guest.properties
    if properties.get("hw_firmware_type") != "uefi":
        requesters = [f"hw:mem_encryption extra spec in {guest.flavor} flavor"] if by_flavor else []
        requesters += [f"hw_mem_encryption property of image {guest.image_id or '<no-id>'}"] if by_image else []
        return NO_UEFI.format(" and ".join(requesters))
    machine = properties.get("hw_machine_type")
    if machine is not None and "q35" not in str(machine):
        return NO_Q35.format(machine, guest.image, guest.image_id or "<no-id>")
    model = properties.get("hw_mem_encryption_model") or guest.specs.get("hw:mem_encryption_model")
    is_stateful = not bool_from_string(properties.get("hw_firmware_stateless"))
    return STATEFUL.format(model) if model == "amd-sev-snp" and is_stateful else ""


def _check_pmu(guest: Guest) -> str:
    return guest.find_conflict("pmu")


def _check_serial_ports(guest: Guest) -> str:
    spec, own = guest.specs.get("hw:serial_port_count"), guest.properties.get("hw_serial_port_count")
    if not spec:
        return ""
    try:
        limit = int(spec)
    except ValueError:
        return PORTS_INVALID.format(spec)
    ports = _read_number(own)
    return PORTS_EXCEEDED if limit and ports and ports > limit else ""


def _read_number(value: Any) -> int:
    """The number in an image property; 0 without one, and for a value that is refused elsewhere."""
    return int(value) if str(value).isdecimal() else 0


def _check_topology(guest: Guest) -> str:
    """Source: get_cpu_topology_constraints."""
    try:
        limits = [int(guest.specs.get(f"hw:cpu_max_{part}", 0)) for part in PARTS]
        _ = [int(guest.specs.get(f"hw:cpu_{part}", 0)) for part in PARTS]
    except ValueError as error:
        return SPEC_INVALID.format(error)
    own_limits = [_read_number(guest.properties.get(f"hw_cpu_max_{part}")) for part in PARTS]
    if any(limit and own > limit for own, limit in zip(own_limits, limits, strict=True)):
        return LIMITS_EXCEEDED.format(_describe(own_limits), _describe(limits))
    highest = [own or limit or UNLIMITED for own, limit in zip(own_limits, limits, strict=True)]
    parts = [_read_number(guest.properties.get(f"hw_cpu_{part}")) for part in PARTS]
    if any(part > limit for part, limit in zip(parts, highest, strict=True)):
        return TOPOLOGY_EXCEEDED.format(_describe(parts), _describe(highest))
    return ""


def _describe(parts: list[int]) -> str:
    return ", ".join(f"{name}={count}" for name, count in zip(PARTS, parts, strict=True))


def _check_multiqueue(guest: Guest) -> str:
    return guest.find_conflict("vif_multiqueue_enabled") if guest.vcpus > 1 else ""


def _check_locked_memory(guest: Guest) -> str:
    if conflict := guest.find_conflict("locked_memory", LOCKED_CONFLICT):
        return conflict
    has_pages = guest.specs.get("hw:mem_page_size") or guest.properties.get("hw_mem_page_size")
    return LOCKED_FORBIDDEN if any(guest.switch("locked_memory")) and not has_pages else ""


CHECKS: tuple[Callable[[Guest], str], ...] = (
    _check_packed_ring,
    _check_encryption,
    _check_pmu,
    _check_serial_ports,
    _check_topology,
    _check_multiqueue,
    _check_locked_memory,
)
"""In Nova's order."""
