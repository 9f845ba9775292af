"""The life of a server with gophercloud, compiled against the packages of Debian."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.clients.conftest import NO_CLIENTS, environment
from tests.clients.programs import CONFLICT, read_report, run_program

GOPATH = Path("/usr/share/gocode")
LIBRARIES = [GOPATH / "src/github.com/gophercloud" / name for name in ("gophercloud", "utils")]
SOURCES = Path(__file__).parent / "go"


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """A function that compiles a program and returns its path."""
    pytest.importorskip("openstack", reason=NO_CLIENTS)
    go = shutil.which("go")
    if not go or not all(each.is_dir() for each in LIBRARIES):
        pytest.skip("not installed: golang-go, golang-github-gophercloud-utils-dev")
    folder = tmp_path_factory.mktemp("go")
    settings = {"GOPATH": str(GOPATH), "GOCACHE": str(folder / "cache"), "GO111MODULE": "off"}

    def compile_program(name):
        run_program([go, "build", "-o", folder / name, SOURCES / f"{name}.go"], settings)
        return folder / name

    return compile_program


def test_a_program_controls_the_simulation(controlled, build):
    assert read_report([build("control")], environment(controlled)) == {
        "created": "BUILD",
        "a minute later": "ACTIVE",
        "refused": True,
        "stopped": "SHUTOFF",
        "left": 0,
    }


def test_gophercloud(served, build):
    report = read_report([build("life")], environment(served))
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
