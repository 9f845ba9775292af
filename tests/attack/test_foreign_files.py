"""Commands never write to files that novasim did not make, whatever stands in the places of its own."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.control.purge import AutomaticPurge
from novasim.records import Caller, Image
from novasim.serve.writer import handle_batch
from novasim.store import open_store
from tests.attack.sample import run

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with pipes as files")

ADMIN = Caller("admin", "admin", ("admin", "member", "reader"), "admin", "admin")
WRITE = "image create one"


def make_device(path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a device")
    os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 3))  # as /dev/null


def link_to(name: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(path.with_name(name))


THINGS: dict[str, Callable[[Path], object]] = {
    "link": link_to("target"),
    "link to nothing": link_to("missing"),
    "hard link": lambda path: os.link(path.with_name("target"), path),
    "pipe": os.mkfifo,
    "device": make_device,
    "folder": os.mkdir,
    "text": lambda path: path.write_text("mine"),
}
PLACES = ("cloud.json.lock", "cloud.json.novasim-tmp", "cloud.json.novasim-tmp-link", "cloud.json.bak.1", "out.json")


def state_of(path: Path) -> tuple[int, int, bytes]:
    """Kind, size and content of what has a name, without following a link."""
    found = path.lstat()
    return stat.S_IFMT(found.st_mode), found.st_rdev, path.read_bytes() if stat.S_ISREG(found.st_mode) else b""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert run(tmp_path / "cloud.json", "cloud init").exit_code == 0
    (tmp_path / "target").write_text("4711\n")
    return tmp_path


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("place", PLACES)
def test_what_is_in_the_place_of_a_file_of_novasim(folder, place, thing):
    path, where = folder / "cloud.json", folder / place
    where.unlink(missing_ok=True)
    THINGS[thing](where)
    before, cloud = state_of(where), path.read_bytes()
    for line in (
        WRITE,
        "cloud reset --yes",
        f"cloud export {folder}/out.json",
        f"cloud export {folder}/out.json --force",
    ):
        done = run(path, line)
        assert done.exit_code in (0, 2, 9), (line, done.stderr)
        assert done.exit_code == 0 or any(word in done.stderr for word in ("cannot be", "exists", "is a directory"))
    assert (folder / "target").read_text() == "4711\n"
    assert not (folder / "missing").exists()
    is_ours_to_remove = "novasim-tmp" in place and thing in ("link", "link to nothing", "hard link", "text")
    is_backup = place.endswith(".bak.1") and thing in ("hard link", "text")  # it moves on to .bak.2
    is_forced = place == "out.json" and thing in ("hard link", "text")
    if not (is_ours_to_remove or is_backup or is_forced):
        assert state_of(where) == before
    if place.endswith(".lock"):
        assert path.read_bytes() == cloud or thing == "hard link"


@pytest.mark.parametrize("thing", ["link", "pipe", "device", "folder"])
def test_what_is_in_the_place_of_the_cloud(folder, thing):
    path = folder / "other.json"
    THINGS[thing](path)
    before = {entry.name for entry in folder.iterdir()}
    for line in (
        "list",
        WRITE,
        "cloud reset --yes",
        "cloud check",
        "cloud export -",
        f"cloud import {folder}/cloud.json",
    ):
        done = run(path, line)
        assert done.exit_code in (9, 0), (line, done.stderr)
        assert not isinstance(done.exception, OSError)
    if thing == "link":  # the file that a link names is the cloud
        assert path.is_symlink()
        assert run(path, "cloud check").exit_code == 0
    else:
        assert {entry.name for entry in folder.iterdir()} == before


@pytest.mark.parametrize("line", ["cloud export", "keypair create k --private-key", "graph -o"])
@pytest.mark.parametrize("thing", ["link to nothing", "pipe", "device", "folder"])
def test_an_output_that_is_no_file_is_refused(folder, line, thing):
    where = folder / "out"
    THINGS[thing](where)
    before = state_of(where)
    for force in ("", " --force"):
        assert run(folder / "cloud.json", f"{line} {where}{force}").exit_code in (1, 2)
    assert state_of(where) == before
    assert not (folder / "missing").exists()


def test_standard_output_has_several_names(folder):
    for name in ("-", "/dev/stdout"):
        done = run(folder / "cloud.json", f"cloud export {name}")
        assert (done.exit_code, done.stdout[:2]) == (0, "{\n")


def test_completion_replaces_only_its_own_script(folder, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    script = folder / "bash-completion" / "completions" / "novasim"
    for _ in range(2):
        assert run(folder / "cloud.json", "completion install bash").exit_code == 0
    script.write_text("mine")
    done = run(folder / "cloud.json", "completion install bash")
    assert (done.exit_code, script.read_text()) == (2, "mine")
    assert "is not a completion script of novasim. Move it away." in done.stderr


@pytest.mark.parametrize("fails_for", [stat.S_ISREG, stat.S_ISDIR], ids=["file", "folder"])
def test_a_batch_of_the_server_is_answered_as_it_was_saved(folder, monkeypatch, fails_for, caplog):
    sync = os.fsync

    def fail(file: int) -> None:
        if fails_for(os.fstat(file).st_mode):
            raise OSError(errno.EIO, "Input/output error")
        sync(file)

    path = folder / "cloud.json"
    cloud, before = Cloud(open_store(path, resident=True)), path.read_bytes()
    request = Request(ADMIN, "POST", "/v2/images", body={"name": "one"}, service="image")
    monkeypatch.setattr(os, "fsync", fail)
    responses = handle_batch(cloud, [request, request], purge=AutomaticPurge())
    is_saved = fails_for is stat.S_ISDIR
    assert [response.code for response in responses] == [201, 201] if is_saved else [503, 503]
    assert (path.read_bytes() != before) == is_saved
    assert bool(caplog.messages) == is_saved
    with open_store(path).read() as tx, cloud.store.read() as own:
        assert tx.count(Image, {"name": "one"}) == own.count(Image, {"name": "one"}) == 2 * is_saved
    monkeypatch.undo()
    assert [response.code for response in handle_batch(cloud, [request], purge=AutomaticPurge())] == [201]
