"""Files of SQLite: logs of deleted files, locks, and files that cannot be read or written."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Barrier

import pytest

from novasim.errors import CloudFileError
from novasim.records import Settings
from novasim.store.addresses import parse_address
from novasim.store.base import Store
from novasim.store.sql.opening import open_database
from tests.store.base import BoomError, image
from tests.store.test_access import open_folder, unprivileged
from tests.store.worlds import settings

__all__ = ["open_folder"]


def open_at(path: Path, cloud: str = "default") -> Store:
    """A store that waits for another writer for 0.1 s."""
    address = parse_address(f"sqlite:{path}?cloud={cloud}")
    assert address
    return open_database(address, timeout=0.1)


def fill(store: Store, seed: int = 0) -> None:
    with store.write() as tx:
        tx.put(settings(seed=seed))


@contextmanager
def refused(path: Path, problem: str) -> Iterator[None]:
    """Expect a refusal in one line with exit code 9."""
    with pytest.raises(CloudFileError) as caught:
        yield
    assert str(caught.value).startswith(f"Cloud sqlite:{path} {problem}"), caught.value
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 9


def test_a_new_file_does_not_take_over_the_log_of_a_deleted_one(tmp_path):
    path = tmp_path / "lab.db"
    old = open_at(path)
    fill(old)
    assert (tmp_path / "lab.db-wal").stat().st_size > 0
    path.unlink()
    fill(open_at(path, "ann"))
    assert not open_at(path).exists()
    assert open_at(path, "ann").exists()
    assert not old.exists()
    assert not (tmp_path / "lab.db.lock").exists()


def test_a_file_that_takes_the_place_of_another_at_the_moment_of_opening(tmp_path, monkeypatch):
    path, connect = tmp_path / "lab.db", sqlite3.connect
    fill(open_at(path))
    fill(open_at(tmp_path / "new.db", "ann"))

    def connect_and_replace(*arguments, **options):
        connection = connect(*arguments, **options)
        if (tmp_path / "new.db").exists():
            path.unlink()
            os.rename(tmp_path / "new.db", path)
        return connection

    monkeypatch.setattr(sqlite3, "connect", connect_and_replace)
    store = open_at(path, "ann")
    assert store.exists()
    fill(store)
    assert open_at(path, "ann").tables().keys() == store.tables().keys()


def test_a_file_that_is_removed_before_it_is_opened(tmp_path, monkeypatch):
    path, connect = tmp_path / "lab.db", sqlite3.connect
    fill(open_at(path))

    def remove_and_connect(*arguments, **options):
        path.unlink(missing_ok=True)
        return connect(*arguments, **options)

    monkeypatch.setattr(sqlite3, "connect", remove_and_connect)
    with pytest.raises(CloudFileError, match=r"does not exist\. Create it with"):
        open_at(path).exists()


def test_writers_that_create_a_file_at_once_lose_nothing(tmp_path):
    def create(number: int) -> None:
        store = open_database(parse_address(f"sqlite:{tmp_path / 'lab.db'}"))  # type: ignore[arg-type]
        barrier.wait()
        with store.write() as tx:
            tx.put(settings(id=str(number)))

    barrier = Barrier(8)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(create, range(8)))
    with open_at(tmp_path / "lab.db").read() as tx:
        assert sorted(each.id for each in tx.query(Settings)) == list("01234567")


def test_a_database_that_is_locked_for_too_long_is_refused(tmp_path):
    path = tmp_path / "lab.db"
    store = open_at(path)
    fill(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        with refused(path, "is locked: another novasim has been writing to it for more than 0.1 s."), store.write():
            pass
        with store.read() as tx:
            assert tx.count(Settings) == 1
        raw.execute("ROLLBACK")
    fill(store)


def test_files_without_permission_are_refused(open_folder):
    path = open_folder / "lab.db"
    with unprivileged():
        fill(first := open_at(path))
        first.close()
        os.chmod(path, 0o000)
        with refused(path, "cannot be read: Permission denied."), open_at(path).read():
            pass
        with refused(path, "cannot be read: Permission denied."):
            fill(open_at(path))
        os.chmod(path, 0o400)
        with refused(path, "cannot be saved: Permission denied. It is unchanged."):
            fill(open_at(path), seed=1)
        os.chmod(path, 0o600)
        os.chmod(open_folder, 0o500)
        with refused(open_folder / "new.db", "cannot be saved: Permission denied. It is unchanged."):
            fill(open_at(open_folder / "new.db"))
        os.chmod(open_folder, 0o700)
        assert open_at(path).exists()


def test_a_batch_fails_if_any_of_it_cannot_be_stored(tmp_path):
    """Requests before a refused one have been answered in memory only."""
    path = tmp_path / "lab.db"
    store = open_at(path)
    fill(store)
    with closing(sqlite3.connect(path)) as raw:
        event = "BEFORE INSERT ON documents WHEN NEW.id = 'b'"
        raw.execute(f"CREATE TRIGGER t {event} BEGIN SELECT RAISE(ABORT, 'no'); END")
    before = store.revision()
    with refused(path, "cannot be read: SQLite says: no"), store.batch() as batch:
        for id in ("a", "b"):
            with batch.write() as tx:
                tx.put(image(id))
        with pytest.raises(CloudFileError), batch.write():
            raise BoomError
        with pytest.raises(CloudFileError):
            batch.revision()
    assert store.revision() is before and open_at(path).tables() == store.tables()


def test_a_batch_is_not_read_during_a_write(tmp_path):
    store = open_at(tmp_path / "lab.db")
    fill(store)
    with store.batch() as batch, batch.write() as tx:
        tx.put(image("a"))
        with pytest.raises(RuntimeError, match="read during a write"), batch.read():
            pass
    assert store.tables()["images"]["1"]["id"] == "a"
