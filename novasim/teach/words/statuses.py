"""The meaning of each status for users, and where Nova's documents give another one."""

from __future__ import annotations

MEANINGS: dict[str, str] = {
    "ACTIVE": "The server is running, as far as Nova knows.",
    "BUILD": "The server is being built: Nova chooses a host, creates disks and ports, and boots the guest.",
    "DELETED": "The server is gone. Administrators can list it for as long as Nova keeps its record.",
    "ERROR": "Something failed, and a person has to decide what to do. The server's fault says what; its disk and "
    "addresses usually still exist.",
    "HARD_REBOOT": "Nova cut the power, and the guest is booting again.",
    "MIGRATING": "The server is moving to another host while it runs.",
    "PASSWORD": "The guest's password is being changed.",
    "PAUSED": "The guest is frozen; its memory stays in the host's RAM.",
    "REBOOT": "The guest is restarting by itself.",
    "REBUILD": "The server is getting a fresh disk from an image or, in an evacuation, a new host.",
    "RESCUE": "The server runs from a rescue image, with its own disk attached for repair.",
    "RESIZE": "The server is changing its flavor or, in a migration, its host. It is down meanwhile.",
    "REVERT_RESIZE": "The server is going back to its old flavor or host.",
    "SHELVED": "The server is stored as an image and switched off; its place on the host is still reserved. After the "
    "shelve offload time (option shelved_offload_time) it is offloaded.",
    "SHELVED_OFFLOADED": "The server is stored as an image and has no host.",
    "SHUTOFF": "The guest is switched off; its disk, addresses and place on the host are kept.",
    "SOFT_DELETED": "The server was deleted but can be restored for some time.",
    "SUSPENDED": "The guest's memory is saved on disk, and the guest does not run. Its resources stay taken; shelve "
    "frees them.",
    "VERIFY_RESIZE": "The server runs with its new flavor or on its new host and waits for confirm-resize or "
    "revert-resize. Until then it occupies both hosts.",
}

DIFFERENCES: dict[str, str] = {
    "MIGRATING": "The documents say that a server shows it while it moves to another host. During a cold migration it "
    "shows RESIZE.",
    "REVERT_RESIZE": "The documents say that a resize failed. A server shows it only if revert-resize was requested; "
    "after a failed resize it is ERROR.",
}
