"""
What a flavor and an image request together of features for which a host needs traits, such as a TPM or secure boot.

The API checks some of them; the others fail when the scheduler reads the request.

Source: nova/virt/hardware.py; nova/scheduler/utils.py, ResourceRequest; nova/scheduler/request_filter.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from novasim.errors import BadRequest, Forbidden, NovaFault
from novasim.lifecycle.constraints.guests import Guest
from novasim.lifecycle.image_properties import CHOICES
from novasim.strutils import bool_from_string

CONFLICT = (
    "Flavor {flavor} has {prefix}:{key} extra spec explicitly set to {spec}, conflicting with image {image} which has "
    "{prefix}_{key} explicitly set to {property}."
)
ENCRYPTION_CONFLICT = (
    "Flavor {flavor} has hw:ephemeral_encryption extra spec explicitly set to {spec}, conflicting with image {image} "
    "which has hw_eph_encryption property explicitly set to {property}"
)
UNKNOWN = "Invalid {word} {value!r}. Allowed values: {choices}."
UNKNOWN_FORMAT = "Invalid ephemeral encryption format {value}. Allowed values: {choices}"
PCI_CONFLICT = (
    "Image property 'hw_pci_numa_affinity_policy' is not permitted to override the 'hw:pci_numa_affinity_policy' "
    "flavor extra spec."
)
PCI_UNKNOWN = "Invalid PCI NUMA affinity configured: {value}"
CRB_NEEDS_2_0 = "TPM model CRB is only valid with TPM version 2.0."
ADDRESS_TRAITS = {
    "passthrough": "COMPUTE_ADDRESS_SPACE_PASSTHROUGH",
    "emulate": "COMPUTE_ADDRESS_SPACE_EMULATED",
}


class Contradiction(Exception):
    """
    A value that is invalid, or that the flavor and the image set differently.

    Args:
        code: The code of the fault of a server that fails for it.
    """

    def __init__(self, message: str, code: int = 500) -> None:
        super().__init__(message)
        self.code = code


def device_conflict_refusals(guest: Guest) -> Iterator[NovaFault]:
    """Yield a refusal (400) if the sound device is contradictory or unknown, as creates and rebuilds check it."""
    try:
        _read(guest, "sound_model", "sound device model")
    except Contradiction as error:
        yield BadRequest(reason=str(error))


def build_conflict_refusals(guest: Guest) -> Iterator[NovaFault]:
    """Yield a refusal of values that only a create checks: the PCI NUMA policy (403) and encryption (400)."""
    try:
        _check_pci_policy(guest)
    except Contradiction as error:
        yield BadRequest(reason=str(error)) if error.code == BadRequest.http else Forbidden(reason=str(error))
    try:
        _check_encryption(guest)
    except Contradiction as error:
        yield BadRequest(reason=str(error))


def check_features(guest: Guest) -> None:
    """
    Check what the scheduler reads, in its order.

    Raises:
        Contradiction: a value is invalid, or the flavor and the image differ in it.
    """
    _check_encryption(guest)
    _read(guest, "sound_model", "sound device model")
    _check_tpm(guest)
    _check_pci_policy(guest)
    _read(guest, "secure_boot", "secure boot policy", prefix="os")
    _read(guest, "maxphysaddr_mode", "Maxphyaddr mode")


def list_feature_traits(specs: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[str]:
    """Yield the traits that a host needs for the features of a guest, but for those of TPMs and encrypted memory."""

    def find(key: str, prefix: str = "hw") -> Any:
        return specs.get(f"{prefix}:{key}") or properties.get(f"{prefix}_{key}")

    if bool_from_string(find("virtio_packed_ring")):
        yield "COMPUTE_NET_VIRTIO_PACKED"
    if bool_from_string(find("ephemeral_encryption")):
        yield "COMPUTE_EPHEMERAL_ENCRYPTION"
        if format := find("ephemeral_encryption_format"):
            yield f"COMPUTE_EPHEMERAL_ENCRYPTION_{format}".upper()
    if find("sound_model") == "virtio":
        yield "COMPUTE_SOUND_MODEL_VIRTIO"
    if find("pci_numa_affinity_policy") == "socket":
        yield "COMPUTE_SOCKET_PCI_NUMA_AFFINITY"
    if find("secure_boot", "os") == "required":
        yield "COMPUTE_SECURITY_UEFI_SECURE_BOOT"
    if trait := ADDRESS_TRAITS.get(str(find("maxphysaddr_mode"))):
        yield trait
    if properties.get("hw_firmware_type") == "uefi" and bool_from_string(properties.get("hw_firmware_stateless")):
        yield "COMPUTE_SECURITY_STATELESS_FIRMWARE"


def _read(guest: Guest, key: str, word: str, prefix: str = "hw", unknown: str = UNKNOWN) -> Any:
    """The value of a feature. Raises Contradiction: it is unknown, or the flavor and the image differ."""
    spec, own = guest.specs.get(f"{prefix}:{key}"), guest.properties.get(f"{prefix}_{key}")
    if spec and own and spec != own:
        values = {"flavor": guest.flavor, "image": guest.image, "spec": spec, "property": own}
        raise Contradiction(CONFLICT.format(prefix=prefix, key=key, **values))
    choices = CHOICES[f"{prefix}_{key}"]
    if (value := spec or own) and value not in choices:
        raise Contradiction(unknown.format(word=word, value=value, choices=", ".join(choices)), BadRequest.http)
    return value


def _check_encryption(guest: Guest) -> None:
    spec, own = guest.switch("ephemeral_encryption")
    if spec is not None and own is not None and spec != own:
        values = {"flavor": guest.flavor, "image": guest.image, "spec": guest.specs["hw:ephemeral_encryption"]}
        raise Contradiction(ENCRYPTION_CONFLICT.format(property=own, **values))
    if spec or own:
        _read(guest, "ephemeral_encryption_format", "", unknown=UNKNOWN_FORMAT)


def _check_tpm(guest: Guest) -> None:
    version = _read(guest, "tpm_version", "TPM version")
    if version and _read(guest, "tpm_model", "TPM model") == "tpm-crb" and version != "2.0":
        raise Contradiction(CRB_NEEDS_2_0, BadRequest.http)


def _check_pci_policy(guest: Guest) -> None:
    key = "pci_numa_affinity_policy"
    spec, own = guest.specs.get(f"hw:{key}"), guest.properties.get(f"hw_{key}")
    if spec and own and spec != own:
        raise Contradiction(PCI_CONFLICT, Forbidden.http)
    if (value := spec or own) and value not in CHOICES[f"hw_{key}"]:
        raise Contradiction(PCI_UNKNOWN.format(value=value), BadRequest.http)
