"""Volumes and interfaces that come and go, as the compute API reference and its samples have them."""

from __future__ import annotations

import pytest

from tests.play import Play

NOWHERE = "00000000-0000-4000-8000-000000000000"


class Attached(Play):
    """A server, and volumes to attach to it."""

    def __init__(self) -> None:
        super().__init__()
        self.project = self.callers["demo"].project_id
        self.web = self.create()

    def volume(self, who: str = "demo", **more: object) -> str:
        path = f"/v3/{self.callers[who].project_id}/volumes"
        answer = self.ask("POST", path, {"volume": {"size": 1, **more}}, who, service="volume")
        assert answer.code == 202, answer
        return answer.body["volume"]["id"]

    def volume_status(self, volume: str) -> str:
        path = f"/v3/{self.project}/volumes/{volume}"
        return self.ask("GET", path, service="volume").body["volume"]["status"]

    def attach(self, volume: str, server: str = "", minor: int = 96, **more: object):
        body = {"volumeAttachment": {"volumeId": volume, **more}}
        return self.ask("POST", f"/servers/{server or self.web}/os-volume_attachments", body, minor=minor)

    def attached(self, minor: int = 96, **query: str) -> list[dict]:
        answer = self.ask("GET", f"/servers/{self.web}/os-volume_attachments", minor=minor, **query)
        assert answer.code == 200, answer
        return answer.body["volumeAttachments"]

    def replace(self, volume: str, new: str, who: str = "demo", minor: int = 96, **more: object):
        body = {"volumeAttachment": {"volumeId": new, **more}}
        return self.ask("PUT", f"/servers/{self.web}/os-volume_attachments/{volume}", body, who, minor)


@pytest.fixture
def play():
    return Attached()


def test_what_is_shown_of_an_attachment(play):
    volume = play.volume()
    assert play.attach(volume, device="/dev/vdd", tag="data").body == {
        "volumeAttachment": {
            "device": "/dev/vdd",
            "id": volume,
            "serverId": play.web,
            "volumeId": volume,
            "tag": "data",
            "delete_on_termination": False,
        }
    }
    path = f"/servers/{play.web}/os-volume_attachments/{volume}"
    keys = {minor: set(play.ask("GET", path, minor=minor).body["volumeAttachment"]) for minor in (69, 70, 79, 89)}
    assert keys[69] == {"device", "id", "serverId", "volumeId"}
    assert keys[70] == keys[69] | {"tag"}
    assert keys[79] == keys[70] | {"delete_on_termination"}
    assert keys[89] == keys[79] - {"id"} | {"attachment_id", "bdm_uuid"}
    assert play.ask("GET", f"/servers/{play.web}/os-volume_attachments/{NOWHERE}").code == 404
    assert play.attach(play.volume(), minor=101).code == 202


def test_a_list_is_cut_by_offset_and_limit(play):
    volumes = [play.volume() for _ in range(3)]
    for volume in volumes:
        play.attach(volume)
    assert [one["volumeId"] for one in play.attached()] == volumes
    assert [one["device"] for one in play.attached()] == ["/dev/vdb", "/dev/vdc", "/dev/vdd"]
    assert [one["volumeId"] for one in play.attached(offset="1", limit="1")] == volumes[1:2]
    assert [one["volumeId"] for one in play.attached(offset="1")] == volumes[1:]
    assert [one["volumeId"] for one in play.attached(limit="0")] == volumes
    for bad in ({"limit": "x"}, {"limit": "-1"}, {"offset": "x"}):
        assert play.ask("GET", f"/servers/{play.web}/os-volume_attachments", **bad).code == 400


def test_a_volume_that_cannot_be_attached(play):
    assert play.attach(NOWHERE).code == 404
    assert play.attach(play.volume("other")).code == 404
    broken = play.volume()
    path = f"/v3/{play.project}/volumes/{broken}/action"
    play.ask("POST", path, {"os-reset_status": {"status": "error"}}, "admin", service="volume")
    assert play.attach(broken).code == 400
    assert play.attached() == []


def test_only_a_volume_made_for_more_is_shared_and_only_from_2_60(play):
    second, shared = play.create("web2"), play.volume(multiattach=True)
    assert play.attach(shared).code == 200
    assert play.attach(shared).code == 400
    assert play.attach(shared, second, minor=59).code == 400
    assert play.attach(shared, second, minor=60).code == 200
    assert play.ask("DELETE", f"/servers/{second}/os-volume_attachments/{shared}").code == 202
    assert play.volume_status(shared) == "in-use"


def test_what_goes_with_the_server_changes_from_2_85(play):
    volume = play.volume()
    play.attach(volume)
    assert play.replace(volume, volume, delete_on_termination=True).code == 202
    assert play.attached()[0]["delete_on_termination"] is True
    assert play.replace(volume, volume, minor=84).code == 403
    assert play.replace(NOWHERE, NOWHERE, delete_on_termination=True).code == 404
    play.ask("DELETE", f"/servers/{play.web}")
    assert play.ask("GET", f"/v3/{play.project}/volumes/{volume}", service="volume").code == 404


