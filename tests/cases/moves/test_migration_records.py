"""Every move has a migration record from the moment its request is accepted, and keeps it when no host is found."""

from __future__ import annotations

import pytest

from tests.play import Play

MOVES = {
    "live-migration": ("os-migrateLive", {"host": None, "block_migration": "auto"}, "accepted", "running"),
    "migration": ("migrate", None, "pre-migrating", "migrating"),
    "resize": ("resize", {"flavorRef": "2"}, "pre-migrating", "migrating"),
}


@pytest.fixture
def play():
    return Play("manual")


@pytest.fixture
def web1(play):
    server = play.create()
    play.advance(10)
    return server


def records(play, **query):
    return play.ask("GET", "/os-migrations", who="admin", **query).body["migrations"]


def disable_other_hosts(play, server):
    here = play.ask("GET", f"/servers/{server}", who="admin").body["server"]["OS-EXT-SRV-ATTR:host"]
    for service in play.ask("GET", "/os-services", who="admin", binary="nova-compute").body["services"]:
        if service["host"] != here:
            play.ask("PUT", f"/os-services/{service['id']}", {"status": "disabled"}, who="admin")
    return here


def force_down(play, host, value=True):
    services = play.ask("GET", "/os-services", who="admin", host=host, binary="nova-compute").body["services"]
    play.ask("PUT", f"/os-services/{services[0]['id']}", {"forced_down": value}, who="admin")


@pytest.mark.parametrize("kind", MOVES)
def test_from_the_request_on(play, web1, kind):
    key, arguments, accepted, placed = MOVES[kind]
    assert play.act(web1, key, arguments, who="admin").code == 202
    (record,) = records(play)
    assert (record["migration_type"], record["status"], record["dest_compute"]) == (kind, accepted, None)
    while records(play)[0]["status"] == accepted:
        play.advance(0.1)
    assert records(play)[0]["status"] == placed
    assert records(play)[0]["dest_compute"]


@pytest.mark.parametrize("kind", MOVES)
def test_without_a_host_the_record_is_in_error(play, web1, kind):
    here = disable_other_hosts(play, web1)
    key, arguments, *_ = MOVES[kind]
    assert play.act(web1, key, arguments, who="admin").code == 202
    play.advance(60)
    (record,) = records(play)
    assert (record["migration_type"], record["status"]) == (kind, "error")
    assert (record["source_compute"], record["dest_compute"]) == (here, None)


def test_an_evacuation_without_a_host(play, web1):
    here = disable_other_hosts(play, web1)
    force_down(play, here)
    assert play.act(web1, "evacuate", {}, who="admin").code == 200
    assert records(play)[0]["status"] == "accepted"
    play.advance(60)
    (record,) = records(play)
    assert (record["migration_type"], record["status"], record["source_compute"]) == ("evacuation", "error", here)
    assert (record["old_instance_type_id"], record["new_instance_type_id"]) == (None, None)
    force_down(play, here, False)  # an evacuation in error does not keep the host down


def test_a_failed_move_leaves_the_claims_as_they_were(play, web1):
    before = play.ask("GET", "/os-hypervisors/detail", who="admin", minor=87).body
    disable_other_hosts(play, web1)
    for key, arguments, *_ in MOVES.values():
        play.act(web1, key, arguments, who="admin")
        play.advance(60)
        play.act(web1, "os-resetState", {"state": "active"}, who="admin")
    after = play.ask("GET", "/os-hypervisors/detail", who="admin", minor=87).body
    used = [
        [(each["hypervisor_hostname"], each["vcpus_used"], each["memory_mb_used"]) for each in body["hypervisors"]]
        for body in (before, after)
    ]
    assert used[0] == used[1]


class TestRequestsAboutLiveMigrations:
    def start(self, play, web1):
        play.act(web1, "os-migrateLive", {"host": None, "block_migration": "auto"}, who="admin")
        return f"/servers/{web1}/migrations/{records(play)[0]['id']}"

    def test_none_is_in_progress(self, play, web1):
        answer = play.ask("DELETE", f"/servers/{web1}/migrations/9", who="admin")
        message = f"Instance {web1} is in an invalid state for 'abort live migration'"
        assert (answer.code, answer.body["conflictingRequest"]["message"]) == (409, message)

    def test_unknown_number(self, play, web1):
        self.start(play, web1)
        path = f"/servers/{web1}/migrations/9"
        assert play.ask("DELETE", path, who="admin").code == 404
        assert play.ask("POST", f"{path}/action", {"force_complete": None}, who="admin").code == 400

    def test_not_before_it_runs(self, play, web1):
        path = self.start(play, web1)
        answer = play.ask("DELETE", path, who="admin")
        assert answer.code == 400 and "Cannot abort live migration" in answer.body["badRequest"]["message"]
        play.advance(1)
        assert play.ask("DELETE", path, who="admin").code == 202
        assert records(play)[0]["status"] == "cancelled"


class TestList:
    def test_links_only_while_a_live_migration_runs(self, play, web1):
        play.act(web1, "os-migrateLive", {"host": None, "block_migration": "auto"}, who="admin")
        play.advance(1)
        assert "links" in records(play)[0]
        play.advance(60)
        assert "links" not in records(play)[0]

    def test_hidden_ones_do_not_exist(self, play, web1):
        play.act(web1, "migrate", None, who="admin")
        assert records(play, hidden="1") == []
        assert len(records(play, hidden="0")) == 1
