"""`serve --workers`: several processes at one address, which end together and replace those that die."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from novasim.control.worlds import open_cloud
from novasim.errors import UsageError
from novasim.serve.processes.workers import check_workers
from tests.processes import forked_python
from tests.serve.clouds.client import Client
from tests.serve.server_process import TIMEOUT, ServerProcess, becomes_true

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")

from novasim.serve.app import App

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")

IMAGES = "/image/v2/images"


@pytest.fixture
def server(tmp_path):
    ready = tmp_path / "ready"
    server = ServerProcess(tmp_path / "cloud.json", "--workers", "2", "--ready-file", str(ready))
    try:
        assert becomes_true(ready.exists)
        assert ready.read_text() == server.url + "\n"
        workers = find_workers(server)
        yield server
    finally:
        server.stop(signal.SIGKILL)
    assert becomes_true(lambda: not any(map(is_running, workers)))


def find_workers(server):
    """The IDs of processes that answer requests to a server."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    return {int(pid) for pid in children if read_process(pid, "comm") not in ("", "sh\n")}  # sh waits for the end


def read_process(pid, name):
    """A file about a process; "" if the process has ended, possibly while the file was read."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_running(pid):
    return read_process(pid, "stat").rpartition(")")[2].split()[:1] not in ([], ["Z"])


def names_of_images(server):
    return {image["name"] for image in server.request("GET", f"{IMAGES}?limit=1000").body["images"]}


def test_workers_answer_alike_are_replaced_and_end_together(server, tmp_path):
    for number in range(10):
        assert server.request("POST", IMAGES, {"name": f"image{number}"}).code == 201
        assert f"image{number}" in names_of_images(server)
    ids = [server.request("GET", IMAGES).headers["X-OpenStack-Request-ID"] for _ in range(20)]
    assert len(set(ids)) == 20
    first = find_workers(server)
    assert len(first) == 2
    victim = min(first)
    os.kill(victim, signal.SIGKILL)
    assert becomes_true(lambda: len(find_workers(server) - first) == 1)
    assert names_of_images(server)
    code, errors = server.stop()
    assert code == 0
    said = rf"novasim: worker [12] \(process {victim}\) was ended by SIGKILL; starting another one\.\n"
    assert re.fullmatch(said, errors), errors
    assert not any(map(is_running, first))
    assert not (tmp_path / "ready").exists()


def test_workers_end_with_the_process_that_started_them(server):
    workers = find_workers(server)
    os.kill(server.process.pid, signal.SIGKILL)
    assert becomes_true(lambda: not any(map(is_running, workers)))


FAILING = """
import sys
from novasim.errors import UsageError
from novasim.serve.processes.workers import Workers

def serve(number, report_ready):
    if number == 2:
        raise UsageError("No such address.")
    report_ready()
    import signal
    signal.pause()

print(Workers(3, serve).run(lambda: print("ready")))
"""


def test_worker_that_cannot_start_ends_the_others():
    done = subprocess.run(
        [*forked_python(), "-c", FAILING], capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    assert (done.stdout, done.stderr.splitlines()[-1]) == ("1\n", "novasim: No such address.")


def test_no_worker_lets_the_clock_step(tmp_path, monkeypatch):
    monkeypatch.delenv("NOVASIM_CLOCK", raising=False)
    cloud = open_cloud(tmp_path / "cloud.json")

    async def play() -> None:
        for worker, code in ((1, 400), (2, 400), (0, 200)):
            app = App(cloud, has_open_control=True, worker=worker)
            answer = await Client(app).request("POST", "/novasim/clock", {"mode": "stepping"})
            assert answer.code == code, answer
            assert code == 200 or "needs one worker" in str(answer.body)
            assert (await Client(app).request("GET", "/novasim/clock")).body["mode"] == (
                "stepping" if code == 200 else "real"
            )
            await app.close()

    asyncio.run(play())


def test_the_stepping_clock_needs_one_worker(monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "stepping")
    check_workers(1)
    with pytest.raises(UsageError, match="NOVASIM_CLOCK=stepping needs one worker"):
        check_workers(2)
