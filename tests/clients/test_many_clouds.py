"""openstacksdk with two clouds at one address: only the URL differs."""

from __future__ import annotations

from typing import Any

import pytest

from novasim.remote.clients import auth_settings
from tests.clients.conftest import NO_CLIENTS
from tests.serve.server_process import ServerProcess

pytestmark = pytest.mark.filterwarnings("ignore")  # deprecations between the clients


def connect(url: str) -> Any:
    openstack = pytest.importorskip("openstack", reason=NO_CLIENTS)
    return openstack.connect(**auth_settings(url, "demo", "demo"), region_name="RegionOne", volume_api_version="3")


def test_the_sdk_uses_each_cloud_by_its_prefix(tmp_path):
    pytest.importorskip("openstack", reason=NO_CLIENTS)
    served = ServerProcess(tmp_path / "cloud.json", "--clouds", str(tmp_path / "lab"), "--create", "ann,bob")
    try:
        ann, bob = (connect(f"{served.url}/{name}") for name in ("ann", "bob"))
        servers = [
            ann.create_server(name, image="cirros", flavor="m1.tiny", network="private", wait=True, auto_ip=False)
            for name in ("web1", "web2", "web3")
        ]
        assert {server.status for server in servers} == {"ACTIVE"}
        paged = [server.name for server in ann.compute.servers(limit=1)]  # follows the links to the next page
        assert sorted(paged) == ["web1", "web2", "web3"]
        (tmp_path / "data").write_bytes(b"x" * 70_000)
        image = ann.create_image("mine", filename=str(tmp_path / "data"), wait=True, disk_format="raw")
        assert ann.image.get_image(image.id).size == 70_000
        assert len(list(ann.image.images(limit=1))) == 4
        volume = ann.create_volume(1, name="disk", wait=True)
        ann.attach_volume(servers[0], volume, wait=True)
        ann.create_network("inside")
        assert [server.name for server in ann.compute.servers(name="web1", microversion="2.96")] == ["web1"]
        assert ann.compute.default_microversion is None and ann.compute.get_endpoint().startswith(f"{served.url}/ann/")
        assert (list(bob.compute.servers()), list(bob.block_storage.volumes())) == ([], [])
        assert "inside" not in {network.name for network in bob.network.networks()}
        bob.session.auth.invalidate()
        refused = bob.session.get(
            f"{served.url}/bob/compute/v2.1/servers",
            headers={"X-Auth-Token": ann.auth_token},
            authenticated=False,
            raise_exc=False,
        )
        assert refused.status_code == 401
    finally:
        code, err = served.stop()
    assert (code, err.count("\n")) == (0, 2), err
