"""The values of image properties, copied from Nova's ImageMetaProps and the types of its fields."""

from __future__ import annotations

import pytest

from novasim.lifecycle.image_properties import find_invalid_property
from tests import each_case

BUSES = "fdc ide sata scsi usb virtio xen lxc uml"
ARCHITECTURES = """
    alpha armv6 armv7l armv7b aarch64 cris i686 ia64 lm32 m68k microblaze microblazeel mips mipsel mips64 mips64el
    openrisc parisc parisc64 ppc ppcle ppc64 ppc64le ppcemb s390 s390x sh4 sh4eb sparc sparc64 unicore32 x86_64 xtensa
    xtensaeb i386 i486 i586 x86_32 x86_32p amd64
"""
# Values that only differ in case from one of these are invalid.
EXACT = {
    "hw_cdrom_bus": BUSES,
    "hw_disk_bus": BUSES,
    "hw_floppy_bus": BUSES,
    "hw_rescue_bus": BUSES,
    "hw_cpu_policy": "dedicated shared mixed",
    "hw_cpu_thread_policy": "prefer isolate require",
    "hw_ephemeral_encryption_format": "plain luks luksv2",
    "hw_firmware_type": "uefi bios",
    "hw_input_bus": "usb virtio",
    "hw_maxphysaddr_mode": "passthrough emulate",
    "hw_mem_encryption_model": "amd-sev amd-sev-es amd-sev-snp",
    "hw_pci_numa_affinity_policy": "required legacy preferred socket",
    "hw_pointer_model": "usbtablet",
    "hw_rescue_device": "cdrom disk floppy fs lun",
    "hw_rng_model": "virtio",
    "hw_sound_model": "sb16 es1370 pcspk ac97 ich6 ich9 usb virtio",
    "hw_tpm_model": "tpm-tis tpm-crb",
    "hw_tpm_version": "1.2 2.0",
    "hw_usb_model": "none nec-xhci qemu-xhci",
    "hw_video_model": "cirrus qxl vga vmvga xen virtio gop none bochs",
    "hw_viommu_model": "intel smmuv3 virtio auto",
    "hw_watchdog_action": "none pause poweroff reset disabled",
    "img_config_drive": "optional mandatory",
    "img_signature_hash_method": "SHA-224 SHA-256 SHA-384 SHA-512",
    "img_signature_key_type": """
        DSA ECC_SECP384R1 ECC_SECP521R1 ECC_SECT409K1 ECC_SECT409R1 ECC_SECT571K1 ECC_SECT571R1 RSA-PSS
    """,
    "os_secure_boot": "required disabled optional",
}
IN_ANY_CASE = {
    "hw_architecture": ARCHITECTURES,
    "hw_emulation_architecture": ARCHITECTURES,
    "architecture": ARCHITECTURES,
    "hw_scsi_model": "buslogic ibmvscsi lsilogic lsisas1068 lsisas1078 virtio-scsi vmpvscsi lsilogicsas paravirtual",
    "hw_vif_model": """
        virtio ne2k_pci pcnet rtl8139 e1000 e1000e netfront spapr-vlan lan9118 sriov vmxnet vmxnet3 igb virtuale1000
        virtuale1000e virtualpcnet32 virtualsriovethernetcard virtualvmxnet virtualvmxnet3
    """,
    "hw_vm_mode": "hvm xen uml exe pv hv baremetal",
    "vm_mode": "hvm xen uml exe pv hv baremetal",
    "img_hv_type": """
        baremetal bhyve docker fake hyperv ironic kqemu kvm lxc lxd openvz parallels phyp qemu test uml vbox vz vmware
        xen zvm prsm xapi
    """,
    "hypervisor_type": "kvm xapi",
    "os_type": "linux windows",
}
NUMBERS = """
    hw_cpu_cores hw_cpu_sockets hw_cpu_threads hw_cpu_max_cores hw_cpu_max_sockets hw_cpu_max_threads hw_device_id
    hw_maxphysaddr_bits hw_numa_nodes hw_redirected_usb_ports hw_serial_port_count hw_video_ram img_compression_level
    img_version vmware_image_version xenapi_device_id xenapi_image_compression_level
"""


