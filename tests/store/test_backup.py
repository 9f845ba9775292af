"""Backups: which states are kept, and the way back to them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from novasim.control.backups import find_problem, import_file, list_states, read_state, restore
from novasim.errors import CloudFileError, UsageError
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


def list_backups(path: Path) -> list[Path]:
    return [state.path for state in list_states(path) if state.is_backup]


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
    assert (restored.backup.path, restored.kept) == (backup(path, 1), backup(path, 1))
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
    restored = restore(path)
    assert (restored.backup.path, restored.backup.time, restored.kept) == (old_name, 3000, None)
    assert list(restored.damaged) == ["cloud.json.bak-format0", "cloud.json.bak.1"]
    with open_store(path).read() as tx:
        assert tx.get(Server, id_number(1)).name == "old1"


def test_restore_takes_a_backup_by_number_or_name(path):
    for number in (1, 2, 3):
        backup(path, number).write_bytes(path.read_bytes().replace(b"web1", f"old{number}".encode()))
    backup(path, 3).write_bytes(b"ruined")
    assert restore(path, "2").backup.path == backup(path, 2)
    assert b"old2" in path.read_bytes()
    assert restore(path, "cloud.json.bak.2").backup.path == backup(path, 2)
    assert b"old1" in path.read_bytes(), "the backups moved on by one"
    with pytest.raises(CloudFileError, match=r"cloud\.json\.bak\.4 is damaged: it is not JSON"):
        restore(path, "4")
    with pytest.raises(UsageError, match="There is no backup '7'"):
        restore(path, "7")


def test_going_back_and_forth_pushes_out_no_backup(path):
    for number in range(1, 5):
        backup(path, number).write_bytes(path.read_bytes().replace(b"web1", f"old{number}".encode()))
    states = {name.read_bytes() for name in [path, *list_backups(path)]}
    for _ in range(6):
        restore(path)
    assert {name.read_bytes() for name in [path, *list_backups(path)]} == states


def test_states_are_listed_the_newest_first(path):
    for name, time in (("bak.1", 4000), ("bak.2", 2000), ("saved-one", 3000), ("bakery", 1), ("saved", 1)):
        file = Path(f"{path}.{name}")
        file.write_bytes(path.read_bytes() if name != "bak.2" else b"")
        os.utime(file, (time, time))
    Path(f"{path}.bak.3").symlink_to(path.parent / "missing")
    found = list_states(path)
    assert [(state.name, state.time, state.is_backup) for state in found] == [
        ("cloud.json.bak.1", 4000, True),
        ("one", 3000, False),
        ("cloud.json.bak.2", 2000, True),
    ]
    assert [find_problem(state) for state in found] == ["", "", f"Cloud file {path}.bak.2 is damaged: it is empty."]


def test_a_damaged_copy_is_blamed_itself(path, tmp_path):
    (tmp_path / "copy.json").write_text("")
    with pytest.raises(CloudFileError) as caught:
        import_file(tmp_path / "copy.json", path)
    assert str(caught.value) == f"Cloud file {tmp_path}/copy.json is damaged: it is empty. This cloud is unchanged."


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
    with pytest.raises(CloudFileError, match=r"nothing\.json does not exist\. Create it with"):
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
