"""What the tests of cloud files share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.files import fill
from tests.store.worlds import world_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A cloud file with five servers."""
    path = tmp_path / "cloud.json"
    fill(path, *world_of(5))
    return path
