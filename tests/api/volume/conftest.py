"""A client of the volume service, for each test."""

from __future__ import annotations

import pytest

from tests.api.volume.client import VolumeClient


@pytest.fixture
def cinder() -> VolumeClient:
    return VolumeClient()
