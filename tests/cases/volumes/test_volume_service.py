"""What the volume service allows with volumes that are reserved or in use, by version, and multiattach types."""

from __future__ import annotations

import pytest

from tests.cases.volumes.attached import Attached, message


@pytest.fixture
def play():
    return Attached()


class TestVolumeInUse:
    @pytest.mark.parametrize(("minor", "code"), [(0, 400), (41, 400), (42, 202), (71, 202)])
    def test_is_extended_from_3_42_on(self, play, minor, code):
        assert play.run("os-extend", {"new_size": 2}, minor=minor).code == code
        assert play.shown()["size"] == (2 if code == 202 else 1)

    def test_nova_is_told_of_the_extension(self, play):
        play.run("os-extend", {"new_size": 2})
        newest = play.ask("GET", f"/servers/{play.web}/os-instance-actions").body["instanceActions"][0]
        assert newest["action"] == "extend_volume"

    @pytest.mark.parametrize(
        ("minor", "force", "code"),
        [(65, None, 400), (65, False, 400), (65, True, 202), (66, None, 202), (66, True, 202), (66, False, 400)],
    )
    def test_has_snapshots_without_force_from_3_66_on(self, play, minor, force, code):
        body = {"volume_id": play.volume} | ({} if force is None else {"force": force})
        assert play.cinder("POST", "/snapshots", {"snapshot": body}, minor=minor).code == code

    @pytest.mark.parametrize("status", ["reserved", "error", "attaching", "detaching"])
    def test_other_statuses_have_no_snapshots(self, play, status):
        play.run("os-reset_status", {"status": status}, "admin")
        words = f"status must be available, in-use, but current status is: {status}."
        answer = play.cinder("POST", "/snapshots", {"snapshot": {"volume_id": play.volume, "force": True}})
        assert words in message(answer)

    @pytest.mark.parametrize(("minor", "code"), [(67, 404), (68, 400)])
    def test_is_not_reimaged(self, play, minor, code):
        assert play.run("os-reimage", {"image_id": play.image}, minor=minor).code == code

    def test_is_not_reverted(self, play):
        body = {"snapshot": {"volume_id": play.volume}}
        snapshot = play.cinder("POST", "/snapshots", body).body["snapshot"]["id"]
        assert "status must be 'available'" in message(play.run("revert", {"snapshot_id": snapshot}), 409)
        assert play.run("revert", {"snapshot_id": snapshot}, minor=39).code == 404

    @pytest.mark.parametrize("who", ["demo", "admin"])
    def test_is_not_deleted(self, play, who):
        path = f"/v3/{play.callers[who].project_id}/volumes/{play.volume}"
        codes = {"demo": 403, "admin": 400}
        answer = play.ask("DELETE", path, None, who, 71, service="volume", force="true")
        assert answer.code == codes[who]
        assert play.ask("DELETE", path, None, who, 22, service="volume", force="true").code == 400
        assert play.shown()["status"] == "in-use"

    def test_is_not_made_read_only(self, play):
        assert "to update readonly flag" in message(play.run("os-update_readonly_flag", {"readonly": True}))

    def test_is_a_source_of_volumes(self, play):
        assert play.shown(play.new_volume(source_volid=play.volume))["source_volid"] == play.volume

    @pytest.mark.parametrize("action", ["os-detach", "os-terminate_connection"])
    def test_only_nova_detaches_it(self, play, action):
        words = f"Detach volume from instance {play.web} using the Compute API"
        assert message(play.run(action, {"connector": {}}), 409) == words
        assert play.shown()["status"] == "in-use"


