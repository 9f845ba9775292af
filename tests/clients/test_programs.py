"""Programs in processes of their own: the commands of single services, openstack-janitor, and JavaScript clients."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.clients.conftest import environment
from tests.clients.programs import TIMEOUT

pytestmark = pytest.mark.filterwarnings("ignore")  # deprecations between the clients

SCRIPTS = Path(sysconfig.get_path("scripts"))
NODE_MODULES = Path(sys.prefix) / "node" / "node_modules"  # where `make clients` installs them


def run(served, *words: str, who: str = "demo", code: int = 0) -> str:
    """The output of an installed command, which has to end with *code*."""
    command = SCRIPTS / words[0]
    if not command.exists():
        pytest.skip(f"{words[0]} is not installed: pip install 'novasim[clients]'")
    settings = {"PATH": os.defpath, **environment(served, who)}
    done = subprocess.run(
        [command, *words[1:]], env=settings, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    assert done.returncode == code, (words, done.stdout, done.stderr)
    return done.stdout


def test_the_commands_of_cinder(served):
    assert "cirros-disk" in run(served, "cinder", "create", "--name", "cirros-disk", "--image", "cirros", "1")
    assert "cirros-disk" in run(served, "cinder", "list")
    assert "bootable" in run(served, "cinder", "show", "cirros-disk")
    run(served, "cinder", "delete", "cirros-disk")
    assert "nova" in run(served, "cinder", "availability-zone-list")
    assert "cinder-volume" in run(served, "cinder", "service-list", who="admin")


def test_the_commands_of_glance(served):
    listed = run(served, "glance", "image-list")
    assert "cirros" in listed and "debian-12" in listed
    assert "OS::Compute::VirtCPUTopology" in run(served, "glance", "md-namespace-list")


def test_janitor_finds_what_nothing_uses(served, connect):
    cloud = connect()
    volume = cloud.create_volume(1, name="lost", wait=True)
    address = cloud.create_floating_ip(network="public")
    found = json.loads(run(served, "janitor", "audit", "--format", "json", code=1))
    assert {volume.id, address.id} <= {each["resource_id"] for each in found}
    cloud.delete_volume(volume.id, wait=True)
    cloud.delete_floating_ip(address.id)
    assert json.loads(run(served, "janitor", "audit", "--format", "json")) == []


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("pkgcloud", {"status": "RUNNING", "listed": ["node1"], "keys": 1, "left": []}),
        ("openstack_wrapper", {"status": "ACTIVE", "stopped": "SHUTOFF", "left": []}),
    ],
)
def test_javascript(served, script, expected):
    assert run_javascript(served, script, script.replace("_", "-")) == expected


def test_javascript_controls_the_simulation(controlled):
    assert run_javascript(controlled, "control", "pkgcloud") == {
        "created": "PROVISIONING",
        "a minute later": "RUNNING",
        "refused": True,
        "rebooted": "RUNNING",
        "left": 0,
    }


def run_javascript(served, script: str, package: str):
    """The JSON that a program prints. It gets the URL of the server."""
    node = shutil.which("node")
    if not node or not (NODE_MODULES / package).exists():
        pytest.skip("Node.js or its packages are not installed: make clients")
    file = Path(__file__).parent / "node" / f"{script}.js"
    settings = {"PATH": os.defpath, "NODE_PATH": str(NODE_MODULES)}
    done = subprocess.run(
        [node, file, served.url], env=settings, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
