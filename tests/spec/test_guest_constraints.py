"""
What a flavor and an image may say together about devices, memory and sockets of a guest.

Source: nova/virt/hardware.py.
"""

from __future__ import annotations

from novasim.lifecycle.constraints.guests import Guest, guest_refusals
from tests import each_case
from tests.cases.public.world import Cases, refusal

SERIAL = "Forbidden to exceed flavor value of number of serial ports passed in image meta."
LIMITS = (
    "Image vCPU topology limits (sockets=0, cores=9, threads=0) exceeds the limits of the flavor (sockets=0, cores=8, "
    "threads=0)"
)
TOPOLOGY = (
    "Image vCPU topology (sockets=0, cores=5, threads=0) exceeds the limits of the flavor or image (sockets=65536, "
    "cores=4, threads=65536)"
)
UEFI = "Memory encryption is requested by {} but the image metadata doesn't have the 'hw_firmware_type' property set to"
SPEC, PROPERTY = "hw:mem_encryption extra spec in f flavor", "hw_mem_encryption property of image ID"
ENCRYPTED, SECURE = {"hw:mem_encryption": "true"}, {"hw_firmware_type": "uefi"}
LOCKED = "locked_memory value in image or flavor is forbidden when mem_page_size is not set."


def conflict(key, flavor="Flavor f", image="image i"):
    return f"{flavor} has hw:{key} extra spec explicitly set to True, conflicting with {image} which has hw_{key}"


CASES = [
    # vcpus, extra specs, properties, the beginning of the refusal
    (2, {}, {}, ""),
    (2, {"hw:pmu": "true"}, {"hw_pmu": "yes"}, ""),
    (2, {"hw:pmu": "true"}, {"hw_pmu": "no"}, conflict("pmu")),
    (2, {"hw:pmu": "true"}, {}, ""),
    (2, {"hw:vif_multiqueue_enabled": "true"}, {"hw_vif_multiqueue_enabled": "0"}, conflict("vif_multiqueue_enabled")),
    (1, {"hw:vif_multiqueue_enabled": "true"}, {"hw_vif_multiqueue_enabled": "0"}, ""),
    (
        2,
        {"hw:virtio_packed_ring": "true"},
        {"hw_virtio_packed_ring": "0"},
        conflict("virtio_packed_ring", flavor="Flavor", image="image"),
    ),
    (2, {"hw:serial_port_count": "2"}, {"hw_serial_port_count": "3"}, SERIAL),
    (2, {"hw:serial_port_count": "2"}, {"hw_serial_port_count": "2"}, ""),
    (2, {}, {"hw_serial_port_count": "9"}, ""),
    (2, {"hw:serial_port_count": "-1"}, {}, ""),
    (2, {"hw:serial_port_count": "x"}, {}, "Number of serial ports specified in flavor is invalid"),
    (2, {"hw:cpu_max_cores": "8"}, {"hw_cpu_max_cores": "9"}, LIMITS),
    (2, {"hw:cpu_max_cores": "8"}, {"hw_cpu_max_cores": "8"}, ""),
    (2, {"hw:cpu_max_cores": "8"}, {"hw_cpu_max_cores": "4", "hw_cpu_cores": "5"}, TOPOLOGY),
    (2, {"hw:cpu_max_cores": "4"}, {"hw_cpu_cores": "5"}, TOPOLOGY),
    (2, {"hw:cpu_cores": "9"}, {"hw_cpu_max_cores": "8"}, ""),
    (2, {"hw:cpu_cores": "x"}, {}, "Invalid flavor extra spec. Error: invalid literal"),
    (2, {"hw:cpu_max_threads": "x"}, {}, "Invalid flavor extra spec. Error: invalid literal"),
    (2, {"hw:mem_encryption": "false"}, {}, ""),
    (2, {"hw:mem_encryption": "true"}, {}, UEFI.format(SPEC)),
    (2, {"hw:mem_encryption": "true"}, {"hw_mem_encryption": "true"}, UEFI.format(f"{SPEC} and {PROPERTY}")),
    (
        2,
        {"hw:mem_encryption": "yes"},
        {"hw_mem_encryption": "false"},
        conflict("mem_encryption").replace("True", "yes") + " property explicitly set to False",
    ),
    (
        2,
        ENCRYPTED | {"hw:mem_encryption_model": "amd-sev"},
        SECURE | {"hw_mem_encryption_model": "amd-sev-es"},
        conflict("mem_encryption_model").replace("True", "amd-sev") + " property explicitly set to amd-sev-es",
    ),
    (2, ENCRYPTED | {"hw:mem_encryption_model": "x"}, SECURE, "Invalid memory encryption model 'x'. Allowed values"),
    (2, {"hw:mem_encryption_model": "x"}, SECURE, ""),
    (2, ENCRYPTED | {"hw:mem_encryption_model": "amd-sev-es"}, SECURE, ""),
    (
        2,
        ENCRYPTED | {"hw:mem_encryption_model": "amd-sev-snp"},
        SECURE,
        "The amd-sev-snp memory encryption model requires stateless firmware but the image metadata doesn't have",
    ),
    (2, ENCRYPTED | {"hw:mem_encryption_model": "amd-sev-snp"}, SECURE | {"hw_firmware_stateless": "true"}, ""),
    (2, {}, {"hw_mem_encryption": "true", "hw_firmware_type": "uefi"}, ""),
    (
        2,
        {"hw:mem_encryption": "true"},
        {"hw_firmware_type": "uefi", "hw_machine_type": "pc"},
        "Machine type 'pc' is not compatible with image i (ID): q35 type is required for SEV to work",
    ),
    (2, {"hw:mem_encryption": "true"}, {"hw_firmware_type": "uefi", "hw_machine_type": "pc-q35-2.11"}, ""),
    (2, {"hw:locked_memory": "true"}, {}, LOCKED),
    (2, {}, {"hw_locked_memory": "true"}, LOCKED),
    (2, {"hw:locked_memory": "true", "hw:mem_page_size": "large"}, {}, ""),
    (
        2,
        {"hw:locked_memory": "true", "hw:mem_page_size": "large"},
        {"hw_locked_memory": "false"},
        "locked_memory value in image (False) and flavor (True) conflict.",
    ),
]


