"""
The values that image properties may have.

Source: nova/objects/image_meta.py and the enumerations of nova/objects/fields.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

BUSES = ("fdc", "ide", "sata", "scsi", "usb", "virtio", "xen", "lxc", "uml")
ARCHITECTURES = (
    *("alpha", "armv6", "armv7l", "armv7b", "aarch64", "cris", "i686", "ia64", "lm32", "m68k"),
    *("microblaze", "microblazeel", "mips", "mipsel", "mips64", "mips64el", "openrisc", "parisc", "parisc64"),
    *("ppc", "ppcle", "ppc64", "ppc64le", "ppcemb", "s390", "s390x", "sh4", "sh4eb", "sparc", "sparc64"),
    *("unicore32", "x86_64", "xtensa", "xtensaeb"),
)
OTHER_ARCHITECTURES = ("i386", "i486", "i586", "x86_32", "x86_32p", "amd64")  # aliases of some architectures
HYPERVISORS = (
    *("baremetal", "bhyve", "docker", "fake", "hyperv", "ironic", "kqemu", "kvm", "lxc", "lxd", "openvz", "parallels"),
    *("phyp", "qemu", "test", "uml", "vbox", "vz", "vmware", "xen", "zvm", "prsm", "xapi"),
)
MODES = ("hvm", "xen", "uml", "exe", "pv", "hv", "baremetal")
NICS = (
    *("virtio", "ne2k_pci", "pcnet", "rtl8139", "e1000", "e1000e", "netfront", "spapr-vlan", "lan9118", "sriov"),
    *("vmxnet", "vmxnet3", "igb", "virtuale1000", "virtuale1000e", "virtualpcnet32", "virtualsriovethernetcard"),
    *("virtualvmxnet", "virtualvmxnet3"),
)
SCSI = (
    *("buslogic", "ibmvscsi", "lsilogic", "lsisas1068", "lsisas1078", "virtio-scsi", "vmpvscsi"),
    *("lsilogicsas", "paravirtual"),
)
KEY_TYPES = (
    *("DSA", "ECC_SECP384R1", "ECC_SECP521R1", "ECC_SECT409K1", "ECC_SECT409R1", "ECC_SECT571K1", "ECC_SECT571R1"),
    "RSA-PSS",
)
CHOICES: dict[str, tuple[str, ...]] = {
    "hw_cdrom_bus": BUSES,
    "hw_cpu_policy": ("dedicated", "shared", "mixed"),
    "hw_cpu_thread_policy": ("prefer", "isolate", "require"),
    "hw_disk_bus": BUSES,
    "hw_floppy_bus": BUSES,
    "hw_firmware_type": ("uefi", "bios"),
    "hw_input_bus": ("usb", "virtio"),
    "hw_mem_encryption_model": ("amd-sev", "amd-sev-es", "amd-sev-snp"),
    "hw_pci_numa_affinity_policy": ("required", "legacy", "preferred", "socket"),
    "hw_pointer_model": ("usbtablet",),
    "hw_rescue_bus": BUSES,
    "hw_rescue_device": ("cdrom", "disk", "floppy", "fs", "lun"),
    "hw_rng_model": ("virtio",),
    "hw_video_model": ("cirrus", "qxl", "vga", "vmvga", "xen", "virtio", "gop", "none", "bochs"),
    "hw_viommu_model": ("intel", "smmuv3", "virtio", "auto"),
    "hw_watchdog_action": ("none", "pause", "poweroff", "reset", "disabled"),
    "hw_tpm_model": ("tpm-tis", "tpm-crb"),
    "hw_tpm_version": ("1.2", "2.0"),
    "hw_ephemeral_encryption_format": ("plain", "luks", "luksv2"),
    "hw_maxphysaddr_mode": ("passthrough", "emulate"),
    "hw_sound_model": ("sb16", "es1370", "pcspk", "ac97", "ich6", "ich9", "usb", "virtio"),
    "hw_usb_model": ("none", "nec-xhci", "qemu-xhci"),
    "img_config_drive": ("optional", "mandatory"),
    "img_signature_hash_method": ("SHA-224", "SHA-256", "SHA-384", "SHA-512"),
    "img_signature_key_type": KEY_TYPES,
    "os_secure_boot": ("required", "disabled", "optional"),
}
LOWER_CHOICES = {  # case-insensitive values
    "hw_scsi_model": SCSI,
    "hw_vif_model": NICS,
    "os_type": ("linux", "windows"),
}
NAMES: dict[str, tuple[str, tuple[str, ...]]] = {  # kind of name, the names in lower case
    "hw_architecture": ("Architecture name", (*ARCHITECTURES, *OTHER_ARCHITECTURES)),
    "hw_emulation_architecture": ("Architecture name", (*ARCHITECTURES, *OTHER_ARCHITECTURES)),
    "img_hv_type": ("Hypervisor virt type", HYPERVISORS),
    "hw_vm_mode": ("Virtual machine mode", MODES),
}
NUMBERS = frozenset(
    (
        *("hw_cpu_cores", "hw_cpu_sockets", "hw_cpu_threads"),
        *("hw_cpu_max_cores", "hw_cpu_max_sockets", "hw_cpu_max_threads"),
        *("hw_device_id", "hw_numa_nodes", "hw_serial_port_count", "hw_video_ram", "hw_maxphysaddr_bits"),
        *("hw_redirected_usb_ports", "img_compression_level", "img_version"),
    )
)
LEGACY = {  # older names of properties
    "architecture": "hw_architecture",
    "vmware_image_version": "img_version",
    "xenapi_device_id": "hw_device_id",
    "xenapi_image_compression_level": "img_compression_level",
    "vm_mode": "hw_vm_mode",
    "hypervisor_version_requires": "img_hv_requested_version",
    "hypervisor_type": "img_hv_type",
}
MAX_NUMA_NODES = 128
PREDICATE = r"(?i)\s*(<=|>=|<|>|!=|==)\s*v?\d+(\.\d+)*([-_.]?[a-z]+[-_.]?\d*)*(\+[a-z0-9.]+)?\s*\Z"


def find_invalid_property(properties: Mapping[str, Any]) -> str:
    """Nova's error for the first property with an invalid value; "" if all are valid."""
    errors = (_find_error(name, value) for name, value in _by_current_name(properties))
    return next((error for error in errors if error), "") or _find_numa_error(properties)


