"""
What a test with openstacksdk costs: processor time and, for the end of a server, elapsed time.

Compared with what a test did before sessions and servers were shared: a new cloud, a server of uvicorn, a new
connection. Run it with `pytest -s` to see the figures.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from threading import Thread

import pytest

from novasim import Cloud
from novasim.testing import Server, mock_openstack
from novasim.testing.worlds import new_cloud, read_options
from tests.clients.conftest import NO_CLIENTS

pytestmark = pytest.mark.filterwarnings("ignore")  # deprecations inside openstacksdk
ROUNDS = 15
MOST = 1 / 3  # `make bench` expects a tenth


@pytest.fixture(autouse=True)
def _need_clients() -> None:
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    pytest.importorskip("openstack", reason=NO_CLIENTS)


def measure(test: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """The median time of a test in milliseconds, after a first round."""
    test()
    times = []
    for _ in range(ROUNDS):
        start = clock()
        test()
        times.append((clock() - start) * 1000)
    return median(times)


class UvicornServer:
    """uvicorn's own server in a thread, as the fixtures once had it."""

    def __init__(self) -> None:
        from novasim.serve import listener
        from novasim.serve.app import App

        self._socket = listener.open_socket("127.0.0.1", 0)
        self._server = listener.create_server(App(Cloud.in_memory().world), self._socket)
        self._thread = Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self._thread.start()
        self.url = f"http://{listener.socket_address(self._socket)}"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


def use(connection) -> None:
    assert list(connection.compute.servers()) == []


def measure_test(clock: Callable[[], float] = time.process_time) -> tuple[float, float, float]:
    """A test with a new server and connection, with the fixture, and with the mock, in milliseconds."""
    import openstack

    from novasim.testing.sessions import SharedConnections
    from novasim.testing.settings import auth_settings

    def use_new_server() -> None:
        server = UvicornServer()
        settings = auth_settings(url=server.url)
        with openstack.connect(load_yaml_config=False, load_envvars=False, **settings) as connection:
            use(connection)
        server.stop()

    connections = SharedConnections()

    def use_fixture() -> None:
        with connections.connect(Cloud(new_cloud(read_options())), "demo") as connection:
            use(connection)

    def use_mock() -> None:
        with mock_openstack(), openstack.connect() as connection:
            use(connection)

    found = measure(use_new_server, clock), measure(use_fixture, clock), measure(use_mock, clock)
    connections.close()
    return found


def measure_end() -> tuple[float, float]:
    """The elapsed time for the end of a server, with uvicorn's own and with ours, in milliseconds."""

    def stop_uvicorn() -> float:
        server = UvicornServer()
        time.sleep(0.05)  # uvicorn has begun to wait
        start = time.perf_counter()
        server.stop()
        return (time.perf_counter() - start) * 1000

    def stop_ours() -> float:
        with Server(new_cloud(read_options())):
            start = time.perf_counter()
        return (time.perf_counter() - start) * 1000

    ends = [(stop_uvicorn(), stop_ours()) for _ in range(ROUNDS)]
    return median(uvicorn for uvicorn, _ in ends), median(ours for _, ours in ends)


def test_a_test_with_openstacksdk_costs_a_fraction():
    before, fixture, mock = measure_test()
    print(f"\nprocessor time: new server {before:.1f} ms, novasim_openstack {fixture:.1f} ms, mock {mock:.1f} ms")
    assert fixture <= before * MOST
    before, fixture, _ = measure_test(time.perf_counter)
    print(f"elapsed: new server {before:.1f} ms, novasim_openstack {fixture:.1f} ms")
    assert fixture <= before * MOST


def test_the_end_of_a_server_costs_a_fraction():
    uvicorn, ours = measure_end()
    print(f"\nend of a server: uvicorn {uvicorn:.1f} ms, ours {ours:.1f} ms")
    assert ours <= uvicorn * MOST