@each_case("vcpus, specs, properties, message", CASES)
def test_contradictions(vcpus, specs, properties, message):
    found = [str(fault) for fault in guest_refusals(Guest("f", vcpus, specs, "i", "ID", properties))]
    assert len(found) == bool(message)
    assert not message or found[0].startswith(message)


def test_every_door_refuses_them():
    """A create, a rebuild and a resize."""
    play = Cases()
    server = play.create(flavor="2")
    change = [{"op": "add", "path": "/hw_pmu", "value": "no"}]
    assert play.ask("PATCH", f"/v2/images/{play.deb}", change, "admin", service="image").code == 200
    path = "/flavors/2/os-extra_specs"
    assert play.ask("POST", path, {"extra_specs": {"hw:pmu": "true"}}, "admin", minor=85).code == 200
    words = "Flavor m1.small has hw:pmu extra spec explicitly set to True, conflicting with image debian-12"
    assert refusal(play.ask_for_server(flavorRef="2", imageRef=play.deb), 400).startswith(words)
    with_specs = play.create(flavor="2")
    assert refusal(play.act(with_specs, "rebuild", {"imageRef": play.deb}), 400).startswith(words)
    assert play.act(server, "rebuild", {"imageRef": play.deb}).code == 202
    path = "/flavors/3/os-extra_specs"
    assert play.ask("POST", path, {"extra_specs": {"hw:pmu": "true"}}, "admin", minor=85).code == 200
    words = "Flavor m1.medium has hw:pmu extra spec explicitly set to True, conflicting with image None"
    assert refusal(play.act(server, "resize", {"flavorRef": "3"}), 400).startswith(words)
