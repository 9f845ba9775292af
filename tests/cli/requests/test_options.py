"""Every parameter of Nova's documents has an option: what the options send."""

from __future__ import annotations

import json

import pytest

CREATE = "create web1 --flavor m1.small --image cirros"


def test_create_with_addresses_and_disk_config(user):
    user(f"{CREATE} --access-ipv4 192.0.2.9 --access-ipv6 2001:db8::9 --disk-config MANUAL")
    server = user.json("show web1")
    assert (server["accessIPv4"], server["accessIPv6"]) == ("192.0.2.9", "2001:db8::9")
    assert server["OS-DCF:diskConfig"] == "MANUAL"


def test_create_prints_the_reservation(user):
    reservation = user.json(f"{CREATE} --count 2 --return-reservation-id")["reservation_id"]
    assert sorted(user.names(f"list --reservation-id {reservation}")) == ["web1-1", "web1-2"]


@pytest.mark.parametrize("line", [CREATE, "rebuild web1"])
def test_files_for_the_guest(user, tmp_path, line):
    if "rebuild" in line:
        user(CREATE)
    (tmp_path / "motd").write_text("hello")
    sent = user(f"--show-request {line} --file /etc/motd={tmp_path / 'motd'}").stderr
    assert '"personality": [{"path": "/etc/motd", "contents": "aGVsbG8="}]' in sent
    assert "compute 2.56" in sent
    user(f"--api-version 2.57 {line} --file /etc/motd={tmp_path / 'motd'}", 6)
    user(f"{line} --file /etc/motd", 2)
    user(f"{line} --file /etc/motd=/nonexistent", 2)


def test_rebuild_with_addresses_disk_config_and_certificates(user):
    user(CREATE)
    more = "--access-ipv4 192.0.2.9 --access-ipv6 2001:db8::9 --disk-config MANUAL --trusted-image-cert abc"
    user(f"rebuild web1 {more}")
    server = user.json("show web1")
    assert (server["accessIPv4"], server["accessIPv6"]) == ("192.0.2.9", "2001:db8::9")
    assert server["OS-DCF:diskConfig"] == "MANUAL"
    assert server["trusted_image_certificates"] == ["abc"]
    user("rebuild web1 --no-trusted-image-certs")
    assert user.json("show web1")["trusted_image_certificates"] is None


def test_resize_and_set_change_the_disk_config(user):
    user(CREATE)
    user("resize web1 --flavor m1.medium --disk-config manual")
    user("confirm-resize web1")
    assert user.json("show web1")["OS-DCF:diskConfig"] == "MANUAL"
    user("set web1 --disk-config AUTO")
    assert user.json("show web1")["OS-DCF:diskConfig"] == "AUTO"


def test_metadata_of_a_backup(user):
    user(CREATE)
    user("create-backup web1 nightly --property kept=yes --wait")
    assert user.json("image show nightly")["kept"] == "yes"


def test_live_migration_with_overcommitted_disk(user):
    user(CREATE)
    sent = user("--as admin --show-request live-migrate web1 --disk-overcommit --wait").stderr
    body = {"os-migrateLive": {"host": None, "block_migration": False, "disk_over_commit": True}}
    assert json.dumps(body) in sent and "compute 2.24" in sent


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (["web2"], "--vm-state stopped"),
        (["web1"], "--power-state running"),
        (["web1"], "--power-state 1"),
        ([], "--task-state spawning"),
        (["web1"], "--config-drive True"),
        (["web1", "web2"], "--progress 0"),
        (["web2"], "--hostname web2"),
        ([], "--created-at ^1999"),
        (["web1", "web2"], "--launched-at :"),
        ([], "--terminated-at :"),
        (["web1"], "--access-ip-v4 192.0.2.9"),
        (["web1"], "--display-description first"),
        (["web1", "web2"], "--description second"),
        (["web2"], "--locked-by owner"),
        (["web1", "web2"], "--auto-disk-config 0"),
        (["web1", "web2"], "--root-device-name vda"),
    ],
)
def test_filters_of_the_list(user, found, line):
    user(f"{CREATE} --config-drive --access-ipv4 192.0.2.9 --description first")
    user("create web2 --flavor m1.tiny --image cirros")
    user("stop web2")
    user("lock web2")
    assert sorted(user.names(f"--as admin list --all-projects {line}")) == found


@pytest.mark.parametrize(
    ("line", "names"), [("--deleted", "deleted"), ("--host x --locked-by admin", "host, locked_by")]
)
def test_ignored_filters_are_named_on_stderr(user, line, names):
    user(CREATE)
    done = user(f"list {line} -f value -c Name")
    assert done.stdout == "web1\n"
    assert done.stderr == (
        f"novasim: Nova ignores filters that demo is not allowed to use: {names}.\n"
        f"  As administrator: novasim --as admin list {line} -f value -c Name\n"
    )
    assert user(f"list {line} -f json").stderr == ""
    assert user(f"--as admin list --all-projects {line}").stderr == ""


def test_filters_of_members_need_no_remark(user):
    user(CREATE)
    assert (
        user("list --vm-state active --limit 1 --sort name --tags x --changes-since 2026-01-01T00:00:00").stderr == ""
    )
    assert "vm_state" in user("--api-version 2.82 list --vm-state active").stderr
