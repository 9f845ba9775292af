"""What each status means to somebody who sees it."""

from __future__ import annotations

MEANINGS: dict[str, str] = {
    "ACTIVE": "The server runs, as far as Nova knows.",
    "BUILD": "The server is being made: a host is chosen, disks and ports are made, the guest boots.",
    "DELETED": "The server is gone. Only administrators still find it in lists, for as long as its record is kept.",
    "ERROR": "Something failed, and Nova leaves the next step to people. The server's fault says what; its disk and "
    "addresses are usually still there.",
    "HARD_REBOOT": "The power was cut and the guest boots again.",
    "MIGRATING": "The server moves to another host while it runs.",
    "PASSWORD": "The guest's password is being changed.",
    "PAUSED": "The guest is frozen; its memory is kept in the host's RAM.",
    "REBOOT": "The guest was asked to restart and does so.",
    "REBUILD": "The server gets a fresh disk from an image, or (evacuated) a new host.",
    "RESCUE": "The server runs from a rescue image, with its own disk attached for repair.",
    "RESIZE": "The server changes its flavor or (migrate) its host.",
    "REVERT_RESIZE": "The server goes back to its old flavor or host.",
    "SHELVED": "The server is stored as an image and switched off; its place on the host is still reserved.",
    "SHELVED_OFFLOADED": "The server is stored as an image and is on no host.",
    "SHUTOFF": "The guest is switched off; disk, addresses and the place on the host are kept.",
    "SOFT_DELETED": "The server was deleted, but can be restored for a while.",
    "SUSPENDED": "The guest's memory is on disk and the guest does not run.",
    "VERIFY_RESIZE": "The server runs with its new flavor or on its new host and waits to be confirmed or reverted. "
    "Until then it holds its place on both hosts.",
}
