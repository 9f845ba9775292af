"""The stepping clock over HTTP, with the cache of responses."""

from __future__ import annotations

import pytest

from tests.serve.server_process import ForkedServer, server_body

NEWEST = {"OpenStack-API-Version": "compute latest"}


@pytest.fixture
def served(tmp_path):
    pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")
    server = ForkedServer(tmp_path / "cloud.json", NOVASIM_CLOCK="stepping")
    yield server
    assert server.stop() == (0, "")


def test_each_look_sees_the_end_of_a_task(served):
    created = served.request("POST", "/compute/v2.1/servers", server_body(served), NEWEST).body["server"]["id"]
    path = f"/compute/v2.1/servers/{created}"
    assert [served.request("GET", path).body["server"]["status"] for _ in range(3)] == ["ACTIVE"] * 3
    for action, status in ({"os-stop": None}, "SHUTOFF"), ({"os-start": None}, "ACTIVE"):
        assert served.request("POST", f"{path}/action", action).code == 202
        assert served.request("GET", path).body["server"]["status"] == status
