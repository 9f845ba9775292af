"""Snapshots of attached volumes, which the volume service asks Nova for: what Nova checks."""

from __future__ import annotations

import pytest

from novasim.records import Server
from tests.cases.volumes.attached import Attached, message


@pytest.fixture
def play():
    return Attached()


class TestAssistedSnapshots:
    INFO = {"snapshot_id": "s", "type": "qcow2", "new_file": "n"}

    def create(self, play, volume: str = "", who: str = "admin", **info):
        body = {"snapshot": {"volume_id": volume or play.volume, "create_info": self.INFO | info}}
        return play.ask("POST", "/os-assisted-volume-snapshots", body, who)

    def delete(self, play, info: str, who: str = "admin"):
        return play.ask("DELETE", "/os-assisted-volume-snapshots/s", None, who, delete_info=info)

    def test_are_accepted(self, play):
        assert self.create(play).body == {"snapshot": {"id": None, "volumeId": play.volume}}
        assert self.create(play, id="i").body["snapshot"]["id"] == "i"
        assert self.delete(play, f'{{"volume_id": "{play.volume}"}}').code == 204

    def test_are_for_services_and_administrators(self, play):
        assert self.create(play, who="demo").code == 403
        assert self.delete(play, "{}", "demo").code == 403

    @pytest.mark.parametrize("info", [{"type": "raw"}, {"new_file": ""}, {"more": "x"}, {"snapshot_id": 5}])
    def test_the_body_is_checked(self, play, info):
        assert self.create(play, **info).code == 400

    @pytest.mark.parametrize("info", ["{}", "nonsense", "[]", "5", '{"volume_id": 5}'])
    def test_the_query_is_checked(self, play, info):
        assert self.delete(play, info).code == 400
        assert play.ask("DELETE", "/os-assisted-volume-snapshots/s", None, "admin").code == 400

    def test_the_volume_is_attached_to_one_server(self, play):
        free = play.new_volume()
        assert message(self.create(play, free)) == f"No volume Block Device Mapping with id {free}."
        shared = play.new_volume(multiattach=True)
        for server in (play.web, play.create("web2")):
            play.attach(shared, server)
        assert "is a multi-attach volume" in message(self.create(play, shared))
        assert "is a multi-attach volume" in message(self.delete(play, f'{{"volume_id": "{shared}"}}'))

    def test_the_server_is_idle(self, play):
        with play.cloud.writing(is_request=False) as world:
            server = world.tx.get(Server, play.web)
            server.task_state = "deleting"
            world.tx.put(server)
        words = f"Instance {play.web} in task_state deleting. Cannot do_volume_snapshot_create while the instance"
        assert message(self.create(play)).startswith(words)

    def test_the_server_has_a_host(self, play):
        play.act(play.web, "shelve")
        assert message(self.create(play)) == f"Instance {play.web} is not ready"

    def test_merging_two_snapshots_needs_a_guest_that_runs(self, play):
        info = f'{{"volume_id": "{play.volume}", "merge_target_file": "f"}}'
        assert self.delete(play, info).code == 204
        play.act(play.web, "os-stop")
        assert "in vm_state stopped. Cannot volume_snapshot_delete" in message(self.delete(play, info))
        assert self.delete(play, f'{{"volume_id": "{play.volume}"}}').code == 204
