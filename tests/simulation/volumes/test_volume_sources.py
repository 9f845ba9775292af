"""What volumes need from their source and from quotas, with Cinder's texts."""

from __future__ import annotations

import pytest

from novasim.errors import BadRequest, OverLimit
from novasim.records import Attachment, Image, Project, Server, Volume, VolumeSnapshot, VolumeType
from novasim.simulation.failures import BuildAborted
from novasim.simulation.volume_creation import (
    Source,
    check_image,
    check_source,
    create_server_volume,
    describe_image,
    is_multiattach_type,
    list_obstacles,
    read_image,
    read_source,
)
from novasim.simulation.volume_quotas import check_quota, check_type_quota, find_usage
from tests import each_case
from tests.play import Play

GIB = 1024**3
TIMES = {"created_at": "", "updated_at": ""}


def image(**fields: object) -> Image:
    usual = {"id": "i", "name": "i", "size": GIB, "status": "active", "min_disk": 0}
    return Image(**usual | TIMES | fields)


def volume(id: str = "v", **fields: object) -> Volume:
    return Volume(**{"id": id, "name": id, "project_id": "p", "user_id": "u", "size": 3} | TIMES | fields)


def snapshot(**fields: object) -> VolumeSnapshot:
    usual = {"id": "n", "name": "n", "volume_id": "v", "project_id": "p", "user_id": "u", "size": 2}
    return VolumeSnapshot(**usual | TIMES | fields)


@each_case(
    ("source", "size", "obstacles"),
    [
        (Source(), 1, []),
        (Source(), 0, ["Volume size '0' must be an integer and greater than 0"]),
        (Source(snapshot=snapshot()), 2, []),
        (
            Source(snapshot=snapshot()),
            1,
            ["Volume size '1'GB cannot be smaller than the snapshot size 2GB. They must be >= original snapshot size."],
        ),
        (Source(volume=volume()), 3, []),
        (
            Source(volume=volume()),
            2,
            [
                "Volume size '2'GB cannot be smaller than original volume size  3GB. "
                "They must be >= original volume size."
            ],
        ),
        (Source(image=image()), 1, []),
        (Source(image=image(size=None)), 1, []),
        (Source(image=image(status="queued")), 1, ["Image i is not active."]),
        (
            Source(image=image(size=GIB + 1)),
            1,
            ["Size of specified image 2GB is larger than volume size 1GB."],
        ),
        (Source(image=image(min_disk=2)), 2, []),
        (
            Source(image=image(min_disk=2)),
            1,
            ["Volume size 1GB cannot be smaller than the image minDisk size 2GB."],
        ),
        (
            Source(image=image(status="queued", min_disk=2)),
            0,
            [
                "Volume size '0' must be an integer and greater than 0",
                "Image i is not active.",
                "Size of specified image 1GB is larger than volume size 0GB.",
                "Volume size 0GB cannot be smaller than the image minDisk size 2GB.",
            ],
        ),
    ],
)
def test_obstacles(source, size, obstacles):
    assert list_obstacles(source, size) == obstacles


def test_the_first_obstacle_refuses():
    with pytest.raises(BadRequest, match=r"^Invalid input received: Volume size '0' must be"):
        check_source(Source(image=image(status="queued")), 0)
    with pytest.raises(BadRequest, match=r"^Invalid input received: Image i is not active\.$"):
        check_image(image(status="queued"), 1)
    check_image(image(), 1)


@pytest.mark.parametrize(
    ("source", "size"),
    [
        (Source(), 1),
        (Source(image=image(size=0)), 1),
        (Source(image=image(size=5 * GIB - 1)), 5),
        (Source(image=image(min_disk=7)), 7),
        (Source(snapshot=snapshot()), 2),
        (Source(volume=volume()), 3),
        (Source(image=image(min_disk=1), volume=volume(), snapshot=snapshot(size=9)), 9),
    ],
)
def test_the_smallest_size(source, size):
    assert source.smallest_size == size


