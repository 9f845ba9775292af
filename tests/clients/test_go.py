"""The life of a server with gophercloud, compiled against the packages of Debian."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.clients.conftest import environment
from tests.clients.programs import CONFLICT, read_report, run_program

GOPATH = Path("/usr/share/gocode")
LIBRARIES = [GOPATH / "src/github.com/gophercloud" / name for name in ("gophercloud", "utils")]
SOURCE = Path(__file__).parent / "go" / "life.go"


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    go = shutil.which("go")
    if not go or not all(each.is_dir() for each in LIBRARIES):
        pytest.skip("not installed: golang-go, golang-github-gophercloud-utils-dev")
    folder = tmp_path_factory.mktemp("go")
    settings = {"GOPATH": str(GOPATH), "GOCACHE": str(folder / "cache"), "GO111MODULE": "off"}
    run_program([go, "build", "-o", folder / "life", SOURCE], settings)
    return folder / "life"


def test_gophercloud(served, program):
    report = read_report([program], environment(served))
    assert json.loads(report.pop("refusal")) == {"conflictingRequest": {"code": 409, "message": CONFLICT}}
    assert report == {
        "key": True,
        "listed": 1,
        "metadata": {"role": "web"},
        "resized": "VERIFY_RESIZE",
        "confirmed": "ACTIVE",
        "device": "/dev/vdb",
        "addresses": 3,  # IPv4, IPv6, floating
        "gone": True,
    }
