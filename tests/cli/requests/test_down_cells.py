"""Commands about a host whose cell cannot be reached, and about its servers."""

from __future__ import annotations

import pytest

UP = "novasim --as admin host set --cell-up host1"


@pytest.fixture
def lost(user, admin):
    admin("create lost --flavor m1.tiny --image cirros --host host1")
    assert user.json("--as admin host set host1 --cell-down") == {"host": "host1", "status": "UNKNOWN"}
    return "lost"


def test_list_and_show(user, admin, lost):
    assert user("--as admin list -f value -c Status").stdout == "UNKNOWN\n"
    assert "UNKNOWN" in admin(f"show {lost}").stdout
    assert user.json(f"--as admin show {lost}")["status"] == "UNKNOWN"
    assert admin("list --long -f csv -c Name -c Status").stdout.splitlines()[1] == '"","UNKNOWN"'
    assert "UNKNOWN" in admin("watch --times 1").stdout


@pytest.mark.parametrize("line", ["stop lost", "history lost", "graph --server lost", "--api-version 2.68 show lost"])
def test_errors_say_how_to_go_on(admin, lost, line):
    assert UP in admin(line, 1).stderr


def test_why_can_and_plan(admin, lost):
    told = admin(f"why {lost} stop", 1).stdout
    assert "lost is UNKNOWN: stop would be refused (500)." in told and UP in told
    assert UP in admin(f"plan {lost} SHUTOFF", 4).stderr
    assert "True" not in admin(f"can {lost} -f value -c Allowed").stdout


def test_host_commands(user, admin, lost):
    assert UP in admin("host list", 1).stderr
    assert "its cell cannot be reached" in admin("host explain m1.tiny").stdout
    assert UP in admin("service set host1 --disable", 1).stderr
    assert UP in admin("service delete host1", 1).stderr
    assert UP in admin("host set host1 --disable", 1).stderr
    admin("host set host1 --cell-up --vcpus 8")
    assert user.json("--as admin host show host1")["vcpus"] == 8
    assert user.json("--as admin show lost")["status"] == "ACTIVE"


def test_members_cannot_change_cells(user, lost):
    user("host set host1 --cell-up", 5)
    user("--as admin host set nope --cell-down", 3)


def test_wait_does_not_take_unknown_for_an_end(admin, lost):
    assert "UNKNOWN" in admin("wait lost --for SHUTOFF --timeout 1", 7).stderr
