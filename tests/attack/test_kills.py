"""Processes that are killed while they write: nothing acknowledged is lost, and the file is never damaged."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import threading
import time
from http.client import HTTPException
from pathlib import Path
from typing import Any, TextIO

import pytest

from novasim.control.file_check import check
from novasim.records import Image
from novasim.store import open_store
from tests.attack import extent
from tests.attack.sample import run
from tests.attack.writer import create_images, die_before_call
from tests.processes import forked_python
from tests.serve.server_process import ForkedServer

ROOT = Path(__file__).parent.parent.parent
NEIGHBOURS = ("cloud.json.tmp", "cloud.json.bak", "cloud.json~", "notes.txt", "cloud.lock")
OURS = {"cloud.json", "cloud.json.lock", *(f"cloud.json.bak.{number}" for number in range(1, 6))}
UNFINISHED = {"cloud.json.novasim-tmp", "cloud.json.novasim-tmp-link"}  # the next save removes them

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills processes as POSIX does")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "cloud.json"
    assert run(path, "cloud init").exit_code == 0
    for name in NEIGHBOURS:
        (tmp_path / name).write_text("mine")
    return path


def image_names(path: Path) -> set[str]:
    with open_store(path).read() as tx:
        return {image.name or "" for image in tx.query(Image)}


def check_after(path: Path, acknowledged: set[str]) -> None:
    """Everything acknowledged is there, the file is whole, and no other file was touched."""
    assert acknowledged <= image_names(path)
    assert check(str(path)) == []
    assert {entry.name for entry in path.parent.iterdir()} <= OURS | UNFINISHED | {*NEIGHBOURS}
    assert {(path.parent / name).read_text() for name in NEIGHBOURS} == {"mine"}


def fork_writer(path: Path, name: str, calls: int | None) -> tuple[int, TextIO]:
    """Fork a process that creates images until it is killed; its id, and the names of those that were acknowledged."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, os.fdopen(reader)
    try:
        if calls is not None:
            die_before_call(calls)
        create_images(path, name, sys.maxsize, lambda image: os.write(writer, f"{image}\n".encode()))
    finally:
        os._exit(0)


def test_killed_at_calls_that_reach_files_and_at_random_moments(path):
    """A random moment follows a random number of images, so that no machine is too fast or too slow to be killed."""
    chance, acknowledged, count = random.Random(3), set(), 0
    for turn in range(extent(16, 1000)):
        calls = chance.randrange(60) if turn % 2 else None
        pid, reader = fork_writer(path, f"turn{turn}", calls)
        with reader:
            if calls is None:
                acknowledged |= {reader.readline().strip() for _ in range(chance.randrange(3))}
                time.sleep(chance.uniform(0, 0.04))
                os.kill(pid, signal.SIGKILL)
            acknowledged |= {line.strip() for line in reader if line.endswith("\n")}
        assert os.waitpid(pid, 0)[1] == signal.SIGKILL
        check_after(path, acknowledged)
        if turn % 100 == 99:  # the file would grow and each save take longer
            assert run(path, "cloud reset --yes").exit_code == 0
            count, acknowledged = count + len(acknowledged), set()
    assert count + len(acknowledged) > extent(8, 500)
    assert run(path, "image create last").exit_code == 0
    assert not UNFINISHED & {entry.name for entry in path.parent.iterdir()}


def send_requests(server: ForkedServer, name: str, images: int, acknowledged: set[str], problems: list[object]) -> None:
    """Create images over HTTP, then list one image, until the server ends; *acknowledged* gets the images' names."""
    token = {"X-Auth-Token": server.token("demo")}
    try:
        for number in itertools.count():
            body, creates = {"name": f"{name}-{number}"}, number < images
            method, path = ("POST", "/image/v2/images") if creates else ("GET", "/image/v2/images?limit=1")
            response = server.request(method, path, body if creates else None, token, who=None)
            if response.code not in (200, 201):
                problems.append(response)
                return
            if creates:
                acknowledged.add(body["name"])
    except (OSError, HTTPException):  # the connection was cut
        pass


def start_clients(server: ForkedServer, name: str, count: int, images: int, *results: Any) -> list[threading.Thread]:
    """Start threads that send requests. *results* as for `send_requests`."""
    server.token("demo")
    words = [(server, f"{name}-{number}", images, *results) for number in range(count)]
    clients = [threading.Thread(target=send_requests, args=args) for args in words]
    for client in clients:
        client.start()
    return clients


def test_server_is_killed_under_load(path):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    chance, total, acknowledged, problems = random.Random(4), 0, set(), []
    for turn in range(extent(2, 250)):
        server = ForkedServer(path)
        clients = start_clients(server, f"turn{turn}", 4, 1000, acknowledged, problems)
        deadline = time.monotonic() + 30
        while turn == 0 and not acknowledged and time.monotonic() < deadline:  # later turns may kill earlier
            time.sleep(0.01)
        time.sleep(chance.uniform(0.05, 0.6))
        _, errors = server.stop(signal.SIGKILL)
        for client in clients:
            client.join()
        assert errors == ""
        assert problems == []
        check_after(path, acknowledged)
        total += len(acknowledged)
        if turn % 50 == 49:
            assert run(path, "cloud reset --yes").exit_code == 0
            acknowledged = set()
    assert total > 0


def test_many_processes_beside_a_server_with_many_clients(path):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    server = ForkedServer(path)
    acknowledged, problems = set(), []
    commands = [*forked_python(), "-m", "tests.attack.writer", str(path)]
    writers = [
        subprocess.Popen(
            [*commands, f"process{number}", str(extent(5, 60))],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(extent(3, 16))
    ]
    clients = start_clients(server, "client", extent(4, 32), extent(5, 30), acknowledged, problems)
    outputs = [writer.communicate(timeout=500) for writer in writers]
    code, errors = server.stop(signal.SIGTERM)
    for client in clients:
        client.join()
    assert {writer.returncode for writer in writers} == {0}, outputs
    assert (code, errors) == (0, "")
    assert problems == []
    created = {name for out, _ in outputs for name in out.split()}
    assert len(created) == extent(15, 960)
    check_after(path, acknowledged | created)
