"""Nova's refusals of processors, NUMA nodes and page sizes: texts, order and conditions, from nova/exception.py."""

from __future__ import annotations

import pytest

from novasim.lifecycle.constraints.cpus import cpu_refusals
from tests import each_case

VCPUS, RAM = 4, 1024
POLICY, IMAGE_POLICY = "hw:cpu_policy", "hw_cpu_policy"
THREADS, IMAGE_THREADS = "hw:cpu_thread_policy", "hw_cpu_thread_policy"
EMULATOR, MASK = "hw:emulator_threads_policy", "hw:cpu_dedicated_mask"
TRAIT = "trait:HW_CPU_HYPERTHREADING"

TEXTS = {
    "policy of the flavor": "CPU policy requested from 'flavor extra specs' is invalid, given: 'x', available: "
    "'('dedicated', 'shared', 'mixed')'.",
    "policy of the image": "CPU policy requested from 'image properties' is invalid, given: 'x', available: "
    "'('dedicated', 'shared', 'mixed')'.",
    "threads of the flavor": "CPU thread policy requested from 'flavor extra specs' is invalid, given: 'x', available: "
    "'('prefer', 'isolate', 'require')'.",
    "threads of the image": "CPU thread policy requested from 'image properties' is invalid, given: 'x', available: "
    "'('prefer', 'isolate', 'require')'.",
    "emulator": "CPU emulator threads option requested is invalid, given: 'x', available: '('share', 'isolate')'.",
    "pinned": "Image property 'hw_cpu_policy' is not permitted to override CPU pinning policy set against the flavor",
    "threads pinned": "Image property 'hw_cpu_thread_policy' is not permitted to override CPU thread pinning policy "
    "set against the flavor",
    "realtime needs mask": "Use of realtime CPUs requires either one or more non-realtime CPU(s) or offloaded emulator "
    "threads.",
    "resources and policy": "It is not possible to use the 'resources:VCPU' or 'resources:PCPU' extra specs in "
    "combination with the 'hw:cpu_policy' extra spec or 'hw_cpu_policy' image metadata property; use one or the other",
    "two resources": "It is not possible to specify both 'resources:VCPU' and 'resources:PCPU' extra specs; use one or "
    "the other",
    "emulator's pcpu": "You have requested 'hw:emulator_threads_policy=isolate' but have not requested sufficient "
    "PCPUs to handle this policy; you must allocate exactly flavor.vcpus + 1 PCPUs.",
    "pcpus": "There is a mismatch between the number of PCPUs requested via 'resourcesNN:PCPU' and the flavor); you "
    "must allocate exactly flavor.vcpus PCPUs",
    "trait and threads": "It is not possible to use the 'trait:HW_CPU_HYPERTHREADING' extra spec in combination with "
    "the 'hw:cpu_thread_policy' extra spec or 'hw_cpu_thread_policy' image metadata property; use one or the other",
    "threads need pinning": "Cannot set cpu thread pinning policy in a non dedicated cpu pinning policy",
    "emulator needs pinning": "An isolated CPU emulator threads option requires a dedicated CPU policy option.",
    "mask needs mixed": "Cannot specify 'hw:cpu_dedicated_mask' without the 'mixed' policy.",
    "realtime needs pinning": "Cannot set realtime policy in a non dedicated cpu pinning policy",
    "mixed needs mask": "Dedicated CPU set can be specified from either 'hw:cpu_dedicated_mask' or "
    "'hw:cpu_realtime_mask' when using 'mixed' CPU policy. 'hw:cpu_dedicated_mask' and 'hw:cpu_realtime_mask' can not "
    "be specified at the same time, or be specified with none of them.",
    "nodes": "The property 'numa_nodes' cannot be '0'. It must be a number greater than 0",
    "nodes of both": "Image property 'hw_numa_nodes' is not permitted to override NUMA configuration set against the "
    "flavor",
    "incomplete": "CPU and memory allocation must be provided for all NUMA nodes",
    "uneven": "Instance CPUs and/or memory cannot be evenly distributed across instance NUMA nodes. Explicit "
    "assignment of CPUs and memory to nodes is required",
    "page of the image": "Page size 4KB forbidden against '<empty>'",
    "page of both": "Page size large forbidden against 'small'",
    "page": "Invalid memory page size 'huge'",
}

