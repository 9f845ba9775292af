"""Tasks that run beside the deletion of their server."""

from __future__ import annotations

import pytest

from novasim.control import hosts
from novasim.records import Attachment, Task, Volume
from tests.play import Play


@pytest.mark.parametrize("up", [True, False])
def test_an_unfinished_attachment_ends_with_the_server(up):
    play = Play("manual")
    project = play.callers["demo"].project_id
    server = play.create()
    play.advance(60)
    volume = play.ask("POST", f"/v3/{project}/volumes", {"volume": {"size": 1}}, minor=71, service="volume")
    hosts.change_host(play.cloud, play.server(server).host, up=up)
    attachment = {"volumeAttachment": {"volumeId": volume.body["volume"]["id"]}}
    assert play.ask("POST", f"/servers/{server}/os-volume_attachments", attachment).code == 200
    assert play.ask("DELETE", f"/servers/{server}").code == 204
    play.advance(60)
    assert (play.all(Task), play.all(Attachment)) == ([], [])
    assert [each.status for each in play.all(Volume)] == ["available"]
