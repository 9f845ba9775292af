"""Several processes on one file, some of them killed: nothing acknowledged is lost, nothing half done is seen."""

from __future__ import annotations

import math
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from novasim.control.file_check import check
from novasim.errors import CloudFileError
from novasim.filelock import LockTimeout, lock_file
from novasim.records import Image, Project, Settings
from novasim.store import open_store
from tests.processes import forked_python
from tests.store.worlds import settings

ROOT = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills processes as POSIX does")

WRITER = """
import sys
from novasim.records import Image, Project, Settings
from novasim.store import open_store

path, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = open_store(path)
for number in range(count):
    with store.write() as tx:
        cloud = tx.get(Settings, "cloud")
        cloud.requests += 1
        tx.put(cloud)
        tx.put(Image(id=f"{name}-{number}", name="x" * 500, created_at="", updated_at=""))
        tx.put(Project(id=f"{name}-{number}", name="y"))
    print(number, flush=True)
"""

HOLDER = """
import os, sys, time
from novasim.records import Project
from novasim.store import open_store

with open_store(sys.argv[1]).write() as tx:
    tx.put(Project(id="held", name="held"))
    print("locked by", os.getpid(), flush=True)
    time.sleep(3600)
"""

DIES = """
import os, signal, sys
from novasim.records import Project
from novasim.store import open_store

left = int(sys.argv[2])

def deadly(call):
    def before(*args, **kwargs):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **kwargs)
    return before

for name in ("unlink", "link", "replace", "fsync", "close", "open", "ftruncate", "pwrite", "fstat"):
    setattr(os, name, deadly(getattr(os, name)))

with open_store(sys.argv[1]).write() as tx:
    tx.put(Project(id="new", name="new"))
print("saved", flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "cloud.json"
    with open_store(path).write() as tx:
        tx.put(settings())
    return path


@contextmanager
def running(code: str, *args: object) -> Iterator[subprocess.Popen[str]]:
    command = [*forked_python(), "-c", code, *map(str, args)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def wait_until_locked(holder: subprocess.Popen[str]) -> int:
    """Wait until HOLDER holds the lock; the id of the process in which it runs."""
    assert holder.stdout is not None
    words = holder.stdout.readline().rpartition(" ")
    assert words[0] == "locked by"
    return int(words[2])


@pytest.fixture(params=["cloud.json", "sqlite", "postgresql"])
def new_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a cloud that does not exist, in a file or in a database."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_url")
    return f"sqlite:{tmp_path}/new/cloud.db" if request.param == "sqlite" else f"{tmp_path}/new/cloud.json"


@pytest.fixture
def address(new_address: str) -> str:
    """The address of a cloud in a file, and of some in databases."""
    with open_store(new_address).write() as tx:
        tx.put(settings())
    return new_address


def counts(path: Path | str) -> tuple[int, int, int]:
    with open_store(path).read() as tx:
        cloud = tx.get(Settings, "cloud")
        assert cloud is not None
        return tx.count(Image), tx.count(Project), cloud.requests


def test_two_writers_lose_nothing_and_readers_see_whole_transactions(address):
    with running(WRITER, address, "one", 100) as one, running(WRITER, address, "two", 100) as two:
        seen = [counts(address)]
        while one.poll() is None or two.poll() is None:
            seen.append(counts(address))
            time.sleep(0.002)
        assert (one.returncode, two.returncode) == (0, 0)
    assert all(len(set(found)) == 1 for found in seen), "a reader saw a part of a transaction"
    assert seen == sorted(seen)
    assert counts(address) == (200, 200, 200)
    with open_store(address).read() as tx:
        assert {found.id for found in tx.query(Image)} == {f"{name}-{n}" for name in ("one", "two") for n in range(100)}
    assert check(str(address)) == []


def test_a_writer_killed_at_any_moment_loses_nothing_acknowledged(address):
    chance = random.Random(2)
    expected: set[str] = set()
    for turn in range(12):
        with running(WRITER, address, turn, 100000) as writer:
            assert writer.stdout is not None
            first = writer.stdout.readline()
            time.sleep(chance.uniform(0, 0.03))
            writer.send_signal(signal.SIGKILL)
            said = [first, *writer.stdout]
        acknowledged = {f"{turn}-{line.strip()}" for line in said if line.endswith("\n")}
        with open_store(address).read() as tx:
            found = {image.id for image in tx.query(Image)}
        missing = (expected | acknowledged) - found
        assert not missing
        assert len(found - expected - acknowledged) <= 1, "only the last one may be saved and not yet told"
        assert len(set(counts(address))) == 1
        assert check(str(address)) == []
        expected = found
    assert len(expected) >= 12


def test_killed_before_each_call_of_the_system(path):
    """From the first call to the last: the file is as before or as after, and the next writer goes on."""
    saved, tried = False, 0
    while not saved:
        before = counts(path)
        with running(DIES, path, tried) as process:
            assert process.stdout is not None
            saved = process.stdout.read() == "saved\n"
        assert process.returncode == (0 if saved else -signal.SIGKILL)
        with open_store(path).read() as tx:
            there = tx.get(Project, "new") is not None
        assert there or not saved
        assert check(str(path)) == []
        with open_store(path).write() as tx:
            tx.delete(Project(id="new", name="new"))
            cloud = tx.get(Settings, "cloud")
            cloud.requests += 1
            tx.put(cloud)
        assert counts(path) == (*before[:2], before[2] + 1)
        assert sorted(name.name for name in path.parent.iterdir()) == [
            "cloud.json",
            "cloud.json.bak.1",
            "cloud.json.lock",
        ]
        tried += 1
    assert tried > 10, "too few calls were counted for this to have tested anything"


def test_a_dead_writer_leaves_no_lock(address):
    with running(HOLDER, address) as holder:
        wait_until_locked(holder)
        holder.kill()
        holder.wait()
        with open_store(
            address,
        ).write() as tx:
            tx.put(Project(id="a", name="a"))
    assert counts(address) == (0, 1, 0)


def test_locked_too_long_is_said_and_readers_do_not_wait(path):
    from novasim.store.tiny import TinyStore

    with running(HOLDER, path) as holder:
        pid = wait_until_locked(holder)
        assert counts(path) == (0, 0, 0)
        with pytest.raises(CloudFileError) as caught, TinyStore(path, timeout=0.2).write():
            pass
        assert str(caught.value) == (
            f"Cloud file {path} is locked: process {pid} has been writing to it for more than 0.2 s. "
            "Try again when that process has finished, or name another file with --cloud."
        )
    assert counts(path) == (0, 0, 0)


def test_writer_that_has_waited_longer_tries_more_often(tmp_path):
    path, pauses = str(tmp_path / "lock"), []
    with lock_file(path, 1.0, pauses.append), pytest.raises(LockTimeout), lock_file(path, 1.0, pauses.append):
        pass
    assert pauses == sorted(pauses, reverse=True)
    assert pauses[0] > 2 * pauses[-1]
    assert 1.0 <= sum(pauses) < 1.1


def test_a_writer_waits_for_another(address):
    code = HOLDER.replace("3600", "0.3")
    with running(code, address) as holder:
        wait_until_locked(holder)
        with open_store(address).write() as tx:
            assert tx.get(Project, "held") is not None
        holder.wait()


def test_two_who_make_the_world_at_once_make_one(new_address):
    code = """
import sys
from novasim.records import Project, Settings
from novasim.records.cloud import FORMAT
from novasim.store import open_store
with open_store(sys.argv[1]).write() as tx:
    if tx.get(Settings, "cloud") is None:
        tx.put(Settings(id="cloud", format=FORMAT, seed=0))
        tx.put(Project(id=sys.argv[2], name="maker"))
"""
    with running(code, new_address, "one") as one, running(code, new_address, "two") as two:
        assert (one.wait(), two.wait()) == (0, 0)
    assert counts(new_address) == (0, 1, 0)


def test_a_lock_that_its_holder_removes_is_no_foreign_file(tmp_path):
    path = str(tmp_path / "lock")

    def hold_and_remove(_):
        with lock_file(path, math.inf, lambda seconds: None), suppress(FileNotFoundError):
            os.remove(path)

    with ThreadPoolExecutor(4) as threads:
        assert len(list(threads.map(hold_and_remove, range(2000)))) == 2000
