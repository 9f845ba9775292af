"""Images that Nova creates and uses after the creation of a server: of shelved servers, snapshots, backups."""

from __future__ import annotations

import pytest

from tests.play import Play


@pytest.fixture
def play():
    return Play()


def list_images(play, who="admin"):
    return {image["name"]: image for image in play.ask("GET", "/v2/images", who=who, service="image").body["images"]}


def patch_image(play, image, who="demo", **attributes):
    body = [{"op": "add", "path": f"/{name}", "value": value} for name, value in attributes.items()]
    assert play.ask("PATCH", f"/v2/images/{image}", body, who, service="image").code == 200


def delete_image(play, image, who="demo"):
    assert play.ask("DELETE", f"/v2/images/{image}", who=who, service="image").code == 204


def shelve(play, server, who="demo"):
    assert play.act(server, "shelve", who=who).code == 202
    return list_images(play).get("web1-shelved", {}).get("id")


class TestImageOfAShelvedServer:
    @pytest.mark.parametrize("offload_time", [0, -1, 60])
    @pytest.mark.parametrize("interval", [0, 60])
    @pytest.mark.parametrize("way", ["DELETE", "forceDelete"])
    def test_is_deleted_with_the_server(self, offload_time, interval, way):
        play = Play(shelved_offload_time=offload_time, reclaim_instance_interval=interval)
        server = play.create()
        assert shelve(play, server)
        if way == "DELETE":
            play.ask("DELETE", f"/servers/{server}")
        else:
            play.act(server, "forceDelete")
        assert "web1-shelved" not in list_images(play)

    @pytest.mark.parametrize("seconds", [0.1, 0.6, 1.2, 1.6])
    def test_is_deleted_while_the_server_is_being_unshelved(self, seconds):
        play = Play(clock="manual")
        server = play.create()
        play.advance(60)
        shelve(play, server)
        play.advance(60)
        play.act(server, "unshelve")
        play.advance(seconds)
        assert play.state(server) != ("ACTIVE", None)
        play.ask("DELETE", f"/servers/{server}")
        assert "web1-shelved" not in list_images(play)

    def test_is_deleted_while_the_server_is_being_offloaded(self):
        play = Play(clock="manual")
        server = play.create()
        play.advance(60)
        shelve(play, server)
        while play.server(server).task_state != "shelving_offloading":
            play.advance(0.1)
        assert play.ask("DELETE", f"/servers/{server}").code == 204
        assert "web1-shelved" not in list_images(play)

    def test_stays_if_it_is_protected(self, play):
        server = play.create()
        patch_image(play, shelve(play, server), protected=True)
        assert play.ask("DELETE", f"/servers/{server}").code == 204
        assert "web1-shelved" in list_images(play)

    def test_stays_if_it_belongs_to_an_administrator(self, play):
        server = play.create()
        shelve(play, server, who="admin")
        assert play.ask("DELETE", f"/servers/{server}").code == 204
        assert "web1-shelved" in list_images(play)

    def test_may_be_gone_already(self, play):
        server = play.create()
        delete_image(play, shelve(play, server))
        assert play.ask("DELETE", f"/servers/{server}").code == 204

    def test_is_needed_to_unshelve(self, play):
        server = play.create()
        image = shelve(play, server)
        delete_image(play, image)
        assert play.act(server, "unshelve").code == 202
        assert play.state(server) == ("ERROR", "unshelving")
        fault = play.server(server).fault
        assert (fault["code"], fault["message"]) == (
            404,
            f"Unshelve attempted but the image {image} cannot be found.",
        )
        assert play.server(server).host is None

    def test_is_not_needed_while_the_server_keeps_its_host(self):
        play = Play(shelved_offload_time=-1)
        server = play.create()
        delete_image(play, shelve(play, server))
        play.act(server, "unshelve")
        assert play.state(server) == ("ACTIVE", None)

    def test_is_deleted_after_unshelve(self, play):
        server = play.create()
        shelve(play, server)
        play.act(server, "unshelve")
        assert play.state(server) == ("ACTIVE", None)
        assert "web1-shelved" not in list_images(play)


