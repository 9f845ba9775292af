"""W7, W8, W9, C10 and C16: images that are asked again, records of moves, limits."""

from __future__ import annotations

import pytest

from tests.cases.public.world import Cases, refusal


@pytest.fixture
def play():
    return Cases()


def set_property(play, image, **attributes):
    body = [{"op": "add", "path": f"/{name}", "value": value} for name, value in attributes.items()]
    assert play.ask("PATCH", f"/v2/images/{image}", body, service="image").code == 200


def snapshot(play, name="i", **attributes):
    """An image of the member's own."""
    image = play.act(play.create("source"), "createImage", {"name": name}).body["image_id"]
    set_property(play, image, **attributes)
    return image


def images(play):
    found = play.ask("GET", "/v2/images", service="image").body["images"]
    return {each["name"]: each for each in found}


class TestW7:
    def test_unshelve_without_the_image(self, play):
        server = play.off()
        image = images(play)["web1-shelved"]["id"]
        assert play.ask("DELETE", f"/v2/images/{image}", service="image").code == 204
        assert play.act(server, "unshelve").code == 202
        assert play.fault(server) == f"Unshelve attempted but the image {image} cannot be found."

    def test_rebuild_to_an_image_that_no_host_runs(self, play):
        server, image = play.create(), snapshot(play, hw_architecture="aarch64")
        assert play.act(server, "rebuild", {"imageRef": image}).code == 202
        assert play.fault(server).startswith("No valid host was found. ")
        assert play.ask("GET", f"/servers/{server}").body["server"]["image"]["id"] == play.image

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("hw_disk_bus", "nonsense"),
            ("hw_architecture", "vax11"),
            ("architecture", "vax11"),
            ("hw_video_model", "nonsense"),
        ],
    )
    def test_an_image_with_an_impossible_property(self, play, name, value):
        image = snapshot(play, **{name: value})
        assert refusal(play.ask_for_server(imageRef=image), 400).startswith("Invalid image metadata. Error: ")

    def test_rotation_leaves_a_protected_backup(self, play):
        server = play.create()
        backup = {"backup_type": "daily", "rotation": 1}
        assert play.act(server, "createBackup", {"name": "a", **backup}).code == 202
        body = [{"op": "replace", "path": "/protected", "value": True}]
        assert play.ask("PATCH", f"/v2/images/{images(play)['a']['id']}", body, service="image").code == 200
        assert play.act(server, "createBackup", {"name": "last", **backup}).code == 202
        assert {"a", "last"} <= set(images(play))

    def test_an_image_belongs_to_the_project_that_asks(self, play):
        server = play.create()
        image = play.act(server, "createImage", {"name": "by-admin"}, "admin").body["image_id"]
        shown = play.ask("GET", f"/v2/images/{image}", service="image")  # the member sees it
        assert (shown.code, shown.body["owner"]) == (200, play.callers["admin"].project_id)


class TestW8:
    MOVES = {
        "live-migration": ("os-migrateLive", {"host": None, "block_migration": "auto"}),
        "resize": ("resize", {"flavorRef": "2"}),
        "migration": ("migrate", None),
    }

    @pytest.mark.parametrize("kind", MOVES)
    def test_a_move_without_a_host_has_a_record(self, play, kind):
        server = play.create()
        host = play.server(server).host
        play.set_hosts(*{"host1", "host2", "host3"} - {host}, disabled=True)
        key, arguments = self.MOVES[kind]
        assert play.act(server, key, arguments, "admin").code == 202
        (record,) = play.ask("GET", "/os-migrations", who="admin").body["migrations"]
        shown = record["migration_type"], record["status"], record["source_compute"]
        assert shown == (kind, "error", host)

    def test_an_evacuation_without_a_host_has_a_record(self, play):
        server = play.create()
        host = play.server(server).host
        play.set_hosts(*{"host1", "host2", "host3"} - {host}, disabled=True)
        play.set_hosts(host, up=False)
        assert play.act(server, "evacuate", {}, "admin").code == 200
        (record,) = play.ask("GET", "/os-migrations", who="admin").body["migrations"]
        assert (record["migration_type"], record["status"]) == ("evacuation", "error")


def set_quota(play, minor=96, user="", **limits):
    query = {"user_id": user} if user else {}
    body = {"quota_set": limits}
    return play.ask("PUT", f"/os-quota-sets/{play.project}", body, "admin", minor, **query)


class TestW9:
    @pytest.mark.parametrize("counts", [{"min_count": 3}, {"min_count": 3, "max_count": 5}, {"max_count": 3}])
    def test_the_members_of_a_group_count_one_by_one(self, play, counts):
        assert set_quota(play, server_group_members=2).code == 200
        body = {"server_group": {"name": "g", "policy": "soft-affinity"}}
        group = play.ask("POST", "/os-server-groups", body).body["server_group"]["id"]
        answer = play.ask_for_server(hints={"group": group}, **counts)
        assert answer.code == 403, answer
        assert play.ask("GET", f"/os-server-groups/{group}").body["server_group"]["members"] == []
        assert play.ask("GET", "/servers").body["servers"] == []

    @pytest.mark.parametrize("limits", [{"instances": 50}, {"cores": -1}])
    def test_a_user_gets_no_more_than_the_project(self, play, limits):
        answer = set_quota(play, user=play.callers["demo"].user_id, **limits)
        assert "must be less than or equal to" in refusal(answer, 400)

    @pytest.mark.parametrize("door", ["create", "rebuild"])
    @pytest.mark.parametrize(
        ("files", "text"),
        [
            ([("/a", "A" * 10241)], "Personality file content exceeds maximum"),
            ([("/a", "")] * 6, "Personality file limit exceeded"),
            ([("/" + "a" * 255, "")], "Personality file path exceeds maximum"),
        ],
    )
    def test_injected_files(self, play, door, files, text):
        import base64

        encoded = [{"path": path, "contents": base64.b64encode(content.encode()).decode()} for path, content in files]
        server = play.create()
        if door == "create":
            answer = play.ask_for_server(56, personality=encoded, networks=[{"uuid": play.network}])
        else:
            answer = play.act(server, "rebuild", {"imageRef": play.image, "personality": encoded}, minor=56)
        assert text in refusal(answer, 403)


class TestC10:
    def test_the_default_class(self, play):
        body = {"quota_class_set": {"instances": 1}}
        assert play.ask("PUT", "/os-quota-class-sets/default", body, "admin").code == 200
        play.create()
        assert play.ask_for_server().code == 403
        shown = play.ask("GET", f"/os-quota-sets/{play.project}", who="admin").body["quota_set"]
        assert shown["instances"] == 1
        assert play.ask("PUT", "/os-quota-class-sets/default", body).code == 403


@pytest.mark.parametrize("path", ["/os-quota-sets/nosuch", "/os-quota-sets/nosuch/detail"])
def test_c16_an_unknown_project(play, path):
    answer = play.ask("GET", path, who="admin")
    assert refusal(answer, 400) == "Project ID nosuch is not a valid project."
    body = {"quota_set": {"instances": 1}}
    assert play.ask("PUT", "/os-quota-sets/nosuch", body, "admin").code == 400
