"""
`serve` over PostgreSQL on four small machines beside one, on four clouds and on one.

Each server has 10 % of a processor, like a small machine. PostgreSQL and the clients have the rest of this computer, so
that four servers have four times the processor of one, whatever the number of processors here. Run with `make bench`.
It fails if four machines do not reach MIN_RATIO.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pytest

from tests.benchmarks import small_machines
from tests.benchmarks.load import Client, Requests, encode_request, run_clients
from tests.benchmarks.small_machines import SmallMachine, Usage
from tests.postgresql import cluster as postgresql
from tests.postgresql.cluster import Cluster
from tests.serve.server_process import ServerProcess

OBSTACLE = postgresql.find_obstacle() or small_machines.find_obstacle()
pytestmark = pytest.mark.skipif(bool(OBSTACLE), reason=OBSTACLE)

SHARE = 0.1  # of a processor, for each server
MACHINES = 4
CLOUDS = ("ann", "bob", "cay", "dan")
CLIENTS = 64
SECONDS = 15.0
MIN_RATIO = {4: 2.5, 1: 0.9}  # by the number of clouds
IMAGES, SERVERS = "image/v2/images", "compute/v2.1/servers"


class Tenant(NamedTuple):
    """A cloud as its clients use it: headers with a token of the administrator, and the body of a new server."""

    cloud: str
    headers: dict[str, str]
    body: dict[str, object]


class Rates(NamedTuple):
    writes: float
    reads: float


def prepare_cloud(server: ServerProcess, cloud: str) -> Tenant:
    """Log in to a cloud, and remove the quotas."""
    user = {"name": "admin", "password": "secret", "domain": {"id": "default"}}
    auth = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}
    response = server.request("POST", f"/{cloud}/identity/v3/auth/tokens", auth, who=None)
    headers = {"X-Auth-Token": response.headers["X-Subject-Token"], "OpenStack-API-Version": "compute 2.96"}
    quotas = {"quota_set": {"instances": -1, "cores": -1, "ram": -1}}
    path = f"/{cloud}/compute/v2.1/os-quota-sets/{response.body['token']['project']['id']}"
    assert server.request("PUT", path, quotas, headers, who=None).code == 200
    images = server.request("GET", f"/{cloud}/{IMAGES}?name=cirros", headers=headers, who=None).body["images"]
    body = {"name": "s", "flavorRef": "1", "imageRef": images[0]["id"], "networks": "none"}
    return Tenant(cloud, headers, {"server": body})


def write(tenant: Tenant) -> Requests:
    """Create and delete servers."""
    path = f"/{tenant.cloud}/{SERVERS}"
    while True:
        content = yield encode_request("POST", path, tenant.headers, tenant.body)
        yield encode_request("DELETE", f"{path}/{json.loads(content)['server']['id']}", tenant.headers)


def read(tenant: Tenant) -> Requests:
    """Ask for lists that have not changed."""
    for number in itertools.count():
        yield encode_request("GET", f"/{tenant.cloud}/{IMAGES}?limit={1 + number % 20}", tenant.headers)


def find_server(servers: Sequence[ServerProcess], client: int, clouds: int, is_sticky: bool) -> tuple[str, int]:
    """The address that a client uses: that of its cloud's server, or its own."""
    cloud, turn = client % clouds, client // clouds
    server = servers[(cloud if is_sticky else turn) % len(servers)]
    return server.host, server.port


def measure(
    servers: Sequence[ServerProcess], machines: Sequence[SmallMachine], tenants: Sequence[Tenant], is_sticky: bool
) -> Iterator[float]:
    """Writes and reads per second. Prints what they have used of the processors."""
    for requests, least in ((write, 6), (read, 20)):  # each server has every list in memory
        clients = [
            Client(find_server(servers, number, len(tenants), is_sticky), requests(tenants[number % len(tenants)]))
            for number in range(CLIENTS)
        ]
        run_clients(clients, least=least)
        usage = Usage(machines)
        rate = run_clients(clients, SECONDS)
        print(f"      {requests.__name__}: {rate:7.1f}/s; {usage.describe()}")
        yield rate
        for client in clients:
            client.receive()
            client.connection.close()


def measure_machines(cluster: Cluster, count: int, clouds: Sequence[str], is_sticky: bool) -> Rates:
    """The rates of servers with new clouds."""
    database = f"bench_{len(clouds)}_{count}_{is_sticky}".lower()
    cluster.execute(f"CREATE DATABASE {database}")
    options = ("--clouds", cluster.url(database), "--create", ",".join(clouds))
    servers = [ServerProcess(cluster.folder / "none", *options) for _ in range(count)]
    tenants = [prepare_cloud(servers[0], cloud) for cloud in clouds]
    machines = [SmallMachine(server.process.pid, SHARE) for server in servers]
    print(f"   {describe(count, is_sticky)}")
    rates = Rates(*measure(servers, machines, tenants, is_sticky))
    for server, machine in zip(servers, machines, strict=True):
        server.stop()
        machine.remove()
    return rates


def describe(count: int, is_sticky: bool) -> str:
    return "1 machine" if count == 1 else f"{count} machines, {'each cloud at one' if is_sticky else 'any machine'}"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster.create(is_durable=True)
    yield cluster
    cluster.remove()


@pytest.mark.parametrize("clouds", [CLOUDS, CLOUDS[:1]])
def bench_small_machines(cluster: Cluster, clouds: Sequence[str]) -> None:
    print(f"\n{len(clouds)} cloud(s), {CLIENTS} clients, {SHARE:.0%} of a processor for each machine")
    base = measure_machines(cluster, 1, clouds, True)
    for is_sticky in (True, False) if len(clouds) > 1 else (False,):
        rates = measure_machines(cluster, MACHINES, clouds, is_sticky)
        ratios = [rate / at for rate, at in zip(rates, base, strict=True)]
        print(f"   {describe(MACHINES, is_sticky)}: writes {ratios[0]:.2f} x, reads {ratios[1]:.2f} x")
        assert min(ratios) >= MIN_RATIO[len(clouds)]