class TestOwner:
    def create_image(self, play, who):
        server = play.create()
        answer = play.act(server, "createImage", {"name": "i"}, who=who)
        return play.ask("GET", f"/v2/images/{answer.body['image_id']}", service="image").body

    def test_own_images_are_private(self, play):
        image = self.create_image(play, "demo")
        assert (image["owner"], image["visibility"]) == (play.callers["demo"].project_id, "private")
        assert image["user_id"] == play.callers["demo"].user_id

    def test_images_of_an_administrator_are_shared_with_the_member(self, play):
        image = self.create_image(play, "admin")
        assert (image["owner"], image["visibility"]) == (play.callers["admin"].project_id, "shared")
        assert image["user_id"] == play.callers["admin"].user_id
        members = play.ask("GET", f"/v2/images/{image['id']}/members", service="image").body["members"]
        assert [member["member_id"] for member in members] == [play.callers["demo"].project_id]

    def test_the_member_can_boot_from_it(self, play):
        image = self.create_image(play, "admin")
        server = play.create("web2", imageRef=image["id"])
        assert play.state(server) == ("ACTIVE", None)

    def test_others_do_not_see_it(self, play):
        image = self.create_image(play, "admin")
        assert play.ask("GET", f"/v2/images/{image['id']}", who="other", service="image").code == 404


class TestRotation:
    def back_up(self, play, server, name, rotation, who="demo"):
        body = {"name": name, "backup_type": "daily", "rotation": rotation}
        return play.act(server, "createBackup", body, who=who).body["image_id"]

    def test_leaves_protected_backups_and_deletes_the_others(self):
        play = Play(clock="manual")
        server = play.create()
        for name in ("a", "b", "c"):
            play.advance(60)
            image = self.back_up(play, server, name, 5)
            play.advance(60)
            if name == "a":
                patch_image(play, image, protected=True)
        self.back_up(play, server, "last", 1)
        play.advance(60)
        assert {"a", "b", "c", "last"} & set(list_images(play)) == {"a", "last"}

    def test_leaves_backups_of_an_administrator(self, play):
        server = play.create()
        self.back_up(play, server, "theirs", 5, who="admin")
        self.back_up(play, server, "mine", 1)
        assert {"theirs", "mine"} <= set(list_images(play))


INVALID = [
    ("hw_disk_bus", "nonsense", "Field value nonsense is invalid"),
    ("hw_cdrom_bus", "VIRTIO", "Field value VIRTIO is invalid"),
    ("hw_video_model", "nonsense", "Field value nonsense is invalid"),
    ("hw_vif_model", "Nonsense", "Field value nonsense is invalid"),
    ("hw_scsi_model", "nonsense", "Field value nonsense is invalid"),
    ("vmware_adaptertype", "nonsense", "Field value nonsense is invalid"),
    ("os_type", "plan9", "Field value plan9 is invalid"),
    ("hw_rescue_device", "tape", "Field value tape is invalid"),
    ("hw_watchdog_action", "bark", "Field value bark is invalid"),
    ("hw_firmware_type", "openboot", "Field value openboot is invalid"),
    ("hw_architecture", "vax11", "Architecture name 'vax11' is not valid"),
    ("architecture", "vax11", "Architecture name 'vax11' is not valid"),
    ("img_hv_type", "nonsense", "Hypervisor virt type 'nonsense' is not valid"),
    ("hypervisor_type", "nonsense", "Hypervisor virt type 'nonsense' is not valid"),
    ("vm_mode", "nonsense", "Virtual machine mode 'nonsense' is not valid"),
    ("hw_cpu_cores", "many", "invalid literal for int() with base 10: 'many'"),
    ("hw_video_ram", "1.5", "invalid literal for int() with base 10: '1.5'"),
    ("hw_numa_mem.0", "much", "invalid literal for int() with base 10: 'much'"),
    (
        "img_hv_requested_version",
        "newest",
        "Version newest is not a valid predicate in field img_hv_requested_version",
    ),
]
VALID = [
    ("hw_architecture", "AMD64"),
    ("architecture", "i386"),
    ("hw_vif_model", "VirtualE1000"),
    ("hw_scsi_model", "paravirtual"),
    ("vmware_adaptertype", "ide"),
    ("os_type", "Linux"),
    ("vm_mode", "hv"),
    ("hw_boot_menu", "perhaps"),
    ("hw_machine_type", "anything"),
    ("hw_cpu_cores", " 2 "),
    ("hypervisor_version_requires", ">=1.0, <99"),
    ("trait:CUSTOM_X", "forbidden"),
    ("own_property", "nonsense"),
]


