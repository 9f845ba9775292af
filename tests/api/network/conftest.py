"""A client of the network service, for each test."""

from __future__ import annotations

import pytest

from tests.api.network.client import NetworkClient


@pytest.fixture
def neutron() -> NetworkClient:
    return NetworkClient()
