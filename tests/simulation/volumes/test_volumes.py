"""Volumes of servers: devices, events and what happens to them with the server."""

from __future__ import annotations

import pytest

from novasim.records import Attachment, Volume
from tests.play import Play


@pytest.fixture
def play():
    return Play()


def volume(play: Play, size: int = 1) -> str:
    path = f"/v3/{play.callers['demo'].project_id}/volumes"
    return play.ask("POST", path, {"volume": {"size": size}}, service="volume").body["volume"]["id"]


def attach(play: Play, server: str, id: str, **fields: object) -> None:
    body = {"volumeAttachment": {"volumeId": id, **fields}}
    assert play.ask("POST", f"/servers/{server}/os-volume_attachments", body).code == 200


def events(play: Play, server: str) -> list[str]:
    path = f"/servers/{server}/os-instance-actions"
    request = play.ask("GET", path).body["instanceActions"][0]["request_id"]
    action = play.ask("GET", f"{path}/{request}").body["instanceAction"]
    return [event["event"] for event in action["events"]]


def test_devices_are_named_in_order_and_reused(play):
    server = play.create()
    first, second, third = volume(play), volume(play), volume(play)
    attach(play, server, first)
    attach(play, server, second)
    assert [attachment.device for attachment in play.all(Attachment)] == ["/dev/vdb", "/dev/vdc"]
    play.ask("DELETE", f"/servers/{server}/os-volume_attachments/{first}")
    attach(play, server, third)
    assert {attachment.device for attachment in play.all(Attachment)} == {"/dev/vdb", "/dev/vdc"}


@pytest.mark.parametrize(("shelved", "event"), [(False, "compute_attach_volume"), (True, "api_attach_volume")])
def test_the_api_attaches_volumes_of_servers_without_a_host(play, shelved, event):
    server = play.create()
    if shelved:
        play.act(server, "shelve")
        assert play.state(server) == ("SHELVED_OFFLOADED", None)
    id = volume(play)
    attach(play, server, id)
    assert event in events(play, server)
    play.ask("DELETE", f"/servers/{server}/os-volume_attachments/{id}")
    assert event.replace("attach", "detach") in events(play, server)


def test_volumes_with_delete_on_termination_go_with_the_server(play):
    server = play.create()
    kept, deleted = volume(play), volume(play)
    attach(play, server, kept)
    attach(play, server, deleted, delete_on_termination=True)
    play.ask("DELETE", f"/servers/{server}")
    assert [(each.id, each.status, each.attachments) for each in play.all(Volume)] == [(kept, "available", [])]
    assert play.all(Attachment) == []
