"""Processors and NUMA nodes in extra specs and image properties: create, resize and rebuild refuse what is invalid."""

from __future__ import annotations

import pytest

from tests.play import Play

AVAILABLE = "available: '('dedicated', 'shared', 'mixed')'."
THREADS = "available: '('prefer', 'isolate', 'require')'."
MIXED = "Dedicated CPU set can be specified from either 'hw:cpu_dedicated_mask' or 'hw:cpu_realtime_mask'"
PINNED = "Image property 'hw_cpu_policy' is not permitted to override"
EMULATOR = "hw:emulator_threads_policy"

INVALID = [  # extra specs of a flavor with 2 vCPUs and 64 MiB, image properties, part of the message
    ({"hw:cpu_policy": "bad"}, {}, f"'flavor extra specs' is invalid, given: 'bad', {AVAILABLE}"),
    ({"hw:cpu_thread_policy": "bad"}, {}, f"'flavor extra specs' is invalid, given: 'bad', {THREADS}"),
    ({"hw:cpu_policy": "shared"}, {"hw_cpu_policy": "dedicated"}, PINNED),
    ({"hw:cpu_policy": "shared"}, {"hw_cpu_policy": "mixed"}, PINNED),
    ({"hw:cpu_policy": "mixed"}, {"hw_cpu_policy": "dedicated"}, PINNED),
    (
        {"hw:cpu_policy": "dedicated", "hw:cpu_thread_policy": "isolate"},
        {"hw_cpu_thread_policy": "require"},
        "Image property 'hw_cpu_thread_policy' is not permitted to override",
    ),
    ({"hw:cpu_thread_policy": "prefer"}, {}, "Cannot set cpu thread pinning policy in a non dedicated"),
    ({"hw:cpu_policy": "mixed"}, {}, MIXED),
    ({"hw:cpu_policy": "dedicated", "hw:cpu_dedicated_mask": "0"}, {}, "without the 'mixed' policy."),
    ({"hw:cpu_dedicated_mask": "0"}, {}, "without the 'mixed' policy."),
    ({EMULATOR: "bad"}, {}, "given: 'bad', available: '('share', 'isolate')'."),
    ({EMULATOR: "isolate"}, {}, "requires a dedicated CPU policy option."),
    ({"hw:cpu_realtime": "yes"}, {}, "Use of realtime CPUs requires"),
    ({"hw:cpu_realtime": "yes", "hw:cpu_realtime_mask": "^0"}, {}, "Cannot set realtime policy in a non dedicated"),
    ({"resources:VCPU": "2", "hw:cpu_policy": "shared"}, {}, "in combination with the 'hw:cpu_policy' extra spec"),
    ({"resources:PCPU": "2"}, {"hw_cpu_policy": "dedicated"}, "in combination with the 'hw:cpu_policy' extra spec"),
    ({"resources:VCPU": "1", "resources1:PCPU": "1"}, {}, "both 'resources:VCPU' and 'resources:PCPU'"),
    ({"resources:PCPU": "1"}, {}, "There is a mismatch between the number of PCPUs"),
    ({"resources:PCPU": "2", EMULATOR: "isolate"}, {}, "exactly flavor.vcpus + 1 PCPUs."),
    (
        {"hw:cpu_policy": "dedicated", "hw:cpu_thread_policy": "isolate", "trait:HW_CPU_HYPERTHREADING": "required"},
        {},
        "It is not possible to use the 'trait:HW_CPU_HYPERTHREADING' extra spec",
    ),
    ({"hw:numa_nodes": "0"}, {}, "The property 'numa_nodes' cannot be '0'."),
    ({"hw:numa_nodes": "x"}, {}, "The property 'numa_nodes' cannot be 'x'."),
    ({"hw:numa_nodes": "3"}, {}, "cannot be evenly distributed"),
    ({"hw:numa_nodes": "1"}, {"hw_numa_nodes": "1"}, "Image property 'hw_numa_nodes' is not permitted"),
    ({"hw:mem_page_size": "huge"}, {}, "Invalid memory page size 'huge'"),
    ({}, {"hw_mem_page_size": "large"}, "Page size large forbidden against '<empty>'"),
    ({"hw:mem_page_size": "small"}, {"hw_mem_page_size": "large"}, "Page size large forbidden against 'small'"),
]
MASK = "Mixed instance must have at least 1 pinned vCPU and 1 unpinned vCPU."
REALTIME = {"hw:cpu_policy": "dedicated", "hw:cpu_realtime": "yes"}
INVALID += [  # masks: "^" at the beginning excludes from all processors
    ({"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "0-1"}, {}, MASK),
    ({"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "^0-1"}, {}, MASK),
    ({"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "0,^0"}, {}, MASK),
    ({"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "0-7"}, {}, MASK),
    ({"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "1-3"}, {}, "Mixed instance dedicated vCPU(s) mask is not a"),
    ({"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "1-0"}, {}, "Invalid range expression '1-0'"),
    ({"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "^x"}, {}, "Invalid exclusion expression '^x'"),
    ({"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "x"}, {}, "Invalid inclusion expression 'x'"),
    ({"hw:cpu_policy": "dedicated", "hw:cpu_dedicated_mask": "0-1"}, {}, MASK),
    (REALTIME | {"hw:cpu_realtime_mask": "0-1"}, {}, "Use of realtime CPUs requires"),
    (REALTIME | {"hw:cpu_realtime_mask": "^0-1"}, {}, "Use of realtime CPUs requires"),
    (REALTIME | {"hw:cpu_realtime_mask": "1,2"}, {}, "RT vCPUs that are not a subset of the vCPUs in the flavor."),
    (REALTIME | {"hw:cpu_realtime_mask": "^0"}, {"hw_cpu_realtime_mask": "0-1"}, "Use of realtime CPUs requires"),
    (REALTIME | {"hw:cpu_realtime_mask": "0-999999999"}, {}, "RT vCPUs that are not a subset"),
    (REALTIME | {"hw:cpu_realtime_mask": "^0", EMULATOR: "bad"}, {}, "given: 'bad', available"),
]
NODES = {"hw:numa_nodes": "2"}
CPUS = {"hw:numa_cpus.0": "0", "hw:numa_cpus.1": "1"}
MEMORY = {"hw:numa_mem.0": "32", "hw:numa_mem.1": "32"}
INCOMPLETE = "CPU and memory allocation must be provided for all NUMA nodes"
OWN_CPUS = {"hw_numa_cpus.0": "0", "hw_numa_cpus.1": "1"}
INVALID += [  # processors and memory assigned to nodes
    (NODES | CPUS, {}, INCOMPLETE),
    (NODES | MEMORY, {}, INCOMPLETE),
    ({"hw:numa_nodes": "1"} | CPUS | MEMORY, {}, INCOMPLETE),
    ({"hw:cpu_policy": "dedicated", "hw:numa_cpus.0": "0-1"}, {}, INCOMPLETE),
    (NODES | {"hw:numa_cpus.1": "1"} | MEMORY, {}, INCOMPLETE),
    (NODES | CPUS | MEMORY | {"hw:numa_cpus.1": "2"}, {}, "CPU number 2 is larger than max 1"),
    (NODES | CPUS | MEMORY | {"hw:numa_cpus.1": "0"}, {}, "CPU number 0 is assigned to two nodes"),
    (NODES | CPUS | MEMORY | {"hw:numa_cpus.1": "1,^1"}, {}, "CPU number {1} is not assigned to any node"),
    (NODES | CPUS | MEMORY | {"hw:numa_mem.1": "31"}, {}, "63 MB of memory assigned, but expected 64 MB"),
    (NODES | CPUS | MEMORY | {"hw:numa_cpus.1": "x"}, {}, "Invalid inclusion expression 'x'"),
    (NODES | CPUS | MEMORY, OWN_CPUS, "Image property 'hw_numa_cpus' is not permitted to override NUMA configuration"),
    ({}, {"hw_numa_nodes": "2"} | OWN_CPUS, INCOMPLETE),
]
VALID = [
    (NODES | CPUS | MEMORY, {}),
    (NODES | MEMORY, OWN_CPUS),
    (CPUS, {}),  # no topology is requested
    ({"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "^0"}, {}),
    ({"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": " 1 ,, ^7"}, {}),
    (REALTIME | {"hw:cpu_realtime_mask": "^0"}, {}),
    (REALTIME | {"hw:cpu_realtime_mask": "0-1"}, {"hw_cpu_realtime_mask": "^1"}),
    (REALTIME | {"hw:cpu_realtime_mask": "0-1", EMULATOR: "isolate"}, {}),
    (REALTIME | {EMULATOR: "share"}, {}),
    ({"hw:cpu_policy": "mixed", "hw:cpu_realtime": "yes", "hw:cpu_realtime_mask": "1"}, {}),
    ({"hw:cpu_realtime_mask": "nonsense"}, {}),
    ({"hw:cpu_policy": "dedicated"}, {"hw_cpu_policy": "shared"}),
    ({"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "0"}, {}),
    ({"hw:cpu_policy": "dedicated", "hw:cpu_thread_policy": "isolate"}, {}),
    ({"hw:cpu_policy": "dedicated", EMULATOR: "isolate"}, {}),
    ({"resources:PCPU": "3", EMULATOR: "isolate"}, {}),
    ({"resources:VCPU": "7"}, {}),
    ({"hw:numa_nodes": "2"}, {}),
    ({"hw:mem_page_size": "2MB"}, {}),
    ({"hw:mem_page_size": "any"}, {"hw_mem_page_size": "large"}),
]


@pytest.fixture
def play():
    return Play()


def flavor_with(play, specs, id="f"):
    """A flavor with 2 vCPUs. Before 2.86 any extra spec is accepted."""
    play.ask("POST", "/flavors", {"flavor": {"name": id, "id": id, "ram": 64, "vcpus": 2, "disk": 1}}, "admin")
    assert (
        not specs or play.ask("POST", f"/flavors/{id}/os-extra_specs", {"extra_specs": specs}, "admin", 85).code == 200
    )
    return id


def image_with(play, properties):
    body = {"name": "i", "disk_format": "qcow2", "container_format": "bare", **properties}
    image = play.ask("POST", "/v2/images", body, service="image").body["id"]
    play.ask("PUT", f"/v2/images/{image}/file", "content", service="image")
    return image


def create(play, flavor, image):
    body = {"name": "a", "flavorRef": flavor, "imageRef": image, "networks": "none"}
    return play.ask("POST", "/servers", {"server": body})


def assert_refused(answer, message):
    assert answer.code == 400, answer
    assert message in answer.body["badRequest"]["message"]


@pytest.mark.parametrize(("specs", "properties", "message"), INVALID)
def test_create_resize_and_rebuild_refuse(play, specs, properties, message):
    flavor, image = flavor_with(play, specs), image_with(play, properties)
    assert_refused(create(play, flavor, image), message)
    if not properties:
        server = play.create()
        assert_refused(play.act(server, "resize", {"flavorRef": flavor}), message)
        assert play.state(server) == ("ACTIVE", None)
    if not specs:
        assert_refused(play.act(play.create(), "rebuild", {"imageRef": image}), message)


@pytest.mark.parametrize(("specs", "properties"), VALID)
def test_create_accepts(play, specs, properties):
    assert create(play, flavor_with(play, specs), image_with(play, properties)).code == 202


def test_an_image_that_contradicts_the_flavor_of_the_server(play):
    answer = create(play, flavor_with(play, {"hw:cpu_policy": "shared"}), image_with(play, {}))
    server = answer.body["server"]["id"]
    image = image_with(play, {"hw_cpu_policy": "dedicated"})
    assert_refused(play.act(server, "rebuild", {"imageRef": image}), PINNED)


def test_a_flavor_that_contradicts_the_image_of_the_server(play):
    answer = create(play, flavor_with(play, {}, "plain"), image_with(play, {"hw_cpu_policy": "dedicated"}))
    flavor = flavor_with(play, {"hw:cpu_policy": "shared"})
    assert_refused(play.act(answer.body["server"]["id"], "resize", {"flavorRef": flavor}), PINNED)
