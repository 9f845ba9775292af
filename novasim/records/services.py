"""Records of the image and network services."""

from __future__ import annotations

from typing import Any, ClassVar

from novasim.records.base import Record


class Image(Record):
    """An image. `size` is in bytes, `min_disk` in GiB, `min_ram` in MiB."""

    table: ClassVar[str] = "images"

    name: str | None
    status: str = "active"
    visibility: str = "public"
    size: int | None = 0
    min_disk: int = 0
    min_ram: int = 0
    container_format: str | None = "bare"
    disk_format: str | None = "qcow2"
    checksum: str | None = None
    sha512: str | None = None
    owner: str = ""
    protected: bool = False
    hidden: bool = False
    properties: dict[str, Any] = {}
    tags: list[str] = []
    members: dict[str, str] = {}  # project -> status
    created_at: str
    updated_at: str


class ImageData(Record):
    """The content of an uploaded image that is small enough to be kept. Its id is that of the image."""

    table: ClassVar[str] = "image_data"

    base64: str


class MetadefNamespace(Record):
    """
    A namespace of metadata definitions that was created or changed. Its id is its name. Default ones are not stored.

    `is_deleted` marks a default namespace that was deleted. Parts have their times: "created_at" and "updated_at".
    """

    table: ClassVar[str] = "metadef_namespaces"

    display_name: str | None = None
    description: str | None = None
    visibility: str = "private"
    protected: bool = False
    owner: str = ""
    properties: dict[str, Any] = {}  # schemas by name
    objects: list[dict[str, Any]] = []  # [{"name", "description", "required", "properties"}]
    tags: list[dict[str, str]] = []  # [{"name"}]
    resource_types: list[dict[str, str]] = []  # [{"name", "prefix", "properties_target"}]
    is_deleted: bool = False
    created_at: str
    updated_at: str


class MetadefResourceType(Record):
    """A type of resource that an association of a namespace created. Its id is its name."""

    table: ClassVar[str] = "metadef_resource_types"

    created_at: str


class Network(Record):
    """A layer 2 network. An `external` one has the pool of floating IPs."""

    table: ClassVar[str] = "networks"

    name: str
    project_id: str
    shared: bool = False
    external: bool = False
    admin_state_up: bool = True
    port_security_enabled: bool = True
    description: str = ""
    mtu: int = 1450
    tags: list[str] = []
    more: dict[str, Any] = {}  # attributes that are stored and shown, but have no effect
    revision: int = 1
    created_at: str
    updated_at: str


class Subnet(Record):
    """An address range of a network."""

    table: ClassVar[str] = "subnets"

    name: str
    network_id: str
    project_id: str
    cidr: str
    ip_version: int
    gateway_ip: str | None
    allocation_pools: list[dict[str, str]] = []
    enable_dhcp: bool = True
    dns_nameservers: list[str] = []
    host_routes: list[dict[str, str]] = []
    description: str = ""
    tags: list[str] = []
    next_host: int = 0  # how many addresses of the pools were allocated in order
    requested_addresses: list[str] = []  # by ports; they are left out when allocated in order
    more: dict[str, Any] = {}  # attributes that are stored and shown, but have no effect
    revision: int = 1
    created_at: str
    updated_at: str


class SubnetPool(Record):
    """Prefixes from which subnets are allocated. The subnets name it in their `more`."""

    table: ClassVar[str] = "subnet_pools"

    name: str
    project_id: str
    prefixes: list[str]
    ip_version: int
    min_prefixlen: int
    max_prefixlen: int
    default_prefixlen: int
    default_quota: int | None = None
    address_scope_id: str | None = None
    shared: bool = False
    is_default: bool = False
    description: str = ""
    tags: list[str] = []
    more: dict[str, Any] = {}
    revision: int = 1
    created_at: str
    updated_at: str


class AddressScope(Record):
    """Subnet pools whose prefixes do not overlap."""

    table: ClassVar[str] = "address_scopes"

    name: str
    project_id: str
    ip_version: int
    shared: bool = False
    tags: list[str] = []
    more: dict[str, Any] = {}
    revision: int = 1
    created_at: str
    updated_at: str


class Port(Record):
    """A network interface. `made_by_nova` ports are deleted with their server."""

    table: ClassVar[str] = "ports"

    network_id: str
    project_id: str
    mac_address: str
    name: str = ""
    device_id: str = ""
    device_owner: str = ""
    host: str = ""
    fixed_ips: list[dict[str, str]] = []  # [{"subnet_id", "ip_address"}]
    security_groups: list[str] = []  # ids
    made_by_nova: bool = False
    tag: str | None = None
    status: str = "DOWN"
    admin_state_up: bool = True
    description: str = ""
    tags: list[str] = []
    number: int = 0  # orders the ports of a server: the later it was plugged in, the higher
    more: dict[str, Any] = {}  # attributes that are stored and shown, but have no effect
    revision: int = 1
    created_at: str
    updated_at: str


class Router(Record):
    """A router between subnets, and to an external network for floating IPs."""

    table: ClassVar[str] = "routers"

    name: str
    project_id: str
    external_network_id: str | None = None
    subnets: list[str] = []
    admin_state_up: bool = True
    description: str = ""
    tags: list[str] = []
    more: dict[str, Any] = {}  # attributes that are stored and shown, but have no effect
    revision: int = 1
    created_at: str
    updated_at: str


class FloatingIp(Record):
    """An address of an external network that can be associated with a fixed address."""

    table: ClassVar[str] = "floating_ips"

    address: str
    network_id: str
    project_id: str
    port_id: str | None = None
    fixed_ip: str | None = None
    description: str = ""
    tags: list[str] = []
    more: dict[str, Any] = {}  # attributes that are stored and shown, but have no effect
    revision: int = 1
    created_at: str
    updated_at: str


class SecurityGroup(Record):
    """A named set of rules. Every project has one with the name "default"."""

    table: ClassVar[str] = "security_groups"

    name: str
    project_id: str
    description: str = ""
    rules: list[dict[str, Any]] = []
    tags: list[str] = []
    more: dict[str, Any] = {}  # attributes that are stored and shown, but have no effect
    revision: int = 1
    created_at: str
    updated_at: str
