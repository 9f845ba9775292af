"""
The checks of arguments, images, flavors, hosts and rights: what they refuse, with which code and text, in which order.

Codes and texts are from Nova's API reference and the recorded requests.
"""

from __future__ import annotations

import pytest

from novasim.errors import (
    BadRequest,
    Conflict,
    Locked,
    NotFound,
    NovaFault,
    PolicyRefusal,
    QuotaExceeded,
    WrongState,
)
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.check import Facts
from novasim.lifecycle.preconditions import raise_first_refusal, refusals
from novasim.records import Caller, Migration
from tests import each_case
from tests.spec.samples import ADMIN, GIB, OWNER, SMALL, flavor, host, image, server

NO_ROOM = QuotaExceeded(resources="cores", requested="4", used="18", limits="20")
TARGET = BadRequest(reason="No valid host was found.")


def list_refusals(name: str, vm_state: str = "", fields: dict | None = None, caller: Caller = OWNER, **facts: object):
    """The types and texts of the refusals of an action."""
    state = vm_state or sorted(ACTIONS[name].vm_states or {"active"})[0]
    found = refusals(ACTIONS[name], server(vm_state=state, **(fields or {})), caller, Facts(**{"minor": 104, **facts}))
    return [(type(fault), str(fault)) for fault in found]


RESIZE_TO_ZERO = "Server disk was unable to be resized because: Resize to zero disk flavor is not allowed."
FLAVOR_DISK = (
    "Flavor's disk is smaller than the minimum size specified in image metadata. "
    "Flavor disk is {} bytes, minimum size is {} bytes."
)
NO_RESIZE = {"auto_disk_config": "Disabled"}
RESIZE_DISABLED = "Requested image i has automatic disk resize disabled."
FLAVOR_RAM = "Flavor's memory is too small for requested image."
SERVICE_DOWN = "Service is unavailable at this time."
NOT_SHELVED = (
    'Specifying an availability zone or a host when unshelving server "s" with status "shelved" is not '
    "supported. The server status must be SHELVED_OFFLOADED."
)

OTHER_TOPOLOGY = (
    "An instance's NUMA topology cannot be changed as part of a rebuild. "
    "The image provided is invalid for this instance."
)

