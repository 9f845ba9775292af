"""Volumes of a server whose rebuild is cancelled."""

from __future__ import annotations

from novasim.records import Volume
from tests.play import Play


def test_a_reset_state_during_a_rebuild_connects_the_volumes_again():
    play = Play("manual")
    project = play.callers["demo"].project_id
    server = play.create()
    play.advance(60)
    volume = play.ask("POST", f"/v3/{project}/volumes", {"volume": {"size": 1}}, minor=71, service="volume")
    attachment = {"volumeAttachment": {"volumeId": volume.body["volume"]["id"]}}
    assert play.ask("POST", f"/servers/{server}/os-volume_attachments", attachment).code == 200
    play.advance(60)
    assert play.act(server, "rebuild", {"imageRef": play.image}).code == 202
    play.advance(0.7)
    assert [each.status for each in play.all(Volume)] == ["reserved"]
    assert play.act(server, "os-resetState", {"state": "active"}, "admin").code == 202
    assert [each.status for each in play.all(Volume)] == ["in-use"]