CASES = [  # extra specs, image properties, the key of the text, or "" if accepted
    ({POLICY: "x"}, {IMAGE_POLICY: "x"}, "policy of the flavor"),
    ({}, {IMAGE_POLICY: "x"}, "policy of the image"),
    ({POLICY: ""}, {IMAGE_POLICY: ""}, ""),
    ({POLICY: "mixed", MASK: "0"}, {IMAGE_POLICY: "dedicated"}, "pinned"),
    ({POLICY: "shared"}, {IMAGE_POLICY: "mixed"}, "pinned"),
    ({POLICY: "shared"}, {IMAGE_POLICY: "dedicated"}, "pinned"),
    ({POLICY: "shared"}, {IMAGE_POLICY: "shared"}, ""),
    ({POLICY: "dedicated"}, {IMAGE_POLICY: "mixed"}, ""),
    ({POLICY: "dedicated"}, {IMAGE_POLICY: "shared"}, ""),
    ({THREADS: "x"}, {IMAGE_THREADS: "x"}, "threads of the flavor"),
    ({}, {IMAGE_THREADS: "x"}, "threads of the image"),
    ({POLICY: "dedicated", THREADS: "isolate"}, {IMAGE_THREADS: "require"}, "threads pinned"),
    ({POLICY: "dedicated", THREADS: "require"}, {IMAGE_THREADS: "prefer"}, "threads pinned"),
    ({POLICY: "dedicated", THREADS: "isolate"}, {IMAGE_THREADS: "isolate"}, ""),
    ({POLICY: "dedicated", THREADS: "prefer"}, {IMAGE_THREADS: "isolate"}, ""),
    ({POLICY: "dedicated", THREADS: ""}, {IMAGE_THREADS: "isolate"}, ""),
    ({POLICY: "dedicated"}, {IMAGE_THREADS: "isolate"}, ""),
    ({POLICY: "dedicated", "hw:cpu_realtime": "yes"}, {}, "realtime needs mask"),
    ({POLICY: "dedicated", "hw:cpu_realtime": "yes", "hw:cpu_realtime_mask": "^0"}, {}, ""),
    ({POLICY: "dedicated", "hw:cpu_realtime": "yes"}, {"hw_cpu_realtime_mask": "^0"}, ""),
    ({POLICY: "dedicated", "hw:cpu_realtime": "yes", EMULATOR: "isolate"}, {}, ""),
    ({POLICY: "dedicated", "hw:cpu_realtime": "no"}, {}, ""),
    ({EMULATOR: "x"}, {}, "emulator"),
    ({EMULATOR: "share"}, {}, ""),
    ({EMULATOR: ""}, {}, ""),
    ({POLICY: "dedicated", "resources:VCPU": "4"}, {}, "resources and policy"),
    ({"resources:PCPU": "4"}, {IMAGE_POLICY: "dedicated"}, "resources and policy"),
    ({"resources:VCPU": "2", "resources1:PCPU": "2"}, {}, "two resources"),
    ({"resources:VCPU": "2", "resources0:PCPU": "2"}, {}, ""),
    ({"resources:VCPU": "many"}, {IMAGE_POLICY: "dedicated"}, ""),
    ({"resources:PCPU": "4", EMULATOR: "isolate"}, {}, "emulator's pcpu"),
    ({"resources:PCPU": "5", EMULATOR: "isolate"}, {}, ""),
    ({"resources:PCPU": "5", EMULATOR: "share"}, {}, "pcpus"),
    ({"resources:PCPU": "3"}, {}, "pcpus"),
    ({"resources1:PCPU": "3", "resources22:PCPU": "1"}, {}, ""),
    ({"resources:PCPU": "4", THREADS: "isolate"}, {}, ""),
    ({"resources:PCPU": "4", MASK: "0"}, {}, "mask needs mixed"),
    ({POLICY: "dedicated", THREADS: "isolate", TRAIT: "forbidden"}, {}, "trait and threads"),
    ({POLICY: "dedicated", THREADS: "isolate", "trait7:HW_CPU_HYPERTHREADING": "required"}, {}, "trait and threads"),
    ({POLICY: "dedicated", THREADS: "isolate"}, {TRAIT: "required"}, "trait and threads"),
    ({POLICY: "dedicated", THREADS: "isolate"}, {TRAIT: "forbidden"}, ""),
    ({POLICY: "dedicated", THREADS: "isolate", "trait:HW_CPU_X86_VMX": "required"}, {}, ""),
    ({POLICY: "dedicated", TRAIT: "required"}, {}, ""),
    ({TRAIT: "required"}, {}, "threads need pinning"),
    ({}, {TRAIT: "required"}, "threads need pinning"),
    ({}, {IMAGE_THREADS: "isolate"}, "threads need pinning"),
    ({POLICY: "shared", THREADS: "isolate", EMULATOR: "isolate", MASK: "0"}, {}, "threads need pinning"),
    ({POLICY: "shared", EMULATOR: "isolate", MASK: "0"}, {}, "emulator needs pinning"),
    ({EMULATOR: "isolate"}, {}, "emulator needs pinning"),
    ({MASK: "0", "hw:cpu_realtime": "1", "hw:cpu_realtime_mask": "^0"}, {}, "mask needs mixed"),
    ({POLICY: "dedicated", MASK: "0"}, {}, "mask needs mixed"),
    ({"hw:cpu_realtime": "1", "hw:cpu_realtime_mask": "^0"}, {}, "realtime needs pinning"),
    ({POLICY: "mixed"}, {}, "mixed needs mask"),
    ({POLICY: "mixed", MASK: "0", "hw:cpu_realtime": "1", "hw:cpu_realtime_mask": "^0"}, {}, "mixed needs mask"),
    ({POLICY: "mixed", "hw:cpu_realtime": "1", "hw:cpu_realtime_mask": "^0"}, {}, ""),
    ({POLICY: "mixed", MASK: "0"}, {}, ""),
    ({}, {IMAGE_POLICY: "mixed"}, "mixed needs mask"),
    ({"hw:numa_nodes": "0"}, {}, "nodes"),
    ({}, {"hw_numa_nodes": "0"}, "nodes"),
    ({"hw:numa_nodes": "1"}, {"hw_numa_nodes": "1"}, "nodes of both"),
    ({"hw:numa_nodes": "1"}, {}, ""),
    ({"hw:numa_nodes": "3"}, {}, "uneven"),
    ({}, {"hw_numa_nodes": "8"}, "uneven"),
    ({"hw:numa_nodes": "4"}, {}, ""),
    ({"hw:numa_nodes": "3", "hw:numa_cpus.0": "0", "hw:numa_mem.0": "1"}, {}, "incomplete"),
    ({"hw:numa_nodes": "3"}, {"hw_numa_mem.0": "1"}, "incomplete"),
    ({"hw:numa_nodes": "3"}, {"hw_numa_cpus.0": "1"}, "incomplete"),
    ({"hw:numa_nodes": "3", "hw:numa_mem.0": "1"}, {}, "incomplete"),
    ({}, {"hw_mem_page_size": "4KB"}, "page of the image"),
    ({"hw:mem_page_size": "small"}, {"hw_mem_page_size": "large"}, "page of both"),
    ({"hw:mem_page_size": "huge"}, {"hw_mem_page_size": "large"}, "page"),
    ({"hw:mem_page_size": "any"}, {"hw_mem_page_size": "huge"}, "page"),
    ({"hw:mem_page_size": "large"}, {"hw_mem_page_size": "huge"}, "page"),
    ({"hw:mem_page_size": "any"}, {"hw_mem_page_size": "2MB"}, ""),
    ({"quota:cpu_shares": "1"}, {"os_type": "linux"}, ""),
]
PAGE_SIZES = ["any", "large", "small", "4", "2048", "4KB", "2 MB", "1.5GiB", "8b", "1Tbit", "3PB", "1Kib"]


