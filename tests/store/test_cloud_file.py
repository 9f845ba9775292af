"""The cloud file: when it is read and written, and who may."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from novasim.errors import CloudFileError
from novasim.records import Image, Port, Server
from novasim.store import open_store
from tests.store.files import fill
from tests.store.worlds import NOW, find_problems, id_number, port, server, settings, world_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cloud.json"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_file_is_for_its_owner_only(path):
    old = os.umask(0)
    try:
        fill(path, settings())
        fill(path, server(1))
    finally:
        os.umask(old)
    modes = {name.name: name.stat().st_mode & 0o777 for name in path.parent.iterdir()}
    assert modes == {"cloud.json": 0o600, "cloud.json.bak.1": 0o600, "cloud.json.lock": 0o600}


def test_folders_are_made_when_the_world_is(tmp_path):
    path = tmp_path / "a" / "b" / "cloud.json"
    store = open_store(path)
    with store.read() as tx:
        assert tx.query(Server) == []
    assert not (tmp_path / "a").exists()
    fill(path, settings())
    assert path.exists()
    assert path.parent.stat().st_mode & 0o777 == path.parent.parent.stat().st_mode & 0o777 == 0o700


def test_a_relative_path_stays_the_same_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = open_store("cloud.json")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with store.write() as tx:
        tx.put(settings())
    assert (tmp_path / "cloud.json").exists()


def test_symbolic_links_are_followed(tmp_path):
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "cloud.json", tmp_path / "link.json"
    link.symlink_to(real)
    fill(link, settings(), server(1))
    fill(real, server(2))
    fill(link, server(3))
    assert link.is_symlink()
    assert not real.is_symlink()
    assert sorted(name.name for name in tmp_path.iterdir()) == ["link.json", "real"]
    with open_store(link).read() as tx:
        assert tx.count(Server) == 3


def written(path: Path) -> tuple[int, int, int]:
    """What only a write changes; the time of the last look is left out."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def test_nothing_put_is_nothing_written(path):
    fill(path, settings(), server(1))
    before = written(path)
    with open_store(path).write() as tx:
        tx.get(Server, id_number(1)).name = "not put"
        tx.delete(server(2))
    with open_store(path).write() as tx:
        tx.put(server(1))  # as it is already
    assert written(path) == before


def test_a_reader_writes_nothing_at_all(path):
    fill(path, settings(), server(1))
    before = {name.name: name.stat().st_mtime_ns for name in path.parent.iterdir()}
    with open_store(path).read() as tx:
        tx.put(server(2))
    assert {name.name: name.stat().st_mtime_ns for name in path.parent.iterdir()} == before


def test_a_kept_store_sees_what_others_saved(path):
    store = open_store(path)
    with store.read() as tx:
        assert tx.count(Server) == 0
    for number in range(5):
        fill(path, server(number))
        with store.read() as tx:
            assert tx.count(Server) == number + 1
        with store.write() as tx:
            tx.put(server(number, name="seen"))
        with open_store(path).read() as tx:
            assert len(tx.query(Server, {"name": "seen"})) == number + 1


def test_a_kept_store_sees_that_the_file_is_gone(path):
    store = open_store(path)
    with store.write() as tx:
        tx.put(server(1))
    path.unlink()
    assert not store.exists()
    with store.read() as tx:
        assert tx.count(Server) == 0


def test_a_save_is_newer_than_the_file_that_it_replaces(path):
    """Even if a clock was set back: otherwise a kept store could take it for the file that it knows."""
    fill(path, settings())
    later = path.stat().st_mtime_ns + 10**12
    os.utime(path, ns=(later, later))
    fill(path, server(1))
    assert path.stat().st_mtime_ns > later


def test_content_and_name_are_on_the_disk_before_a_save_ends(path, monkeypatch):
    fill(path, settings())
    calls = []
    sync, replace = os.fsync, os.replace

    def note_sync(file):
        calls.append("folder" if stat.S_ISDIR(os.fstat(file).st_mode) else "file")
        sync(file)

    def note_replace(old, new):
        calls.append("replace" if new == str(path) else "backup")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(os, "replace", note_replace)
    fill(path, server(1))
    assert [call for call in calls if call != "backup"] == ["file", "replace", "folder"]
    assert calls.index("file") < calls.index("backup") < calls.index("replace")


def test_a_second_read_does_not_open_the_file(path):
    """Proven by a file whose content is gone while its inode, size and time are the same."""
    fill(path, settings(), server(1))
    store = open_store(path)
    with store.read() as tx:
        assert tx.count(Server) == 1
    found = path.stat()
    with path.open("r+b") as file:
        file.write(b"\0" * found.st_size)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    with store.read() as tx:
        assert tx.get(Server, id_number(1)) == server(1)
    with pytest.raises(CloudFileError), open_store(path).read():
        pass


def test_a_kept_store_stays_right_through_many_saves(path):
    """Long enough for indexes to become stale and to be built again."""
    fill(path, *world_of(50))
    store = open_store(path)
    for number in range(1300):
        with store.write() as tx:
            found = tx.query(Port, {"device_id": id_number(number)})[0]
            found.device_id = id_number(number + 50)
            tx.put(found)
        with store.read() as tx:
            assert tx.query(Port, {"device_id": id_number(number)}) == []
            assert [kept.id for kept in tx.query(Port, {"device_id": id_number(number + 50)})] == [found.id]
    assert len(store.revision().indexes["ports"]["device_id"]) <= 1101, "values of the past are never forgotten"
    assert store.dump() == path.read_bytes() == open_store(path).dump()
    assert find_problems(path) == []


def test_a_snapshot_taken_before_an_index_was_made_stays_right(path):
    fill(path, *(port(number, status="DOWN") for number in range(20)))
    store = open_store(path)
    with store.read() as tx:
        for number in range(20):
            assert tx.query(Port, {"device_id": id_number(number)})
    with store.read() as old:
        with store.write() as tx:
            tx.put(port(3, device_id="moved"))
        with store.read() as new:
            assert [found.id for found in new.query(Port, {"status": "DOWN", "device_id": "moved"})] == [port(3).id]
            assert new.query(Port, {"device_id": id_number(3)}) == []
        assert [found.id for found in old.query(Port, {"device_id": id_number(3)})] == [port(3).id]
        assert old.query(Port, {"device_id": "moved"}) == []


def test_reading_a_small_file_imports_nothing_heavy(path):
    fill(path, *world_of(3))
    code = f"""
import sys
from novasim.store import open_store
from novasim.records import Server
store = open_store({str(path)!r})
with store.write() as tx:
    tx.put(tx.query(Server)[0])
print(*sorted({{"orjson", "dataclasses", "asyncio", "pathlib", "shutil", "tempfile"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_images_of_one_owner(path):
    """A field that not every record holds, in a file."""
    fill(
        path,
        settings(),
        *(Image(id=str(n), name="i", owner="x" * (n % 2), created_at=NOW, updated_at=NOW) for n in range(9)),
    )
    with open_store(path).read() as tx:
        assert [found.id for found in tx.query(Image, {"owner": "x"})] == ["1", "3", "5", "7"]
