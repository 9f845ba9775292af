"""The commands that act on servers: their effects and their refusals."""

from __future__ import annotations

import pytest

# verb: what is done before, the command, the status afterwards; a second line tells how it is refused and where
LIVES = [
    ("", "stop web1", "SHUTOFF"),
    ("stop web1", "start web1", "ACTIVE"),
    ("", "reboot web1", "ACTIVE"),
    ("stop web1", "reboot web1 --hard", "ACTIVE"),
    ("", "pause web1", "PAUSED"),
    ("pause web1", "unpause web1", "ACTIVE"),
    ("", "suspend web1", "SUSPENDED"),
    ("suspend web1", "resume web1", "ACTIVE"),
    ("", "crash-dump web1", "ACTIVE"),
    ("", "resize web1 --flavor m1.small", "VERIFY_RESIZE"),
    ("resize web1 --flavor m1.small", "confirm-resize web1", "ACTIVE"),
    ("resize web1 --flavor m1.small", "revert-resize web1", "ACTIVE"),
    ("", "rebuild web1", "ACTIVE"),
    ("", "rescue web1", "RESCUE"),
    ("rescue web1", "unrescue web1", "ACTIVE"),
    ("", "shelve web1", "SHELVED_OFFLOADED"),
    ("shelve web1", "unshelve web1", "ACTIVE"),
    ("", "lock web1 --reason maintenance", "ACTIVE"),
    ("lock web1", "unlock web1", "ACTIVE"),
    ("", "change-password web1 --password secret", "ACTIVE"),
    ("", "create-image web1 snap", "ACTIVE"),
    ("", "create-backup web1 bak --type daily --rotation 1", "ACTIVE"),
]


REFUSALS = [
    ("", "start web1", "already ACTIVE", "nothing to do"),
    ("pause web1", "reboot web1", "reboot needs ACTIVE", "novasim unpause web1"),
    ("stop web1", "pause web1", "pause needs ACTIVE", "novasim start web1"),
    ("", "confirm-resize web1", "no resize or migration", "nothing to do"),
    ("pause web1", "unrescue web1", "unrescue needs RESCUE", "novasim unpause web1"),
    ("pause web1", "stop web1", "web1 is PAUSED", "novasim unpause web1"),
    ("stop web1", "resume web1", "resume needs SUSPENDED", "novasim start web1"),
    ("lock web1", "stop web1", "is locked", "novasim unlock web1"),
    ("suspend web1", "unshelve web1", "SHELVED", "novasim resume web1"),
]


@pytest.mark.parametrize(("before", "line", "status"), LIVES)
def test_verb_leads_to_the_status(web1, before, line, status):
    if before:
        web1(f"{before} --wait" if "lock" not in before else before)
    web1(f"{line} --wait" if "lock" not in line else line)
    assert web1.status() == status


@pytest.mark.parametrize(("before", "line", "state", "remedy"), REFUSALS)
def test_refusal_has_state_needed_state_and_remedy(web1, before, line, state, remedy):
    if before:
        web1(before)
    kept = web1.path.read_bytes()
    output = web1(line, 4).stderr
    assert output.startswith("novasim: ")
    assert state in output and remedy in output
    assert web1.path.read_bytes() == kept


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("migrate web1", "VERIFY_RESIZE"),
        ("live-migrate web1", "ACTIVE"),
        ("reset-state web1 --state error", "ERROR"),
        ("inject-network-info web1", "ACTIVE"),
        ("diagnostics web1", "ACTIVE"),
    ],
)
def test_administrators_commands_are_refused_to_members(web1, line, status):
    web1(line, 5)
    web1(f"--as admin {line}")
    assert web1.status() == status


def test_evacuate_after_the_service_is_down(web1):
    web1("--as admin evacuate web1", 6)
    web1("--as admin service set host1 --down")
    web1("--as admin evacuate web1 --wait")
    assert web1.status() == "SHUTOFF"
    assert web1.json("--as admin show web1")["OS-EXT-SRV-ATTR:host"] != "host1"
    assert "host1" in web1("--as admin service list").stdout


def test_removed_action_is_gone(web1):
    web1("reset-network web1", 10)


def test_delete_restore_and_force_delete(web1):
    web1("config set reclaim_instance_interval 3600")
    id = web1.json("show web1")["id"]
    web1("delete web1 --wait")
    web1(f"restore {id} --wait")
    web1("delete web1")
    web1(f"force-delete {id} --wait")
    web1(f"show {id}", 3)
    web1("shelve-offload web1", 3)


def test_consoles_and_history(web1):
    assert "login" in web1("console-log web1 --lines 2").stdout
    assert web1.json("console-url web1")["type"] == "novnc"
    assert [entry["action"] for entry in web1.json("history web1")] == ["create"]


def test_devices_and_addresses(web1):
    web1("volume create data --size 1")
    web1("attach-volume web1 data")
    web1("attach-volume web1 data", 6)
    web1("detach-volume web1 data")
    web1("attach-port web1 --network private")
    port = web1.json("port list")[-1]["id"]
    web1(f"detach-port web1 {port}")
    address = web1.json("floating-ip create public")["floating_ip_address"]
    web1(f"add-floating-ip web1 {address}")
    web1(f"remove-floating-ip web1 {address}")
    web1("add-fixed-ip web1 private")
    web1("remove-fixed-ip web1 10.0.0.99")
    web1("security-group create web")
    web1("add-security-group web1 web")
    web1("remove-security-group web1 web")
    web1("remove-security-group web1 web", 3)


def test_set_and_unset(web1):
    web1("set web1 --name web2 --description hello --property role=web --tag prod")
    server = web1.json("show web2")
    assert (server["metadata"], server["tags"], server["description"]) == ({"role": "web"}, ["prod"], "hello")
    web1("unset web2 --property role --tag prod --description")
    server = web1.json("show web2")
    assert (server["metadata"], server["tags"], server["description"]) == ({}, [], None)


def test_all_servers_are_tried_and_the_first_failure_is_the_exit_code(web1):
    web1("create web2 --flavor m1.tiny --image cirros")
    done = web1("stop web1 missing web2 --wait", 3)
    assert done.stderr.count("novasim: ") == 1
    assert [web1.status("web1"), web1.status("web2")] == ["SHUTOFF", "SHUTOFF"]


def test_servers_by_id_prefix_and_by_ambiguous_name(web1):
    id = web1.json("show web1")["id"]
    assert web1.status(id[:8]) == web1.status(id) == "ACTIVE"
    web1("create web1 --flavor m1.tiny --image cirros")
    output = web1("show web1", 4).stderr
    assert id in output


def test_pinned_microversion(web1):
    assert "locked" not in web1.json("--api-version 2.8 show web1")
    assert "locked" in web1.json("--api-version 2.9 show web1")
    web1("--api-version 2.16 crash-dump web1", 3)


def test_show_request_prints_curl(web1):
    output = web1("--show-request stop web1").stderr
    assert "curl" in output and '{"os-stop": null}' in output and "$OS_COMPUTE_URL/servers/" in output
