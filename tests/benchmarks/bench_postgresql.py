"""
`serve` over PostgreSQL: four workers beside one, on four clouds and on one, and how soon a live page shows a change.

Run with `make bench`. Ratios depend on the number of cores, which the clients and PostgreSQL use, too.
"""

from __future__ import annotations

import itertools
import os
import statistics
import time
from collections.abc import Iterator

import pytest

from tests.benchmarks.load import ClientPool, encode_request
from tests.postgresql.cluster import Cluster, find_obstacle
from tests.serve.live.streams import Stream
from tests.serve.server_process import ServerProcess, server_body

pytestmark = pytest.mark.skipif(bool(find_obstacle()), reason=find_obstacle())

CLOUDS = ("ann", "bob", "cay", "dan")
CLIENTS = 32
WRITES, READS = 800, 4000
CHANGES, MAX_DELAY, MAX_DELAY_WHEN_CUT = 20, 0.25, 2.0  # seconds
IMAGES = "/image/v2/images"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster.create(is_durable=True)
    yield cluster
    cluster.remove()


def find_headers(server: ServerProcess, cloud: str) -> dict[str, str]:
    """Headers with a token for a cloud."""
    user = {"name": "demo", "password": "secret", "domain": {"id": "default"}}
    auth = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}
    response = server.request("POST", f"/{cloud}/identity/v3/auth/tokens", auth, who=None)
    return {"X-Auth-Token": response.headers["X-Subject-Token"]}


_names = (f"image{number}" for number in itertools.count())


def measure(servers: list[ServerProcess], clouds: tuple[str, ...]) -> tuple[float, float]:
    """Writes and reads per second: each connection stays with a cloud, and each cloud with one of the servers."""
    headers = {cloud: find_headers(servers[0], cloud) for cloud in clouds}
    clients = ClientPool.join([ClientPool((each.host, each.port), CLIENTS // len(servers)) for each in servers])
    places = list(itertools.islice(itertools.cycle(clouds), max(len(clouds), len(servers))))
    writes = [
        encode_request("POST", f"/{cloud}{IMAGES}", headers[cloud], {"name": next(_names)})
        for _, cloud in zip(range(WRITES), itertools.cycle(places), strict=False)
    ]
    reads = [
        encode_request("GET", f"/{cloud}{IMAGES}?limit={1 + number % 20}", headers[cloud])
        for number, cloud in zip(range(READS), itertools.cycle(places), strict=False)
    ]
    clients.rate(writes[:100])
    rates = clients.rate(writes), clients.rate(reads)
    clients.close()
    return rates


@pytest.mark.parametrize("clouds", [CLOUDS, CLOUDS[:1]])
def bench_workers(cluster: Cluster, clouds: tuple[str, ...]) -> None:
    database = f"bench{len(clouds)}"
    cluster.execute(f"CREATE DATABASE {database}")
    options = ("--clouds", cluster.url(database), "--create", ",".join(clouds))

    def start(*more: str) -> ServerProcess:
        return ServerProcess(cluster.folder / "none", *options, *more)  # type: ignore[arg-type]

    one = start()
    base = measure([one], clouds)
    one.stop()
    workers = start("--workers", "4")
    spread = measure([workers], clouds)
    workers.stop()
    several = [start() for _ in range(4)]
    sticky = measure(several, clouds)
    for server in several:
        server.stop()
    print(f"\n{len(clouds)} cloud(s), {os.cpu_count()} cores")
    for name, rates in (("1 worker", base), ("4 workers", spread), ("4, sticky", sticky)):
        ratios = ", ".join(f"{rate:,.0f}/s = {rate / at:.2f} x" for rate, at in zip(rates, base, strict=True))
        print(f"        {name:<10} writes, reads: {ratios}")


def bench_delay_of_live_pages(cluster: Cluster) -> None:
    url = cluster.url(cloud="watched")
    writer, watched = (ServerProcess(url, "--live", "open") for _ in range(2))  # type: ignore[arg-type]
    stream = Stream(watched)
    assert stream.read() is not None
    time.sleep(1)
    for is_cut in (False, True):
        delays = [measure_delay(writer, stream, cluster if is_cut else None) for _ in range(CHANGES)]
        median, longest = statistics.median(delays), max(delays)
        print(f"\nlive page of another server{', NOTIFY cut' * is_cut}: {median:.3f} s median, {longest:.3f} s at most")
        assert longest < (MAX_DELAY_WHEN_CUT if is_cut else MAX_DELAY)
    stream.close()
    watched.stop()
    writer.stop()


def measure_delay(writer: ServerProcess, stream: Stream, cut: Cluster | None) -> float:
    """Seconds from the answer to a request until the page of another server has the change."""
    body = server_body(writer)
    if cut:
        cut.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN novasim'")
    response = writer.request("POST", "/compute/v2.1/servers", body, {"OpenStack-API-Version": "compute 2.96"})
    start, id = time.monotonic(), response.body["server"]["id"]
    while id not in str(stream.read()):
        pass
    delay = time.monotonic() - start
    writer.request("DELETE", f"/compute/v2.1/servers/{id}")
    time.sleep(0.3)
    return delay
