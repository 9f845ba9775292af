"""Compute services. Source: Nova's API reference."""

from __future__ import annotations

import pytest

from novasim.records import Host
from tests.play import Play

NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def play():
    return Play("manual")


def id_of(play: Play, host: str) -> str:
    (service,) = play.ask("GET", "/os-services", who="admin", host=host).body["services"]
    return service["id"]


def put_by_name(play: Play, verb: str, who: str = "admin", minor: int = 11, host: str = "host1", **more: object):
    return play.ask("PUT", f"/os-services/{verb}", {"host": host, "binary": "nova-compute", **more}, who, minor)


def test_services_are_filtered_by_host_and_binary(play):
    def hosts(**query: str) -> list[str]:
        return [one["host"] for one in play.ask("GET", "/os-services", who="admin", **query).body["services"]]

    assert hosts() == ["host1", "host2", "host3"]
    assert hosts(host="host2") == ["host2"]
    assert hosts(binary="nova-compute", host="host3") == ["host3"]
    assert hosts(binary="nova-scheduler") == []
    assert play.ask("GET", "/os-services").code == 403


def test_ids_are_numbers_until_2_52(play):
    shown = play.ask("GET", "/os-services", who="admin", minor=52).body["services"]
    assert [service["id"] for service in shown] == [1, 2, 3]
    assert "forced_down" not in play.ask("GET", "/os-services", who="admin", minor=10).body["services"][0]


def test_services_are_enabled_and_disabled_by_name_until_2_52(play):
    service = put_by_name(play, "disable").body["service"]
    assert service == {"binary": "nova-compute", "host": "host1", "status": "disabled"}
    reason = put_by_name(play, "disable-log-reason", disabled_reason="new disk").body["service"]
    assert reason == {**service, "disabled_reason": "new disk"}
    assert play.ask("GET", "/os-services", who="admin").body["services"][0]["disabled_reason"] == "new disk"
    assert put_by_name(play, "enable").body["service"] == {**service, "status": "enabled"}
    assert play.ask("GET", "/os-services", who="admin").body["services"][0]["disabled_reason"] is None


def test_services_are_forced_down_by_name_from_2_11(play):
    down = put_by_name(play, "force-down", forced_down=True).body["service"]
    assert down == {"binary": "nova-compute", "host": "host1", "forced_down": True}
    assert play.ask("GET", "/os-services", who="admin").body["services"][0]["state"] == "down"
    assert put_by_name(play, "force-down", minor=10, forced_down=True).code in (400, 404)
    assert put_by_name(play, "nonsense").code == 404
    assert put_by_name(play, "enable", host="nowhere").code == 404
    assert put_by_name(play, "enable", "demo").code == 403


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 400),
        ({"disabled_reason": "why"}, 400),
        ({"status": "enabled", "disabled_reason": "why"}, 400),
        ({"status": "nonsense"}, 400),
        ({"status": "disabled", "disabled_reason": "why"}, 200),
        ({"forced_down": True}, 200),
    ],
)
def test_status_reason_and_forced_down_change_from_2_53(play, body, code):
    assert play.ask("PUT", f"/os-services/{id_of(play, 'host1')}", body, "admin").code == code


def test_an_id_of_the_wrong_form_is_refused(play):
    service = id_of(play, "host1")
    assert play.ask("PUT", "/os-services/1", {"status": "disabled"}, "admin").code == 400
    assert play.ask("PUT", f"/os-services/{NOWHERE}", {"status": "disabled"}, "admin").code == 404
    assert play.ask("DELETE", f"/os-services/{service}", who="admin", minor=52).code == 400
    assert play.ask("DELETE", "/os-services/9", who="admin", minor=52).code == 404
    assert play.ask("DELETE", "/os-services/3", who="admin", minor=52).code == 204
    assert [host.name for host in play.all(Host)] == ["host1", "host2"]


def test_a_deleted_service_leaves_its_aggregates(play):
    body = {"aggregate": {"name": "fast", "availability_zone": None}}
    number = play.ask("POST", "/os-aggregates", body, "admin").body["aggregate"]["id"]
    for host in ("host1", "host2"):
        play.ask("POST", f"/os-aggregates/{number}/action", {"add_host": {"host": host}}, "admin")
    assert play.ask("DELETE", f"/os-services/{id_of(play, 'host2')}").code == 403
    assert play.ask("DELETE", f"/os-services/{id_of(play, 'host2')}", who="admin").code == 204
    assert play.ask("GET", f"/os-aggregates/{number}", who="admin").body["aggregate"]["hosts"] == ["host1"]


def test_a_service_with_servers_or_migrations_cannot_be_deleted(play):
    server = play.create()
    play.advance(10)
    home = play.server(server).host
    assert play.ask("DELETE", f"/os-services/{id_of(play, home)}", who="admin").code == 409
    play.act(server, "migrate", None, "admin")
    play.advance(10)
    assert play.state(server) == ("VERIFY_RESIZE", None)
    refusal = play.ask("DELETE", f"/os-services/{id_of(play, home)}", who="admin")
    assert (refusal.code, "in-progress migrations" in refusal.body["conflictingRequest"]["message"]) == (409, True)
