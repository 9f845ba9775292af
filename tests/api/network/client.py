"""A client of the network service."""

from __future__ import annotations

from typing import Any

from tests.play import Play

NOWHERE = "00000000-0000-4000-8000-000000000000"


class NetworkClient:
    """The network service of a small cloud, in short."""

    def __init__(self) -> None:
        self.play = Play()
        self.public = self.play.find_id("network", "/v2.0/networks", "networks", "public")

    def ask(self, method: str, path: str, body: Any = None, who: str = "demo", **query: str):
        from novasim.api.dispatch import handle
        from novasim.api.request import Request

        pairs = tuple((name.replace("__", ":"), value) for name, value in query.items())
        caller = self.play.callers[who]
        return handle(self.play.cloud, Request(caller, method, "/v2.0" + path, 1, pairs, body, "network"))

    def make(self, kind: str, who: str = "demo", **attributes: Any) -> Any:
        path = "/" + kind.replace("_", "-") + "s"
        answer = self.ask("POST", path, {kind: attributes}, who)
        assert answer.code == 201, answer.body
        return answer.body[kind]

    def subnet(self, cidr: str = "10.9.0.0/24", **more: Any) -> tuple[str, Any]:
        network = self.make("network", name="n")["id"]
        return network, self.make(
            "subnet", **{"network_id": network, "cidr": cidr, "ip_version": 6 if ":" in cidr else 4} | more
        )


def assert_error(answer, code: int, kind: str) -> None:
    assert (answer.code, answer.body["NeutronError"]["type"]) == (code, kind), answer.body


def create_routed_port(neutron) -> tuple[str, str, str, str]:
    """A router between an own network and the public one: router, network, subnet, a port in it."""
    network, subnet = neutron.subnet()
    router = neutron.make("router", name="r", external_gateway_info={"network_id": neutron.public})
    assert router["external_gateway_info"]["external_fixed_ips"][0]["ip_address"].startswith("198.51.100.")
    answer = neutron.ask("PUT", f"/routers/{router['id']}/add_router_interface", {"subnet_id": subnet["id"]})
    assert answer.code == 200, answer.body
    return router["id"], network, subnet["id"], neutron.make("port", network_id=network)["id"]
