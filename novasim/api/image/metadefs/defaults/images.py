"""Namespaces of image properties. Source of names and values: nova/objects/image_meta.py and fields.py."""

from __future__ import annotations

from novasim.api.image.metadefs.defaults.definitions import (
    IMAGE,
    IMAGE_ONLY,
    VOLUME,
    Definition,
    choice,
    flag,
    number,
    target,
    text,
)

IMAGE_AND_VOLUME = (target(IMAGE), target(VOLUME, properties_target="image"))
BUSES = ("fdc", "ide", "sata", "scsi", "usb", "virtio", "xen", "lxc", "uml")
CARDS = ("virtio", "e1000", "e1000e", "igb", "ne2k_pci", "netfront", "pcnet", "rtl8139", "spapr-vlan", "vmxnet3")

NAMESPACES = (
    Definition(
        "OS::Compute::LibvirtImage",
        "libvirt Driver Options for Images",
        "Devices of guests on KVM and QEMU that depend on the drivers in the image.",
        IMAGE_ONLY,
        (
            choice("hw_disk_bus", "Disk bus", "Bus of the disks.", *BUSES),
            choice("hw_cdrom_bus", "CD-ROM bus", "Bus of CD-ROM drives.", *BUSES),
            choice("hw_scsi_model", "SCSI controller", "Model of the SCSI controller.", "virtio-scsi", "lsilogic"),
            choice("hw_vif_model", "Network card", "Model of the network cards.", *CARDS),
            choice(
                "hw_video_model",
                "Video card",
                "Model of the video card.",
                *("virtio", "vga", "cirrus", "qxl", "bochs", "vmvga", "xen", "gop", "none"),
            ),
            number("hw_video_ram", "Video memory", "Memory of the video card in MB, at most that of the flavor.", 0),
            text("hw_machine_type", "Machine type", "Machine type of QEMU, such as q35."),
            choice("hw_firmware_type", "Firmware", "Firmware of the guest.", "bios", "uefi"),
            flag("hw_firmware_stateless", "Stateless firmware", "Discard changes of UEFI variables."),
            choice("os_secure_boot", "Secure boot", "Whether UEFI boots only signed code.", *("required", "disabled")),
            choice("hw_rng_model", "Random number device", "Model of the random number generator.", "virtio"),
            choice("hw_pointer_model", "Pointer device", "A tablet follows the pointer in consoles.", "usbtablet"),
            choice("hw_input_bus", "Input bus", "Bus of the pointer device.", "usb", "virtio"),
            flag("hw_qemu_guest_agent", "Guest agent", "Connect the QEMU guest agent, which sets passwords."),
            flag("img_hide_hypervisor_id", "Hide hypervisor", "Hide the signature of KVM from the guest."),
            text(
                "os_command_line", "Kernel command line", "Command line of a kernel that is booted from its own image."
            ),
            choice("os_type", "Type of operating system", "Selects defaults for the guest.", "linux", "windows"),
        ),
    ),
    Definition(
        "OS::Compute::Rescue",
        "Rescue Devices",
        "The device of the rescue image. With one of the two, a rescued server keeps all its disks, and servers that "
        "boot from a volume can be rescued.",
        IMAGE_ONLY,
        (
            choice("hw_rescue_device", "Rescue device", "Kind of the device.", "disk", "cdrom", "floppy"),
            choice("hw_rescue_bus", "Rescue bus", "Bus of the device.", *BUSES),
        ),
    ),
    Definition(
        "OS::Compute::Hypervisor",
        "Hypervisor Selection",
        "The hosts on which the image can run. The scheduler's ImagePropertiesFilter compares these properties.",
        IMAGE_ONLY,
        (
            choice(
                "img_hv_type",
                "Hypervisor type",
                "Hypervisor that the image is built for.",
                *("qemu", "kvm", "lxc", "vmware", "hyperv", "xen", "ironic", "vz", "zvm", "fake"),
            ),
            choice("hw_vm_mode", "Virtual machine mode", "Interface of the guest.", "hvm", "xen", "uml", "exe"),
            choice(
                "hw_architecture",
                "CPU architecture",
                "Architecture that the image is built for.",
                *("x86_64", "i686", "aarch64", "armv7l", "ppc64le", "s390x"),
            ),
            text("img_hv_requested_version", "Hypervisor version", "Versions that can run the image, such as >=6.0."),
        ),
    ),
    Definition(
        "OS::Compute::InstanceData",
        "Instance Config Data",
        "Requirements of the image for new servers and for snapshots.",
        IMAGE_AND_VOLUME,
        (
            choice("img_config_drive", "Config drive", "Whether servers need one.", "optional", "mandatory"),
            flag(
                "os_require_quiesce", "Require quiesce", "Fail a snapshot if the guest's file systems cannot be frozen."
            ),
        ),
    ),
    Definition(
        "OS::Compute::GuestShutdownBehavior",
        "Shutdown Behavior",
        "The time in which the guest has to shut down.",
        IMAGE_ONLY,
        (
            number(
                "os_shutdown_timeout",
                "Shutdown timeout",
                "Seconds before a guest that does not stop is powered off.",
                0,
            ),
        ),
    ),
    Definition(
        "OS::OperatingSystem",
        "Common Operating System Properties",
        "The operating system in the image.",
        IMAGE_AND_VOLUME,
        (
            text("os_distro", "OS distribution", "Name of the distribution in lower case, such as debian or ubuntu."),
            text("os_version", "OS version", "Version as its distributor writes it, such as 12 or 24.04."),
            text("os_admin_user", "OS administrator", "User with administrative rights, such as root or debian."),
        ),
    ),
    Definition(
        "OS::Glance::CommonImageProperties",
        "Common Image Properties",
        "Properties that any image may have.",
        (),
        (
            text("kernel_id", "Kernel", "ID of the image with the kernel of this image."),
            text("ramdisk_id", "RAM disk", "ID of the image with the RAM disk of this image."),
            text("instance_uuid", "Server", "ID of the server from which the image was created."),
            text("architecture", "CPU architecture", "Older name of hw_architecture."),
            text("os_distro", "OS distribution", "Name of the distribution in lower case."),
            text("os_version", "OS version", "Version as its distributor writes it."),
            text("description", "Description", "A description for people."),
        ),
    ),
    Definition(
        "OS::Glance::Signatures",
        "Image Signature Verification",
        "The signature that is verified before a server boots from the image.",
        IMAGE_ONLY,
        (
            text("img_signature", "Signature", "The signature of the data, in base64."),
            text("img_signature_certificate_uuid", "Certificate", "ID of the certificate in the key manager."),
            choice(
                "img_signature_hash_method",
                "Hash method",
                "Hash function of the signature.",
                *("SHA-224", "SHA-256", "SHA-384", "SHA-512"),
            ),
            choice(
                "img_signature_key_type",
                "Key type",
                "Kind of the key that made the signature.",
                *("RSA-PSS", "DSA", "ECC_SECP384R1", "ECC_SECP521R1"),
            ),
        ),
    ),
)
