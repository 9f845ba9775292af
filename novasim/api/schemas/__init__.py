"""
Request schemas: what a body and a query may hold at each microversion, and Nova's words for what they may not.

Operations are named "subject.verb", and server actions "action.KEY" by their key in the body. Each subject is a table
in a module of its own, which is imported when first asked for.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

from novasim.api.schemas.form import Schema, at
from novasim.api.schemas.validator import Mistake, first_mistake, unknown_names
from novasim.errors import BadRequest

Query = tuple[tuple[str, str], ...]

MODULES = {
    "action": "actions",
    "aggregates": "hosts",
    "availability_zones": "hosts",
    "console_auth_tokens": "server_parts",
    "extensions": "records",
    "external_events": "hosts",
    "flavor_access": "flavors",
    "flavor_extra_specs": "flavors",
    "flavors": "flavors",
    "floating_ip_pools": "proxies",
    "floating_ips": "proxies",
    "host_proxies": "proxies",
    "hypervisors": "hosts",
    "image_metadata": "proxies",
    "images": "proxies",
    "instance_actions": "records",
    "instance_usage_audit_log": "records",
    "interfaces": "server_parts",
    "ips": "server_parts",
    "keypairs": "projects",
    "limits": "projects",
    "migrations": "records",
    "os_hosts": "proxies",
    "quota_class_sets": "projects",
    "quota_sets": "projects",
    "remote_consoles": "server_parts",
    "security_group_rules": "proxies",
    "security_groups": "proxies",
    "server_diagnostics": "server_parts",
    "server_groups": "projects",
    "server_metadata": "server_parts",
    "server_migrations": "server_parts",
    "server_password": "server_parts",
    "server_security_groups": "server_parts",
    "server_shares": "server_parts",
    "server_tags": "server_parts",
    "server_topology": "server_parts",
    "servers": "servers",
    "services": "hosts",
    "snapshots": "proxies",
    "usage": "projects",
    "volume_attachments": "server_parts",
    "volumes": "proxies",
}
