"""
The pytest plugin. pytest imports it wherever novasim is installed, so it imports nothing before a fixture is used.

Fixtures:
    novasim_cloud: a new cloud in memory with the instant clock; see `novasim.Cloud`.
    novasim_environment: sets the variables OS_* for code that connects by itself.
    novasim_server: an HTTP server for the same cloud; see `novasim.testing.server.Server`.
    novasim_openstack: an openstacksdk connection to it, without a socket; as the user demo.
    novasim_admin: the same, as the administrator.

Marker:
    novasim(clock, hosts, seed, quota, scenario, user): other properties of the cloud, and the caller.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from novasim.library.cloud import Cloud
    from novasim.testing.server import Server
    from novasim.testing.sessions import SharedConnections

MARKER = "novasim"
ARGUMENTS = ("clock", "hosts", "seed", "quota", "scenario", "user")
HELP = "novasim(clock, hosts, seed, quota, scenario, user): properties of the test's cloud, and the caller"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of coverage."""
    group = parser.getgroup("novasim")
    group.addoption(
        "--novasim-coverage",
        default="",
        metavar="FILE",
        help="report the coverage of the lifecycle (.html, .json, .xml)",
    )
    group.addoption(
        "--novasim-fail-under", default="", metavar="FIGURE=PERCENT,...", help="fail if this coverage is lower"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and begin to record if the coverage is wanted. Processes of pytest-xdist inherit that."""
    config.addinivalue_line("markers", HELP)
    file, fail_under = config.getoption("--novasim-coverage"), config.getoption("--novasim-fail-under")
    if (file or fail_under) and not hasattr(config, "workerinput"):
        from novasim.testing.coverage import CoveragePlugin

        config.pluginmanager.register(CoveragePlugin(file, fail_under), "novasim-coverage")


@pytest.fixture
def novasim_cloud(request: pytest.FixtureRequest) -> Cloud:
    """A new cloud in memory where every task finishes instantly. It has a fixed seed, so IDs repeat in every run."""
    from novasim.errors import UsageError
    from novasim.library.cloud import Cloud
    from novasim.testing.worlds import new_cloud, read_options

    values = _read_marker(request)
    if unknown := sorted(set(values) - set(ARGUMENTS)):
        problem = f"there is no argument {unknown[0]!r}; the arguments are {', '.join(ARGUMENTS)}."
        raise pytest.UsageError(f"@pytest.mark.{MARKER}: {problem}")
    user = values.pop("user", "demo")
    try:
        return Cloud(new_cloud(read_options(**values)), user)
    except (UsageError, TypeError) as error:
        raise pytest.UsageError(f"@pytest.mark.{MARKER}: {error}") from None


@pytest.fixture
def novasim_environment(novasim_cloud: Cloud) -> Iterator[Cloud]:
    """Variables OS_* and a transport for code that connects by itself, such as `openstack.connect()`; the cloud."""
    from novasim.testing.mock import mock_openstack

    with mock_openstack(cloud=novasim_cloud, user=novasim_cloud.who) as cloud:
        yield cloud


@pytest.fixture(scope="session")
def novasim_session_server() -> Iterator[Server]:
    """The HTTP server of all tests. Use `novasim_server`, which connects it to the cloud of the test."""
    from novasim.testing.server import Server
    from novasim.testing.worlds import new_cloud, read_options

    with Server(new_cloud(read_options())) as server:
        yield server


@pytest.fixture
def novasim_server(novasim_session_server: Server, novasim_cloud: Cloud) -> Server:
    """An HTTP server for `novasim_cloud` on a free port of this machine, with `.url` and `.settings(user)`."""
    novasim_session_server.serve(novasim_cloud)
    return novasim_session_server


@pytest.fixture(scope="session")
def novasim_connections() -> Iterator[SharedConnections]:
    """The connections of all tests. Use `novasim_openstack` or `novasim_admin`."""
    try:
        import openstack  # noqa: F401
    except ImportError:
        pytest.fail("The fixture novasim_openstack needs openstacksdk: pip install openstacksdk", pytrace=False)
    from novasim.testing.sessions import SharedConnections

    connections = SharedConnections()
    yield connections
    connections.close()


@pytest.fixture
def novasim_openstack(novasim_cloud: Cloud, novasim_connections: SharedConnections) -> Iterator[Any]:
    """An openstacksdk connection to `novasim_cloud`, as its user (demo by default)."""
    with novasim_connections.connect(novasim_cloud, novasim_cloud.who) as connection:
        yield connection


@pytest.fixture
def novasim_admin(novasim_cloud: Cloud, novasim_connections: SharedConnections) -> Iterator[Any]:
    """An openstacksdk connection to `novasim_cloud`, as the administrator."""
    with novasim_connections.connect(novasim_cloud, "admin") as connection:
        yield connection


def _read_marker(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The arguments of all markers of the test; those closest to it count."""
    values: dict[str, Any] = {}
    for marker in request.node.iter_markers(MARKER):
        if marker.args:
            raise pytest.UsageError(f"@pytest.mark.{MARKER}: name the argument, as in clock={marker.args[0]!r}.")
        values = {**marker.kwargs, **values}
    return values
