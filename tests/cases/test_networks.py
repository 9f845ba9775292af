"""Networks and ports of servers, and the paths of the network service."""

from __future__ import annotations

import pytest

from tests.play import Play


@pytest.fixture
def play():
    return Play()


class TestJsonSuffix:
    @pytest.mark.parametrize("path", ["networks", "ports", "subnets", "security-groups", "quotas/{project}/details"])
    def test_a_path_with_the_suffix_is_the_path_without(self, play, path):
        path = "/v2.0/" + path.format(project=play.callers["demo"].project_id)
        plain = play.ask("GET", path, service="network")
        assert plain.code == 200
        assert play.ask("GET", path + ".json", service="network").body == plain.body

    def test_every_method(self, play):
        body = {"network": {"name": "n"}}
        created = play.ask("POST", "/v2.0/networks.json", body, service="network").body["network"]
        path = f"/v2.0/networks/{created['id']}.json"
        assert play.ask("PUT", path, {"network": {"name": "m"}}, service="network").body["network"]["name"] == "m"
        assert play.ask("DELETE", path, service="network").code == 204
        assert play.ask("GET", path, service="network").code == 404

    @pytest.mark.parametrize(("service", "path"), [("compute", "/servers.json"), ("image", "/v2/images.json")])
    def test_no_other_service(self, play, service, path):
        assert play.ask("GET", path, service=service).code in (404, 501)
