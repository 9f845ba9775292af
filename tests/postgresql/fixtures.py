"""Fixtures: one PostgreSQL cluster for all workers of a test session, one database for each worker."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgresql.cluster import Cluster, find_obstacle

ROOT = Path(__file__).parent.parent.parent

_names = itertools.count()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The cluster that all workers share. Tests that stop or kill a server create their own."""
    if obstacle := find_obstacle():
        pytest.skip(obstacle)
    import fcntl

    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    path = folder / "postgresql"
    with open(folder / "postgresql.lock", "wb") as starting, open(path, "ab+") as using:
        fcntl.flock(starting, fcntl.LOCK_EX)
        fcntl.flock(using, fcntl.LOCK_SH)  # waits for a keeper that is about to write ""
        found = path.read_text() or _start_keeper(path)
        path.write_text(found)
        fcntl.flock(starting, fcntl.LOCK_UN)
        yield Cluster(Path(found))


def _start_keeper(path: Path) -> str:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.postgresql.keeper", str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    lines = process.stdout.readline()
    if not lines.startswith("/"):
        raise AssertionError(f"PostgreSQL does not start: {lines}{process.stdout.read()}")
    process.stdout.close()
    process.returncode = 0  # it outlives this process
    return lines.strip()


@pytest.fixture(scope="session")
def postgresql_database(postgresql: Cluster) -> str:
    """The name of this worker's database."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    postgresql.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    postgresql.execute(f"CREATE DATABASE {name}")
    return name


@pytest.fixture
def postgresql_url(postgresql: Cluster, postgresql_database: str) -> str:
    """The address of a cloud that no other test uses, and that does not exist yet."""
    return postgresql.url(postgresql_database, cloud=f"test-{next(_names)}")
