"""The filters of `list`: their options and query parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from novasim.cli.lookup import find_id, project_id, user_id
from novasim.cli.selection.filters import build_filters, shared_filter_pairs
from novasim.cli.session import Session
from novasim.lifecycle.states import POWER_STATES

FILTERS = {
    "vm_state": "Only servers in this vm_state, such as active or stopped.",
    "task_state": "Only servers in this task_state, such as spawning.",
    "power_state": "Only servers in this power state: its number, or running, paused, shutdown, crashed, suspended.",
    "config_drive": "Only servers whose config_drive matches this expression, such as True.",
    "progress": "Only servers whose progress matches this expression.",
    "uuid": "Only the server with this ID.",
    "hostname": "Only servers whose host name matches this expression.",
    "node": "Only servers whose hypervisor matches this expression (administrators).",
    "created_at": "Only servers whose time of creation matches this expression, such as ^2026-01-31.",
    "launched_at": "Only servers whose time of launch matches this expression.",
    "terminated_at": "Only servers whose time of deletion matches this expression.",
    "access_ip_v4": "Only servers whose accessIPv4 matches this expression (administrators).",
    "access_ip_v6": "Only servers whose accessIPv6 matches this expression (administrators).",
    "auto_disk_config": "Only servers whose diskConfig is AUTO (1) or MANUAL (0) (administrators).",
    "description": "Ignored by Nova; --display-description filters.",
    "display_description": "Only servers whose description matches this expression (administrators).",
    "kernel_id": "Only servers whose kernel image matches this expression (administrators).",
    "ramdisk_id": "Only servers whose ramdisk image matches this expression (administrators).",
    "launch_index": "Only servers with this number in their reservation (administrators).",
    "locked_by": "Only servers locked by owner or admin (administrators).",
    "root_device_name": "Only servers whose root device matches this expression (administrators).",
    "soft_deleted": "With any value: soft-deleted servers, too (administrators).",
}


OTHERS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("--flavor", "Only servers of this flavor (name or ID).", {}),
    ("--image", "Only servers of this image (name or ID).", {}),
    ("--host", "Only servers on this host (administrators).", {}),
    ("--ip", "Only servers with an IPv4 address that matches this regular expression.", {}),
    ("--ip6", "Only servers with an IPv6 address that matches this regular expression.", {}),
    ("--project", "Only servers of this project, name or ID (administrators; implies --all-projects).", {}),
    ("--user", "Only servers of this user (name or ID).", {}),
    ("--changes-since", "Only servers changed at or after this time, such as 2026-01-31T00:00:00.", {}),
    ("--changes-before", "Only servers changed at or before this time.", {}),
    ("--tags", "Only servers with all of these tags (comma-separated).", {"multiple": True}),
    ("--tags-any", "Only servers with any of these tags.", {}),
    ("--not-tags", "Only servers that do not have all of these tags.", {}),
    ("--not-tags-any", "Only servers that have none of these tags.", {}),
    ("--locked/--unlocked", "Only locked, or only unlocked servers.", {"default": None}),
    ("--availability-zone", "Only servers in this availability zone.", {}),
    ("--key-name", "Only servers with this key pair.", {}),
    ("--reservation-id", "Only servers with this reservation ID.", {}),
)


def build_list_filters() -> list[click.Option]:
    """All filters of the API as options, and the filter by metadata."""
    others = [click.Option([option], help=text, **settings) for option, text, settings in OTHERS]
    removed = click.Option(["--deleted", "removed"], is_flag=True, help="Deleted servers instead (administrators).")
    attributes = [
        click.Option([f"--{name.replace('_', '-')}"], help=text, callback=READERS.get(name))
        for name, text in FILTERS.items()
    ]
    return [*build_filters("Only"), *others, removed, *attributes]


def read_power_state(ctx: click.Context, param: click.Parameter, text: str | None) -> str | None:
    """The number of a power state, which may be given by its name."""
    numbers = {name.lower(): str(number) for number, name in POWER_STATES.items()}
    return None if text is None else numbers.get(text.lower(), text)


READERS = {"power_state": read_power_state}


TEXT_FILTERS = (
    *("host", "ip", "ip6", "changes_since", "changes_before", "tags_any", "not_tags", "not_tags_any"),
    *("availability_zone", "key_name", "reservation_id"),
)
HYPHENATED = ("changes_since", "changes_before", "tags_any", "not_tags", "not_tags_any")
"""Filters whose name has hyphens in the API; that of others has underscores."""


def filter_pairs(session: Session, options: Mapping[str, Any]) -> list[tuple[str, str]]:
    """
    The query parameters of the filters among these options.

    Raises:
        NotFound, Conflict: a name of a resource, as for `find_id`.
    """
    tags = (*options.get("tag_names", ()), *options.get("tags", ()))
    query = [(_api_name(name), value) for name in TEXT_FILTERS if (value := options.get(name)) is not None]
    query += [(name, value) for name in FILTERS if (value := options.get(name)) is not None]
    query += shared_filter_pairs({**options, "tag_names": tags})
    for noun in ("flavor", "image"):
        query += [(noun, find_id(session, noun, name))] if (name := options.get(noun)) else []
    query += [("project_id", project_id(session, name))] if (name := options.get("project")) else []
    query += [("user_id", user_id(session, name))] if (name := options.get("user")) else []
    query += [("all_tenants", "1")] if options["all_projects"] or options.get("project") else []
    query += [("deleted", "True")] if options.get("removed") else []
    return query + ([("locked", str(options["locked"]))] if options.get("locked") is not None else [])


def _api_name(name: str) -> str:
    return name.replace("_", "-") if name in HYPHENATED else name
