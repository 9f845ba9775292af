"""What snapshots inherit, and whose images a requester sees and deletes."""

from __future__ import annotations

import pytest

from novasim.records import Image, ImageData, Server
from novasim.simulation.images import (
    complete_upload,
    create_snapshot,
    delete_for,
    discard_incomplete,
    find_visible_for,
    rotate_backups,
)
from tests.play import Play

GIB = 1024**3
MINE = {"user_id": "u", "project_id": "p", "is_admin": False}
ADMIN = {"user_id": "a", "project_id": "q", "is_admin": True}
# Those that Nova never copies, and those of its option non_inheritable_image_properties.
NOT_INHERITED = """
    image_type backup_type instance_uuid base_image_ref user_id cache_in_nova bittorrent cinder_encryption_key_id
    cinder_encryption_key_deletion_policy img_signature img_signature_hash_method img_signature_key_type
    img_signature_certificate_uuid os_glance_importing_to_stores os_glance_failed_import
"""


@pytest.fixture
def world():
    with Play().cloud.writing() as world:
        yield world


def server(**fields: object) -> Server:
    usual = {"id": "s", "name": "s", "project_id": "p", "user_id": "u", "created_at": "", "updated_at": ""}
    return Server(**usual | {"flavor": {"disk": 20}, "image_id": "i", "image": {}} | fields)


def add_image(world, **fields: object) -> Image:
    image = Image(**{"id": "x", "name": "x", "owner": "p", "size": 1, "created_at": "", "updated_at": ""} | fields)
    world.tx.put(image)
    return image


def test_a_snapshot_inherits_all_properties_but_some(world):
    properties = dict.fromkeys(NOT_INHERITED.split(), "old")
    snapshot = create_snapshot(
        world, server(image={"properties": properties | {"os_type": "linux"}}), "snap", {"a": "b"}
    )
    assert snapshot.properties == {
        "os_type": "linux",
        "base_image_ref": "i",
        "instance_uuid": "s",
        "user_id": "u",
        "a": "b",
    }


def test_a_new_snapshot(world):
    image = create_snapshot(world, server(image={"min_disk": 3, "min_ram": 64}), "snap", {})
    assert (image.name, image.status, image.size, image.min_disk, image.min_ram) == ("snap", "queued", None, 3, 64)
    assert (image.owner, image.visibility, image.members) == ("p", "private", {})
    assert image.created_at == image.updated_at == world.time
    image = create_snapshot(world, server(image_id="", image_ref="r"), "snap", {})
    assert (image.min_disk, image.min_ram, image.properties["base_image_ref"]) == (20, 0, "r")


def test_a_snapshot_of_another_project_is_shared_with_the_server(world):
    image = create_snapshot(world, server(), "snap", {}, ADMIN)
    assert (image.owner, image.visibility, image.members) == ("q", "shared", {"p": "pending"})
    assert image.properties["user_id"] == "a"
    assert create_snapshot(world, server(), "snap", {}, MINE).visibility == "private"


@pytest.mark.parametrize(("disk", "size"), [(20, 2 * GIB), (1, GIB // 10), (0, GIB // 10), (25, 25 * GIB // 10)])
def test_a_completed_upload_has_a_tenth_of_the_disk(world, disk, size):
    image = add_image(world, status="saving", size=None)
    complete_upload(world, "x", server(flavor={"disk": disk}))
    assert (image.status, image.size, image.updated_at) == ("active", size, world.time)
    assert len(image.checksum) == 32
    complete_upload(world, "gone", server())
    complete_upload(world, None, server())


@pytest.mark.parametrize(("status", "is_kept"), [("active", True), ("queued", False), ("saving", False)])
def test_an_incomplete_image_is_discarded(world, status, is_kept):
    add_image(world, status=status)
    discard_incomplete(world, "x")
    discard_incomplete(world, None)
    assert (world.tx.get(Image, "x") is not None) == is_kept


@pytest.mark.parametrize(
    ("fields", "requester", "is_visible"),
    [
        ({}, None, True),
        ({"owner": "other"}, None, True),
        ({}, MINE, True),
        ({"owner": "other"}, ADMIN, True),
        ({"owner": "other", "visibility": "private"}, MINE, False),
        ({"owner": "other", "visibility": "public"}, MINE, True),
        ({"owner": "other", "visibility": "community"}, MINE, True),
        ({"owner": "other", "visibility": "shared", "members": {"p": "pending"}}, MINE, True),
        ({"owner": "other", "visibility": "shared", "members": {"p": "accepted"}}, MINE, True),
        ({"owner": "other", "visibility": "shared", "members": {"r": "accepted"}}, MINE, False),
    ],
)
def test_which_images_a_requester_sees(world, fields, requester, is_visible):
    image = add_image(world, **fields)
    assert find_visible_for(world, "x", requester) == (image if is_visible else None)
    assert find_visible_for(world, None, requester) is None


@pytest.mark.parametrize(
    ("fields", "requester", "is_deleted"),
    [
        ({}, MINE, True),
        ({"protected": True}, MINE, False),
        ({"protected": True}, None, False),
        ({"owner": "other"}, MINE, False),
        ({"owner": "other"}, ADMIN, True),
        ({"owner": "other"}, None, True),
    ],
)
def test_which_images_a_requester_deletes(world, fields, requester, is_deleted):
    add_image(world, **fields)
    world.tx.put(ImageData(id="x"))
    delete_for(world, "x", requester)
    delete_for(world, "gone", requester)
    assert (world.tx.get(Image, "x") is None) == (world.tx.get(ImageData, "x") is None) == is_deleted


def backup(world, id: str, created: str, **fields: object) -> Image:
    properties = {"instance_uuid": "s", "backup_type": "daily", "image_type": "backup"}
    return add_image(world, id=id, created_at=created, properties=properties | fields.pop("properties", {}), **fields)


@pytest.mark.parametrize(("keep", "left"), [(0, ""), (1, "c"), (2, "bc"), (3, "abc"), (9, "abc")])
def test_the_newest_backups_remain(world, keep, left):
    for id, created in (("b", "2"), ("a", "1"), ("c", "3")):
        backup(world, id, created)
    others = [
        backup(world, "d", "0", properties={"instance_uuid": "t"}),
        backup(world, "e", "0", properties={"backup_type": "weekly"}),
        backup(world, "f", "0", properties={"image_type": "snapshot"}),
    ]
    rotate_backups(world, server(), "daily", keep)
    assert "".join(id for id in "abc" if world.tx.get(Image, id)) == left
    assert all(world.tx.get(Image, each.id) for each in others)


def test_backups_that_the_requester_does_not_list_are_not_counted(world):
    backup(world, "a", "1", owner="other", visibility="private")
    backup(world, "b", "2", owner="other", visibility="shared", members={"p": "pending"})
    backup(world, "c", "3", owner="other", visibility="shared", members={"p": "accepted"})
    backup(world, "d", "4")
    rotate_backups(world, server(), "daily", 1, MINE)
    assert [id for id in "abcd" if world.tx.get(Image, id)] == ["a", "b", "c", "d"]  # c belongs to another project
    backup(world, "e", "5")
    rotate_backups(world, server(), "daily", 1, MINE)
    assert [id for id in "abcde" if world.tx.get(Image, id)] == ["a", "b", "c", "e"]
    backup(world, "f", "6", owner="other", visibility="shared", members={"p": "accepted"})
    rotate_backups(world, server(), "daily", 1, MINE)
    assert [id for id in "abcdef" if world.tx.get(Image, id)] == ["a", "b", "c", "f"]
