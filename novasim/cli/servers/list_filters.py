"""The filters of `list` that compare one attribute of a server, with their options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from novasim.lifecycle.states import POWER_STATES

F = TypeVar("F", bound=Callable[..., Any])

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


def filter_options(command: F) -> F:
    """An option for each of FILTERS."""
    for name, text in reversed(FILTERS.items()):
        callback = READERS.get(name)
        command = click.option(f"--{name.replace('_', '-')}", name, help=text, callback=callback)(command)
    return command


def read_power_state(ctx: click.Context, param: click.Parameter, text: str | None) -> str | None:
    """The number of a power state, which may be given by its name."""
    numbers = {name.lower(): str(number) for number, name in POWER_STATES.items()}
    return None if text is None else numbers.get(text.lower(), text)


READERS = {"power_state": read_power_state}


def filter_pairs(options: dict[str, Any]) -> list[tuple[str, str]]:
    """The query parameters of these options."""
    return [(name, options[name]) for name in FILTERS if options[name] is not None]
