"""Cloud files that several users share: mode, group and owner are kept, and messages say to whom a file belongs."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from novasim.control.backups import restore
from novasim.errors import CloudFileError
from novasim.fileutils import write_file
from novasim.records import Server
from novasim.store import open_store
from novasim.store.tiny import CloudStorage
from tests.store.files import fill
from tests.store.worlds import server, settings

ALICE, BOB, EVE, GROUP = 61001, 61002, 61003, 61100  # users without names

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can act as several users"
)


@contextmanager
def user(uid: int, *groups: int) -> Iterator[None]:
    """Act as a user, who is a member of these groups."""
    before = os.getgroups()
    os.setgroups(groups)
    os.setegid(uid)
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(before)


def alice() -> object:
    return user(ALICE, GROUP)


def bob() -> object:
    return user(BOB, GROUP)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose files belong to the group."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        path = Path(name) / "shared"
        path.mkdir()
        os.chown(path, ALICE, GROUP)
        path.chmod(0o2770)
        yield path


@pytest.fixture
def path(folder: Path) -> Path:
    """A cloud file of Alice with the rights that the manual names."""
    path = folder / "lab.json"
    with alice():
        fill(path, settings(), server(1))
        for file in folder.iterdir():
            file.chmod(0o660)
    return path


def access(path: Path) -> tuple[int, int]:
    found = path.stat()
    return stat.S_IMODE(found.st_mode), found.st_gid


def move_back(path: Path, seconds: float) -> None:
    """Make the newest backup older, so that the next save makes another one."""
    backup = Path(f"{path}.bak.1")
    if backup.exists():
        time = backup.stat().st_mtime - seconds
        os.utime(backup, (time, time))


def test_every_member_of_the_group_can_use_a_shared_cloud(path, folder):
    for number, member in enumerate((bob, alice, bob, bob, alice), start=2):
        move_back(path, 120)
        with member():
            fill(path, server(number))
            with open_store(path).read() as tx:
                assert tx.count(Server) == number
    names = ["lab.json", "lab.json.lock", *(f"lab.json.bak.{number}" for number in range(1, 6))]
    assert {file.name: access(file) for file in folder.iterdir()} == dict.fromkeys(names, (432, GROUP))
    for member in (alice, bob):
        with member():
            assert restore(path).kept == Path(f"{path}.bak.1")
    assert access(path) == (0o660, GROUP)


def test_lock_gets_the_mode_of_the_cloud(path):
    lock = Path(f"{path}.lock")
    lock.chmod(0o600)
    with bob(), pytest.raises(CloudFileError, match=rf"Permission denied\. .*lock belongs to user {ALICE}"):
        fill(path, server(2))
    with alice():
        fill(path, server(2))
    with bob():
        fill(path, server(3))
    assert access(lock) == (0o660, GROUP)


def test_a_file_that_only_its_owner_may_write(path):
    path.chmod(0o640)
    before = path.read_bytes()
    with bob():
        with open_store(path).read() as tx:
            assert tx.count(Server) == 1
        with pytest.raises(CloudFileError) as caught:
            fill(path, server(2))
    assert f"cannot be saved: Permission denied. It is unchanged. {path} belongs to user {ALICE}" in str(caught.value)
    assert path.read_bytes() == before


def test_a_file_of_the_user_himself_that_is_read_only(path):
    path.chmod(0o440)
    with alice(), pytest.raises(CloudFileError, match=r"cannot be saved: Permission denied\. It is unchanged\. Fix"):
        fill(path, server(2))


def test_a_file_in_a_folder_where_only_owners_replace_files(path, folder):
    folder.chmod(0o3770)
    before = path.read_bytes()
    with bob(), pytest.raises(CloudFileError, match=rf"cannot be saved: .*lab\.json belongs to user {ALICE}"):
        fill(path, server(2))
    assert path.read_bytes() == before
    assert not list(folder.glob("*novasim-tmp*"))


def test_others_get_no_rights_of_a_group_that_cannot_be_kept(path, folder):
    folder.chmod(0o777)
    for file in folder.iterdir():
        file.chmod(0o666)
    with user(EVE):
        fill(path, server(2))
    assert access(path) == (0o606, EVE)


def test_root_leaves_the_file_to_its_owner(path, folder):
    move_back(path, 120)
    fill(path, server(2))
    assert {file.stat().st_uid for file in folder.iterdir()} == {ALICE}
    assert access(path) == (0o660, GROUP)


def test_a_cloud_that_cannot_be_read(path):
    path.chmod(0o600)
    message = rf"cannot be read: Permission denied\. .*lab\.json belongs to user {ALICE}"
    with bob(), pytest.raises(CloudFileError, match=message), open_store(path).read():
        pass


def test_a_copy_of_a_private_file_of_another_user(folder):
    target = folder / "export.json"
    with alice():
        write_file(str(target), b"one")
    with bob(), pytest.raises(PermissionError):
        write_file(str(target), b"two", replace=True)
    assert target.read_bytes() == b"one"
    assert access(target)[0] == 0o600


def test_a_new_cloud_is_private_although_its_folder_is_shared(folder):
    with alice():
        CloudStorage(folder / "new.json").write({"settings": {"1": vars(settings())}})
    assert {access(file)[0] for file in folder.iterdir()} == {0o600}
