"""
Workers and PostgreSQL are killed under load: nothing acknowledged is lost, and nothing is saved twice.

In full, 200 workers and 20 times the server.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from novasim.records import Image
from novasim.store import open_store
from tests.attack import extent
from tests.postgresql.cluster import Cluster, find_obstacle
from tests.serve.server_process import ServerProcess, becomes_true

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
pytestmark = [
    pytest.mark.skipif(bool(find_obstacle()), reason=find_obstacle()),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds workers in /proc"),
]

WORKERS = 3
CLIENTS = 4
IMAGES = "/image/v2/images"


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    cluster = Cluster.create(is_durable=True)
    yield cluster
    cluster.remove()


class Load:
    """Clients that create images, each under a name of its own, and never try a name again."""

    def __init__(self, server: ServerProcess) -> None:
        self.server, self.acknowledged, self.problems = server, set[str](), list[object]()
        self.cut = self.refused = 0
        self._headers = {"X-Auth-Token": server.token("demo")}
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(number,)) for number in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, count: int) -> None:
        """Wait until that many further requests were acknowledged."""
        wanted = len(self.acknowledged) + count
        self.wait_until(lambda: len(self.acknowledged) >= wanted)

    def wait_until(self, is_reached: Callable[[], bool]) -> None:
        """Wait until something is reached, or there is a problem."""
        assert becomes_true(lambda: is_reached() or bool(self.problems)), (
            len(self.acknowledged),
            self.cut,
            self.refused,
        )

    def stop(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _send(self, client: int) -> None:
        for number in itertools.count():
            if self._is_over.is_set():
                return
            name = f"client{client}-{number}"
            try:
                response = self.server.request("POST", IMAGES, {"name": name}, self._headers, who=None)
            except (OSError, HTTPException):
                self.cut += 1
                continue
            if response.code == 201:
                self.acknowledged.add(name)
            elif response.code == 503:
                self.refused += 1
                time.sleep(0.05)
            else:
                self.problems.append(response)


def find_workers(server: ServerProcess) -> list[int]:
    path = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return list(map(int, path.read_text().split()))


def check_after(url: str, load: Load) -> None:
    acknowledged = set(load.acknowledged)  # clients go on meanwhile
    with open_store(url).read() as tx:
        names = Counter(image.name for image in tx.query(Image))
    assert load.problems == []
    assert acknowledged - names.keys() == set()
    assert [name for name, count in names.items() if count > 1] == []


def test_workers_and_postgresql_are_killed_under_load(cluster):
    chance, url, log = random.Random(5), cluster.url(cloud="lab"), cluster.folder / "requests"
    server = ServerProcess(url, "--workers", str(WORKERS), "--log", str(log))
    load = Load(server)
    try:
        kills = extent(6, 220)
        for turn in range(kills):
            load.wait_for(chance.randrange(1, 40))
            if turn % (kills // extent(1, 20)) == 2:
                refused = load.refused
                cluster.kill()
                load.wait_until(lambda: load.refused > refused)  # noqa: B023  it is called at once
                time.sleep(chance.uniform(0, 0.2))
                cluster.start()
            else:
                time.sleep(chance.uniform(0, 0.05))
                with suppress(ProcessLookupError):  # it has just ended
                    os.kill(chance.choice(find_workers(server)), signal.SIGKILL)
            if turn % 20 == 19:
                check_after(url, load)
        load.wait_for(20)
    finally:
        load.stop()
        print(server.stop()[1])
    check_after(url, load)
    assert load.refused > 0 and load.cut >= extent(0, 1)
    print(f"{kills} kills, {len(load.acknowledged)} acknowledged, {load.cut} cut, {load.refused} refused")