class TestReservedVolume:
    @pytest.fixture(autouse=True)
    def offload(self, play):
        assert play.act(play.web, "shelve").code == 202
        assert play.shown()["status"] == "reserved"

    def test_its_attachment_is_listed(self, play):
        (listed,) = play.cinder("GET", "/attachments/detail").body["attachments"]
        assert (listed["status"], listed["instance"], listed["volume_id"]) == ("reserved", play.web, play.volume)

    def test_its_attachment_can_be_deleted(self, play):
        (listed,) = play.cinder("GET", "/attachments").body["attachments"]
        assert play.cinder("DELETE", f"/attachments/{listed['id']}").code == 200
        assert play.shown()["status"] == "available"

    @pytest.mark.parametrize(
        ("action", "arguments"),
        [
            ("os-extend", {"new_size": 5}),
            ("os-retype", {"new_type": "standard"}),
            ("os-reserve", {}),
            ("os-begin_detaching", {}),
            ("os-volume_upload_image", {"image_name": "x"}),
            ("os-reimage", {"image_id": "IMAGE"}),
            ("os-update_readonly_flag", {"readonly": True}),
            ("revert", {"snapshot_id": "x"}),
        ],
    )
    def test_refuses(self, play, action, arguments):
        arguments = {key: play.image if value == "IMAGE" else value for key, value in arguments.items()}
        assert play.run(action, arguments).code == 400
        assert play.shown()["status"] == "reserved"

    @pytest.mark.parametrize("action", ["os-unreserve", "os-roll_detaching"])
    def test_stays_reserved(self, play, action):
        assert play.run(action).code == 202
        assert play.shown()["status"] == "reserved"

    def test_is_reimaged_on_demand(self, play):
        assert play.run("os-reimage", {"image_id": play.image, "reimage_reserved": True}).code == 202
        assert play.shown()["volume_image_metadata"]["image_name"] == "cirros"

    def test_is_no_source_of_volumes(self, play):
        answer = play.cinder("POST", "/volumes", {"volume": {"source_volid": play.volume}})
        words = "Originating source volume status must be one of 'available, in-use' values"
        assert message(answer) == f"Invalid volume: {words}"

    def test_is_not_deleted(self, play):
        assert "Volume status must be available" in message(play.cinder("DELETE", f"/volumes/{play.volume}"))

    def test_keeps_name_and_metadata_open(self, play):
        assert play.cinder("PUT", f"/volumes/{play.volume}", {"volume": {"name": "n"}}).code == 200
        assert play.run("os-set_bootable", {"bootable": True}).code == 200


class TestReset:
    @pytest.mark.parametrize("status", ["available", "error", "maintenance", "uploading", "awaiting-transfer"])
    def test_any_status_is_set(self, play, status):
        assert play.run("os-reset_status", {"status": status}, "admin").code == 202
        assert play.shown()["status"] == status

    @pytest.mark.parametrize("status", ["deleting", "nonsense"])
    def test_some_are_refused(self, play, status):
        assert play.run("os-reset_status", {"status": status}, "admin").code == 400

    def test_a_volume_without_attachments_is_not_in_use(self, play):
        answer = play.run("os-reset_status", {"status": "in-use"}, "admin", volume=play.new_volume())
        assert message(answer) == "Cannot reset-state to in-use because volume does not have any attachments."
        assert play.run("os-reset_status", {"status": "in-use"}, "admin").code == 202

    def test_a_volume_that_lost_its_attachments_is_not_detached(self, play):
        play.run("os-reset_status", {"status": "error", "attach_status": "detached"}, "admin")
        answer = play.ask("DELETE", f"/servers/{play.web}/os-volume_attachments/{play.volume}")
        assert "attach_status must be 'attached' to detach." in message(answer)
        assert play.ask("DELETE", f"/servers/{play.web}").code == 204
        assert play.shown()["status"] == "error"


