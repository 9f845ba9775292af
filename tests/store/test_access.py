"""Files and folders that cannot be read or written."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from novasim.cli.main import cli
from novasim.errors import CloudFileError
from novasim.records import Server, Settings
from novasim.store import open_store
from novasim.store.errors import unwritable
from tests.processes import forked_python
from tests.store.files import fill, refusals
from tests.store.worlds import server, settings

__import__("novasim.simulation.validation.documents")  # while the process may read its modules

NOBODY = 65534


def test_a_folder_is_not_a_cloud_file(tmp_path):
    assert open_store(tmp_path).exists()
    for said in refusals(tmp_path):
        assert "cannot be " in said
        assert "--cloud" in said


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with pipes as files")
def test_a_pipe_is_not_waited_for(tmp_path):
    path = tmp_path / "cloud.json"
    os.mkfifo(path)
    assert "It is not a regular file" in refusals(path)[0]


def test_a_path_below_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    path = tmp_path / "file" / "cloud.json"
    for said in refusals(path):
        assert "Not a directory" in said


def test_a_path_that_goes_in_circles_is_refused(tmp_path):
    (tmp_path / "cloud.json").symlink_to(tmp_path / "cloud.json")
    assert "symbolic links" in refusals(tmp_path / "cloud.json")[0]


@contextmanager
def unprivileged() -> Iterator[None]:
    """Without the power of root, for whom no file is unreadable."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that an unprivileged user reaches and owns."""
    if not hasattr(os, "geteuid"):
        pytest.skip("needs a system with users")
    with tempfile.TemporaryDirectory() as name:
        if os.geteuid() == 0:
            os.chown(name, NOBODY, -1)
        yield Path(name)
        os.chmod(name, 0o700)


def test_a_file_of_somebody_else(open_folder):
    path = open_folder / "cloud.json"
    with unprivileged():
        fill(path, settings())
        path.chmod(0)
        for said in refusals(path):
            assert "cannot be read: Permission denied. Fix that, or name another file with --cloud." in said


def test_file_in_a_closed_folder_is_not_missing(open_folder):
    path = open_folder / "cloud.json"
    fill(path, settings())
    open_folder.chmod(0)
    with unprivileged(), pytest.raises(CloudFileError, match="cannot be read: Permission denied"):
        open_store(path).exists()
    with unprivileged():
        done = CliRunner().invoke(cli, ["--cloud", str(path), "list"])
    assert "cannot be read: Permission denied" in done.stderr and "does not exist" not in done.stderr


CLOUD_COMMANDS = (
    *("cloud init --force", "cloud saves", "cloud save a", "cloud load a", "cloud restore", "cloud reset --yes"),
    *("cloud export -", "cloud check", "list"),
)


def test_folder_that_cannot_be_entered_is_named(open_folder, tmp_path):
    """One that may be listed (0600) shows the names of files, but nothing else."""
    path = open_folder / "cloud.json"
    for line in CLOUD_COMMANDS:  # the process may not read modules later
        CliRunner().invoke(cli, ["--cloud", str(tmp_path / "cloud.json"), *line.split()])
    with unprivileged():
        fill(path, settings())
        CliRunner().invoke(cli, ["--cloud", str(path), "cloud", "save", "a"])
        for mode in (0, 0o600):
            open_folder.chmod(mode)
            for line in CLOUD_COMMANDS:
                done = CliRunner().invoke(cli, ["--cloud", str(path), *line.split()])
                assert done.exit_code == 9, (mode, line, done.output)
                assert done.stderr.startswith(f"novasim: Cloud file {path} cannot be "), (mode, line)
                assert ": Permission denied. " in done.stderr, (mode, line)
            open_folder.chmod(0o700)
        assert CliRunner().invoke(cli, ["--cloud", str(path), "cloud", "load", "a"]).exit_code == 0


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.EACCES, "Fix the permissions of the file or its folder, or name another file with --cloud."),
        (errno.ENOSPC, "Free disk space, or name another file with --cloud."),
        (errno.EIO, "It is unchanged. Fix that, or name another file with --cloud."),
    ],
)
def test_remedy_is_for_the_error(number, remedy):
    message = str(unwritable("cloud.json", OSError(number, os.strerror(number))))
    assert message.endswith(remedy)
    assert ("space" in message, "permissions" in message) == (number == errno.ENOSPC, number == errno.EACCES)


def test_a_folder_that_takes_no_files(open_folder):
    path = open_folder / "cloud.json"
    with unprivileged():
        fill(path, settings(), server(1))
        before = path.read_bytes()
        open_folder.joinpath("cloud.json.lock").unlink()
        open_folder.chmod(0o500)
        with open_store(path).read() as tx:
            assert tx.count(Server) == 1
        with pytest.raises(CloudFileError, match=r"cannot be saved: Permission denied\. It is unchanged"):
            fill(path, server(2))
        assert path.read_bytes() == before


def test_a_folder_that_takes_no_files_though_the_lock_is_there(open_folder):
    path = open_folder / "cloud.json"
    with unprivileged():
        fill(path, settings(), server(1))
        open_folder.chmod(0o500)
        with pytest.raises(CloudFileError, match="cannot be saved"):
            fill(path, server(2))
        with open_store(path).read() as tx:
            assert tx.count(Server) == 1


FULL_DISK = """
import resource, sys
from novasim.errors import CloudFileError
from novasim.store import open_store
from tests.store.worlds import server
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
try:
    with open_store(sys.argv[1]).write() as tx:
        tx.put(server(99))
except CloudFileError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_leaves_the_file_as_it_is(path):
    before = path.read_bytes()
    done = subprocess.run([*forked_python(), "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True)
    assert "cannot be saved: File too large. It is unchanged. Free disk space" in done.stdout
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.tmp*"))


def test_a_kept_store_says_when_it_may_no_longer_look(open_folder):
    path = open_folder / "cloud.json"
    with unprivileged():
        fill(path, settings())
        store = open_store(path)
        with store.read():
            pass
        open_folder.chmod(0)
        with pytest.raises(CloudFileError, match="cannot be read: Permission denied"), store.read():
            pass
        open_folder.chmod(0o700)
        with store.read() as tx:
            assert tx.get(Settings, "cloud") == settings()


def test_a_disk_that_fails_at_the_last_moment(path, monkeypatch):
    def fails(_):
        raise OSError(5, "Input/output error")

    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(CloudFileError, match="cannot be saved: Input/output error"):
        fill(path, server(6))
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.tmp*"))
