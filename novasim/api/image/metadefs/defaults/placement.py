"""Namespaces of properties by which the scheduler selects hosts: capabilities, traits, aggregates and hints."""

from __future__ import annotations

from novasim.api.image.metadefs.defaults.definitions import (
    AGGREGATE,
    AGGREGATE_ONLY,
    FLAVOR,
    IMAGE,
    SERVER,
    Definition,
    Named,
    choice,
    number,
    ratio,
    target,
    text,
)

TRAITS = {
    "HW_CPU_X86_AVX2": "CPUs with AVX2.",
    "HW_CPU_X86_AVX512F": "CPUs with the basic AVX-512 instructions.",
    "HW_CPU_X86_AESNI": "CPUs with instructions for AES.",
    "HW_CPU_X86_VMX": "CPUs with nested virtualization on Intel.",
    "HW_CPU_X86_SVM": "CPUs with nested virtualization on AMD.",
    "HW_CPU_HYPERTHREADING": "Hosts whose cores have several threads.",
    "HW_NIC_SRIOV": "Hosts with network cards that have virtual functions.",
    "STORAGE_DISK_SSD": "Hosts with solid-state disks.",
    "STORAGE_DISK_HDD": "Hosts with magnetic disks.",
    "COMPUTE_SECURITY_TPM_2_0": "Hosts that emulate a TPM of version 2.0.",
    "COMPUTE_SECURITY_UEFI_SECURE_BOOT": "Hosts with secure boot of guests.",
    "COMPUTE_VOLUME_MULTI_ATTACH": "Hosts that attach volumes which several servers share.",
    "COMPUTE_TRUSTED_CERTS": "Hosts that verify the signatures of images.",
}


def _trait(name: str, description: str) -> Named:
    title = name.replace("_", " ").capitalize()
    return choice(name, title, description, "required", "forbidden")


NAMESPACES = (
    Definition(
        "OS::Compute::Traits",
        "Traits of Hosts",
        "Features that a host has to have (required) or must not have (forbidden).",
        (target(FLAVOR, "trait:"), target(IMAGE, "trait:")),
        tuple(_trait(name, description) for name, description in TRAITS.items()),
    ),
    Definition(
        "OS::Compute::Resources",
        "Resources of Hosts",
        "Amounts that replace those of the flavor when the scheduler selects a host.",
        (target(FLAVOR, "resources:"),),
        (
            number("VCPU", "Virtual CPUs", "Shared CPUs.", 0),
            number("PCPU", "Pinned CPUs", "Dedicated CPUs.", 0),
            number("MEMORY_MB", "Memory", "Memory in MB.", 0),
            number("DISK_GB", "Disk", "Disk space in GB.", 0),
            number("VGPU", "Virtual GPUs", "Graphics devices.", 0),
        ),
    ),
    Definition(
        "OS::Compute::HostCapabilities",
        "Compute Host Capabilities",
        "Properties of the host that the scheduler's ComputeCapabilitiesFilter compares, with an operator if needed.",
        (target(FLAVOR, "capabilities:"),),
        (
            text("hypervisor_type", "Hypervisor type", "Type of the hypervisor.", operators=["<in>", "s==", "s!="]),
            text("hypervisor_version", "Hypervisor version", "Version of the hypervisor.", operators=["=", ">=", "<="]),
            text("hypervisor_hostname", "Hypervisor host", "Name of the hypervisor.", operators=["s==", "s!="]),
            text("vcpus_total", "CPUs", "Number of CPUs of the host.", operators=["=", ">=", "<="]),
            text("num_instances", "Servers", "Number of servers on the host.", operators=["=", "<="]),
        ),
    ),
    Definition(
        "OS::Compute::AggregateDiskFilter",
        "Disk Allocation per Host",
        "A limit of overcommitted disk space on the hosts of the aggregate.",
        AGGREGATE_ONLY,
        (ratio("disk_allocation_ratio", "Disk subscription ratio", "Allocated disk space in relation to real one."),),
    ),
    Definition(
        "OS::Compute::AggregateIoOpsFilter",
        "IO Ops per Host",
        "A limit of concurrent builds, snapshots and migrations on each host of the aggregate.",
        AGGREGATE_ONLY,
        (number("max_io_ops_per_host", "Max IO operations per host", "Number of operations.", 1, default="8"),),
    ),
    Definition(
        "OS::Compute::AggregateNumInstancesFilter",
        "Instances per Host",
        "A limit of the number of servers on each host of the aggregate.",
        AGGREGATE_ONLY,
        (number("max_instances_per_host", "Max instances per host", "Number of servers.", 0),),
    ),
    Definition(
        "OS::Compute::AggregateTenancy",
        "Tenants of an Aggregate",
        "Projects and zone of an aggregate, by which the scheduler requests hosts from the placement service.",
        AGGREGATE_ONLY,
        (
            text("filter_tenant_id", "Project", "ID of the project whose servers are isolated on the aggregate."),
            text("availability_zone", "Availability zone", "Zone of the hosts of the aggregate."),
        ),
    ),
    Definition(
        "OS::Compute::AggregateInstanceExtraSpecs",
        "Hosts of a Flavor",
        "Pairs that a flavor and an aggregate share, so that servers of the flavor run on the aggregate's hosts. Any "
        "other name is possible, too.",
        (target(FLAVOR, "aggregate_instance_extra_specs:"), target(AGGREGATE)),
        (
            choice("ssd", "Solid-state disks", "Hosts with solid-state disks.", "true", "false"),
            choice("pinned", "CPU pinning", "Hosts for servers with pinned CPUs.", "true", "false"),
            choice("gpu", "Graphics devices", "Hosts with graphics devices.", "true", "false"),
        ),
    ),
    Definition(
        "OS::Compute::SchedulerHints",
        "Scheduler Hints",
        "Wishes for the host of a new server. Each needs the scheduler's filter of the same name.",
        (target(SERVER, properties_target="scheduler_hints"),),
        (
            text("group", "Server group", "ID of a server group, whose policy the host has to follow."),
            text("same_host", "Same host", "ID of a server on whose host the new one should be."),
            text("different_host", "Different host", "ID of a server on whose host the new one should not be."),
            text("build_near_host_ip", "Near address", "IP address; the host should be in the same subnet."),
            text("cidr", "Subnet size", "Prefix length for build_near_host_ip, such as /24."),
            text("query", "Query", 'A condition in JSON, such as [">=", "$free_ram_mb", 1024].'),
        ),
    ),
)
