"""Fixtures of `make consumers`: services against `novasim serve`. Without the services, the tests are skipped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import IS_FULL
from tests.clients.conftest import connect, environment, served  # noqa: F401, fixtures
from tests.consumers import heat as heat_service
from tests.consumers.heat import Heat
from tests.serve.server_process import ServerProcess


@pytest.fixture(scope="module")
def heat(served: ServerProcess) -> Iterator[Heat]:  # noqa: F811
    """Heat's API and engine."""
    if not IS_FULL:
        pytest.skip("takes minutes: make consumers")
    if obstacle := heat_service.find_obstacle():
        pytest.skip(obstacle)
    service = Heat(environment(served, "admin"))
    yield service
    service.remove()