def _by_current_name(properties: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The properties with older names first, as Nova reads them."""
    older = [(new, properties[old]) for old, new in LEGACY.items() if old in properties]
    adapter = properties.get("vmware_adaptertype")
    if adapter and adapter != "ide":
        older.append(("hw_scsi_model", adapter))
    return older + sorted(properties.items())


def _find_error(name: str, value: Any) -> str:
    text = str(value)
    if name in CHOICES:
        return "" if text in CHOICES[name] else f"Field value {text} is invalid"
    if name in LOWER_CHOICES:
        return "" if text.lower() in LOWER_CHOICES[name] else f"Field value {text.lower()} is invalid"
    if name in NAMES:
        kind, names = NAMES[name]
        return "" if text.lower() in names else f"{kind} '{text}' is not valid"
    if name in NUMBERS:
        return _find_parse_error(int, text)
    if name == "img_hv_requested_version" and not all(map(_is_predicate, text.split(","))):
        return f"Version {text} is not a valid predicate in field {name}"
    return ""


def _is_predicate(text: str) -> bool:
    """Whether a text requires a version, such as ">= 2.5". `re` alone would take years for some texts."""
    from novasim.regex import TooComplex, compile_search

    try:
        return compile_search(PREDICATE, at_start=True)(text)
    except TooComplex:
        return False


def _find_parse_error(parse: Callable[[str], object], text: str) -> str:
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return ""


def _find_numa_error(properties: Mapping[str, Any]) -> str:
    """Nova reads the values of the nodes 0, 1, ... up to the first that has none."""
    for name, parse in (("hw_numa_mem", int), ("hw_numa_cpus", _parse_cpus)):
        for node in range(MAX_NUMA_NODES):
            if (value := properties.get(f"{name}.{node}")) is None:
                break
            if error := _find_parse_error(parse, str(value)):
                return error
    return ""


def _parse_cpus(text: str) -> None:
    """Parse a list such as "0-3,^2". Raises ValueError. Source: nova/virt/hardware.py, parse_cpu_spec."""
    for rule in filter(None, map(str.strip, text.split(","))):
        first, is_range, last = rule.removeprefix("^").partition("-")
        try:
            is_valid = int(first) <= int(last if is_range else first)
        except ValueError:
            is_valid = False
        if not is_valid:
            kind = "range" if is_range else "exclusion" if rule.startswith("^") else "inclusion"
            raise ValueError(f"Invalid {kind} expression {rule!r}")
