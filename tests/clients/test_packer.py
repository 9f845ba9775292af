"""Images built with Packer's builder for OpenStack."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import environment
from tests.clients.programs import run_program

pytestmark = pytest.mark.filterwarnings("ignore")  # deprecations between the clients

TEMPLATE = Path(__file__).parent / "packer" / "golden.json"  # the manual shows it


@pytest.fixture
def build(served, connect, tmp_path):
    """A function that builds an image with changes to the builder's options, and returns the output of Packer."""
    packer = shutil.which("packer")
    if not packer:
        pytest.skip("not installed: packer")
    private = connect().get_network("private").id

    def run(code: int = 0, **changes: Any) -> str:
        template = tmp_path / "template.json"
        content = json.loads(TEMPLATE.read_text("utf-8"))
        content["builders"][0].update(changes)
        template.write_text(json.dumps(content))
        settings = {**environment(served), "HOME": str(tmp_path), "CHECKPOINT_DISABLE": "1"}
        return run_program([packer, "build", "-color=false", "-var", f"network={private}", template], settings, code)

    return run


def test_image(build, connect):
    cloud = connect()
    assert "An image was created" in build(image_visibility="shared", image_members=[cloud.current_project_id])
    image = cloud.get_image("golden")
    assert (image.status, image.visibility, image.min_disk, image.tags) == ("active", "shared", 2, ["stable"])
    assert image.properties["role"] == "base"
    assert [member.id for member in cloud.image.members(image)] == [cloud.current_project_id]
    assert cloud.list_servers() == [] and cloud.list_floating_ips() == []
    cloud.delete_image("golden")


# Source: cinder/volume/api.py, attachment_deletion_allowed; Packer detaches the volume through Cinder.
def test_a_volume_that_nova_uses_is_detached_through_nova_only(build, connect):
    output = build(code=1, use_blockstorage_volume=True, volume_size=1)
    assert "using the Compute API" in output and '"code":409' in output
    cloud = connect()
    assert cloud.list_servers() == [] and cloud.list_volumes() == [] and cloud.list_keypairs() == []


def test_refusal(build, connect):
    output = build(code=1, source_image_name="debian-12")
    assert "Flavor's disk is smaller than the minimum size specified in image metadata." in output
    assert connect().list_keypairs() == []