def test_only_administrators_put_another_volume_in_the_place_of_one(play):
    old, new = play.volume(), play.volume(size=2)
    play.attach(old)
    assert play.replace(old, new).code == 403
    assert play.replace(old, old, "admin", 84).code == 400
    assert play.replace(old, new, "admin").code == 202
    assert [one["volumeId"] for one in play.attached()] == [new]
    assert (play.volume_status(old), play.volume_status(new)) == ("available", "in-use")
    assert play.replace(old, new, "admin").code == 404


def test_the_root_volume_stays_while_the_server_is_on_a_host(play):
    root = {"uuid": play.image, "source_type": "image", "destination_type": "volume", "boot_index": 0, "volume_size": 1}
    body = {"name": "v", "flavorRef": "1", "networks": "none", "block_device_mapping_v2": [root]}
    server = play.ask("POST", "/servers", {"server": body}).body["server"]["id"]
    (volume,) = play.ask("GET", f"/servers/{server}").body["server"]["os-extended-volumes:volumes_attached"]
    path = f"/servers/{server}/os-volume_attachments/{volume['id']}"
    refusal = play.ask("DELETE", path)
    assert (refusal.code, refusal.body["badRequest"]["message"]) == (400, "Cannot detach a root device volume")


# --- interfaces ------------------------------------------------------------------------------------------------


def ports(play: Attached) -> list[dict]:
    return play.ask("GET", f"/servers/{play.web}/os-interface").body["interfaceAttachments"]


def plug(play: Attached, **wish: object):
    return play.ask("POST", f"/servers/{play.web}/os-interface", {"interfaceAttachment": wish})


def test_one_interface_is_shown(play):
    (port,) = ports(play)
    path = f"/servers/{play.web}/os-interface"
    shown = play.ask("GET", f"{path}/{port['port_id']}").body["interfaceAttachment"]
    assert shown == port
    older = play.ask("GET", f"{path}/{port['port_id']}", minor=69).body["interfaceAttachment"]
    assert set(older) == set(port) - {"tag"}
    assert play.ask("GET", f"{path}/{NOWHERE}").code == 404
    assert play.ask("DELETE", f"{path}/{NOWHERE}").code == 404


def test_an_address_of_ones_choice(play):
    subnets = play.ask("GET", "/v2.0/subnets", service="network").body["subnets"]
    prefix = next(one["cidr"] for one in subnets if one["name"] == "private-v4").rpartition(".")[0]
    wish = {"net_id": play.network, "fixed_ips": [{"ip_address": f"{prefix}.200"}]}
    assert plug(play, **wish).body["interfaceAttachment"]["fixed_ips"][0]["ip_address"] == f"{prefix}.200"
    assert plug(play, **wish).code == 400
    assert plug(play, net_id=play.network, fixed_ips=[{"ip_address": "203.0.113.9"}]).code == 400
    assert plug(play, fixed_ips=[{"ip_address": f"{prefix}.201"}]).code == 400
    assert len(ports(play)) == 2


def test_wishes_that_contradict_each_other_or_miss(play):
    assert plug(play, net_id=play.network, port_id=NOWHERE).code == 400
    assert plug(play, port_id=NOWHERE).code == 404
    assert plug(play, port_id=ports(play)[0]["port_id"]).code == 409
    assert plug(play, net_id=NOWHERE).code == 400
    assert play.ask("POST", f"/servers/{play.web}/os-interface", {"interfaceAttachment": {}}).code == 200
    play.ask("POST", "/v2.0/networks", {"network": {"name": "second"}}, service="network")
    second = play.ask("GET", "/v2.0/networks", service="network", name="second").body["networks"][0]["id"]
    play.ask("POST", "/v2.0/subnets", {"subnet": {"network_id": second, "cidr": "10.9.0.0/24"}}, service="network")
    ambiguous = plug(play)
    assert (ambiguous.code, "Multiple possible networks" in ambiguous.body["conflictingRequest"]["message"]) == (
        409,
        True,
    )


def test_a_port_of_ones_own_outlives_its_use(play):
    port = play.ask("POST", "/v2.0/ports", {"port": {"network_id": play.network}}, service="network").body["port"]["id"]
    assert plug(play, port_id=port, tag="nic").body["interfaceAttachment"]["tag"] == "nic"
    taken = {"name": "b", "flavorRef": "1", "imageRef": play.image, "networks": [{"port": port}]}
    assert play.ask("POST", "/servers", {"server": taken}).code == 409
    assert play.ask("DELETE", f"/servers/{play.web}/os-interface/{port}").code == 202
    view = play.ask("GET", f"/v2.0/ports/{port}", service="network").body["port"]
    assert (view["device_id"], view["device_owner"], view["status"]) == ("", "", "DOWN")
    (made_by_nova,) = (one["port_id"] for one in ports(play))
    assert play.ask("DELETE", f"/servers/{play.web}/os-interface/{made_by_nova}").code == 202
    assert play.ask("GET", f"/v2.0/ports/{made_by_nova}", service="network").code == 404