class TestMultiattachType:
    def new_type(self, play, spec: str | None, name: str = "m") -> str:
        body = {"volume_type": {"name": name, "extra_specs": {"multiattach": spec} if spec else {}}}
        answer = play.cinder("POST", "/types", body, "admin")
        assert answer.code == 200, answer
        return answer.body["volume_type"]["id"]

    @pytest.mark.parametrize(
        ("spec", "shared"), [("<is> True", True), ("True", False), ("<is> False", False), ("<in> True", False)]
    )
    def test_only_the_operator_makes_volumes_shared(self, play, spec, shared):
        self.new_type(play, spec)
        assert play.shown(play.new_volume(volume_type="m"))["multiattach"] is shared

    def test_the_spec_may_come_later(self, play):
        path = f"/types/{self.new_type(play, None)}/extra_specs"
        assert play.cinder("POST", path, {"extra_specs": {"multiattach": "True"}}, "admin").code == 200
        assert play.cinder("PUT", path + "/multiattach", {"multiattach": "<is> True"}, "admin").code == 200
        assert play.cinder("GET", path + "/multiattach").body == {"multiattach": "<is> True"}
        assert play.shown(play.new_volume(volume_type="m"))["multiattach"] is True

    def test_the_specs_of_a_type_in_use_stay(self, play):
        path = f"/types/{self.new_type(play, None)}/extra_specs"
        play.new_volume(volume_type="m")
        for method, key in (("POST", ""), ("PUT", "/multiattach"), ("DELETE", "/multiattach")):
            body = {"extra_specs": {"a": "b"}} if method == "POST" else {"multiattach": "<is> True"}
            assert message(play.cinder(method, path + key, body, "admin")) == "Volume Type is currently in use."

    def test_a_type_is_not_cacheable_too(self, play):
        path = f"/types/{self.new_type(play, '<is> True')}/extra_specs/cacheable"
        words = "cacheable cannot be set with multiattach."
        assert message(play.cinder("PUT", path, {"cacheable": "<is> True"}, "admin")) == words
        assert message(play.cinder("PUT", path, {"other": "x"}, "admin")) == "Request body and URI mismatch"

    def test_members_see_few_specs(self, play):
        path = f"/types/{self.new_type(play, '<is> True')}"
        play.cinder("POST", path + "/extra_specs", {"extra_specs": {"volume_backend_name": "b"}}, "admin")
        assert play.cinder("GET", path).body["volume_type"]["extra_specs"] == {"multiattach": "<is> True"}
        assert play.cinder("GET", path + "/extra_specs").body == {"extra_specs": {"multiattach": "<is> True"}}
        assert play.cinder("GET", path + "/extra_specs/volume_backend_name").code == 404

    def test_a_copy_has_the_type_of_its_source(self, play):
        self.new_type(play, "<is> True")
        source = play.new_volume(volume_type="m")
        body = {"snapshot": {"volume_id": source}}
        snapshot = play.cinder("POST", "/snapshots", body).body["snapshot"]["id"]
        for copy in (play.new_volume(source_volid=source), play.new_volume(snapshot_id=snapshot)):
            assert (play.shown(copy)["volume_type"], play.shown(copy)["multiattach"]) == ("m", True)

    def test_two_servers_share_a_volume(self, play):
        self.new_type(play, "<is> True")
        volume = play.new_volume(volume_type="m")
        for server in (play.web, play.create("web2")):
            assert play.attach(volume, server).code == 200
        assert len(play.shown(volume)["attachments"]) == 2

    def test_a_server_is_built_on_a_shared_volume(self, play):
        self.new_type(play, "<is> True")
        device = {"uuid": play.image, "source_type": "image", "destination_type": "volume", "boot_index": 0}
        device |= {"volume_size": 1, "volume_type": "m"}
        server = play.create("bfv", imageRef="", block_device_mapping_v2=[device])
        attached = play.ask("GET", f"/servers/{server}/os-volume_attachments").body["volumeAttachments"]
        assert play.shown(attached[0]["volumeId"])["multiattach"] is True

    def test_a_retype_changes_it_if_the_volume_is_available(self, play):
        self.new_type(play, "<is> True")
        self.new_type(play, None, "plain")
        volume = play.new_volume()
        assert play.run("os-retype", {"new_type": "m"}, volume=volume).code == 202
        assert play.shown(volume)["multiattach"] is True
        assert play.run("os-retype", {"new_type": "plain"}, volume=volume).code == 202
        assert play.shown(volume)["multiattach"] is False
        assert "retypes affecting multiattach" in message(play.run("os-retype", {"new_type": "m"}))
        assert play.run("os-retype", {"new_type": "plain"}).code == 202

    def test_a_retype_to_the_same_type_is_refused(self, play):
        assert "requested type has to be different" in message(play.run("os-retype", {"new_type": "standard"}))
