"""The schema of the servers and faults in scenario files."""

from __future__ import annotations

from collections.abc import Iterable

from novasim.control.faults import ALL_KINDS, CODES
from novasim.control.network_faults import CODES as NETWORK_CODES
from novasim.control.network_faults import METHODS, SERVICES
from novasim.lifecycle.states import POWER_STATES
from novasim.scenarios.paths import PATHS, Goal
from novasim.scenarios.schema import ENTRIES, FLAG, FRACTION, ID, NUMBER, TABLE, TEXT, TEXTS, TIME, Field, Section
from novasim.scenarios.schema import SECTIONS as RESOURCES

IN_PROGRESS = [status for status in sorted(PATHS) if Goal(status).is_in_progress]
"""The statuses that end by themselves: the cloud begins while the task is running."""
NO_NETWORK = "none"
POWERS = ", ".join(f"{number} ({word})" for number, word in POWER_STATES.items())

SERVERS = Section(
    ("name",),
    {
        "id": ID,
        "name": Field(TEXT, "Name."),
        "status": Field(
            TEXT,
            f"One of {', '.join(sorted(PATHS))}. Default: ACTIVE. The server gets there by Nova's own "
            "actions, so that everything that belongs to the status exists: a server in VERIFY_RESIZE can be confirmed "
            "or reverted, one in RESCUE unrescued, one in SHELVED_OFFLOADED unshelved. "
            f"{', '.join(IN_PROGRESS)} begin while the task is running, which needs the clock real or manual. UNKNOWN "
            "makes the cell of its host unreachable.",
        ),
        "project": Field(TEXT, "Project that owns it (name or ID). Default: demo, or else the first project."),
        "user": Field(
            TEXT,
            "User that created it (name or ID). Default: the one with the project's name, or else the first with a "
            "role in the project.",
        ),
        "flavor": Field(TEXT, "Flavor (name or ID). Default: the first flavor."),
        "old_flavor": Field(
            TEXT,
            "In VERIFY_RESIZE, RESIZE and REVERT_RESIZE: the flavor before the resize (name or ID). Default: the "
            "server is migrated with its own flavor.",
        ),
        "image": Field(TEXT, "Image (name or ID). Default: the first image."),
        "host": Field(TEXT, "Host on which it is. Default: one that the scheduler selects."),
        "availability_zone": Field(TEXT, "Zone to which it is pinned. Default: none."),
        "network": Field(
            TEXT,
            "Network (name or ID), or none. Default: the first one that the project can use and that has a subnet, or "
            "else none.",
        ),
        "addresses": Field(
            TEXTS, "Fixed addresses in the network, such as [192.0.2.7], each on its own port. Default: any."
        ),
        "security_groups": Field(TEXTS, "Names of its security groups. Default: [default]."),
        "key_name": Field(TEXT, "Key pair of its user. Default: none."),
        "metadata": Field(TABLE, "Metadata, such as {role: web}. Default: none."),
        "tags": Field(TEXTS, "Tags, such as [prod, web]. Default: none."),
        "description": Field(TEXT, "Description. Default: none."),
        "hostname": Field(TEXT, "Host name of the guest. Default: one that follows from the name."),
        "accessIPv4": Field(TEXT, "IPv4 address for access. Default: none."),
        "accessIPv6": Field(TEXT, "IPv6 address for access. Default: none."),
        "config_drive": Field(FLAG, "true: it has a config drive. Default: false."),
        "user_data": Field(TEXT, "User data in base64. Default: none."),
        "fault": Field(TEXT, "In ERROR: the message of its fault. Default: a message about the hypervisor."),
        "locked": Field(FLAG, "true: it is locked. Default: false."),
        "locked_reason": Field(TEXT, "Reason of the lock. Default: none."),
        "locked_by": Field(TEXT, "Who has locked it: owner or admin. Default: owner, if it is locked."),
        "created": Field(TEXT, TIME),
        "updated": Field(TEXT, TIME),
        "launched_at": Field(TEXT, TIME),
        "vm_state": Field(TEXT, "Nova's internal state, in place of status; novasim-lifecycle(7) lists all of them."),
        "task_state": Field(
            TEXT,
            "The server is stuck in this task_state, such as powering-off: no task is running, as after a lost "
            "message. Default: none.",
        ),
        "power_state": Field(NUMBER, f"One of {POWERS}. Default: the one that follows from the status."),
    },
    "Default: none.",
    {"created_at": "created", "updated_at": "updated", "deleted": "status"},
)
OF_NETWORK = "For the kinds answer, delay, drop, drop-answer and expire-token."


def _join(words: Iterable[object]) -> str:
    *others, last = map(str, words)
    return f"{', '.join(others)} or {last}"


FAULTS = Section(
    (),
    {
        "name": Field(TEXT, "Name. That of a predefined fault, such as spawn, sets the other fields."),
        "does": Field(TEXT, f"One of {_join(ALL_KINDS)}. Default: that of the predefined fault."),
        "action": Field(TEXT, "Only in this action, such as resize. Default: in any."),
        "phase": Field(TEXT, "Only in this phase: a task_state, such as spawning. Default: in any."),
        "server": Field(TEXT, "Only on servers whose names match, such as 'web*'. Default: on all."),
        "image": Field(TEXT, "Only on servers of this image (name or ID). Default: of any."),
        "flavor": Field(TEXT, "Only on servers of this flavor (name or ID). Default: of any."),
        "host": Field(TEXT, "Only on servers on this host. Default: on any."),
        "project": Field(TEXT, "Only on servers of this project (name or ID). Default: of any."),
        "times": Field(NUMBER, "How often it is triggered, at least 1. Default: no limit."),
        "probability": Field(FRACTION, "Probability of a trigger, above 0 and at most 1. Default: 1."),
        "since": Field(TEXT, "Active from this time, such as 2026-01-31T12:00:00Z. Default: from the start."),
        "until": Field(TEXT, "Active until this time. Default: until it is removed."),
        "service": Field(TEXT, f"Only requests to this service: {_join(SERVICES)}. Default: to any. {OF_NETWORK}"),
        "method": Field(TEXT, f"Only requests with this method: {_join(METHODS)}. Default: any. {OF_NETWORK}"),
        "path": Field(
            TEXT, f"Only requests to matching paths below the service, such as '/servers*'. Default: any. {OF_NETWORK}"
        ),
        "code": Field(
            NUMBER,
            f"HTTP code with which refuse refuses: {_join(CODES)}; or answer answers: {_join(NETWORK_CODES)}.",
        ),
        "seconds": Field(
            FRACTION,
            "Seconds of real time: how long delay delays an answer, or with the code 429 or 503, when a client may try "
            "again. Default: 0.",
        ),
        "factor": Field(FRACTION, "Factor by which slow multiplies the duration."),
        "message": Field(TEXT, "Message of fail and refuse. Default: one that names the fault."),
    },
    "Faults to inject, as by 'novasim fault add'; they do not affect how the cloud is created. Default: none.",
)

SECTIONS: dict[str, Section] = {**RESOURCES, "servers": SERVERS, "faults": FAULTS}

TOP_LEVEL = {
    "seed": Field(
        NUMBER,
        "Number from which IDs, addresses and durations follow. With a seed, the cloud starts at 2026-01-01T00:00:00Z, "
        "otherwise now. Default: a random seed.",
    ),
    "clock": Field(TEXT, "One of instant, manual and real; see novasim-clock(1). Default: real."),
    "options": Field(TABLE, "Nova's options by name, such as {shelved_offload_time: -1}; see OPTIONS."),
    **{name: Field(ENTRIES, section.help) for name, section in SECTIONS.items()},
}
