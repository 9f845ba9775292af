"""
The pytest plugin. pytest imports it wherever novasim is installed, so it imports nothing before a fixture is used.

Fixtures:
    novasim_cloud: a new cloud in memory with the instant clock; see `novasim.Cloud`.
    novasim_server: an HTTP server for the same cloud, on a free port; see `novasim.testing.server.Server`.
    novasim_openstack: an openstacksdk connection to it, as the user demo.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from novasim.library.cloud import Cloud
    from novasim.testing.server import Server


@pytest.fixture
def novasim_cloud() -> Cloud:
    """A new cloud in memory where every task finishes instantly. It has a fixed seed, so IDs repeat in every run."""
    from novasim.library.cloud import Cloud

    return Cloud.in_memory()


@pytest.fixture
def novasim_server(novasim_cloud: Cloud) -> Iterator[Server]:
    """An HTTP server for `novasim_cloud` on a free port of this machine, with `.url` and `.settings(user)`."""
    from novasim.testing.server import Server

    with Server(novasim_cloud.world) as server:
        yield server


@pytest.fixture
def novasim_openstack(novasim_server: Server) -> Iterator[Any]:
    """An openstacksdk connection to `novasim_server`, as user demo of project demo."""
    try:
        import openstack
    except ImportError:
        pytest.fail("The fixture novasim_openstack needs openstacksdk: pip install openstacksdk", pytrace=False)
    with openstack.connect(load_yaml_config=False, load_envvars=False, **novasim_server.settings()) as connection:
        yield connection
