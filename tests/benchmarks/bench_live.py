"""
The live page with 40 watchers and 300 servers: its load, its delay, and the end of the server.

Run with `make bench`. The limits are those that the page promises.
"""

from __future__ import annotations

import os
import signal
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from tests.benchmarks.clouds import create_cloud
from tests.serve.live.streams import Stream, novasim
from tests.serve.server_process import ServerProcess

WATCHERS, SERVERS = 40, 300
IDLE, MAX_IDLE = 10, 0.01  # seconds, and the share of a core
CHANGES, MAX_DELAY = 10, 0.25  # seconds, of 95 of 100 messages
STOPS, MAX_RATIO, ALWAYS_ENOUGH = 5, 1.5, 0.5  # seconds
TICK = os.sysconf("SC_CLK_TCK")


@pytest.fixture(params=["instant", "stepping", "real"])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServerProcess]:
    """A server of a cloud with many servers."""
    create_cloud(tmp_path / "cloud.json", SERVERS)
    process = ServerProcess(tmp_path / "cloud.json", "--live", "open", NOVASIM_CLOCK=request.param)
    yield process
    process.stop()


def open_streams(served: ServerProcess, number: int) -> list[Stream]:
    """Streams that have received the full state."""
    streams = [Stream(served) for _ in range(number)]
    for stream in streams:
        assert stream.read() is not None
    time.sleep(1)  # the record begins
    return streams


def processor_time(process: int) -> float:
    """The processor time of a process in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def bench_idle_and_delay(served: ServerProcess) -> None:
    streams = open_streams(served, WATCHERS)
    before = processor_time(served.process.pid)
    time.sleep(IDLE)
    idle = (processor_time(served.process.pid) - before) / IDLE
    told: list[float] = []

    def watch(stream: Stream) -> None:
        while message := stream.read():
            if message.data.get("servers"):
                told.append(time.time() - served.path.stat().st_mtime)

    for stream in streams:
        Thread(target=watch, args=[stream], daemon=True).start()
    server = novasim(served, "list", "-q").split()[0]
    for _ in range(CHANGES):
        novasim(served, "set", server, "--name", f"web{len(told)}")
        time.sleep(0.6)
    delay = statistics.quantiles(told, n=100)[94]
    print(
        f"\n{WATCHERS} watchers, {SERVERS} servers: idle {idle:.1%} of a core; {len(told)} messages, p95 {delay:.3f} s"
    )
    assert len(told) == CHANGES * WATCHERS
    assert delay <= MAX_DELAY
    assert idle <= MAX_IDLE


def bench_end(tmp_path: Path) -> None:
    create_cloud(tmp_path / "cloud.json", SERVERS)

    def time_stop(number: int) -> float:
        served = ServerProcess(tmp_path / "cloud.json", "--live", "open")
        streams = open_streams(served, number)
        begun = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        served.process.wait()
        seconds = time.monotonic() - begun
        for stream in streams:
            stream.close()
        served.stop()
        return seconds

    alone, watched = (statistics.median(time_stop(number) for _ in range(STOPS)) for number in (0, WATCHERS))
    print(f"\nSIGTERM: {alone:.3f} s, with {WATCHERS} streams {watched:.3f} s ({watched / alone:.2f} times)")
    assert watched <= max(MAX_RATIO * alone, ALWAYS_ENOUGH)
