"""Every example in the help texts succeeds, in a cloud that has what it names."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import User
from tests.cli.test_help import COMMANDS, examples

# What the examples name.
WORLD = """
create web1 web2 --flavor m1.small --image cirros
--as admin flavor create big2 --vcpus 1 --ram 1024 --disk 10
keypair create mine -q
server-group create web
image create my-image --file disk.qcow2 --min-disk 1
volume create data --size 1
volume-snapshot create data-monday --volume data
network create backend
subnet create back-v4 --network backend --range 192.0.2.0/24
router create edge
port create web1-port --network private
floating-ip create public
security-group create web
--as admin host create host9
--as admin aggregate create rack1 --zone az1
--as admin project create class1
--as admin user create ann --project demo --role reader
--as admin role create operator
fault add spawn --times 1
"""

NO_CLOUD = "(without a cloud)"
# What comes before an example, by its command.
BEFORE = {
    "restore": ["config set reclaim_instance_interval 3600", "delete web1"],
    "start": ["stop web1"],
    "unpause": ["pause web1"],
    "resume": ["suspend web1"],
    "confirm-resize": ["resize web1 --flavor m1.medium"],
    "revert-resize": ["resize web1 --flavor m1.medium"],
    "unrescue": ["rescue web1"],
    "shelve-offload": ["config set shelved_offload_time 3600", "shelve web1"],
    "unshelve": ["shelve web1"],
    "detach-volume": ["attach-volume web1 data"],
    "detach-port": ["attach-port web1 --port web1-port"],
    "remove-floating-ip": ["add-floating-ip web1 198.51.100.2"],
    "add-security-group": ["remove-security-group web1 default"],
    "rebuild": ["resize web1 --flavor m1.medium", "confirm-resize web1"],
    "unset": ["set web1 --property role=web --tag prod"],
    "create": ["network delete backend", "delete web1"],
    "evacuate": ["--as admin host set host1 --down"],
    "keypair create": ["keypair delete mine"],
    "server-group create": ["server-group delete web"],
    "image create": ["image delete my-image"],
    "volume create": ["volume-snapshot delete data-monday", "volume delete data"],
    "volume delete": ["volume-snapshot delete data-monday"],
    "volume-snapshot create": ["volume-snapshot delete data-monday"],
    "network create": ["network delete backend"],
    "subnet create": ["subnet delete back-v4"],
    "port create": ["port delete web1-port"],
    "security-group create": ["security-group delete web"],
    "host create": ["--as admin host delete host9"],
    "aggregate create": ["--as admin aggregate delete rack1"],
    "aggregate unset": ["--as admin aggregate set rack1 --property ssd=true"],
    "aggregate add-host": ["delete web1 web2"],
    "aggregate remove-host": ["delete web1 web2", "--as admin aggregate add-host rack1 host1"],
    "migration show": ["--as admin migrate web1"],
    "migration force-complete": ["clock set manual", "--as admin live-migrate web1", "clock advance 1s"],
    "migration abort": ["clock set manual", "--as admin live-migrate web1", "clock advance 1s"],
    "project create": ["--as admin project delete class1"],
    "user create": ["--as admin user delete ann"],
    "role create": ["--as admin role delete operator"],
    "role remove": ["--as admin role add manager --user demo --project demo"],
    "clock advance": ["clock set manual"],
    "config unset": ["config set shelved_offload_time 3600"],
    "cloud init": [NO_CLOUD],
    "cloud import": ["cloud export lab.json"],
    "cloud restore": ["cloud save before-upgrade", "cloud load before-upgrade"],
    "cloud load": ["cloud save before-upgrade"],
}
ALLOWED = {
    "novasim reset-network web1": 10,  # Nova has removed it
}
NOT_RUN = {
    "novasim serve --port 8774": "it serves until it is stopped",
}
EXAMPLES = sorted({(words, line) for words, command in COMMANDS.items() for line in examples(command)})


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> bytes:
    folder = tmp_path_factory.mktemp("examples")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOVASIM_CLOCK", "instant")
        patch.setenv("NOVASIM_SEED", "1")
        patch.chdir(folder)
        Path("disk.qcow2").write_bytes(b"x")
        user = User(folder / "cloud.json")
        for line in WORLD.strip().splitlines():
            user(line)
        return user.path.read_bytes()


@pytest.fixture
def reader(user, world, tmp_path, monkeypatch):
    """A user in a folder with the files that examples name, and a cloud with the resources."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHELL", "/bin/bash")  # what `completion install` looks at
    Path("disk.qcow2").write_bytes(b"x")
    Path("policy.yaml").write_text("{}\n", "utf-8")
    Path(".ssh").mkdir()
    Path(".ssh/id_ed25519.pub").write_text(
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ann@example.com\n", "utf-8"
    )
    user.path.write_bytes(world)
    monkeypatch.setattr(sys, "stdin", io.StringIO("a password\n"))
    return user


def with_ids(user: User, line: str) -> str:
    """The line with the ids of this cloud instead of those of the example."""
    if "UUID" in line:
        return line.replace("UUID", user.json("show web1")["id"])
    if line.startswith("novasim security-group-rule"):
        return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", user.ids("security-group-rule list")[0], line)
    return line


@pytest.mark.parametrize(("words", "line"), EXAMPLES)
def test_example_succeeds(reader, words, line, monkeypatch):
    if line in NOT_RUN:
        pytest.skip(NOT_RUN[line])
    before = BEFORE.get(words, [])
    if "clock set manual" in before:
        monkeypatch.delenv("NOVASIM_CLOCK")
    for command in before:
        reader.path.unlink() if command == NO_CLOUD else reader(command)
    command = with_ids(reader, line).removeprefix("novasim ").partition(" > ")[0].replace("~", str(Path.home()))
    reader(command, ALLOWED.get(line, 0), input="a password\na password\n")


def test_every_preparation_has_an_example():
    assert set(BEFORE) <= {words for words, _ in EXAMPLES}
