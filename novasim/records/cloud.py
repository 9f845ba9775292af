"""Records of the cloud as a whole and of the identity service: settings, domains, projects, users, roles."""

from __future__ import annotations

from typing import Any, ClassVar

from novasim.records.base import Record

FORMAT = 3
"""
Of stored documents. Increment it when their form changes, so that an earlier novasim would misread them, and add a step
to `store.migrate`. A new table, or a new field with a default, needs no new format: an earlier novasim keeps it.
"""


class Settings(Record):
    """
    Clock, seed and options of the cloud; a single record with the id "cloud".

    Anchors are seconds since the epoch: at wall time `wall_anchor` the simulated time was `sim_anchor`. A seeded cloud
    has no wall anchor, and its time does not move, before its first accepted request.
    """

    table: ClassVar[str] = "settings"

    format: int
    seed: int
    clock: str = "real"
    speed: float = 1.0
    clock_holder: str = ""  # who has stopped the time, which callers behind a server cannot change then; or ""
    sim_anchor: float = 0.0
    wall_anchor: float | None = None
    latest: float = 0.0  # the newest simulated time at which documents were written
    next_due_at: float = 0.0  # no task is due before this simulated time
    requests: int = 0  # accepted writing requests so far; seeds the generator
    counters: dict[str, int] = {}  # running numbers: migrations, ports, images, ...
    options: dict[str, Any] = {}  # Nova's options that differ from their defaults
    quota_classes: dict[str, dict[str, int]] = {}  # class -> limits that differ from Nova's defaults
    down_cells: list[str] = []  # names of the hosts whose cells the API cannot reach
    foreign_quotas: dict[str, dict[str, int]] = {}  # limits of ids that no project has: id -> as Project.quotas
    durations: dict[str, float] = {}  # "action" or "action.phase" -> seconds
    policy: dict[str, str] = {}  # overrides of policy rules
    token_key: str = ""  # the secret key that tokens are signed with
    deleted_services: list[str] = []  # binaries of the control services that an administrator deleted
    volume_services: dict[str, dict[str, Any]] = {}  # binary -> "disabled" and "disabled_reason"
    revoked: dict[str, float] = {}  # signature of a revoked token -> wall time at which it expires


class Domain(Record):
    """A namespace of projects and users. The default domain is stored only if it was changed."""

    table: ClassVar[str] = "domains"

    name: str
    description: str = ""
    enabled: bool = True
    tags: list[str] = []
    extra: dict[str, Any] = {}  # further attributes, which the identity service only keeps


class Project(Record):
    """A project (tenant)."""

    table: ClassVar[str] = "projects"

    name: str
    domain_id: str = "default"
    description: str = ""
    enabled: bool = True
    quotas: dict[str, int] = {}  # limits that differ from the defaults; -1 is unlimited
    user_quotas: dict[str, dict[str, int]] = {}  # user id -> limits of that user in this project
    parent_id: str | None = None  # the project above it; None directly below the domain
    tags: list[str] = []
    extra: dict[str, Any] = {}  # further attributes, which the identity service only keeps


class User(Record):
    """
    A person or a service.

    `roles` maps scopes to names of roles. A scope is the id of a project, "domain:" and the id of a domain, or
    "system:all". A user also has the roles of their groups.
    """

    table: ClassVar[str] = "users"

    name: str
    domain_id: str = "default"
    password_hash: str = ""
    default_project_id: str | None = None
    email: str = ""
    description: str = ""
    enabled: bool = True
    roles: dict[str, list[str]] = {}
    groups: list[str] = []  # ids
    credentials: list[dict[str, Any]] = []  # application credentials as shown, and the hash of the secret
    extra: dict[str, Any] = {}  # further attributes, which the identity service only keeps
    token_generation: int = 0  # tokens of earlier generations are invalid


class Credential(Record):
    """A secret that a user keeps in the identity service, such as the keys of EC2. Its type decides what it is for."""

    table: ClassVar[str] = "credentials"

    user_id: str
    type: str
    blob: str
    project_id: str | None = None
    extra: dict[str, Any] = {}  # further attributes, which the identity service only keeps


class Group(Record):
    """Users who have the same roles. `roles` is as that of a user."""

    table: ClassVar[str] = "groups"

    name: str
    domain_id: str = "default"
    description: str | None = ""
    roles: dict[str, list[str]] = {}
    extra: dict[str, Any] = {}  # further attributes, which the identity service only keeps


class Role(Record):
    """A role, which policy rules refer to by name."""

    table: ClassVar[str] = "roles"

    name: str
    description: str = ""
    domain_id: str | None = None  # None for a role of all domains
    extra: dict[str, Any] = {}  # further attributes, which the identity service only keeps


class CatalogService(Record):
    """A service that an administrator added to the catalog. The simulated services are not stored."""

    table: ClassVar[str] = "catalog_services"

    type: str
    name: str = ""
    enabled: bool = True
    description: str | None = None
    extra: dict[str, Any] = {}  # further attributes, which the identity service only keeps


class Endpoint(Record):
    """An endpoint of a service in the catalog, with placeholders such as $(project_id)s in its URL."""

    table: ClassVar[str] = "endpoints"

    service_id: str
    interface: str
    url: str
    region_id: str | None = None
    enabled: bool = True
    extra: dict[str, Any] = {}  # further attributes, which the identity service only keeps


class Region(Record):
    """A region that an administrator created. The region of the simulated services is not stored."""

    table: ClassVar[str] = "regions"

    description: str = ""
    parent_region_id: str | None = None
    extra: dict[str, Any] = {}  # further attributes, which the identity service only keeps


class Trust(Record):
    """The right of a user, the trustee, to act with some roles of another user, the trustor, in a project."""

    table: ClassVar[str] = "trusts"

    trustor_user_id: str
    trustee_user_id: str
    impersonation: bool
    project_id: str | None = None
    roles: list[str] = []  # names
    expires: float | None = None  # wall time in seconds since the epoch
    remaining_uses: int | None = None  # how many more tokens can be issued for it; None without a limit
    redelegation_count: int = 0  # how many further trusts can follow each other, created by their trustees
    redelegated_trust_id: str | None = None  # the trust with which its trustee created this one
    extra: dict[str, Any] = {}  # further attributes, which the identity service only keeps


class RegisteredLimit(Record):
    """The default of the limits of a resource, which the identity service keeps for other services."""

    table: ClassVar[str] = "registered_limits"

    service_id: str
    region_id: str | None = None
    resource_name: str
    default_limit: int
    description: str | None = None


class Limit(Record):
    """The limit of a resource for a project or a domain."""

    table: ClassVar[str] = "limits"

    registered_limit_id: str
    project_id: str | None = None
    domain_id: str | None = None
    resource_limit: int
    description: str | None = None
