"""Colours by status, for terminals."""

from __future__ import annotations

GOOD, BUSY, IDLE, BAD = "green", "yellow", "cyan", "red"

COLOURS = {
    "ACTIVE": GOOD,
    "ERROR": BAD,
    "DELETED": BAD,
    "SOFT_DELETED": BAD,
    "UNKNOWN": BAD,
    "VERIFY_RESIZE": "magenta",
    "RESCUE": "magenta",
    **dict.fromkeys(("SHUTOFF", "PAUSED", "SUSPENDED", "SHELVED", "SHELVED_OFFLOADED"), IDLE),
    **dict.fromkeys(
        "BUILD REBUILD REBOOT HARD_REBOOT RESIZE REVERT_RESIZE MIGRATING PASSWORD".split(),
        BUSY,
    ),
}


def colour_of(value: object) -> str:
    """The colour of a status, "" for anything else."""
    return COLOURS.get(str(value), "")