def message_of(answer):
    return next(iter(answer.body.values()))["message"]


class TestProperties:
    def build_image(self, play, name, value):
        """Return the id of a snapshot with one more property."""
        server = play.create("source")
        image = play.act(server, "createImage", {"name": "i"}).body["image_id"]
        patch_image(play, image, **{name: value})
        return image

    def request_server(self, play, image):
        body = {"name": "n", "flavorRef": "1", "imageRef": image, "networks": [{"uuid": play.network}]}
        return play.ask("POST", "/servers", {"server": body})

    @pytest.mark.parametrize(("name", "value", "error"), INVALID)
    def test_impossible_values_are_refused(self, play, name, value, error):
        image = self.build_image(play, name, value)
        server = play.create()
        created, rebuilt = self.request_server(play, image), play.act(server, "rebuild", {"imageRef": image})
        assert (created.code, message_of(created)) == (400, f"Invalid image metadata. Error: {error}")
        if name == "hw_architecture":
            assert (rebuilt.code, message_of(rebuilt)) == (400, f"Architecture name '{value}' is not recognised")
        else:
            assert (rebuilt.code, message_of(rebuilt)) == (400, f"Invalid image metadata. Error: {error}")
        assert play.act(server, "rescue", {"rescue_image_ref": image}).code == 400
        assert play.state(server) == ("ACTIVE", None)

    @pytest.mark.parametrize(("name", "value"), VALID)
    def test_other_values_are_accepted(self, play, name, value):
        assert self.request_server(play, self.build_image(play, name, value)).code == 202

    def test_the_current_name_is_not_excused_by_the_older_one(self, play):
        image = self.build_image(play, "vm_mode", "hvm")
        patch_image(play, image, hw_vm_mode="nonsense")
        assert "'nonsense'" in message_of(self.request_server(play, image))

    def test_config_drive(self, play):
        answer = self.request_server(play, self.build_image(play, "img_config_drive", "maybe"))
        assert (answer.code, message_of(answer)) == (400, "Image's config drive option 'maybe' is invalid")

    def test_cpus_of_nodes(self, play):
        answer = self.request_server(play, self.build_image(play, "hw_numa_cpus.0", "a"))
        assert (answer.code, message_of(answer)) == (400, "Invalid inclusion expression 'a'")


class TestRebuildOnTheSameHost:
    def build_image(self, play, **attributes):
        image = play.act(play.create("source"), "createImage", {"name": "i"}).body["image_id"]
        patch_image(play, image, **attributes)
        return image

    def test_a_host_that_does_not_suit_the_image_fails_the_rebuild(self, play):
        image = self.build_image(play, hw_architecture="aarch64")
        server = play.create()
        assert play.act(server, "rebuild", {"imageRef": image, "name": "new"}).code == 202
        view = play.ask("GET", f"/servers/{server}").body["server"]
        assert view["status"] == "ERROR"
        assert view["fault"]["message"] == "No valid host was found. There are not enough hosts available."
        assert (view["image"]["id"], view["name"]) == (play.image, "new")  # Nova takes only the image back

    def test_and_the_old_image_repairs_it(self, play):
        server = play.create()
        play.act(server, "rebuild", {"imageRef": self.build_image(play, hw_architecture="aarch64")})
        assert play.act(server, "rebuild", {"imageRef": play.image}).code == 202
        assert play.state(server) == ("ACTIVE", None)

    def test_a_disabled_host_is_kept(self, play):
        image = self.build_image(play, hw_architecture="x86_64")
        server = play.create()
        host = play.server(server).host
        service = next(
            each
            for each in play.ask("GET", "/os-services", who="admin").body["services"]
            if each["host"] == host and each["binary"] == "nova-compute"
        )
        play.ask("PUT", f"/os-services/{service['id']}", {"status": "disabled"}, who="admin")
        play.act(server, "rebuild", {"imageRef": image})
        assert (play.state(server), play.server(server).host) == (("ACTIVE", None), host)


class TestTasks:
    def test_an_image_has_no_tasks(self, play):
        answer = play.ask("GET", f"/v2/images/{play.image}/tasks", service="image")
        assert (answer.code, answer.body) == (200, {"tasks": []})

    def test_an_unknown_image_is_not_found(self, play):
        assert play.ask("GET", "/v2/images/nosuch/tasks", service="image").code == 404
