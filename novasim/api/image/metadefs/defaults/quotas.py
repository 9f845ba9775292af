"""Namespaces of limits of servers, and of VMware. Source of names: nova/api/validation/extra_specs/quota.py."""

from __future__ import annotations

from novasim.api.image.metadefs.defaults.definitions import (
    FLAVOR_ONLY,
    IMAGE_ONLY,
    Definition,
    choice,
    group,
    number,
    text,
)

NAMESPACES = (
    Definition(
        "OS::Compute::Quota",
        "Flavor Quota",
        "Limits of CPU, disk and network for the servers of a flavor, which the hypervisor enforces.",
        FLAVOR_ONLY,
        objects=(
            group(
                "CPU Limits",
                "The share of the host's CPUs.",
                number("quota:cpu_shares", "CPU shares", "Weight in relation to other servers of the host.", 0),
                number(
                    "quota:cpu_period", "CPU period", "Period of the quota in microseconds, from 1000 to 1000000.", 0
                ),
                number("quota:cpu_quota", "CPU quota", "CPU time in a period in microseconds; negative: no limit."),
            ),
            group(
                "Disk QoS",
                "Throughput and operations of the disks.",
                number("quota:disk_read_bytes_sec", "Read throughput", "Bytes that may be read each second.", 0),
                number("quota:disk_read_iops_sec", "Read operations", "Read operations each second.", 0),
                number("quota:disk_write_bytes_sec", "Write throughput", "Bytes that may be written each second.", 0),
                number("quota:disk_write_iops_sec", "Write operations", "Write operations each second.", 0),
                number("quota:disk_total_bytes_sec", "Total throughput", "Bytes read and written each second.", 0),
                number("quota:disk_total_iops_sec", "Total operations", "Operations each second.", 0),
            ),
            group(
                "Virtual Interface QoS",
                "Throughput of the network interfaces.",
                number("quota:vif_inbound_average", "Inbound average", "Average of incoming traffic in kB/s.", 0),
                number("quota:vif_inbound_peak", "Inbound peak", "Peak of incoming traffic in kB/s.", 0),
                number("quota:vif_inbound_burst", "Inbound burst", "Size of a burst at peak speed in kB.", 0),
                number("quota:vif_outbound_average", "Outbound average", "Average of outgoing traffic in kB/s.", 0),
                number("quota:vif_outbound_peak", "Outbound peak", "Peak of outgoing traffic in kB/s.", 0),
                number("quota:vif_outbound_burst", "Outbound burst", "Size of a burst at peak speed in kB.", 0),
            ),
        ),
    ),
    Definition(
        "OS::Compute::VMwareQuotaFlavor",
        "VMware Quota for Flavors",
        "Limits and reservations of CPU and memory on VMware.",
        FLAVOR_ONLY,
        (
            number("quota:cpu_limit", "CPU limit", "Largest CPU frequency in MHz; 0: no limit.", 0),
            number("quota:cpu_reservation", "CPU reservation", "Guaranteed CPU frequency in MHz.", 0),
            number("quota:memory_limit", "Memory limit", "Largest memory in MB; 0: no limit.", 0),
            number("quota:memory_reservation", "Memory reservation", "Guaranteed memory in MB.", 0),
        ),
    ),
    Definition(
        "OS::Compute::VMwareFlavor",
        "VMware Driver Options for Flavors",
        "Virtual hardware and storage of servers on VMware.",
        FLAVOR_ONLY,
        (
            text("vmware:hw_version", "Hardware version", "Version of the virtual hardware, such as vmx-13."),
            text("vmware:storage_policy", "Storage policy", "Name of the policy that selects the datastore."),
        ),
    ),
    Definition(
        "OS::Compute::VMware",
        "VMware Driver Options",
        "Disk and operating system of images for VMware.",
        IMAGE_ONLY,
        (
            choice(
                "vmware_adaptertype",
                "Disk adapter",
                "Model of the disk controller.",
                *("lsiLogic", "lsiLogicsas", "paraVirtual", "busLogic", "ide"),
                default="lsiLogic",
            ),
            choice(
                "vmware_disktype",
                "Disk type",
                "Format of the disk in the image.",
                *("streamOptimized", "sparse", "preallocated"),
                default="preallocated",
            ),
            text("vmware_ostype", "Guest operating system", "Identifier of the guest, such as debian10_64Guest."),
        ),
    ),
)