# --- what a new server asks for --------------------------------------------------------------------------------


def creating(play: Attached, minor: int = 96, **wish: object):
    body = {"name": "new", "flavorRef": "1", "imageRef": play.image, "networks": "none", **wish}
    return play.ask("POST", "/servers", {"server": body}, minor=minor)


@pytest.mark.parametrize(
    ("wish", "code", "text"),
    [
        ({"networks": [{"uuid": NOWHERE}]}, 400, "could not be found"),
        ({"networks": [{"uuid": "PUBLIC"}]}, 400, "external network"),
        ({"networks": [{"port": NOWHERE}]}, 400, "could not be found"),
        ({"networks": [{"fixed_ip": "10.9.0.9"}]}, 400, ""),
        ({"networks": [{"uuid": "PRIVATE", "fixed_ip": "USED"}]}, 400, "already in use"),
        ({"networks": [{"uuid": "PRIVATE", "fixed_ip": "10.0.0.200"}], "max_count": 2}, 400, "fixed IP"),
        ({"networks": [{"port": "PORT"}], "max_count": 2}, 400, "multiple instances"),
    ],
)
def test_networks_that_cannot_be(play, wish, code, text):
    free = play.ask("POST", "/v2.0/ports", {"port": {"network_id": play.network}}, service="network").body["port"]
    words = {
        "PRIVATE": play.network,
        "PUBLIC": play.find_id("network", "/v2.0/networks", "networks", "public"),
        "PORT": free["id"],
        "USED": ports(play)[0]["fixed_ips"][0]["ip_address"],
    }
    networks = [{key: words.get(value, value) for key, value in one.items()} for one in wish["networks"]]
    answer = creating(play, **{**wish, "networks": networks})
    assert answer.code == code
    assert text.lower() in str(answer.body).lower()
    assert len(play.ask("GET", "/servers").body["servers"]) == 1


def test_no_network_is_guessed_among_several(play):
    for name in ("a", "b"):
        body = {"network": {"name": name}}
        network = play.ask("POST", "/v2.0/networks", body, service="network").body["network"]["id"]
        subnet = {"subnet": {"network_id": network, "cidr": "10.9.0.0/24"}}
        play.ask("POST", "/v2.0/subnets", subnet, service="network")
    answer = creating(play, networks="auto")
    assert (answer.code, "Multiple possible networks" in str(answer.body)) == (409, True)


DEVICE = {"source_type": "blank", "destination_type": "volume", "volume_size": 1, "boot_index": -1}


@pytest.mark.parametrize(
    ("device", "text"),
    [
        ({"source_type": "image", "uuid": NOWHERE, "boot_index": 0}, "failed to get image"),
        ({"source_type": "snapshot", "uuid": NOWHERE, "boot_index": 0}, "failed to get snapshot"),
        ({"source_type": "volume", "uuid": "USED", "volume_size": None}, "status must be available"),
        ({"destination_type": "local", "volume_size": 1}, "ephemeral disks"),
        ({"boot_index": 3}, "boot sequence"),
    ],
)
def test_devices_that_cannot_be(play, device, text):
    used = play.volume()
    play.attach(used)
    wish = {**DEVICE, **device}
    wish["uuid"] = used if wish.get("uuid") == "USED" else wish.get("uuid")
    answer = creating(play, block_device_mapping_v2=[{key: value for key, value in wish.items() if value is not None}])
    assert answer.code == 400
    assert text in answer.body["badRequest"]["message"].lower()


def test_no_more_local_disks_than_the_option_allows(play):
    local = {"source_type": "blank", "destination_type": "local", "boot_index": -1}
    assert creating(play, block_device_mapping_v2=[local] * 4).code == 400
    assert creating(play, block_device_mapping_v2=[local] * 3).code == 202


def test_a_server_from_a_snapshot_of_a_volume(play):
    volume = play.volume(size=2, imageRef=play.image)
    base = f"/v3/{play.project}"
    snapshot = play.ask("POST", base + "/snapshots", {"snapshot": {"volume_id": volume}}, service="volume")
    root = {
        "source_type": "snapshot",
        "destination_type": "volume",
        "boot_index": 0,
        "volume_type": "standard",
        "uuid": snapshot.body["snapshot"]["id"],
    }
    body = {"name": "v", "flavorRef": "1", "networks": "none", "block_device_mapping_v2": [root]}
    server = play.ask("POST", "/servers", {"server": body}, minor=67).body["server"]["id"]
    (made,) = play.ask("GET", f"/servers/{server}").body["server"]["os-extended-volumes:volumes_attached"]
    view = play.ask("GET", f"{base}/volumes/{made['id']}", service="volume").body["volume"]
    assert (view["size"], view["snapshot_id"], view["volume_type"]) == (2, root["uuid"], "standard")
    image = {"imageRef": play.find_id("image", "/v2/images", "images", "debian-12")}
    assert play.act(server, "rebuild", image, minor=92).code == 400
