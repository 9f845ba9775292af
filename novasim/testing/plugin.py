"""
The pytest plugin. It is imported wherever novasim is installed, and imports nothing itself before a fixture is used.

Fixtures:
    novasim_cloud: a fresh cloud in memory, with the instant clock; see `novasim.Cloud`.
    novasim_server: the same cloud behind HTTP, on a free port; see `novasim.testing.server.Server`.
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
    """A fresh cloud in memory in which every task is done at once; seeded, so that its ids are always the same."""
    from novasim.library.cloud import Cloud

    return Cloud.in_memory()


@pytest.fixture
def novasim_server(novasim_cloud: Cloud) -> Iterator[Server]:
    """The APIs of `novasim_cloud` on a free port of this machine: `.url`, `.settings(user)`."""
    from novasim.testing.server import Server

    with Server(novasim_cloud.world) as server:
        yield server


@pytest.fixture
def novasim_openstack(novasim_server: Server) -> Iterator[Any]:
    """A connection of openstacksdk to `novasim_server`, as the user demo of the project demo."""
    try:
        import openstack
    except ImportError:
        pytest.fail("the fixture novasim_openstack needs openstacksdk: pip install openstacksdk", pytrace=False)
    with openstack.connect(load_yaml_config=False, load_envvars=False, **novasim_server.settings()) as connection:
        yield connection
