"""The NUMA topology of servers. Source: Nova's API reference and samples."""

from __future__ import annotations

import pytest

from tests.play import Play


@pytest.fixture
def play():
    return Play("manual")


class TestTopology:
    def test_a_server_without_numa_has_no_nodes(self, play):
        web1 = play.create()
        assert play.ask("GET", f"/servers/{web1}/topology").body == {"nodes": [], "pagesize_kb": None}

    def test_nodes_follow_the_flavor_and_administrators_see_the_host(self, play):
        body = {"flavor": {"name": "n", "id": "n", "ram": 2048, "vcpus": 4, "disk": 1}}
        play.ask("POST", "/flavors", body, "admin")
        specs = {"hw:numa_nodes": "2", "hw:cpu_policy": "dedicated", "hw:mem_page_size": "2048"}
        play.ask("POST", "/flavors/n/os-extra_specs", {"extra_specs": specs}, "admin")
        web1 = play.create(flavor="n")
        path = f"/servers/{web1}/topology"
        assert play.ask("GET", path).body == {
            "nodes": [
                {"memory_mb": 1024, "vcpu_set": [0, 1], "siblings": []},
                {"memory_mb": 1024, "vcpu_set": [2, 3], "siblings": []},
            ],
            "pagesize_kb": 2048,
        }
        nodes = play.ask("GET", path, who="admin").body["nodes"]
        assert [(node["host_node"], sorted(node["cpu_pinning"])) for node in nodes] == [
            (0, ["0", "1"]),
            (1, ["2", "3"]),
        ]

    def test_topology_exists_from_2_78(self, play):
        web1 = play.create()
        assert play.ask("GET", f"/servers/{web1}/topology", minor=77).code == 404
        assert play.ask("GET", f"/servers/{web1}/topology", who="other").code == 404
