"""The checks of volumes that are attached, detached, replaced or in use, with Nova's and Cinder's texts."""

from __future__ import annotations

import pytest

from novasim.errors import BadRequest, Conflict, NotFound
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.check import Facts
from novasim.lifecycle.preconditions import refusals
from novasim.lifecycle.volume_checks import assisted_snapshot_refusals
from novasim.lifecycle.volumes import availability_refusals, is_migrating, reservation_refusals
from novasim.records import Volume
from tests import each_case
from tests.spec.samples import OWNER, image, server


def volume(id: str = "v", **fields: object) -> Volume:
    usual = {"name": id, "project_id": "p", "user_id": "u", "size": 2, "created_at": "", "updated_at": ""}
    return Volume(**{"id": id, "status": "available"} | usual | fields)


def used(*servers: str, **fields: object) -> Volume:
    return volume(**{"status": "in-use", "attachments": [{"server_id": each} for each in servers]} | fields)


OFFLOADED = "shelved_offloaded"
NOT_IN_USE = (
    "Invalid volume: Invalid input received: Invalid volume: Unable to detach volume. "
    "Volume status must be 'in-use' and attach_status must be 'attached' to detach."
)
NOT_AVAILABLE = (
    "Invalid input received: Invalid volume: Volume v status must be available or downloading to reserve, but the "
    "current status is {}."
)
TAGGED = "Tagged volume attachment is not supported for shelved-offloaded instances."
MULTIATTACH = "Attaching multiattach volumes is not supported for shelved-offloaded instances."
ATTACHED = "Invalid volume: volume v is already attached to instances: t r"
NOT_MIGRATING = "volume v is not migrating; this API should only be called by Cinder"
SEVERAL = "Swapping multi-attach volumes with more than one read/write attachment is not supported."
NO_RESCUE = "Instance s cannot be rescued: Cannot rescue a volume-backed instance"
RESCUE_IMAGE = image(properties={"hw_rescue_device": "disk", "hw_rescue_bus": "virtio"})
MIGRATING = {"migration_status": "migrating"}

CASES = [  # action, vm_state, facts, refusals
    ("attach-volume", "active", {"volume_ref": "v", "volume": volume()}, []),
    ("attach-volume", "active", {"volume_ref": "v"}, [(NotFound, "Volume v could not be found.")]),
    ("attach-volume", "active", {"volume": volume(), "volume_users": ("t", "r")}, [(BadRequest, ATTACHED)]),
    ("attach-volume", "active", {"volume": volume(multiattach=True), "volume_users": ("t",)}, []),
    (
        "attach-volume",
        "active",
        {"volume": volume(multiattach=True), "volume_users": ("t", "s")},
        [(BadRequest, "Invalid volume: volume v already attached")],
    ),
    ("attach-volume", OFFLOADED, {"volume": volume(), "device_tag": "t"}, [(BadRequest, TAGGED)]),
    ("attach-volume", "active", {"volume": volume(), "device_tag": "t"}, []),
    ("attach-volume", OFFLOADED, {"volume": volume(multiattach=True)}, [(BadRequest, MULTIATTACH)]),
    (
        "attach-volume",
        "active",
        {"volume": volume(), "used_device": "/dev/vdb", "minor": 100},
        [(Conflict, "The supplied device path (/dev/vdb) is in use.")],
    ),
    ("attach-volume", "active", {"volume": volume(), "used_device": "/dev/vdb", "minor": 101}, []),
    (
        "attach-volume",
        "active",
        {"volume": volume(status="error"), "minor": 100},
        [(BadRequest, NOT_AVAILABLE.format("error"))],
    ),
    ("attach-volume", "active", {"volume": volume(status="error"), "minor": 101}, []),
    (
        "attach-volume",
        OFFLOADED,
        {"volume": volume(status="error"), "minor": 101},
        [(BadRequest, NOT_AVAILABLE.format("error"))],
    ),
    ("detach-volume", "active", {"volume": used("s")}, []),
    ("detach-volume", "active", {"volume": used("s", status="detaching")}, [(BadRequest, NOT_IN_USE)]),
    ("detach-volume", "active", {"volume": used()}, [(BadRequest, NOT_IN_USE)]),
    ("detach-volume", "active", {"volume": used("s", status="detaching", **MIGRATING)}, []),
    ("detach-volume", OFFLOADED, {"volume": volume()}, []),
    (
        "detach-volume",
        "active",
        {"volume": used("s"), "is_root_volume": True},
        [(BadRequest, "Cannot detach a root device volume")],
    ),
    ("swap-volume", "active", {"volume": used("s", **MIGRATING), "new_volume": volume("w")}, []),
    ("swap-volume", "active", {"volume": used("s"), "new_volume": volume("w")}, [(Conflict, NOT_MIGRATING)]),
    (
        "swap-volume",
        "active",
        {"volume": used("s", **MIGRATING), "new_volume_ref": "w"},
        [(BadRequest, "Volume w could not be found.")],
    ),
    (
        "swap-volume",
        "active",
        {"volume": used("t", **MIGRATING), "new_volume": volume("w")},
        [(BadRequest, "Invalid volume: Old volume is attached to a different instance.")],
    ),
    (
        "swap-volume",
        "active",
        {"volume": used("s", **MIGRATING), "new_volume": volume("w", attachments=[{"server_id": "t"}])},
        [(BadRequest, "Invalid volume: New volume must be detached in order to swap.")],
    ),
    (
        "swap-volume",
        "active",
        {"volume": used("s", **MIGRATING), "new_volume": volume("w", size=1)},
        [(BadRequest, "Invalid volume: New volume must be the same size or larger.")],
    ),
    ("swap-volume", "active", {"volume": used("s", "t", **MIGRATING)}, [(BadRequest, SEVERAL)]),
    (
        "swap-volume",
        "active",
        {"volume": used("s", **MIGRATING), "new_volume": volume(status="error")},
        [(BadRequest, "Invalid volume: " + NOT_AVAILABLE.format("error"))],
    ),
    (
        "rescue",
        "active",
        {"attached_volumes": (used("s"), volume("w", status="detaching"))},
        [(Conflict, "Invalid volume: volume 'w' status must be 'in-use'. Currently in 'detaching' status")],
    ),
    ("rescue", "active", {"attached_volumes": (used("s"),)}, []),
    ("rescue", "active", {"volume_backed": True, "image": RESCUE_IMAGE, "minor": 87}, []),
    ("rescue", "active", {"volume_backed": True, "image": RESCUE_IMAGE, "minor": 86}, [(BadRequest, NO_RESCUE)]),
    ("rescue", "active", {"volume_backed": True, "image": image()}, [(BadRequest, NO_RESCUE)]),
    ("rescue", "active", {"volume_backed": True}, [(BadRequest, NO_RESCUE)]),
]


