"""Records of a server (an instance of Nova) and of what belongs to it."""

from __future__ import annotations

from typing import Any, ClassVar

from novasim.records.base import Record


class Server(Record):
    """
    One server. Times are ISO 8601 strings in UTC with microseconds; sizes as in its flavor.

    The shown status is never stored: lifecycle.status computes it from vm_state and task_state.
    """

    table: ClassVar[str] = "servers"

    name: str
    project_id: str
    user_id: str
    created_at: str
    updated_at: str
    vm_state: str = "building"
    task_state: str | None = "scheduling"
    power_state: int = 0
    flavor: dict[str, Any] = {}  # the flavor as it was at the build or the last resize
    image_id: str = ""  # "" for a server that boots from a volume
    image_ref: str = ""  # the image that the request named for a server that boots from a volume
    image: dict[str, Any] = {}  # min_disk, min_ram and properties of its image
    host: str | None = None
    node: str | None = None
    availability_zone: str | None = None
    pinned_availability_zone: str | None = None
    hostname: str = ""
    description: str | None = None
    key_name: str | None = None
    keypair: dict[str, str] | None = None  # type and public key of its key pair, which may be deleted since
    metadata: dict[str, str] = {}
    tags: list[str] = []
    locked_by: str | None = None  # "owner" or "admin"; None means not locked
    locked_reason: str | None = None
    access_ip_v4: str | None = None
    access_ip_v6: str | None = None
    config_drive: str = ""
    drive: dict[str, Any] | None = None  # name and metadata as they were when the config drive was written
    personality: list[dict[str, str]] | None = None  # files of the request, which only a config drive has
    disk_config: str = "MANUAL"
    user_data: str | None = None
    guest_password: str = ""  # as the guest has posted it, usually encrypted with its public key
    reservation_id: str = ""
    launch_index: int = 0
    number: int = 0  # running number, shown in the instance name
    root_device_name: str | None = None
    trusted_certs: list[str] = []
    scheduler_hints: dict[str, Any] = {}
    requested_networks: list[dict[str, Any]] = []  # networks and ports of the build
    requested_security_groups: list[str] = []
    launched_at: str | None = None
    terminated_at: str | None = None
    deleted: bool = False
    deleted_at: str | None = None
    progress: int = 0
    fault: dict[str, Any] | None = None
    shelved_image_id: str | None = None
    old_vm_state: str | None = None  # the vm_state after a revert, unrescue or unshelve


class Attachment(Record):
    """A block device of a server: its volume, and how that is attached."""

    table: ClassVar[str] = "attachments"

    server_id: str
    volume_id: str | None = None
    device: str | None = None
    boot_index: int | None = None
    delete_on_termination: bool = False
    tag: str | None = None
    source_type: str = "volume"
    destination_type: str = "volume"
    volume_size: int | None = None
    volume_type: str | None = None
    source_id: str | None = None  # the image or snapshot that the volume is created from
    guest_format: str | None = None  # "swap" for a swap disk
    attachment_id: str = ""


class Task(Record):
    """
    The task of a server: its phases, each with the time at which it ends.

    A timer is a task without a task_state, which acts when it is due. A task with a `hold_reason` is held until it is
    resumed.
    """

    table: ClassVar[str] = "tasks"

    server_id: str
    action: str  # name of a row in the action table
    request_id: str
    variant: str = ""  # the variant of the action whose phases it runs through
    started: float = 0.0
    ends: list[float] = []  # when each phase ends, in seconds since the epoch
    position: int = 0
    timer: bool = False
    hold_reason: str = ""
    args: dict[str, Any] = {}


class InstanceAction(Record):
    """An entry in the instance-action log: a request and the events that followed."""

    table: ClassVar[str] = "instance_actions"

    server_id: str
    request_id: str
    action: str
    user_id: str
    project_id: str
    start_time: str
    updated_at: str
    message: str | None = None
    events: list[dict[str, Any]] = []


class ConsoleToken(Record):
    """The right to connect to a console of a server. The id is the SHA-256 of the token."""

    table: ClassVar[str] = "console_tokens"

    server_id: str
    console_type: str
    host: str  # address of the compute host
    port: int
    expires_at: float  # in seconds since the epoch


class ServerGroup(Record):
    """A set of servers, and the policy by which the scheduler places them together or apart."""

    table: ClassVar[str] = "server_groups"

    name: str
    policy: str
    project_id: str
    user_id: str
    rules: dict[str, int] = {}
    members: list[str] = []
    metadata: dict[str, str] = {}
