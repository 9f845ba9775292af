"""
The manager role of a project on migrate and live-migrate, and locks.

Source: nova/policies/migrate_server.py and lock_server.py; nova/compute/api.py, check_instance_lock and
is_expected_locked_by: only administrators pass a lock, and only they remove that of an administrator.
"""

from __future__ import annotations

import pytest

from novasim.records import Caller
from tests.play import Play

COLD, LIVE = "migrate", "os-migrateLive"
RULES = {COLD: "migrate", LIVE: "migrate_live"}
LOCKED = "Instance {} is locked"


@pytest.fixture
def play():
    play = Play()
    demo, other = play.callers["demo"], play.callers["other"]
    play.callers["manager"] = Caller("manager", demo.project_id, ("reader", "member", "manager"))
    play.callers["stranger"] = Caller("stranger", other.project_id, ("reader", "member", "manager"))
    return play


@pytest.fixture
def web1(play):
    server = play.create()
    assert play.server(server).host == "host1"
    return server


def move(play, server, key, who, host=None, minor=96):
    if key == COLD:
        return play.act(server, key, {"host": host} if host else None, who, minor)
    return play.act(server, key, {"host": host, "block_migration": "auto"}, who, minor)


@pytest.mark.parametrize("key", [COLD, LIVE])
@pytest.mark.parametrize(
    ("who", "free", "named"),
    [("admin", 202, 202), ("manager", 202, 403), ("demo", 403, 403), ("reader", 403, 403), ("stranger", 404, 404)],
)
def test_who_may_move_a_server_and_who_may_name_the_host(play, web1, key, who, free, named):
    answer = move(play, web1, key, who, "host2")
    assert answer.code == named
    if named == 403:
        text = f"Policy doesn't allow os_compute_api:os-migrate-server:{RULES[key]}:host to be performed."
        assert answer.body["forbidden"]["message"] == text
        assert play.server(web1).host == "host1"
    server = play.create("web2")
    answer = move(play, server, key, who)
    assert answer.code == free
    if free == 403:
        text = f"Policy doesn't allow os_compute_api:os-migrate-server:{RULES[key]} to be performed."
        assert answer.body["forbidden"]["message"] == text


def test_before_2_56_a_cold_migration_names_no_host(play, web1):
    """The host in the body is ignored, so the rule is that without a host."""
    answer = play.act(web1, COLD, None, "manager", 55)
    assert answer.code == 202


@pytest.mark.parametrize("key", [COLD, LIVE])
@pytest.mark.parametrize("locker", ["demo", "manager", "admin"])
def test_a_lock_stops_a_manager_and_no_administrator(play, web1, key, locker):
    assert play.act(web1, "lock", None, locker).code == 202
    answer = move(play, web1, key, "manager")
    assert (answer.code, answer.body["conflictingRequest"]["message"]) == (409, LOCKED.format(web1))
    assert move(play, web1, key, "admin").code == 202


@pytest.mark.parametrize("key", [COLD, LIVE])
def test_the_policy_comes_before_the_lock_and_the_lock_before_the_state(play, web1, key):
    assert play.act(web1, "pause" if key == COLD else "os-stop").code == 202
    assert play.act(web1, "lock").code == 202
    assert move(play, web1, key, "demo").code == 403
    answer = move(play, web1, key, "manager")
    assert answer.body["conflictingRequest"]["message"] == LOCKED.format(web1)
    assert play.act(web1, "unlock").code == 202
    assert "while it is in vm_state" in move(play, web1, key, "manager").body["conflictingRequest"]["message"]


@pytest.mark.parametrize(
    ("locker", "unlocks"),
    [
        ("demo", {"manager": 202, "reader": 403, "stranger": 404}),
        ("manager", {"demo": 202}),
        ("admin", {"demo": 403, "manager": 403, "admin": 202}),
    ],
)
def test_who_removes_a_lock(play, locker, unlocks):
    for who, code in unlocks.items():
        server = play.create(f"by-{who}")
        assert play.act(server, "lock", None, locker).code == 202
        answer = play.act(server, "unlock", None, who)
        assert answer.code == code
        if locker == "admin" and code == 403:
            assert "unlock:unlock_override" in answer.body["forbidden"]["message"]
        assert (play.server(server).locked_by is None) == (code == 202)


def test_an_administrator_overrides_the_lock_of_an_owner(play, web1):
    assert play.act(web1, "lock").code == 202
    assert play.act(web1, "unlock", None, "admin").code == 202


@pytest.mark.parametrize("verb", ["confirmResize", "revertResize"])
def test_a_manager_ends_the_migration_as_any_member(play, web1, verb):
    assert move(play, web1, COLD, "manager").code == 202
    assert play.act(web1, verb, None, "demo").code in (202, 204)
    assert play.state(web1) == ("ACTIVE", None)


class TestMigrationsInProgress:
    """Source: nova/policies/servers_migrations.py and migrations.py."""

    @pytest.fixture
    def play(self, play):
        slow = Play("manual")
        slow.callers = play.callers | {"admin": slow.callers["admin"], "demo": slow.callers["demo"]}
        project = slow.callers["demo"].project_id
        slow.callers["manager"] = Caller("manager", project, ("reader", "member", "manager"))
        return slow

    @pytest.fixture
    def path(self, play):
        server = play.create()
        play.advance(60)
        assert move(play, server, LIVE, "manager").code == 202
        play.advance(1)
        (number,) = [each["id"] for each in play.ask("GET", "/os-migrations", who="admin").body["migrations"]]
        return f"/servers/{server}/migrations", number

    def test_a_manager_lists_and_aborts_but_sees_no_hosts(self, play, path):
        base, number = path
        (shown,) = play.ask("GET", base, who="manager").body["migrations"]
        assert (shown["source_compute"], shown["dest_compute"]) == (None, None)
        (shown,) = play.ask("GET", base, who="admin").body["migrations"]
        assert shown["source_compute"] and shown["dest_compute"]
        assert play.ask("DELETE", f"{base}/{number}", who="demo").code == 403
        assert play.ask("DELETE", f"{base}/{number}", who="manager").code == 202

    def test_a_manager_forces_it_to_complete(self, play, path):
        base, number = path
        body = {"force_complete": None}
        assert play.ask("POST", f"{base}/{number}/action", body, who="demo").code == 403
        assert play.ask("POST", f"{base}/{number}/action", body, who="manager").code == 202
