"""Bodies and arguments of server actions."""

from __future__ import annotations

import pytest

from tests.play import Play


@pytest.fixture
def play():
    return Play("manual")


@pytest.mark.parametrize("body", [None, [], {}, {"nonsense": None}, {"pause": None, "unpause": None}])
def test_an_invalid_body_is_refused(play, web1, body):
    assert play.ask("POST", f"/servers/{web1}/action", body).code == 400
    assert play.state(web1) == ("ACTIVE", None)


def test_too_many_metadata_items_are_refused(play, web1):
    many = {f"k{number}": "v" for number in range(129)}
    assert play.act(web1, "rebuild", {"imageRef": play.image, "metadata": many}).code == 403
    assert play.act(web1, "createImage", {"name": "i", "metadata": many}, minor=38).code == 403
    assert play.act(web1, "createImage", {"name": "i", "metadata": many}, minor=39).code == 202


def test_a_backup_with_rotation_0_names_an_image_that_is_deleted_at_once(play, web1):
    backup = {"name": "b", "backup_type": "daily", "rotation": 0}
    image = play.act(web1, "createBackup", backup).body["image_id"]
    play.advance(600)
    assert play.ask("GET", f"/v2/images/{image}", service="image").code == 404
    old = play.act(web1, "createBackup", backup, minor=44)
    assert (old.body, old.headers.get("Location")) == (None, None)


def test_a_rebuild_sets_the_trusted_certificates(play, web1):
    certified = {"imageRef": play.image, "trusted_image_certificates": ["a"]}
    assert play.act(web1, "rebuild", certified).body["server"]["trusted_image_certificates"] == ["a"]


def test_a_live_migration_before_2_25_checks_the_host(play, web1):
    home = play.server(web1).host
    move = {"block_migration": False, "disk_over_commit": False}
    for host in (home, "nowhere"):
        assert play.act(web1, "os-migrateLive", {**move, "host": host}, "admin", 24).code == 400
    assert play.act(web1, "os-migrateLive", {**move, "host": None}, "admin", 24).code == 202