@pytest.fixture
def world():
    """A world whose project p has a volume of 3 GiB of type fast, a snapshot of 2 GiB of it, and low quotas."""
    with Play().cloud.writing() as world:
        quotas = {"volumes": 2, "snapshots": 2, "gigabytes": 10, "per_volume_gigabytes": 4, "gigabytes_fast": 7}
        world.tx.put(Project(id="p", name="p", quotas={f"volume.{name}": limit for name, limit in quotas.items()}))
        world.tx.put(VolumeType(id="t", name="fast"))
        world.tx.put(volume(volume_type="fast"))
        world.tx.put(snapshot())
        yield world


NOTHING = {"groups": 0, "backups": 0, "backup_gigabytes": 0}


def test_usage_of_quotas(world):
    assert find_usage(world, "p") == {
        "volumes": 1,
        "volumes_fast": 1,
        "snapshots": 1,
        "snapshots_fast": 1,
        "gigabytes": 5,
        "gigabytes_fast": 5,
        **NOTHING,
    }
    assert find_usage(world, "q") == {"volumes": 0, "snapshots": 0, "gigabytes": 0, **NOTHING}


@pytest.mark.parametrize(
    ("type_name", "requested", "text"),
    [
        ("", {"volumes": 1, "gigabytes": 4}, ""),
        (
            "",
            {"volumes": 1, "gigabytes": 5},
            "VolumeSizeExceedsLimit: Requested volume size 5G is larger than maximum allowed limit 4G.",
        ),
        ("", {"gigabytes": 5}, ""),
        (
            "",
            {"gigabytes": 6, "volumes": 0},
            "VolumeSizeExceedsLimit: Requested volume size 6G is larger than maximum allowed limit 4G.",
        ),
        (
            "",
            {"gigabytes": 6, "snapshots": 2},
            "VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. Requested "
            "6G, quota is 10G and 5G has been consumed.",
        ),
        (
            "fast",
            {"gigabytes": 3},
            "VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes_fast quota. "
            "Requested 3G, quota is 7G and 5G has been consumed.",
        ),
        ("fast", {"gigabytes": 2}, ""),
        ("", {"snapshots": 1}, ""),
        ("", {"snapshots": 2}, "SnapshotLimitExceeded: Maximum number of snapshots allowed (2) exceeded"),
        (
            "",
            {"volumes": 2},
            "VolumeLimitExceeded: Maximum number of volumes allowed (2) exceeded for quota 'volumes'.",
        ),
    ],
)
def test_quotas(world, type_name, requested, text):
    if not text:
        return check_quota(world, "p", type_name, **requested)
    with pytest.raises(OverLimit) as refusal:
        check_quota(world, "p", type_name, **requested)
    assert str(refusal.value) == text
    return None


def test_a_changed_type_counts_for_the_quotas_of_the_type_only(world):
    check_type_quota(world, "p", "fast", volumes=9, gigabytes=2)
    with pytest.raises(OverLimit, match=r"allowed gigabytes_fast quota\. Requested 3G, quota is 7G"):
        check_type_quota(world, "p", "fast", volumes=9, gigabytes=3)


def test_minus_one_is_no_limit(world):
    check_quota(world, world.tx.query(Project, {"name": "demo"})[0].id, volumes=1, gigabytes=1000)
    unlimited = Project(id="q", name="q", quotas={"volume.volumes": -1, "volume.gigabytes": -1})
    world.tx.put(unlimited)
    check_quota(world, "q", volumes=10**6, gigabytes=10**9)


KEPT = {
    "image_id": "i",
    "image_name": "i",
    "min_disk": "2",
    "min_ram": "64",
    "size": str(GIB),
    "checksum": "c",
    "container_format": "bare",
    "disk_format": "raw",
}


def test_what_a_volume_keeps_of_its_image(world):
    of = image(min_disk=2, min_ram=64, checksum="c", container_format="bare", disk_format="raw", properties={"a": 1})
    assert describe_image(of) == KEPT | {"a": "1"}
    assert read_source(world, Source(image=of)) == {"image_metadata": KEPT | {"a": "1"}, "bootable": True}
    empty = describe_image(image(name=None, size=None, checksum=None, container_format=None, disk_format=None))
    names = ("image_name", "size", "checksum", "container_format", "disk_format", "min_disk", "min_ram")
    assert [empty[name] for name in names] == ["", "0", "", "", "", "0", "0"]