ONE_REFUSAL = [
    # a resize: the host is looked at first, then the flavor, then the quota, then whether disk and memory fit
    ("resize", {"flavor_ref": "9"}, BadRequest, "Flavor 9 could not be found."),
    ("resize", {"flavor": flavor(disk=0), "volume_backed": True}, None, ""),
    ("resize", {"flavor": flavor(disabled=True)}, BadRequest, "Flavor 2 could not be found."),
    ("resize", {"flavor": flavor(id="1")}, BadRequest, "When resizing, instances must change flavor!"),
    ("resize", {"flavor": flavor(), "quota_refusal": NO_ROOM}, QuotaExceeded, str(NO_ROOM)),
    ("resize", {"flavor": flavor(disk=4)}, BadRequest, FLAVOR_DISK.format(4 * GIB, 5 * GIB)),
    ("resize", {"flavor": flavor(disk=5)}, None, ""),
    ("resize", {"flavor": flavor(ram=63)}, BadRequest, FLAVOR_RAM),
    ("resize", {"flavor": flavor(ram=64)}, None, ""),
    ("resize", {"flavor": flavor(disk=4, ram=64), "volume_backed": True}, None, ""),
    ("resize", {"flavor": flavor(disk=4, ram=1), "volume_backed": True}, BadRequest, FLAVOR_RAM),
    ("resize", {"flavor_ref": "2", "flavor": flavor()}, None, ""),
    ("resize", {"source_host": host(up=False)}, Conflict, SERVICE_DOWN),
    ("resize", {"source_host": host(forced_down=True)}, Conflict, SERVICE_DOWN),
    ("resize", {"source_host": host()}, None, ""),
    ("resize", {"disk_config": "AUTO"}, None, ""),
    ("confirm-resize", {"needs_migration": True}, BadRequest, "Instance has not been resized."),
    ("revert-resize", {"needs_migration": True}, BadRequest, "Instance has not been resized."),
    ("confirm-resize", {"needs_migration": True, "migration": Migration(id="m", server_id="s")}, None, ""),
    ("confirm-resize", {}, None, ""),
    ("confirm-resize", {"source_host": host(up=False)}, Conflict, SERVICE_DOWN),
    ("revert-resize", {"quota_refusal": NO_ROOM}, QuotaExceeded, str(NO_ROOM)),
    # a rebuild
    ("rebuild", {"key_missing": True}, BadRequest, "Invalid key_name provided."),
    ("rebuild", {"image_ref": "x"}, BadRequest, "Cannot find image for rebuild"),
    ("rebuild", {"image_ref": "i", "image": image()}, None, ""),
    ("rebuild", {"image": image(properties=NO_RESIZE), "disk_config": "AUTO"}, BadRequest, RESIZE_DISABLED),
    ("rebuild", {"image": image(properties=NO_RESIZE), "disk_config": "MANUAL"}, None, ""),
    ("rebuild", {"image": image(status="queued")}, BadRequest, "Image i is not active."),
    ("rebuild", {"image": image(min_ram=513)}, BadRequest, FLAVOR_RAM),
    ("rebuild", {"image": image(min_ram=512)}, None, ""),
    ("rebuild", {"image": image(min_disk=6)}, BadRequest, FLAVOR_DISK.format(5 * GIB, 6 * GIB)),
    ("rebuild", {"image": image(min_disk=5)}, None, ""),
    ("rebuild", {"image": image(min_disk=6, size=9 * GIB), "volume_backed": True}, None, ""),
    ("rebuild", {"image": image(size=5 * GIB)}, None, ""),
    (
        "rebuild",
        {"image": image(size=5 * GIB + 1)},
        BadRequest,
        f"Flavor's disk is too small for requested image. Flavor disk is {5 * GIB} bytes, "
        f"image is {5 * GIB + 1} bytes.",
    ),
    ("rebuild", {"image": image(size=None)}, None, ""),
    ("rebuild", {"quota_refusal": NO_ROOM}, QuotaExceeded, str(NO_ROOM)),
    ("restore", {"quota_refusal": NO_ROOM}, QuotaExceeded, str(NO_ROOM)),
    ("rebuild", {"image": image(properties={"hw_numa_nodes": "1"})}, BadRequest, OTHER_TOPOLOGY),
    ("rebuild", {"image": image(properties={"hw_numa_nodes": "1"}), "boot_image_id": "i"}, None, ""),
    # a rescue
    ("rescue", {"image_ref": "x"}, BadRequest, "Requested rescue image 'x' is not supported"),
    ("rescue", {"image_ref": "i", "image": image()}, None, ""),
    # an unshelve
    ("unshelve", {"requests_placement": True}, Conflict, NOT_SHELVED),
    ("unshelve", {"zone": "z", "zone_known": False}, BadRequest, "The requested availability zone is not available"),
    ("unshelve", {"zone": None, "zone_known": False}, None, ""),
    ("unshelve", {"host_name": "x"}, BadRequest, "Compute host x could not be found."),
    (
        "unshelve",
        {"host_name": "h", "host": host(), "zone": "z", "host_in_zone": False},
        Conflict,
        'Host "h" is not in the availability zone "z".',
    ),
    ("unshelve", {"host_name": "h", "host": host(), "zone": None, "host_in_zone": False}, None, ""),
    (
        "unshelve",
        {"host_name": "h", "host": host(), "allowed": lambda rule: False},
        PolicyRefusal,
        "Policy doesn't allow os_compute_api:os-shelve:unshelve_to_host to be performed.",
    ),
    ("unshelve", {"allowed": lambda rule: False}, None, ""),
    # moves
    ("migrate", {"host_name": "x"}, BadRequest, "Compute host x could not be found."),
    ("migrate", {"host_name": "h", "host": host()}, BadRequest, "Cannot migrate to the host where the server exists."),
    ("migrate", {"host_name": "g", "host": host("g")}, None, ""),
    ("migrate", {"source_host": host(up=False)}, Conflict, SERVICE_DOWN),
    ("live-migrate", {"host_name": "x"}, BadRequest, "Compute host x could not be found."),
    ("live-migrate", {"target_refusal": TARGET}, BadRequest, str(TARGET)),
    ("live-migrate", {"host_name": "h", "host": host()}, None, ""),
    ("evacuate", {"host_name": "x"}, NotFound, "Compute host x not found."),
    (
        "evacuate",
        {"host_name": "h", "host": host(), "has_arguments": True},
        BadRequest,
        "The target host can't be the same one.",
    ),
    ("evacuate", {"host_name": "h", "host": host()}, None, ""),
    ("evacuate", {"host_name": "g", "host": host("g"), "has_arguments": True}, None, ""),
    ("evacuate", {"source_host": host()}, BadRequest, "Compute service of h is still in use."),
    ("evacuate", {"source_host": host(up=False)}, None, ""),
    ("evacuate", {"source_host": host(forced_down=True)}, None, ""),
    # devices
    ("detach-volume", {"missing_volume": "v"}, NotFound, "Instance s is not attached to volume v"),
]


def test_a_refusal_names_its_row_server_and_check():
    with pytest.raises(NovaFault) as refusal:
        raise_first_refusal(ACTIONS["resize"], server(), OWNER, Facts(minor=104, flavor_ref="none"))
    known = {"row": "resize", "server": server().id, "check": "flavor_exists"}
    assert known.items() <= refusal.value.facts.items()
    with pytest.raises(WrongState) as refusal:
        raise_first_refusal(ACTIONS["start"], server(), OWNER, Facts(minor=104))
    assert refusal.value.facts["row"] == "start" and "check" not in refusal.value.facts


