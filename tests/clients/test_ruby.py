"""The life of a server with fog-openstack."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.programs import CONFLICT, read_report

SOURCE = Path(__file__).parent / "ruby" / "life.rb"


@pytest.fixture(scope="module")
def ruby():
    command = shutil.which("ruby")
    probe = [command, "-e", "gem 'fog-openstack'"]
    if not command or subprocess.run(probe, stderr=subprocess.DEVNULL, check=False).returncode != 0:
        pytest.skip("not installed: ruby, ruby-fog-openstack")
    return command


def test_fog(served, ruby):
    assert read_report([ruby, "-W0", SOURCE, served.url], {}) == {
        "key": True,
        "listed": ["node4"],
        "metadata": {"role": "web"},
        "refusal": CONFLICT,
        "resized": "VERIFY_RESIZE",
        "confirmed": "ACTIVE",
        "attached": ["/dev/vdb"],
        "in_use": "in-use",
        "floating": True,
        "left": [],
    }