def test_the_image_that_a_volume_stands_for():
    read = read_image(volume(image_metadata=KEPT | {"a": "1"}, created_at="x", updated_at="y"))
    assert (read.id, read.name, read.size, read.min_disk, read.min_ram) == ("", None, 3 * GIB, 2, 64)
    assert (read.properties, read.created_at, read.updated_at) == ({"a": "1"}, "x", "y")
    assert (read_image(volume()).min_disk, read_image(volume()).min_ram) == (0, 0)


def test_what_comes_from_a_volume_or_from_the_volume_of_a_snapshot(world):
    world.tx.put(origin := volume(bootable=True, image_metadata=KEPT, volume_type="fast"))
    expected = {"bootable": True, "image_metadata": KEPT, "volume_type": "fast"}
    assert read_source(world, Source(volume=origin)) == expected | {"source_volid": "v"}
    assert read_source(world, Source(snapshot=snapshot())) == expected | {"snapshot_id": "n"}
    assert read_source(world, Source(snapshot=snapshot(volume_id="gone"))) == {"snapshot_id": "n"}
    assert read_source(world, Source()) == {}


@pytest.mark.parametrize(
    ("specs", "is_multiattach"),
    [({"multiattach": "<is> True"}, True), ({"multiattach": "<is> False"}, False), ({"multiattach": "True"}, False)],
)
def test_types_of_multiattach_volumes(world, specs, is_multiattach):
    world.tx.put(VolumeType(id="m", name="many", extra_specs=specs))
    assert is_multiattach_type(world, "many") is is_multiattach
    assert not is_multiattach_type(world, "fast") and not is_multiattach_type(world, "none")


def create(world, project: str = "q", **fields: object) -> Volume:
    server = Server(id="s", name="s", project_id=project, user_id="w", flavor={"disk": 1}, **TIMES)
    return create_server_volume(world, server, Attachment(**{"id": "a", "server_id": "s", "volume_id": None} | fields))


def test_volumes_that_servers_are_built_with(world):
    world.tx.put(image(min_disk=2, properties={"a": 1}))
    blank = create(world, source_type="blank", source_id="i")
    assert (blank.size, blank.bootable, blank.image_metadata, blank.name) == (1, False, {}, "s-blank-vol")
    assert (blank.project_id, blank.user_id, blank.created_at, blank.updated_at) == ("q", "w", world.time, world.time)
    of_image = create(world, source_type="image", source_id="i", volume_size=2, volume_type="fast")
    assert (of_image.size, of_image.bootable, of_image.volume_type) == (2, True, "fast")
    assert (of_image.image_metadata["image_id"], of_image.multiattach) == ("i", False)
    of_snapshot = create(world, source_type="snapshot", source_id="n", volume_size=2)
    assert (of_snapshot.snapshot_id, of_snapshot.volume_type) == ("n", "fast")
    world.tx.put(VolumeType(id="m", name="many", extra_specs={"multiattach": "<is> True"}))
    assert create(world, source_type="blank", volume_type="many").multiattach


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (
            {"source_type": "image", "source_id": "i", "volume_size": 1},
            "Invalid input received: Invalid input received: Volume size 1GB cannot be smaller than the image minDisk "
            "size 2GB.",
        ),
        (
            {"source_type": "blank", "volume_size": 5},
            "VolumeSizeExceedsLimit: Requested volume size 5G is larger than maximum allowed limit 4G.",
        ),
    ],
)
def test_volumes_that_servers_cannot_be_built_with(world, fields, text):
    world.tx.put(image(min_disk=2))
    with pytest.raises(BuildAborted) as failure:
        create(world, "p", **fields)
    assert failure.value.message == f"Build of instance s aborted: {text}"