@each_case(("name", "facts", "kind", "words"), ONE_REFUSAL)
def test_one_check_refuses_with_the_documented_code_and_words(name, facts, kind, words):
    assert list_refusals(name, **facts) == ([(kind, words)] if kind else [])


def test_a_flavor_without_disk_needs_a_server_without_disk():
    assert list_refusals("resize", flavor=flavor(disk=0))[0] == (BadRequest, RESIZE_TO_ZERO)
    assert list_refusals("resize", fields={"flavor": SMALL | {"disk": 0}}, flavor=flavor(disk=0)) == []


def test_the_current_flavor_may_be_disabled():
    words = [words for _, words in list_refusals("resize", flavor=flavor(id="1", disabled=True))]
    assert words == ["When resizing, instances must change flavor!"]


def test_an_image_without_min_ram_fits_every_flavor():
    assert list_refusals("resize", fields={"image": {}}, flavor=flavor(ram=1)) == []


def test_the_refusals_of_a_resize_are_in_novas_order():
    facts = {"source_host": host(up=False), "flavor": flavor(disk=0, ram=1, disabled=True), "quota_refusal": NO_ROOM}
    busy = list_refusals("resize", "paused", {"locked_by": "admin", "task_state": "pausing"}, **facts)
    arguments = [Conflict, BadRequest, BadRequest, QuotaExceeded, BadRequest]
    assert [kind for kind, _ in busy] == [Locked, WrongState, WrongState, *arguments]
    words = [words for _, words in list_refusals("resize", **facts)]
    assert words == [
        SERVICE_DOWN,
        RESIZE_TO_ZERO,
        "Flavor 2 could not be found.",
        str(NO_ROOM),
        FLAVOR_RAM,
    ]


def test_require_raises_the_first_refusal():
    with pytest.raises(BadRequest, match="Invalid key_name provided"):
        raise_first_refusal(ACTIONS["rebuild"], server(), OWNER, Facts(key_missing=True, image_ref="x"))
    assert raise_first_refusal(ACTIONS["rebuild"], server(), OWNER, Facts()) is None


def test_an_evacuation_from_no_host_to_any_host_counts_as_the_same_host():
    same = [(BadRequest, "The target host can't be the same one.")]
    assert list_refusals("evacuate", fields={"host": None}, has_arguments=True) == same
    assert list_refusals("evacuate", fields={"host": None}) == []


def test_the_target_of_an_evacuation_is_checked_before_the_state():
    words = [words for _, words in list_refusals("evacuate", "paused", host_name="x")]
    assert words == [
        "Compute host x not found.",
        "Cannot 'evacuate' instance s while it is in vm_state paused",
    ]


@pytest.mark.parametrize("state", ["shelved", "shelved_offloaded"])
@pytest.mark.parametrize(("name", "called"), [("attach-volume", "attach_volume"), ("detach-volume", "detach_volume")])
def test_volumes_of_shelved_servers_cannot_change_before_2_20(state, name, called):
    words = f"Cannot '{called}' instance s while it is in vm_state {state}"
    assert list_refusals(name, state, minor=19) == [(WrongState, words)]
    assert list_refusals(name, state, minor=20) == list_refusals(name, "active", minor=19) == []


def test_an_offloaded_server_may_be_placed():
    assert list_refusals("unshelve", "shelved_offloaded", requests_placement=True) == []


@pytest.mark.parametrize(("power", "shown"), [(3, "paused"), (4, "shutdown"), (6, "crashed"), (7, "suspended")])
def test_diagnostics_of_a_guest_that_is_off_are_list_refusals(power, shown):
    words = f"Cannot 'get_diagnostics' instance s while it is in power state {shown}"
    assert list_refusals("diagnostics", fields={"power_state": power}) == [(Conflict, words)]


@pytest.mark.parametrize("power", [0, 1])
def test_diagnostics_of_a_running_guest_are_accepted(power):
    assert list_refusals("diagnostics", fields={"power_state": power}) == []


OVERRIDE = "os_compute_api:os-lock-server:unlock:unlock_override"


@pytest.mark.parametrize(
    ("locked_by", "caller", "may"),
    [
        ("owner", OWNER, True),
        ("admin", OWNER, False),
        ("owner", ADMIN, False),
        ("admin", ADMIN, True),
        (None, OWNER, True),
    ],
)
def test_each_side_removes_its_own_lock_and_others_need_the_override_rule(locked_by, caller, may):
    asked = []

    def refuse(rule: str) -> bool:
        asked.append(rule)
        return False

    found = list_refusals("unlock", fields={"locked_by": locked_by}, caller=caller, allowed=refuse)
    words = f"Policy doesn't allow {OVERRIDE} to be performed."
    assert found == ([] if may else [(PolicyRefusal, words)])
    assert asked == ([] if may else [OVERRIDE])
    assert list_refusals("unlock", fields={"locked_by": locked_by}, caller=caller) == []
