"""Records of the volume service: volumes, snapshots, groups, their types, transfers, backups."""

from __future__ import annotations

from typing import Any, ClassVar

from novasim.records.base import Record


class Volume(Record):
    """A block device of the volume service. `size` is in GiB."""

    table: ClassVar[str] = "volumes"

    size: int
    project_id: str
    user_id: str = ""
    name: str = ""
    description: str | None = None
    status: str = "available"
    volume_type: str = "standard"
    availability_zone: str = "nova"
    bootable: bool = False
    multiattach: bool = False
    snapshot_id: str | None = None
    source_volid: str | None = None
    image_metadata: dict[str, Any] = {}
    metadata: dict[str, str] = {}
    attachments: list[dict[str, Any]] = []  # [{"server_id", "attachment_id", "device", "attached_at"}]
    reserved: list[dict[str, Any]] = []  # attachments that a client of the volume service has not completed
    read_only: bool = False
    migration_status: str | None = None
    encryption_key_id: str | None = None
    group_id: str | None = None
    created_at: str
    updated_at: str


class VolumeType(Record):
    """A volume type that an administrator created, or the default type if an administrator has changed it."""

    table: ClassVar[str] = "volume_types"

    name: str
    description: str | None = None
    is_public: bool = True
    extra_specs: dict[str, str] = {}
    projects: list[str] = []  # that may use it if it is not public
    qos_specs_id: str | None = None
    encryption: dict[str, Any] = {}  # provider, cipher, key_size, ...; empty without encryption


class QosSpecs(Record):
    """Limits of throughput that volume types can be associated with."""

    table: ClassVar[str] = "qos_specs"

    name: str
    consumer: str = "back-end"
    specs: dict[str, Any] = {}


class VolumeSnapshot(Record):
    """A snapshot of a volume. `size` is in GiB."""

    table: ClassVar[str] = "volume_snapshots"

    volume_id: str
    size: int
    project_id: str
    user_id: str | None = None
    name: str = ""
    description: str | None = None
    status: str = "available"
    progress: str = "100%"
    metadata: dict[str, str] = {}
    group_snapshot_id: str | None = None
    created_at: str
    updated_at: str


class GroupType(Record):
    """A type of groups of volumes that an administrator created, or the default one if it has been changed."""

    table: ClassVar[str] = "group_types"

    name: str
    description: str | None = None
    is_public: bool = True
    group_specs: dict[str, Any] = {}


class VolumeGroup(Record):
    """A group of volumes of certain types. The volumes name it in their `group_id`."""

    table: ClassVar[str] = "volume_groups"

    project_id: str
    user_id: str = ""
    name: str | None = None
    description: str | None = None
    status: str = "available"
    availability_zone: str = "nova"
    group_type_id: str
    volume_type_ids: list[str] = []
    group_snapshot_id: str | None = None
    source_group_id: str | None = None
    created_at: str
    updated_at: str


class GroupSnapshot(Record):
    """A snapshot of a group: a snapshot of each of its volumes, which name it in their `group_snapshot_id`."""

    table: ClassVar[str] = "group_snapshots"

    project_id: str
    user_id: str = ""
    name: str | None = None
    description: str | None = None
    status: str = "available"
    group_id: str
    group_type_id: str
    created_at: str
    updated_at: str


class VolumeTransfer(Record):
    """An offer of a volume to another project, which needs the key to accept it. The key itself is not stored."""

    table: ClassVar[str] = "volume_transfers"

    volume_id: str
    name: str | None = None
    auth_key_hash: str
    no_snapshots: bool = False
    source_project_id: str
    created_at: str


class VolumeBackup(Record):
    """A backup of a volume or of its snapshot. `size` is in GiB. It keeps what a restored volume gets from it."""

    table: ClassVar[str] = "volume_backups"

    project_id: str
    user_id: str = ""
    name: str | None = None
    description: str | None = None
    status: str = "available"
    size: int
    volume_id: str
    snapshot_id: str | None = None
    fail_reason: str | None = None  # why it has the status error
    parent_id: str | None = None  # of an incremental backup
    container: str | None = None
    availability_zone: str = "nova"
    metadata: dict[str, str] = {}
    bootable: bool = False
    image_metadata: dict[str, Any] = {}
    encryption_key_id: str | None = None
    data_timestamp: str  # the time of the data: of the backup itself, or of its snapshot
    created_at: str
    updated_at: str