@each_case(("name", "values"), (EXACT | IN_ANY_CASE).items())
def test_values_of_nova_are_accepted(name, values):
    for value in values.split():
        other, is_same = value.swapcase(), name in IN_ANY_CASE or value == value.swapcase()
        assert find_invalid_property({name: value}) == "", value
        assert (find_invalid_property({name: other}) == "") == is_same, value
        assert find_invalid_property({name: f"no-{value}"}), value


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("hw_disk_bus", "Field value No is invalid"),
        ("os_type", "Field value no is invalid"),
        ("hw_architecture", "Architecture name 'No' is not valid"),
        ("hw_emulation_architecture", "Architecture name 'No' is not valid"),
        ("img_hv_type", "Hypervisor virt type 'No' is not valid"),
        ("hw_vm_mode", "Virtual machine mode 'No' is not valid"),
        ("img_hv_requested_version", "Version No is not a valid predicate in field img_hv_requested_version"),
    ],
)
def test_the_error_of_nova(name, error):
    assert find_invalid_property({name: "No"}) == error


@each_case("name", NUMBERS.split())
def test_numbers(name):
    assert find_invalid_property({name: "16"}) == find_invalid_property({name: 16}) == ""
    assert find_invalid_property({name: "all"}) == "invalid literal for int() with base 10: 'all'"


@pytest.mark.parametrize("value", [">=1.0", "<= 2", "!=1.2.3, <9", "==v1", ">1.0rc1+local.1", " < 3.0-beta2 "])
@pytest.mark.parametrize("name", ["img_hv_requested_version", "hypervisor_version_requires"])
def test_predicates_of_versions(name, value):
    assert find_invalid_property({name: value}) == ""


@pytest.mark.parametrize("value", ["", "1.0", "=1.0", "=>1", ">=", ">1,", ">1..2", ">1 2"])
def test_what_is_not_a_predicate(value):
    assert find_invalid_property({"img_hv_requested_version": value})


def test_older_names_are_read_first_and_the_others_by_name():
    properties = {"hw_vm_mode": "2", "architecture": "1", "hw_disk_bus": "3", "os_type": "4"}
    found = []
    while properties:
        found.append(find_invalid_property(properties))
        properties = {name: value for name, value in properties.items() if f"'{value}'" not in found[-1]}
        properties = {name: value for name, value in properties.items() if f" {value} " not in found[-1]}
    assert found == [
        "Architecture name '1' is not valid",
        "Field value 3 is invalid",
        "Virtual machine mode '2' is not valid",
        "Field value 4 is invalid",
    ]


@pytest.mark.parametrize(("value", "is_valid"), [("ide", True), ("lsiLogicSAS", True), ("", True), ("virtio", False)])
def test_the_adapter_of_vmware_is_a_scsi_model(value, is_valid):
    assert (find_invalid_property({"vmware_adaptertype": value}) == "") == is_valid


class TestNumaNodes:
    @each_case("value", ["0", "0,2", "0-3", "0-3,^2", " 1 , ^ 2 ", "", "1 - 2", "^0", "^0-3", "2-2"])
    def test_processors(self, value):
        assert find_invalid_property({"hw_numa_cpus.0": value}) == ""

    @pytest.mark.parametrize(
        ("value", "error"),
        [
            ("a", "Invalid inclusion expression 'a'"),
            ("1,x", "Invalid inclusion expression 'x'"),
            ("^a", "Invalid exclusion expression '^a'"),
            ("1-b", "Invalid range expression '1-b'"),
            ("-1", "Invalid range expression '-1'"),
            ("3-1", "Invalid range expression '3-1'"),
            ("1-2-3", "Invalid range expression '1-2-3'"),
        ],
    )
    def test_what_is_not_a_list_of_processors(self, value, error):
        assert find_invalid_property({"hw_numa_cpus.0": value}) == error

    @pytest.mark.parametrize(("name", "last"), [("hw_numa_mem", "512"), ("hw_numa_cpus", "1")])
    def test_are_read_up_to_the_first_without_a_value(self, name, last):
        assert find_invalid_property({f"{name}.0": last, f"{name}.1": "x"})
        assert find_invalid_property({f"{name}.0": last, f"{name}.2": "x"}) == ""
        assert find_invalid_property({f"{name}.1": "x"}) == ""

    def test_are_at_most_128(self):
        properties = {f"hw_numa_mem.{node}": "1" for node in range(128)}
        assert find_invalid_property(properties | {"hw_numa_mem.128": "x"}) == ""
        assert find_invalid_property(properties | {"hw_numa_mem.127": "x"})

    def test_memory_is_read_before_processors(self):
        properties = {"hw_numa_cpus.0": "x", "hw_numa_mem.0": "y"}
        assert find_invalid_property(properties) == "invalid literal for int() with base 10: 'y'"
