"""Snapshots and backups of servers."""

from __future__ import annotations


def test_a_server_boots_from_a_snapshot_image(play):
    server = play.create()
    image = play.act(server, "createImage", {"name": "snap"}).body["image_id"]
    view = play.ask("GET", f"/v2/images/{image}", service="image").body
    assert (view["status"], view["image_type"], view["instance_uuid"]) == ("active", "snapshot", server)
    assert play.ask("GET", f"/servers/{play.create('copy', imageRef=image)}").body["server"]["status"] == "ACTIVE"


def test_backups_are_rotated(play):
    server = play.create()
    for number in range(4):
        play.act(server, "createBackup", {"name": f"b{number}", "backup_type": "daily", "rotation": 2})
    images = play.ask("GET", "/v2/images", service="image").body["images"]
    assert sorted(i["name"] for i in images if i.get("image_type") == "backup") == ["b2", "b3"]
