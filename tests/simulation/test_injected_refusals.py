"""Every action that `fault add` accepts is refused by an injected fault, and a refused action changes nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest

from novasim.control import faults, hosts
from novasim.errors import UsageError
from novasim.lifecycle.actions import ACTIONS
from novasim.records import Fault, FloatingIp, Record, Server
from tests import each_case
from tests.play import Play

REMOVED = {"reset-network"}  # always 410, whatever is injected

# By action: the steps before it, and its request. A step or request is the key and arguments of an action,
# or method, path below the server and body. Words in capitals stand for ids and addresses; see `replace_words`.
STOP, SHELVE, RESIZE = ("os-stop", None), ("shelve", None), ("resize", {"flavorRef": "2"})
FLOATING, GROUP = ("addFloatingIp", {"address": "FLOATING_IP"}), ("addSecurityGroup", {"name": "db"})
METADATA, TAG = ("POST", "/metadata", {"metadata": {"a": "b"}}), ("PUT", "/tags/blue", None)
VOLUME = ("POST", "/os-volume_attachments", {"volumeAttachment": {"volumeId": "VOLUME"}})
REQUESTS: dict[str, tuple[list[tuple[Any, ...]], tuple[Any, ...]]] = {
    "create": (
        [],
        ("POST", "", {"server": {"name": "web2", "flavorRef": "1", "imageRef": "IMAGE", "networks": "none"}}),
    ),
    "delete": ([], ("DELETE", "", None)),
    "force-delete": ([], ("forceDelete", None)),
    "restore": ([("DELETE", "", None)], ("restore", None)),
    "start": ([STOP], ("os-start", None)),
    "stop": ([], STOP),
    "reboot": ([], ("reboot", {"type": "SOFT"})),
    "hard-reboot": ([], ("reboot", {"type": "HARD"})),
    "pause": ([], ("pause", None)),
    "unpause": ([("pause", None)], ("unpause", None)),
    "suspend": ([], ("suspend", None)),
    "resume": ([("suspend", None)], ("resume", None)),
    "crash-dump": ([], ("trigger_crash_dump", None)),
    "lock": ([], ("lock", None)),
    "unlock": ([("lock", None)], ("unlock", None)),
    "resize": ([], ("resize", {"flavorRef": "2", "OS-DCF:diskConfig": "AUTO"})),
    "confirm-resize": ([RESIZE], ("confirmResize", None)),
    "revert-resize": ([RESIZE], ("revertResize", None)),
    "rebuild": ([], ("rebuild", {"imageRef": "IMAGE", "name": "new"})),
    "rescue": ([], ("rescue", None)),
    "unrescue": ([("rescue", None)], ("unrescue", None)),
    "shelve": ([], SHELVE),
    "shelve-offload": ([SHELVE], ("shelveOffload", None)),
    "unshelve": ([SHELVE], ("unshelve", None)),
    "change-password": ([], ("changePassword", {"adminPass": "x"})),
    "create-image": ([], ("createImage", {"name": "snap"})),
    "create-backup": ([], ("createBackup", {"name": "b", "backup_type": "daily", "rotation": 1})),
    "console-log": ([], ("os-getConsoleOutput", {})),
    "console-url": ([], ("POST", "/remote-consoles", {"remote_console": {"protocol": "vnc", "type": "novnc"}})),
    "console-url-vnc": ([], ("os-getVNCConsole", {"type": "novnc"})),
    "console-url-spice": ([], ("os-getSPICEConsole", {"type": "spice-html5"})),
    "console-url-rdp": ([], ("os-getRDPConsole", {"type": "rdp-html5"})),
    "console-url-serial": ([], ("os-getSerialConsole", {"type": "serial"})),
    "diagnostics": ([], ("GET", "/diagnostics", None)),
    "migrate": ([], ("migrate", None)),
    "live-migrate": ([], ("os-migrateLive", {"host": None, "block_migration": "auto"})),
    "evacuate": ([("crash the host", None)], ("evacuate", {})),
    "reset-state": ([], ("os-resetState", {"state": "error"})),
    "inject-network-info": ([], ("injectNetworkInfo", None)),
    "reset-network": ([], ("resetNetwork", None)),
    "add-floating-ip": ([], FLOATING),
    "remove-floating-ip": ([FLOATING], ("removeFloatingIp", {"address": "FLOATING_IP"})),
    "add-fixed-ip": ([], ("addFixedIp", {"networkId": "NETWORK"})),
    "remove-fixed-ip": ([], ("removeFixedIp", {"address": "FIXED_IP"})),
    "add-security-group": ([], GROUP),
    "remove-security-group": ([GROUP], ("removeSecurityGroup", {"name": "db"})),
    "set": ([], ("PUT", "", {"server": {"name": "new"}})),
    "metadata-create": ([], METADATA),
    "metadata-replace": ([], ("PUT", "/metadata", {"metadata": {"a": "c"}})),
    "metadata-set-item": ([], ("PUT", "/metadata/a", {"meta": {"a": "d"}})),
    "metadata-delete-item": ([METADATA], ("DELETE", "/metadata/a", None)),
    "tag-add": ([], TAG),
    "tag-replace": ([], ("PUT", "/tags", {"tags": ["red"]})),
    "tag-delete": ([TAG], ("DELETE", "/tags/blue", None)),
    "tag-delete-all": ([TAG], ("DELETE", "/tags", None)),
    "attach-volume": ([], VOLUME),
    "detach-volume": ([VOLUME], ("DELETE", "/os-volume_attachments/VOLUME", None)),
    "swap-volume": (
        [VOLUME, ("fail a migration of the volume", None)],
        ("PUT", "/os-volume_attachments/VOLUME", {"volumeAttachment": {"volumeId": "TARGET"}}),
    ),
    "attach-port": ([], ("POST", "/os-interface", {"interfaceAttachment": {"net_id": "NETWORK"}})),
    "detach-port": ([], ("DELETE", "/os-interface/PORT", None)),
}
ACCEPTED = sorted(set(ACTIONS) - REMOVED)
UNAVAILABLE = {"console-url-rdp"}  # Nova refuses it for every server (400), before an injected fault could


def stage(name: str) -> tuple[Play, str, tuple[Any, ...]]:
    """A cloud with a server for which the action is accepted, the server's id, and the request."""
    options = {"reclaim_instance_interval": 3600, "shelved_offload_time": -1}
    options |= dict.fromkeys(("spice_enabled", "serial_console_enabled"), True)
    play = Play("manual", **options)
    server = play.create("web1")
    play.ask("POST", "/v2.0/security-groups", {"security_group": {"name": "db"}}, service="network")
    public = play.find_id("network", "/v2.0/networks", "networks", "public")
    play.ask("POST", "/v2.0/floatingips", {"floatingip": {"floating_network_id": public}}, service="network")
    create_volume(play, "data")
    play.advance(60)
    before, request = REQUESTS[name]
    for step in before:
        assert send(play, server, step) < 300
        play.advance(60)
    return play, server, replace_words(play, server, request)


