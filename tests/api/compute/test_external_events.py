"""Events from other services. Source: Nova's API reference."""

from __future__ import annotations

import pytest

from novasim.records import Host
from tests.play import Play


@pytest.fixture
def play():
    return Play("manual")


class TestExternalEvents:
    def send_events(self, play, *events, who="admin", minor=96):
        return play.ask("POST", "/os-server-external-events", {"events": list(events)}, who, minor)

    def test_each_event_has_a_code(self, play):
        web1 = play.create()
        play.advance(60)
        unknown = "11111111-1111-4111-8111-111111111111"
        known = {"name": "network-changed", "server_uuid": web1}
        answer = self.send_events(play, known, {"name": "network-changed", "server_uuid": unknown})
        assert answer.code == 207
        assert [(each["code"], each["status"]) for each in answer.body["events"]] == [
            (200, "completed"),
            (404, "failed"),
        ]
        assert self.send_events(play, known | {"status": "failed"}).body["events"] == [
            known | {"status": "completed", "code": 200}
        ]
        assert self.send_events(play, {"name": "network-changed", "server_uuid": unknown}).code == 207

    @pytest.mark.parametrize("name", ["volume-extended", "power-update", "accelerator-request-bound"])
    def test_some_need_a_tag(self, play, name):
        web1 = play.create()
        play.advance(60)
        answer = self.send_events(play, {"name": name, "server_uuid": web1})
        assert (answer.code, answer.body["events"][0]["code"]) == (207, 400)

    def test_an_extended_volume_is_in_the_log(self, play):
        web1 = play.create()
        play.advance(60)
        self.send_events(play, {"name": "volume-extended", "server_uuid": web1, "tag": "x"})
        path = f"/servers/{web1}/os-instance-actions"
        entry = play.ask("GET", path).body["instanceActions"][0]
        assert (entry["action"], entry["message"]) == ("extend_volume", None)
        events = play.ask("GET", f"{path}/{entry['request_id']}").body["instanceAction"]["events"]
        assert [(event["event"], event["result"]) for event in events] == [("compute_extend_volume", "Success")]

    def test_events_for_servers_without_a_host_are_refused(self, play):
        web1, web2 = play.create(), play.create("web2")
        events = [{"name": "network-changed", "server_uuid": id} for id in (web1, web2)]
        assert [each["code"] for each in self.send_events(play, *events).body["events"]] == [
            422,
            422,
        ]  # being scheduled
        play.advance(60)
        play.act(web2, "shelve")
        play.advance(60)
        assert [each["code"] for each in self.send_events(play, *events).body["events"]] == [200, 422]

    def test_members_cannot_send_events(self, play):
        web1 = play.create()
        assert self.send_events(play, {"name": "network-changed", "server_uuid": web1}, who="demo").code == 403

    def test_power_updates_fail_on_drivers_that_cannot_follow(self, play):
        web1 = play.create()
        play.advance(60)
        assert self.send_events(play, {"name": "power-update", "server_uuid": web1, "tag": "POWER_OFF"}).code == 200
        assert play.state(web1) == ("ACTIVE", None)
        entry = play.ask("GET", f"/servers/{web1}/os-instance-actions").body["instanceActions"][0]
        assert (entry["action"], entry["message"]) == ("stop", "Error")

    def test_power_follows_a_bare_metal_machine(self, play):
        with play.cloud.writing() as world:
            for host in world.tx.query(Host):
                host.hypervisor_type = "ironic"
                world.tx.put(host)
        web1 = play.create()
        play.advance(60)
        event = {"name": "power-update", "server_uuid": web1, "tag": "POWER_OFF"}
        assert self.send_events(play, event).code == 200
        play.advance(60)
        assert play.state(web1) == ("SHUTOFF", None)
        self.send_events(play, event | {"tag": "POWER_ON"})
        play.advance(60)
        assert play.state(web1) == ("ACTIVE", None)
        assert self.send_events(play, event, minor=75).code == 400  # since 2.76

    def test_network_vif_deleted_removes_the_interface(self, play):
        web1 = play.create()
        play.advance(60)
        (port,) = play.ask("GET", f"/servers/{web1}/os-interface").body["interfaceAttachments"]
        self.send_events(play, {"name": "network-vif-deleted", "server_uuid": web1, "tag": port["port_id"]})
        assert play.ask("GET", f"/servers/{web1}/os-interface").body["interfaceAttachments"] == []
