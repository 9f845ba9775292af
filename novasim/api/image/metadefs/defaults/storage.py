"""Namespaces of volumes, their snapshots and types."""

from __future__ import annotations

from novasim.api.image.metadefs.defaults.definitions import (
    IMAGE,
    SNAPSHOT,
    VOLUME,
    VOLUME_TYPE,
    Definition,
    choice,
    target,
    text,
)

NAMESPACES = (
    Definition(
        "OS::Cinder::Volumetype",
        "Cinder Volume Type",
        "The type of the volumes that are created from the image.",
        (target(IMAGE, "cinder_"),),
        (text("img_volume_type", "Volume type", "Name of the volume type."),),
    ),
    Definition(
        "OS::Cinder::VolumeTypeExtraSpecs",
        "Extra Specs of Volume Types",
        "Capabilities that the backend of a volume type needs.",
        (target(VOLUME_TYPE),),
        (
            choice("multiattach", "Multiattach", "Volumes that several servers share.", "<is> True", "<is> False"),
            text("volume_backend_name", "Backend", "Name of the backend in the configuration of the volume service."),
            text("RESKEY:availability_zones", "Availability zones", "Zones of the type, with commas between them."),
        ),
    ),
    Definition(
        "OS::Cinder::VolumeMetadata",
        "Volume Metadata",
        "Metadata that people and scripts often attach to volumes and their snapshots.",
        (target(VOLUME, properties_target="user"), target(SNAPSHOT)),
        (
            text("purpose", "Purpose", "Use of the volume, such as database or logs."),
            choice("backup", "Backup", "How often it should be backed up.", "daily", "weekly", "never"),
        ),
    ),
)
