"""Fixtures of `make consumers`: services against `novasim serve`. Without the services, the tests are skipped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import IS_FULL
from tests.browser.conftest import browser  # noqa: F401, a fixture
from tests.clients.conftest import connect, environment, served  # noqa: F401, fixtures
from tests.consumers import heat as heat_service
from tests.consumers import skyline as skyline_service
from tests.consumers.heat import Heat
from tests.consumers.skyline import Skyline
from tests.serve.server_process import ServerProcess


@pytest.fixture(scope="module")
def heat(served: ServerProcess) -> Iterator[Heat]:  # noqa: F811
    """Heat's API and engine."""
    _skip_if(heat_service.find_obstacle())
    service = Heat(environment(served, "admin"))
    yield service
    service.remove()


@pytest.fixture(scope="module")
def skyline(served: ServerProcess) -> Iterator[Skyline]:  # noqa: F811
    """Skyline's API server and console."""
    _skip_if(skyline_service.find_obstacle())
    service = Skyline(environment(served, "admin"))
    yield service
    service.remove()


def _skip_if(obstacle: str) -> None:
    """Skip the test if there is an obstacle, or unless all tests are requested: the services take minutes."""
    if obstacle or not IS_FULL:
        pytest.skip(obstacle or "takes minutes: make consumers")
