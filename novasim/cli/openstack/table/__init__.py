"""The table of commands: which modules have the rows whose words begin with which word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module

from novasim.cli.openstack.rows import Row

COMPUTE, IDENTITY, IMAGE = "compute", "identity", "image"
NETWORK, PLACEMENT, VOLUME = "network", "placement", "volume"
MODULES: dict[str, tuple[str, ...]] = {
    "aggregate": (f"{COMPUTE}.aggregates",),
    "allocation": (f"{PLACEMENT}.providers",),
    "application": (f"{IDENTITY}.catalog",),
    "availability": (f"{COMPUTE}.zones",),
    "catalog": (f"{IDENTITY}.catalog", f"{IDENTITY}.tokens"),
    "compute": (f"{COMPUTE}.hosts",),
    "console": (f"{COMPUTE}.consoles",),
    "credential": (f"{IDENTITY}.credentials",),
    "domain": (f"{IDENTITY}.projects",),
    "ec2": (f"{IDENTITY}.credentials",),
    "endpoint": (f"{IDENTITY}.services",),
    "extension": (f"{COMPUTE}.zones",),
    "flavor": (f"{COMPUTE}.flavors",),
    "floating": (f"{NETWORK}.floating_ips",),
    "group": (f"{IDENTITY}.groups",),
    "host": (f"{COMPUTE}.hosts",),
    "hypervisor": (f"{COMPUTE}.hosts",),
    "image": (f"{IMAGE}.images", f"{IMAGE}.image_changes", f"{IMAGE}.metadefs"),
    "implied": (f"{IDENTITY}.tokens",),
    "ip": (f"{NETWORK}.ip_availability",),
    "keypair": (f"{COMPUTE}.keypairs",),
    "limits": (f"{COMPUTE}.limits",),
    "network": (f"{NETWORK}.networks", f"{NETWORK}.lists"),
    "port": (f"{NETWORK}.ports",),
    "project": (f"{IDENTITY}.projects",),
    "quota": (f"{COMPUTE}.quotas",),
    "region": (f"{IDENTITY}.services",),
    "resource": (f"{PLACEMENT}.providers",),
    "role": (f"{IDENTITY}.roles",),
    "router": (f"{NETWORK}.routers", f"{NETWORK}.lists"),
    "security": (f"{NETWORK}.security_groups",),
    "server": (
        f"{COMPUTE}.servers",
        f"{COMPUTE}.server_actions",
        f"{COMPUTE}.server_creation",
        f"{COMPUTE}.server_changes",
        f"{COMPUTE}.server_devices",
        f"{COMPUTE}.server_history",
    ),
    "service": (f"{IDENTITY}.services",),
    "subnet": (f"{NETWORK}.subnets", f"{NETWORK}.lists"),
    "token": (f"{IDENTITY}.tokens",),
    "trust": (f"{IDENTITY}.trusts",),
    "trait": (f"{PLACEMENT}.providers",),
    "usage": (f"{COMPUTE}.limits",),
    "user": (f"{IDENTITY}.users",),
    "versions": (f"{IDENTITY}.tokens",),
    "volume": tuple(
        f"{VOLUME}.{name}" for name in ("volumes", "snapshots", "types", "lists", "backups", "groups", "qos")
    ),
    "address": (f"{NETWORK}.lists",),
    "block": (f"{VOLUME}.lists",),
    "consistency": (f"{VOLUME}.lists",),
    "local": (f"{NETWORK}.lists",),
}
"""The modules of this package that have the commands, by the first word; the most used ones first."""


def read_rows(word: str) -> Iterator[dict[str, Row]]:
    """For each module with commands whose first word is *word*: its rows by their words."""
    for name in MODULES.get(word, ()):
        module = import_module(f"novasim.cli.openstack.table.{name}")
        yield {row.words: row for row in module.ROWS}


def list_rows(word: str = "") -> list[Row]:
    """All commands, or only those in the modules with commands whose first word is *word*."""
    names = MODULES.get(word, ()) if word else dict.fromkeys(name for names in MODULES.values() for name in names)
    modules = [import_module(f"novasim.cli.openstack.table.{name}") for name in names]
    return [row for module in modules for row in module.ROWS]


def find_row(words: Sequence[str]) -> tuple[Row, list[str]] | None:
    """
    The command that the words begin with, and the arguments after it.

    Only the modules up to that of the command are imported. A command whose words begin with those of another command
    is in the same module.
    """
    for rows in read_rows(words[0]) if words else ():
        for count in range(len(words), 0, -1):
            row = rows.get(" ".join(words[:count]))
            if row is not None:
                return row, list(words[count:])
    return None
