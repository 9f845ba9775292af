"""Compute and control services. Source: Nova's API reference, and services.py."""

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

    assert hosts() == ["host1", "host2", "host3", "controller", "controller"]
    assert hosts(host="host2") == ["host2"]
    assert hosts(binary="nova-compute", host="host3") == ["host3"]
    assert hosts(binary="nova-scheduler") == hosts(binary="nova-scheduler", host="controller") == ["controller"]
    assert hosts(host="", binary="") == hosts()
    assert hosts(binary="nova-osapi_compute") == hosts(host="host1", binary="nova-conductor") == []
    assert play.ask("GET", "/os-services").code == 403


def test_ids_are_numbers_until_2_52(play):
    shown = play.ask("GET", "/os-services", who="admin", minor=52, binary="nova-compute").body["services"]
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


class TestControlServices:
    def list_services(self, play: Play, minor: int = 96, **query: str) -> list[dict[str, object]]:
        return play.ask("GET", "/os-services", who="admin", minor=minor, host="controller", **query).body["services"]

    def test_they_are_up_in_the_internal_zone(self, play):
        conductor, scheduler = self.list_services(play)
        assert (conductor["binary"], scheduler["binary"]) == ("nova-conductor", "nova-scheduler")
        assert {(each["zone"], each["state"], each["status"]) for each in (conductor, scheduler)} == {
            ("internal", "up", "enabled")
        }
        assert set(conductor) == set(play.ask("GET", "/os-services", who="admin").body["services"][0])

    def test_their_ids_are_unique_and_stay(self, play):
        for minor in (52, 96):
            ids = [each["id"] for each in play.ask("GET", "/os-services", who="admin", minor=minor).body["services"]]
            assert len(set(ids)) == 5
        assert self.list_services(play) == self.list_services(Play("manual"))
        assert self.list_services(play)[0]["id"] != self.list_services(Play("manual", seed=2))[0]["id"]

    def test_they_cannot_be_updated(self, play):
        service = self.list_services(play, binary="nova-scheduler")[0]["id"]
        message = "Updating a nova-scheduler service is not supported. Only nova-compute services can be updated."
        for body in ({"status": "disabled"}, {"forced_down": True}, {}):
            refusal = play.ask("PUT", f"/os-services/{service}", body, "admin")
            assert (refusal.code, refusal.body["badRequest"]["message"]) == (400, message)
        for verb, more in (("enable", {}), ("disable", {}), ("force-down", {"forced_down": True})):
            body = {"host": "controller", "binary": "nova-scheduler", **more}
            refusal = play.ask("PUT", f"/os-services/{verb}", body, "admin", 11)
            assert (refusal.code, refusal.body["badRequest"]["message"]) == (400, message)

    @pytest.mark.parametrize("minor", [52, 53])
    def test_they_can_be_deleted(self, play, minor):
        service = self.list_services(play, minor, binary="nova-scheduler")[0]["id"]
        assert play.ask("DELETE", f"/os-services/{service}", minor=minor).code == 403
        assert play.ask("DELETE", f"/os-services/{service}", who="admin", minor=minor).code == 204
        assert [each["binary"] for each in self.list_services(play)] == ["nova-conductor"]
        refusal = play.ask("DELETE", f"/os-services/{service}", who="admin", minor=minor)
        assert (refusal.code, refusal.body["itemNotFound"]["message"]) == (404, f"Service {service} not found.")
        zones = play.ask("GET", "/os-availability-zone/detail", who="admin").body["availabilityZoneInfo"]
        assert list(zones[0]["hosts"]["controller"]) == ["nova-conductor"]

    def test_os_hosts_lists_them_and_enabled_hosts(self, play):
        put_by_name(play, "disable", host="host2")
        hosts = play.ask("GET", "/os-hosts", who="admin", minor=1).body["hosts"]
        assert [(each["host_name"], each["service"], each["zone"]) for each in hosts] == [
            ("host1", "compute", "nova"),
            ("host3", "compute", "nova"),
            ("controller", "conductor", "internal"),
            ("controller", "scheduler", "internal"),
        ]
        assert play.ask("GET", "/os-hosts", who="admin", minor=1, zone="internal").body["hosts"] == hosts[2:]
        assert play.ask("GET", "/os-hosts/controller", who="admin", minor=1).code == 404


class TestOrderOfChecks:
    """Nova reads the id before it looks at the policy, and the service before the body."""

    def test_a_malformed_id_is_refused_before_the_role(self, play):
        assert play.ask("PUT", "/os-services/1", {}, "demo").code == 400
        assert play.ask("DELETE", "/os-services/1", who="demo").code == 403

    def test_an_unknown_service_is_refused_before_the_body(self, play):
        refusal = play.ask("PUT", f"/os-services/{NOWHERE}", {}, "admin")
        assert refusal.body["itemNotFound"]["message"] == f"Service {NOWHERE} could not be found."

    def test_texts(self, play):
        def refusal(verb: str, host: str = "host1", minor: int = 11, **more: object) -> str:
            body = {"host": host, "binary": "nova-compute", **more}
            return next(iter(play.ask("PUT", f"/os-services/{verb}", body, "admin", minor).body.values()))["message"]

        assert refusal("disable", "nowhere") == "Host 'nowhere' is not mapped to any cell"
        assert refusal("disable-log-reason") == "Missing disabled reason field"
        assert refusal("force-down") == "Missing forced_down field"
        assert refusal("force-down", minor=10) == refusal("nonsense") == "Unknown action"
        body = {"status": "enabled", "disabled_reason": "why"}
        answer = play.ask("PUT", f"/os-services/{id_of(play, 'host1')}", body, "admin")
        assert answer.body["badRequest"]["message"] == (
            "Specifying 'disabled_reason' with status 'enabled' is invalid."
        )
