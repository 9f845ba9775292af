"""Backups: which states are kept, and the way back to them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from novasim.control.backups import import_file, list_backups, read_state, restore
from novasim.errors import CloudFileError
from novasim.records import Server
from novasim.store import open_store
from novasim.store.tiny import CloudStorage
from tests.store.files import fill
from tests.store.worlds import id_number, server

MINUTE = 60.0


class Wall:
    """A wall clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall()


def save(path: Path, wall: Wall, number: int) -> bytes:
    """Save another server; the content that was replaced."""
    before = path.read_bytes()
    storage = CloudStorage(path, wall=wall)
    tables = storage.read()
    tables["servers"][str(number)] = vars(server(number))
    storage.write(tables)
    return before


def names(path: Path) -> list[str]:
    return sorted(name.name for name in path.parent.iterdir() if name.name.startswith(path.name + ".bak"))


def backup(path: Path, number: int) -> Path:
    return Path(f"{path}.bak.{number}")


def test_a_save_replaces_a_backup_at_most_once_a_minute(path, wall):
    first = save(path, wall, 10)
    assert names(path) == ["cloud.json.bak.1"]
    for _ in range(3):
        wall.now += 19
        save(path, wall, 11)
    assert names(path) == ["cloud.json.bak.1"]
    assert backup(path, 1).read_bytes() == first
    wall.now += 3.1
    second = save(path, wall, 12)
    assert names(path) == ["cloud.json.bak.1", "cloud.json.bak.2"]
    assert (backup(path, 1).read_bytes(), backup(path, 2).read_bytes()) == (second, first)


def test_five_backups_are_kept_the_newest_first(path, wall):
    replaced = []
    for number in range(10, 17):
        replaced.append(save(path, wall, number))
        wall.now += MINUTE
    assert names(path) == [f"cloud.json.bak.{number}" for number in range(1, 6)]
    assert [name.read_bytes() for name in list_backups(path)] == replaced[:1:-1]
    assert list_backups(path) == [backup(path, number) for number in range(1, 6)]


def test_a_clock_that_was_set_back_stops_no_backup(path, wall):
    save(path, wall, 10)
    wall.now -= 1000 * MINUTE
    save(path, wall, 11)
    assert names(path) == ["cloud.json.bak.1", "cloud.json.bak.2"]


def test_a_state_with_a_damaged_document_pushes_out_no_backup(path, wall):
    good = save(path, wall, 10)
    path.write_bytes(path.read_bytes().replace(b'"name":"web3"', b'"nome":"web3"'))
    wall.now += MINUTE
    save(path, wall, 11)
    assert names(path) == ["cloud.json.bak.1"]
    assert backup(path, 1).read_bytes() == good


def test_backups_are_for_their_owner_only(path, wall):
    save(path, wall, 10)
    assert backup(path, 1).stat().st_mode & 0o777 == 0o600


def test_restore_brings_back_the_state_before(path):
    before = path.read_bytes()
    fill(path, server(6))
    path.write_bytes(b"ruined")
    restored = restore(path)
    assert (restored.backup, restored.kept) == (backup(path, 1), backup(path, 1))
    assert path.read_bytes() == before == backup(path, 2).read_bytes()
    assert backup(path, 1).read_bytes() == b"ruined"
    assert path.stat().st_mode & 0o777 == 0o600
    fill(path, server(7))
    with open_store(path).read() as tx:
        assert tx.count(Server) == 6


def test_restore_twice_goes_back_again(path):
    fill(path, server(6))
    latest = path.read_bytes()
    restore(path)
    restore(path)
    assert path.read_bytes() == latest


def test_restore_takes_the_newest_good_one_of_all_names(path):
    good = path.read_bytes()
    old_name = Path(f"{path}.bak")
    for name, content, time in (
        (backup(path, 1), b"ruined", 4000),
        (old_name, good.replace(b"web1", b"old1"), 3000),
        (backup(path, 2), good.replace(b"web1", b"new1"), 2000),
        (Path(f"{path}.bak-format0"), b"{}", 5000),
    ):
        name.write_bytes(content)
        os.utime(name, (time, time))
    assert [name.name for name in list_backups(path)][1:] == ["cloud.json.bak.1", "cloud.json.bak", "cloud.json.bak.2"]
    path.unlink()
    assert restore(path) == (old_name, 3000, None)
    with open_store(path).read() as tx:
        assert tx.get(Server, id_number(1)).name == "old1"


def test_a_state_that_lacks_a_field_is_not_restored(path):
    backup(path, 1).write_bytes(path.read_bytes().replace(b'"name":"web3"', b'"nome":"web3"'))
    with pytest.raises(CloudFileError, match="has no backup that can be used"):
        restore(path)


def test_restore_without_a_backup_says_so(tmp_path):
    path = tmp_path / "cloud.json"
    path.write_bytes(b"ruined")
    with pytest.raises(CloudFileError, match=r"has no backup that can be used\. Move it away and create a new cloud"):
        restore(path)
    assert path.read_bytes() == b"ruined"


def test_copies_go_out_and_come_in(path, tmp_path):
    copy, before = tmp_path / "copy.json", path.read_bytes()
    copy.write_bytes(read_state(path))
    assert copy.read_bytes() == before
    fill(path, server(6))
    replaced = path.read_bytes()
    assert import_file(copy, path) == backup(path, 1)
    assert (path.read_bytes(), backup(path, 1).read_bytes()) == (before, replaced)
    path.unlink()
    assert import_file(copy, path) is None
    assert path.read_bytes() == before


def test_a_damaged_file_is_not_copied(path, tmp_path):
    before = path.read_bytes()
    ruined = tmp_path / "ruined.json"
    ruined.write_bytes(b"ruined")
    with pytest.raises(CloudFileError, match="is damaged"):
        import_file(ruined, path)
    assert path.read_bytes() == before
    with pytest.raises(CloudFileError, match="is damaged"):
        read_state(ruined)
    with pytest.raises(CloudFileError, match="it does not exist"):
        read_state(tmp_path / "nothing.json")
    assert path.read_bytes() == before
    assert names(path) == []


def test_a_backup_is_apart_from_the_file(path):
    fill(path, server(6))
    before = backup(path, 1).read_bytes()
    with path.open("r+b") as file:
        file.write(b"x")
    assert backup(path, 1).read_bytes() == before


def test_the_old_content_is_kept_where_there_are_no_links(path, monkeypatch):
    def no_links(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    before = path.read_bytes()
    fill(path, server(6))
    assert backup(path, 1).read_bytes() == before
    assert backup(path, 1).stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"ruined")
    restore(path)
    assert path.read_bytes() == before
