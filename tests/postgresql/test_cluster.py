"""The cluster of tests itself: it survives a kill, and ends with the processes that use it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgresql.cluster import Cluster, find_obstacle

ROOT = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.skipif(bool(find_obstacle()), reason=find_obstacle())


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    cluster = Cluster.create(is_durable=True)
    yield cluster
    cluster.remove()


def test_killed_server_starts_again_with_what_was_committed(cluster):
    cluster.execute("CREATE TABLE kept (number int)")
    cluster.execute("INSERT INTO kept VALUES (7)")
    cluster.kill()
    cluster.start()
    assert cluster.execute("SELECT number FROM kept") == [(7,)]
    assert cluster.execute("SHOW fsync") == [("on",)]


def test_cluster_ends_when_nothing_uses_it(tmp_path):
    import fcntl

    path = tmp_path / "users"
    with open(path, "ab+") as user:
        fcntl.flock(user, fcntl.LOCK_SH)
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.postgresql.keeper", str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        folder = Path(keeper.stdout.readline().strip())
        time.sleep(0.2)
        assert keeper.poll() is None
        assert Cluster(folder).execute("SELECT 1") == [(1,)]
    assert keeper.wait(timeout=30) == 0
    keeper.stdout.close()
    assert not folder.exists()
