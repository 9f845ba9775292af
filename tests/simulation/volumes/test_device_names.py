"""Names of disks, as Nova gives them."""

from __future__ import annotations

import pytest

from novasim.records import Attachment, Server
from novasim.simulation.device_names import (
    check_disk_count,
    device_letter,
    find_next_device,
    is_device_used,
    set_device_names,
)
from novasim.simulation.failures import TaskFailed
from tests import each_case
from tests.play import Play


@pytest.fixture
def world():
    with Play().cloud.writing() as world:
        yield world


def add_server(world, root: str = "/dev/vda", id: str = "s") -> Server:
    server = Server(id=id, name="s", project_id="p", user_id="u", created_at="", updated_at="", image_id="i")
    server.root_device_name = root
    world.tx.put(server)
    return server


def attach(world, device: str | None = None, index: int | None = None, kind: str = "volume") -> Attachment:
    number = world.tx.count(Attachment)
    attachment = Attachment(
        id=f"a{number}", server_id="s", volume_id=f"v{number}", device=device, boot_index=index, destination_type=kind
    )
    world.tx.put(attachment)
    return attachment


@each_case(
    ("device", "letter"),
    [
        ("/dev/vdb", "b"),
        ("vdb", "b"),
        ("/dev/vdb1", "b"),
        ("/dev/vdb12", "b"),
        ("/dev/sdc", "c"),
        ("/dev/hda", "a"),
        ("/dev/xvdd", "d"),
        ("/dev/vdaa", "aa"),
        ("/dev/da", "a"),
        ("sdz", "z"),
        ("/dev/disk/by-id/x", "/dev/disk/by-id/x"),
        ("", ""),
    ],
)
def test_the_letter_of_a_name(device, letter):
    assert device_letter(device) == letter


def test_disks_of_an_image_backed_server_begin_after_the_root_disk(world):
    server = add_server(world)
    assert find_next_device(world, server) == "/dev/vdb"
    attach(world, "/dev/sdb")
    assert find_next_device(world, server) == "/dev/vdc"
    assert is_device_used(world, server, "/dev/vdb") and is_device_used(world, server, "vda")
    assert not is_device_used(world, server, "/dev/vdc")


def test_after_z_the_letters_are_doubled(world):
    server = add_server(world)
    names = []
    for _ in range(52):
        names.append(find_next_device(world, server))
        attach(world, names[-1])
    assert names[23:27] == ["/dev/vdy", "/dev/vdz", "/dev/vdaa", "/dev/vdab"]
    assert names[50:] == ["/dev/vdaz", "/dev/vdba"]


def test_devices_of_a_new_server(world):
    server = add_server(world)
    volume, local, repeated = attach(world), attach(world, kind="local"), attach(world, "/dev/vdf")
    again = attach(world, "/dev/sdf")
    set_device_names(world, server)
    assert server.root_device_name == "/dev/vda"
    assert [each.device for each in (local, volume, repeated, again)] == [
        "/dev/vdb",
        "/dev/vdc",
        "/dev/vdf",
        "/dev/vdd",
    ]


def test_a_server_that_boots_from_a_volume(world):
    server = add_server(world, root="")
    server.image_id = ""
    root = attach(world, index=0)
    other = attach(world)
    set_device_names(world, server)
    assert (server.root_device_name, root.device, other.device) == ("/dev/vda", "/dev/vda", "/dev/vdb")


def test_the_root_disk_keeps_the_requested_name(world):
    server = add_server(world)
    root = attach(world, "/dev/vdq", index=0)
    set_device_names(world, server)
    assert server.root_device_name == root.device == "/dev/vdq"
    assert find_next_device(world, server) == "/dev/vda"


@pytest.mark.parametrize(("most", "is_refused"), [(-1, False), (0, True), (2, True), (3, False), (4, False)])
def test_a_host_limits_the_disks_of_a_server(world, most, is_refused):
    server = add_server(world)
    attach(world)
    attach(world, "/dev/vdb")
    world.settings.options["max_disk_devices_to_attach"] = most
    if not is_refused:
        return check_disk_count(world, server)
    with pytest.raises(TaskFailed) as failure:
        check_disk_count(world, server)
    assert failure.value.code == 403
    return None
