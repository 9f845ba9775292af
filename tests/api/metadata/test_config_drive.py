"""The files on a config drive, which is written when the guest is created on a host."""

from __future__ import annotations

import json

import pytest

from tests.play import Play

FILES = [{"path": "/etc/motd", "contents": "aGVsbG8="}]


def list_files(play: Play, server: str) -> dict[str, int]:
    response = play.ask("GET", f"/{server}/config-drive", service="metadata")
    assert response.code == 200, response
    return {file["path"]: file["size"] for file in response.body["files"]}


def read(play: Play, server: str, path: str = "openstack/latest/meta_data.json") -> bytes:
    response = play.ask("GET", f"/{server}/config-drive/{path}", service="metadata")
    assert response.code == 200, response
    return response.body


def create(play: Play, **more) -> str:
    body = {"name": "web1", "flavorRef": "1", "imageRef": play.image, "networks": [{"uuid": play.network}]}
    answer = play.ask("POST", "/servers", {"server": {"config_drive": True, **body, **more}}, minor=42)
    assert answer.code == 202, answer
    return answer.body["server"]["id"]


def test_a_config_drive_has_the_documents_of_all_versions():
    play = Play()
    server = create(play, user_data="aGk=")
    files = list_files(play, server)
    assert files["openstack/latest/user_data"] == files["ec2/latest/user-data"] == 2
    ec2 = {f"ec2/{version}/{name}" for version in ("2009-04-04", "latest") for name in ("meta-data.json", "user-data")}
    assert {path for path in files if path.startswith("ec2")} == ec2
    assert {path for path in files if "2015-10-15" in path} == {
        f"openstack/2015-10-15/{name}"
        for name in ("meta_data.json", "user_data", "vendor_data.json", "network_data.json")
    }
    assert not any("password" in path for path in files)
    assert json.loads(read(play, server, "ec2/latest/meta-data.json"))["instance-type"] == "m1.tiny"
    assert all(len(read(play, server, path)) == size for path, size in files.items())


def test_files_of_the_request_are_only_on_the_config_drive():
    play = Play()
    server = create(play, personality=FILES)
    assert json.loads(read(play, server))["files"] == [{"path": "/etc/motd", "content_path": "/content/0000"}]
    assert read(play, server, "openstack/content/0000") == b"hello"
    service = play.ask("GET", f"/{server}/openstack/latest/meta_data.json", service="metadata").body
    assert "files" not in json.loads(service)
    assert play.server(create(play, personality=FILES, config_drive=False)).personality is None


def test_later_changes_reach_the_service_but_not_the_drive():
    play = Play()
    server = create(play, metadata={"role": "web"})
    assert play.ask("POST", f"/servers/{server}/metadata", {"metadata": {"role": "db"}}).code == 200
    assert play.ask("PUT", f"/servers/{server}", {"server": {"name": "db1"}}).code == 200
    assert [json.loads(read(play, server))[name] for name in ("meta", "name")] == [{"role": "web"}, "web1"]
    service = json.loads(play.ask("GET", f"/{server}/openstack/latest/meta_data.json", service="metadata").body)
    assert [service[name] for name in ("meta", "name")] == [{"role": "db"}, "db1"]
    assert play.act(server, "rebuild", {"imageRef": play.image}).code == 202
    assert json.loads(read(play, server))["meta"] == {"role": "db"}


@pytest.mark.parametrize("steps", [("rebuild",), ("shelve", "unshelve"), ("evacuate",)])
def test_a_new_drive_has_only_the_files_of_its_request(steps):
    play = Play()
    server = create(play, personality=FILES)
    for step in steps:
        if step == "evacuate":
            host = play.server(server).host
            services = play.ask("GET", "/os-services", None, "admin", host=host).body["services"]
            down = {"forced_down": True}
            assert play.ask("PUT", f"/os-services/{services[0]['id']}", down, "admin").code == 200
        arguments = {"rebuild": {"imageRef": play.image}, "evacuate": {}}.get(step)
        assert play.act(server, step, arguments, "admin").code in (200, 202)
    assert "files" not in json.loads(read(play, server))


def test_an_image_may_require_a_config_drive():
    play = Play()
    patch = [{"op": "add", "path": "/img_config_drive", "value": "mandatory"}]
    assert play.ask("PATCH", f"/v2/images/{play.image}", patch, "admin", service="image").code == 200
    server = create(play, config_drive=False, personality=FILES)
    assert play.ask("GET", f"/servers/{server}").body["server"]["config_drive"] == "True"
    assert read(play, server, "openstack/content/0000") == b"hello"


def test_a_server_without_a_config_drive_has_no_files():
    play = Play()
    server = play.create()
    for path in ("config-drive", "config-drive/openstack/latest/meta_data.json"):
        assert play.ask("GET", f"/{server}/{path}", service="metadata").code == 404
    drive = create(play)
    assert play.ask("GET", f"/{drive}/config-drive/openstack/latest/nothing", service="metadata").code == 404
