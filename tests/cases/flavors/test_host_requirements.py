"""What extra specs and image properties require of a host: traits, resources, devices; also those of a new flavor."""

from __future__ import annotations

import pytest

from tests import each_case
from tests.cases.public.world import Cases, refusal

NO_HOST = "No valid host was found. "


class Flavors(Cases):
    """Flavors with extra specs."""

    def flavor(self, name: str = "f", **specs: str) -> str:
        body = {"flavor": {"name": name, "ram": 512, "vcpus": 2, "disk": 5}}
        id = self.ask("POST", "/flavors", body, "admin").body["flavor"]["id"]
        answer = self.ask("POST", f"/flavors/{id}/os-extra_specs", {"extra_specs": specs}, "admin", minor=85)
        assert answer.code == 200, answer
        return id

    def allocation(self, server: str) -> dict[str, int]:
        answer = self.ask("GET", f"/allocations/{server}", who="admin", minor=28, service="placement")
        (allocation,) = answer.body["allocations"].values()
        return allocation["resources"]

    def aggregate(self, host: str, **metadata: str) -> None:
        id = self.ask("POST", "/os-aggregates", {"aggregate": {"name": host}}, "admin").body["aggregate"]["id"]
        for action in ({"add_host": {"host": host}}, {"set_metadata": {"metadata": metadata}}):
            assert self.ask("POST", f"/os-aggregates/{id}/action", action, "admin").code == 200


@pytest.fixture
def play():
    return Flavors()


@each_case(
    "specs, is_met",
    [
        ({"trait:COMPUTE_NODE": "required"}, True),
        ({"trait:COMPUTE_NODE": "forbidden"}, False),
        ({"trait:CUSTOM_GOLD": "required"}, False),
        ({"trait1:CUSTOM_GOLD": "required"}, False),
        ({"trait:CUSTOM_GOLD": "forbidden"}, False),  # Placement refuses a query with a trait that it does not know
        ({"trait:compute_node": "forbidden"}, False),
        ({"trait:": "forbidden"}, False),
        ({"trait:HW_CPU_X86_VMX": "forbidden"}, True),
        ({"trait:HW_CPU_X86_VMX": "required"}, False),
        ({"trait1:HW_CPU_X86_VMX": "forbidden"}, False),  # no resources in the group
        ({"trait1:HW_CPU_X86_VMX": "forbidden", "resources1:DISK_GB": "1"}, True),
        ({"trait:CUSTOM_GOLD": "perhaps"}, True),
        ({"resources:CUSTOM_LICENCE": "1"}, False),
        ({"resources1:VGPU": "1"}, False),
        ({"resources:VGPU": "0"}, True),
        ({"resources1:VGPU": "0"}, False),
        ({"resources1:DISK_GB": "1", "resources_2:DISK_GB": "2"}, False),  # no group_policy
        ({"resources1:DISK_GB": "1", "resources_2:DISK_GB": "2", "group_policy": "any"}, False),
        ({"resources1:DISK_GB": "1", "resources_2:DISK_GB": "2", "group_policy": "isolate"}, False),
        ({"resources1:DISK_GB": "1", "resources_2:DISK_GB": "2", "group_policy": "none"}, True),
        ({"resources:VCPU": "17"}, False),  # more than the processors of a host
        ({"resources:MEMORY_MB": "999999"}, False),
        ({"resources1:MEMORY_MB": "999999"}, False),
        ({"resources:VGPUS": "1"}, True),
        ({"resources:VGPU": "-1"}, True),
        ({"resources:VGPU": "\u00b2"}, True),
        ({"hw:tpm_version": "2.0"}, False),
        ({"hw:pmem": " , "}, True),
        ({"hw:pmem": "6GB"}, False),
        ({"os:secure_boot": "required"}, False),
        ({"os:secure_boot": "optional"}, True),
        ({"hw:maxphysaddr_mode": "passthrough"}, False),
        ({"hw:virtio_packed_ring": "true"}, False),
        ({"hw:virtio_packed_ring": "false"}, True),
        ({"hw:ephemeral_encryption": "true", "hw:ephemeral_encryption_format": "luks"}, False),
        ({"hw:sound_model": "virtio"}, False),
        ({"hw:sound_model": "sb16"}, True),
        ({"hw:pci_numa_affinity_policy": "socket"}, False),
    ],
)
def test_traits_and_resources(specs, is_met):
    """Source: nova/scheduler/utils.py, ResourceRequest."""
    play = Flavors()
    server = play.server_of(flavorRef=play.flavor(**specs))
    assert play.state(server)[0] == ("ACTIVE" if is_met else "ERROR")
    assert is_met or play.fault(server) == NO_HOST


def test_resources_replace_those_of_the_flavor(play):
    flavor = play.flavor(**{"resources:VCPU": "1", "resources:DISK_GB": "0"})
    assert play.allocation(play.server_of(flavorRef=flavor)) == {"VCPU": 1, "MEMORY_MB": 512}