@each_case(("name", "vm_state", "facts", "expected"), CASES)
def test_refusals(name, vm_state, facts, expected):
    found = refusals(ACTIONS[name], server(vm_state=vm_state), OWNER, Facts(**{"minor": 104} | facts))
    assert [(type(refusal), str(refusal)) for refusal in found] == expected


@pytest.mark.parametrize(
    ("status", "multiattach", "is_free"),
    [
        *(("available", False, True), ("downloading", False, True), ("in-use", False, False), ("error", False, False)),
        *(("available", True, True), ("downloading", True, True), ("in-use", True, True), ("error", True, False)),
    ],
)
def test_which_volumes_can_be_reserved(status, multiattach, is_free):
    found = list(reservation_refusals(volume(status=status, multiattach=multiattach), 60, "Nova: "))
    expected = "available or in-use or downloading" if multiattach else "available or downloading"
    assert [str(refusal) for refusal in found] == (
        []
        if is_free
        else [
            f"Nova: Invalid input received: Invalid volume: Volume v status must be {expected} to reserve, but the "
            f"current status is {status}."
        ]
    )


def test_multiattach_volumes_need_a_microversion():
    (refusal,) = reservation_refusals(volume(multiattach=True), 59)
    assert str(refusal) == "Multiattach volumes are only supported starting with compute API version 2.60."
    assert list(reservation_refusals(volume(), 59)) == []
    assert [str(each)[:10] for each in availability_refusals(volume(status="error"), "")] == ["Volume v s"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [(None, False), ("error", False), ("success", False), ("migrating", True), ("starting", True)],
)
def test_volumes_that_the_volume_service_migrates(status, expected):
    assert is_migrating(volume(migration_status=status)) is expected


@pytest.mark.parametrize(
    ("fields", "merges", "texts"),
    [
        ({}, False, []),
        ({}, True, []),
        ({"host": None}, False, ["Instance s is not ready"]),
        (
            {"task_state": "pausing"},
            False,
            ["Instance s in task_state pausing. Cannot do_x while the instance is in this state."],
        ),
        (
            {"launched_at": None},
            False,
            ["Instance s in None active. Cannot do_x while the instance is in this state."],
        ),
        ({"vm_state": "paused"}, False, []),
        (
            {"vm_state": "paused"},
            True,
            ["Instance s in vm_state paused. Cannot x while the instance is in this state."],
        ),
    ],
)
def test_snapshots_that_the_volume_service_asks_for(fields, merges, texts):
    assert [str(refusal) for refusal in assisted_snapshot_refusals(server(**fields), "do_x", merges)] == texts
