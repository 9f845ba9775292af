"""A client of the image service, for each test."""

from __future__ import annotations

import pytest

from tests.api.image.client import ImageClient


@pytest.fixture
def glance() -> ImageClient:
    return ImageClient()
