"""Images built with Packer's builder for OpenStack."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.clients.conftest import environment
from tests.clients.programs import run_program

pytestmark = pytest.mark.filterwarnings("ignore")  # deprecations between the clients

BUILDER = {
    "type": "openstack",
    "image_name": "golden",
    "source_image_name": "cirros",
    "flavor": "m1.tiny",
    "floating_ip_network": "public",
    "communicator": "none",
}


@pytest.fixture
def build(served, connect, tmp_path):
    """A function that builds an image with changes to the builder's options, and returns the output of Packer."""
    packer = shutil.which("packer")
    if not packer:
        pytest.skip("not installed: packer")
    private = connect().get_network("private").id

    def run(code: int = 0, **changes: str) -> str:
        template = tmp_path / "template.json"
        template.write_text(json.dumps({"builders": [{**BUILDER, "networks": [private], **changes}]}))
        settings = {**environment(served), "HOME": str(tmp_path), "CHECKPOINT_DISABLE": "1"}
        return run_program([packer, "build", "-color=false", template], settings, code)

    return run


def test_image(build, connect):
    assert "An image was created" in build()
    cloud = connect()
    assert cloud.get_image("golden").status == "active"
    assert cloud.list_servers() == [] and cloud.list_floating_ips() == []
    cloud.delete_image("golden")


def test_refusal(build, connect):
    output = build(code=1, source_image_name="debian-12")
    assert "Flavor's disk is smaller than the minimum size specified in image metadata." in output
    assert connect().list_keypairs() == []
