"""Namespaces of the virtual hardware of servers. Source of names and values: nova/api/validation/extra_specs."""

from __future__ import annotations

from novasim.api.image.metadefs.defaults.definitions import (
    FLAVOR,
    FLAVOR_ONLY,
    HARDWARE,
    IMAGE,
    Definition,
    choice,
    flag,
    number,
    target,
    text,
)

FLAVOR_AND_IMAGE = (target(FLAVOR, "hw:"), target(IMAGE, "hw_"))

NAMESPACES = (
    Definition(
        "OS::Compute::VirtCPUTopology",
        "Virtual CPU Topology",
        "The sockets, cores and threads that the guest sees. The product of all three is the number of virtual CPUs. "
        "Some licenses depend on the number of sockets.",
        HARDWARE,
        (
            number("cpu_sockets", "vCPU sockets", "Preferred number of sockets.", 1),
            number("cpu_cores", "vCPU cores", "Preferred number of cores in each socket.", 1),
            number("cpu_threads", "vCPU threads", "Preferred number of threads in each core.", 1),
            number("cpu_max_sockets", "Max vCPU sockets", "Largest number of sockets.", 1),
            number("cpu_max_cores", "Max vCPU cores", "Largest number of cores in each socket.", 1),
            number("cpu_max_threads", "Max vCPU threads", "Largest number of threads in each core.", 1),
        ),
    ),
    Definition(
        "OS::Compute::CPUPinning",
        "CPU Pinning",
        "Whether virtual CPUs are bound to CPUs of the host.",
        HARDWARE,
        (
            choice(
                "cpu_policy",
                "CPU pinning policy",
                "shared: virtual CPUs float over shared CPUs of the host. dedicated: each has a CPU of its own. mixed: "
                "some have.",
                *("shared", "dedicated", "mixed"),
            ),
            choice(
                "cpu_thread_policy",
                "CPU thread pinning policy",
                "Placement on threads of the host. prefer: on siblings if possible. require: only on siblings. "
                "isolate: no other server uses the sibling.",
                *("prefer", "isolate", "require"),
            ),
        ),
    ),
    Definition(
        "OS::Compute::CPURealtime",
        "Realtime CPUs",
        "CPUs with a guaranteed latency. They need pinned CPUs.",
        (target(FLAVOR, "hw:"),),
        (
            flag("cpu_realtime", "Realtime policy", "Run virtual CPUs in the realtime class of the host's scheduler."),
            text("cpu_realtime_mask", "Realtime CPU mask", "Virtual CPUs with realtime policy, such as 1-3 or ^0."),
            choice(
                "emulator_threads_policy",
                "Emulator threads policy",
                "isolate: one more CPU runs the emulator's threads. share: the shared CPUs of the host run them.",
                *("isolate", "share"),
            ),
        ),
    ),
    Definition(
        "OS::Compute::GuestMemoryBacking",
        "Guest Memory Backing",
        "The pages of the host that hold the guest's memory.",
        HARDWARE,
        (text("mem_page_size", "Memory page size", "small, large, any, or a size such as 2MB or 1048576 (KiB)."),),
    ),
    Definition(
        "OS::Compute::NUMATopology",
        "Virtual NUMA Topology",
        "The NUMA nodes that the guest sees.",
        FLAVOR_AND_IMAGE,
        (
            number("numa_nodes", "NUMA nodes", "Number of NUMA nodes of the guest.", 1),
            choice(
                "pci_numa_affinity_policy",
                "NUMA affinity of PCI devices",
                "How close a PCI device has to be to the guest's NUMA nodes.",
                *("required", "preferred", "legacy", "socket"),
            ),
        ),
    ),
    Definition(
        "OS::Compute::Libvirt",
        "libvirt Driver Options",
        "Devices and features of guests on KVM and QEMU.",
        FLAVOR_AND_IMAGE,
        (
            flag("boot_menu", "Boot menu", "Show the boot menu of the firmware when the server starts."),
            number("serial_port_count", "Serial port count", "Number of serial ports.", 0),
            flag(
                "vif_multiqueue_enabled", "Multiqueue", "As many queues for each virtio network card as virtual CPUs."
            ),
            flag("virtio_packed_ring", "Packed virtio rings", "Use packed virtqueues for virtio devices."),
            flag("pmu", "Performance monitoring unit", "Emulate the performance counters of the CPU."),
            flag(
                "mem_encryption", "Memory encryption", "Encrypt the guest's memory. This needs UEFI and a q35 machine."
            ),
            choice(
                "mem_encryption_model",
                "Memory encryption model",
                "Technique of the encryption.",
                *("amd-sev", "amd-sev-es", "amd-sev-snp"),
            ),
            flag("locked_memory", "Locked memory", "Keep the guest's memory from being swapped out by the host."),
        ),
    ),
    Definition(
        "OS::Compute::TPM",
        "Emulated TPM",
        "A trusted platform module for the guest. Its state moves with the server.",
        FLAVOR_AND_IMAGE,
        (
            choice("tpm_version", "TPM version", "Version of the interface. CRB exists only in 2.0.", "1.2", "2.0"),
            choice("tpm_model", "TPM model", "Model of the device.", "tpm-tis", "tpm-crb", default="tpm-tis"),
        ),
    ),
    Definition(
        "OS::Compute::Watchdog",
        "Watchdog Behavior",
        "A device that acts when the guest hangs.",
        HARDWARE,
        (
            choice(
                "watchdog_action",
                "Watchdog action",
                "Action on a guest that hangs; disabled: no device.",
                *("disabled", "none", "pause", "poweroff", "reset"),
            ),
        ),
    ),
    Definition(
        "OS::Compute::RandomNumberGenerator",
        "Random Number Generator",
        "A device that gives the guest random numbers of the host. The image selects its model with hw_rng_model.",
        FLAVOR_ONLY,
        (
            flag("hw_rng:allowed", "Device allowed", "Whether guests of the flavor may have the device."),
            number("hw_rng:rate_bytes", "Bytes per period", "Bytes that the guest may read in a period.", 0),
            number("hw_rng:rate_period", "Period", "Length of the period in milliseconds.", 0),
        ),
    ),
)