def create_volume(play: Play, name: str) -> None:
    path = f"/v3/{play.callers['demo'].project_id}/volumes"
    assert play.ask("POST", path, {"volume": {"size": 1, "name": name}}, service="volume").code == 202


def fail_migration(play: Play, server: str) -> None:
    """Leave the server's volume as a failed migration does, with a new volume that could take its place."""
    create_volume(play, "target")
    path = f"/v3/{play.callers['admin'].project_id}/volumes/{replace_words(play, server, 'VOLUME')}/action"
    assert (
        play.ask("POST", path, {"os-reset_status": {"migration_status": "error"}}, "admin", service="volume").code
        == 202
    )


def replace_words(play: Play, server: str, value: Any) -> Any:
    """The value, where ids and addresses have taken the place of the words in capitals."""
    if isinstance(value, dict):
        return {key: replace_words(play, server, each) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple(replace_words(play, server, each) for each in value)
    if not isinstance(value, str):
        return value
    (port,) = play.ask("GET", f"/servers/{server}/os-interface").body["interfaceAttachments"] or [{}]
    (floating,) = play.all(FloatingIp)
    volumes = play.ask("GET", f"/v3/{play.callers['demo'].project_id}/volumes", service="volume").body["volumes"]
    ids = {volume["name"]: volume["id"] for volume in volumes}
    words = {"IMAGE": play.image, "NETWORK": play.network, "VOLUME": ids["data"], "FLOATING_IP": floating.address}
    words["TARGET"] = ids.get("target", "")
    if port:
        words |= {"PORT": port["port_id"], "FIXED_IP": port["fixed_ips"][0]["ip_address"]}
    return re.sub("|".join(rf"\b{word}\b" for word in words), lambda match: words[match[0]], value)


def send(play: Play, server: str, request: tuple[Any, ...]) -> int:
    """Send a request as an administrator who acts in the server's project, and return the code."""
    request = replace_words(play, server, request)
    if request[0] == "crash the host":
        hosts.change_host(play.cloud, str(play.server(server).host), up=False)
        return 200
    if request[0] == "fail a migration of the volume":
        fail_migration(play, server)
        return 202
    play.callers["owner"] = play.callers["demo"]._replace(roles=("admin", "member", "reader"))
    if len(request) == 2:
        key, arguments = request
        old = re.fullmatch("os-get.*Console|(add|remove)(Floating|Fixed)Ip", key)
        return play.act(server, key, arguments, "owner", 5 if old else 96).code
    method, path, body = request
    new = method == "POST" and not path
    return play.ask(method, "/servers" if new else f"/servers/{server}{path}", body, "owner").code


def test_every_action_is_tested():
    assert set(REQUESTS) == set(ACTIONS)


@each_case("name", sorted(set(ACCEPTED) - UNAVAILABLE))
def test_accepted_without_a_fault(name):
    play, server, request = stage(name)
    assert send(play, server, request) == ACTIONS[name].success_code


@each_case("name", sorted(set(ACCEPTED) - UNAVAILABLE))
def test_a_refused_action_changes_nothing(name):
    play, server, request = stage(name)
    faults.add_fault(play.cloud, does="refuse", action=name, code=503)
    before = without_faults(play)
    assert send(play, server, request) == 503
    assert without_faults(play) == before
    assert [fault.triggered for fault in play.all(Fault)] == [1]


def without_faults(play: Play) -> dict[str, Any]:
    """Every record of the cloud but its faults."""
    kinds = [kind for kind in Record.__subclasses__() if kind is not Fault]
    return {kind.table: [vars(record) for record in play.all(kind)] for kind in kinds}


@pytest.mark.parametrize("name", sorted(REMOVED))
def test_actions_removed_from_nova_take_no_fault(name):
    play, server, request = stage(name)
    assert send(play, server, request) == 410
    with pytest.raises(UsageError, match="reset-network"):
        faults.add_fault(play.cloud, does="refuse", action=name, code=503)


def test_a_second_lock_of_the_owner_changes_nothing_and_can_be_refused():
    play, server, _ = stage("lock")
    assert play.act(server, "lock", {"locked_reason": "first"}).code == 202
    assert play.act(server, "lock", {"locked_reason": "second"}).code == 202
    assert play.server(server).locked_reason == "first"
    faults.add_fault(play.cloud, does="refuse", action="lock", code=503)
    assert play.act(server, "lock").code == 503


@each_case(
    ("name", "request_"),
    [
        ("console-url", ("POST", "/remote-consoles", {"remote_console": {"protocol": "vnc", "type": "spice-html5"}})),
        ("console-url-vnc", ("os-getVNCConsole", {"type": "xvpvnc"})),
        ("console-url-rdp", ("os-getRDPConsole", {"type": "rdp-html5"})),
        ("set", ("PUT", "", {"server": {"pinned_availability_zone": "mars"}})),
        ("metadata-create", ("POST", "/metadata", {"metadata": {str(n): "" for n in range(129)}})),
        ("tag-add", ("PUT", "/tags/a,b", None)),
        ("tag-delete", ("DELETE", "/tags/nope", None)),
        ("add-floating-ip", ("addFloatingIp", {"address": "203.0.113.250"})),
        ("remove-security-group", ("removeSecurityGroup", {"name": "nope"})),
        ("attach-volume", ("POST", "/os-volume_attachments", {"volumeAttachment": {"volumeId": "0" * 36}})),
    ],
)
def test_requests_that_nova_refuses_do_not_reach_the_fault(name, request_):
    play, server, _ = stage("pause")
    faults.add_fault(play.cloud, does="refuse", action=name, code=503)
    assert 400 <= send(play, server, request_) < 500
    assert [fault.triggered for fault in play.all(Fault)] == [0]


@pytest.mark.parametrize("name", ["inject-network-info", "add-fixed-ip", "remove-fixed-ip"])
def test_an_action_without_phases_cancels_nothing(name):
    play, server, request = stage(name)
    faults.add_fault(play.cloud, does="stuck", action="pause")
    assert play.act(server, "pause").code == 202
    assert send(play, server, request) == 202
    (record,) = play.all(Server)
    assert record.task_state == "pausing"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"does": "stuck", "action": "set"}, "set"),
        ({"does": "fail", "action": "add-floating-ip"}, "add-floating-ip"),
        ({"does": "lose", "action": "lock"}, "lock"),
        ({"does": "slow", "action": "reset-state", "factor": 2.0}, "reset-state"),
        ({"does": "host-crash", "action": "attach-port"}, "attach-port"),
        ({"does": "refuse", "action": "stop", "phase": "powering-off", "code": 503}, "phase"),
        ({"does": "lose", "phase": "powering-off"}, "phase"),
    ],
)
def test_a_fault_that_could_never_be_triggered_is_refused(fields, text):
    with pytest.raises(UsageError, match=text):
        faults.add_fault(Play().cloud, **fields)