@each_case(("specs", "properties", "key"), CASES)
def test_the_first_refusal(specs, properties, key):
    refused = [str(refusal) for refusal in cpu_refusals(VCPUS, RAM, specs, properties)]
    assert refused == ([TEXTS[key]] if key else [])


def test_every_text_is_tested():
    assert set(TEXTS) == {key for _, _, key in CASES} - {""}


@each_case("size", PAGE_SIZES)
def test_page_sizes(size):
    assert not list(cpu_refusals(VCPUS, RAM, {"hw:mem_page_size": size}, {}))
    assert list(cpu_refusals(VCPUS, RAM, {"hw:mem_page_size": f"-{size}"}, {}))
    assert list(cpu_refusals(VCPUS, RAM, {"hw:mem_page_size": f"{size}x"}, {}))


@pytest.mark.parametrize(("vcpus", "ram", "is_even"), [(4, 1024, True), (3, 1024, False), (4, 1023, False)])
def test_processors_and_memory_are_both_even(vcpus, ram, is_even):
    assert (not list(cpu_refusals(vcpus, ram, {"hw:numa_nodes": "2"}, {}))) == is_even


def test_a_refusal_is_a_bad_request():
    assert [refusal.http for refusal in cpu_refusals(VCPUS, RAM, {POLICY: "x"}, {})] == [400]
