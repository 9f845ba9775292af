"""W11, R and the smaller cases C4 to C9, C13 and C14: single rules."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from novasim.control import faults
from tests.cases.public.world import Cases, refusal

ID = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def play():
    return Cases()


def resize(play, server, flavor):
    """Resize and confirm; the code of the request. A disk that would get smaller leaves nothing to confirm."""
    answer = play.act(server, "resize", {"flavorRef": flavor})
    if answer.code == 202 and play.state(server)[0] == "VERIFY_RESIZE":
        assert play.act(server, "confirmResize").code == 204
    return answer.code


class TestW11LeastDisk:
    def test_back_to_the_flavor_of_its_creation(self, play):
        server = play.create()
        assert [resize(play, server, flavor) for flavor in ("2", "3", "1")] == [202, 202, 202]

    def test_an_image_of_a_server_hands_it_on(self, play):
        """An image of a server needs the least disk of the server, whatever flavor the server has by then."""
        server = play.create(flavor="2")
        assert resize(play, server, "3") == 202
        assert play.act(server, "createImage", {"name": "i"}).code == 202
        assert play.act(server, "createBackup", {"name": "b", "backup_type": "daily", "rotation": 1}).code == 202
        found = {each["name"]: each for each in play.ask("GET", "/v2/images", service="image").body["images"]}
        size = play.ask("GET", "/flavors/2").body["flavor"]["disk"]
        assert (found["i"]["min_disk"], found["b"]["min_disk"]) == (size, size)
        assert "Flavor's disk is " in refusal(play.ask_for_server(imageRef=found["i"]["id"]), 400)

    def test_the_image_of_a_shelved_server_hands_it_on(self, play):
        server = play.create(flavor="2")
        assert resize(play, server, "3") == 202
        assert play.act(server, "shelve").code == 202
        found = {each["name"]: each for each in play.ask("GET", "/v2/images", service="image").body["images"]}
        image = found["web1-shelved"]
        assert image["min_disk"] == play.ask("GET", "/flavors/2").body["flavor"]["disk"]
        assert "Flavor's disk is " in refusal(play.ask_for_server(imageRef=image["id"]), 400)

    def test_unshelve_keeps_it(self, play):
        server = play.create(flavor="2")
        assert resize(play, server, "3") == 202
        assert play.act(server, "shelve").code == 202
        assert play.act(server, "unshelve").code == 202
        assert resize(play, server, "1") == 400
        assert resize(play, server, "2") == 202

    def test_a_server_of_the_image_of_a_larger_one_keeps_the_disk_of_the_image(self, play):
        image = play.act(play.create(), "createImage", {"name": "i"}).body["image_id"]
        server = play.create("web2", "2", imageRef=image)
        assert resize(play, server, "1") == 400


@pytest.mark.parametrize(
    ("name", "hostname"), [("сервер", "Server-{}"), ("日本-7", "7"), ("Zoë", "zoë"), ("日本", "Server-{}")]
)
def test_w11_host_names(play, name, hostname):
    server = play.create(name)
    shown = play.ask("GET", f"/servers/{server}", who="admin").body["server"]["OS-EXT-SRV-ATTR:hostname"]
    assert shown == hostname.format(server)


@pytest.mark.parametrize(
    "specs", [{"hw:cpu_policy": "nonsense"}, {"hw:bogus": "1"}, {"quota:disk_read_iops_sec": "fast"}]
)
def test_w11_extra_specs(play, specs):
    body = {"flavor": {"name": "f", "id": "f", "ram": 512, "vcpus": 1, "disk": 1}}
    assert play.ask("POST", "/flavors", body, "admin").code == 200
    path = "/flavors/f/os-extra_specs"
    answer = play.ask("POST", path, {"extra_specs": specs}, "admin", 86)
    assert refusal(answer, 400).startswith("Validation failed; ")
    ((key, value),) = specs.items()
    assert play.ask("POST", path, {"extra_specs": specs}, "admin", 85).code == 200
    assert refusal(play.ask("PUT", f"{path}/{key}", {key: value}, "admin", 86), 400).startswith("Validation failed; ")


def test_w11_a_snapshot_of_a_volume_in_use(play):
    volume = play.volume()
    assert play.attach(play.create(), volume).code == 200
    body = {"snapshot": {"volume_id": volume}}
    assert play.cinder("POST", "/snapshots", body, minor=65).code == 400
    assert play.cinder("POST", "/snapshots", body, minor=66).code == 202


class TestR:
    def test_the_next_host_is_tried(self, play):
        faults.add_fault(play.cloud, name="spawn", times=1)
        assert play.state(play.create()) == ("ACTIVE", None)

    def test_three_hosts_at_most(self, play):
        faults.add_fault(play.cloud, name="spawn")
        server = play.create()
        text = f"Exceeded maximum number of retries. Exceeded max scheduling attempts 3 for instance {server}. "
        assert play.fault(server).startswith(text + "Last exception: ")

    def test_no_host_is_left(self, play):
        play.set_hosts("host3", disabled=True)
        faults.add_fault(play.cloud, name="spawn")
        text = play.fault(play.create())
        assert text.startswith("Exceeded maximum number of retries. Exhausted all hosts available for retrying build")


def test_c4_multiattach_by_type(play):
    body = {"volume_type": {"name": "m", "extra_specs": {"multiattach": "<is> True"}}}
    assert play.cinder("POST", "/types", body, "admin").code == 200
    assert play.shown(play.volume(volume_type="m"))["multiattach"] is True


class TestC5:
    @pytest.fixture
    def image(self, play):
        self.server = play.create()
        return play.act(self.server, "createImage", {"name": "snap"}).body["image_id"]

    def names(self, play, **query):
        key = query.pop("path", "/images/detail")
        return {each["name"] for each in play.ask("GET", key, minor=35, **query).body["images"]}

    @pytest.mark.parametrize("path", ["/images", "/images/detail"])
    def test_each_filter(self, play, image, path):
        assert self.names(play, path=path, server=self.server) == {"snap"}
        assert self.names(play, path=path, type="snapshot") == {"snap"}
        assert self.names(play, path=path, **{"changes-since": "2099-01-01T00:00:00Z"}) == set()
        assert self.names(play, path=path, minRam="99999") == set()
        assert self.names(play, path=path, minDisk="99999") == set()
        assert self.names(play, path=path, name="snap") == {"snap"}
        assert self.names(play, path=path, status="SAVING") == set()


def test_c6_tasks_of_an_image(play):
    assert play.ask("GET", f"/v2/images/{play.image}/tasks", service="image").body == {"tasks": []}
    assert play.ask("GET", f"/v2/images/{ID}/tasks", service="image").code == 404


@pytest.mark.parametrize("door", ["create", "update", "rebuild"])
def test_c7_access_ipv6(play, door):
    address = {"accessIPv6": "0000:0000:0000:0000:0000:babe:220.12.22.2"}
    server = play.create(**(address if door == "create" else {}))
    if door == "update":
        assert play.ask("PUT", f"/servers/{server}", {"server": address}).code == 200
    if door == "rebuild":
        assert play.act(server, "rebuild", {"imageRef": play.image, **address}).code == 202
    assert play.ask("GET", f"/servers/{server}").body["server"]["accessIPv6"] == "::babe:dc0c:1602"


@pytest.mark.parametrize("what", ["reboot", "shutdown", "startup"])
def test_c8_unknown_hosts(play, what):
    answer = play.ask("GET", f"/os-hosts/nope/{what}", who="admin", minor=1)
    assert refusal(answer, 404) == "Compute host nope could not be found."


def test_c8_an_empty_zone_is_no_filter(play):
    every = play.ask("GET", "/os-hosts", who="admin", minor=1).body
    assert play.ask("GET", "/os-hosts", who="admin", minor=1, zone="").body == every


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_c9_negative_ids(play, method):
    body = {"aggregate": {"name": "a"}} if method == "PUT" else None
    answer = play.ask(method, "/os-aggregates/-1", body, "admin")
    assert refusal(answer, 404) == "Aggregate -1 could not be found."


@pytest.mark.parametrize("alias", ["os-consoles", "os-hosts"])
def test_c13_extensions(play, alias):
    assert play.ask("GET", f"/extensions/{alias}", minor=1).code == 200


def test_c14_assisted_snapshots(play):
    volume = play.volume()
    assert play.attach(play.create(), volume).code == 200
    info = {"snapshot_id": ID, "type": "qcow2", "new_file": "n"}
    body = {"snapshot": {"volume_id": volume, "create_info": info}}
    answer = play.ask("POST", "/os-assisted-volume-snapshots", body, "admin")
    assert (answer.code, answer.body["snapshot"]["volumeId"]) == (200, volume)
    query = {"delete_info": json.dumps({"volume_id": volume})}
    assert quote(query["delete_info"])
    assert play.ask("DELETE", f"/os-assisted-volume-snapshots/{ID}", who="admin", **query).code == 204
