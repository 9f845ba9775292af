"""Extra specs of flavors, which Nova validates from 2.86."""

from __future__ import annotations

import re

import pytest

from tests.play import Play


@pytest.fixture(scope="module")
def play():
    return Play()


def set_spec(play, name, value, minor=86):
    return play.ask("POST", "/flavors/1/os-extra_specs", {"extra_specs": {name: value}}, "admin", minor)


ACCEPTED = """
    hw:cpu_policy dedicated
    hw:cpu_realtime yes
    hw:cpu_realtime_mask ^0-1
    hw:mem_page_size 2MB
    hw:numa_nodes 2
    hw:numa_cpus.0 0,1
    hw:numa_mem.12 512
    hw:redirected_usb_ports 15
    hw_rng:allowed True
    hide_hypervisor_id 1
    group_policy isolate
    os:secure_boot required
    pci_passthrough:alias a1:2,b:1
    quota:cpu_quota -1
    quota:disk_read_iops_sec 10
    resources:VCPU 0
    resources_NIC1:CUSTOM_THING 1
    resources1:VGPU 1
    trait:HW_CPU_X86_AVX2 required
    trait_A:CUSTOM_FAST forbidden
    capabilities:cpu_info:features >
    capabilities:hypervisor_type QEMU
    aggregate_instance_extra_specs:ssd true
    accel:device_profile x
    vmware:hw_version vmx-13
    my:own anything
    free anything
""".strip().splitlines()

REFUSED = """
    hw:cpu_policy nonsense                    | is not one of: dedicated, shared, mixed.
    hw:bogus 1                                | does not appear to be a valid extra spec.
    hw:cpu_realtime maybe                     | is not a valid boolean-like value.
    hw:numa_nodes 0                           | is less than the min value of '1'.
    hw:numa_nodes two                         | is not a valid integer value.
    hw:numa_cpus.x 0                          | does not appear to be a valid extra spec.
    hw:redirected_usb_ports 16                | is greater than the max value of '15'.
    hw:mem_page_size huge                     | is not of the format
    hw:cpu_dedicated_mask a                   | is not of the format
    hw_rng:rate_bytes -1                      | is less than the min value of '0'.
    group_policy both                         | is not one of: isolate, none.
    os:type linux                             | does not appear to be a valid extra spec.
    pci_passthrough:alias a1                  | is not of the format
    quota:disk_read_iops_sec fast             | is not a valid integer value.
    resources:NOSUCH 1                        | does not appear to be a valid extra spec.
    resources:CUSTOM_lower 1                  | does not appear to be a valid extra spec.
    trait:NOSUCH required                     | does not appear to be a valid extra spec.
    trait:HW_CPU_X86_AVX2 wanted              | is not one of: required, forbidden.
    capabilities:nosuch 1                     | does not appear to be a valid extra spec.
    vmware:nosuch 1                           | does not appear to be a valid extra spec.
""".strip().splitlines()


@pytest.mark.parametrize("case", ACCEPTED, ids=str.strip)
def test_accepted(play, case):
    assert set_spec(play, *case.split()).code == 200


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.split("|")[0].strip())
def test_refused_from_2_86(play, case):
    spec, reason = map(str.strip, case.split("|"))
    name, value = spec.split()
    answer = set_spec(play, name, value)
    message = answer.body["badRequest"]["message"]
    assert answer.code == 400
    assert re.match(r"Validation failed; (extra spec )?'", message) and reason in message
    answer = play.ask("PUT", f"/flavors/1/os-extra_specs/{name}", {name: value}, "admin", 86)
    assert answer.code == 400
    assert set_spec(play, name, value, minor=85).code == 200
    play.ask("DELETE", f"/flavors/1/os-extra_specs/{name}", who="admin")


def test_a_refusal_changes_nothing(play):
    body = {"extra_specs": {"hw:cpu_policy": "shared", "hw:bogus": "1"}}
    assert play.ask("POST", "/flavors/2/os-extra_specs", body, "admin", 86).code == 400
    assert play.ask("GET", "/flavors/2/os-extra_specs").body == {"extra_specs": {}}


def test_long_numbers(play):
    assert set_spec(play, "x", 10**300, minor=1).code == 400
