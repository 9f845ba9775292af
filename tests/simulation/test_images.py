"""Images of servers: snapshots, backups and images of shelved servers."""

from __future__ import annotations

import re

import pytest

from novasim.records import Image
from tests.play import Play


@pytest.fixture
def play():
    return Play(shelved_offload_time=-1)


@pytest.fixture
def server(play):
    """A server whose image has properties."""
    with play.store.write() as tx:
        image = tx.get(Image, play.image)
        image.properties = {"os_distro": "debian", "image_type": "base", "user_id": "somebody"}
        tx.put(image)
    return play.create(flavor="2")


def newest(play: Play) -> Image:
    return play.all(Image)[-1]


def test_an_image_of_a_shelved_server(play, server):
    play.act(server, "shelve")
    image = newest(play)
    assert (image.name, image.status) == ("web1-shelved", "active")
    assert image.properties["image_type"] == "snapshot"


def test_snapshots_inherit_properties_and_say_where_they_come_from(play, server):
    assert play.act(server, "createImage", {"name": "snap", "metadata": {"mine": "yes"}}).code == 202
    image = newest(play)
    assert (image.name, image.status, image.visibility) == ("snap", "active", "private")
    assert image.owner == play.callers["demo"].project_id
    assert image.properties | {"image_type": "snapshot"} == {
        "os_distro": "debian",
        "base_image_ref": play.image,
        "instance_uuid": server,
        "user_id": play.callers["demo"].user_id,
        "image_type": "snapshot",
        "mine": "yes",
    }


def test_a_snapshot_needs_the_disk_of_the_server_and_takes_a_tenth_of_it(play, server):
    play.act(server, "createImage", {"name": "snap"})
    image = newest(play)
    assert (image.min_disk, image.min_ram) == (20, 64)
    assert image.size == 2 * 2**30
    assert re.fullmatch("[0-9a-f]{32}", image.checksum)


def test_rotation_deletes_the_oldest_backups_of_a_type(play, server):
    def back_up(name: str, backup_type: str, rotation: int) -> None:
        body = {"name": name, "backup_type": backup_type, "rotation": rotation}
        assert play.act(server, "createBackup", body).code == 202

    back_up("w1", "weekly", 5)
    play.act(server, "createImage", {"name": "snap"})
    for number in (1, 2, 3):
        back_up(f"d{number}", "daily", 2)
    names = [image.name for image in play.all(Image)]
    assert names[3:] == ["w1", "snap", "d2", "d3"]
    back_up("d4", "daily", 0)
    assert [image.name for image in play.all(Image)][3:] == ["w1", "snap"]
