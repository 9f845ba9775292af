"""Plain typed records of everything in a cloud, without behaviour."""

from __future__ import annotations

from novasim.records.base import Record
from novasim.records.caller import Caller
from novasim.records.cloud import CatalogService, Domain, Endpoint, Project, Region, Role, Settings, Trust, User
from novasim.records.compute import Aggregate, Allocation, Flavor, Host, Keypair, Migration
from novasim.records.fault import Fault
from novasim.records.server import Attachment, ConsoleToken, InstanceAction, Server, ServerGroup, Task
from novasim.records.services import (
    FloatingIp,
    Image,
    ImageData,
    Network,
    Port,
    QosSpecs,
    Router,
    SecurityGroup,
    Subnet,
    Volume,
    VolumeSnapshot,
    VolumeType,
)

TABLES: dict[str, type[Record]] = {
    kind.table: kind
    for kind in (
        Settings,
        Domain,
        Project,
        User,
        Role,
        CatalogService,
        Endpoint,
        Region,
        Trust,
        Flavor,
        Image,
        ImageData,
        Host,
        Aggregate,
        Network,
        Subnet,
        Router,
        SecurityGroup,
        Keypair,
        ServerGroup,
        Server,
        Task,
        Port,
        FloatingIp,
        Volume,
        VolumeSnapshot,
        VolumeType,
        QosSpecs,
        Attachment,
        Allocation,
        Migration,
        InstanceAction,
        ConsoleToken,
        Fault,
    )
}

__all__ = [
    "TABLES",
    "Aggregate",
    "Allocation",
    "Attachment",
    "Caller",
    "CatalogService",
    "ConsoleToken",
    "Domain",
    "Endpoint",
    "Fault",
    "Flavor",
    "FloatingIp",
    "Host",
    "Image",
    "ImageData",
    "InstanceAction",
    "Keypair",
    "Migration",
    "Network",
    "Port",
    "Project",
    "QosSpecs",
    "Record",
    "Region",
    "Role",
    "Router",
    "SecurityGroup",
    "Server",
    "ServerGroup",
    "Settings",
    "Subnet",
    "Task",
    "Trust",
    "User",
    "Volume",
    "VolumeSnapshot",
    "VolumeType",
]
