"""Undo of the steps of one caller between those of others."""

from __future__ import annotations

from tests.record.test_undo import undone


def test_servers_of_two_callers_in_one_subnet_and_on_one_host(user):
    user("create web2 --flavor m1.tiny --image cirros")
    user("--as admin create other --flavor m1.tiny --image cirros --network private")
    user("--as admin clock advance 60")
    before = user.json("--as admin show other")
    assert undone(user) == ["Undone: create web2 --flavor m1.tiny --image cirros"]
    assert (user.names(), user.json("--as admin show other")) == (["web1"], before)
    user("--as admin create third --flavor m1.tiny --image cirros --network private")
    user("--as admin clock advance 60")
    found = [ip["ip_address"] for port in user.json("--as admin port list") for ip in port["fixed_ips"]]
    assert len(found) == len(set(found)) >= 6
    user("record check")
    user("cloud check")


def test_clock_that_another_caller_has_advanced(user):
    user("stop web1")
    user("--as admin clock advance 60")
    assert user.status("web1") == "SHUTOFF"
    assert undone(user) == ["Undone: stop web1"]
    assert (user.status("web1"), len(user.json("history web1"))) == ("ACTIVE", 1)
    assert undone(user, "redo") == ["Redone: stop web1"]
    assert user.status("web1") == "SHUTOFF"  # its task was due at once
    user("record check")


def test_own_advance_of_the_clock_before_a_step_of_another_caller(user):
    user("--as admin create other --flavor m1.tiny --image cirros --network private")
    user("clock advance 60")
    user("--as admin stop other")
    before, now = user.json("--as admin show other"), user.json("clock show")["now"]
    assert undone(user) == ["Undone: clock advance 60"]
    assert (user.json("--as admin show other"), user.json("clock show")["now"]) == (before, now)
    user("record check")


def test_what_another_caller_uses_is_not_taken_away(user):
    user("create web2 --flavor m1.tiny --image cirros")
    user("clock advance 60")
    user("--as admin attach-port web2")
    assert "admin has changed the same thing since" in user("undo 2", code=4).stderr
    user("--as admin undo")
    assert len(undone(user, "undo 2")) == 2


def test_place_that_another_caller_has_taken_since(user):
    user("volume create one --size 1")
    user("volume delete one")
    user("--as admin volume create two --size 1")
    assert undone(user) == ["Undone: volume delete one"]
    assert user.json("volume show one")["name"] == "one"
    assert user.json("--as admin volume show two")["name"] == "two"
    assert undone(user) == ["Undone: volume create one --size 1"]
    user("record check")
    user("cloud check")