def test_amounts_that_are_none_leave_those_of_the_flavor(play):
    """Source: nova/objects/request_spec.py, RequestGroup.add_resource; merged_resources of ResourceRequest."""
    flavor = play.flavor(**{"resources:VCPU": "many", "resources:MEMORY_MB": "-1", "resources:DISK_GB": "1_0"})
    assert play.allocation(play.server_of(flavorRef=flavor)) == {"VCPU": 2, "MEMORY_MB": 512, "DISK_GB": 10}
    groups = {"resources1:DISK_GB": "1", "resources2:DISK_GB": "2", "group_policy": "none"}
    flavor = play.flavor("g", **groups)
    assert play.allocation(play.server_of(flavorRef=flavor))["DISK_GB"] == 3


@each_case(
    "property, value, is_met",
    [
        ("trait:CUSTOM_GOLD", "required", False),
        ("trait:COMPUTE_NODE", "forbidden", True),
        ("trait1:CUSTOM_GOLD", "required", True),
        ("resources:VGPU", "1", True),
        ("hw_tpm_version", "1.2", False),
        ("os_secure_boot", "required", False),
        ("hw_maxphysaddr_mode", "emulate", False),
        ("hw_sound_model", "virtio", False),
        ("hw_firmware_stateless", "true", True),
    ],
)
def test_requirements_of_an_image(property, value, is_met):
    """Source: nova/objects/image_meta.py, _set_attr_from_trait_names."""
    play = Flavors()
    change = [{"op": "add", "path": f"/{property}", "value": value}]
    assert play.ask("PATCH", f"/v2/images/{play.image}", change, "admin", service="image").code == 200
    server = play.server_of()
    assert play.state(server)[0] == ("ACTIVE" if is_met else "ERROR")
    assert is_met or play.fault(server) == NO_HOST


@each_case(
    "specs, message, message_of_resize",
    [
        ({"pci_passthrough:alias": "gpu:1, nic:2"}, "PCI alias gpu is not defined", "PCI alias gpu is not defined"),
        (
            {"accel:device_profile": "p"},
            "Device profile name p: Could not communicate with Cyborg.",
            "Feature not supported with instances that have accelerators.",
        ),
    ],
)
def test_devices_that_no_host_has(specs, message, message_of_resize):
    play = Flavors()
    server, flavor = play.server_of(), play.flavor(**specs)
    assert refusal(play.ask_for_server(flavorRef=flavor), 400) == message
    assert refusal(play.act(server, "resize", {"flavorRef": flavor}), 400) == message_of_resize


def test_a_resize_looks_for_a_host_of_the_new_flavor():
    play = Flavors(enabled_filters=["ComputeFilter", "ComputeCapabilitiesFilter", "AggregateInstanceExtraSpecsFilter"])
    play.aggregate("host3", disk="ssd")
    server = play.create()
    assert play.act(server, "resize", {"flavorRef": play.flavor(**{"capabilities:hypervisor_type": "xen"})}).code == 202
    assert play.state(server) == ("ACTIVE", None)
    body = {"flavor": {"name": "g", "ram": 512, "vcpus": 1, "disk": 5, "id": "g"}}
    assert play.ask("POST", "/flavors", body, "admin").code == 200
    specs = {"extra_specs": {"aggregate_instance_extra_specs:disk": "ssd"}}
    assert play.ask("POST", "/flavors/g/os-extra_specs", specs, "admin").code == 200
    assert play.act(server, "resize", {"flavorRef": "g"}).code == 202
    assert (play.state(server)[0], play.server(server).host) == ("VERIFY_RESIZE", "host3")


@each_case(
    "specs, trait, reason",
    [
        ({}, "COMPUTE_NODE", ""),
        ({}, "HW_CPU_X86_VMX", "Image traits cannot be satisfied by the current resource providers."),
        ({"trait:HW_CPU_X86_VMX": "forbidden"}, "HW_CPU_X86_VMX", "Image traits are part of forbidden traits"),
    ],
)
def test_traits_of_a_new_image_in_a_rebuild(specs, trait, reason):
    """Source: nova/conductor/manager.py, _validate_image_traits_for_rebuild."""
    play = Flavors()
    server = play.server_of(flavorRef=play.flavor(**specs))
    change = [{"op": "add", "path": f"/trait:{trait}", "value": "required"}]
    assert play.ask("PATCH", f"/v2/images/{play.deb}", change, "admin", service="image").code == 200
    assert play.act(server, "rebuild", {"imageRef": play.deb}).code == 202
    assert play.state(server) == ("ERROR" if reason else "ACTIVE", None)
    assert play.server(server).image_id == (play.image if reason else play.deb)
    assert not reason or play.fault(server).startswith(NO_HOST + reason)
