"""A reader of the help, whose cloud has what the examples name."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import novasim
from tests.cli.conftest import User

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


LESSON = Path(novasim.__file__).parent / "teach/lessons/02-power.md"
NO_CLOUD = "(without a cloud)"
REFUSED = "(refused)"


class Reader(User):
    """A user in a folder with the files that examples name, and a cloud with the resources."""

    def __init__(self, path: Path, world: bytes, patch: pytest.MonkeyPatch) -> None:
        super().__init__(path)
        self.world, self.patch = world, patch

    def prepare(self, before: Sequence[str], line: str) -> str:
        """Bring the cloud into the state for an example, and return its command line."""
        self.path.write_bytes(self.world)
        if "clock set manual" in before:
            self.patch.delenv("NOVASIM_CLOCK", raising=False)
        for command in before:
            self._prepare(command)
        return self._with_ids(line).removeprefix("novasim ").partition(" > ")[0].replace("~", str(Path.home()))

    def _prepare(self, command: str) -> None:
        if command == NO_CLOUD:
            self.path.unlink()
        elif not (command.startswith("classroom init room ") and Path("room").exists()):
            self(command.removesuffix(REFUSED), 4 if command.endswith(REFUSED) else 0)

    def _with_ids(self, line: str) -> str:
        """The line with the ids of this cloud instead of those of the example."""
        if "UUID" in line:
            return line.replace("UUID", self.json("show web1")["id"])
        if line.startswith("novasim security-group-rule"):
            return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", self.ids("security-group-rule list")[0], line)
        return line


@pytest.fixture(scope="session")
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
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHELL", "/bin/bash")  # what `completion install` looks at
    Path("disk.qcow2").write_bytes(b"x")
    Path("roster.txt").write_text("Ann\n", "utf-8")
    Path("policy.yaml").write_text("{}\n", "utf-8")
    monkeypatch.setenv("NOVASIM_LEARNER", "ann")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    Path("my-lesson.md").write_bytes(LESSON.read_bytes())
    Path(".ssh").mkdir()
    Path(".ssh/id_ed25519.pub").write_text(
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ann@example.com\n", "utf-8"
    )
    monkeypatch.setattr(sys, "stdin", io.StringIO("a password\n"))
    return Reader(user.path, world, monkeypatch)
