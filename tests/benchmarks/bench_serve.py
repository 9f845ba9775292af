"""
What `novasim serve` does in a second, as ratios to other figures of the same run: one worker, loopback.

Run with `make bench`. Not a test of speed: it fails only if a request is refused.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from novasim.api.callers import find_caller
from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.records import Image
from novasim.simulation import default_world
from novasim.store import open_store
from tests.benchmarks.load import Links, request
from tests.serve.served import Served

CLIENTS = 32
LOOKS = 4_000
LONGEST = 8  # seconds in which every build is done
MANY = 256  # clients who all want something changed
WRITES = 512
SERVERS = "/compute/v2.1/servers"
HEADERS = {"OpenStack-API-Version": "compute 2.96"}


@pytest.fixture(params=[10, 1_000, 10_000])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Served, dict[str, str], int]]:
    """A server with so many servers, and what a further one is made of."""
    wanted = fill(tmp_path / "cloud.json", request.param)
    served = Served(tmp_path / "cloud.json")
    yield served, wanted, request.param
    assert served.stop() == (0, "")


def fill(path: Path, count: int) -> dict[str, str]:
    """Make a cloud with so many servers; what a further one is made of."""
    store = open_store(path)
    with store.write() as tx:
        default_world.build_default_world(tx, 0.0, seed=1, hosts=20 + count // 25, unlimited=True, clock="instant")
    with store.read() as tx:
        who, image = find_caller(tx, "demo"), tx.query(Image)[0].id
    wanted = {"name": "s", "flavorRef": "1", "imageRef": image, "networks": "auto"}
    many = {"server": {**wanted, "min_count": count, "max_count": count}}
    assert handle(Cloud(store), Request(who, "POST", "/servers", 96, (), many)).code == 202
    return wanted


def constant_rate(size: int) -> float:
    """How often the same stack answers a constant body of that size."""
    words = [sys.executable, "-m", "tests.benchmarks.constant", str(size)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = re.search(r"http://(\S+):(\d+) ", process.stdout.readline())
        assert address is not None
        links = Links((address[1], int(address[2])), CLIENTS)
        rate = max(links.rate([request("GET", "/", {})] * LOOKS) for _ in range(3))
        links.close()
        process.terminate()
    return rate


def resident(process: int) -> float:
    """The largest memory that a process had, in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1000  # type: ignore[index]


def bench_serving(filled: tuple[Served, dict[str, str], int]) -> None:
    served, wanted, count = filled
    HEADERS["X-Auth-Token"] = served.token("demo")
    links = Links((served.host, served.port), CLIENTS)
    page = next(links.answers([request("GET", f"{SERVERS}?limit=1000", HEADERS)]))
    looks = [request("GET", f"{SERVERS}/{each['id']}", HEADERS) for each in json.loads(page)["servers"]]
    one = next(links.answers(looks[:1]))
    constant, first = constant_rate(len(one)), links.rate(looks)
    again = max(links.rate((looks * LOOKS)[:LOOKS]) for _ in range(3))
    print(f"\n{count:>6} servers  constant body {constant:,.0f}/s")
    print(f"        GET of one     {again:>8,.0f}/s = {again / constant:.2f} x constant; the first time {first:,.0f}/s")
    listing(links)
    writing(links, CLIENTS, wanted, again, first)
    crowd = Links((served.host, served.port), MANY)
    writing(crowd, MANY, wanted, again, first)
    crowd.close()
    print(f"        memory         {resident(served.process.pid):>8,.0f} MB at most")
    links.close()


def listing(links: Links) -> None:
    """A list of a thousand, when nothing has changed."""
    asked = [request("GET", f"{SERVERS}/detail?limit=1000", HEADERS)]
    begun = time.perf_counter()
    body = json.loads(next(links.answers(asked)))
    first = time.perf_counter() - begun
    again = 1 / max(links.rate(asked) for _ in range(5))
    begun = time.perf_counter()
    json.dumps(body)
    dumping = time.perf_counter() - begun
    print(
        f"        list           {again * 1000:>8.1f} ms = {again / dumping:.2f} x json.dumps of it; the first time "
        f"{first * 1000:.1f} ms"
    )


def writing(links: Links, clients: int, wanted: dict[str, str], again: float, first: float) -> None:
    """Create, stop and delete: each is on the disk before it is answered, those that come together at once."""
    begun = time.perf_counter()
    made = links.answers([request("POST", SERVERS, HEADERS, {"server": wanted})] * WRITES)
    ids = [json.loads(answer)["server"]["id"] for answer in made]
    links.rate([request("POST", f"{SERVERS}/{id}/action", HEADERS, {"os-stop": None}) for id in ids])
    links.rate([request("DELETE", f"{SERVERS}/{id}", HEADERS) for id in ids])
    rate = 3 * WRITES / (time.perf_counter() - begun)
    ratios = f"{rate / again:.2f} x GET, {rate / first:.2f} x GET the first time"
    print(f"        writes         {rate:>8,.0f}/s = {ratios}, of {clients} clients")


@pytest.mark.parametrize("count", [10, 1_000, 10_000])
def bench_writing_in_real_time(tmp_path: Path, count: int) -> None:
    """The same with the clock that a cloud has if nobody chooses another: what is begun takes seconds."""
    wanted = fill(tmp_path / "cloud.json", count)
    served = Served(tmp_path / "cloud.json", NOVASIM_CLOCK="real")
    HEADERS["X-Auth-Token"] = served.token("demo")
    links = Links((served.host, served.port), CLIENTS)
    page = json.loads(next(links.answers([request("GET", f"{SERVERS}?limit=10", HEADERS)])))
    looks = [request("GET", f"{SERVERS}/{each['id']}", HEADERS) for each in page["servers"]]
    again = max(links.rate((looks * LOOKS)[:LOOKS]) for _ in range(3))
    begun = time.perf_counter()
    made = links.answers([request("POST", SERVERS, HEADERS, {"server": wanted})] * WRITES)
    spent = time.perf_counter() - begun
    ids = [json.loads(answer)["server"]["id"] for answer in made]
    stops = [request("POST", f"{SERVERS}/{id}/action", HEADERS, {"os-stop": None}) for id in ids]
    for requests in (stops, [request("DELETE", f"{SERVERS}/{id}", HEADERS) for id in ids]):
        time.sleep(LONGEST)
        links.rate(looks)  # what is due by now is done, and saved
        spent += WRITES / links.rate(requests)
    rate = 3 * WRITES / spent
    print(f"\n{count:>6} servers  writes in real time {rate:,.0f}/s = {rate / again:.2f} x GET ({again:,.0f}/s)")
    links.close()
    assert served.stop() == (0, "")
